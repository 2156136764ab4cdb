/* System calls on sockets, each in the terms of a host and its carriers (net/host.h, net/carrier.h). */
#include "tests/conformance/shim.h"
#include "tests/conformance/interface.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>

static int refuse_with(int error) { errno = error; return -1; }

static struct shim *lock(void *stack)
{
    struct shim *m = stack;
    pthread_mutex_lock(&m->lock);
    shim_count(m);
    return m;
}

/* Leaves the shim, after the stack has sent what it has to send; errno is as the call set it. */
static ssize_t leave(struct shim *m, ssize_t result)
{
    int error = errno;
    shim_pump(m);
    pthread_mutex_unlock(&m->lock);
    errno = error;
    return result;
}

/* --- addresses --- */

static bool take_address(const struct sockaddr *from, struct addr *addr, uint16_t *port)
{
    if (from->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)from;
        uint8_t octets[4];
        memcpy(octets, &in->sin_addr, sizeof octets);
        *addr = addr_v4(octets[0], octets[1], octets[2], octets[3]);
        *port = ntohs(in->sin_port);
        return true;
    }
    if (from->sa_family != AF_INET6)
        return false;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)from;
    addr->len = 16;
    memcpy(addr->octets, &in6->sin6_addr, 16);
    *port = ntohs(in6->sin6_port);
    return true;
}

static void give_address(const struct addr *addr, uint16_t port, struct sockaddr *to, socklen_t *n)
{
    if (!to || !n)
        return;
    if (addr->len == 4) {
        struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(port) };
        memcpy(&in.sin_addr, addr->octets, 4);
        memcpy(to, &in, *n < sizeof in ? *n : sizeof in);
        *n = sizeof in;
    } else {
        struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
        memcpy(&in6.sin6_addr, addr->octets, 16);
        memcpy(to, &in6, *n < sizeof in6 ? *n : sizeof in6);
        *n = sizeof in6;
    }
}

/* --- making and taking connections --- */

static struct shim_socket *new_socket(struct shim *m, int domain)
{
    for (unsigned i = 0; i < SHIM_SOCKETS; i++) {
        struct shim_socket *s = &m->sockets[i];
        if (s->fd >= 0 || s->carrier)
            continue;
        *s = (struct shim_socket){ .fd = open("/dev/null", O_RDWR), .domain = domain,
                                   .config = *stack_tcp_config(m->stack), .send_limit = m->settings.wmem[1],
                                   .unsent_limit = m->settings.notsent_lowat, .keepalive_idle = 7200 * SECOND };
        return s->fd >= 0 ? s : NULL;
    }
    errno = EMFILE;
    return NULL;
}

/* The kernel lets a write in a piece at a time (as much as may leave in one go), while less than SO_SNDBUF lies there:
 * so that up to a piece more may lie there in the end. */
enum { PIECE_MOST = 65000 };

static uint32_t piece_of(const struct tcp *t)
{
    uint32_t half = t->snd_wnd_max > TCP_MSS_DEFAULT ? t->snd_wnd_max / 2 : t->snd_wnd_max;
    uint32_t n = half < PIECE_MOST ? half : PIECE_MOST;
    return t->mss && n > t->mss ? n - n % t->mss : t->mss;
}

/* How much of the last piece is still to be filled. It begins where the one before it was full, or behind what was
 * sent. */
static uint32_t piece_left(struct shim_socket *s)
{
    const struct tcp *t = (const struct tcp *)s->carrier;
    uint64_t all = t->octets_acked + t->carrier.out.len, sent = t->octets_acked + tcp_flight(t);
    s->piece_from = s->piece_from > sent ? s->piece_from : sent;
    if (s->piece_from > all || all - s->piece_from >= piece_of(t))
        s->piece_from = all;
    return piece_of(t) - (uint32_t)(all - s->piece_from);
}

void shim_set_room(struct shim_socket *s) { s->carrier->out.limit = s->send_limit + PIECE_MOST; }

/* An MSS of the route is what we announce; we take what the link takes. Its MTU, as if a router had told. */
static void mind_route(const struct shim *m, struct shim_socket *s, struct tcp *t)
{
    if (m->route.advmss)
        s->config.mss = m->link_mss;
    if (m->route.mtu)
        t->path_mtu = (uint16_t)m->route.mtu;
    if (m->route.advmss || m->route.mtu)
        tcp_set_mss(t);
}

static void adopt(struct shim *m, struct shim_socket *s, struct carrier *c)
{
    struct tcp *t = (struct tcp *)c;
    s->carrier = c;
    c->user = s;
    t->config = &s->config;
    mind_route(m, s, t);
    s->last_text = s->counted_to = m->now;
    shim_set_room(s);
}

static int call_socket(void *stack, int domain, int type, int protocol)
{
    struct shim *m = lock(stack);
    (void)protocol;
    if ((type & 0xf) != SOCK_STREAM || !shim_start(m, domain))
        return (int)leave(m, refuse_with(EPROTONOSUPPORT));
    struct shim_socket *s = new_socket(m, domain);
    if (s)
        s->nonblocking = type & SOCK_NONBLOCK;
    return (int)leave(m, s ? s->fd : -1);
}

static int call_bind(void *stack, int fd, const struct sockaddr *at, socklen_t n)
{
    struct shim *m = lock(stack);
    struct shim_socket *s = shim_find(m, fd);
    struct addr addr = { 0 };
    (void)n;
    if (s && !take_address(at, &addr, &s->port))
        return (int)leave(m, refuse_with(EAFNOSUPPORT));
    static const struct addr any;
    if (s && memcmp(addr.octets, any.octets, sizeof any.octets))
        stack_add_addr(m->stack, &addr, (uint8_t)(8 * addr.len));     /* some scripts have a local address of their own */
    return (int)leave(m, s ? 0 : -1);
}

static int call_listen(void *stack, int fd, int backlog)
{
    struct shim *m = lock(stack);
    struct shim_socket *s = shim_find(m, fd);
    struct fault why;
    if (!s)
        return (int)leave(m, -1);
    if (s->carrier)
        return (int)leave(m, refuse_with(EINVAL));
    *stack_tcp_config(m->stack) = s->config;          /* options set on a listener are its connections' */
    if (!s->listening && !m->host->ops->listen(m->host, &(struct addr){ 0 }, s->port, &why))
        return (int)leave(m, refuse_with(EADDRINUSE));
    s->listening = true;
    stack_set_backlog(m->stack, &(struct addr){ 0 }, s->port, (unsigned)(backlog < 0 ? 0 : backlog) + 1);
    return (int)leave(m, 0);
}

static struct shim_socket *listener_of(struct shim *m, const struct carrier *c)
{
    for (unsigned i = 0; i < SHIM_SOCKETS; i++)
        if (m->sockets[i].fd >= 0 && m->sockets[i].listening && m->sockets[i].port == c->port)
            return &m->sockets[i];
    return NULL;
}

void shim_news(struct shim *m, struct carrier *c)
{
    struct shim_socket *s = c->user, *l;
    if (s && s->fd < 0 && c->ended)
        s->carrier = NULL;                            /* closed by its program, and now by both ends */
    if (s || !c->passive)
        return;
    l = listener_of(m, c);
    for (unsigned i = 0; l && i < l->n_waiting; i++)
        if (l->waiting[i] == c)
            return;
    if (l && l->n_waiting < SHIM_BACKLOG)
        l->waiting[l->n_waiting++] = c;
    else
        carrier_abort(c);
}

static bool somebody_waits(const struct shim_socket *s) { return s->n_waiting > 0; }

static int call_accept(void *stack, int fd, struct sockaddr *from, socklen_t *n)
{
    struct shim *m = lock(stack);
    struct shim_socket *s = shim_find(m, fd);
    if (!s || !s->listening)
        return (int)leave(m, s ? refuse_with(EINVAL) : -1);
    if (!shim_wait(m, s, somebody_waits))
        return (int)leave(m, refuse_with(EAGAIN));
    struct carrier *c = s->waiting[0];
    memmove(s->waiting, s->waiting + 1, --s->n_waiting * sizeof c);
    struct shim_socket *taken = new_socket(m, s->domain);
    if (!taken)
        return (int)leave(m, -1);
    taken->config = s->config;
    taken->send_limit = s->send_limit;
    adopt(m, taken, c);
    give_address(&c->peer, c->peer_port, from, n);
    return (int)leave(m, taken->fd);
}

static bool is_decided(const struct shim_socket *s)
{
    return carrier_ready(s->carrier) & (CARRIER_OPENED | CARRIER_PEER_DONE | CARRIER_ENDED);
}

int shim_error(const struct shim_socket *s)
{
    static const struct { const char *ground; int error; } errors[] = {
        { "tcp.refused", ECONNREFUSED }, { "tcp.reset", ECONNRESET }, { "tcp.aborted", ECONNABORTED },
        { "tcp.timeout", ETIMEDOUT }, { "tcp.silent", ETIMEDOUT },
        { "tcp.not_alive", ETIMEDOUT }, { "tcp.user_timeout", ETIMEDOUT }, { "tcp.unreachable", EHOSTUNREACH },
    };
    const struct ground *ground = s->carrier && s->carrier->fault ? s->carrier->fault->ground : NULL;
    if (!ground || s->error_told)
        return 0;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        if (!strcmp(errors[i].ground, ground->id))
            return errors[i].error;
    return EIO;
}

static int take_error(struct shim_socket *s)
{
    int error = shim_error(s);
    s->error_told = s->error_told || error;
    return error;
}

static int connect_again(struct shim_socket *s)
{
    int error = take_error(s);
    return error ? refuse_with(error) : s->carrier->open ? refuse_with(EISCONN) : refuse_with(EALREADY);
}

static int call_connect(void *stack, int fd, const struct sockaddr *to, socklen_t n)
{
    struct shim *m = lock(stack);
    struct shim_socket *s = shim_find(m, fd);
    struct addr addr;
    uint16_t port;
    struct fault why;
    (void)n;
    if (!s)
        return (int)leave(m, -1);
    if (s->carrier)
        return (int)leave(m, connect_again(s));
    if (!take_address(to, &addr, &port))
        return (int)leave(m, refuse_with(EAFNOSUPPORT));
    struct tcp_config *shared = stack_tcp_config(m->stack), kept = *shared;
    *shared = s->config;
    struct carrier *c = m->host->ops->connect(m->host, &addr, port, m->now, &why);
    *shared = kept;
    if (!c)
        return (int)leave(m, refuse_with(EADDRNOTAVAIL));
    adopt(m, s, c);
    shim_pump(m);
    if (!shim_wait(m, s, is_decided))
        return (int)leave(m, refuse_with(EINPROGRESS));
    int error = take_error(s);
    return (int)leave(m, error ? refuse_with(error) : 0);
}

/* --- octets in --- */

enum { CMSG_INQ = 36 };                               /* TCP_CM_INQ */

static bool can_read(const struct shim_socket *s)
{
    return s->reads_shut || carrier_ready(s->carrier) & (CARRIER_READABLE | CARRIER_PEER_DONE | CARRIER_ENDED);
}

static size_t take_octets(struct shim_socket *s, const struct iovec *iov, int n_iov)
{
    size_t taken = 0;
    for (int i = 0; i < n_iov; i++) {
        struct bytes held = ring_peek(&s->carrier->in);
        size_t n = held.n < iov[i].iov_len ? held.n : iov[i].iov_len;
        if (n)
            memcpy(iov[i].iov_base, held.at, n);
        ring_consume(&s->carrier->in, n);
        taken += n;
    }
    carrier_touch(s->carrier, 0);
    return taken;
}

/* What the kernel would find when it copies. */
static bool is_bad(const struct iovec *iov, int n_iov)
{
    for (int i = 0; i < n_iov; i++)
        if (!iov[i].iov_base && iov[i].iov_len)
            return true;
    return false;
}

static ssize_t read_octets(void *stack, int fd, const struct iovec *iov, int n_iov, int flags)
{
    struct shim *m = lock(stack);
    struct shim_socket *s = shim_find(m, fd);
    if (is_bad(iov, n_iov))
        return leave(m, refuse_with(EFAULT));
    if (!s || !s->carrier)
        return leave(m, s ? refuse_with(ENOTCONN) : -1);
    bool nonblocking = s->nonblocking;
    s->nonblocking = nonblocking || flags & MSG_DONTWAIT;
    bool came = shim_wait(m, s, can_read);
    s->nonblocking = nonblocking;
    if (!came)
        return leave(m, refuse_with(EAGAIN));
    if (s->carrier->in.len)
        return leave(m, (ssize_t)take_octets(s, iov, n_iov));
    int error = s->reads_shut ? 0 : take_error(s);
    return leave(m, error ? refuse_with(error) : 0);
}

static ssize_t call_read(void *stack, int fd, void *out, size_t n)
{
    return read_octets(stack, fd, &(struct iovec){ out, n }, 1, 0);
}
static ssize_t call_readv(void *stack, int fd, const struct iovec *iov, int n)
{
    return read_octets(stack, fd, iov, n, 0);
}
static ssize_t call_recv(void *stack, int fd, void *out, size_t n, int flags)
{
    return read_octets(stack, fd, &(struct iovec){ out, n }, 1, flags);
}
static ssize_t call_recvfrom(void *stack, int fd, void *out, size_t n, int flags, struct sockaddr *from, socklen_t *len)
{
    (void)from, (void)len;
    return read_octets(stack, fd, &(struct iovec){ out, n }, 1, flags);
}
static ssize_t call_recvmsg(void *stack, int fd, struct msghdr *msg, int flags)
{
    msg->msg_flags = 0;
    ssize_t n = read_octets(stack, fd, msg->msg_iov, (int)msg->msg_iovlen, flags);
    struct shim_socket *s = shim_find(stack, fd);
    struct cmsghdr *c = CMSG_FIRSTHDR(msg);
    if (n >= 0 && s && s->inq && c && msg->msg_controllen >= CMSG_SPACE(sizeof(int))) {
        int left = s->carrier->in.len ? (int)s->carrier->in.len : s->carrier->peer_done;
        c->cmsg_level = IPPROTO_TCP;
        c->cmsg_type = CMSG_INQ;
        c->cmsg_len = CMSG_LEN(sizeof left);
        memcpy(CMSG_DATA(c), &left, sizeof left);
        msg->msg_controllen = CMSG_SPACE(sizeof left);
    } else {
        msg->msg_controllen = 0;
    }
    return n;
}

/* --- octets out --- */

static bool is_over(const struct carrier *c) { return c->ended || c->closing; }

static bool can_write(const struct shim_socket *s)
{
    const struct carrier *c = s->carrier;
    uint32_t unsent = c->out.len - tcp_flight((const struct tcp *)c);
    return is_over(c) || (c->open && c->out.len < s->send_limit && unsent < s->unsent_limit);
}

static bool wait_for_room(struct shim *m, struct shim_socket *s)
{
    s->writer_waits = true;
    bool came = shim_wait(m, s, s->carrier->open ? shim_writable : can_write);
    shim_count(m);
    s->writer_waits = false;
    return came;
}

/* Writes n octets as far as they fit. The stack sends after each piece, as the kernel does. */
static size_t write_pieces(struct shim *m, struct shim_socket *s, const uint8_t *at, size_t n)
{
    size_t written = 0;
    while (written < n) {
        bool open = s->carrier->open && !s->carrier->closing;
        uint32_t room = open ? piece_left(s) : 0;
        if (!open || room == piece_of((struct tcp *)s->carrier))
            if (!can_write(s) && !wait_for_room(m, s))
                break;
        if (is_over(s->carrier))
            break;
        room = piece_left(s);
        room = n - written < room ? (uint32_t)(n - written) : room;
        written += ring_write(&s->carrier->out, at + written, room);
        if (written < n) {
            carrier_touch(s->carrier, 0);
            shim_pump(m);
        }
    }
    return written;
}

static ssize_t write_octets(void *stack, int fd, const struct iovec *iov, int n_iov, int flags)
{
    struct shim *m = lock(stack);
    struct shim_socket *s = shim_find(m, fd);
    if (is_bad(iov, n_iov))
        return leave(m, refuse_with(EFAULT));
    if (!s || !s->carrier)
        return leave(m, s ? refuse_with(s->listening ? EPIPE : ENOTCONN) : -1);
    bool nonblocking = s->nonblocking;
    size_t written = 0, wanted = 0;
    struct tcp *t = (struct tcp *)s->carrier;
    if (flags & MSG_MORE)
        t->more = t->more_waits = true;
    s->nonblocking = nonblocking || flags & MSG_DONTWAIT;
    for (int i = 0; i < n_iov && written == wanted; i++) {
        wanted += iov[i].iov_len;
        written += write_pieces(m, s, iov[i].iov_base, iov[i].iov_len);
    }
    s->nonblocking = nonblocking;
    if (!(flags & MSG_MORE))
        t->more = t->more_waits = false;
    carrier_touch(s->carrier, 0);
    if (written || !wanted)
        return leave(m, (ssize_t)written);
    if (!is_over(s->carrier))
        return leave(m, refuse_with(EAGAIN));
    int error = s->carrier->closing ? 0 : take_error(s);
    return leave(m, refuse_with(error && error != ECONNABORTED ? error : EPIPE));
}

static ssize_t call_write(void *stack, int fd, const void *octets, size_t n)
{
    return write_octets(stack, fd, &(struct iovec){ (void *)(uintptr_t)octets, n }, 1, 0);
}
static ssize_t call_writev(void *stack, int fd, const struct iovec *iov, int n)
{
    return write_octets(stack, fd, iov, n, 0);
}
static ssize_t call_send(void *stack, int fd, const void *octets, size_t n, int flags)
{
    return write_octets(stack, fd, &(struct iovec){ (void *)(uintptr_t)octets, n }, 1, flags);
}
static ssize_t call_sendto(void *stack, int fd, const void *octets, size_t n, int flags, const struct sockaddr *to,
                           socklen_t len)
{
    (void)to, (void)len;
    return call_send(stack, fd, octets, n, flags);
}
static ssize_t call_sendmsg(void *stack, int fd, const struct msghdr *msg, int flags)
{
    return write_octets(stack, fd, msg->msg_iov, (int)msg->msg_iovlen, flags);
}

/* --- the end, and the rest --- */

static int call_shutdown(void *stack, int fd, int how)
{
    struct shim *m = lock(stack);
    struct shim_socket *s = shim_find(m, fd);
    if (!s || !s->carrier)
        return (int)leave(m, s ? refuse_with(ENOTCONN) : -1);
    if (s->carrier->ended)
        return (int)leave(m, refuse_with(ENOTCONN));
    if (how != SHUT_WR)
        s->reads_shut = true;
    if (how != SHUT_RD) {
        s->writes_shut = true;
        carrier_close(s->carrier);
    }
    return (int)leave(m, 0);
}

static int call_close(void *stack, int fd)
{
    struct shim *m = lock(stack);
    struct shim_socket *s = shim_find(m, fd);
    if (!s)
        return (int)leave(m, -1);
    for (unsigned i = 0; i < s->n_waiting; i++)
        carrier_abort(s->waiting[i]);
    struct carrier *c = s->carrier;
    close(s->fd);
    s->fd = -1;
    if (c) {                                          /* its config stays in use until it is gone */
        if (c->ended)
            s->carrier = NULL;
        carrier_release(c);
    }
    return (int)leave(m, 0);
}

static int call_fcntl(void *stack, int fd, int command, ...)
{
    struct shim *m = lock(stack);
    struct shim_socket *s = shim_find(m, fd);
    va_list args;
    va_start(args, command);
    int result = s ? 0 : -1;
    if (s && command == F_SETFL)
        s->nonblocking = va_arg(args, int) & O_NONBLOCK;
    else if (s && command == F_GETFL)
        result = O_RDWR | (s->nonblocking ? O_NONBLOCK : 0);
    else if (s)
        result = refuse_with(EINVAL);
    va_end(args);
    return (int)leave(m, result);
}

static int call_ioctl(void *stack, int fd, unsigned long request, ...)
{
    struct shim *m = lock(stack);
    struct shim_socket *s = shim_find(m, fd);
    va_list args;
    va_start(args, request);
    int result = s ? 0 : -1, *out = va_arg(args, int *);
    va_end(args);
    if (!s)
        return (int)leave(m, result);
    const struct tcp *t = (const struct tcp *)s->carrier;
    if (request == SIOCINQ)
        *out = t ? (int)t->carrier.in.len : 0;
    else if (request == SIOCOUTQ)
        *out = t ? (int)(t->carrier.out.len + (t->fin_sent && !t->carrier.ended)) : 0;
    else if (request == SIOCOUTQNSD)
        *out = t ? (int)(t->carrier.out.len - (t->snd_nxt - t->snd_una)) : 0;
    else
        result = refuse_with(EINVAL);
    return (int)leave(m, result);
}

void shim_socket_calls(struct packetdrill_interface *out)
{
    out->socket = call_socket;
    out->bind = call_bind;
    out->listen = call_listen;
    out->accept = call_accept;
    out->connect = call_connect;
    out->read = call_read;
    out->readv = call_readv;
    out->recv = call_recv;
    out->recvfrom = call_recvfrom;
    out->recvmsg = call_recvmsg;
    out->write = call_write;
    out->writev = call_writev;
    out->send = call_send;
    out->sendto = call_sendto;
    out->sendmsg = call_sendmsg;
    out->fcntl = call_fcntl;
    out->ioctl = call_ioctl;
    out->close = call_close;
    out->shutdown = call_shutdown;
}
