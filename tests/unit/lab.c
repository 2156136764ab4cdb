/* What forgers send, and who acts when: packets that every reader takes, all of whose octets have names; acts at the
 * packet that was chosen, by nobody else, and a host that lies only while it is to. */
#include "http/breaks_check.h"
#include "net/udp.h"
#include "tests/lib/check.h"
#include "tests/lib/heard.h"

#include <string.h>

static struct forger forger;
static uint8_t store[PACKET_MTU];

static bool next(struct packet *p)
{
    *p = (struct packet){ .bytes = store, .room = sizeof store };
    return forger.host.ops->output(&forger.host, p, 0);
}

static const struct addr from = { .octets = { 10, 0, 0, 80 }, .len = 4 }, to = { .octets = { 10, 0, 0, 2 }, .len = 4 };

START_TEST(what_is_forged_is_sound)
{
    struct heard *h = heard_new();
    const struct tcp_segment s = { .source_port = 443, .destination_port = 5, .seq = 7, .flags = TCP_RST };
    const struct datagram d = { .from = from, .to = to, .from_port = 53, .to_port = 5, .len = 4, .bytes = "abcd" };
    struct packet p;
    forger_start(&forger, &(struct voice){ .trace = h->trace, .host = 1 });
    ck_assert(!next(&p));
    forge_segment(&forger, &from, &to, &s, 0);
    forge_datagram(&forger, &d);
    forge_error(&forger, &from, &to, &(struct icmp_error){ .says = ICMP_SAYS_TOO_BIG, .word = 600 },
                &(struct bytes){ (const uint8_t *)"0123456789", 10 }, 0);
    for (int protocol = 0; next(&p); protocol++) {
        static const uint8_t order[] = { IP_TCP, IP_UDP, IP_ICMP };
        struct wire_in in = wire_over(p.bytes, p.len, NULL), payload;
        struct ip4_header ip;
        ck_assert(ip4_read(&in, &ip, &payload, NULL));
        ck_assert_uint_eq(ip.protocol, order[protocol]);
        ck_assert(addr_same(&ip.source, &from) && addr_same(&ip.destination, &to));
        struct icmp_message m;
        if (ip.protocol == IP_ICMP)
            ck_assert(icmp_read(&payload, &m, NULL) && m.code == ICMP_TOO_BIG && m.next_hop_mtu == 600);
        else
            ck_assert_uint_eq(ip_checksum(&from, &to, ip.protocol, payload.at, wire_left(&payload)), 0);
    }
    heard_all_named(h);
    heard_free(h);
}
END_TEST

START_TEST(what_finds_no_room_is_not_sent)
{
    const struct tcp_segment s = { .flags = TCP_SYN };
    struct packet p;
    unsigned n = 0;
    forger_start(&forger, &(struct voice){ 0 });
    for (int i = 0; i < FORGED + 10; i++)
        forge_segment(&forger, &from, &to, &s, 0);
    while (next(&p))
        n++;
    ck_assert_uint_eq(n, FORGED);
    forge_segment(&forger, &from, &to, &s, 0);
    ck_assert(next(&p) && !next(&p));
    static uint8_t much[FORGED_OCTETS];
    struct tcp_segment large = { .flags = TCP_ACK, .text = { much, sizeof much } };
    forge_segment(&forger, &from, &to, &large, 0);
    ck_assert(!next(&p));
}
END_TEST

/* A view that remembers the marks, and the packets of the attacker. */
struct seen { struct view view; unsigned marks, unasked, packets, attacker, zero; uint32_t marked_after; };

static void see(struct view *v, const struct trace *t, const struct event *e)
{
    struct seen *s = (struct seen *)v;
    (void)t;
    bool mark = e->kind == EVENT_MARK && strcmp(e->layer, "lab") == 0;
    s->marks += mark;
    s->unasked += mark && !e->cause;
    if (mark)
        s->marked_after = s->packets;
    s->packets += e->kind == EVENT_PACKET;
    s->attacker += e->kind == EVENT_PACKET && e->host == SEALED_ATTACKER;
    const struct attr *window = e->kind == EVENT_PACKET ? event_attr(e, "window") : NULL;
    s->zero += window && window->number == 0 && e->host == SEALED_BROWSER;
}

static struct seen run(const char *text)
{
    char sentence[BREAK_SENTENCE];
    struct break_wish wish;
    struct seen s = { .view = { .event = see } };
    struct view *views[] = { &s.view };
    struct fault why = { 0 };
    struct sealed_visit_config c = { .seed = 3, .wires = { .delay = 10 * MILLISECOND }, .group = TLS_X25519,
                                     .suite = sealed_visit_suite(TLS_KX_ECDHE, KEY_RSA),
                                     .breaks = &wish, .n_breaks = text ? 1 : 0 };
    ck_assert(url_parse("https://www.example.test/", &c.url, &why));
    ck_assert(!text || break_read(text, &wish, sentence));
    ck_assert(sealed_visit_run(&c, views, 1, &why));
    return s;
}

START_TEST(who_acts_and_when)
{
    struct seen s = run(NULL);
    ck_assert_uint_eq(s.marks + s.attacker + s.zero, 0);
    s = run("rst:9");
    ck_assert_uint_eq(s.marks, 1);
    ck_assert_uint_eq(s.marked_after, 9);
    ck_assert_uint_eq(s.unasked, 0);
    s = run("rst:1000");
    ck_assert_uint_eq(s.marks + s.attacker, 0);
    s = run("rst:1");                                  /* a query for a name */
    ck_assert_uint_eq(s.marks + s.attacker, 0);
    s = run("blind-rst:9");
    ck_assert_uint_eq(s.unasked, 1);
    ck_assert_uint_eq(s.attacker, 3);
    s = run("syn-flood:7");
    ck_assert_uint_eq(s.attacker, 7);
    s = run("syn-flood:1000");
    ck_assert_uint_eq(s.attacker, 100);
    s = run("half-open:12");
    ck_assert_uint_eq(s.marks, 1);
    ck_assert_uint_eq(s.attacker, 0);
    s = run("zero-window:9,3000");
    ck_assert_uint_gt(s.zero, 0);
    ck_assert_uint_lt(s.zero, s.packets / 2);
    ck_assert_uint_eq(s.attacker, 0);
}
END_TEST

int main(void)
{
    return check_run("lab", (const TTest *[]){ what_is_forged_is_sound, what_finds_no_room_is_not_sent,
                                               who_acts_and_when, NULL });
}
