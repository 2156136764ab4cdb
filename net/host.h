/* host.h - what a program may ask of a host's network: our own stack (net/stack.h) or the kernel's sockets (net/kernel.h).
 * Sans-I/O: the loop on floor 2 hands in what happened and pulls out what is due; nothing here waits, nothing calls up. */
#ifndef NET_HOST_H
#define NET_HOST_H

#include "net/carrier.h"
#include "net/packet.h"

enum { DATAGRAM_MAX = 4096 };
struct datagram {
    struct addr from, to; uint16_t from_port, to_port;
    uint32_t len;
    buf_no stream;                                    /* its octets in the trace, from 0 on (udp_stream.h); 0: nobody carries them */
    event_no cause;                                   /* why it is sent; 0: the running cause, taken in udp_send */
    uint8_t bytes[DATAGRAM_MAX];
};

struct host;
struct host_ops {
    void (*input)(struct host *, struct packet *, nsec now);      /* packet NULL: sockets are ready */
    bool (*output)(struct host *, struct packet *, nsec now);     /* fills in the next packet that is due; false: quiet. A kernel host writes sockets here. */
    nsec (*wake)(const struct host *);                            /* next deadline or NEVER */
    void (*tick)(struct host *, nsec now);                        /* timers that are due act */
    struct carrier *(*connect)(struct host *, const struct addr *, uint16_t port, nsec now, struct fault *);   /* NULL: refused at once */
    bool (*listen)(struct host *, const struct addr *, uint16_t port, struct fault *);    /* addr len 0: any */
    struct carrier *(*news)(struct host *);                       /* next connection that has news; NULL: none */
    uint16_t (*udp_open)(struct host *, uint16_t port, struct fault *);   /* 0: a random one; returns the port, 0 when there is none */
    void (*udp_close)(struct host *, uint16_t port);
    bool (*udp_send)(struct host *, struct datagram *, nsec now); /* from_port must be open; the host fills in `from` and `stream` */
    bool (*udp_next)(struct host *, struct datagram *);           /* next datagram that came, with to_port and stream; false: none */
    bool (*busy)(const struct host *);                            /* connections exist, in any state but LISTEN */
    void (*free)(struct host *);
};

struct host { const struct host_ops *ops; struct voice voice; };

#endif
