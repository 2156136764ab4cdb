/* host.h - what a program may ask of a host's network: our own stack (net/stack.h) or the kernel's sockets
 * (net/kernel.h). Sans-I/O: the loop on floor 2 hands in what happened and pulls out what is due; nothing
 * here waits, nothing calls up. */
#ifndef NET_HOST_H
#define NET_HOST_H

#include "net/carrier.h"
#include "net/packet.h"

enum { DATAGRAM_MAX = 4096 };
struct datagram {
    struct addr from, to; uint16_t from_port, to_port;
    uint32_t len;
    /* its octets in the trace, from 0 on (udp_stream.h); 0: nobody carries them */
    buf_no stream;
    /* why it is sent; 0: the running cause, taken in udp_send */
    event_no cause;
    uint8_t bytes[DATAGRAM_MAX];
};

struct host;
struct host_ops {
    void (*input)(struct host *, struct packet *, nsec now);      /* packet NULL: sockets are ready */
    /* fills in the next packet that is due; false: quiet. A kernel host writes sockets here. */
    bool (*output)(struct host *, struct packet *, nsec now);
    nsec (*wake)(const struct host *);                            /* next deadline or NEVER */
    void (*tick)(struct host *, nsec now);                        /* timers that are due act */
    /* NULL: refused at once */
    struct carrier *(*connect)(struct host *, const struct addr *, uint16_t port, nsec now, struct fault *);
    /* addr len 0: any */
    bool (*listen)(struct host *, const struct addr *, uint16_t port, struct fault *);
    /* next connection that has news; NULL: none */
    struct carrier *(*news)(struct host *);
    /* 0: a random one; returns the port, 0 when there is none */
    uint16_t (*udp_open)(struct host *, uint16_t port, struct fault *);
    void (*udp_close)(struct host *, uint16_t port);
    /* from_port must be open; the host fills in `from` and `stream` */
    bool (*udp_send)(struct host *, struct datagram *, nsec now);
    /* next datagram that came, with to_port and stream; false: none */
    bool (*udp_next)(struct host *, struct datagram *);
    /* connections exist, in any state but LISTEN */
    bool (*busy)(const struct host *);
    void (*free)(struct host *);
};

/* ipv6: it has an address of that kind, so addresses of 16 octets can be called from here. */
struct host { const struct host_ops *ops; struct voice voice; bool ipv6; };

#endif
