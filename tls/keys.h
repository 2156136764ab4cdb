/* keys.h - from the pre-master secret to the keys of the records (RFC 5246 §6.3, §7.4.9, §8.1, RFC 7627
 * §4).
 *
 * Pure functions over secrets: nothing is told here (tell.h), nothing is kept. Whoever holds a secret wipes
 * it.
 *
 *     pre_master_secret -> master_secret -> key_block -> the four or six keys of two directions
 *                                        -> verify_data of either Finished */
#ifndef TLS_KEYS_H
#define TLS_KEYS_H

#include "crypto/hash.h"
#include "tls/messages.h"
#include "tls/suites.h"

enum { TLS_MASTER_SECRET = 48, TLS_KEY_BLOCK_MAX = 2 * (48 + 32 + 12) };

/* The hash of all handshake messages so far, headers included. Which hash it is, only ServerHello says: both are kept
 * until transcript_choose, from then on one. */
struct transcript { struct hash sha256, sha384; bool chosen; enum hash_kind kind; uint64_t octets; };
void   transcript_start(struct transcript *, const struct cpu *cpu);
void   transcript_choose(struct transcript *, enum hash_kind);
void   transcript_add(struct transcript *, struct bytes message);
/* its size; it goes on */
size_t transcript_hash(const struct transcript *, enum hash_kind, uint8_t digest[HASH_MAX]);

/* Plain: the seed is the two randoms. */
void derive_master_secret(enum hash_kind, const uint8_t *pre_master_secret, size_t n,
                          const uint8_t client_random[TLS_RANDOM],
                          const uint8_t server_random[TLS_RANDOM], uint8_t master_secret[TLS_MASTER_SECRET],
                          const struct cpu *cpu);
/* RFC 7627: the seed is the transcript through ClientKeyExchange, so that no two handshakes share a master
 * secret. */
void derive_extended_master_secret(enum hash_kind, const uint8_t *pre_master_secret, size_t n,
                                   const uint8_t *session_hash,
                                   size_t hash_n, uint8_t master_secret[TLS_MASTER_SECRET], const struct cpu *cpu);

/* The pieces of the key block, in the order of RFC 5246 §6.3. */
enum key_piece { CLIENT_WRITE_MAC_KEY, SERVER_WRITE_MAC_KEY, CLIENT_WRITE_KEY, SERVER_WRITE_KEY,
                 CLIENT_WRITE_IV, SERVER_WRITE_IV,
                 KEY_PIECES };
extern const char *const key_piece_names[KEY_PIECES];
size_t       key_block_size(const struct tls_suite *);
/* n 0: this suite has none */
struct bytes key_block_piece(const struct tls_suite *, const uint8_t *key_block, enum key_piece);
void         derive_key_block(const struct tls_suite *, const uint8_t master_secret[TLS_MASTER_SECRET],
                              const uint8_t client_random[TLS_RANDOM], const uint8_t server_random[TLS_RANDOM],
                                  uint8_t *key_block, const struct cpu *cpu);

/* What Finished of that side must say about the transcript so far. */
void derive_verify_data(enum hash_kind, const uint8_t master_secret[TLS_MASTER_SECRET], bool of_server,
                        const struct transcript *,
                        uint8_t verify_data[TLS_VERIFY_DATA], const struct cpu *cpu);

#endif
