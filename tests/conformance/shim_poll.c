/* Readiness: poll() and epoll, in the terms of carrier_ready (net/carrier.h). */
#include "tests/conformance/shim.h"
#include "tests/conformance/interface.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>

static int refuse_with(int error) { errno = error; return -1; }

/* The kernel calls a socket writable when a third of its buffer is free, and less than half of TCP_NOTSENT_LOWAT
 * waits to be sent. */
bool shim_writable(const struct shim_socket *s)
{
    const struct carrier *c = s->carrier;
    uint64_t unsent = c->out.len - tcp_flight((const struct tcp *)c);
    return c->ended || c->closing || (c->out.len <= s->send_limit / 3 * 2 && 2 * unsent < s->unsent_limit);
}

/* What poll() says of it: POLLIN and the others are EPOLLIN and so on. */
static uint32_t ready(const struct shim_socket *s)
{
    if (s->listening)
        return s->n_waiting ? POLLIN : 0;
    if (!s->carrier)
        return POLLOUT | POLLHUP;
    unsigned now = carrier_ready(s->carrier);
    uint32_t in = s->reads_shut || now & (CARRIER_READABLE | CARRIER_PEER_DONE | CARRIER_ENDED) ? POLLIN : 0;
    uint32_t out = now & CARRIER_ENDED || (now & CARRIER_OPENED && shim_writable(s)) ? POLLOUT : 0;
    uint32_t bad = now & CARRIER_ENDED ? POLLHUP | (shim_error(s) ? POLLERR : 0) : 0;
    return in | out | bad;
}

/* EPOLLET: what came anew since it was told last. */
void shim_notice(struct shim *m)
{
    for (unsigned i = 0; i < SHIM_SOCKETS; i++) {
        struct shim_socket *s = &m->sockets[i];
        if (s->fd < 0 || !s->carrier)
            continue;
        uint64_t came = ((const struct tcp *)s->carrier)->octets_received;
        if (came != s->text_came || (s->carrier->open && !s->was_open))
            s->last_text = m->now;
        s->was_open = s->carrier->open;
        s->text_came = came;
        if (!s->watched_by)
            continue;
        uint32_t now = ready(s);
        if (now & ~s->was_ready || came != s->had_come)
            s->has_edge = true;
        s->was_ready = now;
        s->had_come = came;
    }
}

static bool is_awaited(const struct shim_socket *s) { return ready(s) & (s->awaited | POLLERR | POLLHUP); }

static int call_poll(void *stack, struct pollfd *fds, nfds_t n, int timeout)
{
    struct shim *m = stack;
    int found = 0;
    pthread_mutex_lock(&m->lock);
    struct shim_socket *s = n == 1 ? shim_find(m, fds->fd) : NULL;
    if (s && timeout) {
        s->awaited = (uint32_t)fds->events;
        bool nonblocking = s->nonblocking;
        s->nonblocking = false;
        shim_wait_until(m, s, is_awaited, timeout < 0 ? NEVER : m->now + timeout * MILLISECOND);
        s->nonblocking = nonblocking;
    }
    for (nfds_t i = 0; i < n; i++) {
        s = shim_find(m, fds[i].fd);
        uint32_t asked = (uint32_t)fds[i].events | POLLERR | POLLHUP;
        fds[i].revents = s ? (short)(ready(s) & asked) : POLLNVAL;
        found += fds[i].revents != 0;
    }
    pthread_mutex_unlock(&m->lock);
    return found;
}

static int call_epoll_create(void *stack, int n)
{
    (void)stack;
    (void)n;
    return open("/dev/null", O_RDWR);
}

static int call_epoll_ctl(void *stack, int fd, int operation, int other, struct epoll_event *event)
{
    struct shim *m = stack;
    pthread_mutex_lock(&m->lock);
    struct shim_socket *s = shim_find(m, other);
    if (s && operation == EPOLL_CTL_DEL)
        s->watched_by = 0;
    else if (s) {
        s->watched_by = fd;
        s->watched_for = *event;
        s->was_ready = s->carrier ? ready(s) : 0;
        s->had_come = s->carrier ? ((const struct tcp *)s->carrier)->octets_received : 0;
        s->has_edge = true;
    }
    pthread_mutex_unlock(&m->lock);
    return s ? 0 : -1;
}

/* Does not wait: no script needs it. */
static int call_epoll_wait(void *stack, int fd, struct epoll_event *out, int most, int timeout)
{
    struct shim *m = stack;
    int n = 0;
    (void)timeout;
    pthread_mutex_lock(&m->lock);
    for (unsigned i = 0; i < SHIM_SOCKETS && n < most; i++) {
        struct shim_socket *s = &m->sockets[i];
        if (s->fd < 0 || s->watched_by != fd)
            continue;
        uint32_t now = ready(s) & (s->watched_for.events | EPOLLERR | EPOLLHUP);
        bool told = s->watched_for.events & EPOLLET && !s->has_edge;
        if (!now || told)
            continue;
        s->has_edge = false;
        out[n++] = (struct epoll_event){ .events = now, .data = s->watched_for.data };
    }
    pthread_mutex_unlock(&m->lock);
    return n;
}

static int no_pipe(void *m, int fds[2]) { (void)m, (void)fds; return refuse_with(ENOSYS); }
static ssize_t no_splice(void *m, int in, loff_t *from, int out, loff_t *to, size_t n, unsigned flags)
{
    (void)m, (void)in, (void)from, (void)out, (void)to, (void)n, (void)flags;
    return refuse_with(ENOSYS);
}

void shim_poll_calls(struct packetdrill_interface *out)
{
    out->poll = call_poll;
    out->epoll_create = call_epoll_create;
    out->epoll_ctl = call_epoll_ctl;
    out->epoll_wait = call_epoll_wait;
    out->pipe = no_pipe;
    out->splice = no_splice;
}
