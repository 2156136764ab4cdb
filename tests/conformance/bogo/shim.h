/* shim.h - one connection for the runner: what it is told (flags.h), and what it becomes. configure.c fills in the
 * engine's config, asked.c answers what the engine asks the application, shim.c is the socket and the dialogue. */
#ifndef TESTS_CONFORMANCE_BOGO_SHIM_H
#define TESTS_CONFORMANCE_BOGO_SHIM_H

#include "tests/conformance/bogo/flags.h"
#include "tls/tls.h"

#include <stdio.h>

enum { BOGO_CHAIN = 8, BOGO_STORE = 1 << 16, BOGO_SUITES = 64, BOGO_GROUPS = 8, BOGO_PROTOCOLS = 8, BOGO_NAMES = 8 };

/* What is left for the connections that come later. */
struct memory { struct chance chance; struct tls_resumable session; struct tls_sessions *sessions;
                struct tls_tickets tickets; nsec later; };

struct shim {
    const struct bogo_wish *wish;
    struct memory *memory; bool again;                 /* an earlier connection's session may be resumed */
    int fd;
    struct tls *tls;
    struct tls_config config;
    struct pool pool;
    struct ring in, out;
    struct fault fault;
    bool ended;                                       /* no more octets will come */
    const char *refused;                              /* by a callback of ours: in the runner's words */
    bool key_usage_wrong;
    const struct tls_suite *suites[BOGO_SUITES];
    uint8_t ranks[BOGO_SUITES];
    uint16_t groups[BOGO_GROUPS], sigalgs[BOGO_LIST], sign_sigalgs[BOGO_LIST];
    const char *protocols[BOGO_PROTOCOLS + 1];
    struct x509_store trust, names;
    struct x509_cert named[BOGO_NAMES]; uint8_t name_store[BOGO_OCTETS];
    struct tls_application application;
    struct tls_identity identity;
    struct private_key key;
    struct der chain[BOGO_CHAIN];
    uint8_t store[BOGO_STORE];
};

/* configure.c: 0, or an exit code */
int bogo_configure(struct shim *);
/* asked.c: what the engine asks is answered as the flags say */
void bogo_listen(struct shim *);
/* Says why a test is left out; the exit code for that. */
int  bogo_leave_out(const char *why);
/* Says what is not as it should be; false. */
bool bogo_say(const char *what);
nsec bogo_now(const struct shim *);

#endif
