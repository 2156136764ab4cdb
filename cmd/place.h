/* place.h - where a live command stands: the live world and one host in it, our own stack on a link or the kernel's
 * sockets (--via, --tun, --interface, --addr, --gw). */
#ifndef CMD_PLACE_H
#define CMD_PLACE_H

#include "cmd/options.h"
#include "http/loop.h"
#include "net/live.h"
#include "net/stack.h"

enum { PLACE_HOST = 1 };
enum via { VIA_KERNEL, VIA_TUN, VIA_TAP, VIA_RAW, VIA_PASST };
struct place {
    struct live *live;
    struct host *host;
    struct link *link;                                /* NULL: the kernel's sockets */
    struct pool pool;
    struct addr addr; uint8_t prefix; struct addr gateway;
    struct addr addr6; uint8_t prefix6; struct addr gateway6;     /* where two were given; len 0: not */
    struct stack_config wished;                       /* of TCP, by tcp_wish.h */
    enum via via;
    char ports[48];                                   /* what the command will listen on, for passt: "80,443"; or "" */
};

/* Reads the options first; place_open then makes the host. Both say on stderr what is wrong; place_read is
 * false for wrong usage. */
bool place_read(struct place *, const struct command *, const char *const *values);
bool place_open(struct place *, const char *const *values, unsigned connections, struct trace *,
                struct fault *why);
void place_close(struct place *);
/* The name server that the link brings; NULL: none, those of this machine are to be asked. */
const char *place_dns(const struct place *);

#endif
