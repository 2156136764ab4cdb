#include "cmd/place.h"
#include "cmd/tcp_wish.h"
#include "cmd/words.h"
#include "net/kernel.h"
#include "net/passt.h"
#include "net/raw.h"
#include "net/tap.h"
#include "net/tun.h"
#include "tls/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POOL_A_CONNECTION = 65536, POOL_LEAST_LIMIT = 64 << 20, POOL_MOST = 1 << 30, WINDOW = 65535 };

static bool wrong(const struct command *c, const char *text, const char *expected)
{
    complain("vitrine %s: %s, not %s", c->name, expected, text);
    return false;
}

static bool is_auto(const struct addr *a) { return addr_same(a, &(struct addr){ .len = 16 }); }

/* "10.9.0.2/24", "fd00:9::2/64", "auto" */
static bool read_prefix(const char *text, size_t n, struct addr *addr, uint8_t *prefix)
{
    if (n == 4 && memcmp(text, "auto", 4) == 0) {
        *addr = (struct addr){ .len = 16 };
        *prefix = 128;
        return true;
    }
    const char *slash = memchr(text, '/', n), *end = text + n;
    unsigned v = 0;
    const char *at = slash ? slash + 1 : end;
    for (; at < end && *at >= '0' && *at <= '9' && v <= 128; at++)
        v = v * 10 + (unsigned)(*at - '0');
    *prefix = (uint8_t)v;
    return slash && slash + 1 < end && at == end && addr_parse(text, (size_t)(slash - text), addr)
           && v <= addr->len * 8u && !is_auto(addr);
}

static bool read_plain(const char *text, size_t n, struct addr *addr, uint8_t *prefix)
{
    (void)prefix;
    return addr_parse(text, n, addr);
}

/* One address, or an IPv4 and an IPv6 one with a comma between. */
static bool read_ends(const char *text, bool (*read)(const char *, size_t, struct addr *, uint8_t *),
                      struct addr *first, uint8_t *prefix, struct addr *second, uint8_t *prefix6)
{
    const char *comma = strchr(text, ',');
    if (!read(text, comma ? (size_t)(comma - text) : strlen(text), first, prefix))
        return false;
    return !comma || (first->len == 4 && read(comma + 1, strlen(comma + 1), second, prefix6) && second->len == 16);
}

static bool belongs(const struct command *c, const char *option, const char *vias)
{
    complain("vitrine %s: --%s belongs to --via %s", c->name, option, vias);
    return false;
}

/* The kernel's sockets: there is no device, no address, no TCP and no packet of ours. */
static bool read_kernel(const struct command *c, const char *const *values)
{
    static const enum option_id ours[] = { OPT_TUN, OPT_INTERFACE, OPT_ADDR, OPT_GW, OPT_NO_OFFLOAD };
    for (unsigned i = 0; i < sizeof ours / sizeof *ours; i++)
        if (values[ours[i]])
            return belongs(c, options[ours[i]].name, "tun, tap, raw, passt");
    if (tcp_wish(values))
        return belongs(c, tcp_wish(values)->name, "tun, tap, raw, passt");
    if (values[OPT_PCAP])
        complain("vitrine %s: --pcap needs --via tun: over the kernel's sockets no packet is ours "
                 "to see", c->name);
    return !values[OPT_PCAP];
}

/* What belongs to other links than the one that was chosen. */
static bool fits(const struct command *c, const char *const *values, enum via via)
{
    bool device = via == VIA_TUN || via == VIA_TAP;
    if (values[OPT_TUN] && !device)
        return belongs(c, options[OPT_TUN].name, "tun, tap");
    if (values[OPT_NO_OFFLOAD] && !device)
        return belongs(c, options[OPT_NO_OFFLOAD].name, "tun, tap");
    return !values[OPT_INTERFACE] || via == VIA_RAW || belongs(c, options[OPT_INTERFACE].name, "raw");
}

static enum via via_named(const char *name)
{
    static const char *const names[] = { "kernel", "tun", "tap", "raw", "passt" };
    unsigned via = 0;
    while (name && via < VIA_PASST && strcmp(names[via], name) != 0)
        via++;
    return (enum via)via;
}

bool place_read(struct place *p, const struct command *c, const char *const *values)
{
    *p = (struct place){ .via = via_named(values[OPT_VIA]) };
    if (p->via == VIA_KERNEL)
        return read_kernel(c, values);
    if (!fits(c, values, p->via) || !tcp_wished(values, &p->wished))
        return false;
    if (p->via == VIA_PASST) {                        /* QEMU's addresses for its users: 10.0.2.0/24 */
        p->addr = addr_v4(10, 0, 2, 15);
        p->gateway = addr_v4(10, 0, 2, 2);
        p->prefix = 24;
    } else if (!values[OPT_ADDR]) {
        return wrong(c, "absent", "--via tun needs --addr, our own address on the device, as 10.9.0.2/24");
    }
    if (p->via == VIA_RAW && !values[OPT_INTERFACE])
        return wrong(c, "absent", "--via raw needs --interface, as eth0");
    if (values[OPT_ADDR] && !read_ends(values[OPT_ADDR], read_prefix, &p->addr, &p->prefix, &p->addr6, &p->prefix6))
        return wrong(c, values[OPT_ADDR], "--addr is an address with its prefix, as 10.9.0.2/24 or fd00:9::2/64, or "
                     "both with a comma between");
    bool made = is_auto(&p->addr) || is_auto(&p->addr6);
    if (made && p->via != VIA_TAP && p->via != VIA_RAW)
        return wrong(c, values[OPT_VIA], "--addr auto, an address by what routers say, needs --via tap or raw");
    if (is_auto(&p->addr) && strcmp(c->name, "serve") == 0)
        return wrong(c, "auto", "who serves needs an --addr that others can know");
    uint8_t none;
    const char *gw = values[OPT_GW];
    if (gw && !read_ends(gw, read_plain, &p->gateway, &none, &p->gateway6, &none))
        return wrong(c, gw, "--gw is an address, or one of IPv4 and one of IPv6 with a comma between");
    if (p->gateway.len == 16 && p->addr.len == 4) {   /* of the second network alone */
        p->gateway6 = p->gateway;
        p->gateway.len = 0;
    }
    return true;
}

static struct link *open_link(struct place *p, const char *const *values, const struct voice *voice, struct fault *why)
{
    const char *name = values[OPT_TUN] ? values[OPT_TUN] : "vitrine0";
    const bool six = p->addr.len == 16;               /* of that kind alone */
    const struct ether_ends ends = { .host = PLACE_HOST, .addr = six ? p->addr6 : p->addr, .voice = *voice,
                                     .addr6 = six ? p->addr : p->addr6, .prefix6 = six ? p->prefix : p->prefix6 };
    bool offload = !values[OPT_NO_OFFLOAD];
    switch (p->via) {
    case VIA_TUN:
        return tun_open(p->live, &(struct tun_config){ .name = name, .host = PLACE_HOST, .gateway = p->gateway,
                                                       .prefix = p->prefix, .gateway6 = p->gateway6,
                                                       .prefix6 = p->prefix6, .offload = offload,
                                                       .shared = values[OPT_STACKS] != NULL }, why);
    case VIA_TAP:
        return tap_open(p->live, &(struct tap_config){ .name = name, .ends = ends, .gateway = p->gateway,
                                                       .prefix = p->prefix, .gateway6 = p->gateway6,
                                                       .prefix6 = p->prefix6, .offload = offload }, why);
    case VIA_RAW:
        return raw_open(p->live, values[OPT_INTERFACE], &ends, why);
    case VIA_PASST:
        return passt_open(p->live, &(struct passt_config){ .ends = ends, .prefix = p->prefix, .gateway = p->gateway,
                                                           .gateway6 = p->gateway6, .dns = addr_v4(10, 0, 2, 3),
                                                           .ports = p->ports[0] ? p->ports : "none" }, why);
    case VIA_KERNEL: break;
    }
    return NULL;
}

static struct host *own_stack(struct place *p, const char *const *values, unsigned connections,
                              const struct voice *voice, struct fault *why)
{
    static const struct ground no_memory = { "live.no_memory", "malloc(3)" };
    p->link = open_link(p, values, voice, why);
    if (!p->link)
        return NULL;
    if (is_auto(&p->addr) || is_auto(&p->addr6))
        ether_link_addr6(p->link, p->addr.len == 16 ? &p->addr : &p->addr6,
                         p->addr.len == 16 ? &p->prefix : &p->prefix6);
    struct stack_config c = p->wished;
    c.addr = p->addr;
    c.prefix = p->prefix;
    c.gateway = p->gateway;
    c.mtu = p->link->mtu;
    c.chunk = p->link->chunk;
    c.leave_sums = p->link->makes_sums;
    c.gather = p->link->gathers;
    c.connections = connections;
    c.pool = &p->pool;
    c.chance = live_chance(p->live);
    c.voice = *voice;
    struct stack *s = stack_new(&c);
    if (s && p->addr6.len)
        stack_add_addr(s, &p->addr6, p->prefix6);
    if (s && p->gateway6.len)
        stack_add_route(s, &(struct addr){ .len = 16 }, 0, &p->gateway6);
    if (!s)
        refuse(why, &no_memory, "memory for a stack", "there is none");
    return s ? stack_host(s) : NULL;
}

bool place_open(struct place *p, const char *const *values, unsigned connections, struct trace *trace,
                struct fault *why)
{
    struct voice voice = { .trace = trace, .host = PLACE_HOST };
    size_t limit = (size_t)connections * POOL_A_CONNECTION;
    pool_start(&p->pool, limit < POOL_LEAST_LIMIT ? POOL_LEAST_LIMIT : limit > POOL_MOST ? POOL_MOST : limit);
    p->live = live_new(why);
    if (!p->live)
        return false;
    p->host = p->via != VIA_KERNEL ? own_stack(p, values, connections, &voice, why)
                     : kernel_host_new(p->live, &p->pool, WINDOW, &voice, why);
    return p->host != NULL;
}

const char *place_dns(const struct place *p) { return p->via == VIA_PASST ? "10.0.2.3" : NULL; }

void place_close(struct place *p)
{
    if (p->host)
        p->host->ops->free(p->host);
    if (p->link)
        p->link->close(p->link);
    live_free(p->live);
    pool_end(&p->pool);
}
