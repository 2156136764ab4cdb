/* resolver.h - a name server, as a program on a host (loop.h): answers each query on port 53 from its zone,
 * over UDP and over TCP (RFC 7766): several on a connection, in their order, until the other end closes. */
#ifndef HTTP_RESOLVER_H
#define HTTP_RESOLVER_H

#include "http/loop.h"
#include "net/dns_zone.h"

struct resolver {
    struct app app;
    struct host *host;
    const struct zone *zone;                          /* not owned */
    unsigned udp_most;                                /* octets of an answer over UDP, at most */
};

bool resolver_start(struct resolver *, struct host *, const struct zone *, struct fault *why);

#endif
