#define _GNU_SOURCE
#include "net/live.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 8, IN_A_ROW = 64 };                  /* in a row: not more than a stack has ANSWERS (stack_parts.h) */

struct watched { int fd; struct source *source; };    /* source NULL: a free place */

const struct ground live_link_lost = { "live.link_lost", "tun(4)" };

struct live {
    struct world world;
    struct chance chance;
    int epoll, signals;
    /* of the monotonic clock: what makes it count from 1970 */
    nsec ahead;
    struct epoll_event ready[EVENTS]; int n_ready, next;
    unsigned in_a_row;                                /* packets from the descriptor whose turn it is */
    struct watched watched[LIVE_SOURCES];
    struct packet packet; uint8_t store[PACKET_MAX];
};

static nsec clock_ns(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (nsec)t.tv_sec * SECOND + t.tv_nsec;
}

/* The date from the start on runs with the monotonic clock: it never goes back, whatever somebody sets. */
nsec live_now(const struct live *l) { return clock_ns(CLOCK_MONOTONIC) + l->ahead; }

static nsec world_now(const struct world *w) { return live_now((const struct live *)w); }

static void system_fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose;
    randombytes_buf(out, n);
}

/* What epoll carries for a descriptor: itself, the host it is for, whether it brings packets. */
static uint64_t tag(int fd, uint16_t host, bool packets)
{
    return (uint64_t)(uint32_t)fd << 32 | (uint64_t)host << 1 | packets;
}

/* The source of packets over this descriptor; fd -1: a free place. */
static struct watched *place_of(struct live *l, int fd)
{
    for (unsigned i = 0; i < LIVE_SOURCES; i++)
        if (fd < 0 ? !l->watched[i].source : l->watched[i].source && l->watched[i].fd == fd)
            return &l->watched[i];
    return NULL;
}

bool live_watch(struct live *l, int fd, uint16_t host, struct source *source)
{
    struct epoll_event e = { .events = EPOLLIN, .data.u64 = tag(fd, host, source != NULL) };
    struct watched *w = source ? place_of(l, -1) : NULL;
    if ((source && !w) || epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) != 0)
        return false;
    if (w)
        *w = (struct watched){ fd, source };
    return true;
}

/* What epoll has told already may be about this one; what else it told it tells again. */
void live_forget(struct live *l, int fd)
{
    struct watched *w = place_of(l, fd);
    if (w)
        w->source = NULL;
    epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL);
    l->next = l->n_ready = 0;
}

/* The links' own deadlines count too. */
static nsec with_sources(const struct live *l, nsec latest)
{
    for (unsigned i = 0; i < LIVE_SOURCES; i++) {
        const struct source *s = l->watched[i].source;
        nsec at = s && s->wake ? s->wake(s) : NEVER;
        latest = at < latest ? at : latest;
    }
    return latest;
}

static void tick_sources(struct live *l, nsec now)
{
    for (unsigned i = 0; i < LIVE_SOURCES; i++) {
        struct source *s = l->watched[i].source;
        if (s && s->wake && s->wake(s) <= now)
            s->tick(s, now);
    }
}

/* How long to wait for `latest`, rounded up, so that we do not come too early and spin. */
static int wait_ms(const struct live *l, nsec latest)
{
    if (latest == NEVER)
        return -1;
    nsec left = latest - live_now(l);
    if (left <= 0)
        return 0;
    left = (left + MILLISECOND - 1) / MILLISECOND;
    return left > 3600000 ? 3600000 : (int)left;
}

enum taken taken_by(long n)
{
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return NOTHING_THERE;
    return n > 0 ? TAKEN : LINK_LOST;
}

static enum taken take_packet(struct live *l, int fd, struct happening *h)
{
    struct watched *w = place_of(l, fd);
    if (!w)
        return NOTHING_THERE;
    l->packet = (struct packet){ .bytes = l->store, .room = sizeof l->store, .at = h->now };
    h->packet = &l->packet;
    h->what = HAPPENED_PACKET;
    return w->source->take(w->source, &l->packet, h->now);
}

/* One descriptor that is ready. */
static enum taken take(struct live *l, uint64_t tagged, struct happening *h)
{
    int fd = (int)(tagged >> 32);
    h->host = (uint16_t)(tagged >> 1);
    if (fd == l->signals) {
        struct signalfd_siginfo info;
        h->what = HAPPENED_STOP;
        return read(fd, &info, sizeof info) == (ssize_t)sizeof info ? TAKEN : NOTHING_THERE;
    }
    if (!(tagged & 1)) {
        h->what = HAPPENED_READY;
        return TAKEN;
    }
    return take_packet(l, fd, h);
}

static bool holds_more(struct live *l, uint64_t tagged)
{
    struct watched *w = place_of(l, (int)(tagged >> 32));
    return w && w->source->holds && w->source->holds(w->source);
}

/* A link is read while it has packets, so that not each costs an epoll_wait; but not for ever. */
static enum taken take_next(struct live *l, struct happening *h)
{
    uint64_t tagged = l->ready[l->next].data.u64;
    enum taken taken = take(l, tagged, h);
    bool packet = (taken == TAKEN || taken == TAKEN_ASIDE) && tagged & 1;
    if (!packet || (++l->in_a_row >= IN_A_ROW && !holds_more(l, tagged))) {
        l->next++;
        l->in_a_row = 0;
    }
    return taken;
}

/* From the link that has just given one, as long as it has its turn. An error shows when it is read again. */
static bool live_more(struct world *w, struct happening *h)
{
    struct live *l = (struct live *)w;
    if (l->in_a_row == 0 || l->next == l->n_ready)
        return false;
    enum taken taken;
    do {
        taken = take_next(l, h);
    } while (taken == TAKEN_ASIDE && l->in_a_row);
    return taken == TAKEN;
}

static bool live_next(struct world *w, nsec latest, struct happening *h)
{
    struct live *l = (struct live *)w;
    for (;;) {
        if (l->next == l->n_ready) {
            l->next = 0;
            l->n_ready = epoll_wait(l->epoll, l->ready, EVENTS, wait_ms(l, with_sources(l, latest)));
            if (l->n_ready < 0) {
                l->n_ready = 0;
                if (errno != EINTR)
                    return false;
            }
        }
        *h = (struct happening){ .what = HAPPENED_TIMER, .now = live_now(l) };
        tick_sources(l, h->now);
        enum taken taken = l->next < l->n_ready ? take_next(l, h) : NOTHING_THERE;
        if (taken == TAKEN_ASIDE)
            continue;
        if (taken != NOTHING_THERE)
            return taken == TAKEN;
        /* also where a descriptor is ready and gives nothing, again and again */
        if (l->next == l->n_ready && latest <= h->now) {
            h->what = HAPPENED_TIMER;
            return true;
        }
    }
}

/* SIGINT and SIGTERM as octets on a descriptor; an inherited "ignore" (nohup, a shell's &) is undone, else
 * they would be thrown away. */
static int catch_signals(void)
{
    sigset_t caught;
    sigemptyset(&caught);
    sigaddset(&caught, SIGINT);
    sigaddset(&caught, SIGTERM);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &caught, NULL);
    return signalfd(-1, &caught, SFD_NONBLOCK | SFD_CLOEXEC);
}

struct live *live_new(struct fault *why)
{
    static const struct ground no_world = { "live.no_world", "epoll(7)" };
    struct live *l = calloc(1, sizeof *l);
    if (l) {
        l->world = (struct world){ .next = live_next, .more = live_more, .now = world_now };
        l->chance.fill = system_fill;
        l->ahead = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
        l->epoll = epoll_create1(EPOLL_CLOEXEC);
        l->signals = catch_signals();
    }
    if (l && l->epoll >= 0 && l->signals >= 0 && live_watch(l, l->signals, 0, NULL))
        return l;
    refuse(why, &no_world, "an epoll and a signal descriptor", "%s", strerror(errno));
    live_free(l);
    return NULL;
}

void live_free(struct live *l)
{
    if (!l)
        return;
    if (l->epoll >= 0)
        close(l->epoll);
    if (l->signals >= 0)
        close(l->signals);
    free(l);
}

struct world  *live_world(struct live *l) { return &l->world; }
struct chance *live_chance(struct live *l) { return &l->chance; }
