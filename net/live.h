/* live.h - the live world: the machine's clock, an epoll over real links and sockets, and signals. It
 * takes no seed. */
#ifndef NET_LIVE_H
#define NET_LIVE_H

#include "crypto/chance.h"
#include "net/host.h"
#include "net/world.h"

struct live;
/* SIGINT and SIGTERM become HAPPENED_STOP, also when they were ignored before; SIGPIPE is ignored */
struct live   *live_new(struct fault *why);
void           live_free(struct live *);
struct world  *live_world(struct live *);
struct chance *live_chance(struct live *);            /* the system's generator */

/* For links and hosts over file descriptors. Octets on fd make HAPPENED_READY for `host`; with `packets`,
 * fd is read, a packet each time, and makes HAPPENED_PACKET. The descriptor stays the caller's. */
bool           live_watch(struct live *, int fd, uint16_t host, bool packets);
void           live_forget(struct live *, int fd);
nsec           live_now(const struct live *);

#endif
