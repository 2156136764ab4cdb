/* Neighbour discovery (RFC 4861, RFC 4862) without a link: two hosts' Ethernet back to back, and messages made by hand. */
#include "net/ether.h"
#include "net/icmp.h"
#include "net/nd_message.h"
#include "tests/lib/check.h"

#include <stdio.h>
#include <string.h>

static const struct mac macs[] = { { { 2, 0, 0, 0, 0, 1 } }, { { 2, 0, 0, 0, 0, 2 } }, { { 2, 0, 0, 0, 0, 3 } } };
static struct ether a, b;
static nsec now;

static struct addr at(uint8_t last) { return (struct addr){ .len = 16, .octets = { 0xfd, [15] = last } }; }

static void start(struct ether *e, unsigned i, uint8_t last)
{
    ether_start(e, &(struct ether_config){ .mac = macs[i], .addr6 = at(last), .prefix6 = 64 }, now);
}

/* Each frame of `from` reaches `to`, which makes of it what it wants; how many packets it gave up to its stack. */
static unsigned carry(struct ether *from, struct ether *to)
{
    uint8_t frame[ETHER_FRAME];
    unsigned up = 0;
    for (uint32_t n; (n = ether_next(from, frame, now)) != 0; ) {
        struct packet p = { .bytes = frame, .len = n, .room = n };
        up += ether_input(to, &p, now);
    }
    return up;
}

static void pass(nsec time)
{
    for (nsec until = now + time; now < until; now += 10 * MILLISECOND)
        for (int i = 0; i < 2; i++) {
            struct ether *e = i ? &b : &a;
            if (ether_wake(e) <= now)
                ether_tick(e, now);
            carry(&a, &b);
            carry(&b, &a);
        }
}

static void start_both(void)
{
    now = 1000 * SECOND;
    start(&a, 0, 1);
    start(&b, 1, 2);
    pass(SECOND);
    ck_assert(a.own == ETHER_OURS && b.own == ETHER_OURS);
}

static uint8_t text[60] = { 0x60 };

static bool send_to(struct ether *e, const struct addr *hop)
{
    uint8_t head[ETHER_HEADER];
    return ether_output(e, &(struct packet){ .bytes = text, .len = sizeof text, .room = sizeof text, .hop = *hop }, head,
                        now);
}

/* The first packet waits for the answer, then goes; the next go at once; after a minute the neighbour is asked itself. */
START_TEST(a_neighbour_is_found)
{
    struct addr to = at(2), back = at(1);
    start_both();
    ck_assert(!send_to(&a, &to));
    carry(&a, &b);                                    /* the question */
    carry(&b, &a);                                    /* the answer */
    ck_assert_uint_eq(carry(&a, &b), 1);
    ck_assert(send_to(&a, &to) && send_to(&b, &back));
    pass(50 * SECOND);
    ck_assert(send_to(&a, &to));
    pass(30 * SECOND);
    ck_assert(send_to(&a, &to));
}
END_TEST

START_TEST(nobody_answers)
{
    struct addr to = at(77);
    start_both();
    ck_assert(!send_to(&a, &to));
    ck_assert_uint_eq(a.n_waiting, 1);
    pass(5 * SECOND);
    ck_assert_uint_eq(a.n_waiting, 0);
}
END_TEST

/* RFC 4862 §5.4: whoever has the address says so; and of two who want it at the same time neither gets it. */
START_TEST(an_address_is_had_once)
{
    start_both();
    start(&b, 2, 1);
    pass(SECOND);
    ck_assert(b.own == ETHER_TAKEN && a.own == ETHER_OURS);
    start(&a, 0, 5);
    start(&b, 2, 5);
    pass(SECOND);
    ck_assert(a.own == ETHER_TAKEN && b.own == ETHER_TAKEN);
}
END_TEST

/* A message from `from` to us, hop limit and checksum as they are to be unless spoiled. */
static struct nd_heard hear(struct nd *nd, const struct addr *from, const char *hex, size_t n, uint8_t hops)
{
    uint8_t packet[200];
    struct nd_heard heard;
    struct addr us = at(1);
    ip_write(&(struct ip_header){ .total_length = (uint32_t)(40 + n), .hop_limit = hops, .protocol = IP_ICMP6,
                                  .source = *from, .destination = us }, packet);
    check_hex(hex, packet + 40, n);
    uint16_t sum = ip_checksum(from, &us, IP_ICMP6, packet + 40, n);
    packet[42] = (uint8_t)(sum >> 8);
    packet[43] = (uint8_t)sum;
    ck_assert(nd_input(nd, &(struct packet){ .bytes = packet, .len = (uint32_t)(40 + n) }, &heard, now));
    return heard;
}

static struct nd started(void)
{
    struct nd nd;
    struct addr us = at(1);
    now = 1000 * SECOND;
    nd_start(&nd, &macs[0], &us, 64, &(struct voice){ 0 });
    nd_own(&nd, now);
    nd.n = 0;
    return nd;
}

#define NS "8700 0000 00000000 fd000000000000000000000000000001"
#define MAC_2 "0101 020000000002"

START_TEST(what_is_believed)
{
    struct nd nd = started();
    struct addr other = at(2), group = { .len = 16, .octets = { 0xff, 2, [15] = 1 } };
    struct nd_heard h = hear(&nd, &other, NS MAC_2, 32, 255);
    ck_assert(h.learned && h.new_ones_too && addr_same(&h.who, &other) && mac_same(&h.mac, &macs[1]) && nd.n == 1);
    nd.n = 0;
    ck_assert(!hear(&nd, &other, NS MAC_2, 32, 254).learned);                 /* from beyond a router */
    ck_assert(!hear(&nd, &group, NS MAC_2, 32, 255).learned);
    ck_assert(!hear(&nd, &other, NS "0101 030000000002", 32, 255).learned);   /* a group's hardware address */
    ck_assert(!hear(&nd, &other, NS "0100 020000000002", 32, 255).learned);   /* an option without end */
    ck_assert(!hear(&nd, &other, NS "0102 020000000002", 32, 255).learned);   /* past the end */
    ck_assert(!hear(&nd, &other, "8701 0000 00000000 fd000000000000000000000000000001" MAC_2, 32, 255).learned);
    ck_assert_uint_eq(nd.n, 0);
    h = hear(&nd, &other, "8800 0000 60000000 fd000000000000000000000000000002 0201 020000000002", 32, 255);
    ck_assert(h.learned && !h.new_ones_too && h.overrides);
    h = hear(&nd, &other, "8800 0000 40000000 fd000000000000000000000000000002 0201 020000000002", 32, 255);
    ck_assert(h.learned && !h.overrides);
    ck_assert(hear(&nd, &other, "8800 0000 20000000 fd000000000000000000000000000001 0201 020000000002", 32, 255).conflict);
}
END_TEST

/* RFC 4861 §6.3.4: for its lifetime; and only from a link-local address. */
START_TEST(routers)
{
    static const char advert[] = "8600 0000 40 00 0258 00000000 00000000 0101 020000000002";
    static const char prefix[] = "8600 0000 40 00 0000 00000000 00000000"
                                 "0304 40 80 00000e10 00000e10 00000000 20010db8000000000000000000000000";
    struct nd nd = started();
    struct addr far = { .len = 16, .octets = { 0x20, 0x01, 0x0d, 0xb8, [15] = 9 } }, near = at(3), hop = far;
    struct addr router = { .len = 16, .octets = { 0xfe, 0x80, [15] = 2 } }, liar = at(66);
    (void)hear(&nd, &liar, advert, 24, 255);
    nd_hop(&nd, &hop, now);
    ck_assert(addr_same(&hop, &far));
    ck_assert(nd_wake(&nd) != NEVER);
    struct nd_heard h = hear(&nd, &router, advert, 24, 255);
    ck_assert(h.learned && h.new_ones_too && mac_same(&h.mac, &macs[1]) && nd_wake(&nd) == NEVER);
    nd_hop(&nd, &hop, now);
    ck_assert(addr_same(&hop, &router));
    hop = near;
    nd_hop(&nd, &hop, now);
    ck_assert(addr_same(&hop, &near));
    hop = far;
    nd_hop(&nd, &hop, now + 601 * SECOND);
    ck_assert(addr_same(&hop, &far));
    (void)hear(&nd, &router, prefix, 48, 255);        /* no router any more, and that network is on the link */
    nd_hop(&nd, &hop, now);
    ck_assert(addr_same(&hop, &far));
    ck_assert(nd.prefixes[0].len == 64 && addr_same(&nd.prefixes[0].addr, &(struct addr){
        .len = 16, .octets = { 0x20, 0x01, 0x0d, 0xb8 } }));
}
END_TEST

/* Three questions for a router, four seconds apart, then none: RFC 4861 §6.3.7. */
START_TEST(routers_are_asked_for)
{
    struct nd nd = started();
    uint8_t out[ND_PACKET];
    struct mac to;
    unsigned asked = 1;
    for (; nd_wake(&nd) != NEVER; asked++) {
        now = nd_wake(&nd);
        nd_tick(&nd, now);
        ck_assert(nd_next(&nd, out, &to) && out[40] == ND_ROUTER_SOLICITATION && to.octets[0] == 0x33);
    }
    ck_assert_uint_eq(asked, 3);
    ck_assert(now == 1008 * SECOND);
}
END_TEST

/* RFC 4862 §5.5.3, §5.4: of a network that lets us, with our identifier, once, and probed; unless somebody has it. */
START_TEST(an_address_is_made)
{
    static const char may[] = "8600 0000 40 00 0258 00000000 00000000"
                              "0304 40 c0 00000e10 00000e10 00000000 20010db8000000000000000000000000";
    static const char may_not[] = "8600 0000 40 00 0258 00000000 00000000"
                                  "0304 40 80 00000e10 00000e10 00000000 20010db8000000010000000000000000";
    static const char too_long[] = "8600 0000 40 00 0258 00000000 00000000"
                                   "0304 60 c0 00000e10 00000e10 00000000 20010db8000000010000000000000000";
    static const char local[] = "8600 0000 40 00 0258 00000000 00000000"
                                "0304 40 c0 00000e10 00000e10 00000000 fe800000000000000000000000000000";
    struct addr router = { .len = 16, .octets = { 0xfe, 0x80, [15] = 2 } }, us = { .len = 16 }, far = at(9);
    struct addr made = { .len = 16, .octets = { 0x20, 0x01, 0x0d, 0xb8 } };
    for (int taken = 0; taken < 2; taken++) {
        struct nd nd;
        uint8_t out[ND_PACKET];
        struct mac to;
        now = 1000 * SECOND;
        nd_start(&nd, &macs[0], &us, 0, &(struct voice){ 0 });
        nd_own(&nd, now);
        nd.n = 0;
        (void)hear(&nd, &router, may_not, 48, 255);
        (void)hear(&nd, &router, too_long, 48, 255);
        (void)hear(&nd, &router, local, 48, 255);
        ck_assert(nd.makes && !nd_has_addr(&nd) && nd.n == 0);
        (void)hear(&nd, &router, may, 48, 255);
        memcpy(made.octets + 8, nd.link_local.octets + 8, 8);
        ck_assert(addr_same(&nd.addr, &made) && nd.prefix == 64 && !nd_has_addr(&nd));
        ck_assert(nd_next(&nd, out, &to) && out[40] == ND_NEIGHBOR_SOLICITATION);
        check_bytes(out + 48, made.octets, 16);
        if (taken) {
            uint8_t answer[24] = { 0x88, [4] = 0x20 };
            char hex[49];
            memcpy(answer + 8, made.octets, 16);
            for (int i = 0; i < 24; i++)
                snprintf(hex + 2 * i, 3, "%02x", answer[i]);
            (void)hear(&nd, &far, hex, 24, 255);
        }
        now += SECOND;
        nd_tick(&nd, now);
        ck_assert_int_eq(nd_has_addr(&nd), !taken);
        ck_assert(taken || (nd_next(&nd, out, &to) && out[40] == ND_NEIGHBOR_ADVERTISEMENT));
        static const char other[] = "8600 0000 40 00 0258 00000000 00000000"
                                    "0304 40 c0 00000e10 00000e10 00000000 20010db8000000090000000000000000";
        (void)hear(&nd, &router, other, 48, 255);
        ck_assert_int_eq(addr_same(&nd.addr, &made), !taken);
    }
}
END_TEST

/* RFC 4861 §8: of the router that we use, about a host that we talk to. Told, and the way stays as it is. */
START_TEST(a_redirect_leads_nobody_away)
{
    static const char advert[] = "8600 0000 40 00 0258 00000000 00000000 0101 020000000002";
    static const char redirect[] = "8900 0000 00000000 fe800000000000000000000000000066"
                                   "20010db8000000000000000000000009 0201 020000000066";
    struct addr far = { .len = 16, .octets = { 0x20, 0x01, 0x0d, 0xb8, [15] = 9 } }, hop = far;
    struct addr router = { .len = 16, .octets = { 0xfe, 0x80, [15] = 2 } };
    struct nd nd = started();
    (void)hear(&nd, &router, advert, 24, 255);
    struct nd_heard h = hear(&nd, &router, redirect, 48, 255);
    ck_assert(!h.learned && !h.conflict);
    nd_hop(&nd, &hop, now);
    ck_assert(addr_same(&hop, &router));
}
END_TEST

int main(void)
{
    return check_run("nd", (const TTest *[]){ a_neighbour_is_found, nobody_answers, an_address_is_had_once,
                                               what_is_believed, routers, routers_are_asked_for,
                                               an_address_is_made, a_redirect_leads_nobody_away, NULL });
}
