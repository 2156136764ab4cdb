/* underway.h - packets under way: first the one that arrives first, of equals the one that was sent first.
 *
 * A packet is copied when it leaves and belongs to the flight until it is taken; then to whoever took it, who gives
 * it back with underway_free. Memory grows with what is under way, up to FLIGHT_OCTETS (a wire that is full loses
 * what more is sent), and is used again for later packets. */
#ifndef NET_UNDERWAY_H
#define NET_UNDERWAY_H

#include "net/packet.h"

enum { FLIGHT_OCTETS = 64 * 1024 * 1024 };

struct under_way {
    uint16_t host;                                    /* to whom */
    struct packet packet;                             /* with octets of its own */
    struct under_way *next_free;
};

/* What the heap is ordered by: when it arrives, and how many left before it. */
struct arrival { nsec at; uint64_t ordinal; struct under_way *what; };

/* Most arrive after all that were sent before them: these stand in a queue, the others in the heap. */
struct arrivals { struct arrival *all; size_t n, room; };
struct flight {
    struct arrivals heap, queue; size_t queue_first, octets;
    uint64_t departed;
    struct under_way *free_list;
};

/* False: no room. */
bool underway_send(struct flight *, const struct packet *, uint16_t host, nsec arrives);
nsec underway_next(const struct flight *);              /* when the first one arrives, or NEVER */
/* Takes out the one that arrives first. NULL: none is under way. */
struct under_way *underway_take(struct flight *);
void underway_free(struct flight *, struct under_way *);              /* NULL: nothing */
void underway_end(struct flight *);

#endif
