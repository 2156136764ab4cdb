/* resolve.h - looking names up, one after the other, as a program on a host (loop.h). They share one cache: a name that
 * stands twice is asked for once, if its TTL allows.
 *
 * Each begins with a mark, `name`, at which its chain of causes ends. */
#ifndef HTTP_RESOLVE_H
#define HTTP_RESOLVE_H

#include "http/loop.h"
#include "net/dns_lookup.h"

struct resolve_config {
    struct dns_config dns;                            /* its cache and voice are set here */
    const char *const *names; unsigned n;
    void (*found)(void *self, const struct dns_lookup *);       /* each that is done, whatever it found; or NULL */
    void *self;
};

struct resolve {
    struct app app;
    struct resolve_config config;
    struct host *host;
    struct dns_cache cache;
    struct dns_lookup lookup;
    unsigned which;                                   /* of config.names; n: all are done */
    struct fault fault;                               /* of the first that failed */
};

void resolve_start(struct resolve *, const struct resolve_config *, struct host *);
static inline bool resolve_over(const struct resolve *r) { return r->which >= r->config.n; }
void resolve_end(struct resolve *);                   /* closes what is open */

#endif
