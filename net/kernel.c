#define _GNU_SOURCE
#include "net/kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 64, READ_AT_ONCE = 16384, UNSENT_MOST = 131072 };
enum kind { CONNECTION, LISTENER, UDP };

/* One kernel socket. Edge-triggered: `readable` and `writable` stay set until the kernel says that it would block, or
 * gives less than there was room for and has not said that the peer is done (epoll(7)): what comes then it tells. */
struct sock {
    struct carrier carrier;                           /* first: a carrier is a sock */
    enum kind kind;
    struct kernel *kernel;
    int fd; struct fault fault;                       /* carrier.fault */
    uint16_t port; bool six;                          /* UDP, listeners; UDP of IPv6, for both kinds of address */
    bool readable, writable, peer_ends, connecting, shut, released, in_news, in_work;
    event_no cause;                                   /* what the kernel last said of it; first: our connect */
    struct sock *news, *work, *all, **link;           /* queues, and the list of all */
};

struct kernel {
    struct host host;
    struct live *live;
    struct pool *pool;
    uint32_t ring_limit, conns;
    int epoll;
    struct sock *news, **news_end, *work, *all;
    struct sock *starved;                             /* a listener that found no descriptor for a caller; NULL: none */
};

union address { struct sockaddr any; struct sockaddr_in v4; struct sockaddr_in6 v6; };

static socklen_t to_kernel(const struct addr *a, uint16_t port, union address *out)
{
    *out = (union address){ .v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) } };
    if (a->len == 16) {
        memcpy(&out->v6.sin6_addr, a->octets, 16);
        return sizeof out->v6;
    }
    out->v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port) };
    if (a->len == 4)
        memcpy(&out->v4.sin_addr, a->octets, 4);
    return sizeof out->v4;
}

/* On a socket of IPv6 that speaks IPv4, too, an address of four octets stands behind these (RFC 4291 §2.5.5.2). */
static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static struct addr map(const struct addr *a)
{
    struct addr out = { .len = 16 };
    if (a->len != 4)
        return *a;
    memcpy(out.octets, mapped, sizeof mapped);
    memcpy(out.octets + sizeof mapped, a->octets, 4);
    return out;
}

static void unmap(struct addr *a)
{
    if (a->len != 16 || memcmp(a->octets, mapped, sizeof mapped) != 0)
        return;
    *a = addr_v4(a->octets[12], a->octets[13], a->octets[14], a->octets[15]);
}

static void from_kernel(const union address *in, struct addr *a, uint16_t *port)
{
    *a = (struct addr){ .len = in->any.sa_family == AF_INET6 ? 16 : 4 };
    memcpy(a->octets, a->len == 16 ? (const void *)&in->v6.sin6_addr : (const void *)&in->v4.sin_addr, a->len);
    *port = ntohs(a->len == 16 ? in->v6.sin6_port : in->v4.sin_port);
}

/* The grounds are those of our own TCP: who asks does not care whose it was. */
static void fault_of(int error, struct fault *why)
{
    static const struct ground refused = { "tcp.refused", "RFC 9293 §3.10.7.3" },
                               reset = { "tcp.reset", "RFC 9293 §3.10.7.4" },
                               timeout = { "tcp.timeout", "RFC 9293 §3.8.3" },
                               unreachable = { "tcp.unreachable", "RFC 9293 §3.9.2.2" };
    if (error == ECONNREFUSED)
        refuse(why, &refused, "SYN-ACK to our SYN", "RST: nobody listens on that port");
    else if (error == ECONNRESET || error == EPIPE)
        refuse(why, &reset, "the connection to go on", "RST from the peer");
    else if (error == ETIMEDOUT)
        refuse(why, &timeout, "an answer within the kernel's patience", "none");
    else
        refuse(why, &unreachable, "a way to that address", "%s", strerror(error));
}

/* The kernel's packets are not seen here. What it says of a socket stands for them: it begins a chain of
 * causes, as a packet from outside does, unless we asked for it. */
static void tell_said(struct sock *s, const char *name, const char *rfc, size_t octets, event_no cause)
{
    const struct voice *v = &s->carrier.voice;
    char peer[ADDR_TEXT];
    if (!v->trace)
        return;
    const struct attr attrs[] = {
        attr_text("peer", addr_text(&s->carrier.peer, peer)), attr_number("peer_port", s->carrier.peer_port),
        attr_number("own_port", s->kind == CONNECTION ? s->carrier.port : s->port), attr_number("octets", octets),
    };
    s->cause = trace_emit(v->trace, &(struct event){
        .kind = EVENT_MARK, .level = LEVEL_ALL, .layer = "kernel", .name = name, .rfc = rfc, .by = __func__,
        .host = v->host, .conn = v->conn, .cause = cause, .attrs = attrs,
        .n_attrs = sizeof attrs / sizeof *attrs });
    trace_because(v->trace, s->cause);
}

static void tell_news(struct sock *s)
{
    struct kernel *k = s->kernel;
    if (s->in_news || s->released)
        return;
    s->in_news = true;
    s->news = NULL;
    *k->news_end = s;
    k->news_end = &s->news;
}

static void queue_work(struct sock *s)
{
    if (s->in_work)
        return;
    s->in_work = true;
    s->work = s->kernel->work;
    s->kernel->work = s;
}

static void end_sock(struct sock *s, int error)
{
    struct carrier *c = &s->carrier;
    if (c->ended)
        return;
    if (error) {
        fault_of(error, &s->fault), c->fault = &s->fault;
        tell_said(s, "broken", "RFC 9293 §3.9.1.5", 0, s->cause);
    }
    c->ended = true;
    c->open = false;
    ring_end(&c->out);
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    tell_news(s);
    if (s->kernel->starved)
        queue_work(s->kernel->starved);
    s->kernel->starved = NULL;
}

static void sock_touch(struct carrier *c, event_no why)
{
    (void)why;
    queue_work((struct sock *)c);
}

static void sock_close(struct carrier *c)
{
    c->closing = true;
    queue_work((struct sock *)c);
}

static void sock_abort(struct carrier *c)
{
    struct sock *s = (struct sock *)c;
    struct linger at_once = { .l_onoff = 1 };
    if (s->fd >= 0)
        setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    end_sock(s, 0);
    queue_work(s);
}

static void sock_release(struct carrier *c)
{
    struct sock *s = (struct sock *)c;
    s->released = c->closing = true;
    queue_work(s);
}

static const struct carrier_ops sock_ops = { sock_touch, sock_close, sock_abort, sock_release };

static struct sock *sock_new(struct kernel *k, enum kind kind, int fd)
{
    struct sock *s = fd >= 0 ? calloc(1, sizeof *s) : NULL;
    static const uint32_t wanted[] = {
        [CONNECTION] = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, [LISTENER] = EPOLLIN | EPOLLET,
        [UDP] = EPOLLIN };
    struct epoll_event e = { .events = wanted[kind], .data.ptr = s };
    if (!s || epoll_ctl(k->epoll, EPOLL_CTL_ADD, fd, &e) != 0) {
        free(s);
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    s->kind = kind;
    s->kernel = k;
    s->fd = fd;
    s->link = &k->all;
    s->all = k->all;
    if (s->all)
        s->all->link = &s->all;
    k->all = s;
    return s;
}

static void sock_free(struct sock *s)
{
    if (s->fd >= 0)
        close(s->fd);
    *s->link = s->all;
    if (s->all)
        s->all->link = s->link;
    ring_end(&s->carrier.in);
    ring_end(&s->carrier.out);
    free(s);
}

static buf_no stream_of(const struct carrier *c, uint8_t direction)
{
    uint32_t n = c->voice.conn;
    const uint8_t key[] = { 'k', (uint8_t)c->voice.host, (uint8_t)(n >> 24), (uint8_t)(n >> 16),
                            (uint8_t)(n >> 8), (uint8_t)n, direction };
    return trace_stream(c->voice.trace, key, sizeof key);
}

/* Sockets that are accepted have their listener's. */
static void set_options(int fd)
{
    int on = 1, unsent = UNSENT_MOST;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    /* Else the kernel takes megabytes at once, and a slow reader looks like one that has stopped. */
    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

static uint16_t own_port(int fd)
{
    union address own = { .v4 = { 0 } };
    socklen_t n = sizeof own;
    bool known = getsockname(fd, &own.any, &n) == 0;  /* it lies alike in both kinds */
    return known ? ntohs(own.v4.sin_port) : 0;
}

static struct carrier *dress(struct sock *s, bool passive, uint16_t port)
{
    struct carrier *c = &s->carrier;
    struct kernel *k = s->kernel;
    c->ops = &sock_ops;
    c->passive = passive;
    c->voice = k->host.voice;
    c->voice.conn = ++k->conns;
    c->writes = stream_of(c, 0);
    c->reads = stream_of(c, 1);
    ring_start(&c->in, k->pool, k->ring_limit);
    ring_start(&c->out, k->pool, k->ring_limit);
    c->port = port;
    return c;
}

static void accept_all(struct sock *listener)
{
    union address peer;
    for (;;) {
        socklen_t n = sizeof peer;
        int fd = accept4(listener->fd, &peer.any, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (fd < 0) {                                 /* none more; or no descriptor: then they wait in the backlog */
            listener->kernel->starved = errno == EAGAIN || errno == EWOULDBLOCK ? NULL : listener;
            return;
        }
        struct sock *s = sock_new(listener->kernel, CONNECTION, fd);
        if (!s)
            continue;
        struct carrier *c = dress(s, true, listener->port);
        from_kernel(&peer, &c->peer, &c->peer_port);
        trace_because(c->voice.trace, 0);
        tell_said(s, "accepted", "RFC 9293 §3.9.1.1", 0, 0);
        c->open = s->writable = true;                 /* epoll says when there is something to read */
        tell_news(s);
    }
}

static void read_some(struct sock *s)
{
    struct carrier *c = &s->carrier;
    while (s->readable && s->fd >= 0 && !c->peer_done) {
        struct room r = ring_reserve(&c->in, READ_AT_ONCE);
        if (r.n == 0)
            return;                                   /* full: goes on when the reader has made room and touches us */
        ssize_t n = recv(s->fd, r.at, r.n, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            s->readable = false;
        } else if (n < 0) {
            end_sock(s, errno);
        } else {
            ring_commit(&c->in, (size_t)n);
            c->peer_done = n == 0;
            s->readable = s->peer_ends || (size_t)n == r.n;
            trace_because(c->voice.trace, 0);
            tell_said(s, n ? "came" : "peer_done", "RFC 9293 §3.9.1.3", (size_t)n, 0);
            tell_news(s);
        }
    }
}

static void write_some(struct sock *s)
{
    struct carrier *c = &s->carrier;
    while (s->writable && s->fd >= 0 && c->out.len) {
        struct bytes b = ring_peek(&c->out);
        ssize_t n = send(s->fd, b.at, b.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            s->writable = false;
        } else if (n < 0) {
            end_sock(s, errno);
        } else {
            ring_consume(&c->out, (size_t)n);
            tell_said(s, "taken", "RFC 9293 §3.9.1.2", (size_t)n, s->cause);
            tell_news(s);
        }
    }
    if (s->fd >= 0 && c->closing && c->out.len == 0 && !s->shut && !s->connecting) {
        s->shut = true;
        shutdown(s->fd, SHUT_WR);
    }
}

/* What is due on one socket: octets both ways, FIN, the end. */
static void work(struct sock *s)
{
    struct carrier *c = &s->carrier;
    if (s->kind == LISTENER) {
        accept_all(s);
        return;
    }
    if (!s->connecting) {
        if (s->released)
            ring_end(&c->in);
        read_some(s);
        write_some(s);
    }
    if (s->shut && (c->peer_done || s->released))
        end_sock(s, 0);
    if (s->released && (c->ended || s->connecting) && !s->in_news)
        sock_free(s);
}

static void connected(struct sock *s)
{
    int error = 0;
    socklen_t n = sizeof error;
    if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0)
        error = errno;
    s->connecting = false;
    if (error) {
        end_sock(s, error);
        return;
    }
    s->carrier.open = true;
    set_options(s->fd);
    dress(s, false, own_port(s->fd));
    tell_said(s, "connected", "RFC 9293 §3.9.1.1", 0, s->cause);
    tell_news(s);
}

static void kernel_input(struct host *h, struct packet *none, nsec now)
{
    struct kernel *k = (struct kernel *)h;
    struct epoll_event events[EVENTS];
    (void)none, (void)now;
    int n = epoll_wait(k->epoll, events, EVENTS, 0);
    for (int i = 0; i < n; i++) {
        struct sock *s = events[i].data.ptr;
        if (s->kind == LISTENER)
            accept_all(s);
        if (s->kind != CONNECTION || s->fd < 0)
            continue;
        if (s->connecting && (events[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP)))
            connected(s);
        s->peer_ends |= (events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        s->readable |= s->peer_ends || (events[i].events & EPOLLIN) != 0;
        s->writable |= (events[i].events & EPOLLOUT) != 0;
        queue_work(s);
    }
}

/* No packets here: this is where the sockets are read and written. */
static bool kernel_output(struct host *h, struct packet *p, nsec now)
{
    struct kernel *k = (struct kernel *)h;
    (void)p, (void)now;
    while (k->work) {
        struct sock *s = k->work;
        k->work = s->work;
        s->in_work = false;
        work(s);
    }
    return false;
}

static nsec kernel_wake(const struct host *h)
{
    const struct kernel *k = (const struct kernel *)h;
    return k->news || k->work ? 0 : NEVER;
}
static void kernel_tick(struct host *h, nsec now) { (void)h, (void)now; }

static struct carrier *kernel_connect(struct host *h, const struct addr *to, uint16_t port, nsec now,
                                      struct fault *why)
{
    struct kernel *k = (struct kernel *)h;
    union address a;
    socklen_t n = to_kernel(to, port, &a);
    (void)now;
    struct sock *s =
        sock_new(k, CONNECTION, socket(a.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!s) {
        fault_of(errno, why);
        return NULL;
    }
    s->carrier.ops = &sock_ops;
    s->carrier.voice = k->host.voice;
    s->carrier.peer = *to;
    s->carrier.peer_port = port;
    s->connecting = true;
    s->cause = trace_cause(k->host.voice.trace);
    if (connect(s->fd, &a.any, n) != 0 && errno != EINPROGRESS) {
        fault_of(errno, why);
        sock_free(s);
        return NULL;
    }
    return &s->carrier;
}

static bool listening(int fd, const union address *a, socklen_t n, bool udp)
{
    int on = 1, off = 0;
    if (udp && a->any.sa_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0)
        return false;
    return fd >= 0 && (udp || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0) &&
           bind(fd, &a->any, n) == 0 && (udp || listen(fd, SOMAXCONN) == 0);
}

static struct sock *sock_bound(struct kernel *k, enum kind kind, const struct addr *at, uint16_t port,
                               struct fault *why)
{
    static const struct ground no_port = { "live.no_port", "bind(2)" };
    union address a;
    socklen_t n = to_kernel(at, port, &a);
    int fd =
        socket(a.any.sa_family, (kind == UDP ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (!listening(fd, &a, n, kind == UDP)) {
        refuse(why, &no_port, "a free port to listen on", "port %u: %s", port, strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    if (kind == LISTENER)
        set_options(fd);
    struct sock *s = sock_new(k, kind, fd);
    if (s)
        s->port = own_port(fd);
    return s;
}

static bool kernel_listen(struct host *h, const struct addr *at, uint16_t port, struct fault *why)
{
    return sock_bound((struct kernel *)h, LISTENER, at, port, why) != NULL;
}

static struct carrier *kernel_news(struct host *h)
{
    struct kernel *k = (struct kernel *)h;
    struct sock *s = k->news;
    if (!s)
        return NULL;
    k->news = s->news;
    if (!k->news)
        k->news_end = &k->news;
    s->in_news = false;
    if (s->released) {
        queue_work(s);
        return kernel_news(h);
    }
    trace_because(s->carrier.voice.trace, s->cause);
    return &s->carrier;
}

static struct sock *udp_of(struct kernel *k, uint16_t port)
{
    for (struct sock *s = k->all; s; s = s->all)
        if (s->kind == UDP && s->port == port)
            return s;
    return NULL;
}

static uint16_t kernel_udp_open(struct host *h, uint16_t port, struct fault *why)
{
    static const struct addr any4 = { .len = 4 }, any6 = { .len = 16 };
    struct fault no_six = { 0 };
    struct sock *s = sock_bound((struct kernel *)h, UDP, &any6, port, &no_six);
    if (s)
        s->six = true;
    else
        s = sock_bound((struct kernel *)h, UDP, &any4, port, why);
    return s ? s->port : 0;
}

static void kernel_udp_close(struct host *h, uint16_t port)
{
    if (udp_of((struct kernel *)h, port))
        sock_free(udp_of((struct kernel *)h, port));
}

static bool kernel_udp_send(struct host *h, struct datagram *d, nsec now)
{
    struct sock *s = udp_of((struct kernel *)h, d->from_port);
    union address a;
    struct addr to = s && s->six ? map(&d->to) : d->to;
    socklen_t n = to_kernel(&to, d->to_port, &a);
    (void)now;
    return s && sendto(s->fd, d->bytes, d->len, MSG_NOSIGNAL, &a.any, n) == (ssize_t)d->len;
}

static bool kernel_udp_next(struct host *h, struct datagram *d)
{
    struct kernel *k = (struct kernel *)h;
    for (struct sock *s = k->all; s; s = s->all) {
        union address a;
        socklen_t n = sizeof a;
        ssize_t got = s->kind == UDP ? recvfrom(s->fd, d->bytes, sizeof d->bytes, 0, &a.any, &n) : -1;
        if (got < 0)
            continue;
        d->len = (uint32_t)got;
        d->to_port = s->port;
        d->stream = 0;
        from_kernel(&a, &d->from, &d->from_port);
        unmap(&d->from);
        trace_because(k->host.voice.trace, 0);
        s->carrier.voice = k->host.voice;
        s->carrier.peer = d->from;
        s->carrier.peer_port = d->from_port;
        tell_said(s, "came", "RFC 768", d->len, 0);
        d->cause = s->cause;
        return true;
    }
    return false;
}

static bool kernel_busy(const struct host *h)
{
    for (const struct sock *s = ((const struct kernel *)h)->all; s; s = s->all)
        if (s->kind == CONNECTION)
            return true;
    return false;
}

static void kernel_free(struct host *h)
{
    struct kernel *k = (struct kernel *)h;
    while (k->all)
        sock_free(k->all);
    live_forget(k->live, k->epoll);
    close(k->epoll);
    free(k);
}

struct host *kernel_host_new(struct live *live, struct pool *pool, uint32_t ring_limit,
                             const struct voice *voice, struct fault *why)
{
    static const struct ground no_sockets = { "live.no_sockets", "epoll(7)" };
    static const struct host_ops ops = {
        .input = kernel_input, .output = kernel_output, .wake = kernel_wake, .tick = kernel_tick,
        .connect = kernel_connect, .listen = kernel_listen, .news = kernel_news, .udp_open = kernel_udp_open,
        .udp_close = kernel_udp_close, .udp_send = kernel_udp_send, .udp_next = kernel_udp_next,
        .busy = kernel_busy, .free = kernel_free };
    struct kernel *k = calloc(1, sizeof *k);
    if (k) {
        *k = (struct kernel){ .host = { .ops = &ops, .voice = *voice, .ipv6 = true }, .live = live, .pool = pool,
                              .ring_limit = ring_limit, .epoll = epoll_create1(EPOLL_CLOEXEC) };
        k->news_end = &k->news;
    }
    if (k && k->epoll >= 0 && live_watch(live, k->epoll, voice->host, NULL))
        return &k->host;
    refuse(why, &no_sockets, "an epoll descriptor", "%s", strerror(errno));
    free(k);
    return NULL;
}
