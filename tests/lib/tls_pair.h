/* tls_pair.h - two engines of ours in memory, and the wire between them.
 *
 *     struct tls_pair p;
 *     pair_start(&p, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256", .group = TLS_X25519 });
 *     ck_assert(pair_shake(&p));
 *     pair_end(&p);
 *
 * Certificates are the classroom's, issued once a program. `chunk` moves at most so many octets at a time
 * over the wire. */
#ifndef TESTS_LIB_TLS_PAIR_H
#define TESTS_LIB_TLS_PAIR_H

#include "tests/lib/chance.h"
#include "tls/tls.h"
#include "tls/x509/issue.h"

enum { PAIR_SUITES = 32 };
#define PAIR_NOW (INT64_C(1767225600) * SECOND)       /* 2026-01-01 */
#define PAIR_HOST "www.example.test"

struct pair_wish {
    const char *suite; /* what the server serves; NULL: all it has certificates for */
    uint16_t group;                                    /* both have three groups, and like this one best; 0: X25519 */
    size_t chunk;                                      /* 0: all at once */
    const char *host;                                  /* that the client asks for; NULL: PAIR_HOST */
    struct trace *trace;                               /* told by both; NULL: silence */
    uint64_t seed;
    bool insecure;
    const struct tls_spoil *client_spoil, *server_spoil;           /* NULL: honest */
};

/* A side and its rings: what came, what is to be sent. */
struct pair_side {
    struct tls *tls;
    struct tls_config config;
    struct ring in, out;
    struct test_chance chance;
    struct fault fault;
    enum tls_says says;
    nsec now;                                          /* 0: PAIR_NOW */
    uint8_t got[1 << 17]; size_t got_n;                /* application data */
};

struct tls_pair {
    struct pair_wish wish;
    struct pool pool;
    struct pair_side client, server;
    const struct tls_suite *suites[PAIR_SUITES];
    uint16_t groups[3];
    struct x509_store trust;
    struct tls_identity identities[2];
    struct der chains[2][2];
};

/* Fails the test unless good. (Check's own macros report at success, too, which they cannot in a fuzz
 * target.) */
void pair_must(bool good, const char *what, ...) __attribute__((format(printf, 2, 3)));
void pair_classroom(enum key_kind, const struct classroom **);    /* issued once */
/* Configs alone, for tests that run one engine: fills p's client.config and server.config, and the rings. */
void pair_configure(struct tls_pair *, const struct pair_wish *);
void pair_staple(struct tls_pair *);                  /* a good OCSP response for each identity, made once */
void pair_start(struct tls_pair *, const struct pair_wish *);
void pair_end(struct tls_pair *);
/* Lets a side act until it wants more or ends; takes in its application data. */
enum tls_says pair_run(struct pair_side *);
/* Moves octets from one side's out to the other's in; how many. */
size_t pair_wire(struct pair_side *from, struct pair_side *to, size_t most);
/* Both, until nothing moves. */
void pair_pump(struct tls_pair *);
bool pair_shake(struct tls_pair *);                    /* pumps; are both connected? */
void pair_send(struct tls_pair *, struct pair_side *from, const void *, size_t n);     /* all of it, pumping */

#endif
