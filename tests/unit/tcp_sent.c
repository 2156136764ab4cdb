/* The scoreboard against a naive model, an octet a place: whatever is added, SACKed, lost, sent again and acknowledged,
 * both say the same; memory is bounded, and what a peer can make it cost too. */
#include "tests/lib/check.h"

#include "net/seq.h"
#include "net/tcp_sent.h"

#include <string.h>

enum { SPACE = 60000, MSS = 100 };

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static unsigned draw(uint64_t *state, unsigned below) { return (unsigned)(mix((*state)++) % below); }

struct model { uint8_t place[SPACE]; uint32_t una, nxt, first; };

static void agree(struct tcp_sent *s, const struct model *m, bool in_order)
{
    uint32_t at = m->first + m->una, lost = 0, sacked = 0, out = 0;
    for (unsigned i = 0; i < s->n; i++) {
        const struct sent_record *r = tcp_sent_at(s, i);
        ck_assert_uint_eq(r->seq, at);
        ck_assert(seq_before(r->seq, r->end));
        for (uint32_t o = r->seq; o != r->end; o++)
            if (m->place[o - m->first] != r->place)
                ck_abort_msg("octet %u is in place %d, not %d", o - m->first, r->place, m->place[o - m->first]);
        *(r->place == SENT_LOST ? &lost : r->place == SENT_SACKED ? &sacked : &out) += r->end - r->seq;
        at = r->end;
    }
    ck_assert_uint_eq(at, m->first + m->nxt);
    ck_assert_uint_eq(s->octets, m->nxt - m->una);
    ck_assert_uint_eq(s->octets_lost, lost);
    ck_assert_uint_eq(s->octets_sacked, sacked);
    ck_assert_uint_eq(tcp_sent_pipe(s), out);
    nsec before = 0;
    unsigned listed = 0;
    for (uint16_t i = s->out.first; i != SENT_NONE; listed++) {    /* the oldest first */
        const struct sent_record *r = s->size ? &s->slots[i] : &s->one;
        ck_assert_int_eq(r->place, SENT_OUT);
        ck_assert(!in_order || r->sent_at >= before);
        before = r->sent_at;
        i = r->after;
    }
    ck_assert_uint_le(listed, s->n);
}

static void fill(struct model *m, uint32_t seq, uint32_t end, uint8_t place)
{
    memset(m->place + (seq - m->first), place, end - seq);
}

static void sack(struct tcp_sent *s, struct model *m, struct tcp_extent block)
{
    struct sent_record r;
    while (tcp_sent_sacked(s, block, MSS, &r)) {
        ck_assert(seq_upto(block.seq, r.seq) && seq_upto(r.end, block.end));
        ck_assert_int_ne(r.place, SENT_SACKED);
        fill(m, r.seq, r.end, SENT_SACKED);
    }
}

static void acked(struct tcp_sent *s, struct model *m, uint32_t to)
{
    struct sent_record r;
    uint32_t at = m->una;
    while (tcp_sent_acked(s, m->first + to, &r)) {
        ck_assert_uint_eq(r.seq, m->first + at);
        at = r.end - m->first;
    }
    ck_assert_uint_eq(at, to);
    m->una = to;
}

static void again(struct tcp_sent *s, struct model *m, nsec now)
{
    struct sent_record *r = tcp_sent_next(s);
    if (!r)
        return;
    uint32_t seq = r->seq, span = tcp_sent_gather(s, MSS), n = span < MSS ? span : MSS;
    r = tcp_sent_next(s);
    ck_assert_uint_eq(r->seq, seq);
    tcp_sent_again(s, r, n, now);
    ck_assert_uint_eq(tcp_sent_at(s, 0)->seq, m->first + m->una);
    fill(m, seq, seq + n, SENT_OUT);
}

START_TEST(agrees_with_a_model)
{
    static struct model m;
    struct pool pool;
    pool_start(&pool, 1 << 20);
    for (unsigned seed = 0; seed < 40; seed++) {
        struct tcp_sent s;
        uint64_t state = seed * 1000003u;
        nsec now = 1;
        bool found = false;                           /* then the order of those that are out is only about right */
        tcp_sent_start(&s, &pool);
        m = (struct model){ .first = seed % 2 ? 4294960000u : 1000 };
        for (unsigned step = 0; step < 700 && m.nxt < SPACE - 2000; step++, now++) {
            uint32_t flight = m.nxt - m.una, a = m.una + draw(&state, flight + 1), b = m.una + draw(&state, flight + 1);
            switch (draw(&state, 8)) {
            case 0: case 1: case 2: {
                uint32_t n = 1 + draw(&state, draw(&state, 2) ? MSS : 12 * MSS);
                tcp_sent_add(&s, m.first + m.nxt, m.first + m.nxt + n, now);
                fill(&m, m.first + m.nxt, m.first + m.nxt + n, SENT_OUT);
                m.nxt += n;
                break;
            }
            case 3:
                if (a < b)
                    sack(&s, &m, (struct tcp_extent){ m.first + a, m.first + b });
                break;
            case 4: {
                struct sent_record *oldest = tcp_sent_oldest(&s);
                if (oldest) {
                    fill(&m, oldest->seq, oldest->end, SENT_LOST);
                    tcp_sent_lose(&s, oldest, 0, 0);
                }
                break;
            }
            case 5: again(&s, &m, now); break;
            case 6: acked(&s, &m, m.una + draw(&state, flight / 3 + 1)); break;
            case 7:
                if (draw(&state, 10) == 0) {
                    tcp_sent_lose_all(&s, NEVER, true, 0, 0);
                    memset(m.place + m.una, SENT_LOST, flight);
                } else if (draw(&state, 20) == 0) {
                    tcp_sent_find(&s);
                    found = true;
                    for (uint32_t i = m.una; i < m.nxt; i++)
                        m.place[i] = m.place[i] == SENT_LOST ? SENT_OUT : m.place[i];
                }
                break;
            }
            if (step % 11 == 0)
                agree(&s, &m, !found);
        }
        acked(&s, &m, m.nxt);
        ck_assert_uint_eq(s.n, 0);
        ck_assert_uint_eq(s.size, 0);
        tcp_sent_end(&s);
        ck_assert_uint_eq(pool.used, 0);
    }
    pool_end(&pool);
}
END_TEST

/* CVE-2019-11477 to -11479: blocks of single octets make no records; a hole every other segment makes as many as there
 * are segments, and no more memory than one piece. */
START_TEST(holes_cost_what_segments_do)
{
    struct pool pool;
    struct tcp_sent s;
    struct sent_record r;
    pool_start(&pool, 1 << 20);
    tcp_sent_start(&s, &pool);
    for (uint32_t i = 0; i < 16; i++)
        tcp_sent_add(&s, i * 64000, (i + 1) * 64000, i);
    for (uint32_t i = 0; i < 16 * 64000; i += 7)
        ck_assert(!tcp_sent_sacked(&s, (struct tcp_extent){ i + 1, i + 2 }, 1000, &r));
    ck_assert_uint_eq(s.n, 16);
    for (uint32_t i = 1; i < 16 * 64; i += 2)
        while (tcp_sent_sacked(&s, (struct tcp_extent){ i * 1000, i * 1000 + 1000 }, 1000, &r)) {}
    ck_assert_uint_eq(s.n, 16 * 64);
    ck_assert_uint_eq(s.octets_sacked, 16 * 32 * 1000);
    ck_assert_uint_le(s.size, 64 * 1024);
    while (tcp_sent_sacked(&s, (struct tcp_extent){ 1000, 16 * 64000 }, 1000, &r)) {}
    ck_assert_uint_eq(s.n, 2);                        /* neighbours became one */
    tcp_sent_end(&s);
    ck_assert_uint_eq(pool.used, 0);
    pool_end(&pool);
}
END_TEST

/* No memory at all: one record stands for everything, and nothing fails. */
START_TEST(without_memory_it_becomes_coarse)
{
    struct tcp_sent s;
    struct sent_record r;
    tcp_sent_start(&s, NULL);
    for (uint32_t i = 0; i < 50; i++)
        tcp_sent_add(&s, i * 1000, i * 1000 + 1000, i + 1);
    ck_assert_uint_eq(s.n, 1);
    ck_assert_uint_eq(s.octets, 50000);
    ck_assert(!tcp_sent_sacked(&s, (struct tcp_extent){ 2000, 3000 }, 1000, &r));
    tcp_sent_lose_all(&s, NEVER, false, 0, 0);
    ck_assert_uint_eq(tcp_sent_pipe(&s), 0);
    tcp_sent_again(&s, tcp_sent_next(&s), 1000, 60);
    ck_assert_ptr_null(tcp_sent_next(&s));
    ck_assert(tcp_sent_acked(&s, 20500, &r));
    ck_assert_uint_eq(s.octets, 29500);
    tcp_sent_end(&s);
}
END_TEST

int main(void)
{
    return check_run("tcp_sent", (const TTest *[]){
        agrees_with_a_model, holes_cost_what_segments_do, without_memory_it_becomes_coarse, NULL });
}
