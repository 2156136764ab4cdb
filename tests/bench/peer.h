/* peer.h - what the peers of `make bench` share. Each peer is a program, peer_NAME.c, that does with its library what
 * `vitrine speed` does with ours, and prints lines of the same form:
 *
 *     peer_NAME [--seconds S] [--keys DIR] SELECTOR      one measurement, for S seconds of CPU time
 *     peer_NAME --list                                   the primitives it has, a line "WHAT:OP" each
 *     peer_NAME --version                                the library's name and version
 *
 * SELECTOR is one of `vitrine speed`, its labels in this order:
 *
 *     WHAT:OP[:SIZE]                       a primitive
 *     record:SUITE[ etm]:SIZE              two lines: seal, open
 *     handshake:SUITE:KEY:GROUP:RESUMED    three lines: both, client, server
 *     idle:SUITE:KEY:GROUP                 two lines: client, server
 *
 * Exit code 3: this library has not got it. DIR is what tests/bench/bench.py makes: for each KEY (ecdsap256, rsa2048 ...)
 * KEY.chain (the leaf), KEY.key (PKCS #8) and KEY.root, each as .der and .pem.
 *
 * One process makes one measurement and ends; what lives as long as it does is not freed. */
#ifndef TESTS_BENCH_PEER_H
#define TESTS_BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PEER_DATA_MAX = 16384,                              /* octets of one operation */
    PEER_AAD = 13,                                      /* the header that a TLS 1.2 record has sealed with it */
    PEER_PIPE = 32 * 17408,                             /* of records under way */
    PEER_MISSING = 3,                                   /* the exit code */
};
#define PEER_HOST "bench.example.test"                  /* whom the certificates are for */

/* ---- primitives ---- */

/* `with` is the peer's own: a cipher, a curve. start makes what run uses again and again; both end the program if
 * something fails (peer_must). */
struct operation {
    const char *what, *op;
    const void *with;
    void (*start)(const struct operation *o);
    void (*run)(void);
};

/* What is worked upon. The size is the one asked for, PEER_DATA_MAX at most. */
extern uint8_t peer_data[PEER_DATA_MAX + 64], peer_out[PEER_DATA_MAX + 64];
extern const uint8_t peer_key[64], peer_iv[16], peer_aad[PEER_AAD];
extern size_t peer_size;

void peer_must(bool good, const char *what);
void peer_missing(const char *what);                    /* ends the program: PEER_MISSING */

/* DIR/KEY.NAME, whole or as a path: both live for ever. */
const char *peer_path(const char *key, const char *name);
uint8_t *peer_file(const char *key, const char *name, size_t *n);

/* ---- TLS ---- */

enum side { CLIENT, SERVER, SIDES };
enum again { FULL, BY_ID, BY_TICKET, AGAINS };

/* Octets under way in one direction. Both never block: fewer octets than asked for is what there is, or fits. */
struct pipe {
    uint8_t *bytes;
    size_t at, n, room;
};
size_t pipe_put(struct pipe *w, const void *bytes, size_t n);
size_t pipe_get(struct pipe *w, void *bytes, size_t n);

/* One end of a connection. conn is the peer's. */
struct end {
    enum side side;
    struct pipe *in, *out;
    void *conn;
};

struct tls_wish {
    const char *suite;                                  /* OpenSSL's name */
    const char *key, *group;                            /* of the server; "x25519", or "rsa": no group */
    enum again again;                                   /* FULL: no cache and no tickets */
    bool etm;                                           /* encrypt-then-MAC (RFC 7366), or not */
};

/* TLS 1.2, the suite and the group alone; the client verifies the chain and the name
 * PEER_HOST. start is called once and makes what connections share, or says peer_missing. */
struct tls_calls {
    void (*start)(const struct tls_wish *wish);
    void (*open)(struct end *e);                        /* a client's with the kept session, if there is one */
    bool (*shake)(struct end *e);                       /* on with the handshake; true once it is over */
    void (*keep)(struct end *client);                   /* its session is the one that is resumed from now on */
    bool (*resumed)(struct end *e);
    void (*write)(struct end *e, const void *bytes, size_t n);
    void (*read)(struct end *e, void *bytes, size_t n); /* all n are in the pipe */
    void (*close)(struct end *e);                       /* without close_notify */
};

/* ---- the program ---- */

struct peer {
    const char *name;                                   /* its "form" in the lines */
    const char *(*version)(void);
    const struct operation *operations;                 /* up to one without a name */
    const struct tls_calls *tls;
};
int peer_main(const struct peer *p, int argc, char **argv);

/* peer_heap.c: octets that whoever is set now has on the heap. */
extern long *peer_heap;                                 /* NULL: nobody's */
void peer_keep_heap(void);

#endif
