/* underway.h - packets under way: a heap, first the one that arrives first, of equals the one that was sent
 * first.
 *
 * A packet is copied when it leaves and belongs to the flight until it is taken; then to whoever took it, to
 * be freed by under_way_free. Memory grows with what is under way, up to FLIGHT_OCTETS: a wire that is full
 * loses what more is sent. */
#ifndef NET_UNDERWAY_H
#define NET_UNDERWAY_H

#include "net/packet.h"

enum { FLIGHT_OCTETS = 64 * 1024 * 1024 };

struct under_way {
    nsec arrives;
    uint64_t ordinal;                                 /* how many left before it */
    uint16_t host;                                    /* to whom */
    struct packet packet;                             /* with octets of its own */
};

struct flight { struct under_way *heap; size_t n, room, octets; uint64_t departed; };

/* False: no room. */
bool underway_send(struct flight *, const struct packet *, uint16_t host, nsec arrives);
nsec underway_next(const struct flight *);              /* when the first one arrives, or NEVER */
/* Takes out the one that arrives first. False: none is under way. */
bool underway_take(struct flight *, struct under_way *);
void under_way_free(struct under_way *);
void underway_end(struct flight *);

#endif
