#include "http/link_lab.h"

#include "http/simple.h"
#include "net/ip4.h"
#include "net/tcp.h"

#include <stdlib.h>
#include <string.h>

enum { RECEIVER = LINK_FLOWS + 1, POOL = 64 << 20, START = 1788249600 };

static const struct ground no_memory = { "live.no_memory", "malloc(3)" };

/* A link that counts what a host sends through it. */
struct counter { struct link link; struct link *inner; uint64_t text, cwr, ece[LINK_FLOWS]; };

struct sender {
    struct app app;                                   /* first: it is a program */
    struct host *host;
    struct carrier *carrier;
    struct counter counter;
    struct pool pool;
    const struct addr *to;
    nsec since;
};

struct run {
    const struct link_lab_config *config;
    struct sealed *world;
    struct loop loop;
    struct addr receiver;
    struct sender senders[LINK_FLOWS];
    struct pool pool; struct host *host; struct counter counter;  /* the receiver's */
    struct simple simple;
};

static bool count(struct link *l, const struct packet *p, nsec now)
{
    struct counter *c = (struct counter *)l;
    unsigned head = (p->bytes[0] & 15) * 4u;
    unsigned to = p->bytes[IP4_HEADER - 1];           /* hosts are 10.0.0.N */
    uint8_t flags = p->len >= head + TCP_HEADER ? p->bytes[head + 13] : TCP_SYN;
    c->cwr += (flags & (TCP_CWR | TCP_SYN)) == TCP_CWR;
    if ((flags & (TCP_ECE | TCP_SYN)) == TCP_ECE && to >= 1 && to <= LINK_FLOWS)
        c->ece[to - 1]++;
    if (p->len >= head + TCP_HEADER)
        c->text += p->len - head - (p->bytes[head + 12] >> 4) * 4u;
    return c->inner->send(c->inner, p, now);
}

/* --- one who always has something to send --- */

static void fill(struct sender *s)
{
    struct ring *out = &s->carrier->out;
    struct room room = ring_reserve(out, ring_room(out));
    if (!room.n)
        return;
    memset(room.at, 'v', room.n);
    ring_commit(out, room.n);
    carrier_touch(s->carrier, 0);
}

static void on_news(struct app *app, struct carrier *c, nsec now)
{
    (void)now;
    if (c->open)
        fill((struct sender *)app);
}

static void on_step(struct app *app, nsec now)
{
    struct sender *s = (struct sender *)app;
    struct fault why = { 0 };
    if (!s->carrier && now >= s->since)
        s->carrier = s->host->ops->connect(s->host, s->to, PORT_DISCARD, now, &why);
}

static nsec on_wake(const struct app *app)
{
    const struct sender *s = (const struct sender *)app;
    return s->carrier ? NEVER : s->since;
}

/* --- the street --- */

static struct link *seat(struct run *r, uint16_t number, const struct stack_config *like, struct pool *pool,
                         struct counter *counter, struct host **host)
{
    struct stack_config c = *like;
    c.addr = addr_v4(10, 0, 0, (uint8_t)number);
    c.prefix = 24;
    c.pool = pool;
    c.connections = LINK_FLOWS + 1;
    c.chance = sealed_chance(r->world, number, 0);
    c.voice = (struct voice){ .host = number };
    pool_start(pool, POOL);
    struct stack *s = stack_new(&c);
    struct link *wire = sealed_link(r->world, number, &c.addr);
    *host = s ? stack_host(s) : NULL;
    *counter = (struct counter){ { .send = count, .mtu = wire->mtu }, wire, 0, 0, { 0 } };
    return s ? &counter->link : NULL;
}

static bool raise(struct run *r, struct fault *why)
{
    const struct link_lab_config *c = r->config;
    if (!(r->world = sealed_new(c->seed, &c->wires, START * SECOND, NULL)) ||
        !loop_start(&r->loop, sealed_world(r->world), NULL))
        return refuse(why, &no_memory, "memory for a world", "there is none");
    r->receiver = addr_v4(10, 0, 0, RECEIVER);
    for (unsigned i = 0; i < c->n_flows; i++) {
        struct sender *s = &r->senders[i];
        struct link *link = seat(r, (uint16_t)(i + 1), &c->stack[i], &s->pool, &s->counter, &s->host);
        if (!link)
            return refuse(why, &no_memory, "memory for a stack", "there is none");
        s->app = (struct app){ .news = on_news, .step = on_step, .wake = on_wake };
        s->to = &r->receiver;
        s->since = START * SECOND + (nsec)i * c->stagger;
        sealed_share(r->world, (uint16_t)(i + 1), 1);
        loop_seat(&r->loop, s->host, link, &s->app);
    }
    struct link *link = seat(r, RECEIVER, &c->stack[0], &r->pool, &r->counter, &r->host);
    if (!link)
        return refuse(why, &no_memory, "memory for a stack", "there is none");
    loop_seat(&r->loop, r->host, link, &r->simple.app);
    return simple_start(&r->simple, r->host, &(struct addr){ .len = 0 }, 0, LINK_FLOWS, why);
}

static void fall(struct run *r)
{
    simple_end(&r->simple);
    for (unsigned i = 0; i < LINK_FLOWS; i++) {
        if (r->senders[i].host)
            r->senders[i].host->ops->free(r->senders[i].host);
        pool_end(&r->senders[i].pool);
    }
    if (r->host)
        r->host->ops->free(r->host);
    pool_end(&r->pool);
    loop_end(&r->loop);
    sealed_free(r->world);
    free(r);
}

/* --- what is written down --- */

/* Each carrier here begins a tcp of ours. */
static const struct tcp *tcp_of(const struct sender *s) { return (const struct tcp *)(const void *)s->carrier; }

static void sample(const struct run *r, struct link_lab *lab, unsigned i)
{
    lab->waits[i] = sealed_waits(r->world, 1);
    for (unsigned f = 0; f < lab->n_flows; f++) {
        const struct tcp *t = r->senders[f].carrier ? tcp_of(&r->senders[f]) : NULL;
        if (t)
            lab->samples[i][f] = (struct link_sample){ t->octets_acked, t->cwnd, t->ssthresh, tcp_flight(t),
                                                       t->srtt, t->rto };
    }
}

static void conclude(const struct run *r, struct link_lab *lab)
{
    for (unsigned f = 0; f < lab->n_flows; f++)
        lab->flows[f] = (struct link_flow){ (nsec)f * r->config->stagger, lab->samples[lab->n_samples - 1][f].acked,
                                            r->senders[f].counter.text,
                                            sealed_lost(r->world, (uint16_t)(f + 1)),
                                            sealed_marked(r->world, (uint16_t)(f + 1)), r->counter.ece[f],
                                            r->senders[f].counter.cwr };
}

bool link_lab_run(struct link_lab *lab, const struct link_lab_config *config, struct fault *why)
{
    unsigned n = config->n_samples;
    *lab = (struct link_lab){ .n_samples = n, .n_flows = config->n_flows, .length = config->length,
                              .every = config->length / n };
    struct run *r = calloc(1, sizeof *r);
    lab->samples = calloc(n, sizeof *lab->samples);
    lab->waits = calloc(n, sizeof *lab->waits);
    if (r)
        r->config = config;
    bool good = r && lab->samples && lab->waits ? raise(r, why)
                                                : refuse(why, &no_memory, "memory for a lab", "there is none");
    unsigned i = 0;
    if (good)
        loop_begin(&r->loop);
    while (good && i < n && loop_turn(&r->loop))
        while (i < n && r->loop.now >= START * SECOND + (nsec)(i + 1) * lab->every)
            sample(r, lab, i++);
    if (good)
        conclude(r, lab);
    if (r)
        fall(r);
    if (!good)
        link_lab_free(lab);
    return good;
}

void link_lab_free(struct link_lab *lab)
{
    free(lab->samples);
    free(lab->waits);
    lab->samples = NULL;
    lab->waits = NULL;
}

uint64_t link_lab_rate(const struct link_lab *lab, unsigned flow, unsigned from, unsigned to)
{
    uint64_t octets = lab->samples[to][flow].acked - lab->samples[from][flow].acked;
    uint64_t took = (uint64_t)(to - from) * (uint64_t)lab->every;
    return took ? octets * (uint64_t)MILLISECOND / (took / 1000) : 0;
}

unsigned link_lab_fairness(const struct link_lab *lab)
{
    unsigned n = lab->n_flows, last = lab->n_samples - 1, first = 0;
    uint64_t sum = 0, squares = 0;
    while (first < last && (nsec)first * lab->every < lab->flows[n - 1].since)
        first++;
    for (unsigned f = 0; f < n; f++) {
        uint64_t rate = link_lab_rate(lab, f, first, last) / 1000;
        sum += rate;
        squares += rate * rate;
    }
    return squares ? (unsigned)(1000 * sum * sum / (n * squares)) : 0;
}
