/* Fragments put together, in any order; and what is refused of them. */
#include "net/checksum.h"
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

/* CVE-2018-5391, FragmentSmack: n fragments of 8 octets, in an order that finds its place last, of packets that are
 * never whole; the work of each, at most. */
static uint64_t work_of_one(unsigned n, int order, unsigned packets)
{
    static uint8_t text[ROOM];
    uint8_t packet[300];
    struct reassembly *r = reassembly_new();
    uint64_t most = 0;
    for (unsigned i = 0; i < n; i++) {
        uint64_t before = reassembly_looked(r);
        uint32_t place = order == 0 ? i % 4000 : order == 1 ? 3999 - i % 4000 : i * 2654435761u % 4000;
        size_t len = cut(true, IP_UDP, text, 16 * place + 8, 16 * place + 16, i % 7 != 0, packet);
        packet[47] = (uint8_t)(i % packets);
        packet[46] = (uint8_t)(i % packets >> 8);
        take(r, packet, len, i);
        uint64_t work = reassembly_looked(r) - before;
        most = work > most ? work : most;
    }
    ck_assert_uint_le(reassembly_looked(r), (uint64_t)n * (REASSEMBLY_PACKETS + 2 * REASSEMBLY_PIECES));
    reassembly_free(r);
    return most;
}

START_TEST(a_fragment_costs_no_more_for_those_before_it)
{
    static const unsigned packets[] = { 1, REASSEMBLY_PACKETS, REASSEMBLY_PACKETS + 1, 1000 };
    for (int order = 0; order < 3; order++)
        for (size_t i = 0; i < sizeof packets / sizeof *packets; i++) {
            ck_assert_uint_le(work_of_one(1000, order, packets[i]), REASSEMBLY_PACKETS + 2 * REASSEMBLY_PIECES);
            ck_assert_uint_le(work_of_one(20000, order, packets[i]), REASSEMBLY_PACKETS + 2 * REASSEMBLY_PIECES);
        }
}
END_TEST

/* Two hosts of both versions on a wire of 1500 octets. */
struct end { struct test_chance chance; struct pool pool; struct host *host; };

static void start_end(struct end *e, uint8_t last)
{
    e->chance = test_chance(last);
    pool_start(&e->pool, 1 << 20);
    struct stack *s = stack_new(&(struct stack_config){ .addr = address(false, last), .prefix = 24, .connections = 4,
                                                        .pool = &e->pool, .chance = &e->chance.chance });
    ck_assert(stack_add_addr(s, &(struct addr){ .len = 16, .octets = { 0x20, 1, [15] = last } }, 64));
    e->host = stack_host(s);
}

static void stop_end(struct end *e)
{
    e->host->ops->free(e->host);
    pool_end(&e->pool);
}

static bool packet_out(struct end *e, struct packet *p, uint8_t octets[1500])
{
    *p = (struct packet){ .bytes = octets, .room = 1500 };
    return e->host->ops->output(e->host, p, 0);
}

START_TEST(a_long_datagram_goes_in_fragments)
{
    static struct datagram d, got;
    struct end a, b;
    struct packet p;
    uint8_t octets[1500];
    start_end(&a, 1);
    start_end(&b, 2);
    ck_assert(a.host->ops->udp_open(a.host, 9, NULL) == 9 && b.host->ops->udp_open(b.host, 53, NULL) == 53);
    for (int six = 0; six < 2; six++)
        for (uint32_t len = 1200; len <= DATAGRAM_MAX; len += len < 1500 ? 1 : 181) {
            unsigned n = 0;
            d = (struct datagram){ .to = address(six, 2), .from_port = 9, .to_port = 53, .len = len };
            for (uint32_t i = 0; i < len; i++)
                d.bytes[i] = (uint8_t)(i * 7 + i / 256);
            ck_assert(a.host->ops->udp_send(a.host, &d, 0));
            for (; packet_out(&a, &p, octets); n++) {
                bool dont = !six && octets[6] & 0x40;
                ck_assert(p.len <= 1500 && dont == (!six && len + 28 <= 1500));
                ck_assert(n == 0 || !six || p.len <= IP6_MTU_LEAST);
                b.host->ops->input(b.host, &p, 0);
            }
            ck_assert((n > 1) == (len + (six ? 48 : 28) > 1500));
            ck_assert(b.host->ops->udp_next(b.host, &got) && got.len == len);
            ck_assert_mem_eq(got.bytes, d.bytes, len);
        }
    stop_end(&a);
    stop_end(&b);
}
END_TEST

/* RFC 1122 §3.2.2.6: what was asked in fragments is answered in fragments. */
START_TEST(a_long_echo_is_answered)
{
    static uint8_t text[65536];
    static const uint32_t lengths[] = { 1480, 1481, 3008, 60008 };
    uint8_t packet[1500];
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (int six = 0; six < 2; six++) {
            struct end a;
            struct packet p;
            struct reassembly *r = reassembly_new();
            struct taken t = { 0 };
            uint32_t n = lengths[i], head = six ? 40 : 20;
            start_end(&a, 1);
            for (uint32_t k = 0; k < n; k++)
                text[k] = (uint8_t)(k * 5 + k / 256);
            memcpy(text, (uint8_t[]){ six ? ICMP6_ECHO : ICMP_ECHO, 0, 0, 0, 0, 7, 0, 1 }, 8);
            const struct addr from = address(six, 2), to = address(six, 1);
            uint16_t sum = six ? ip_checksum(&from, &to, IP_ICMP6, text, n) : checksum_end(checksum_add(0, text, n));
            text[2] = (uint8_t)(sum >> 8);
            text[3] = (uint8_t)sum;
            for (uint32_t at = 0; at < n; at += 1024) {
                uint32_t end = n < at + 1024 ? n : at + 1024;
                size_t len = cut(six, six ? IP_ICMP6 : IP_ICMP, text, at, end, end < n, packet);
                a.host->ops->input(a.host, &(struct packet){ .bytes = packet, .len = (uint32_t)len }, 0);
            }
            while (t.how == REASSEMBLY_GOES_ON && packet_out(&a, &p, packet))
                if (n + head > 1500)
                    t = take(r, packet, p.len, 0);
                else
                    t = (struct taken){ .how = REASSEMBLY_WHOLE, .whole = { packet, p.len } };
            ck_assert_uint_eq(t.how, REASSEMBLY_WHOLE);
            ck_assert_uint_eq(t.whole.n, n + head);
            ck_assert_uint_eq(t.whole.at[head], six ? ICMP6_ECHO_REPLY : ICMP_ECHO_REPLY);
            ck_assert_mem_eq(t.whole.at + head + 4, text + 4, n - 4);
            ck_assert(!packet_out(&a, &p, packet));
            reassembly_free(r);
            stop_end(&a);
        }
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
        any_order, refusals, what_is_given_up_stays_so, no_header_hides, bounded, a_fragment_costs_no_more_for_those_before_it,
        a_long_datagram_goes_in_fragments, a_long_echo_is_answered, a_stack_puts_together, no_fragments_in_fragments, NULL });
}
