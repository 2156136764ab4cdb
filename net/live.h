/* live.h - the live world: the machine's clock, an epoll over real links and sockets, and signals. It takes no seed. */
#ifndef NET_LIVE_H
#define NET_LIVE_H

#include "crypto/chance.h"
#include "net/host.h"
#include "net/world.h"

struct live;
struct live   *live_new(struct fault *why);           /* SIGINT and SIGTERM become HAPPENED_STOP, also when they were ignored before; SIGPIPE is ignored */
void           live_free(struct live *);
struct world  *live_world(struct live *);
struct chance *live_chance(struct live *);            /* the system's generator */

/* net/tun.c: a TUN device. Opened (or made) by name; without IFF_VNET_HDR. Needs the privilege; the fault says what is missing. Packets
 * arrive as HAPPENED_PACKET for `host`. */
struct link   *live_tun(struct live *, const char *name, uint16_t host, struct fault *why);
/* net/kernel.c: a host over the kernel's own sockets (non-blocking TCP and UDP, filling the same rings). */
struct host   *live_kernel(struct live *, uint16_t host, struct pool *, const struct voice *, struct fault *why);

#endif
