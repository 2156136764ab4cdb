#include "net/stack.h"
#include "net/stack_parts.h"
#include "net/udp_stream.h"

#include <stdlib.h>

static const struct ground ip_bad_dest    = { "ip.bad_destination",  "RFC 1122 §3.2.1.3" };
static const struct ground tcp_no_room    = { "tcp.no_room",         "RFC 9293 §3.10.1" };
static const struct ground tcp_port_taken = { "tcp.port_taken",      "RFC 9293 §3.10.1" };
static const struct ground udp_port_taken = { "udp.port_taken",      "RFC 768" };

static nsec stack_wake(const struct host *host)
{
    const struct stack *s = (const struct stack *)host;
    nsec tcp = tcp_table_wake(&s->tcp), ip = s->fragments ? reassembly_wake(s->fragments) : NEVER;
    return tcp < ip ? tcp : ip;
}

static void stack_tick(struct host *host, nsec now)
{
    struct stack *s = (struct stack *)host;
    s->now = now;
    tcp_table_tick(&s->tcp, now);
    stack_expire(s);
}

static struct carrier *stack_connect(struct host *host, const struct addr *to, uint16_t port, nsec now,
                                     struct fault *why)
{
    struct stack *s = (struct stack *)host;
    const struct addr *from = routes_source(&s->routes, to);
    s->now = now;
    if (!from || !stack_good_peer(s, to)) {
        char text[ADDR_TEXT];
        refuse(why, &ip_bad_dest, from ? "the address of one other host" : "an address of a kind that we have too",
               "%s", addr_text(to, text));
        return NULL;
    }
    struct tcp_ends ends = { .local = *from, .peer = *to, .peer_port = port };
    ends.port = tcp_table_port(&s->tcp, &ends, s->config.chance, now);
    struct tcp *old = ends.port ? tcp_table_find(&s->tcp, &ends) : NULL;
    uint32_t isn = tcp_table_isn(&s->tcp, &ends, old, now);
    if (old)
        tcp_table_forget(&s->tcp, old);
    struct tcp *t = ends.port ? stack_new_connection(s, &ends) : NULL;
    if (!t) {
        refuse(why, &tcp_no_room, "room for one more connection", "%u connections already", s->tcp.in_use);
        return NULL;
    }
    t->ts_offset = tcp_table_ts_offset(&s->tcp, &ends);
    tcp_open(t, &s->tcp_config, isn, now);
    stack_settle(t);
    return &t->carrier;
}

static void tell_listening(struct stack *s)
{
    if (!trace_hears(s->host.voice.trace))
        return;
    const struct attr attrs[] = {
        attr_text("machine", "tcp"), attr_text("from", tcp_state_name(TCP_CLOSED)),
        attr_text("to", tcp_state_name(TCP_LISTEN)), attr_text("trigger", tcp_trigger_name(TCP_PASSIVE_OPEN)),
    };
    trace_emit(s->host.voice.trace, &(struct event){
        .kind = EVENT_STATE, .level = LEVEL_PACKETS, .layer = "tcp", .name = tcp_state_name(TCP_LISTEN),
        .rfc = "RFC 9293 §3.10.1", .by = __func__, .host = s->host.voice.host, .attrs = attrs,
        .n_attrs = sizeof attrs / sizeof *attrs });
}

static bool stack_listen(struct host *host, const struct addr *addr, uint16_t port, struct fault *why)
{
    struct stack *s = (struct stack *)host;
    const struct addr *at = addr->len ? addr : &s->config.addr;
    struct tcp_listener *l = s->tcp.listeners, *end = l + TCP_LISTENERS;
    while (l < end && l->port)
        l++;
    if (port == 0 || l == end || tcp_table_listener(&s->tcp, at, port))
        return refuse(why, &tcp_port_taken, "a port that nobody listens on", "port %u", port);
    *l = (struct tcp_listener){ .addr = *addr, .port = port, .backlog = s->config.backlog };
    tell_listening(s);
    return true;
}

bool stack_set_backlog(struct stack *s, const struct addr *addr, uint16_t port, unsigned backlog)
{
    for (struct tcp_listener *l = s->tcp.listeners; l < s->tcp.listeners + TCP_LISTENERS; l++)
        if (port && l->port == port && addr_same(&l->addr, addr)) {
            l->backlog = backlog;
            return true;
        }
    return false;
}

static struct carrier *stack_next_news(struct host *host)
{
    struct tcp *t = stack_news((struct stack *)host);
    return t ? &t->carrier : NULL;
}

static uint16_t stack_udp_open(struct host *host, uint16_t port, struct fault *why)
{
    struct stack *s = (struct stack *)host;
    struct udp *u = &s->udp;
    for (int tries = 0; port == 0 && tries < 64; tries++) { /* RFC 6056 §3.3.1; RFC 5452 §9.2 for DNS */
        uint8_t random[2];
        chance_fill(s->config.chance, "udp_port", random, sizeof random);
        port = (uint16_t)(PORT_EPHEMERAL + (random[0] << 8 | random[1]) % PORTS_EPHEMERAL);
        if (udp_is_open(u, port))
            port = 0;
    }
    if (port == 0 || u->n_open == UDP_PORTS || udp_is_open(u, port)) {
        refuse(why, &udp_port_taken, "a port that is free", "port %u, and %u open", port, u->n_open);
        return 0;
    }
    u->open[u->n_open++] = port;
    return port;
}

static void stack_udp_close(struct host *host, uint16_t port)
{
    struct udp *u = &((struct stack *)host)->udp;
    for (unsigned i = 0; i < u->n_open; i++)
        if (u->open[i] == port)
            u->open[i--] = u->open[--u->n_open];
}

static bool stack_udp_send(struct host *host, struct datagram *d, nsec now)
{
    struct stack *s = (struct stack *)host;
    s->now = now;
    const struct addr *from = routes_source(&s->routes, &d->to);
    if (!from)
        return false;
    d->from = *from;
    d->stream = udp_stream(s->host.voice.trace, d);
    if (!d->cause)
        d->cause = stack_cause(s);
    if (!udp_is_open(&s->udp, d->from_port) || d->len > DATAGRAM_MAX)
        return false;
    struct datagram *slot = udp_push(&s->udp.out, d->cause);
    if (slot)
        *slot = *d;
    return slot != NULL;
}

static bool stack_udp_next(struct host *host, struct datagram *out)
{
    event_no cause;
    const struct datagram *d = udp_pop(&((struct stack *)host)->udp.in, &cause);
    if (d)
        *out = *d;
    return d != NULL;
}

static bool stack_busy(const struct host *host) { return ((const struct stack *)host)->tcp.in_use > 0; }

static void stack_free(struct host *host)
{
    struct stack *s = (struct stack *)host;
    tcp_table_end(&s->tcp);
    reassembly_free(s->fragments);
    free(s->cut.octets);
    free(s);
}

static const struct host_ops stack_ops = {
    .input = stack_input, .output = stack_output, .wake = stack_wake, .tick = stack_tick,
    .connect = stack_connect, .listen = stack_listen, .news = stack_next_news,
    .udp_open = stack_udp_open, .udp_close = stack_udp_close, .udp_send = stack_udp_send,
    .udp_next = stack_udp_next, .busy = stack_busy, .free = stack_free,
};

bool stack_add_addr(struct stack *s, const struct addr *addr, uint8_t prefix)
{
    bool good = routes_own(&s->routes, addr, prefix);
    s->host.ipv6 |= good && addr->len == 16;
    return good;
}

bool stack_add_route(struct stack *s, const struct addr *to, uint8_t prefix, const struct addr *gateway)
{
    return routes_add(&s->routes, to, prefix, gateway);
}

/* The address of the configuration comes first. */
static void start_routes(struct stack *s)
{
    const struct stack_config *c = &s->config;
    if (c->addr.len)
        stack_add_addr(s, &c->addr, c->prefix);
    if (c->gateway.len)
        routes_default(&s->routes, &c->gateway);
}

struct stack *stack_new(const struct stack_config *config)
{
    struct stack *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->host = (struct host){ .ops = &stack_ops, .voice = config->voice };
    s->config = stack_usual(config);
    s->tcp_config = stack_usual_tcp(&s->config);
    start_routes(s);
    if (!tcp_table_start(&s->tcp, s->config.connections, config->chance)) {
        free(s);
        return NULL;
    }
    return s;
}

struct host *stack_host(struct stack *s) { return &s->host; }
struct tcp_config *stack_tcp_config(struct stack *s) { return &s->tcp_config; }
struct tcp *stack_news(struct stack *s) { return tcp_table_news(&s->tcp); }

void stack_touch(struct stack *s, struct tcp *t, event_no why)
{
    tcp_touch(t, why);
    tcp_table_settle(&s->tcp, t);
}

void stack_forget(struct stack *s) { tcp_table_forget_all(&s->tcp); }
