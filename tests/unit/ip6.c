/* IPv6: headers, extension headers and what is refused of them; ICMPv6; two stacks that speak it. */
#include "net/icmp.h"
#include "net/ip6.h"
#include "net/stack.h"
#include "net/tcp.h"
#include "net/udp.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

static struct addr six(uint8_t last)
{
    return (struct addr){ .len = 16, .octets = { 0x20, 0x01, 0x0d, 0xb8, [15] = last } };
}

/* A packet from 2001:db8::2 to 2001:db8::1 whose first header is `next`, with this behind the IPv6 header. */
static size_t make(uint8_t next, const char *hex, size_t n, uint8_t *out)
{
    struct ip_header h = { .total_length = (uint32_t)(IP6_HEADER + n), .hop_limit = 64, .protocol = next,
                           .flow_label = 0x12345, .traffic_class = 3, .source = six(2), .destination = six(1) };
    ip6_write(&h, out);
    check_hex(hex, out + IP6_HEADER, n);
    return IP6_HEADER + n;
}

struct result { bool read; struct ip_header h; struct wire_in payload; struct fault why; uint8_t packet[256]; };

static struct result *read_one(uint8_t next, const char *hex, size_t n)
{
    static struct result r;
    memset(&r, 0, sizeof r);
    size_t whole = make(next, hex, n, r.packet);
    struct wire_in in = wire_over(r.packet, whole, NULL);
    r.read = ip_read(&in, &r.h, &r.payload, &r.why);
    return &r;
}

START_TEST(reads_a_header)
{
    struct result *r = read_one(IP_UDP, "0102030405060708", 8);
    ck_assert(r->read && r->h.protocol == IP_UDP && r->h.header_len == 40 && r->h.total_length == 48);
    ck_assert(r->h.flow_label == 0x12345 && r->h.traffic_class == 3 && r->h.hop_limit == 64);
    ck_assert(r->h.source.octets[15] == 2 && r->h.destination.octets[15] == 1 && wire_left(&r->payload) == 8);
    ck_assert(!ip_is_fragment(&r->h));
    for (size_t n = 0; n < 48; n++) {
        struct wire_in in = wire_over(r->packet, n, NULL), payload;
        struct ip_header h;
        ck_assert(!ip_read(&in, &h, &payload, NULL));
    }
}
END_TEST

START_TEST(walks_extension_headers)
{
    struct result *r = read_one(IP_HOP_BY_HOP, "3c00 0502 0000 0100"       /* router alert, PadN; then: */
                                               "2b01 1e0a 00000000 00000000 00000000"  /* an option to be skipped */
                                               "1100 0000 00000000"        /* a routing header that is used up */
                                               "aabb", 34);
    ck_assert_msg(r->read, "%s", r->why.came);
    ck_assert(r->h.protocol == IP_UDP && r->h.header_len == 72 && wire_left(&r->payload) == 2);
}
END_TEST

/* RFC 8200 §4.2, §4.4, §4.1; RFC 5095. */
START_TEST(refuses_and_says_where)
{
    static const struct {
        uint8_t next; const char *hex; size_t n; const char *id; int code; unsigned pointer;
    } cases[] = {
        { IP_DESTINATION, "1100 4104 00000000", 8, "ip.option", -1, 0 },       /* 01: drop, and say nothing */
        { IP_DESTINATION, "1100 8104 00000000", 8, "ip.option", IP6_BAD_OPTION, 42 },
        { IP_DESTINATION, "1100 c104 00000000", 8, "ip.option", IP6_BAD_OPTION, 42 },
        { IP_DESTINATION, "1100 0105 00000000", 8, "ip6.lengths", -1, 0 },     /* past the header's end */
        { IP_DESTINATION, "1101 0104 00000000", 8, "ip6.cut", -1, 0 },          /* past the packet's end */
        { IP_ROUTING, "1100 0001 00000000", 8, "ip.routing_header", IP6_BAD_FIELD, 42 },
        { IP_DESTINATION, "0000 0104 00000000 1100 0104 00000000", 16, "ip.misplaced", IP6_BAD_NEXT_HEADER, 40 },
        { IP_FRAGMENT, "1100 0001", 4, "ip6.cut", -1, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct result *r = read_one(cases[i].next, cases[i].hex, cases[i].n);
        ck_assert_msg(!r->read, "case %zu", i);
        ck_assert_str_eq(r->why.ground->id, cases[i].id);
        ck_assert_msg(r->h.problem.any == (cases[i].code >= 0), "case %zu", i);
        if (r->h.problem.any)
            ck_assert(r->h.problem.code == cases[i].code && r->h.problem.pointer == cases[i].pointer);
    }
}
END_TEST

/* A chain without end costs time (RFC 8504 §5.3). */
START_TEST(headers_are_counted)
{
    for (unsigned n = 8; n <= 9; n++) {
        uint8_t packet[IP6_HEADER + 72];
        struct ip_header h;
        struct wire_in payload;
        struct fault why = { 0 };
        make(IP_DESTINATION, "", 0, packet);
        packet[5] = (uint8_t)(8 * n);
        for (unsigned i = 0; i < n; i++)
            check_hex(i == n - 1 ? "1100010400000000" : "3c00010400000000", packet + IP6_HEADER + 8 * i, 8);
        struct wire_in in = wire_over(packet, IP6_HEADER + 8 * n, NULL);
        ck_assert(ip_read(&in, &h, &payload, &why) == (n == 8));
        if (n > 8)
            ck_assert_str_eq(why.ground->id, "ip.extensions");
    }
}
END_TEST

/* RFC 6946: offset 0 and nothing more to come is no fragment. */
START_TEST(fragments)
{
    struct result *r = read_one(IP_FRAGMENT, "1100 0000 01020304 aabb", 10);
    ck_assert(r->read && !ip_is_fragment(&r->h) && r->h.protocol == IP_UDP && r->h.header_len == 48);
    r = read_one(IP_FRAGMENT, "1100 0009 01020304 0102030405060708", 16);
    ck_assert(r->read && ip_is_fragment(&r->h) && r->h.fragment_offset == 8 && r->h.more_fragments);
    ck_assert(r->h.identification == 0x01020304 && r->h.next_header_at == 6 && r->h.fragment_at == 40);
}
END_TEST

/* --- a stack --- */

struct one {
    struct test_chance chance;
    struct pool pool;
    struct host *host;
    nsec now;
    uint8_t octets[1500];
    struct packet packet;
};

static struct one *start_one(uint8_t last)
{
    struct one *o = calloc(1, sizeof *o);
    o->chance = test_chance(last);
    pool_start(&o->pool, 1 << 20);
    o->now = 1000 * SECOND;
    struct stack *s = stack_new(&(struct stack_config){ .addr = six(last), .prefix = 64, .connections = 4,
                                                        .pool = &o->pool, .chance = &o->chance.chance });
    o->host = stack_host(s);
    struct addr four = addr_v4(10, 0, 0, last);
    ck_assert(stack_add_addr(s, &four, 24));
    return o;
}

static void end_one(struct one *o)
{
    o->host->ops->free(o->host);
    pool_end(&o->pool);
    free(o);
}

static bool out(struct one *o)
{
    o->packet = (struct packet){ .bytes = o->octets, .room = sizeof o->octets };
    return o->host->ops->output(o->host, &o->packet, o->now);
}

static void in(struct one *o, uint8_t *octets, size_t n)
{
    o->host->ops->input(o->host, &(struct packet){ .bytes = octets, .len = (uint32_t)n, .room = (uint32_t)n }, o->now);
}

static void exchange(struct one *a, struct one *b)
{
    for (bool more = true; more; ) {
        more = false;
        for (; out(a); more = true)
            in(b, a->octets, a->packet.len);
        for (; out(b); more = true)
            in(a, b->octets, b->packet.len);
    }
}

/* What the ICMPv6 message that comes out says; all zero: none came. */
static struct icmp_message icmp_out(struct one *o)
{
    struct icmp_message m = { 0 };
    struct ip_header h;
    struct wire_in payload;
    if (!out(o))
        return m;
    struct wire_in packet = wire_over(o->octets, o->packet.len, NULL);
    ck_assert(ip_read(&packet, &h, &payload, NULL) && h.protocol == IP_ICMP6);
    ck_assert(icmp6_read(&payload, &h.source, &h.destination, &m, NULL));
    return m;
}

static void in_icmp(struct one *o, const struct addr *to, const char *hex, size_t n)
{
    uint8_t octets[128];
    struct addr from = six(2);
    make(IP_ICMP6, hex, n, octets);
    ip6_write(&(struct ip_header){ .total_length = (uint32_t)(40 + n), .hop_limit = 64, .protocol = IP_ICMP6,
                                   .source = from, .destination = *to }, octets);
    uint16_t sum = ip_checksum(&from, to, IP_ICMP6, octets + 40, n);
    octets[42] = (uint8_t)(sum >> 8);
    octets[43] = (uint8_t)sum;
    in(o, octets, 40 + n);
}

START_TEST(answers_echo)
{
    struct one *o = start_one(1);
    const struct addr to = six(1), all = { .len = 16, .octets = { 0xff, 2, [15] = 1 } };
    in_icmp(o, &to, "8000 0000 1234 0001 6162", 10);
    struct icmp_message m = icmp_out(o);
    ck_assert(m.type == ICMP6_ECHO_REPLY && m.identifier == 0x1234);
    in_icmp(o, &all, "8000 0000 1234 0001 6162", 10);
    ck_assert(icmp_out(o).type == ICMP6_ECHO_REPLY);
    end_one(o);
}
END_TEST

/* RFC 4443 §2.4: an error for what cannot be used, none for errors, for groups, or without end. */
START_TEST(tells_errors)
{
    struct one *o = start_one(1);
    const struct addr to = six(1), all = { .len = 16, .octets = { 0xff, 2, [15] = 1 } };
    uint8_t octets[128];
    in(o, octets, make(99, "0102030405060708", 8, octets));
    struct icmp_message m = icmp_out(o);
    ck_assert(m.type == ICMP6_PARAMETER && m.code == IP6_BAD_NEXT_HEADER && m.quoted.protocol == 99);
    in(o, octets, make(IP_DESTINATION, "1100 8104 00000000", 8, octets));
    m = icmp_out(o);
    ck_assert(m.type == ICMP6_PARAMETER && m.code == IP6_BAD_OPTION);
    in(o, octets, make(IP_NOTHING, "", 0, octets));
    ck_assert(!out(o));
    in_icmp(o, &to, "0100 0000 00000000", 8);
    in_icmp(o, &all, "c800 0000 00000000", 8);
    ck_assert(!out(o));
    unsigned told = 0;
    for (int i = 0; i < 1000; i++) {
        in(o, octets, make(99, "0102030405060708", 8, octets));
        told += icmp_out(o).type == ICMP6_PARAMETER;
    }
    ck_assert_uint_lt(told, 20);
    o->now += SECOND;
    in(o, octets, make(99, "0102030405060708", 8, octets));
    ck_assert(icmp_out(o).type == ICMP6_PARAMETER);
    end_one(o);
}
END_TEST

/* RFC 8200 §8.1: a datagram without checksum is none. */
START_TEST(datagrams)
{
    static struct datagram d, got;
    struct one *a = start_one(1), *b = start_one(2);
    uint16_t port = a->host->ops->udp_open(a->host, 0, NULL);
    ck_assert(b->host->ops->udp_open(b->host, 53, NULL) == 53);
    d = (struct datagram){ .to = six(2), .from_port = port, .to_port = 53, .len = 3, .bytes = "abc" };
    ck_assert(a->host->ops->udp_send(a->host, &d, a->now));
    exchange(a, b);
    ck_assert(b->host->ops->udp_next(b->host, &got) && got.len == 3 && addr_same(&got.to, &d.to));
    ck_assert(a->host->ops->udp_send(a->host, &d, a->now) && out(a));
    a->octets[46] = a->octets[47] = 0;
    in(b, a->octets, a->packet.len);
    ck_assert(!b->host->ops->udp_next(b->host, &got));
    d.to_port = 54;
    ck_assert(a->host->ops->udp_send(a->host, &d, a->now) && out(a));
    in(b, a->octets, a->packet.len);
    struct icmp_message m = icmp_out(b);
    ck_assert(m.type == ICMP6_UNREACHABLE && m.code == 4 && m.quoted_destination_port == 54);
    end_one(a);
    end_one(b);
}
END_TEST

/* Both versions at once; the MSS counts the longer header; "too big" is obeyed, down to 1280 (RFC 8201). */
START_TEST(connections)
{
    struct one *a = start_one(1), *b = start_one(2);
    const struct addr any = { 0 }, to[] = { six(2), addr_v4(10, 0, 0, 2) };
    static const uint16_t mss[] = { 1440 - 12, 1460 - 12 };
    ck_assert(b->host->ops->listen(b->host, &any, 80, NULL));
    for (int i = 0; i < 2; i++) {
        struct carrier *c = a->host->ops->connect(a->host, &to[i], 80, a->now, NULL);
        exchange(a, b);
        struct carrier *d = b->host->ops->news(b->host);
        ck_assert(c && d && d->port == 80);
        ck_assert_uint_eq(((struct tcp *)c)->mss, mss[i]);
        static uint8_t text[1400];
        ck_assert(ring_write(&c->out, text, sizeof text) == sizeof text);
        carrier_touch(c, 0);
        ck_assert(out(a));
        if (i == 0) {
            uint8_t error[1280];
            struct addr router = six(9), us = six(1);
            ck_assert_uint_gt(a->packet.len, 1400);
            size_t len = icmp_write_error(&(struct icmp_error){ .says = ICMP_SAYS_TOO_BIG, .word = 600 }, &router, &us,
                                          a->octets, a->packet.len, error + 40);
            ip6_write(&(struct ip_header){ .total_length = (uint32_t)(40 + len), .hop_limit = 9, .protocol = IP_ICMP6,
                                           .source = router, .destination = us }, error);
            in(a, error, 40 + len);
            ck_assert_uint_eq(((struct tcp *)c)->mss, 1280 - 60 - 12);
        }
    }
    end_one(a);
    end_one(b);
}
END_TEST

int main(void)
{
    return check_run("ip6", (const TTest *[]){
        reads_a_header, walks_extension_headers, refuses_and_says_where, headers_are_counted, fragments,
        answers_echo, tells_errors, datagrams, connections, NULL });
}
