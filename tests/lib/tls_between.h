/* tls_between.h - somebody between two engines of ours who has the keys of both: reads a good handshake as a list of
 * messages in the clear, and then gives one end whatever of them it likes, sealed as that end expects it.
 *
 *     struct between_script s;
 *     between_listen(&between_kinds[0], NULL, &s);    a good handshake of this kind, both ways
 *     struct between b;
 *     between_start(&b, &between_kinds[0], true);     a new pair, of which the server is tried
 *     between_give(&b, &s.messages[0]);               from the script, to the one that is tried
 *     between_end(&b);
 *     between_forget(&s);
 *
 * Both runs have the same seed, so that what was said in the first fits in the second as long as nothing else was
 * changed. What the tried end answers goes to its honest peer, whose own words nobody hears. */
#ifndef TESTS_LIB_TLS_BETWEEN_H
#define TESTS_LIB_TLS_BETWEEN_H

#include "tests/lib/tls_pair.h"
#include "tls/engine.h"

enum { BETWEEN_MESSAGES = 32 };

/* A kind of good handshake. `configure` changes the configs of a pair before its engines are made; what it makes it
 * keeps in statics, made anew at each call. */
struct between_kind { const char *name; struct pair_wish wish; void (*configure)(struct tls_pair *); };
extern const struct between_kind between_kinds[];
extern const size_t between_n_kinds;

/* A handshake message (header included), a ChangeCipherSpec, application data. */
struct between_message { bool to_server; unsigned type; uint8_t *bytes; size_t n; };
struct between_script { struct between_message messages[BETWEEN_MESSAGES]; size_t n; };

/* Two engines and nobody between them, as that kind wants them (tls_pair.h). */
void between_pair(struct tls_pair *, const struct between_kind *, struct trace *);
/* Fails the test when the handshake does not succeed. */
void between_listen(const struct between_kind *, struct trace *, struct between_script *);
void between_forget(struct between_script *);
/* The script's k-th message to that role, from 0; NULL: there are not so many. */
const struct between_message *between_heard(const struct between_script *, bool by_server, size_t k);

struct between {
    struct tls_pair pair;
    struct pair_side *tried, *honest;
    bool opening;                                     /* the tried one has sent its ChangeCipherSpec */
    uint64_t sealed;                                  /* records of it since then */
    int alert, alert_level;                           /* the last that it sent; -1: none */
};
void between_start(struct between *, const struct between_kind *, bool try_server);
void between_end(struct between *);
/* One record to the tried end, sealed when it expects that; then it acts, and its peer hears. */
void between_record(struct between *, unsigned content_type, const void *, size_t n);
void between_give(struct between *, const struct between_message *);
/* The script's first n messages to the tried end. */
void between_play(struct between *, const struct between_script *, size_t n);
/* A Finished that the tried end would take if it took one now: from its own keys and transcript. False: it has none. */
bool between_forge_finished(const struct between *, uint8_t message[TLS_MESSAGE_HEADER + TLS_VERIFY_DATA]);
enum tls_state between_state(const struct between *);

#endif
