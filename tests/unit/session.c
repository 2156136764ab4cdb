/* A session on a carrier of straw: bare or with TLS, in one piece or octet by octet, and every way in
 * which it can end. */
#include "http/session.h"
#include "tests/lib/check.h"
#include "tests/lib/tls_pair.h"

#include <string.h>

struct straw { struct carrier carrier; unsigned touched, closed, aborted, released; };

static void straw_touch(struct carrier *c, event_no why) { (void)why, ((struct straw *)c)->touched++; }
static void straw_close(struct carrier *c) { ((struct straw *)c)->closed++; }
static void straw_abort(struct carrier *c) { ((struct straw *)c)->aborted++; }
static void straw_release(struct carrier *c) { ((struct straw *)c)->released++; }
static const struct carrier_ops straw_ops = { straw_touch, straw_close, straw_abort, straw_release };

/* Two sessions, and what lies between them. */
struct scene {
    struct tls_pair pair;
    struct straw straws[2];
    struct session ends[2];
    struct fault fault[2];
    char heard[2][65536];
    size_t n[2];
};

static struct scene *begin(bool tls, uint32_t ring)
{
    static struct scene s;
    memset(&s, 0, sizeof s);
    pair_configure(&s.pair, &(struct pair_wish){ .seed = 1 });
    for (unsigned i = 0; i < 2; i++) {
        struct carrier *c = &s.straws[i].carrier;
        *c = (struct carrier){ .ops = &straw_ops, .open = true };
        ring_start(&c->in, &s.pair.pool, ring);
        ring_start(&c->out, &s.pair.pool, ring);
        const struct tls_config *config = i ? &s.pair.server.config : &s.pair.client.config;
        ck_assert(session_start(&s.ends[i], c, tls ? config : NULL, PAIR_NOW, &s.fault[i]));
    }
    return &s;
}

static void finish(struct scene *s)
{
    for (unsigned i = 0; i < 2; i++) {
        session_end(&s->ends[i]);
        session_end(&s->ends[i]);                     /* twice is once */
        ck_assert_uint_eq(s->straws[i].released, 1);
        ring_end(&s->straws[i].carrier.in);
        ring_end(&s->straws[i].carrier.out);
    }
    pair_end(&s->pair);
}

static enum session_says hear(struct scene *s, unsigned i)
{
    enum session_says says;
    while ((says = session_read(&s->ends[i], PAIR_NOW, &s->fault[i])) == SESSION_AGAIN ||
           says == SESSION_DATA)
        if (says == SESSION_DATA) {
            struct span where;
            struct bytes b = session_peek(&s->ends[i], &where);
            ck_assert(b.n && s->n[i] + b.n < sizeof s->heard[i]);
            memcpy(s->heard[i] + s->n[i], b.at, b.n);
            s->n[i] += b.n;
            session_consume(&s->ends[i], b.n);
        }
    return says;
}

/* Moves octets, at most `piece` at a time, until nothing moves. */
static void pump(struct scene *s, size_t piece)
{
    for (bool moved = true; moved; ) {
        moved = false;
        for (unsigned i = 0; i < 2; i++) {
            struct carrier *from = &s->straws[i].carrier, *to = &s->straws[!i].carrier;
            hear(s, i);
            struct bytes b = ring_peek(&from->out);
            size_t n = b.n ? ring_write(&to->in, b.at, b.n < piece ? b.n : piece) : 0;
            if (n)
                ring_consume(&from->out, n);
            moved |= n > 0;
        }
    }
}

static void both_ways(struct scene *s, size_t piece)
{
    struct span where;
    pump(s, piece);
    ck_assert(session_open(&s->ends[0]) && session_open(&s->ends[1]));
    ck_assert_uint_eq(session_write(&s->ends[0], "question", 8, &where), 8);
    ck_assert_uint_eq(where.len, 8);
    pump(s, piece);
    ck_assert_uint_eq(session_write(&s->ends[1], "answer", 6, &where), 6);
    pump(s, piece);
    ck_assert(s->n[1] == 8 && memcmp(s->heard[1], "question", 8) == 0);
    ck_assert(s->n[0] == 6 && memcmp(s->heard[0], "answer", 6) == 0);
}

START_TEST(octets_both_ways)
{
    for (unsigned tls = 0; tls < 2; tls++)
        for (unsigned piece = 1; piece < 70000; piece *= 3) {
            struct scene *s = begin(tls, 65535);
            both_ways(s, piece);
            ck_assert(!tls || s->straws[0].touched);
            finish(s);
        }
}
END_TEST

START_TEST(closed_in_order)
{
    for (unsigned tls = 0; tls < 2; tls++) {
        struct scene *s = begin(tls, 65535);
        struct span where;
        both_ways(s, 1000);
        session_close(&s->ends[0]);
        session_close(&s->ends[0]);
        ck_assert_uint_eq(s->straws[0].closed, 1);
        ck_assert(!session_open(&s->ends[0]) && session_write(&s->ends[0], "x", 1, &where) == 0);
        pump(s, 1000);
        s->straws[1].carrier.peer_done = true;
        ck_assert_int_eq(hear(s, 1), SESSION_CLOSED);
        ck_assert(!s->fault[1].ground);
        session_close(&s->ends[1]);
        pump(s, 1000);
        s->straws[0].carrier.peer_done = true;
        ck_assert_int_eq(hear(s, 0), SESSION_CLOSED);
        finish(s);
    }
}
END_TEST

START_TEST(what_lies_there_is_heard_before_the_end)
{
    for (unsigned tls = 0; tls < 2; tls++) {
        struct scene *s = begin(tls, 65535);
        struct span where;
        both_ways(s, 1000);
        session_write(&s->ends[0], "last words", 10, &where);
        session_close(&s->ends[0]);
        struct carrier *from = &s->straws[0].carrier, *to = &s->straws[1].carrier;
        struct bytes b = ring_peek(&from->out);
        ring_write(&to->in, b.at, b.n);
        ring_consume(&from->out, b.n);
        to->peer_done = true;
        ck_assert_int_eq(hear(s, 1), SESSION_CLOSED);
        ck_assert(s->n[1] == 18 && memcmp(s->heard[1] + 8, "last words", 10) == 0);
        finish(s);
    }
}
END_TEST

START_TEST(cut_off)
{
    struct scene *s = begin(true, 65535);
    both_ways(s, 1000);
    s->straws[0].carrier.peer_done = true;
    ck_assert_int_eq(hear(s, 0), SESSION_FAILED);
    ck_assert_str_eq(s->fault[0].ground->id, "tls.truncated");
    finish(s);
    s = begin(true, 65535);
    s->straws[0].carrier.peer_done = true;
    ck_assert_int_eq(hear(s, 0), SESSION_FAILED);
    ck_assert_str_eq(s->fault[0].ground->id, "tls.handshake_cut");
    finish(s);
    for (unsigned tls = 0; tls < 2; tls++) {
        static const struct ground reset = { "tcp.reset", "RFC 9293 §3.10.7.4" };
        s = begin(tls, 65535);
        both_ways(s, 1000);
        struct carrier *c = &s->straws[0].carrier;
        struct fault broken = { 0 };
        refuse(&broken, &reset, "the connection to go on", "RST");
        c->fault = &broken;
        c->ended = true;
        c->open = false;
        ck_assert_int_eq(hear(s, 0), SESSION_FAILED);
        ck_assert_str_eq(s->fault[0].ground->id, "tcp.reset");
        finish(s);
    }
}
END_TEST

/* Whatever is written, there is room left for close_notify: it stands before the FIN in a ring that was
 * filled to the brim. */
START_TEST(a_full_ring_has_room_for_the_close)
{
    static uint8_t some[TLS_RECORD_MAX];
    for (uint32_t ring = 40000; ring < 40064; ring += 7) {
        struct scene *s = begin(true, ring);
        struct span where;
        size_t n, all = 0;
        both_ways(s, 70000);
        while ((n = session_write(&s->ends[0], some, sizeof some - all % 3, &where)) > 0)
            all += n;
        ck_assert_uint_gt(all, 30000);
        session_close(&s->ends[0]);
        pump(s, 70000);
        s->straws[1].carrier.peer_done = true;
        ck_assert_int_eq(hear(s, 1), SESSION_CLOSED);
        ck_assert_uint_eq(s->n[1], all + 8);
        finish(s);
    }
}
END_TEST

START_TEST(a_config_that_cannot_work)
{
    struct scene *s = begin(false, 65535);
    struct session other;
    struct fault why = { 0 };
    s->pair.client.config.chance = NULL;
    ck_assert(!session_start(&other, &s->straws[0].carrier, &s->pair.client.config, PAIR_NOW, &why));
    ck_assert_str_eq(why.ground->id, "tls.config");
    session_close(&other);                            /* nothing of TLS is there to close; the carrier is */
    ck_assert_uint_eq(s->straws[0].closed, 1);
    finish(s);
}
END_TEST

int main(void)
{
    return check_run("session", (const TTest *[]){ octets_both_ways, closed_in_order,
                                                   what_lies_there_is_heard_before_the_end, cut_off,
                                                   a_full_ring_has_room_for_the_close,
                                                   a_config_that_cannot_work, NULL });
}
