#define _GNU_SOURCE
#include "net/ether_link.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define ROUTER_WAIT (6 * SECOND)                      /* for two of our questions: RFC 4861 §6.3.7 */

static struct ether_link *of_source(const struct source *s)
{
    return (struct ether_link *)((char *)(uintptr_t)s - offsetof(struct ether_link, source));
}

/* What Ethernet itself wants to send. */
static void flush(struct ether_link *l, nsec now)
{
    uint8_t frame[ETHER_FRAME];
    for (uint32_t n; (n = ether_next(&l->ether, frame, now)) != 0;) {
        struct packet rest = { .bytes = frame + ETHER_HEADER, .len = n - ETHER_HEADER };
        l->frames->write(l, frame, ETHER_HEADER, &rest);
    }
}

static bool send_packet(struct link *link, const struct packet *p, nsec now)
{
    struct ether_link *l = (struct ether_link *)link;
    uint8_t head[ETHER_HEADER];
    bool sent = ether_output(&l->ether, p, head, now) && l->frames->write(l, head, ETHER_HEADER, p);
    if (ether_wants(&l->ether))
        flush(l, now);
    return sent;
}

static enum taken take(struct source *s, struct packet *p, nsec now)
{
    struct ether_link *l = of_source(s);
    enum taken taken = l->frames->read(l, p);
    if (taken != TAKEN)
        return taken;
    bool for_us = ether_input(&l->ether, p, now);
    if (ether_wants(&l->ether) || (!for_us && l->ether.n_waiting))
        flush(l, now);
    return for_us ? TAKEN : TAKEN_ASIDE;
}

static nsec wake(const struct source *s) { return ether_wake(&of_source(s)->ether); }

static void tick(struct source *s, nsec now)
{
    struct ether_link *l = of_source(s);
    ether_tick(&l->ether, now);
    flush(l, now);
}

static bool holds(const struct source *s)
{
    const struct ether_link *l = of_source(s);
    return l->frames->holds && l->frames->holds(l);
}

static void close_link(struct link *link)
{
    struct ether_link *l = (struct ether_link *)link;
    live_forget(l->live, l->fd);
    l->frames->end(l);
    free(l);
}

struct ether_link *ether_link_new(struct live *live, const struct frames *frames, int fd, void *own)
{
    struct ether_link *l = calloc(1, sizeof *l);
    struct ether_link fresh = {
        .link = { .send = send_packet, .mtu = PACKET_MTU, .close = close_link },
        .source = { .take = take, .wake = wake, .tick = tick, .holds = holds },
        .frames = frames, .live = live, .fd = fd, .own = own,
    };
    if (!l) {
        frames->end(&fresh);
        return NULL;
    }
    *l = fresh;
    return l;
}

/* Our address is ours, or not; and one that is to be made is there, or nobody has said for long of which network. */
static bool settled(const struct ether_link *l, nsec since)
{
    const struct ether *e = &l->ether;
    bool waits = e->config.addr6.len && !nd_has_addr(&e->nd) && live_now(l->live) - since < ROUTER_WAIT;
    return e->own == ETHER_TAKEN || (e->own == ETHER_OURS && !waits);
}

/* Until it is known whether our address is ours. False: the link was lost meanwhile. */
static bool settle(struct ether_link *l)
{
    nsec since = live_now(l->live);
    uint8_t *frame = malloc(PACKET_MAX);
    enum taken taken = frame ? NOTHING_THERE : LINK_LOST;
    flush(l, live_now(l->live));
    while (!settled(l, since) && taken != LINK_LOST) {
        struct pollfd p = { .fd = l->fd, .events = POLLIN };
        nsec at = ether_wake(&l->ether), left = at - live_now(l->live);
        left = left < ROUTER_WAIT ? left : ROUTER_WAIT;
        if (poll(&p, 1, left > 0 ? (int)((left + MILLISECOND - 1) / MILLISECOND) : 0) < 0 && errno != EINTR)
            taken = LINK_LOST;
        do {
            struct packet packet = { .bytes = frame, .room = PACKET_MAX };
            taken = p.revents ? take(&l->source, &packet, live_now(l->live)) : NOTHING_THERE;
        } while (taken == TAKEN || taken == TAKEN_ASIDE);
        tick(&l->source, live_now(l->live));
    }
    free(frame);
    return taken != LINK_LOST;
}

struct link *ether_link_start(struct ether_link *l, const struct ether_ends *ends, struct fault *why)
{
    static const struct ground taken = { "live.address_taken", "RFC 5227 §2.1.1" };
    static const struct ground no_router = { "live.no_router", "RFC 4862 §5.5" };
    struct mac mac;
    chance_fill(live_chance(l->live), "mac", mac.octets, MAC_LEN);
    mac.octets[0] = (uint8_t)((mac.octets[0] & ~1) | 2);          /* one host's, given by nobody: IEEE 802 */
    ether_start(&l->ether, &(struct ether_config){ .mac = mac, .addr = ends->addr, .addr6 = ends->addr6,
                                                   .prefix6 = ends->prefix6, .voice = ends->voice },
                live_now(l->live));
    bool good = settle(l);
    if (!good)
        refuse(why, &live_link_lost, "a link that stays until we know our address", "its end");
    else if (l->ether.own == ETHER_TAKEN)
        good = refuse(why, &taken, "an address that nobody else on the link has", "an answer to our question in ARP");
    else if (ends->addr6.len && !nd_has_addr(&l->ether.nd))
        good = refuse(why, &no_router, "a router that says which IPv6 network this is", "none within six seconds");
    if (good && live_watch(l->live, l->fd, ends->host, &l->source))
        return &l->link;
    l->frames->end(l);
    free(l);
    return NULL;
}

bool ether_link_addr6(const struct link *link, struct addr *addr, uint8_t *prefix)
{
    const struct nd *nd = &((const struct ether_link *)link)->ether.nd;
    *addr = nd->addr;
    *prefix = nd->prefix;
    return nd_has_addr(nd);
}
