/* One host's stack, or two back to back: what a link hands in and takes away. */
#include "net/checksum.h"
#include "net/udp.h"
#include "tests/lib/check.h"
#include "tests/lib/heard.h"
#include "tests/lib/one_host.h"

#include <stdlib.h>
#include <string.h>

static const struct addr any = { 0 };

START_TEST(answers_echo)
{
    struct one *o = one_start(1, 4, 4, NULL);
    uint8_t octets[64] = { 0 };
    check_hex("0800 0000 1234 0001 6162", octets + 20, 10);
    uint8_t reply[10];
    icmp_write_reply(octets + 20, 10, &any, &any, reply);         /* the same octets, but for type and checksum */
    octets[22] = (uint8_t)((((reply[2] << 8 | reply[3]) - 0x0800) & 0xffff) >> 8);
    octets[23] = reply[3];
    one_in_ip(o, 2, 1, IP_ICMP, octets, 10);
    ck_assert(one_out(o));
    ck_assert(o->icmp.type == ICMP_ECHO_REPLY && o->icmp.identifier == 0x1234);
    ck_assert(!one_out(o));
    one_end(o);
}
END_TEST

START_TEST(a_segment_to_nowhere_gets_a_rst)           /* RFC 9293 §3.10.7.1 */
{
    struct one *o = one_start(1, 4, 4, NULL);
    one_in_tcp(o, 2, 1,
           &(struct tcp_segment){ .source_port = 5, .destination_port = 6, .seq = 100, .flags = TCP_SYN });
    ck_assert(one_out(o));
    ck_assert(o->tcp.flags == (TCP_RST | TCP_ACK) && o->tcp.seq == 0 && o->tcp.ack == 101
              && o->tcp.source_port == 6);
    one_in_tcp(o, 2, 1,
           &(struct tcp_segment){
               .source_port = 5, .destination_port = 6, .seq = 100, .ack = 77, .flags = TCP_ACK });
    ck_assert(one_out(o));
    ck_assert(o->tcp.flags == TCP_RST && o->tcp.seq == 77);
    one_in_tcp(o, 2, 1,
           &(struct tcp_segment){ .source_port = 5, .destination_port = 6, .seq = 100, .flags = TCP_RST });
    ck_assert(!one_out(o));
    one_end(o);
}
END_TEST

START_TEST(what_is_not_for_us_or_broken_is_dropped)
{
    struct one *o = one_start(1, 4, 4, NULL);
    const struct tcp_segment syn = { .source_port = 5, .destination_port = 6, .flags = TCP_SYN };
    one_in_tcp(o, 2, 3, &syn);                            /* for somebody else */
    one_in_tcp(o, 1, 1, &syn);                            /* from ourselves: LAND */
    ck_assert(!one_out(o));
    uint8_t octets[64];
    struct addr a = addr_v4(10, 0, 0, 2), b = addr_v4(10, 0, 0, 1);
    size_t n = tcp_segment_write(&syn, &a, &b, octets + 20, 44);
    for (size_t bit = 0; bit < 8 * n; bit++) {        /* each flipped bit of the segment */
        octets[20 + bit / 8] ^= (uint8_t)(1 << bit % 8);
        one_in_ip(o, 2, 1, IP_TCP, octets, n);
        ck_assert(!one_out(o));
        octets[20 + bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    one_in_ip(o, 2, 1, 99, octets, n);                    /* RFC 1122 §3.2.2.1 */
    ck_assert(one_out(o) && o->icmp.type == ICMP_UNREACHABLE && o->icmp.code == ICMP_PROTOCOL);
    one_in_ip(o, 2, 1, IP_TCP, octets, n);
    ck_assert(one_out(o));
    one_end(o);
}
END_TEST

START_TEST(datagrams_find_their_port)
{
    static struct datagram d, got;
    struct one *a = one_start(1, 4, 4, NULL), *b = one_start(2, 4, 4, NULL);
    ck_assert_uint_eq(b->host->ops->udp_open(b->host, 53, NULL), 53);
    ck_assert_uint_eq(b->host->ops->udp_open(b->host, 53, NULL), 0);
    uint16_t port = a->host->ops->udp_open(a->host, 0, NULL);
    ck_assert_uint_ge(port, 49152);
    d = (struct datagram){
        .to = addr_v4(10, 0, 0, 2), .from_port = port, .to_port = 53, .len = 3, .bytes = "abc"
    };
    ck_assert(a->host->ops->udp_send(a->host, &d, a->now));
    ck_assert(one_out(a));
    one_in(b, a->octets, a->packet.len);
    ck_assert(b->host->ops->udp_next(b->host, &got));
    ck_assert(got.from_port == port && got.to_port == 53 && got.len == 3);
    check_bytes(got.bytes, "abc", 3);
    ck_assert(!b->host->ops->udp_next(b->host, &got));

    b->host->ops->udp_close(b->host, 53);             /* RFC 1122 §4.1.3.1: port unreachable */
    one_in(b, a->octets, a->packet.len);
    ck_assert(!b->host->ops->udp_next(b->host, &got));
    ck_assert(one_out(b));
    ck_assert(b->icmp.type == ICMP_UNREACHABLE && b->icmp.code == ICMP_PORT
              && b->icmp.quoted_source_port == port);
    d.from_port = 9;                                  /* not open */
    ck_assert(!a->host->ops->udp_send(a->host, &d, a->now));
    d.from_port = port;
    d.len = DATAGRAM_MAX + 1;
    ck_assert(!a->host->ops->udp_send(a->host, &d, a->now));
    for (unsigned i = 0; i < UDP_QUEUE; i++) {
        d.len = 1;
        ck_assert(a->host->ops->udp_send(a->host, &d, a->now));
    }
    ck_assert(!a->host->ops->udp_send(a->host, &d, a->now));
    one_end(a);
    one_end(b);
}
END_TEST

START_TEST(no_more_connections_than_memory)
{
    struct one *o = one_start(1, 3, 4, NULL);
    struct addr to = addr_v4(10, 0, 0, 2), self = addr_v4(10, 0, 0, 1), group = addr_v4(224, 0, 0, 1);
    struct fault why = { 0 };
    for (int i = 0; i < 3; i++)
        ck_assert_ptr_nonnull(o->host->ops->connect(o->host, &to, 80, o->now, NULL));
    ck_assert_ptr_null(o->host->ops->connect(o->host, &to, 80, o->now, &why));
    ck_assert_str_eq(why.ground->id, "tcp.no_room");
    ck_assert_ptr_null(o->host->ops->connect(o->host, &self, 80, o->now, NULL));
    ck_assert_ptr_null(o->host->ops->connect(o->host, &group, 80, o->now, NULL));
    one_end(o);
}
END_TEST

/* Two hosts on a wire without delay. */
static void exchange(struct one *a, struct one *b)
{
    for (bool more = true; more;) {
        more = false;
        while (one_out(a)) {
            one_in(b, a->octets, a->packet.len);
            more = true;
        }
        while (one_out(b)) {
            one_in(a, b->octets, b->packet.len);
            more = true;
        }
    }
}

/* The same, but packets keep their number in the trace, as on a sealed wire. */
static void exchange_told(struct one *a, struct one *b, struct trace *t)
{
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < 2; i++) {
            struct one *from = i ? b : a, *to = i ? a : b;
            while (one_out(from)) {
                more = true;
                trace_because(t, from->packet.cause);
                to->host->ops->input(to->host, &from->packet, to->now);
            }
        }
    }
}

static struct carrier *connect_two(struct one *a, struct one *b, struct carrier **theirs)
{
    struct addr to = addr_v4(10, 0, 0, 2);
    struct carrier *ours = a->host->ops->connect(a->host, &to, 443, a->now, NULL);
    exchange(a, b);
    ck_assert_ptr_eq(a->host->ops->news(a->host), ours);
    *theirs = b->host->ops->news(b->host);
    ck_assert_ptr_nonnull(*theirs);
    ck_assert((*theirs)->passive && (*theirs)->open && ours->open);
    return ours;
}

START_TEST(a_visit_and_its_news)
{
    struct one *a = one_start(1, 4, 4, NULL), *b = one_start(2, 4, 4, NULL);
    ck_assert(b->host->ops->listen(b->host, &any, 443, NULL));
    struct carrier *theirs, *ours = connect_two(a, b, &theirs);
    ck_assert_ptr_null(a->host->ops->news(a->host));  /* handed out once */
    ck_assert_uint_eq(ring_write(&ours->out, "hello", 5), 5);
    carrier_touch(ours, 0);
    exchange(a, b);
    ck_assert_ptr_eq(b->host->ops->news(b->host), theirs);
    check_bytes(ring_peek(&theirs->in).at, "hello", 5);
    ring_consume(&theirs->in, 5);
    carrier_touch(theirs, 0);
    carrier_close(ours);
    exchange(a, b);
    ck_assert_ptr_eq(b->host->ops->news(b->host), theirs);
    ck_assert(theirs->peer_done && !theirs->ended);
    carrier_close(theirs);
    exchange(a, b);
    ck_assert_ptr_eq(b->host->ops->news(b->host), theirs);
    ck_assert(theirs->ended && ours->ended && !theirs->fault && !ours->fault);
    carrier_release(ours);
    carrier_release(theirs);
    exchange(a, b);
    ck_assert(a->host->ops->busy(a->host));           /* TIME-WAIT */
    ck_assert(!b->host->ops->busy(b->host));
    a->now += 61 * SECOND;
    a->host->ops->tick(a->host, a->now);
    exchange(a, b);
    ck_assert(!a->host->ops->busy(a->host));
    ck_assert_uint_eq(a->pool.used + b->pool.used, 0);
    one_end(a);
    one_end(b);
}
END_TEST

/* Else a program that waits for more room than half the ring is never told that there is. */
START_TEST(room_is_news)
{
    struct one *a = one_start(1, 4, 4, NULL), *b = one_start(2, 4, 4, NULL);
    static const uint8_t text[24000];
    ck_assert(b->host->ops->listen(b->host, &any, 443, NULL));
    struct carrier *theirs, *ours = connect_two(a, b, &theirs);
    ck_assert_uint_eq(ring_write(&ours->out, text, sizeof text), sizeof text);
    carrier_touch(ours, 0);
    ck_assert_ptr_null(a->host->ops->news(a->host));
    exchange(a, b);
    ck_assert_uint_eq(ours->out.len, 0);
    ck_assert_ptr_eq(a->host->ops->news(a->host), ours);
    carrier_abort(ours);
    carrier_abort(theirs);
    exchange(a, b);
    carrier_release(ours);
    carrier_release(theirs);
    one_end(a);
    one_end(b);
}
END_TEST

/* With all that it agreed on and text that went both ways: when all is read and acknowledged, nothing of the pool is
 * held. */
START_TEST(an_idle_connection_costs_a_kilobyte)
{
    struct one *a = one_start(1, 4, 4, NULL), *b = one_start(2, 4, 4, NULL);
    static const uint8_t text[24000];
    ck_assert(b->host->ops->listen(b->host, &any, 443, NULL));
    struct carrier *ends[2] = { connect_two(a, b, &ends[1]) };
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(ring_write(&ends[i]->out, text, sizeof text), sizeof text);
        carrier_touch(ends[i], 0);
        exchange(a, b);
        ring_consume(&ends[1 - i]->in, sizeof text);
        carrier_touch(ends[1 - i], 0);
        exchange(a, b);
    }
    ck_assert_uint_eq(a->pool.used + b->pool.used, 0);
    ck_assert_uint_le(sizeof(struct tcp), 1024);
    for (int i = 0; i < 2; i++) {
        carrier_abort(ends[i]);
        carrier_release(ends[i]);
    }
    one_end(a);
    one_end(b);
}
END_TEST

START_TEST(a_syn_ends_time_wait)                      /* RFC 9293 §3.10.7.4, fourth; RFC 6191 */
{
    struct one *o = one_start(1, 4, 4, NULL);
    ck_assert(o->host->ops->listen(o->host, &any, 443, NULL));
    struct tcp_segment s = {
        .source_port = 9, .destination_port = 443, .seq = 100, .flags = TCP_SYN, .window = 1000
    };
    one_in_tcp(o, 2, 1, &s);
    ck_assert(one_out(o));
    uint32_t isn = o->tcp.seq;
    s = (struct tcp_segment){ .source_port = 9,
                              .destination_port = 443,
                              .seq = 101,
                              .ack = isn + 1,
                              .flags = TCP_ACK,
                              .window = 1000 };
    one_in_tcp(o, 2, 1, &s);
    struct carrier *c = o->host->ops->news(o->host);
    carrier_close(c);
    ck_assert(one_out(o));
    s.ack = isn + 2;
    s.flags = TCP_ACK | TCP_FIN;
    one_in_tcp(o, 2, 1, &s);
    ck_assert(c->ended && one_out(o));
    carrier_release(c);
    o->now += 5 * SECOND;
    s = (struct tcp_segment){
        .source_port = 9, .destination_port = 443, .seq = 50, .flags = TCP_SYN, .window = 1000
    };
    one_in_tcp(o, 2, 1, &s);                              /* an old one: an ACK, no new connection */
    ck_assert(one_out(o) && o->tcp.flags == TCP_ACK);
    s.seq = 5000;
    one_in_tcp(o, 2, 1, &s);
    ck_assert(one_out(o) && o->tcp.flags == (TCP_SYN | TCP_ACK) && o->tcp.ack == 5001);
    ck_assert((o->tcp.seq - isn) >> 31 == 0 && o->tcp.seq != isn);      /* the ISN has grown: RFC 6528 */
    one_end(o);
}
END_TEST

START_TEST(isns_of_other_ends_are_unrelated)          /* RFC 6528; NUMBER:JACK */
{
    struct one *o = one_start(1, 64, 64, NULL);
    ck_assert(o->host->ops->listen(o->host, &any, 443, NULL));
    uint32_t isns[40];
    for (uint16_t i = 0; i < 40; i++) {
        one_in_tcp(o, 2, 1,
               &(struct tcp_segment){
                   .source_port = (uint16_t)(1000 + i), .destination_port = 443, .flags = TCP_SYN });
        ck_assert(one_out(o));
        isns[i] = o->tcp.seq;
    }
    unsigned near = 0;
    for (int i = 0; i < 40; i++)
        for (int k = 0; k < i; k++)
            near += isns[i] - isns[k] + (1u << 20) < 1u << 21;
    ck_assert_uint_lt(near, 5);                       /* of 780 pairs; by chance one in 2048 */
    one_end(o);
}
END_TEST

START_TEST(unreachable_ends_a_syn)
{
    struct one *o = one_start(1, 4, 4, NULL);
    struct addr to = addr_v4(10, 0, 0, 2);
    struct carrier *c = o->host->ops->connect(o->host, &to, 80, o->now, NULL);
    ck_assert(one_out(o));
    const struct icmp_error no_host = { .says = ICMP_SAYS_NO_HOST };
    uint8_t octets[128];
    o->octets[24] ^= 1;                               /* another sequence number: a stranger's guess */
    size_t n = icmp_write_error(&no_host, &any, &any, o->octets, o->packet.len, octets + 20);
    one_in_ip(o, 9, 1, IP_ICMP, octets, n);
    ck_assert(!c->ended);
    o->octets[24] ^= 1;
    n = icmp_write_error(&no_host, &any, &any, o->octets, o->packet.len, octets + 20);
    one_in_ip(o, 9, 1, IP_ICMP, octets, n);
    ck_assert(c->ended);
    ck_assert_str_eq(c->fault->ground->id, "tcp.unreachable");
    carrier_release(c);
    one_end(o);
}
END_TEST

START_TEST(a_redirect_is_told_and_not_obeyed)         /* "to 10.0.0.2 by way of me, 10.0.0.66" */
{
    struct heard *h = heard_new();
    struct one *o = one_start(1, 4, 4, h->trace);
    struct addr to = addr_v4(10, 0, 0, 2);
    struct carrier *c = o->host->ops->connect(o->host, &to, 80, o->now, NULL);
    ck_assert(one_out(o) && addr_same(&o->packet.hop, &to));
    uint8_t octets[128] = { [20] = ICMP_REDIRECT, [21] = 1, [24] = 10, [27] = 66 };
    memcpy(octets + 28, o->octets, 28);
    uint16_t sum = checksum_end(checksum_add(0, octets + 20, 36));
    octets[22] = (uint8_t)(sum >> 8);
    octets[23] = (uint8_t)sum;
    one_in_ip(o, 66, 1, IP_ICMP, octets, 36);
    ck_assert_ptr_nonnull(strstr(heard_events(h, 0, EVENT_CHECK), "icmp.redirect"));
    o->now += 1100 * MILLISECOND;
    o->host->ops->tick(o->host, o->now);
    ck_assert(one_out(o) && addr_same(&o->packet.hop, &to));
    carrier_release(c);
    one_end(o);
    heard_free(h);
}
END_TEST

START_TEST(tells_what_happens)
{
    static struct datagram d;
    struct heard *h = heard_new();
    struct one *a = one_start(1, 4, 4, h->trace), *b = one_start(2, 4, 4, h->trace);
    struct addr to = addr_v4(10, 0, 0, 2);
    ck_assert(b->host->ops->listen(b->host, &any, 443, NULL));
    struct carrier *ours = a->host->ops->connect(a->host, &to, 443, a->now, NULL);
    exchange_told(a, b, h->trace);
    struct carrier *theirs = b->host->ops->news(b->host);
    ck_assert_uint_ne(ours->reads, 0);
    ck_assert_uint_eq(ours->reads, theirs->writes);
    ck_assert_uint_eq(ours->writes, theirs->reads);
    ck_assert_uint_ne(ours->writes, ours->reads);
    carrier_close(ours);
    exchange_told(a, b, h->trace);
    carrier_close(theirs);
    exchange_told(a, b, h->trace);
    one_in_tcp(b, 1, 2, &(struct tcp_segment){ .source_port = 5, .destination_port = 6, .flags = TCP_SYN,
                                           .text = { (const uint8_t *)"lost", 4 } });
    uint8_t junk[80] = { 0x45 };
    one_in(b, junk, sizeof junk);
    d = (struct datagram){ .to = to, .from_port = a->host->ops->udp_open(a->host, 0, NULL), .to_port = 53 };
    ck_assert(a->host->ops->udp_send(a->host, &d, a->now));
    exchange_told(a, b, h->trace);

    ck_assert_str_eq(heard_events(h, 1, EVENT_STATE), "SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT");
    ck_assert_str_eq(heard_events(h, 2, EVENT_STATE),
                     "LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED");
    ck_assert_str_eq(heard_events(h, 1, EVENT_PACKET), "SYN ACK FIN ACK datagram");
    ck_assert_str_eq(heard_events(h, 2, EVENT_PACKET),
                     "SYN-ACK ACK FIN SYN packet RST destination unreachable");
    ck_assert_str_eq(heard_events(h, 2, EVENT_CHECK), "tcp.no_connection ip.lengths");
    heard_all_named(h);
    carrier_release(ours);
    carrier_release(theirs);
    one_end(a);
    one_end(b);
    heard_free(h);
}
END_TEST

START_TEST(tells_why_it_says_it_again)
{
    struct heard *h = heard_new();
    struct one *a = one_start(1, 4, 4, h->trace);
    struct addr to = addr_v4(10, 0, 0, 2);
    struct carrier *c = a->host->ops->connect(a->host, &to, 443, a->now, NULL);
    ck_assert(one_out(a));
    a->now = a->host->ops->wake(a->host);
    a->host->ops->tick(a->host, a->now);
    ck_assert(one_out(a));
    const struct heard_event *first = NULL, *again = NULL, *fired = NULL;
    for (size_t i = 0; i < h->n; i++) {
        const struct heard_event *e = &h->events[i];
        if (e->kind == EVENT_PACKET)
            *(first ? &again : &first) = e;
        if (e->kind == EVENT_TIMER && strstr(e->label, "fired"))
            fired = e;
    }
    ck_assert(first && again && fired);
    ck_assert_str_eq(first->again, "");
    ck_assert_str_eq(again->again, "RTO 1000 ms fired (RFC 6298 §5.4)");
    ck_assert_uint_eq(again->cause, fired->n);
    carrier_abort(c);
    carrier_release(c);
    one_end(a);
    heard_free(h);
}
END_TEST

int main(void)
{
    return check_run(
        "stack", (const TTest *[]){
                     answers_echo, a_segment_to_nowhere_gets_a_rst, what_is_not_for_us_or_broken_is_dropped,
                     datagrams_find_their_port,
                     no_more_connections_than_memory,
                     a_visit_and_its_news, room_is_news, an_idle_connection_costs_a_kilobyte, a_syn_ends_time_wait,
                     isns_of_other_ends_are_unrelated,
                     unreachable_ends_a_syn, a_redirect_is_told_and_not_obeyed, tells_what_happens, tells_why_it_says_it_again, NULL });
}
