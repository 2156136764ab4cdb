/* flight.h - packets under way: a heap, first the one that arrives first, of equals the one that was sent
 * first.
 *
 * A packet is copied when it leaves and belongs to the flight until it is taken; then to whoever took it, to
 * be freed by under_way_free. Memory grows with what is under way, up to FLIGHT_OCTETS: a wire that is full
 * loses what more is sent. */
#ifndef NET_FLIGHT_H
#define NET_FLIGHT_H

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
bool flight_send(struct flight *, const struct packet *, uint16_t host, nsec arrives);
nsec flight_next(const struct flight *);              /* when the first one arrives, or NEVER */
/* Takes out the one that arrives first. False: none is under way. */
bool flight_take(struct flight *, struct under_way *);
void under_way_free(struct under_way *);
void flight_end(struct flight *);

#endif
