/* How fast our TCP is with nobody else in the way: two hosts of ours in the sealed world, by CPU time.
 *
 *     sealed_tcp full MEGABYTES FLOWS MTU      chargen to FLOWS clients that throw it away, segments of MTU - 40 octets
 *     sealed_tcp connect COUNT AT_A_TIME       connections to discard: opened, one octet, closed
 *     sealed_tcp empty COUNT CONNECTIONS       segments without text, each for the next of so many connections
 *     sealed_tcp memory                        octets of an idle connection
 *
 * Prints NAME=VALUE words on one line. */
#define _POSIX_C_SOURCE 200809L
#include "tests/bench/cpu.h"
#include "http/simple.h"
#include "net/sealed.h"
#include "net/stack.h"
#include "net/tcp.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 65535, WINDOW_PACKETS = 4, PORTS_A_LISTENER = 14000, MORE_PORTS = 10000 };

/* A link that counts what passes. */
struct counter { struct link link; struct link *inner; uint64_t packets, octets; };

struct pair {
    struct app app;                                   /* first: the client's program */
    struct sealed *world;
    struct loop loop;
    struct pool pools[2];
    struct host *hosts[2];
    struct counter counters[2];
    struct simple simple;
    struct addr server;
    uint64_t came;
    unsigned calls, to_open, done, broken;
    uint16_t port;
};

static void die(const char *what)
{
    fprintf(stderr, "sealed_tcp: %s\n", what);
    exit(1);
}

static bool count(struct link *l, const struct packet *p, nsec now)
{
    struct counter *c = (struct counter *)l;
    c->packets++;
    c->octets += p->len;
    return c->inner->send(c->inner, p, now);
}

static void no_step(struct app *a, nsec now) { (void)a, (void)now; }
static nsec no_wake(const struct app *a) { (void)a; return NEVER; }

static void pair_start(struct pair *p, unsigned connections, uint32_t mtu)
{
    const struct wires wires = { .delay = 50 * MICROSECOND, .mtu = mtu };
    uint32_t window = WINDOW_PACKETS * mtu > WINDOW ? WINDOW_PACKETS * mtu : WINDOW;
    memset(p, 0, sizeof *p);
    p->app = (struct app){ .step = no_step, .wake = no_wake };
    p->world = sealed_new(1, &wires, INT64_C(1788249600) * SECOND, NULL);
    if (!p->world || !loop_start(&p->loop, sealed_world(p->world), NULL))
        die("no memory");
    for (uint16_t i = 0; i < 2; i++) {
        struct addr a = addr_v4(10, 0, 0, (uint8_t)(1 + i));
        pool_start(&p->pools[i], (size_t)1 << 30);
        struct stack *s = stack_new(&(struct stack_config){
            .addr = a, .prefix = 24, .connections = connections + 8, .backlog = connections + 8, .window = window,
            .mtu = mtu, .pool = &p->pools[i], .chance = sealed_chance(p->world, (uint16_t)(i + 1), 0),
            .voice = { .host = (uint16_t)(i + 1) } });
        if (!s)
            die("no memory for a stack");
        p->hosts[i] = stack_host(s);
        struct link *wire = sealed_link(p->world, (uint16_t)(i + 1), &a);
        p->counters[i] = (struct counter){ { .send = count, .mtu = wire->mtu }, wire, 0, 0 };
        p->server = a;
    }
    struct fault why = { 0 };
    if (!simple_start(&p->simple, p->hosts[1], &(struct addr){ .len = 0 }, 0, connections + 8, &why))
        die(why.came);
    loop_seat(&p->loop, p->hosts[0], &p->counters[0].link, &p->app);
    loop_seat(&p->loop, p->hosts[1], &p->counters[1].link, &p->simple.app);
}

static void call(struct pair *p)
{
    struct fault why = { 0 };
    /* the client has 16,384 ports for each of the server's */
    uint16_t port = p->calls < PORTS_A_LISTENER ? p->port : (uint16_t)(MORE_PORTS + p->calls / PORTS_A_LISTENER);
    if (p->calls && p->calls % PORTS_A_LISTENER == 0
        && !p->hosts[1]->ops->listen(p->hosts[1], &(struct addr){ .len = 0 }, port, &why))
        die(why.came);
    p->calls++;
    if (!p->hosts[0]->ops->connect(p->hosts[0], &p->server, port, p->loop.now, &why))
        die(why.came);
    p->to_open--;
}

/* --- full --- */

static void take(struct app *a, struct carrier *c, nsec now)
{
    struct pair *p = (struct pair *)a;
    (void)now;
    p->came += c->in.len;
    ring_consume(&c->in, c->in.len);
    carrier_touch(c, 0);
}

static void full(uint64_t octets, unsigned flows, uint32_t mtu)
{
    static struct pair p;
    pair_start(&p, flows, mtu);
    p.app.news = take;
    p.port = PORT_CHARGEN;
    p.to_open = flows;
    while (p.to_open)
        call(&p);
    loop_begin(&p.loop);
    while (p.came < octets / 10 && loop_turn(&p.loop))
        ;
    uint64_t came = p.came, packets = p.counters[0].packets + p.counters[1].packets, data = p.counters[1].packets;
    double start = cpu();
    while (p.came < came + octets && loop_turn(&p.loop))
        ;
    double took = cpu() - start;
    printf("octets=%" PRIu64 " cpu=%.3f packets=%" PRIu64 " data=%" PRIu64 "\n", p.came - came, took,
           p.counters[0].packets + p.counters[1].packets - packets, p.counters[1].packets - data);
}

/* --- connect --- */

static void one_octet(struct app *a, struct carrier *c, nsec now)
{
    struct pair *p = (struct pair *)a;
    (void)now;
    if (c->ended) {
        p->broken += c->fault != NULL;
        p->done++;
        carrier_release(c);
        if (p->to_open)
            call(p);
        return;
    }
    if (c->open && !c->closing) {
        ring_write(&c->out, "x", 1);
        carrier_touch(c, 0);
        carrier_close(c);
    }
    if (c->in.len)
        ring_consume(&c->in, c->in.len);
    carrier_touch(c, 0);
    if (c->peer_done && !c->ended && c->closing) {    /* TIME-WAIT is not waited for */
        p->done++;
        carrier_release(c);
        if (p->to_open)
            call(p);
    }
}

static void connections(unsigned n, unsigned at_a_time)
{
    static struct pair p;
    pair_start(&p, n, PACKET_MTU);
    p.app.news = one_octet;
    p.port = PORT_DISCARD;
    p.to_open = n;
    for (unsigned i = 0; i < at_a_time; i++)
        call(&p);
    loop_begin(&p.loop);
    double start = cpu();
    while (p.done < n && loop_turn(&p.loop))
        ;
    printf("connections=%u cpu=%.3f broken=%u packets=%" PRIu64 "\n", p.done, cpu() - start, p.broken,
           p.counters[0].packets + p.counters[1].packets);
}

/* --- empty --- */

static void nothing(struct app *a, struct carrier *c, nsec now) { (void)a, (void)c, (void)now; }

struct copy { uint8_t bytes[60]; uint32_t len; };
struct keeper { struct link link; struct link *inner; struct copy *all; unsigned n, most; };

/* Keeps the last packet of each call's handshake: the ACK, as the client sent it. */
static bool keep(struct link *l, const struct packet *p, nsec now)
{
    struct keeper *k = (struct keeper *)l;
    if (p->bytes[33] == TCP_ACK && k->n < k->most && p->len <= sizeof k->all->bytes) {
        memcpy(k->all[k->n].bytes, p->bytes, p->len);
        k->all[k->n++].len = p->len;
    }
    return k->inner->send(k->inner, p, now);
}

static void empty(uint64_t n, unsigned connections)
{
    static struct pair p;
    pair_start(&p, connections, PACKET_MTU);
    p.app.news = nothing;
    struct keeper k = { .link = { .send = keep, .mtu = PACKET_MTU }, .inner = p.loop.seats[0].link,
                        .all = calloc(connections, sizeof *k.all), .most = connections };
    p.loop.seats[0].link = &k.link;
    p.port = PORT_DISCARD;
    loop_begin(&p.loop);
    for (unsigned i = 0; i < connections; i++) {
        p.to_open = 1;
        call(&p);
        if (i % 100 == 99 || i + 1 == connections) {
            loop_flush(&p.loop);
            while (k.n < i + 1 && loop_turn(&p.loop))
                ;
        }
    }
    struct host *h = p.hosts[1];
    uint8_t store[PACKET_MTU];
    uint64_t answers = 0;
    nsec now = p.loop.now;
    double start = cpu();
    for (uint64_t i = 0; i < n; i++) {
        struct copy *c = &k.all[i * 7919 % connections];
        __builtin_prefetch(&k.all[(i + 2) * 7919 % connections]);            /* what a card brings is in the cache */
        struct packet in = { .bytes = c->bytes, .len = c->len, .room = c->len }, out = { .bytes = store, .room = sizeof store };
        h->ops->input(h, &in, now);
        while (h->ops->output(h, &out, now))
            answers++;
    }
    printf("segments=%" PRIu64 " cpu=%.3f answers=%" PRIu64 "\n", n, cpu() - start, answers);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (sodium_init() < 0)
        return 2;
    if (strcmp(what, "full") == 0 && argc == 5)
        full(strtoull(argv[2], NULL, 10) * 1000000, (unsigned)atoi(argv[3]), (uint32_t)atoi(argv[4]));
    else if (strcmp(what, "connect") == 0 && argc == 4)
        connections((unsigned)atoi(argv[2]), (unsigned)atoi(argv[3]));
    else if (strcmp(what, "empty") == 0 && argc == 4)
        empty(strtoull(argv[2], NULL, 10), (unsigned)atoi(argv[3]));
    else if (strcmp(what, "memory") == 0)
        printf("idle=%zu\n", sizeof(struct tcp));
    else
        return 2;
    return 0;
}
