/* link.h - where packets leave a host. A link is a table of functions, and links stack: impairment and
 * taps are links around a link. What arrives comes through the world (world.h). Nothing above this line
 * can tell a sealed wire from a real one. */
#ifndef NET_LINK_H
#define NET_LINK_H

#include "net/packet.h"

struct link {
    /* Takes the packet away (copies what it keeps). False: no room now; the packet is lost, as on any
     * link. */
    bool (*send)(struct link *, const struct packet *, nsec now);
    uint32_t mtu;
    /* What it can do beyond that (packet.h): take packets of so many octets and cut their text itself (0: none
     * longer than mtu), and make the checksums of TCP that were left. */
    uint32_t chunk;
    bool makes_sums;
    bool gathers;                                     /* takes packets that lie in two places (packet.apart) */
    void (*close)(struct link *);                     /* and free; NULL: somebody else's */
};

#endif
