#include "tests/lib/dns_straw.h"
#include "tests/lib/check.h"

#include <string.h>

static uint16_t straw_open(struct host *host, uint16_t port, struct fault *why)
{
    struct straw *s = (struct straw *)host;
    (void)why;
    ck_assert_uint_eq(port, 0);
    for (unsigned i = 0; i < STRAW_PORTS && !s->no_ports; i++)
        if (!s->open[i])
            return s->open[i] = (uint16_t)(4000 + s->ports++);
    ck_assert_msg(s->no_ports, "one port a question is open at a time");
    return 0;
}

static void straw_close(struct host *host, uint16_t port)
{
    struct straw *s = (struct straw *)host;
    for (unsigned i = 0; i < STRAW_PORTS; i++)
        if (s->open[i] == port) {
            s->open[i] = 0;
            return;
        }
    ck_abort_msg("port %u is not open", port);
}

static bool straw_send(struct host *host, struct datagram *d, nsec now)
{
    struct straw *s = (struct straw *)host;
    (void)now;
    d->from = addr_v4(10, 0, 0, 2);
    s->sent_before = s->sent;
    s->sent = *d;
    s->n_sent++;
    return true;
}

/* ---- a connection of straw ---- */

static struct straw *straw_of(struct carrier *c)
{
    return (struct straw *)((char *)c - offsetof(struct straw, carrier));
}

static void touch(struct carrier *c, event_no why) { (void)c, (void)why; }
static void close_it(struct carrier *c) { c->closing = true; }
static void abort_it(struct carrier *c) { c->ended = true; }
static void release(struct carrier *c)
{
    straw_of(c)->released++;
    ring_end(&c->in);
    ring_end(&c->out);
    pool_end(&straw_of(c)->pool);
}

static struct carrier *straw_connect(struct host *host, const struct addr *to, uint16_t port, nsec now, struct fault *why)
{
    static const struct ground unreachable = { "tcp.unreachable", "RFC 9293 §3.9.2.2" };
    static const struct carrier_ops ops = { touch, close_it, abort_it, release };
    struct straw *s = (struct straw *)host;
    (void)now;
    ck_assert_uint_eq(s->connected, s->released);                 /* one at a time */
    if (s->no_tcp) {
        refuse(why, &unreachable, "a way", "none");
        return NULL;
    }
    s->connected++;
    pool_start(&s->pool, 1 << 20);
    s->carrier = (struct carrier){ .ops = &ops, .peer = *to, .peer_port = port, .port = 5000 };
    ring_start(&s->carrier.in, &s->pool, 65535);
    ring_start(&s->carrier.out, &s->pool, 65535);
    return &s->carrier;
}

static const struct host_ops straw_ops = {
    .udp_open = straw_open, .udp_close = straw_close, .udp_send = straw_send, .connect = straw_connect };

/* ---- the scene ---- */

struct scene scene(void)
{
    struct scene s = { .straw = { .host = { .ops = &straw_ops } } };
    seed_chance_start(&s.chance, 1, 1, 0);
    s.config = (struct dns_config){
        .hosts = "10.0.0.90 hosted.test\n", .hosts_n = 22, .n_servers = 2,
        .server = { addr_v4(10, 0, 0, 53), addr_v4(10, 0, 0, 54) } };
    return s;
}

void start(struct scene *s, const char *name, nsec now)
{
    s->config.cache = &s->cache;
    s->config.chance = &s->chance.chance;
    dns_lookup_start(&s->l, &s->config, name, &s->straw.host, now);
}

void step(struct scene *s, const struct datagram *d, nsec now)
{
    dns_lookup_step(&s->l, &s->straw.host, d, now);
}

bool any_open(const struct scene *s)
{
    return s->straw.open[0] || s->straw.open[1] || s->straw.connected != s->straw.released;
}

struct dns_message query_in(const struct datagram *d)
{
    struct dns_message m;
    struct wire_in in = wire_over(d->bytes, d->len, NULL);
    ck_assert(dns_read(&in, &m, NULL));
    return m;
}

struct dns_message query(const struct scene *s) { return query_in(&s->straw.sent); }

struct datagram reply_to(const struct datagram *q, const struct dns_message *m)
{
    struct datagram d = { .from = q->to, .from_port = q->to_port, .to = q->from, .to_port = q->from_port };
    d.len = (uint32_t)dns_write(m, d.bytes, sizeof d.bytes);
    ck_assert_uint_gt(d.len, 0);
    return d;
}

struct datagram reply_with(const struct scene *s, const struct dns_message *m) { return reply_to(&s->straw.sent, m); }

struct dns_message reply_message(const struct scene *s)
{
    struct dns_message m = query(s);
    m.response = m.recursion_available = true;
    return m;
}

void add(struct dns_message *m, const char *name, uint16_t type, const char *target, uint8_t last, uint32_t ttl)
{
    struct dns_record *r = &m->answers[m->n_answers++];
    *r = (struct dns_record){ .type = type, .ttl = ttl, .addr = addr_v4(10, 0, 0, last) };
    if (type == DNS_TYPE_AAAA)
        r->addr = (struct addr){ 16, { 0xfd, [15] = last } };
    strcpy(r->name, name);
    strcpy(r->target, target);
}

struct datagram good_reply(const struct scene *s)
{
    struct dns_message m = reply_message(s);
    add(&m, m.question, m.question_type, "", 80, 300);
    return reply_with(s, &m);
}

struct datagram code_reply(const struct scene *s, uint8_t rcode)
{
    struct dns_message m = reply_message(s);
    m.rcode = rcode;
    return reply_with(s, &m);
}

void is_found(const struct scene *s, enum dns_from from, uint8_t last)
{
    ck_assert_int_eq(s->l.says, DNS_FOUND);
    ck_assert_int_eq(s->l.from, from);
    ck_assert_uint_eq(s->l.addr.octets[s->l.addr.len - 1], last);
    ck_assert_int_eq(dns_lookup_wake(&s->l), NEVER);
    ck_assert(!any_open(s));
}

void is_failed(const struct scene *s, const char *id)
{
    ck_assert_int_eq(s->l.says, DNS_FAILED);
    ck_assert_str_eq(s->l.fault.ground->id, id);
    ck_assert_int_eq(dns_lookup_wake(&s->l), NEVER);
    ck_assert(!any_open(s));
}
