/* A stream cut into segments, shuffled, doubled, overlapped, lost and sent again, with numbers that wrap, some of it
 * never captured: what flows deliver is the stream, each octet once and by the packet that brought it first, and what
 * they call a gap is what was never captured, no octet more or less. */
#include "tests/lib/check.h"
#include "tests/lib/flow_made.h"

#include <stdlib.h>
#include <string.h>

enum { STREAM = 20000, SENDS = 400, SEEDS = 200 };

/* One sending: octets [at, end), reached the receiver, reached the capture. */
struct sending { uint32_t at, end; bool arrives, seen; };

struct storm {
    struct flow_made m;
    uint64_t state;
    uint8_t stream[STREAM]; uint64_t first[STREAM];   /* the packet that brought it first; 0: none */
    bool arrived[STREAM];
    struct sending sends[SENDS]; unsigned n;
    uint32_t acked;
    uint64_t delivered, gaps;
};

static uint32_t draw(struct storm *s, uint32_t below)
{
    s->state ^= s->state << 13;
    s->state ^= s->state >> 7;
    s->state ^= s->state << 17;
    return (uint32_t)(s->state >> 20) % below;
}

static void plan(struct storm *s)
{
    uint32_t longest = draw(s, 4) ? 1460 : 200, hard = draw(s, 4);
    for (uint32_t at = 0; at < STREAM && s->n + 4 < SENDS;) {
        uint32_t end = at + 1 + draw(s, longest), fate = draw(s, 40);
        if (end > STREAM || s->n + 5 >= SENDS)
            end = STREAM;
        bool lost = hard && fate < 3, missed = hard > 1 && fate >= 3 && fate < 5;
        s->sends[s->n++] = (struct sending){ at, end, !lost, !missed && !(lost && fate == 0) };
        if (lost)
            s->sends[s->n++] = (struct sending){ at, end, true, true };
        if (fate >= 30 && fate < 33)                  /* a piece of what is known, and some of what comes */
            s->sends[s->n++] = (struct sending){ at / 2 + draw(s, at / 2 + 1), end, true, !missed };
        at = end;
    }
    for (unsigned k = 0; hard && k + 8 < s->n; k++)   /* overtaken by up to seven */
        if (draw(s, 8) == 0) {
            unsigned with = k + draw(s, 8);
            struct sending other = s->sends[with];
            s->sends[with] = s->sends[k];
            s->sends[k] = other;
        }
}

/* All that lies at hand, some of it at a time. */
static void read_side(struct storm *s, bool all)
{
    struct flow *f = s->m.flow;
    for (;;) {
        struct room have = flow_peek(f, 0);
        uint64_t at = flow_offset(f, 0), gap = flow_gap(f, 0);
        size_t n = all || gap || draw(s, 2) ? have.n : have.n / 2;
        ck_assert_uint_le(at + have.n, STREAM);
        check_bytes(have.at ? have.at : s->stream, s->stream + (have.at ? at : 0), have.n);
        for (uint64_t k = at; k < at + n; k += 1 + draw(s, 50))
            ck_assert_uint_eq(flow_packet_of(f, 0, k), s->first[k]);
        if (n)
            memset(have.at, 0xee, n);                 /* as who opens records in place does */
        flow_consume(f, 0, n);
        s->delivered += n;
        if (!gap || n < have.n)
            return;
        for (uint64_t k = at + n; k < at + n + gap; k++)
            ck_assert_uint_eq(s->first[k], 0);
        s->gaps += gap;
        flow_skip(f, 0);
    }
}

static void send(struct storm *s, const struct sending *g)
{
    for (uint32_t k = g->at; g->arrives && k < g->end; k++)
        s->arrived[k] = true;
    if (!g->seen)
        return;
    flow_made_say(&s->m, (struct said){ .seq = 1 + g->at, .ack = 1, .flags = TCP_ACK, .octets = s->stream + g->at,
                                        .n = g->end - g->at });
    for (uint32_t k = g->at; k < g->end; k++)
        if (!s->first[k])
            s->first[k] = s->m.number;
    read_side(s, false);
}

static void acknowledge(struct storm *s)
{
    while (s->acked < STREAM && s->arrived[s->acked])
        s->acked++;
    flow_made_say(&s->m, (struct said){ .from = 1, .seq = 1, .ack = 1 + s->acked, .flags = TCP_ACK });
    read_side(s, false);
}

START_TEST(what_is_delivered_is_the_stream)
{
    struct storm *s = calloc(1, sizeof *s);
    s->state = UINT64_C(0x9e3779b97f4a7c15) * (unsigned)(_i + 1);
    flow_made_start(&s->m, 4 << 20);
    for (unsigned k = 0; k < STREAM; k++)
        s->stream[k] = (uint8_t)draw(s, 256);
    s->m.isn[0] = draw(s, 2) ? (uint32_t)0 - draw(s, STREAM) : draw(s, 1u << 30);
    plan(s);
    flow_made_open(&s->m, 7);
    for (unsigned k = 0; k < s->n; k++) {
        send(s, &s->sends[k]);
        if (draw(s, 3) == 0)
            acknowledge(s);
    }
    acknowledge(s);
    ck_assert_uint_eq(s->acked, STREAM);
    struct flow *f = s->m.flow;
    flows_end(s->m.flows);
    ck_assert_ptr_eq(flows_over(s->m.flows), f);
    read_side(s, true);
    ck_assert_uint_eq(s->delivered + s->gaps, STREAM);
    ck_assert_uint_eq(f->side[0].text, s->delivered);
    ck_assert_uint_eq(f->side[0].gap_octets, s->gaps);
    ck_assert_uint_eq(f->side[0].conflicts, 0);
    flows_give(s->m.flows, f);
    flow_made_end(&s->m);
    free(s);
}
END_TEST

int main(void)
{
    return check_run_rows("flow_storm", what_is_delivered_is_the_stream, SEEDS, (const TTest *[]){ NULL });
}
