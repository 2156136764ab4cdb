/* Two stacks on a bad wire: whatever it loses, repeats, reorders, delays or spoils, all octets arrive, both
 * ways, and everything closes. */
#include "tests/lib/check.h"

#include "net/checksum.h"
#include "net/seq.h"
#include "net/stack.h"
#include "net/tcp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNDER_WAY = 4096, PACKET_ROOM = 1500 };

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

struct seeded { struct chance chance; uint64_t state; };

static void seeded_fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)purpose;
    struct seeded *s = (struct seeded *)c;
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)out)[i] = (uint8_t)mix(s->state++);
}

static unsigned draw(struct seeded *s, unsigned below) { return (unsigned)(mix(s->state++) % below); }

struct flying { nsec arrives; unsigned to; uint32_t len; uint8_t octets[PACKET_ROOM]; };

/* One end: what it still has to write, what it has read. Octet i of direction d is a function of both. */
struct end {
    struct stack *stack;
    struct host *host;
    struct carrier *carrier;
    struct pool pool;
    uint64_t to_write, written, to_read, read;
    bool released, ended_well;
};

struct wire {
    struct seeded rng;
    nsec now;
    struct flying *flying; unsigned n;
    unsigned loss, dup, reorder, corrupt;             /* in thousandths */
    nsec delay;
    struct end end[2];
    unsigned packets, dead_after;                     /* then the wire is cut, for good; 0: never */
};

static uint8_t octet(unsigned direction, uint64_t i) { return (uint8_t)mix(i / 8 * 2 + direction); }

static void fly(struct wire *w, const struct packet *p, unsigned to, nsec later)
{
    if (w->n == UNDER_WAY)
        return;
    struct flying *f = &w->flying[w->n++];
    f->arrives = w->now + w->delay + later;
    f->to = to;
    f->len = p->len;
    memcpy(f->octets, p->bytes, p->len);
}

static void check_invariants(const struct carrier *c)
{
    const struct tcp *t = (const struct tcp *)c;
    ck_assert(seq_upto(t->snd_una, t->snd_nxt));
    ck_assert_uint_eq(t->sent.octets, t->state == TCP_SYN_SENT || t->state == TCP_SYN_RECEIVED || t->state == TCP_CLOSED
                                          ? 0 : t->snd_nxt - t->snd_una);
    ck_assert_uint_le(t->sent.octets_lost + t->sent.octets_sacked, t->sent.octets);
    ck_assert_uint_le(t->n_extents, TCP_EXTENTS);
    ck_assert_uint_le(t->rcv_wnd, TCP_WINDOW_MOST);
    ck_assert_uint_le(t->carrier.in.len, t->config->window);
    for (unsigned i = 0; i < t->n_extents; i++)
        ck_assert(seq_before(t->extents[i].seq, t->extents[i].end)
                  && seq_before(t->rcv_nxt, t->extents[i].seq));
}

static void pull(struct wire *w)
{
    uint8_t room[PACKET_ROOM];
    for (unsigned i = 0; i < 2; i++) {
        struct packet p = { .bytes = room, .room = sizeof room };
        unsigned burst = 0;
        while (w->end[i].host->ops->output(w->end[i].host, &p, w->now)) {
            ck_assert_uint_lt(++burst, 1000);
            w->packets++;
            if (w->end[i].carrier && !w->end[i].released)
                check_invariants(w->end[i].carrier);
            if (draw(&w->rng, 1000) < w->loss || (w->dead_after && w->packets > w->dead_after))
                continue;
            nsec later = draw(&w->rng, 1000) < w->reorder ? (nsec)draw(&w->rng, 30) * MILLISECOND : 0;
            if (draw(&w->rng, 1000) < w->dup)
                fly(w, &p, 1 - i, (nsec)draw(&w->rng, 10) * MILLISECOND);
            if (draw(&w->rng, 1000) < w->corrupt) {
                unsigned bit = draw(&w->rng, p.len * 8);
                room[bit / 8] ^= (uint8_t)(1 << bit % 8);
            }
            fly(w, &p, 1 - i, later);
        }
    }
}

/* A program: reads all that came, in pieces; writes what fits; closes when it has written all; lets go when
 * all is over. */
static void work(struct wire *w, unsigned i)
{
    struct end *e = &w->end[i];
    struct carrier *c = e->carrier;
    if (!c || e->released)
        return;
    struct bytes b = ring_peek(&c->in);
    size_t take = draw(&w->rng, 4) ? b.n : b.n / 3;
    for (size_t k = 0; k < take; k++)
        if (b.at[k] != octet(1 - i, e->read + k))
            ck_abort_msg("end %u: octet %llu is another one", i, (unsigned long long)(e->read + k));
    ring_consume(&c->in, take);
    e->read += take;
    while (c->open && !c->closing && e->written < e->to_write) {
        uint64_t left = e->to_write - e->written;
        struct room room = ring_reserve(&c->out, left < 5000 ? (size_t)left : 1 + draw(&w->rng, 5000));
        if (room.n == 0)
            break;
        for (size_t k = 0; k < room.n; k++)
            room.at[k] = octet(i, e->written + k);
        ring_commit(&c->out, room.n);
        e->written += room.n;
    }
    carrier_touch(c, 0);
    if (c->open && e->written == e->to_write)
        carrier_close(c);
    if (c->ended && ring_peek(&c->in).n == 0) {
        /* Who waits in LAST-ACK for longer than the other's TIME-WAIT meets a RST: nothing is missing all the same. */
        e->ended_well = !c->fault || strcmp(c->fault->ground->id, "tcp.reset") == 0;
        e->released = true;
        carrier_release(c);
    }
}

static bool unread(const struct wire *w)
{
    for (unsigned i = 0; i < 2; i++)
        if (w->end[i].carrier && !w->end[i].released && ring_peek(&w->end[i].carrier->in).n)
            return true;
    return false;
}

/* The earliest packet or timer. False: there is none. */
static bool turn(struct wire *w)
{
    unsigned first = 0;
    nsec at = NEVER;
    for (unsigned i = 0; i < w->n; i++)
        if (w->flying[i].arrives < at)
            at = w->flying[first = i].arrives;
    nsec wake[2];
    for (unsigned i = 0; i < 2; i++)
        wake[i] = w->end[i].host->ops->wake(w->end[i].host);
    nsec timer = wake[0] < wake[1] ? wake[0] : wake[1];
    if (at == NEVER && timer == NEVER && !unread(w))
        return false;
    if (at == NEVER && timer == NEVER) {
        w->now += MILLISECOND;                        /* a slow reader goes on by itself */
    } else if (at <= timer) {
        struct flying f = w->flying[first];
        w->flying[first] = w->flying[--w->n];
        w->now = at > w->now ? at : w->now;
        struct packet p = { .bytes = f.octets, .len = f.len, .room = f.len };
        w->end[f.to].host->ops->input(w->end[f.to].host, &p, w->now);
    } else {
        w->now = timer > w->now ? timer : w->now;
        for (unsigned i = 0; i < 2; i++)
            if (wake[i] <= w->now)
                w->end[i].host->ops->tick(w->end[i].host, w->now);
    }
    pull(w);
    for (unsigned i = 0; i < 2; i++) {
        for (struct carrier *c; (c = w->end[i].host->ops->news(w->end[i].host)) != NULL;)
            if (!w->end[i].carrier)
                w->end[i].carrier = c;
        work(w, i);
    }
    pull(w);
    return true;
}

static void open_both(struct wire *w, uint64_t seed, uint32_t window)
{
    for (unsigned i = 0; i < 2; i++) {
        struct end *e = &w->end[i];
        pool_start(&e->pool, 4 << 20);
        struct stack_config config = {
            .addr = addr_v4(10, 0, 0, (uint8_t)(1 + i)), .connections = 4, .window = window, .pool = &e->pool,
            .chance = &w->rng.chance, .syn_tries = 10, .data_tries = 15,
        };
        e->stack = stack_new(&config);
        ck_assert_ptr_nonnull(e->stack);
        e->host = stack_host(e->stack);
        e->to_write = mix(seed * 2 + i) % (window > 6000 ? 100000 : 10 * window + 100);
    }
    w->end[0].to_read = w->end[1].to_write;
    w->end[1].to_read = w->end[0].to_write;
    struct addr any = { 0 }, to = addr_v4(10, 0, 0, 2);
    ck_assert(w->end[1].host->ops->listen(w->end[1].host, &any, 443, NULL));
    w->end[0].carrier = w->end[0].host->ops->connect(w->end[0].host, &to, 443, w->now, NULL);
    ck_assert_ptr_nonnull(w->end[0].carrier);
    pull(w);
}

static void run(uint64_t seed, unsigned loss, unsigned dup, unsigned reorder, unsigned corrupt,
                uint32_t window)
{
    struct wire w = { .rng = { { seeded_fill }, seed << 20 }, .now = 1000 * SECOND, .loss = loss, .dup = dup,
                      .reorder = reorder, .corrupt = corrupt, .delay = 20 * MILLISECOND };
    w.flying = malloc(UNDER_WAY * sizeof *w.flying);
    open_both(&w, seed, window);
    unsigned turns = 0;
    while (turn(&w))
        ck_assert_msg(++turns < 200000, "seed %llu never ends", (unsigned long long)seed);
    for (unsigned i = 0; i < 2; i++) {
        struct end *e = &w.end[i];
        ck_assert_msg(e->released && e->ended_well && e->read == e->to_read && e->written == e->to_write,
                      "seed %llu, end %u: released %d, ended well %d, read %llu of %llu, wrote %llu of %llu",
                      (unsigned long long)seed, i, e->released, e->ended_well, (unsigned long long)e->read,
                      (unsigned long long)e->to_read, (unsigned long long)e->written,
                      (unsigned long long)e->to_write);
        ck_assert(!e->host->ops->busy(e->host));
        ck_assert_uint_eq(e->pool.used, 0);
        e->host->ops->free(e->host);
        pool_end(&e->pool);
    }
    free(w.flying);
}

/* The wire is cut at some moment. A program that waits for ever lets go; then nothing may be left. */
static void run_cut(uint64_t seed)
{
    struct wire w = { .rng = { { seeded_fill }, seed << 20 }, .now = 1000 * SECOND, .loss = 20, .reorder = 50,
                      .delay = 20 * MILLISECOND, .dead_after = 1 + (unsigned)(mix(seed) % 120) };
    w.flying = malloc(UNDER_WAY * sizeof *w.flying);
    open_both(&w, seed, 64240);
    for (bool more = true; more;) {
        unsigned turns = 0;
        while (turn(&w))
            ck_assert_msg(++turns < 200000, "seed %llu never ends", (unsigned long long)seed);
        more = false;
        for (unsigned i = 0; i < 2; i++) {
            struct end *e = &w.end[i];
            if (!e->carrier || e->released)
                continue;
            more = e->released = true;
            carrier_release(e->carrier);
        }
        pull(&w);
    }
    for (unsigned i = 0; i < 2; i++) {
        struct end *e = &w.end[i];
        ck_assert_msg(!e->host->ops->busy(e->host) && e->pool.used == 0, "seed %llu: end %u keeps something",
                      (unsigned long long)seed, i);
        e->host->ops->free(e->host);
        pool_end(&e->pool);
    }
    free(w.flying);
}

START_TEST(a_wire_that_is_cut)                        /* CLOSING without an end: mirage-tcpip #489 */
{
    for (uint64_t seed = 1; seed <= 200; seed++)
        run_cut(seed);
}
END_TEST

START_TEST(a_good_wire)
{
    for (uint64_t seed = 1; seed <= 20; seed++)
        run(seed, 0, 0, 0, 0, 64240);
}
END_TEST

START_TEST(a_bad_wire)
{
    for (uint64_t seed = 1; seed <= 200; seed++)
        run(seed, 50, 30, 50, 30, 64240);
}
END_TEST

START_TEST(a_small_window)
{
    for (uint64_t seed = 201; seed <= 260; seed++)
        run(seed, 30, 20, 30, 10, (uint32_t)(1 + mix(seed) % 6000));
}
END_TEST

START_TEST(a_terrible_wire)
{
    for (uint64_t seed = 261; seed <= 300; seed++)
        run(seed, 200, 50, 200, 50, 20000);
}
END_TEST

int main(void)
{
    return check_run("tcp_wire",
                     (const TTest *[]){ a_good_wire, a_bad_wire, a_small_window, a_terrible_wire,
                                                     a_wire_that_is_cut, NULL });
}
