/* Fragments put together, in any order; and what is refused of them. */
#include "net/icmp.h"
#include "net/ip6.h"
#include "net/reassembly.h"
#include "net/stack.h"
#include "net/udp.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 70000 };

static struct addr address(bool six, uint8_t last)
{
    return six ? (struct addr){ .len = 16, .octets = { 0x20, 0x01, [15] = last } } : addr_v4(10, 0, 0, last);
}

/* Octets [at, end) of `text` as a fragment; how many octets. */
static size_t cut(bool six, uint8_t protocol, const uint8_t *text, uint32_t at, uint32_t end, bool more, uint8_t *out)
{
    uint32_t head = six ? IP6_HEADER + IP6_FRAGMENT_HEADER : IP4_HEADER;
    ip_write(&(struct ip_header){
        .total_length = head + end - at, .hop_limit = 64, .source = address(six, 2), .destination = address(six, 1),
        .protocol = six ? IP_FRAGMENT : protocol, .identification = 77, .fragment_offset = at,
        .more_fragments = more }, out);
    const uint8_t fragment[8] = { protocol, 0, (uint8_t)(at >> 8), (uint8_t)(at | (more ? 1u : 0)), 0, 0, 0, 77 };
    if (six)
        memcpy(out + IP6_HEADER, fragment, 8);
    memcpy(out + head, text + at, end - at);
    return head + end - at;
}

struct taken { enum reassembled how; struct bytes whole; struct ip_problem problem; struct fault why; };

static struct taken take(struct reassembly *r, const uint8_t *packet, size_t n, nsec now)
{
    struct taken t = { 0 };
    struct ip_header h;
    struct wire_in in = wire_over(packet, n, NULL), payload;
    ck_assert(ip_read(&in, &h, &payload, NULL) && ip_is_fragment(&h));
    t.how = reassembly_take(r, &h, packet, &(struct bytes){ payload.at, wire_left(&payload) }, now, &t.whole,
                            &t.problem, &t.why);
    return t;
}

static struct taken take_cut(struct reassembly *r, bool six, const uint8_t *text, uint32_t at, uint32_t end, bool more)
{
    uint8_t packet[3000];
    return take(r, packet, cut(six, IP_UDP, text, at, end, more, packet), 0);
}

/* All 24 orders of four fragments, one of them twice. */
START_TEST(any_order)
{
    uint8_t text[1000];
    static const uint32_t ends[5] = { 0, 256, 504, 760, 1000 };
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 31);
    for (int six = 0; six < 2; six++)
        for (unsigned order = 0; order < 256; order++) {
            unsigned seen = 0;
            for (int i = 0; i < 4; i++)
                seen |= 1u << (order >> 2 * i & 3);
            if (seen != 15)
                continue;
            struct reassembly *r = reassembly_new();
            struct taken t = { 0 };
            for (int i = 0; i < 4; i++) {
                unsigned k = order >> 2 * i & 3;
                ck_assert(t.how == REASSEMBLY_GOES_ON);
                t = take_cut(r, six, text, ends[k], ends[k + 1], k < 3);
                if (i < 3)
                    ck_assert(take_cut(r, six, text, ends[k], ends[k + 1], k < 3).how == REASSEMBLY_GOES_ON);
            }
            ck_assert(t.how == REASSEMBLY_WHOLE);
            struct wire_in in = wire_over(t.whole.at, t.whole.n, NULL), payload;
            struct ip_header h;
            ck_assert(ip_read(&in, &h, &payload, NULL) && !ip_is_fragment(&h) && h.protocol == IP_UDP);
            ck_assert(wire_left(&payload) == sizeof text);
            check_bytes(payload.at, text, sizeof text);
            ck_assert(reassembly_wake(r) == NEVER);
            reassembly_free(r);
        }
}
END_TEST

START_TEST(refusals)
{
    static uint8_t text[ROOM];
    static const struct {
        uint32_t at, end; bool more; uint32_t at2, end2; bool more2; const char *id; int code;
    } cases[] = {
        { 0, 64, true, 56, 128, true, "ip.fragment_overlap", -1 },        /* teardrop; RFC 5722 */
        { 64, 128, true, 0, 72, true, "ip.fragment_overlap", -1 },
        { 0, 128, true, 24, 48, true, "ip.fragment_overlap", -1 },
        { 0, 64, true, 0, 72, true, "ip.fragment_overlap", -1 },
        { 64, 100, false, 104, 160, true, "ip.fragment_end", -1 },
        { 104, 160, true, 64, 100, false, "ip.fragment_end", -1 },
        { 64, 100, false, 104, 120, false, "ip.fragment_end", -1 },
        { 64, 128, true, 0, 20, true, "ip.fragment_length", IP6_BAD_FIELD },
        { 64, 128, true, 65528, 66528, false, "ip.fragment_length", IP6_BAD_FIELD },  /* ping of death */
        { 64, 128, true, 0, 0, true, "ip.fragment_length", IP6_BAD_FIELD },
    };
    for (int six = 0; six < 2; six++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct reassembly *r = reassembly_new();
            ck_assert(take_cut(r, six, text, cases[i].at, cases[i].end, cases[i].more).how == REASSEMBLY_GOES_ON);
            struct taken t = take_cut(r, six, text, cases[i].at2, cases[i].end2, cases[i].more2);
            ck_assert_msg(t.how == REASSEMBLY_REFUSED, "case %zu", i);
            ck_assert_str_eq(t.why.ground->id, cases[i].id);
            ck_assert_msg(t.problem.any == (six && cases[i].code >= 0), "case %zu", i);
            reassembly_free(r);
        }
}
END_TEST

/* Same octets that differ are an overlap; and of what was given up, nothing more is taken (RFC 5722 §4). */
START_TEST(what_is_given_up_stays_so)
{
    static uint8_t text[256], other[256] = { 9 };
    struct reassembly *r = reassembly_new();
    ck_assert(take_cut(r, true, text, 0, 64, true).how == REASSEMBLY_GOES_ON);
    ck_assert(take_cut(r, true, other, 0, 64, true).how == REASSEMBLY_REFUSED);
    ck_assert(take_cut(r, true, text, 0, 64, true).how == REASSEMBLY_REFUSED);
    ck_assert(take_cut(r, true, text, 64, 100, false).how == REASSEMBLY_REFUSED);
    reassembly_free(r);
}
END_TEST

/* RFC 1858, RFC 3128, RFC 7112. */
START_TEST(no_header_hides)
{
    static uint8_t text[256];
    uint8_t packet[300];
    for (int six = 0; six < 2; six++) {
        struct reassembly *r = reassembly_new();
        struct taken t = take(r, packet, cut(six, IP_TCP, text, 0, 16, true, packet), 0);
        ck_assert(t.how == REASSEMBLY_REFUSED && t.problem.any == six);
        ck_assert_str_eq(t.why.ground->id, "ip.fragment_first");
        ck_assert(!six || t.problem.code == IP6_FIRST_FRAGMENT_CUT);
        t = take(r, packet, cut(six, IP_TCP, text, 8, 40, false, packet), 0);
        ck_assert(t.how == REASSEMBLY_REFUSED);
        ck_assert_str_eq(t.why.ground->id, "ip.fragment_hides");
        reassembly_free(r);
    }
}
END_TEST

START_TEST(bounded)
{
    static uint8_t text[ROOM];
    struct reassembly *r = reassembly_new();
    for (uint32_t i = 0; i < REASSEMBLY_PIECES; i++)
        ck_assert(take_cut(r, false, text, 16 * i, 16 * i + 8, true).how == REASSEMBLY_GOES_ON);
    struct taken t = take_cut(r, false, text, 60000, 60008, true);
    ck_assert(t.how == REASSEMBLY_REFUSED);
    ck_assert_str_eq(t.why.ground->id, "ip.fragment_many");
    for (uint8_t id = 0; id < 100; id++) {            /* the oldest makes room */
        uint8_t packet[300];
        size_t n = cut(true, IP_UDP, text, 0, 64, true, packet);
        packet[47] = id;
        ck_assert(take(r, packet, n, id).how == REASSEMBLY_GOES_ON);
    }
    struct bytes first;
    ck_assert(reassembly_wake(r) == 96 + REASSEMBLY_SECONDS * SECOND);
    ck_assert(!reassembly_expire(r, 95 + REASSEMBLY_SECONDS * SECOND, &first));
    for (int i = 0; i < REASSEMBLY_PACKETS; i++)
        ck_assert(reassembly_expire(r, 1000 * SECOND, &first) && first.n == 112);
    ck_assert(!reassembly_expire(r, 1000 * SECOND, &first));
    reassembly_free(r);
}
END_TEST

/* A stack takes a datagram that came in pieces, and tells its sender when pieces are missing after 60 s. */
START_TEST(a_stack_puts_together)
{
    static struct datagram d, got;
    struct test_chance chance = test_chance(1);
    struct pool pool;
    pool_start(&pool, 1 << 20);
    for (int six = 0; six < 2; six++) {
        struct host *h = stack_host(stack_new(&(struct stack_config){
            .addr = address(six, 1), .connections = 4, .pool = &pool, .chance = &chance.chance }));
        uint8_t packet[300], text[220], octets[1500];
        nsec now = 1000 * SECOND;
        d = (struct datagram){ .from = address(six, 2), .to = address(six, 1), .from_port = 9, .to_port = 53,
                               .len = 200 };
        memset(d.bytes, 'x', 200);
        size_t n = udp_write(&d, text, sizeof text);
        ck_assert(h->ops->udp_open(h, 53, NULL) == 53);
        struct packet p = { .bytes = packet, .room = sizeof packet };
        p.len = (uint32_t)cut(six, IP_UDP, text, 104, (uint32_t)n, false, packet);
        h->ops->input(h, &p, now);
        ck_assert(h->ops->wake(h) == now + 60 * SECOND && !h->ops->udp_next(h, &got));
        p.len = (uint32_t)cut(six, IP_UDP, text, 0, 104, true, packet);
        h->ops->input(h, &p, now);
        ck_assert(h->ops->udp_next(h, &got) && got.len == 200 && h->ops->wake(h) == NEVER);

        h->ops->input(h, &p, now);                    /* and then nothing more */
        h->ops->tick(h, now + 60 * SECOND);
        p = (struct packet){ .bytes = octets, .room = sizeof octets };
        ck_assert(h->ops->output(h, &p, now + 60 * SECOND));
        ck_assert(octets[six ? 40 : 20] == (six ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED));
        ck_assert(octets[six ? 41 : 21] == 1);
        h->ops->free(h);
    }
    pool_end(&pool);
}
END_TEST

/* CVE-2021-24086: what was put together is a fragment again. Nobody sends that, and nobody takes it. */
START_TEST(no_fragments_in_fragments)
{
    static struct datagram got;
    struct test_chance chance = test_chance(1);
    struct pool pool;
    pool_start(&pool, 1 << 20);
    struct host *h = stack_host(stack_new(&(struct stack_config){
        .addr = address(true, 1), .connections = 4, .pool = &pool, .chance = &chance.chance }));
    ck_assert(h->ops->udp_open(h, 53, NULL) == 53);
    for (int nested = 0; nested < 2; nested++) {
        struct datagram d = { .from = address(true, 2), .to = address(true, 1), .from_port = 9, .to_port = 53, .len = 64 };
        uint8_t text[80] = { IP_UDP, 0, 0, (uint8_t)nested, 0, 0, 0, 9 }, packet[300];      /* more to come, or atomic */
        struct packet p = { .bytes = packet, .room = sizeof packet };
        ck_assert(udp_write(&d, text + 8, sizeof text - 8) == 72);
        p.len = (uint32_t)cut(true, IP_FRAGMENT, text, 0, 40, true, packet);
        h->ops->input(h, &p, 0);
        p.len = (uint32_t)cut(true, IP_FRAGMENT, text, 40, 80, false, packet);
        h->ops->input(h, &p, 0);
        ck_assert_int_eq(h->ops->udp_next(h, &got), !nested);
    }
    h->ops->free(h);
    pool_end(&pool);
}
END_TEST

int main(void)
{
    return check_run("reassembly", (const TTest *[]){
        any_order, refusals, what_is_given_up_stays_so, no_header_hides, bounded, a_stack_puts_together,
        no_fragments_in_fragments, NULL });
}
