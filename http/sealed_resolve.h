/* sealed_resolve.h - names looked up in the sealed world: a browser 10.0.0.2 asks, a resolver 10.0.0.53 answers
 * from a zone; no privileges, virtual time. The same configuration gives the same octets on every run and every
 * machine. */
#ifndef HTTP_SEALED_RESOLVE_H
#define HTTP_SEALED_RESOLVE_H

#include "http/resolve.h"
#include "net/sealed.h"

struct sealed_resolve_config {
    struct resolve_config resolve;                    /* of its dns: want, search, tcp_only, no_edns; not the rest */
    const char *zone; size_t zone_n;                  /* net/dns_zone.h; NULL: every name under .test is 10.0.0.80 */
    unsigned udp_most;                                /* octets of an answer over UDP, at most; 0: 1232 */
    uint64_t seed;
    struct wires wires;
    struct trace *trace;                              /* NULL: nobody watches. Made with SEALED_START */
};

/* The zone of the sealed world where none is given. */
extern const char sealed_zone[];

/* Until all names are looked up and all is quiet. False, with *why: of the first that failed, or why there was
 * none. */
bool sealed_resolve_run(const struct sealed_resolve_config *, struct fault *why);
/* The names of the two hosts for a trace; before anything else is told. */
void sealed_resolve_name_hosts(struct trace *);

#endif
