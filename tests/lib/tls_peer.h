/* tls_peer.h - a scripted peer for one TLS engine: honest when asked to be, knows the keys, and can send
 * anything.
 *
 *     struct tls_peer p;
 *     peer_start(&p, &(struct peer_wish){ .engine_is_server = true, .suite = "AES128-SHA" });
 *     peer_to(&p, WAIT_FINISHED);                    honest until the engine waits for this
 *     size_t n = peer_make(&p, TLS_FINISHED, m);     what honest would send now
 *     m[5] ^= 1;
 *     peer_message(&p, m, n);
 *     peer_refused(&p, "tls.finished", TLS_ALERT_DECRYPT_ERROR);
 *     peer_end(&p); */
#ifndef TESTS_LIB_TLS_PEER_H
#define TESTS_LIB_TLS_PEER_H

#include "tests/lib/tls_pair.h"
#include "tls/engine.h"

enum { PEER_MESSAGE = 8192, PEER_ALERTS = 16 };

struct peer_wish { bool engine_is_server; const char *suite; uint16_t group; uint64_t seed; struct trace *trace; };

struct tls_peer {
    struct tls_pair pair;                              /* of which only the engine's side is used */
    struct pair_side *engine;
    const struct tls_suite *suite;
    uint16_t group;
    bool client;                                       /* the peer's own role */
    struct sealing reading, writing;
    struct transcript transcript;
    uint8_t client_random[32], server_random[32], scalar[EXCHANGE_SCALAR_MAX], engine_value[EXCHANGE_PUBLIC_MAX], pre_master_secret[48];
    uint8_t master_secret[48], key_block[TLS_KEY_BLOCK_MAX];
    uint16_t version;                                  /* in our hello and in the pre-master secret; 0x0303 */
    bool extended_master_secret, finished_heard;
    bool careless; /* what cannot be opened or read is no failure: the fuzzer spoils keys */
    unsigned alert_level[PEER_ALERTS], alert[PEER_ALERTS]; size_t n_alerts;
    uint8_t data[1024]; size_t data_n;                 /* application data heard */
};

void peer_start(struct tls_peer *, const struct peer_wish *);
void peer_end(struct tls_peer *);
enum tls_state peer_state(const struct tls_peer *);
/* The honest message of this type as it stands now, header included; one of no meaning, with an empty body,
 * for other types. */
size_t peer_make(struct tls_peer *, unsigned type, uint8_t out[PEER_MESSAGE]);
/* octets as they are; then the engine acts and is heard */
void peer_raw(struct tls_peer *, const void *, size_t n);
void peer_record(struct tls_peer *, unsigned type, const void *, size_t n); /* sealed when our direction is */
/* one handshake message in one record, into the transcript */
void peer_message(struct tls_peer *, const uint8_t *, size_t n);
void peer_change_cipher_spec(struct tls_peer *);
void peer_next(struct tls_peer *);                     /* the honest next thing */
void peer_to(struct tls_peer *, enum tls_state);       /* CONNECTED: with the engine's Finished heard */
/* The engine has ended for this reason and said this alert (TLS_SAYS_NOTHING: none). */
void peer_refused(struct tls_peer *, const char *ground, int alert);

#endif
