/* resolver.h - a name server, as a program on a host (loop.h): answers each query on UDP port 53 from what
 * its `find` knows. */
#ifndef HTTP_RESOLVER_H
#define HTTP_RESOLVER_H

#include "http/loop.h"
#include "net/dns.h"

struct resolver { struct app app; struct host *host; dns_find *find; void *self; };

bool resolver_start(struct resolver *, struct host *, dns_find *, void *self, struct fault *why);

#endif
