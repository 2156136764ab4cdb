/* What the route to the peer says, in the namespace that packetdrill runs in: some scripts change it (ip route change
 * ... advmss 600 mtu lock 640 initcwnd 11). Asked by rtnetlink. */
#include "tests/conformance/shim.h"

#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ANSWER = 16384 };

/* The next attribute of a block, NULL at its end. */
static const struct rtattr *next(const uint8_t **at, size_t *left)
{
    const struct rtattr *a = (const void *)*at;
    if (*left < sizeof *a || a->rta_len < sizeof *a || a->rta_len > *left)
        return NULL;
    size_t n = RTA_ALIGN(a->rta_len);
    n = n < *left ? n : *left;
    *at += n;
    *left -= n;
    return a;
}

static const uint8_t *value_of(const struct rtattr *a) { return (const uint8_t *)a + RTA_LENGTH(0); }

static void take_metrics(const struct rtattr *all, struct route *out)
{
    const uint8_t *at = value_of(all);
    size_t left = all->rta_len - RTA_LENGTH(0);
    for (const struct rtattr *a; (a = next(&at, &left));) {
        uint32_t value;
        memcpy(&value, value_of(a), sizeof value);
        if (a->rta_type == RTAX_MTU)
            out->mtu = value;
        else if (a->rta_type == RTAX_ADVMSS)
            out->advmss = value;
        else if (a->rta_type == RTAX_INITCWND)
            out->initcwnd = value;
    }
}

static void take_route(struct nlmsghdr *h, const struct addr *to, struct route *out)
{
    struct rtmsg *route = NLMSG_DATA(h);
    const struct rtattr *metrics = NULL;
    bool is_it = false;
    const uint8_t *at = (const uint8_t *)route + NLMSG_ALIGN(sizeof *route);
    size_t left = h->nlmsg_len - NLMSG_SPACE(sizeof *route);
    for (const struct rtattr *a; (a = next(&at, &left));) {
        if (a->rta_type == RTA_DST)
            is_it = route->rtm_dst_len == 8 * to->len && !memcmp(value_of(a), to->octets, to->len);
        else if (a->rta_type == RTA_METRICS)
            metrics = a;
    }
    if (is_it && metrics)
        take_metrics(metrics, out);
}

/* packetdrill makes these routes when it judges a kernel. Some scripts change them, whatever remote address they were
 * given. */
void route_prepare(void)
{
    static const char *const commands[] = {
        "ip -6 route add fd3d:fa7b:d17d:8888::/64 dev tun0 2>/dev/null",
        "ip -6 route add 2001:db8::1 via fd3d:fa7b:d17d:8888:: dev tun0 2>/dev/null",
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (system(commands[i]))
            return;                                   /* no such device: no such route */
}

/* To the remote address that is packetdrill's own, if to is another one and its route says nothing. */
struct route route_of_peer(const struct addr *to)
{
    struct route out = route_to(to);
    struct addr usual;
    if (to->len == 16 && !out.mtu && !out.advmss && !out.initcwnd && addr_parse("2001:db8::1", 11, &usual))
        out = route_to(&usual);
    return out;
}

struct route route_to(const struct addr *to)
{
    static _Alignas(struct nlmsghdr) uint8_t answer[ANSWER];
    struct { struct nlmsghdr head; struct rtmsg route; } ask = {
        .head = { .nlmsg_len = sizeof ask, .nlmsg_type = RTM_GETROUTE, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
        .route = { .rtm_family = to->len == 4 ? AF_INET : AF_INET6 },
    };
    struct route out = { 0 };
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    ssize_t n = fd < 0 ? -1 : send(fd, &ask, sizeof ask, 0);
    for (bool more = n > 0; more;) {
        n = recv(fd, answer, sizeof answer, 0);
        more = n > 0;
        for (struct nlmsghdr *h = (struct nlmsghdr *)(void *)answer; n > 0 && NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
            if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR)
                more = false;
            else
                take_route(h, to, &out);
        }
    }
    if (fd >= 0)
        close(fd);
    return out;
}
