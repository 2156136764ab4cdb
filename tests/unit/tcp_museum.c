/* Old mistakes of other TCPs, each with what would have caught it: one stack, and segments made by hand. What needs whole
 * runs (shrinking windows, MSS of 8 with lying SACK, timers without end) is in tests/lib/storm_mad.c and tested here by the
 * plan that asks for it. */
#include "tests/lib/check.h"
#include "tests/lib/storm.h"

#include "net/checksum.h"
#include "net/ip.h"
#include "net/ip4.h"
#include "net/seq.h"
#include "net/stack.h"
#include "net/tcp.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROOM = 1600, FIRST = 1000, US = 1, PEER = 2, OTHER = 3 };

struct seeded { struct chance chance; uint64_t n; };

static void fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)out)[i] = (uint8_t)storm_hash(1, purpose, ((struct seeded *)c)->n++);
}

struct scene {
    struct seeded chance; struct pool pool; struct host *host; nsec now;
    struct carrier *carrier;
    struct tcp_segment came; uint8_t to; unsigned came_n;             /* the last segment that left, and how many did */
    uint8_t octets[ROOM];
};

static struct scene *start(uint32_t window_most)
{
    const struct addr any = { 0 };
    struct scene *s = calloc(1, sizeof *s);
    s->chance.chance.fill = fill;
    pool_start(&s->pool, 64 << 20);
    s->now = 1000 * SECOND;
    s->host = stack_host(stack_new(&(struct stack_config){ .addr = addr_v4(10, 0, 0, US), .connections = 16,
                                                           .window_most = window_most, .pool = &s->pool,
                                                           .chance = &s->chance.chance }));
    ck_assert(s->host->ops->listen(s->host, &any, 443, NULL));
    return s;
}

static void end(struct scene *s)
{
    s->host->ops->free(s->host);
    pool_end(&s->pool);
    free(s);
}

static void pull(struct scene *s)
{
    struct packet p = { .bytes = s->octets, .room = sizeof s->octets };
    s->came_n = 0;
    while (s->host->ops->output(s->host, &p, s->now)) {
        struct wire_in in = wire_over(s->octets, p.len, NULL), payload;
        struct ip4_header ip;
        ck_assert(ip4_read(&in, &ip, &payload, NULL));
        s->to = ip.destination.octets[3];
        if (ip.protocol == IP_TCP)
            ck_assert(tcp_segment_read(&payload, &s->came, NULL));
        s->came_n++;
    }
}

static void hand_in(struct scene *s, uint8_t *octets, uint32_t n)
{
    struct packet p = { .bytes = octets, .len = n, .room = n };
    s->host->ops->input(s->host, &p, s->now);
}

/* A segment with these octets of options, from 10.0.0.`from`. How long its packet is. */
static uint32_t make(uint8_t *octets, uint8_t from, const struct tcp_segment *t, const uint8_t *options, unsigned n_options)
{
    uint8_t *at = octets + IP4_HEADER;
    struct addr source = addr_v4(10, 0, 0, from), destination = addr_v4(10, 0, 0, US);
    struct tcp_segment bare = *t;
    size_t n = tcp_segment_write(&bare, &source, &destination, at, ROOM - 100);
    unsigned header = (at[12] >> 4) * 4u;
    memmove(at + header + n_options, at + header, n - header);
    if (n_options)
        memcpy(at + header, options, n_options);
    n += n_options;
    at[12] = (uint8_t)((header + n_options) / 4 << 4);
    at[18] = (uint8_t)(t->urgent_pointer >> 8);
    at[19] = (uint8_t)t->urgent_pointer;
    at[16] = at[17] = 0;
    uint16_t sum = ip_checksum(&source, &destination, IP_TCP, at, n);
    at[16] = (uint8_t)(sum >> 8);
    at[17] = (uint8_t)sum;
    struct ip4_header ip = { .total_length = (uint16_t)(IP4_HEADER + n), .time_to_live = 64, .protocol = IP_TCP,
                             .source = source, .destination = destination };
    ip4_write(&ip, octets);
    return ip.total_length;
}

static void say(struct scene *s, uint8_t from, const struct tcp_segment *t)
{
    uint8_t octets[ROOM];
    uint32_t n = make(octets, from, t, NULL, 0);
    hand_in(s, octets, n);
}

/* The peer at port 5000 is connected to us; returns the connection. */
static struct tcp *meet(struct scene *s)
{
    struct tcp_segment t = { .source_port = 5000, .destination_port = 443, .seq = FIRST - 1, .flags = TCP_SYN,
                             .window = 60000, .mss = 1460 };
    say(s, PEER, &t);
    pull(s);
    ck_assert_uint_eq(s->came.flags, TCP_SYN | TCP_ACK);
    t.seq = FIRST;
    t.ack = s->came.seq + 1;
    t.flags = TCP_ACK;
    t.mss = 0;
    say(s, PEER, &t);
    s->carrier = s->host->ops->news(s->host);
    ck_assert(s->carrier && s->carrier->open);
    return (struct tcp *)s->carrier;
}

static struct tcp_segment segment(const struct tcp *t, uint32_t seq, uint8_t flags)
{
    return (struct tcp_segment){ .source_port = 5000, .destination_port = 443, .seq = seq, .ack = t->snd_nxt,
                                 .flags = flags, .window = 60000 };
}

/* CVE-2019-11477 to -11479: an MSS of 8 octets, and blocks of SACK that cut what is under way into crumbs. */
START_TEST(a_tiny_mss_with_lying_sacks)
{
    for (unsigned seed = 1; seed <= 60; seed++) {
        struct storm_plan p;
        struct storm_verdict v;
        storm_parse(&p, "text0=100000 mad=32784");
        p.seed = seed;
        p.knob[MAD] |= seed & 1 ? 1 << 3 : 1 << 13;    /* split ACKs, or many for nothing */
        storm_play(&p, &v, NULL);
        ck_assert_msg(!v.failed, "seed %u: %s", seed, v.why);
    }
}
END_TEST

/* CVE-2018-5390: one octet each, every second one, from the last to the first; then the other half. */
static double worst_order(unsigned n)
{
    static uint8_t text[1];
    struct scene *s = start(0);
    struct tcp *t = meet(s);
    clock_t before = clock();
    for (unsigned done = 0; done < n; done += 60000)
        for (unsigned half = 0; half < 2; half++) {
            uint32_t first = t->rcv_nxt;
            for (unsigned i = 0; i < 30000 && done + 2 * i < n; i++) {
                struct tcp_segment seg = segment(t, first + (half ? 2 * i : 59999 - 2 * i), TCP_ACK);
                seg.text = (struct bytes){ text, 1 };
                say(s, PEER, &seg);
            }
            pull(s);
            ring_consume(&s->carrier->in, s->carrier->in.len);
            carrier_touch(s->carrier, 0);
            pull(s);
        }
    double took = (double)(clock() - before) / CLOCKS_PER_SEC;
    end(s);
    return took;
}

START_TEST(crumbs_in_the_worst_order_take_linear_time)
{
    double few = 1, many = 1;
    for (unsigned tries = 0; tries < 3 && (tries == 0 || many > 30 * few); tries++) {
        few = worst_order(10000);
        many = worst_order(100000);
    }
    ck_assert_msg(many <= 30 * few + 0.05, "10,000 took %.3f s, 100,000 took %.3f s", few, many);
}
END_TEST

/* CVE-2016-5696: a stranger sends as if it were the peer, then counts what it gets itself. What it gets must not depend on
 * whether there is a connection. */
static unsigned what_a_stranger_gets(bool connected, unsigned spoofed)
{
    struct scene *s = start(0);
    struct tcp none = { .snd_nxt = 7 };
    const struct tcp *t = connected ? meet(s) : &none;
    unsigned got = 0;
    pull(s);
    /* a connection of its own, whose challenge ACKs it can count */
    struct tcp_segment own = { .source_port = 6000, .destination_port = 443, .seq = 1, .flags = TCP_SYN, .window = 9000 };
    say(s, OTHER, &own);
    pull(s);
    own.seq = 2, own.ack = s->came.seq + 1, own.flags = TCP_ACK;
    say(s, OTHER, &own);
    pull(s);
    for (unsigned i = 0; i < spoofed; i++) {
        struct tcp_segment spoof = segment(t, connected ? t->rcv_nxt + 1 + i : i, TCP_RST);
        say(s, PEER, &spoof);
        pull(s);
    }
    own.flags = TCP_SYN, own.seq = 10;
    for (unsigned i = 0; i < 200; i++) {
        say(s, OTHER, &own);
        pull(s);
        got += s->came_n && s->to == OTHER;
    }
    end(s);
    return got;
}

START_TEST(a_stranger_learns_nothing_by_counting)
{
    ck_assert_uint_gt(what_a_stranger_gets(false, 0), 0);
    ck_assert_uint_eq(what_a_stranger_gets(true, 200), what_a_stranger_gets(false, 200));
    ck_assert_uint_eq(what_a_stranger_gets(true, 200), what_a_stranger_gets(true, 0));
}
END_TEST

/* CVE-2004-0230, lwIP before RFC 5961: only a RST exactly at rcv_nxt ends the connection. */
START_TEST(a_rst_at_each_edge_of_the_window)
{
    const int32_t offs[] = { -1, 1, 2, 30000, 65534, 65535, 65536 };
    for (unsigned i = 0; i < sizeof offs / sizeof *offs; i++) {
        struct scene *s = start(0);
        struct tcp *t = meet(s);
        struct tcp_segment rst = segment(t, t->rcv_nxt + (uint32_t)offs[i], TCP_RST);
        say(s, PEER, &rst);
        ck_assert_uint_eq(t->state, TCP_ESTABLISHED);
        rst.seq = t->rcv_nxt;
        say(s, PEER, &rst);
        ck_assert_uint_eq(t->state, TCP_CLOSED);
        end(s);
    }
}
END_TEST

/* CVE-2019-12255 to -12263, URGENT/11: the pointer at 0, inside, behind, far behind the text; text and its length are what
 * they are. */
START_TEST(urgent_pointers_change_nothing)
{
    static const uint16_t pointers[] = { 0, 1, 2, 3, 4, 100, 0x7fff, 0x8000, 0xfffe, 0xffff };
    static const uint8_t text[3] = { 'a', 'b', 'c' };
    struct scene *s = start(0);
    struct tcp *t = meet(s);
    for (unsigned i = 0; i < sizeof pointers / sizeof *pointers; i++)
        for (unsigned n = 0; n <= 3; n++) {
            struct tcp_segment urgent = segment(t, t->rcv_nxt, TCP_ACK | TCP_URG);
            urgent.urgent_pointer = pointers[i];
            urgent.text = (struct bytes){ text, n };
            say(s, PEER, &urgent);
            ck_assert_uint_eq(s->carrier->in.len, n);
            if (n)
                check_bytes(ring_peek(&s->carrier->in).at, text, n);
            ring_consume(&s->carrier->in, n);
        }
    ck_assert_uint_eq(t->state, TCP_ESTABLISHED);
    end(s);
}
END_TEST

/* CVE-2020-11896, Ripple20: the lengths of frame, IP and TCP contradict each other. */
START_TEST(lengths_that_contradict_each_other)
{
    static const uint8_t text[8] = "harmless";
    struct scene *s = start(0);
    struct tcp *t = meet(s);
    struct tcp_segment good = segment(t, t->rcv_nxt, TCP_ACK);
    good.text = (struct bytes){ text, sizeof text };
    uint8_t whole[ROOM];
    uint32_t n = make(whole, PEER, &good, NULL, 0);
    for (uint32_t have = 0; have < n; have++) {        /* every truncation; a copy of its own, for the sanitizer */
        uint8_t *cut = malloc(have + 1);
        memcpy(cut, whole, have);
        hand_in(s, cut, have);
        free(cut);
        ck_assert_uint_eq(s->carrier->in.len, 0);
    }
    for (unsigned total = 0; total < 65536; total = total < 100 ? total + 1 : total + 997) {
        uint8_t other[ROOM];
        memcpy(other, whole, n);
        other[2] = (uint8_t)(total >> 8);
        other[3] = (uint8_t)total;
        other[10] = other[11] = 0;
        uint16_t sum = checksum_end(checksum_add(0, other, IP4_HEADER));
        other[10] = (uint8_t)(sum >> 8);
        other[11] = (uint8_t)sum;
        if (total != n)
            hand_in(s, other, n);
        ck_assert_uint_eq(s->carrier->in.len, 0);
    }
    for (unsigned offset = 0; offset < 16; offset++) { /* TCP's data offset, with a right checksum */
        uint8_t other[ROOM];
        memcpy(other, whole, n);
        uint8_t *at = other + IP4_HEADER;
        struct addr source = addr_v4(10, 0, 0, PEER), destination = addr_v4(10, 0, 0, US);
        at[12] = (uint8_t)(offset << 4);
        at[16] = at[17] = 0;
        uint16_t sum = ip_checksum(&source, &destination, IP_TCP, at, n - IP4_HEADER);
        at[16] = (uint8_t)(sum >> 8);
        at[17] = (uint8_t)sum;
        hand_in(s, other, n);
        ck_assert_uint_le(s->carrier->in.len, sizeof text);
    }
    end(s);
}
END_TEST

/* AMNESIA:33: an option's length of 0, 1, past the end: the walk over them ends, and nothing behind them is read. */
START_TEST(option_lengths_that_go_nowhere)
{
    for (unsigned kind = 0; kind < 256; kind += kind < 10 ? 1 : 61)
        for (unsigned len = 0; len < 256; len += len < 45 ? 1 : 53) {
            struct scene *s = start(0);
            uint8_t options[8] = { (uint8_t)kind, (uint8_t)len, 0xff, 0xff, (uint8_t)kind, 0 }, octets[ROOM];
            struct tcp_segment syn = { .source_port = 5000, .destination_port = 443, .seq = 5, .flags = TCP_SYN };
            hand_in(s, octets, make(octets, PEER, &syn, options, sizeof options));
            pull(s);
            ck_assert_uint_eq(s->came.flags & 0x3f, TCP_SYN | TCP_ACK);
            end(s);
        }
}
END_TEST

/* NUMBER:JACK: for one pair of ends the numbers grow with time, for others they are anywhere. */
START_TEST(initial_sequence_numbers_cannot_be_guessed)
{
    enum { N = 400 };
    uint32_t isn[N];
    unsigned bits[32] = { 0 }, low = 0;
    struct scene *s = start(0);
    for (unsigned i = 0; i < N; i++) {
        struct tcp_segment syn = { .source_port = (uint16_t)(5000 + i), .destination_port = 443, .seq = 5,
                                   .flags = TCP_SYN }, rst = syn;
        say(s, PEER, &syn);
        pull(s);
        isn[i] = s->came.seq;
        rst.seq = 6;
        rst.flags = TCP_RST;
        say(s, PEER, &rst);
        pull(s);
        for (unsigned b = 0; b < 32; b++)
            bits[b] += isn[i] >> b & 1;
        low += i && isn[i] - isn[i - 1] < 1u << 24;
    }
    for (unsigned b = 0; b < 32; b++)                  /* five standard deviations of 400 throws of a coin */
        ck_assert_msg(bits[b] > N / 2 - 50 && bits[b] < N / 2 + 50, "bit %u is set %u times of %u", b, bits[b], N);
    ck_assert_uint_lt(low, 12);                        /* 1 in 256 is expected */
    for (unsigned i = 0; i < 20; i++) {
        struct tcp_segment syn = { .source_port = 5000, .destination_port = 443, .seq = 5, .flags = TCP_SYN };
        struct tcp_segment rst = { .source_port = 5000, .destination_port = 443, .seq = 6, .flags = TCP_RST };
        s->now += SECOND;
        say(s, PEER, &syn);
        pull(s);
        ck_assert(seq_before(isn[0], s->came.seq));
        isn[0] = s->came.seq;
        say(s, PEER, &rst);
        pull(s);
    }
    end(s);
}
END_TEST

/* mbed-os#4140, Linux's tcp_retransmit: an ACK in the middle of a segment; what goes again begins right there. */
START_TEST(an_ack_at_each_octet_of_a_segment)
{
    for (uint32_t acked = 1; acked < 100; acked++) {
        struct scene *s = start(0);
        struct tcp *t = meet(s);
        uint8_t text[100];
        for (unsigned i = 0; i < sizeof text; i++)
            text[i] = (uint8_t)i;
        ring_write(&s->carrier->out, text, sizeof text);
        carrier_touch(s->carrier, 0);
        pull(s);
        ck_assert_uint_eq(s->came.text.n, sizeof text);
        struct tcp_segment ack = segment(t, t->rcv_nxt, TCP_ACK);
        ack.ack = t->snd_una + acked;
        s->now += 10 * MILLISECOND;
        say(s, PEER, &ack);
        s->came_n = 0;
        for (unsigned i = 0; i < 4 && !s->came_n; i++) {
            pull(s);
            s->now = s->host->ops->wake(s->host);
            s->host->ops->tick(s->host, s->now);
            pull(s);
        }
        ck_assert_uint_eq(s->came.seq, ack.ack);
        ck_assert_uint_eq(s->came.text.n, sizeof text - acked);
        check_bytes(s->came.text.at, text + acked, sizeof text - acked);
        end(s);
    }
}
END_TEST

/* smoltcp #489 and #1048: the window shrinks below what is under way, to nothing, and opens again, at random. */
START_TEST(windows_that_shrink)
{
    for (unsigned seed = 1; seed <= 100; seed++) {
        struct storm_plan p;
        struct storm_verdict v;
        storm_parse(&p, "text0=30000 mad=2");
        p.seed = seed;
        storm_play(&p, &v, NULL);
        ck_assert_msg(!v.failed, "seed %u: %s", seed, v.why);
    }
}
END_TEST

int main(void)
{
    return check_run("tcp_museum", (const TTest *[]){
        a_tiny_mss_with_lying_sacks, crumbs_in_the_worst_order_take_linear_time, a_stranger_learns_nothing_by_counting,
        a_rst_at_each_edge_of_the_window, urgent_pointers_change_nothing, lengths_that_contradict_each_other,
        option_lengths_that_go_nowhere, initial_sequence_numbers_cannot_be_guessed, an_ack_at_each_octet_of_a_segment,
        windows_that_shrink, NULL });
}
