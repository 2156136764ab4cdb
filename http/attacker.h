/* attacker.h - the attacker's own host in the sealed world, 10.0.0.66: a stack, and behind it a web server with a
 * certificate of his. What he sends in others' names is forged elsewhere (http/lab.h). */
#ifndef HTTP_ATTACKER_H
#define HTTP_ATTACKER_H

#include "http/made_pages.h"
#include "http/web.h"
#include "net/stack.h"
#include "tls/x509/issue.h"

enum attacker_serves {
    ATTACKER_SERVES_NOTHING,                          /* nobody listens there */
    ATTACKER_SERVES_OWN_NAME,      /* a certificate that the classroom's CA gave him, for a name that is his */
    ATTACKER_SERVES_THEIR_NAME     /* a certificate for the very host that is visited, from a CA of his own */
};

enum { ATTACKER_DER = 1500 };
struct attacker {
    struct host *host;
    struct pool pool;
    struct web *web;                                  /* NULL: nobody listens */
    struct made_pages pages;
    struct classroom classroom;
    uint8_t der[2][ATTACKER_DER];
    struct private_key key;
    struct der chain[2];
    struct tls_identity identity;
    const struct tls_suite *suites[4];
    uint16_t groups[3];
    struct tls_config tls;
};

/* What he needs to know: whom he plays, at which port, since when. */
struct attacker_plan {
    enum attacker_serves serves;
    struct addr addr;
    const char *host; uint16_t port; bool https;
    enum key_kind auth;                               /* of the certificate for his own name */
    uint64_t seed, size;
    nsec now;
    struct chance *(*chance_of)(void *self, uint32_t conn); void *self;      /* conn 0: his own */
    struct voice voice;
};

/* False: no memory, or no certificate. attacker_free in any case. */
bool attacker_start(struct attacker *, const struct attacker_plan *, struct fault *why);
void attacker_free(struct attacker *);

#endif
