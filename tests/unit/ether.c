/* Ethernet and ARP (RFC 826, RFC 5227) without a link: frames in, frames out, in virtual time. */
#include "net/ether.h"
#include "net/routes.h"
#include "tests/lib/check.h"

#include <string.h>

static const struct mac ours = { { 2, 0, 0, 0, 0, 1 } }, theirs = { { 2, 0, 0, 0, 0, 9 } },
                        other = { { 2, 0, 0, 0, 0, 7 } }, everybody = { { 255, 255, 255, 255, 255, 255 } }, nobody;

struct scene { struct ether e; nsec now; uint8_t frame[ETHER_FRAME]; struct arp_packet said; };
static struct scene s;

static struct addr at(uint8_t last) { return addr_v4(10, 0, 0, last); }

/* The next frame that Ethernet wants to send, if it is ARP, in s.said. */
static bool says(void)
{
    uint32_t n = ether_next(&s.e, s.frame, s.now);
    struct wire_in in = wire_over(s.frame + ETHER_HEADER, n ? n - ETHER_HEADER : 0, NULL);
    return n == ETHER_LEAST && s.frame[12] == 8 && s.frame[13] == 6 && arp_read(&in, &s.said, NULL);
}

static unsigned silent(void)
{
    unsigned n = 0;
    while (ether_next(&s.e, s.frame, s.now))
        n++;
    return n;
}

static void pass(nsec time)
{
    for (nsec until = s.now + time; s.now < until; ) {
        nsec next = ether_wake(&s.e);
        s.now = next < until ? (next > s.now ? next : s.now) : until;
        ether_tick(&s.e, s.now);
        if (s.now == until)
            break;
    }
}

static void start(void)
{
    memset(&s, 0, sizeof s);
    s.now = 1000 * SECOND;
    ether_start(&s.e, &(struct ether_config){ .mac = ours, .addr = at(1) }, s.now);
}

static void start_ours(void)
{
    start();
    pass(SECOND);
    silent();
    ck_assert_int_eq(s.e.own, ETHER_OURS);
}

static bool frame(const struct mac *to, unsigned type, const void *body, size_t n)
{
    static uint8_t octets[2000];
    struct wire_out out = wire_into(octets, sizeof octets);
    put_bytes(&out, "destination", to->octets, MAC_LEN);
    put_bytes(&out, "source", theirs.octets, MAC_LEN);
    put_u16(&out, "ethertype", type);
    put_bytes(&out, "data", body, n);
    struct packet p = { .bytes = octets, .len = (uint32_t)wire_written(&out), .room = sizeof octets };
    return ether_input(&s.e, &p, s.now);
}

static void arp(enum arp_operation operation, const struct mac *from, struct addr sender, struct addr target)
{
    uint8_t octets[ARP_LEN];
    arp_write(&(struct arp_packet){ (uint16_t)operation, *from, operation == ARP_REPLY ? ours : nobody, sender, target }, octets);
    frame(operation == ARP_REPLY ? &ours : &everybody, 0x0806, octets, sizeof octets);
}

static uint8_t text[40] = { 0x45 };
static struct packet packet_to(uint8_t last)
{
    return (struct packet){ .bytes = text, .len = sizeof text, .room = sizeof text, .hop = at(last) };
}

static bool sends(uint8_t last)
{
    uint8_t head[ETHER_HEADER];
    struct packet p = packet_to(last);
    return ether_output(&s.e, &p, head, s.now) && memcmp(head, theirs.octets, MAC_LEN) == 0 && head[12] == 8;
}

START_TEST(our_own_address_is_asked_for_first)
{
    start();
    for (unsigned i = 0; i < 3; i++, pass(30 * MILLISECOND)) {
        ck_assert(says() && s.said.operation == ARP_REQUEST);
        ck_assert(s.said.sender.octets[0] == 0 && addr_same(&s.said.target, &(struct addr){ 4, { 10, 0, 0, 1 } }));
        ck_assert(!says());
    }
    ck_assert_int_eq(s.e.own, ETHER_PROBING);
    pass(SECOND);
    ck_assert_int_eq(s.e.own, ETHER_OURS);
    ck_assert(says() && addr_same(&s.said.sender, &s.said.target) && !says());            /* announced */
}
END_TEST

START_TEST(an_address_that_somebody_has_is_not_used)
{
    start();
    arp(ARP_REPLY, &theirs, at(1), at(0));
    ck_assert_int_eq(s.e.own, ETHER_TAKEN);
    silent();
    ck_assert(!sends(9) && silent() == 0);
    start();                                           /* or that somebody else is asking for, too */
    arp(ARP_REQUEST, &theirs, addr_v4(0, 0, 0, 0), at(1));
    ck_assert_int_eq(s.e.own, ETHER_TAKEN);
    start();                                           /* our own probe, come back, is nobody's */
    arp(ARP_REQUEST, &ours, addr_v4(0, 0, 0, 0), at(1));
    ck_assert_int_eq(s.e.own, ETHER_PROBING);
}
END_TEST

START_TEST(later_it_is_defended_once_in_ten_seconds)
{
    start_ours();
    for (unsigned i = 0; i < 100; i++)
        arp(ARP_REQUEST, &theirs, at(1), at(1));
    ck_assert_uint_eq(silent(), 1);
    pass(11 * SECOND);
    arp(ARP_REPLY, &theirs, at(1), at(1));
    ck_assert(says() && addr_same(&s.said.sender, &s.said.target) && !says());
}
END_TEST

START_TEST(who_asks_for_us_is_answered_and_known)
{
    start_ours();
    arp(ARP_REQUEST, &theirs, at(9), at(1));
    ck_assert(says() && s.said.operation == ARP_REPLY && mac_same(&s.said.sender_mac, &ours));
    ck_assert(memcmp(s.frame, theirs.octets, MAC_LEN) == 0 && mac_same(&s.said.target_mac, &theirs));
    ck_assert(sends(9) && silent() == 0);
    arp(ARP_REQUEST, &theirs, at(8), at(5));          /* for others: neither answered nor learned */
    ck_assert(silent() == 0 && !sends(8));
}
END_TEST

START_TEST(packets_wait_for_the_answer)
{
    start_ours();
    ck_assert(!sends(9) && !sends(9));
    ck_assert(says() && s.said.operation == ARP_REQUEST && addr_same(&s.said.target, &(struct addr){ 4, { 10, 0, 0, 9 } }));
    ck_assert_uint_eq(silent(), 0);                    /* asked once for both */
    arp(ARP_REPLY, &theirs, at(9), at(1));
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(ether_next(&s.e, s.frame, s.now), ETHER_HEADER + sizeof text);
        ck_assert(memcmp(s.frame, theirs.octets, MAC_LEN) == 0 && memcmp(s.frame + ETHER_HEADER, text, sizeof text) == 0);
    }
    ck_assert(silent() == 0 && sends(9));
}
END_TEST

START_TEST(who_does_not_answer_is_forgotten)
{
    start_ours();
    unsigned asked = 0;
    ck_assert(!sends(9));
    for (unsigned i = 0; i < 10; i++, pass(SECOND))
        asked += silent();
    ck_assert_uint_eq(asked, 4);
    ck_assert_uint_eq(s.e.n_waiting, 0);
    ck_assert_int_eq(ether_wake(&s.e), NEVER);
}
END_TEST

START_TEST(who_is_used_is_asked_again_after_a_minute)
{
    start_ours();
    arp(ARP_REQUEST, &theirs, at(9), at(1));
    silent();
    pass(59 * SECOND);
    ck_assert(sends(9) && silent() == 0);
    pass(2 * SECOND);
    ck_assert(says() && memcmp(s.frame, theirs.octets, MAC_LEN) == 0);       /* himself */
    ck_assert(sends(9));                                /* and is believed meanwhile */
    pass(SECOND);
    ck_assert(says() && memcmp(s.frame, everybody.octets, MAC_LEN) == 0);    /* then all */
    arp(ARP_REPLY, &theirs, at(9), at(1));
    silent();
    pass(125 * SECOND);                                 /* nobody writes to him any more */
    ck_assert(silent() == 0 && !sends(9));
}
END_TEST

START_TEST(what_cannot_be_true_is_dropped)
{
    start_ours();
    uint8_t octets[ARP_LEN];
    arp(ARP_REQUEST, &everybody, at(9), at(1));        /* a group as sender */
    arp(ARP_REQUEST, &nobody, at(9), at(1));
    arp(ARP_REQUEST, &theirs, addr_v4(224, 0, 0, 1), at(1));
    ck_assert(silent() == 0 && !sends(9));
    start_ours();
    arp_write(&(struct arp_packet){ ARP_REQUEST, theirs, nobody, at(9), at(1) }, octets);
    for (size_t n = 0; n < ARP_LEN; n++)               /* cut short anywhere */
        frame(&everybody, 0x0806, octets, n);
    for (unsigned i = 0; i < 8; i++) {                 /* another hardware, protocol, length, operation */
        octets[i] ^= 0x40;
        frame(&everybody, 0x0806, octets, ARP_LEN);
        octets[i] ^= 0x40;
    }
    ck_assert_uint_eq(silent(), 0);
    frame(&everybody, 0x0806, octets, ARP_LEN);
    ck_assert_uint_eq(silent(), 1);
}
END_TEST

START_TEST(frames_for_us_alone)
{
    start_ours();
    ck_assert(frame(&ours, 0x0800, text, sizeof text));
    ck_assert(frame(&ours, 0x86dd, text, sizeof text));
    ck_assert(!frame(&other, 0x0800, text, sizeof text));
    ck_assert(!frame(&everybody, 0x0800, text, sizeof text));
    ck_assert(!frame(&ours, 0x88cc, text, sizeof text));
    struct packet cut = { .bytes = text, .len = 13, .room = 13 };
    ck_assert(!ether_input(&s.e, &cut, s.now));
}
END_TEST

START_TEST(floods_cost_no_more_memory)
{
    start_ours();
    for (unsigned i = 0; i < 5000; i++, s.now += MILLISECOND) {
        struct packet p = packet_to(9);
        uint8_t head[ETHER_HEADER];
        p.hop = addr_v4(10, 1, (uint8_t)(i >> 8), (uint8_t)i);
        ck_assert(!ether_output(&s.e, &p, head, s.now));
        arp(ARP_REQUEST, &theirs, addr_v4(10, 2, (uint8_t)(i >> 8), (uint8_t)i), at(1));
    }
    ck_assert_uint_le(silent(), ETHER_ANSWERS + ETHER_WAITING);
    arp(ARP_REQUEST, &theirs, at(9), at(1));
    ck_assert(sends(9));
}
END_TEST

START_TEST(groups_have_addresses_by_rule)
{
    start_ours();
    uint8_t head[ETHER_HEADER];
    struct packet p = packet_to(9);
    p.hop = addr_v4(224, 128, 0, 251);
    ck_assert(ether_output(&s.e, &p, head, s.now));
    check_is_hex(head, 6, "0100 5e00 00fb");
    p.hop = (struct addr){ 16, { 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 1, 2, 3 } };
    ck_assert(ether_output(&s.e, &p, head, s.now));
    check_is_hex(head, 14, "3333 ff01 0203 0200 0000 0001 86dd");
}
END_TEST

int main(void)
{
    return check_run("ether", (const TTest *[]){
        our_own_address_is_asked_for_first, an_address_that_somebody_has_is_not_used,
        later_it_is_defended_once_in_ten_seconds, who_asks_for_us_is_answered_and_known, packets_wait_for_the_answer,
        who_does_not_answer_is_forgotten, who_is_used_is_asked_again_after_a_minute, what_cannot_be_true_is_dropped,
        frames_for_us_alone, floods_cost_no_more_memory, groups_have_addresses_by_rule, NULL });
}
