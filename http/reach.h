/* reach.h - from a name to an open connection: looks it up (net/dns_lookup.h), calls its addresses (net/happy.h), and
 * gives back the first connection that opens. Part of a program on a host (loop.h), which hands it what happened.
 *
 *     reach_start(&r, &config, host, now);
 *     reach_datagram, reach_news, reach_tick ...     // as things happen
 *     if (reach_due(&r, now)) reach_call(&r, now);   // the first time, the name's chapter ends between the two
 *     r.says: REACH_OPEN, r.carrier is the caller's; REACH_FAILED, r.fault says why */
#ifndef HTTP_REACH_H
#define HTTP_REACH_H

#include "net/dns_lookup.h"
#include "net/happy.h"

struct reach_config {
    struct dns_config dns;                            /* want: both kinds are asked for where the host has both */
    const char *name;
    uint16_t port;
    struct addr address;                              /* len > 0: known already */
};

enum reach_says { REACH_TRYING, REACH_OPEN, REACH_FAILED };
struct reach {
    struct reach_config config;
    struct host *host;
    enum reach_says says;
    struct dns_lookup lookup;
    bool told[DNS_FAMILIES];                          /* what the family said is handed on */
    struct happy happy;
    struct carrier *tries[HAPPY_MOST];                /* by number in happy.to; NULL: over */
    struct carrier *carrier;                          /* the last that was called; the one that opened */
    void *user;                                       /* set in each carrier */
    struct fault fault;
};

void reach_start(struct reach *, const struct reach_config *, struct host *, void *user, nsec now);
void reach_datagram(struct reach *, const struct datagram *, nsec now);
bool reach_news(struct reach *, struct carrier *, nsec now);      /* false: none of ours */
void reach_tick(struct reach *, nsec now);
bool reach_due(const struct reach *, nsec now);
void reach_call(struct reach *, nsec now);
nsec reach_wake(const struct reach *);
/* Gives up all that is not open. */
void reach_stop(struct reach *);
/* Whom it calls first, and who said so. */
const struct addr *reach_first(const struct reach *, enum dns_from *, uint32_t *ttl);

#endif
