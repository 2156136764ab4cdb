#include "cmd/place.h"
#include "cmd/tcp_wish.h"
#include "cmd/words.h"
#include "net/kernel.h"
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

/* "10.9.0.2/24" */
static bool read_prefix(const struct command *c, const char *text, struct place *p)
{
    const char *slash = strchr(text, '/');
    unsigned v = 0;
    const char *at = slash ? slash + 1 : "";
    for (; *at >= '0' && *at <= '9' && v <= 32; at++)
        v = v * 10 + (unsigned)(*at - '0');
    if (!slash || !slash[1] || *at || v > 32 || !addr_parse(text, (size_t)(slash - text), &p->addr) ||
        p->addr.len != 4)
        return wrong(c, text, "--addr is an IPv4 address with its prefix, as 10.9.0.2/24");
    p->prefix = (uint8_t)v;
    return true;
}

bool place_read(struct place *p, const struct command *c, const char *const *values)
{
    *p = (struct place){ .tun = values[OPT_VIA] && strcmp(values[OPT_VIA], "tun") == 0 };
    if (!p->tun) {
        static const enum option_id only_tun[] = { OPT_TUN, OPT_ADDR, OPT_GW, OPT_NO_OFFLOAD };
        for (unsigned i = 0; i < sizeof only_tun / sizeof *only_tun; i++)
            if (values[only_tun[i]]) {
                complain("vitrine %s: --%s belongs to --via tun", c->name, options[only_tun[i]].name);
                return false;
            }
        if (tcp_wish(values)) {
            complain("vitrine %s: --%s belongs to --via tun", c->name, tcp_wish(values)->name);
            return false;
        }
        if (values[OPT_PCAP]) {
            complain("vitrine %s: --pcap needs --via tun: over the kernel's sockets no packet is ours "
                     "to see", c->name);
            return false;
        }
        return true;
    }
    if (!tcp_wished(values, &p->wished))
        return false;
    if (!values[OPT_ADDR])
        return wrong(c, "absent", "--via tun needs --addr, our own address on the device, as 10.9.0.2/24");
    if (!read_prefix(c, values[OPT_ADDR], p))
        return false;
    const char *gw = values[OPT_GW];
    return !gw || (addr_parse(gw, strlen(gw), &p->gateway) && p->gateway.len == 4) ||
           wrong(c, gw, "--gw is an IPv4 address");
}

static struct host *own_stack(struct place *p, const char *const *values, unsigned connections,
                              const struct voice *voice, struct fault *why)
{
    static const struct ground no_memory = { "live.no_memory", "malloc(3)" };
    p->link = tun_open(p->live, &(struct tun_config){
        .name = values[OPT_TUN] ? values[OPT_TUN] : "vitrine0", .host = PLACE_HOST, .gateway = p->gateway,
        .prefix = p->prefix, .offload = !values[OPT_NO_OFFLOAD] }, why);
    if (!p->link)
        return NULL;
    struct stack_config c = p->wished;
    c.addr = p->addr;
    c.prefix = p->prefix;
    c.gateway = p->gateway;
    c.mtu = p->link->mtu;
    c.chunk = p->link->chunk;
    c.leave_sums = p->link->makes_sums;
    c.connections = connections;
    c.pool = &p->pool;
    c.chance = live_chance(p->live);
    c.voice = *voice;
    struct stack *s = stack_new(&c);
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
    p->host = p->tun ? own_stack(p, values, connections, &voice, why)
                     : kernel_host_new(p->live, &p->pool, WINDOW, &voice, why);
    return p->host != NULL;
}

void place_close(struct place *p)
{
    if (p->host)
        p->host->ops->free(p->host);
    if (p->link)
        tun_close(p->link);
    live_free(p->live);
    pool_end(&p->pool);
}

bool wanted_tls(const struct command *c, const char *const *values, struct wanted_tls *w,
                struct tls_config *config)
{
    bool rsa = values[OPT_KX] && strcmp(values[OPT_KX], "rsa") == 0,
         p256 = values[OPT_GROUP] && strcmp(values[OPT_GROUP], "p256") == 0;
    size_t n = 0;
    if (values[OPT_CIPHER]) {
        const struct tls_suite *s = tls_suite_named(values[OPT_CIPHER]);
        if (!s)
            return wrong(c, values[OPT_CIPHER],
                         "--cipher is a suite that is spoken here (`vitrine visit --cipher ?` lists them)");
        w->suites[n++] = s;
        rsa = s->kx == TLS_KX_RSA;
    } else {
        for (size_t i = 0; i < tls_n_suites && n < 16; i++)
            if ((tls_suites[i].kx == TLS_KX_RSA) == rsa)
                w->suites[n++] = &tls_suites[i];
    }
    if (rsa)
        complain("vitrine: the RSA key exchange was asked for by name: whoever records this and gets "
                 "the server's key later can read it (no forward secrecy; deprecated by RFC 10015)");
    w->groups[0] = p256 ? TLS_SECP256R1 : TLS_X25519;
    w->groups[1] = p256 ? TLS_X25519 : TLS_SECP256R1;
    config->suites = w->suites;
    config->n_suites = n;
    config->groups = w->groups;
    config->n_groups = values[OPT_GROUP] ? 1 : 2;
    return true;
}
