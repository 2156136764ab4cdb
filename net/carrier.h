/* carrier.h - what TLS and HTTP run over: one connection that carries octets both ways in order. Our own
 * TCP is one (struct tcp begins with a carrier), a kernel socket is another; who sits on top cannot tell
 * them apart.
 *
 * The layer above reads `in` and writes `out` in place (trace/ring.h), then calls carrier_touch so that
 * what it did is acted upon: octets to send, window to open. It never waits. When something happened
 * (opened, octets came, peer is done, room came, ended) the host's news() hands the carrier out once.
 * As sockets have it: connect and listen are the host's (host.h), accept is a passive carrier in its news; peek and
 * consume are done on `in`, reserve and commit on `out`; close is shutdown(SHUT_WR), release is close(), and abort is
 * close() with a linger of 0. carrier_ready says what poll() would.
 *
 * After `ended` or when the layer above has had enough it calls carrier_release; the carrier lives on as
 * long as its protocol needs (TIME-WAIT) and then frees itself. */
#ifndef NET_CARRIER_H
#define NET_CARRIER_H

#include "net/addr.h"
#include "trace/ring.h"
#include "trace/trace.h"

struct carrier;
struct carrier_ops {
    /* the rings were written or read; why: event, 0 the running cause */
    void (*touch)(struct carrier *, event_no why);
    /* no more octets from us: FIN behind what lies in `out` */
    void (*close)(struct carrier *);
    void (*abort)(struct carrier *);                  /* RST, at once */
    void (*release)(struct carrier *);                /* the layer above is gone; never touch it again */
};

struct carrier {
    const struct carrier_ops *ops;
    struct ring in, out;
    struct addr peer; uint16_t peer_port, port;       /* our own port */
    bool passive;                                     /* the peer called us */
    bool open;                                        /* established (and still so): octets may be written */
    /* FIN came and all octets before it are in `in` (or read already) */
    bool peer_done;
    bool closing;                                     /* close was called */
    /* nothing will move any more: closed both ways and acknowledged, or broken */
    bool ended;
    const struct fault *fault;                        /* why it broke; NULL: properly closed */
    /* who speaks for it: trace, host, the connection's number on this host */
    struct voice voice;
    buf_no reads, writes;                             /* the trace's streams */
    void *user;                                       /* the layer above's own */
};

/* What can be done with it now, without waiting: what poll() says of a socket. */
enum carrier_ready {
    CARRIER_OPENED = 1,                               /* octets may be written, by and by */
    CARRIER_READABLE = 2,                             /* octets lie in `in` */
    CARRIER_WRITABLE = 4,                             /* there is room in `out` */
    CARRIER_PEER_DONE = 8,                            /* what lies in `in` is the last */
    CARRIER_ENDED = 16                                /* nothing will move any more: carrier.fault says why */
};
static inline unsigned carrier_ready(const struct carrier *c)
{
    return (c->open ? CARRIER_OPENED : 0u) | (c->in.len ? CARRIER_READABLE : 0u)
           | (c->open && !c->closing && ring_room(&c->out) ? CARRIER_WRITABLE : 0u)
           | (c->peer_done ? CARRIER_PEER_DONE : 0u) | (c->ended ? CARRIER_ENDED : 0u);
}

static inline void carrier_touch(struct carrier *c, event_no why) { c->ops->touch(c, why); }
static inline void carrier_close(struct carrier *c) { c->ops->close(c); }
static inline void carrier_abort(struct carrier *c) { c->ops->abort(c); }
static inline void carrier_release(struct carrier *c) { c->ops->release(c); }

#endif
