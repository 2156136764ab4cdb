/* sealed.h - the sealed world: hosts in memory, virtual time, one shared wire that can delay, drop, reorder, duplicate and corrupt.
 *
 * Everything is decided by the seed: each random octet is the seed hashed with purpose, host and connection, each fate of a packet is the seed
 * hashed with the packet's number and the kind of fate. The same seed gives the same visit, on every machine. */
#ifndef NET_SEALED_H
#define NET_SEALED_H

#include "crypto/chance.h"
#include "net/addr.h"
#include "net/world.h"

enum { SEALED_HOSTS = 8 };

/* What the wire does, each by chance in thousandths of packets (50 = 5 %). */
struct wires {
    nsec delay;                                       /* one way; 10 ms unless told */
    unsigned loss, dup, reorder, corrupt;             /* reordered: delayed by up to one and a half more `delay`; corrupt: one bit flipped */
};

struct sealed;                                        /* a world */
struct sealed *sealed_new(uint64_t seed, const struct wires *, nsec start, struct trace *);
void           sealed_free(struct sealed *);
struct world  *sealed_world(struct sealed *);
/* Puts host number `host` (1...) with this address on the wire. The link is the world's. The wire tells the fate of each packet (EVENT_FATE). */
struct link   *sealed_link(struct sealed *, uint16_t host, const struct addr *);
/* A source of octets for one host and connection, or any such pair; the world's, lives as long as it. */
struct chance *sealed_chance(struct sealed *, uint16_t host, uint32_t conn);
uint64_t       sealed_draw(struct sealed *, const char *purpose, uint64_t number);   /* 64 bits by seed, purpose and number */

#endif
