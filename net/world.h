/* world.h - a clock and wires for hosts. The sealed world is in memory with virtual time (sealed.h); the
 * live world is the machine's clock and real links (live.h). The loop cannot tell them apart. */
#ifndef NET_WORLD_H
#define NET_WORLD_H

#include "net/link.h"

enum happened {
    /* and nothing will: no packet under way, latest is NEVER */
    HAPPENED_NOTHING,
    /* `packet` arrived at host number `host`; valid until the next call */
    HAPPENED_PACKET,
    HAPPENED_TIMER,                                   /* the time is `latest` */
    HAPPENED_READY,                                   /* sockets of kernel host `host` are ready */
    HAPPENED_STOP                                     /* the person asked us to end (SIGINT, SIGTERM) */
};

struct happening { enum happened what; nsec now; uint16_t host; struct packet *packet; };

struct world {
    /* Waits (really, or by moving the clock) until something happens, at most until `latest`; calls
     * nobody. A packet comes before a timer of the same moment, packets of the same moment in the order
     * they were sent. False: the world has ended (live: error). */
    bool (*next)(struct world *, nsec latest, struct happening *);
    /* One more packet that has come by now, of the same moment. False: none; whoever asks does so a bounded number of
     * times. NULL: packets come one by one. */
    bool (*more)(struct world *, struct happening *);
    nsec (*now)(const struct world *);
};

static inline bool world_next(struct world *w, nsec latest, struct happening *h) { return w->next(w, latest, h); }
static inline bool world_more(struct world *w, struct happening *h) { return w->more && w->more(w, h); }

#endif
