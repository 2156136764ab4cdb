/* The world of a storm: two hosts, their programs, time. */
#include "tests/lib/storm.h"
#include "net/seq.h"
#include "net/tcp_table.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { PORT_0 = 443, PORT_BOTH_0 = 50000, PORT_1 = 50001, BURST = 500, POOL = 64 << 20 };
#define LONGEST (6 * 3600 * SECOND)                   /* of virtual time */
#define EVENTS  2000000u

unsigned storm_knob(const struct storm *s, enum storm_knob k) { return s->plan->knob[k]; }

unsigned storm_below(const struct storm *s, const char *kind, uint64_t number, unsigned below)
{
    return (unsigned)(storm_hash(s->plan->seed, kind, number) % below);
}

void storm_fail(struct storm *s, const char *format, ...)
{
    if (s->verdict->failed)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(s->verdict->why, sizeof s->verdict->why, format, args);
    va_end(args);
    s->verdict->failed = true;
    s->verdict->at = s->now - s->start;
    if (s->out)
        fprintf(s->out, "%10.3f ms  FAILED: %s\n", (double)(s->now - s->start) / MILLISECOND, s->verdict->why);
}

/* Ports are chosen, so that both can open to each other; all else is a hash. */
static void chance(struct chance *c, const char *purpose, void *out, size_t n)
{
    struct storm_chance *me = (struct storm_chance *)c;
    if (strcmp(purpose, "tcp_port") == 0 && n == 2) {
        unsigned port = me->which ? PORT_1 : PORT_BOTH_0;
        ((uint8_t *)out)[0] = (uint8_t)((port - PORT_EPHEMERAL) >> 8);
        ((uint8_t *)out)[1] = (uint8_t)(port - PORT_EPHEMERAL);
        return;
    }
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)out)[i] = (uint8_t)storm_hash(me->storm->plan->seed + me->which, purpose, me->drawn++);
}

static bool is_mad(const struct storm *s, unsigned i) { return i == 1 && storm_knob(s, MAD); }
static bool is_gone(const struct storm *s, unsigned i) { return i == 1 && s->dead; }
static nsec clock_of(const struct storm *s, unsigned i) { return s->now + s->host[i].clock; }
static nsec after(const struct storm *s, enum storm_knob k) { return s->start + storm_knob(s, k) * MILLISECOND; }

static void start_host(struct storm *s, unsigned i)
{
    struct storm_host *h = &s->host[i];
    unsigned plain = storm_knob(s, PLAIN_0 + i);
    h->addr = storm_addr(s, (uint8_t)(1 + i));
    h->to_write = storm_knob(s, TEXT_0 + i);
    h->reads_at = s->start;
    h->chance = (struct storm_chance){ { chance }, s, i, 0 };
    if (is_mad(s, i))
        return;
    pool_start(&h->pool, POOL);
    h->stack = stack_new(&(struct stack_config){ .addr = h->addr, .mtu = storm_knob(s, MTU_0 + i), .connections = 4,
                                                 .window = storm_knob(s, WINDOW_0 + i), .pool = &h->pool,
                                                 .window_most = storm_knob(s, GROW_0 + i),
                                                 .no_window_scaling = plain & 1, .no_timestamps = plain & 2,
                                                 .no_sack = plain & 4, .nagle = plain & 8,
                                                 .ecn = plain & 16 ? TCP_ECN_ASK : TCP_ECN_ANSWER,
                                                 .recovery = (enum tcp_recovery)(storm_knob(s, RECOVERY) % 3),
                                                 .rto_least = 200 * MILLISECOND, .chance = &h->chance.chance,
                                                 .syn_tries = 12, .data_tries = 15 });
    h->host = stack_host(h->stack);
}

static void open_host(struct storm *s, unsigned i)
{
    struct storm_host *h = &s->host[i];
    const struct addr any = { 0 };
    bool both = storm_knob(s, BOTH_OPEN);
    if (is_mad(s, i))
        s->mad.next = s->now;
    else if (i == 0 && !both)
        h->host->ops->listen(h->host, &any, PORT_0, NULL);
    else
        h->carrier = h->host->ops->connect(h->host, &s->host[1 - i].addr,
                                           i == 0 ? PORT_1 : both ? PORT_BOTH_0 : PORT_0, clock_of(s, i), NULL);
}

static void end_host(struct storm_host *h)
{
    if (h->host)
        h->host->ops->free(h->host);
    pool_end(&h->pool);
}

static void pull(struct storm *s, unsigned i)
{
    static uint8_t room[STORM_ROOM];
    struct storm_host *h = &s->host[i];
    struct packet p = { .bytes = room, .room = sizeof room };
    unsigned burst = 0;
    if (is_mad(s, i) || is_gone(s, i))
        return;
    while (!s->verdict->failed && h->host->ops->output(h->host, &p, clock_of(s, i))) {
        if (++burst > BURST + h->to_write / TCP_MSS_LEAST)
            storm_fail(s, "host %u sends without end", i);
        h->sent++;
        storm_check_packet(s, i, p.bytes, p.len);
        storm_send(s, i, p.bytes, p.len);
    }
    if (h->host->ops->wake(h->host) <= clock_of(s, i))
        storm_fail(s, "host %u has a timer in the past", i);
}

/* --- the programs --- */

static void read_text(struct storm *s, unsigned i, struct storm_host *h)
{
    struct bytes b = ring_peek(&h->carrier->in);
    unsigned most = storm_knob(s, READ_0 + i), pause = storm_knob(s, PAUSE_0 + i);
    size_t take = most && most < b.n ? most : b.n;
    if (take == 0 || h->reads_at > s->now)
        return;
    for (size_t k = 0; k < take; k++)
        if (b.at[k] != storm_octet(1 - i, h->read + k)) {
            storm_fail(s, "host %u reads another octet than was sent at %" PRIu64, i, h->read + k);
            return;
        }
    ring_consume(&h->carrier->in, take);
    h->read += take;
    s->verdict->text_took = s->now - s->start;
    h->reads_at = s->now + (pause ? pause * MILLISECOND : take < b.n ? 100 * MICROSECOND : 0);
    if (h->read > s->host[1 - i].to_write)
        storm_fail(s, "host %u reads more than was sent", i);
}

static void write_text(unsigned i, struct storm_host *h)
{
    struct carrier *c = h->carrier;
    while (c->open && !c->closing && h->written < h->to_write) {
        uint64_t left = h->to_write - h->written;
        struct room room = ring_reserve(&c->out, left < 5000 ? (size_t)left : 5000);
        if (room.n == 0)
            break;
        for (size_t k = 0; k < room.n; k++)
            room.at[k] = storm_octet(i, h->written + k);
        ring_commit(&c->out, room.n);
        h->written += room.n;
    }
}

static void work(struct storm *s, unsigned i)
{
    struct storm_host *h = &s->host[i];
    if (is_mad(s, i) || is_gone(s, i))
        return;
    for (struct carrier *c; (c = h->host->ops->news(h->host)) != NULL;) {
        if (!h->carrier)
            h->carrier = c;
        else if ((c != h->carrier || h->released) && storm_knob(s, MAD))
            carrier_release(c);                        /* after the first it may open another one */
        else if (c != h->carrier)
            storm_fail(s, "host %u has a second connection", i);
    }
    if (!h->carrier || h->released)
        return;
    read_text(s, i, h);
    write_text(i, h);
    carrier_touch(h->carrier, 0);
    if (h->carrier->open && h->written == h->to_write)
        carrier_close(h->carrier);
    if (h->carrier->ended && ring_peek(&h->carrier->in).n == 0) {
        if (h->carrier->fault && s->out)
            fprintf(s->out, "            host %u: %s\n", i, h->carrier->fault->ground->id);
        bool hard = storm_knob(s, DIES) || storm_knob(s, REBOOTS) || storm_knob(s, ABORTS) || storm_knob(s, MAD);
        /* When all is read and only the last ACK is missing, the other side may have forgotten us: its TIME-WAIT was as
         * long as our RTO, or ended by a stranger's SYN (RFC 6191). */
        hard |= s->host[0].read == s->host[1].to_write && s->host[1].read == s->host[0].to_write
                && (storm_knob(s, STRANGER) || s->now - s->start > 60 * SECOND);
        if (!hard && h->carrier->fault)
            storm_fail(s, "host %u: %s: expected %s, came %s", i, h->carrier->fault->ground->id,
                       h->carrier->fault->expected, h->carrier->fault->came);
        if (!hard && h->read != s->host[1 - i].to_write)
            storm_fail(s, "host %u: ended before all was read", i);
        h->released = true;
        carrier_release(h->carrier);
    }
}

/* --- what the plan lets happen --- */

static nsec stranger_comes(const struct storm *s)
{
    return s->strangers < storm_knob(s, STRANGER) && s->strangers_from != NEVER
               ? s->strangers_from + (nsec)s->strangers * 7 * MILLISECOND : NEVER;
}

static void let_happen(struct storm *s)
{
    struct storm_host *h = &s->host[1];
    if (storm_knob(s, DIES) && s->now >= after(s, DIES))
        s->dead = true;
    if (storm_knob(s, MAD) && s->now >= after(s, MAD_FOR))
        s->dead = true;
    if (storm_knob(s, REBOOTS) && !s->rebooted && s->now >= after(s, REBOOTS) && h->host) {
        s->rebooted = true;
        stack_forget(h->stack);
    }
    if (storm_knob(s, ABORTS) && !s->aborted && s->now >= after(s, ABORTS)) {
        s->aborted = true;
        if (h->carrier && !h->released)
            carrier_abort(h->carrier);
    }
    if (s->mad.next <= s->now && is_mad(s, 1) && !s->dead)
        storm_mad_turn(s);
    if (s->strangers_from == NEVER && s->host[0].carrier && h->carrier && s->host[0].carrier->open && h->carrier->open)
        s->strangers_from = s->now;
    while (stranger_comes(s) <= s->now)
        storm_stranger(s);
}

static nsec sooner(nsec a, nsec b) { return a < b ? a : b; }

static nsec next_moment(const struct storm *s)
{
    nsec at = underway_next(&s->flight);
    for (unsigned i = 0; i < 2; i++) {
        const struct storm_host *h = &s->host[i];
        if (is_mad(s, i) || is_gone(s, i))
            continue;
        nsec wake = h->host->ops->wake(h->host);
        if (wake != NEVER)
            at = sooner(at, wake - h->clock);
        if (h->carrier && !h->released && ring_peek(&h->carrier->in).n)
            at = sooner(at, h->reads_at > s->now ? h->reads_at : s->now + 1);
    }
    if (storm_knob(s, DIES) && !s->dead)
        at = sooner(at, after(s, DIES));
    if (storm_knob(s, MAD) && !s->dead)
        at = sooner(sooner(at, after(s, MAD_FOR)), s->mad.next);
    if (storm_knob(s, REBOOTS) && !s->rebooted && s->host[1].host)
        at = sooner(at, after(s, REBOOTS));
    if (storm_knob(s, ABORTS) && !s->aborted)
        at = sooner(at, after(s, ABORTS));
    return sooner(at, stranger_comes(s));
}

static void arrive(struct storm *s)
{
    struct under_way *u = underway_take(&s->flight);
    unsigned to = u->host - 1u;
    s->host[to].came++;
    storm_tell(s, to ? "        -> 1" : "        -> 0", u->packet.bytes, u->packet.len);
    if (is_mad(s, to) && !s->dead)
        storm_mad_hears(s, u->packet.bytes, u->packet.len);
    else if (!is_mad(s, to) && !is_gone(s, to))
        s->host[to].host->ops->input(s->host[to].host, &u->packet, clock_of(s, to));
    underway_free(&s->flight, u);
}

static void settle(struct storm *s)
{
    for (unsigned i = 0; i < 2; i++) {
        pull(s, i);
        storm_check_host(s, i);
        work(s, i);
        pull(s, i);
        storm_check_host(s, i);
    }
}

/* Whoever waits for a dead or lying peer lets go. False: nobody waits. */
static bool let_go(struct storm *s)
{
    bool any = false;
    for (unsigned i = 0; i < 2; i++) {
        struct storm_host *h = &s->host[i];
        if (is_mad(s, i) || is_gone(s, i) || !h->carrier || h->released)
            continue;
        if (!storm_knob(s, DIES) && !storm_knob(s, REBOOTS) && !storm_knob(s, MAD) && !storm_knob(s, ABORTS))
            storm_fail(s, "host %u waits and nothing moves any more", i);
        any = h->released = true;
        carrier_release(h->carrier);
    }
    return any;
}

static void turn(struct storm *s)
{
    nsec at = next_moment(s);
    if (at == NEVER) {
        s->over = !let_go(s);
        settle(s);
        return;
    }
    s->now = at > s->now ? at : s->now;
    if (underway_next(&s->flight) <= s->now)
        arrive(s);
    for (unsigned i = 0; i < 2; i++) {
        struct storm_host *h = &s->host[i];
        if (!is_mad(s, i) && !is_gone(s, i) && h->host->ops->wake(h->host) <= clock_of(s, i))
            h->host->ops->tick(h->host, clock_of(s, i));
    }
    let_happen(s);
    settle(s);
    if (++s->verdict->events > EVENTS || s->now - s->start > LONGEST)
        storm_fail(s, "it never ends");
}

/* The numbers that both would begin with, were their clocks right: RFC 6528 lets them grow with the clock. */
static void measure_iss(const struct storm_plan *p, uint32_t iss[2])
{
    struct storm_verdict v = { 0 };
    struct storm s = { .plan = p, .verdict = &v, .start = 1000 * SECOND, .now = 1000 * SECOND,
                       .strangers_from = NEVER };
    for (unsigned i = 0; i < 2; i++)
        start_host(&s, i);
    for (unsigned i = 0; i < 2; i++)
        open_host(&s, i);
    if (is_mad(&s, 1))
        storm_mad_turn(&s);
    else
        pull(&s, 1);
    while (underway_next(&s.flight) != NEVER && !s.host[0].knows_edge && !v.failed) {
        arrive(&s);
        pull(&s, 0);
    }
    for (unsigned i = 0; i < 2; i++) {
        iss[i] = s.host[i].offered;
        end_host(&s.host[i]);
    }
    underway_end(&s.flight);
}

static void judge(struct storm *s)
{
    for (unsigned i = 0; i < 2; i++) {
        const struct storm_host *h = &s->host[i];
        if (is_mad(s, i) || is_gone(s, i))
            continue;
        if (h->host->ops->busy(h->host))
            storm_fail(s, "host %u keeps a connection when all is over", i);
        if (h->pool.used)
            storm_fail(s, "host %u keeps memory when all is over", i);
    }
}

void storm_play(const struct storm_plan *p, struct storm_verdict *v, FILE *out)
{
    struct storm_plan calm = *p;
    uint32_t iss[2];
    calm.knob[LOSS] = calm.knob[CORRUPT] = calm.knob[RATE] = calm.knob[BLACKOUT] = calm.knob[NARROW] = 0;
    calm.knob[BOTH_OPEN] = p->knob[BOTH_OPEN];
    measure_iss(&calm, iss);
    *v = (struct storm_verdict){ 0 };
    struct storm s = { .plan = p, .verdict = v, .out = out, .start = 1000 * SECOND, .now = 1000 * SECOND,
                       .strangers_from = NEVER };
    for (unsigned i = 0; i < 2; i++) {
        start_host(&s, i);
        s.host[i].clock = (nsec)(uint32_t)(0 - p->knob[ISS] - iss[i]) * 4 * MICROSECOND;
    }
    for (unsigned i = 0; i < 2; i++)
        open_host(&s, i);
    settle(&s);
    while (!s.over && !v->failed)
        turn(&s);
    if (!v->failed)
        judge(&s);
    v->took = s.now - s.start;
    v->packets = s.ordinal;
    for (unsigned i = 0; i < 2; i++)
        end_host(&s.host[i]);
    underway_end(&s.flight);
}
