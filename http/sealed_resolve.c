#include "http/sealed_resolve.h"
#include "http/resolver.h"
#include "http/sealed_visit.h"
#include "net/stack.h"

#include <stdlib.h>
#include <string.h>

enum { HOSTS = 2, POOL = 1 << 20, TRIES = 10 };

static const struct ground no_memory = { "visit.no_memory", "RFC 9293 §3.10.1" };

const char sealed_zone[] = "$TTL 300\n"
                           ".      SOA  ns.test. hostmaster.test. 1 7200 900 1209600 60\n"
                           "*.test A    10.0.0.80\n"
                           "*.test AAAA 2001:db8::80\n";

struct sealed_names {
    struct sealed *world;
    struct loop loop;
    struct pool pools[HOSTS];
    struct host *hosts[HOSTS];
    struct zone zone;
    struct resolver resolver;
    struct resolve resolve;
};

static struct addr address(unsigned host) { return addr_v4(10, 0, 0, host == 0 ? 2 : 53); }

void sealed_resolve_name_hosts(struct trace *t)
{
    static const char *const names[HOSTS] = { "browser", "resolver" };
    for (unsigned i = 0; i < HOSTS; i++) {
        struct addr a = address(i);
        trace_host(t, names[i], a.octets, a.len);
    }
}

static bool raise_hosts(struct sealed_names *s, struct trace *trace)
{
    for (unsigned i = 0; i < HOSTS; i++) {
        struct addr a = address(i);
        uint16_t number = (uint16_t)(i + 1);
        pool_start(&s->pools[i], POOL);
        struct stack *stack = stack_new(&(struct stack_config){
            .addr = a, .prefix = 24, .connections = 8, .backlog = 4, .syn_tries = TRIES, .pool = &s->pools[i],
            .chance = sealed_chance(s->world, number, 0), .voice = { .trace = trace, .host = number } });
        s->hosts[i] = stack ? stack_host(stack) : NULL;
        struct link *link = stack ? sealed_link(s->world, number, &a) : NULL;
        if (!link)
            return false;
        loop_seat(&s->loop, s->hosts[i], link, i == 0 ? &s->resolve.app : &s->resolver.app);
    }
    return true;
}

static bool set_up(struct sealed_names *s, const struct sealed_resolve_config *c, struct fault *why)
{
    static const char hosts_file[] = "127.0.0.1 localhost\n10.0.0.2 browser\n";
    const char *zone = c->zone ? c->zone : sealed_zone;
    struct resolve_config config = c->resolve;
    s->world = sealed_new(c->seed, &c->wires, SEALED_START, c->trace);
    if (!s->world || !loop_start(&s->loop, sealed_world(s->world), c->trace) || !raise_hosts(s, c->trace))
        return refuse(why, &no_memory, "memory for two hosts", "there is none");
    if (!zone_read(&s->zone, zone, c->zone ? c->zone_n : strlen(zone), why)
        || !resolver_start(&s->resolver, s->hosts[1], &s->zone, why))
        return false;
    if (c->udp_most)
        s->resolver.udp_most = c->udp_most;
    config.dns.hosts = hosts_file;
    config.dns.hosts_n = sizeof hosts_file - 1;
    config.dns.server[0] = address(1);
    config.dns.n_servers = 1;
    config.dns.tries = TRIES;
    config.dns.patience = SECOND + 4 * c->wires.delay;
    config.dns.chance = sealed_chance(s->world, 1, 0);
    resolve_start(&s->resolve, &config, s->hosts[0]);
    return true;
}

static bool busy(const struct sealed_names *s)
{
    bool is = !resolve_over(&s->resolve);
    for (unsigned i = 0; i < HOSTS; i++)
        is |= s->hosts[i]->ops->busy(s->hosts[i]);
    return is;
}

static void tear_down(struct sealed_names *s)
{
    for (unsigned i = 0; i < HOSTS; i++) {
        if (s->hosts[i])
            s->hosts[i]->ops->free(s->hosts[i]);
        pool_end(&s->pools[i]);
    }
    zone_free(&s->zone);
    loop_end(&s->loop);
    sealed_free(s->world);
    free(s);
}

bool sealed_resolve_run(const struct sealed_resolve_config *c, struct fault *why)
{
    struct sealed_names *s = calloc(1, sizeof *s);
    if (!s)
        return refuse(why, &no_memory, "memory for two hosts", "there is none");
    bool good = set_up(s, c, why);
    if (good) {
        loop_begin(&s->loop);
        while (busy(s) && loop_turn(&s->loop))
            ;
        good = !s->resolve.fault.ground;
        *why = s->resolve.fault;
    }
    tear_down(s);
    return good;
}
