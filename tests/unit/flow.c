/* Flows: octets in order again, whatever the capture did to them; gaps, ends and memory. */
#include "tests/lib/check.h"
#include "tests/lib/flow_made.h"

#include <string.h>

#define TEXT_OF_60 "012345678901234567890123456789012345678901234567890123456789"

static unsigned say(struct flow_made *m, unsigned from, uint32_t seq, uint32_t ack, const char *text)
{
    return flow_made_say(m, (struct said){ .from = from, .seq = seq, .ack = ack, .flags = TCP_ACK, .text = text });
}

START_TEST(both_sides_are_read)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    flow_made_open(&m, 7);
    ck_assert_uint_eq(say(&m, 0, 1, 1, "hello "), 0);
    ck_assert_uint_eq(m.flow->id, 1);
    ck_assert_uint_eq(m.side, FLOW_CLIENT);
    ck_assert_uint_eq(flow_packet_of(m.flow, 0, 0), 4);
    ck_assert_uint_eq(say(&m, 0, 7, 1, "world"), 0);
    ck_assert_uint_eq(flow_packet_of(m.flow, 0, 5), 4);
    ck_assert_uint_eq(flow_packet_of(m.flow, 0, 6), 5);
    flow_made_reads(&m, 0, "hello world");
    ck_assert_uint_eq(flow_packet_of(m.flow, 0, 10), 5);
    ck_assert_uint_eq(flow_offset(m.flow, 0), 11);
    ck_assert_uint_eq(say(&m, 1, 1, 12, "hi"), 0);
    ck_assert_uint_eq(m.side, FLOW_SERVER);
    flow_made_reads(&m, 1, "hi");
    ck_assert(!flow_finished(m.flow, 0));
    flow_made_say(&m, (struct said){ .seq = 12, .ack = 3, .flags = TCP_ACK | TCP_FIN });
    ck_assert(flow_finished(m.flow, 0) && !flow_finished(m.flow, 1));
    flow_made_say(&m, (struct said){ .from = 1, .seq = 3, .ack = 13, .flags = TCP_ACK | TCP_FIN });
    say(&m, 0, 13, 4, "");
    ck_assert_ptr_null(flows_over(m.flows));          /* it lingers */
    ck_assert(m.flow->whole && !m.flow->guessed && !m.flow->one_sided);
    m.port++;
    flow_made_say(&m, (struct said){ .flags = TCP_SYN, .after = FLOW_LINGER + SECOND });
    struct flow *over = flows_over(m.flows);
    ck_assert(over && over->id == 1 && over->side[0].text == 11 && over->side[1].text == 2);
    flows_give(m.flows, over);
    ck_assert_uint_eq(flows_count(m.flows), 1);
    flow_made_end(&m);
}
END_TEST

START_TEST(it_may_begin_in_the_middle)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    m.isn[0] = m.isn[1] = 0xfffffffa;                 /* and wraps at once */
    say(&m, 1, 0, 0, "from the ");                    /* the port says that this is the server */
    ck_assert_uint_eq(m.side, FLOW_SERVER);
    say(&m, 1, 9, 0, "middle");
    flow_made_reads(&m, 1, "from the middle");
    ck_assert_uint_eq(flow_offset(m.flow, 1), 15);
    ck_assert(m.flow->guessed && !m.flow->whole && m.flow->one_sided);
    say(&m, 0, 0, 15, "ok");
    flow_made_reads(&m, 0, "ok");
    ck_assert(!m.flow->one_sided);
    flow_made_end(&m);
}
END_TEST

START_TEST(the_syn_may_be_missing_or_carry_text_or_come_twice)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    flow_made_say(&m, (struct said){ .from = 1, .ack = 1, .flags = TCP_SYN | TCP_ACK });
    ck_assert_uint_eq(m.side, FLOW_SERVER);           /* who answers a SYN is the server */
    say(&m, 0, 4, 1, "def");
    flow_made_reads(&m, 0, "");
    say(&m, 0, 1, 1, "abc");
    flow_made_reads(&m, 0, "abcdef");
    m.port++;
    flow_made_say(&m, (struct said){ .flags = TCP_SYN, .text = "early" });
    flow_made_say(&m, (struct said){ .flags = TCP_SYN, .text = "early" });
    flow_made_say(&m, (struct said){ .from = 1, .ack = 1, .flags = TCP_SYN | TCP_ACK });
    say(&m, 0, 1, 1, "early and late");               /* the server took only the SYN */
    flow_made_reads(&m, 0, "early and late");
    ck_assert_uint_eq(m.flow->side[0].syns, 2);
    ck_assert_uint_eq(m.flow->side[0].conflicts, 0);
    m.port++;                                         /* both call at once: RFC 9293 figure 8 */
    flow_made_say(&m, (struct said){ .flags = TCP_SYN });
    flow_made_say(&m, (struct said){ .from = 1, .flags = TCP_SYN });
    flow_made_say(&m, (struct said){ .ack = 1, .flags = TCP_SYN | TCP_ACK });
    flow_made_say(&m, (struct said){ .from = 1, .ack = 1, .flags = TCP_SYN | TCP_ACK });
    say(&m, 1, 1, 1, "hello");
    ck_assert_uint_eq(m.flow->id, 3);
    flow_made_reads(&m, 1, "hello");
    flow_made_end(&m);
}
END_TEST

START_TEST(text_beside_fin_and_behind_it)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    flow_made_open(&m, 7);
    flow_made_say(&m, (struct said){ .seq = 4, .ack = 1, .flags = TCP_ACK | TCP_FIN, .text = "def" });
    ck_assert(!flow_finished(m.flow, 0));
    say(&m, 0, 1, 1, "abc");
    ck_assert(flow_finished(m.flow, 0));
    say(&m, 0, 7, 1, "ghi");                          /* behind its end */
    flow_made_reads(&m, 0, "abcdef");
    flow_made_say(&m, (struct said){ .from = 1, .seq = 50, .ack = 7, .flags = TCP_ACK | TCP_FIN });
    say(&m, 1, 1, 7, TEXT_OF_60);                     /* that FIN was somebody else's: it goes on behind it */
    ck_assert(!flow_finished(m.flow, 1));
    flow_made_reads(&m, 1, TEXT_OF_60);
    flow_made_end(&m);
}
END_TEST

START_TEST(what_the_snaplen_cut_is_a_gap)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    flow_made_open(&m, 7);
    flow_made_say(&m, (struct said){ .seq = 1, .ack = 1, .flags = TCP_ACK, .text = "abc", .missing = 7 });
    ck_assert_uint_eq(flow_gap(m.flow, 0), 7);
    flow_made_reads(&m, 0, "abc");
    flow_skip(m.flow, 0);
    flow_made_say(&m, (struct said){ .seq = 21, .ack = 1, .flags = TCP_ACK, .text = "uvw", .missing = 7 });
    ck_assert_uint_eq(flow_gap(m.flow, 0), 0);        /* that may still come */
    flow_made_say(&m, (struct said){ .seq = 11, .ack = 1, .flags = TCP_ACK, .text = "klm", .missing = 7 });
    ck_assert_uint_eq(flow_gap(m.flow, 0), 7);
    say(&m, 0, 11, 1, "klmnopqrst");                  /* here it is whole */
    ck_assert_uint_eq(flow_gap(m.flow, 0), 7);
    flow_made_reads(&m, 0, "klmnopqrstuvw");
    ck_assert_uint_eq(m.flow->side[0].missing, 21);
    ck_assert_uint_eq(m.flow->side[0].conflicts, 0);
    flow_made_end(&m);
}
END_TEST

START_TEST(an_injected_segment_conflicts)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    flow_made_open(&m, 7);
    say(&m, 1, 1, 1, "forged");
    flow_made_reads(&m, 1, "forged");
    say(&m, 1, 1, 1, "the true one");                 /* what came first was read; what is new of the other follows */
    ck_assert_uint_eq(m.flow->side[1].conflicts, 1);
    ck_assert_uint_eq(m.flow->side[1].first_conflict.packet, 5);
    flow_made_reads(&m, 1, "ue one");
    say(&m, 1, 20, 1, "waits");
    say(&m, 1, 18, 1, "..WAIT");                      /* against what waits, octet by octet */
    ck_assert_uint_eq(m.flow->side[1].conflicts, 2);
    say(&m, 1, 13, 1, "abcde..w");
    ck_assert_uint_eq(m.flow->side[1].conflicts, 2);
    flow_made_reads(&m, 1, "abcde..waits");
    flow_made_end(&m);
}
END_TEST

/* An ACK of what was never sent makes no gap, and those behind it count. */
START_TEST(an_ack_of_nothing)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    flow_made_open(&m, 7);
    say(&m, 0, 1, 1, "abc");
    flow_made_reads(&m, 0, "abc");
    say(&m, 1, 1, 1000000, "");
    for (unsigned k = 0; k < 5; k++)
        say(&m, 1, 1, 4, "");
    ck_assert_uint_eq(m.flow->side[1].acked, 4);
    say(&m, 0, 10, 1, "jkl");
    ck_assert_uint_eq(flow_gap(m.flow, 0), 0);
    say(&m, 0, 4, 1, "defghi");
    flow_made_reads(&m, 0, "defghijkl");
    flow_made_end(&m);
}
END_TEST

/* With one direction alone nobody acknowledges: what is missing is given up after two seconds. */
START_TEST(one_direction_alone)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    say(&m, 1, 1, 1, "abc");
    flow_made_reads(&m, 1, "abc");
    say(&m, 1, 10, 1, "jkl");
    ck_assert_uint_eq(flow_gap(m.flow, 1), 0);
    flow_made_say(&m, (struct said){ .from = 1, .seq = 13, .ack = 1, .flags = TCP_ACK, .text = "m",
                                     .after = 3 * SECOND });
    ck_assert_uint_eq(flow_gap(m.flow, 1), 6);
    flow_skip(m.flow, 1);
    flow_made_reads(&m, 1, "jklm");
    flow_made_end(&m);
}
END_TEST

START_TEST(more_than_4_gb)
{
    struct flow_made m;
    static uint8_t text[1 << 20];
    flow_made_start(&m, 4 << 20);
    m.isn[0] = 0x80000000;
    flow_made_open(&m, 14);
    uint64_t sent = 0;
    for (; sent < (UINT64_C(5) << 30); sent += sizeof text) {
        text[0] = (uint8_t)(sent >> 20);
        flow_made_say(&m, (struct said){ .seq = 1 + (uint32_t)sent, .ack = 1, .flags = TCP_ACK, .octets = text,
                                         .n = sizeof text });
        ck_assert_uint_eq(flow_offset(m.flow, 0), sent);
        struct room have = flow_peek(m.flow, 0);
        ck_assert_uint_eq(have.n, sizeof text);
        ck_assert_uint_eq(have.at[0], text[0]);
        flow_consume(m.flow, 0, have.n);
        say(&m, 1, 1, 1 + (uint32_t)(sent + sizeof text), "");
    }
    ck_assert_uint_eq(m.flow->side[0].text, sent);
    ck_assert_uint_eq(m.flow->side[0].marked[0] + m.flow->side[0].gaps + m.flow->side[0].conflicts, 0);
    flow_made_end(&m);
}
END_TEST

/* A table that is full: the quietest goes, those that are over first; nobody is found twice. */
START_TEST(memory_has_a_bound)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    uint64_t over = 0, evicted = 0, most = 0;
    for (unsigned k = 0; k < 5000; k++) {
        m.port = (uint16_t)(1000 + k);
        say(&m, 0, 100, 1, "waits for what is before it");
        say(&m, 0, 200, 1, "and that too");
        ck_assert_ptr_nonnull(m.flow);
        ck_assert_uint_eq(m.flow->id, k + 1);
        most = flows_count(m.flows) > most ? flows_count(m.flows) : most;
        for (struct flow *f; (f = flows_over(m.flows)) != NULL; over++) {
            evicted += f->evicted;
            flows_give(m.flows, f);
        }
    }
    ck_assert_uint_lt(most, 1000);
    ck_assert_uint_eq(evicted, over);
    ck_assert_uint_eq(over + flows_count(m.flows), 5000);
    flow_made_end(&m);
}
END_TEST

/* Segments behind a hole that nobody fills: no more than the bound waits, then it is a gap. */
/* What the caller keeps for connections counts: of 1 MB half is theirs, so that 5 of 100,000 octets each may be. */
START_TEST(what_the_caller_holds_counts)
{
    struct flow_made m;
    unsigned over = 0;
    flow_made_start(&m, 1 << 20);
    for (unsigned i = 0; i < 100; i++) {
        m.port++;
        flow_made_open(&m, 7);
        flow_holds(m.flow, 1);
        flow_holds(m.flow, 100000);                   /* said again: it counts once */
        for (struct flow *f; (f = flows_over(m.flows)) != NULL; over++) {
            ck_assert(f->evicted);
            flows_give(m.flows, f);
        }
        ck_assert_uint_le(flows_count(m.flows), 6);
    }
    ck_assert_uint_ge(over, 94);
    flow_made_end(&m);
}
END_TEST

START_TEST(waiting_has_a_bound)
{
    struct flow_made m;
    static uint8_t text[1000];
    flow_made_start(&m, 8 << 20);
    flow_made_open(&m, 14);
    uint32_t seq = 100;
    for (; !flow_gap(m.flow, 0); seq += sizeof text) {
        ck_assert_uint_lt(seq, 2 << 20);
        flow_made_say(&m, (struct said){ .seq = seq, .ack = 1, .flags = TCP_ACK, .octets = text, .n = sizeof text });
    }
    ck_assert_uint_eq(flow_gap(m.flow, 0), 99);
    flow_skip(m.flow, 0);
    ck_assert_uint_eq(flow_peek(m.flow, 0).n, seq - 100);
    flow_made_end(&m);
}
END_TEST

/* RFC 7323 §2.3: a shift over 14 means 14. */
START_TEST(a_window_scale_beyond_all_bounds)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    flow_made_open(&m, 255);
    flow_made_say(&m, (struct said){ .seq = 1, .ack = 1, .flags = TCP_ACK, .window = 3 });
    ck_assert_uint_eq(m.flow->side[FLOW_CLIENT].window_scale, 14);
    ck_assert_uint_eq(m.flow->side[FLOW_CLIENT].window_last, 3u << 14);
    flow_made_end(&m);
}
END_TEST

/* Three texts, the first behind the others by more than the way takes: marked as sent again, as Wireshark does. Which it
 * was, the sender's clock says, or where that stood still (or there is none) its count of packets. */
static uint64_t overtaken(uint32_t clock, uint32_t late_clock, uint16_t id, uint16_t late_id)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    flow_made_open(&m, -1);
    flow_made_say(&m, (struct said){ .seq = 7, .ack = 1, .flags = TCP_ACK, .text = "second", .clock = clock, .id = id });
    flow_made_say(&m, (struct said){ .seq = 13, .ack = 1, .flags = TCP_ACK, .text = "third", .clock = clock,
                                     .id = (uint16_t)(id ? id + 1 : 0) });
    unsigned marks = flow_made_say(&m, (struct said){ .seq = 1, .ack = 1, .flags = TCP_ACK, .text = "first.", .after = 4 * MILLISECOND,
                                                      .clock = late_clock, .id = late_id });
    ck_assert_uint_eq(marks, FLOW_RETRANSMISSION);
    uint64_t n = m.flow->side[0].overtaken;
    ck_assert_uint_eq(m.flow->side[0].resent_times, !n);
    flow_made_reads(&m, 0, "first.secondthird");
    flow_made_end(&m);
    return n;
}

START_TEST(what_comes_late_was_sent_once)
{
    ck_assert_uint_eq(overtaken(1000, 999, 0, 0), 1);
    ck_assert_uint_eq(overtaken(1000, 1004, 0, 0), 0);
    ck_assert_uint_eq(overtaken(1000, 1004, 70, 69), 0);       /* each time of its own */
    ck_assert_uint_eq(overtaken(1000, 1000, 70, 69), 1);
    ck_assert_uint_eq(overtaken(1000, 1000, 70, 72), 0);
    ck_assert_uint_eq(overtaken(1000, 1000, 0, 0), 0);
    ck_assert_uint_eq(overtaken(1, UINT32_MAX, 0, 0), 1);
    ck_assert_uint_eq(overtaken(0, 0, 0, UINT16_MAX), 1);
    ck_assert_uint_eq(overtaken(0, 0, 70, 72), 0);
    ck_assert_uint_eq(overtaken(0, 0, 40000, 10000), 0);       /* drawn at random */
}
END_TEST

/* RFC 9293 §3.1: a receiver drops what its checksum says is damaged, and takes the copy that is sent again. */
START_TEST(what_was_damaged_is_not_taken)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    flow_made_open(&m, 7);
    flow_made_say(&m, (struct said){ .seq = 1, .ack = 1, .flags = TCP_ACK, .text = "good ", .sum = FLOW_SUM_RIGHT });
    flow_made_say(&m, (struct said){ .seq = 6, .ack = 1, .flags = TCP_ACK, .text = "bxtter", .sum = FLOW_SUM_WRONG });
    flow_made_say(&m, (struct said){ .seq = 6, .ack = 1, .flags = TCP_ACK, .text = "better", .sum = FLOW_SUM_RIGHT });
    flow_made_reads(&m, 0, "good better");
    ck_assert_uint_eq(m.flow->side[0].conflicts, 0);
    ck_assert_uint_eq(m.flow->side[0].sums_wrong, 1);
    flow_made_say(&m, (struct said){ .seq = 12, .ack = 1, .flags = TCP_ACK | TCP_RST, .sum = FLOW_SUM_WRONG });
    ck_assert_uint_eq(m.flow->side[0].rsts, 0);
    char several[1462];                               /* a card put segments together: nobody sent that sum */
    memset(several, 'x', sizeof several - 1);
    several[sizeof several - 1] = '\0';
    flow_made_say(&m, (struct said){ .seq = 12, .ack = 1, .flags = TCP_ACK, .text = several, .sum = FLOW_SUM_WRONG });
    flow_made_reads(&m, 0, several);
    m.port++;                                         /* a capture in which no sum is right: left to the card */
    flow_made_open(&m, 7);
    flow_made_say(&m, (struct said){ .seq = 1, .ack = 1, .flags = TCP_ACK, .text = "good ", .sum = FLOW_SUM_WRONG });
    flow_made_reads(&m, 0, "good ");
    flow_made_end(&m);
}
END_TEST

/* One octet that was lost before the capture, sent again behind an ACK that says more: its place is one before the
 * highest number, as a keep-alive's is, but nobody has acknowledged it yet. */
START_TEST(one_octet_sent_again_is_no_keep_alive)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    flow_made_open(&m, 7);
    say(&m, 0, 1, 1, "abc");
    say(&m, 1, 1, 4, "hi");
    say(&m, 0, 5, 3, "");                             /* "d" is missing */
    say(&m, 0, 4, 3, "d");
    for (unsigned k = 0; k < 5; k++)
        say(&m, 1, 3, 5, "");
    ck_assert_uint_eq(flow_gap(m.flow, 0), 0);
    flow_made_reads(&m, 0, "abcd");
    say(&m, 0, 4, 3, "X");                            /* this one is: what it brings is rubbish */
    flow_made_reads(&m, 0, "");
    ck_assert_uint_eq(m.flow->side[0].conflicts, 0);
    flow_made_end(&m);
}
END_TEST

/* A FIN far ahead is somebody else's: the connection's own counts. */
START_TEST(a_fin_from_nowhere)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    flow_made_open(&m, 7);
    say(&m, 0, 1, 1, "abc");
    flow_made_say(&m, (struct said){ .seq = 1u << 30, .ack = 1, .flags = TCP_ACK | TCP_FIN });
    flow_made_say(&m, (struct said){ .seq = 4, .ack = 1, .flags = TCP_ACK | TCP_FIN });
    flow_made_say(&m, (struct said){ .from = 1, .seq = 1, .ack = 5, .flags = TCP_ACK | TCP_FIN });
    say(&m, 0, 5, 2, "");
    flow_made_reads(&m, 0, "abc");
    ck_assert(flow_finished(m.flow, 0));
    flows_end(m.flows);
    struct flow *over = flows_over(m.flows);
    ck_assert_uint_eq(flow_gap(over, 0), 0);
    flows_give(m.flows, over);
    flow_made_end(&m);
}
END_TEST

/* What lies at hand grows over all that waits elsewhere: who was quiet for longest is ended for it. */
START_TEST(room_is_made_for_what_is_read)
{
    struct flow_made m;
    static uint8_t text[1400];
    flow_made_start(&m, 1 << 20);                     /* 512 KB wait at most */
    for (unsigned k = 0; k < 80; k++, m.port++)       /* they wait for nothing: ending them is of no use */
        flow_made_open(&m, 7);
    for (unsigned k = 0; k < 25; k++, m.port++) {
        flow_made_open(&m, 7);
        for (uint32_t n = 0; n < 8; n++)
            flow_made_say(&m, (struct said){ .seq = 101 + 2000 * n, .ack = 1, .flags = TCP_ACK, .octets = text, .n = sizeof text });
    }
    flow_made_open(&m, 7);
    uint32_t sent = 0;
    for (; sent < 100 * sizeof text; sent += sizeof text)
        flow_made_say(&m, (struct said){ .seq = 1 + sent, .ack = 1, .flags = TCP_ACK, .octets = text, .n = sizeof text });
    ck_assert_uint_eq(m.flow->side[0].text, sent);
    ck_assert_uint_ge(flows_count(m.flows), 81);
    flow_made_end(&m);
}
END_TEST

/* Half of all numbers away, before and behind are the same: a segment of which no octet was kept. */
START_TEST(as_far_as_can_be)
{
    for (uint32_t off = 0; off < 3; off++) {
        struct flow_made m;
        flow_made_start(&m, 1 << 20);
        flow_made_open(&m, 7);
        flow_made_say(&m, (struct said){ .seq = (1u << 31) + off, .ack = 1, .flags = TCP_ACK, .missing = 1 });
        say(&m, 0, 1, 1, "abc");
        flow_made_reads(&m, 0, "abc");
        flow_made_end(&m);
    }
}
END_TEST

/* As Wireshark counts: from the SYN, else the first octet seen is 1. */
START_TEST(numbers_are_counted_from_here)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    m.isn[0] = 1000, m.isn[1] = 2000;
    say(&m, 0, 50, 70, "abc");
    ck_assert_uint_eq(flow_base(m.flow, 0), 1049);
    ck_assert_uint_eq(flow_base(m.flow, 1), 2069);
    m.port++;
    flow_made_open(&m, 7);
    ck_assert_uint_eq(flow_base(m.flow, 0), 1000);
    ck_assert_uint_eq(flow_base(m.flow, 1), 2000);
    flow_made_end(&m);
}
END_TEST

/* Without an ACK nothing is acknowledged, whatever the numbers are. */
START_TEST(two_fins_without_acks)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    m.isn[0] = m.isn[1] = 0x90000000;
    flow_made_say(&m, (struct said){ .seq = 1, .flags = TCP_FIN });
    flow_made_say(&m, (struct said){ .from = 1, .seq = 1, .flags = TCP_FIN });
    m.port++;
    flow_made_say(&m, (struct said){ .flags = TCP_SYN, .after = FLOW_LINGER + SECOND });
    ck_assert_ptr_null(flows_over(m.flows));
    flow_made_end(&m);
}
END_TEST

START_TEST(more_than_4_gb_wait_for_an_answer)
{
    struct flow_made m;
    flow_made_start(&m, 1 << 20);
    flow_made_open(&m, 14);
    for (uint32_t k = 0; k < 4; k++) {
        flow_made_say(&m, (struct said){ .seq = 1 + (k << 30), .ack = 1, .flags = TCP_ACK, .missing = 1 << 30 });
        say(&m, 1, 1, 1 + ((k + 1) << 30), "");
    }
    say(&m, 0, 1, 1, "and ten mo");
    flow_made_say(&m, (struct said){ .from = 1, .seq = 1, .ack = 11, .flags = TCP_ACK, .text = "yes", .after = SECOND });
    ck_assert_uint_eq(m.flow->side[1].turn_text, (UINT64_C(4) << 30) + 10);
    flow_made_end(&m);
}
END_TEST

int main(void)
{
    return check_run("flow", (const TTest *[]){
        both_sides_are_read, it_may_begin_in_the_middle, the_syn_may_be_missing_or_carry_text_or_come_twice,
        text_beside_fin_and_behind_it, what_the_snaplen_cut_is_a_gap, an_injected_segment_conflicts, an_ack_of_nothing,
        one_direction_alone, more_than_4_gb, memory_has_a_bound, what_the_caller_holds_counts, waiting_has_a_bound,
        a_window_scale_beyond_all_bounds, what_comes_late_was_sent_once, what_was_damaged_is_not_taken,
        one_octet_sent_again_is_no_keep_alive, a_fin_from_nowhere, room_is_made_for_what_is_read, two_fins_without_acks, as_far_as_can_be,
        numbers_are_counted_from_here,         more_than_4_gb_wait_for_an_answer, NULL });
}
