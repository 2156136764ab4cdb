/* live.h - the live world: the machine's clock, an epoll over real links and sockets, and signals. It
 * takes no seed. */
#ifndef NET_LIVE_H
#define NET_LIVE_H

#include "crypto/chance.h"
#include "net/host.h"
#include "net/world.h"

struct live;
extern const struct ground live_link_lost;             /* a link that is gone while we run */
/* SIGINT and SIGTERM become HAPPENED_STOP, also when they were ignored before; SIGPIPE is ignored */
struct live   *live_new(struct fault *why);
void           live_free(struct live *);
struct world  *live_world(struct live *);
struct chance *live_chance(struct live *);            /* the system's generator */

/* A link over a descriptor, as the world sees it: where packets come from. */
enum taken {
    TAKEN,                                            /* a packet for the host */
    TAKEN_ASIDE,                                      /* something that was the link's own business (ARP) */
    NOTHING_THERE,
    LINK_LOST                                         /* a link that reports an error will report it for ever */
};
struct source {
    /* The next packet, into p->bytes, where there are p->room octets; what else is known of it is set. It does not
     * wait. */
    enum taken (*take)(struct source *, struct packet *p, nsec now);
    /* The link's own next deadline, or NEVER, and what is then due; both NULL: it has none. */
    nsec (*wake)(const struct source *);
    void (*tick)(struct source *, nsec now);
    /* More packets lie in memory, of which the descriptor says nothing; NULL: never. */
    bool (*holds)(const struct source *);
};
/* What read(2) on a link gave, as one of those. */
enum taken     taken_by(long n);

/* For links and hosts over file descriptors. Octets on fd make HAPPENED_READY for `host`; with a source, packets
 * are taken from it and make HAPPENED_PACKET. Descriptor and source stay the caller's. */
enum { LIVE_SOURCES = 8 };
bool           live_watch(struct live *, int fd, uint16_t host, struct source *);
void           live_forget(struct live *, int fd);
nsec           live_now(const struct live *);

#endif
