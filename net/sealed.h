/* sealed.h - the sealed world: hosts in memory, virtual time, one shared wire that can delay, drop, reorder,
 * duplicate and corrupt. When a debugger stops, this world stands still with it.
 *
 * Everything is decided by the seed: each random octet is the seed hashed with purpose, host and connection
 * (seed.h), each fate of a packet is the seed hashed with the packet's number and the kind of fate
 * (impair.h). The same seed gives the same visit, on every machine.
 *
 * Time moves in world_next alone. A packet sent at `now` arrives at now + delay, at the host whose address
 * stands in its IP header as it came through the wire (a corrupted address may lead nowhere); one whose
 * address nobody has is lost when it is sent. On arrival the wire tells EVENT_FATE "delivered", level all, of
 * the host that receives, with the octets as they arrived; the number of that event is the arriving packet's
 * `cause`, for the loop to make it the running cause. world_next moves the trace's clock (trace_at) before it
 * tells that, so that the event has its own time. */
#ifndef NET_SEALED_H
#define NET_SEALED_H

#include "crypto/chance.h"
#include "net/addr.h"
#include "net/impair.h"
#include "net/world.h"

enum { SEALED_HOSTS = 8, SEALED_CHANCES = 256, SEALED_DELAY_MS = 10 };

struct sealed;                                        /* a world */

/* `wires` is copied; NULL: a clean wire with a delay of SEALED_DELAY_MS. The trace may be NULL: silence.
 * NULL: no memory. */
struct sealed *sealed_new(uint64_t seed, const struct wires *, nsec start, struct trace *);
void           sealed_free(struct sealed *);          /* and its links and chances */
struct world  *sealed_world(struct sealed *);
/* Puts host number `host` (1 to SEALED_HOSTS) with this address on the wire. The link is the world's. NULL:
 * no such number. */
struct link   *sealed_link(struct sealed *, uint16_t host, const struct addr *);
/* One more address of a host that has a link; the last one given counts. */
void           sealed_also(struct sealed *, uint16_t host, const struct addr *);
/* What host number `host` sends waits in the same queue, for the same line, as what `with` sends (impair.h). Both
 * have a link already. */
void           sealed_share(struct sealed *, uint16_t host, uint16_t with);
/* How long the line of what host number `host` sends is taken already; how many packets of this host's were lost on
 * the wire, or marked there. */
nsec           sealed_waits(const struct sealed *, uint16_t host);
uint64_t       sealed_lost(const struct sealed *, uint16_t host);
uint64_t       sealed_marked(const struct sealed *, uint16_t host);
/* A source of octets for one host and connection, or any such pair; the same one when asked again. The
 * world's, lives as long as it. NULL: no memory, or more than SEALED_CHANCES of them. */
struct chance *sealed_chance(struct sealed *, uint16_t host, uint32_t conn);
/* 64 bits by seed, purpose and number. */
uint64_t       sealed_draw(struct sealed *, const char *purpose, uint64_t number);

#endif
