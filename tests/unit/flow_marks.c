/* What a segment was, by Wireshark's rules: one made by hand for each mark, and those that come near and are none. The
 * same rules are held against tshark itself in tests/interop/flow_marks.sh. */
#include "tests/lib/check.h"
#include "tests/lib/flow_made.h"

enum { C = FLOW_CLIENT, S = FLOW_SERVER };
#define TEXT100 "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"

static struct flow_made m;

static void start(int scale)
{
    flow_made_start(&m, 1 << 20);
    flow_made_open(&m, scale);
}

static unsigned say(unsigned from, uint32_t seq, uint32_t ack, const char *text)
{
    return flow_made_say(&m, (struct said){ .from = from, .seq = seq, .ack = ack, .flags = TCP_ACK, .text = text });
}

static unsigned late(nsec after, unsigned from, uint32_t seq, uint32_t ack, const char *text)
{
    return flow_made_say(&m, (struct said){ .from = from, .seq = seq, .ack = ack, .flags = TCP_ACK, .text = text,
                                            .after = after });
}

static unsigned window(unsigned from, uint32_t seq, uint32_t ack, uint16_t w)
{
    return flow_made_say(&m, (struct said){ .from = from, .seq = seq, .ack = ack, .flags = TCP_ACK, .window = w,
                                            .closed = w == 0 });
}

START_TEST(names)
{
    ck_assert_str_eq(flow_mark_name(0), "retransmission");
    ck_assert_str_eq(flow_mark_name(FLOW_MARKS - 1), "reused_ports");
    ck_assert_str_eq(flow_mark_name(FLOW_MARKS), "");
}
END_TEST

START_TEST(lost_then_sent_again)
{
    start(7);
    ck_assert_uint_eq(say(C, 1, 1, TEXT100), 0);
    ck_assert_uint_eq(say(C, 201, 1, TEXT100), FLOW_LOST_SEGMENT);
    ck_assert_uint_eq(say(S, 1, 101, ""), 0);
    ck_assert_uint_eq(late(300 * MILLISECOND, C, 101, 1, TEXT100), FLOW_RETRANSMISSION);
    ck_assert_uint_eq(say(S, 1, 301, ""), 0);
    ck_assert_uint_eq(late(SECOND, C, 101, 1, TEXT100), FLOW_RETRANSMISSION | FLOW_SPURIOUS);
    ck_assert_uint_eq(m.flow->side[C].marked[0], 2);
    ck_assert_uint_eq(m.flow->side[C].first_marked[0].packet, 7);
    ck_assert_uint_eq(m.flow->side[C].resent_times, 2);
    flow_made_end(&m);
}
END_TEST

/* The RTT of the handshake is 2 us here: what comes within it is late, what comes later was sent again. */
START_TEST(out_of_order_is_what_is_late_by_less_than_an_rtt)
{
    start(7);
    say(C, 1, 1, TEXT100);
    say(C, 201, 1, TEXT100);
    ck_assert_uint_eq(say(C, 101, 1, TEXT100), FLOW_OUT_OF_ORDER);
    say(C, 401, 1, TEXT100);
    ck_assert_uint_eq(late(3 * MICROSECOND, C, 301, 1, TEXT100), FLOW_RETRANSMISSION);
    flow_made_end(&m);
    flow_made_start(&m, 1 << 20);                     /* no handshake: 3 ms */
    say(C, 1, 1, TEXT100);
    say(C, 201, 1, TEXT100);
    ck_assert_uint_eq(late(2 * MILLISECOND, C, 101, 1, TEXT100), FLOW_OUT_OF_ORDER);
    say(C, 401, 1, TEXT100);
    ck_assert_uint_eq(late(3 * MILLISECOND, C, 301, 1, TEXT100), FLOW_RETRANSMISSION);
    ck_assert(m.flow->guessed && !m.flow->whole && m.flow->one_sided && m.side == FLOW_CLIENT);
    flow_made_end(&m);
}
END_TEST

START_TEST(fast_retransmission_follows_two_duplicate_acks_within_20_ms)
{
    start(7);
    say(C, 1, 1, TEXT100);
    say(S, 1, 1, "");                                 /* the handshake's ACK was this, too: a duplicate */
    say(C, 101, 1, TEXT100);
    ck_assert_uint_eq(say(S, 1, 1, ""), FLOW_DUPLICATE_ACK);
    ck_assert_uint_eq(say(S, 1, 1, ""), FLOW_DUPLICATE_ACK);
    ck_assert_uint_eq(late(19 * MILLISECOND, C, 1, 1, TEXT100), FLOW_RETRANSMISSION | FLOW_FAST_RETRANSMISSION);
    ck_assert_uint_eq(late(21 * MILLISECOND, C, 1, 1, TEXT100), FLOW_RETRANSMISSION);
    flow_made_end(&m);
}
END_TEST

/* Odd, but Wireshark's: who was acknowledged unseen counts as one that sent many duplicate ACKs. */
START_TEST(acked_unseen_is_as_many_duplicate_acks)
{
    start(7);
    say(C, 1, 1, TEXT100);
    ck_assert_uint_eq(say(C, 101, 500, ""), FLOW_ACK_LOST);
    ck_assert_uint_eq(say(C, 1, 500, TEXT100), FLOW_RETRANSMISSION | FLOW_FAST_RETRANSMISSION);
    flow_made_end(&m);
}
END_TEST

START_TEST(acks_of_what_was_not_seen)
{
    start(7);
    say(C, 1, 1, TEXT100);
    ck_assert_uint_eq(say(S, 1, 301, ""), FLOW_ACK_LOST);
    ck_assert_uint_eq(say(S, 1, 301, ""), FLOW_DUPLICATE_ACK);
    ck_assert_uint_eq(say(C, 301, 1, TEXT100), FLOW_LOST_SEGMENT);
    ck_assert_uint_eq(flow_gap(m.flow, C), 0);
    ck_assert_uint_eq(say(S, 1, 401, ""), FLOW_ACK_LOST);
    ck_assert_uint_eq(flow_gap(m.flow, C), 0);        /* it may still come */
    ck_assert_uint_eq(late(FLOW_LATE + 1, S, 1, 401, ""), FLOW_DUPLICATE_ACK);
    ck_assert_uint_eq(flow_gap(m.flow, C), 200);
    flow_made_reads(&m, C, TEXT100);
    flow_skip(m.flow, C);
    flow_made_reads(&m, C, TEXT100);
    ck_assert_uint_eq(m.flow->side[C].gap_octets, 200);
    flow_made_end(&m);
}
END_TEST

START_TEST(windows)
{
    start(2);
    ck_assert_uint_eq(window(S, 1, 1, 25), FLOW_WINDOW_UPDATE);     /* 100 octets */
    ck_assert_uint_eq(say(C, 1, 1, TEXT100), FLOW_WINDOW_FULL);
    ck_assert_uint_eq(window(S, 1, 101, 0), FLOW_ZERO_WINDOW);
    ck_assert_uint_eq(late(SECOND, C, 101, 1, "x"), FLOW_ZERO_WINDOW_PROBE);
    ck_assert_uint_eq(window(S, 1, 101, 0), FLOW_ZERO_WINDOW | FLOW_ZERO_WINDOW_PROBE_ACK);
    ck_assert_uint_eq(late(SECOND, C, 100, 1, ""), FLOW_KEEP_ALIVE);
    ck_assert_uint_eq(window(S, 1, 101, 0), FLOW_ZERO_WINDOW);
    ck_assert_uint_eq(window(S, 1, 101, 500), FLOW_WINDOW_UPDATE);
    ck_assert_uint_eq(say(C, 101, 1, "xyz"), 0);
    const struct flow_side *s = &m.flow->side[S];
    ck_assert_uint_eq(s->window_least, 0);
    ck_assert_uint_eq(s->window_most, 2000);
    ck_assert_int_eq(s->zero_longest, 2 * SECOND + 3 * MICROSECOND);
    ck_assert(!s->zero_still && s->zero_from.packet == 6);
    flow_made_reads(&m, C, TEXT100 "xyz");
    flow_made_end(&m);
}
END_TEST

START_TEST(keep_alives)
{
    start(7);
    say(C, 1, 1, TEXT100);
    say(S, 1, 101, "");
    ck_assert_uint_eq(late(60 * SECOND, C, 100, 1, "?"), FLOW_KEEP_ALIVE);      /* rubbish in it harms nobody */
    ck_assert_uint_eq(say(S, 1, 101, ""), FLOW_KEEP_ALIVE_ACK);
    ck_assert_uint_eq(late(60 * SECOND, S, 0, 101, ""), FLOW_KEEP_ALIVE);
    ck_assert_uint_eq(m.flow->side[C].conflicts, 0);
    flow_made_reads(&m, C, TEXT100);
    flow_made_end(&m);
}
END_TEST

START_TEST(the_same_ports_again)
{
    start(7);
    flow_made_say(&m, (struct said){ .from = S, .seq = 1, .ack = 1, .flags = TCP_RST | TCP_ACK });
    ck_assert_uint_eq(flow_made_say(&m, (struct said){ .seq = 0, .flags = TCP_SYN }), FLOW_RETRANSMISSION);
    ck_assert_uint_eq(m.flow->id, 1);                 /* the same SYN is the same connection */
    ck_assert_uint_eq(flow_made_say(&m, (struct said){ .seq = 5000, .flags = TCP_SYN }), FLOW_REUSED_PORTS);
    ck_assert_uint_eq(m.flow->id, 2);
    ck_assert(m.flow->reused);
    struct flow *over = flows_over(m.flows);
    ck_assert(over && over->id == 1);
    flows_give(m.flows, over);
    flow_made_end(&m);
}
END_TEST

static unsigned syn(unsigned from, uint32_t seq, nsec after)
{
    return flow_made_say(&m, (struct said){ .from = from, .seq = seq, .flags = TCP_SYN, .after = after, .mss = 1400 });
}

/* RFC 9293 §3.10.7.4: it gets a challenge ACK and changes nothing, whoever sent it and whatever its number. */
START_TEST(a_syn_in_the_middle_changes_nothing)
{
    static const uint32_t numbers[] = { 50, 101, 5000, 1u << 31, (uint32_t)-7 };
    for (unsigned from = 0; from < 2; from++)
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            start(7);
            say(C, 1, 1, TEXT100);
            flow_made_reads(&m, C, TEXT100);
            ck_assert_uint_eq(syn(from, numbers[k], 0), 0);
            ck_assert_uint_eq(syn(from, numbers[k], SECOND), 0);
            say(!from, from ? 101 : 1, from ? 1 : 101, "");            /* the challenge */
            ck_assert_uint_eq(say(S, 1, 101, TEXT100), 0);
            ck_assert_uint_eq(say(C, 101, 101, "more"), 0);
            ck_assert_uint_eq(m.flow->id, 1);
            flow_made_reads(&m, S, TEXT100);
            flow_made_reads(&m, C, "more");
            ck_assert_uint_eq(m.flow->side[from].stray_syns, 2);
            ck_assert_uint_eq(m.flow->side[from].first_stray_syn.packet, 5);
            ck_assert_uint_eq(m.flow->side[!from].stray_syns, 0);
            ck_assert_ptr_null(flows_over(m.flows));
            flow_made_end(&m);
        }
}
END_TEST

/* The other end takes it up: then the ports are used again, though nobody saw the end of the old connection. */
START_TEST(a_syn_that_is_answered_begins_another)
{
    static const struct said answers[] = {
        { .from = S, .seq = 9000, .ack = 5001, .flags = TCP_SYN | TCP_ACK },
        { .from = S, .ack = 5001, .flags = TCP_RST | TCP_ACK },
    };
    for (size_t k = 0; k < sizeof answers / sizeof *answers; k++) {
        start(7);
        say(C, 1, 1, TEXT100);
        ck_assert_uint_eq(syn(C, 5000, 0), 0);
        ck_assert_uint_eq(m.flow->id, 1);
        flow_made_say(&m, answers[k]);
        ck_assert_uint_eq(m.flow->id, 2);
        ck_assert_uint_eq(m.side, S);
        const struct flow_side *c = &m.flow->side[C];
        ck_assert(m.flow->whole && m.flow->reused && c->isn_known && c->syn.packet == 5 && c->mss == 1400);
        ck_assert_uint_eq(c->marked[14], 1);          /* reused_ports */
        struct flow *over = flows_over(m.flows);
        ck_assert(over && over->id == 1 && over->side[C].stray_syns == 0 && over->side[C].packets == 3);
        flows_give(m.flows, over);
        flow_made_end(&m);
    }
    start(7);                                         /* the SYN-ACK is not in the capture: an ACK far from the old ones */
    say(C, 1, 1, TEXT100);
    syn(C, 1u << 30, 0);
    flow_made_say(&m, (struct said){ .from = S, .seq = 77, .ack = (1u << 30) + 1 + 300, .flags = TCP_ACK });
    ck_assert_uint_eq(m.flow->id, 2);
    flow_made_end(&m);
}
END_TEST

/* Where it cannot be a living connection any more, nobody waits for an answer. */
START_TEST(a_syn_behind_the_end_begins_another_at_once)
{
    start(7);
    flow_made_say(&m, (struct said){ .from = C, .seq = 1, .ack = 1, .flags = TCP_FIN | TCP_ACK });
    ck_assert_uint_eq(syn(C, 5000, 0), FLOW_REUSED_PORTS);
    ck_assert_uint_eq(m.flow->id, 2);
    flow_made_end(&m);
    start(7);
    ck_assert_uint_eq(syn(C, 5000, FLOW_LINGER + SECOND), FLOW_REUSED_PORTS);
    ck_assert_uint_eq(m.flow->id, 2);
    flow_made_end(&m);
}
END_TEST

START_TEST(resets_and_their_marks)
{
    start(7);
    say(S, 1, 1, TEXT100);
    flow_made_say(&m, (struct said){ .from = S, .seq = 101, .flags = TCP_RST, .hops = 200, .window = 77 });
    const struct flow_side *s = &m.flow->side[S];
    ck_assert(s->rst_fits && !s->rst_has_ack && s->hops_rst == 200 && s->hops_first == 64 && s->window_rst == 77);
    ck_assert(s->hops_most == 64 && !s->after_rst.packet);
    say(S, 101, 1, TEXT100);                          /* it lives: that RST was not its own */
    ck_assert_uint_eq(s->after_rst.packet, 6);
    flow_made_reads(&m, S, TEXT100 TEXT100);
    flow_made_say(&m, (struct said){ .from = S, .seq = 9999, .flags = TCP_RST });
    ck_assert(s->rst_fits && s->rsts == 2);           /* of the first */
    flow_made_end(&m);
    flow_made_start(&m, 1 << 20);
    flow_made_say(&m, (struct said){ .flags = TCP_SYN });
    flow_made_say(&m, (struct said){ .from = S, .ack = 1, .flags = TCP_RST | TCP_ACK });
    ck_assert(m.flow->side[S].rst_fits && m.flow->side[S].rst_has_ack && !m.flow->one_sided);     /* refused */
    flow_made_end(&m);
}
END_TEST

/* A segment that is too long for the way: again and again, never acknowledged. */
START_TEST(a_segment_that_never_arrives)
{
    start(7);
    say(C, 1, 1, TEXT100);
    for (unsigned k = 0; k < 5; k++)
        late(SECOND << k, C, 1, 1, TEXT100);
    const struct flow_side *s = &m.flow->side[C];
    ck_assert_uint_eq(s->resent_most, 5);
    ck_assert_uint_eq(s->resent_size, 100);
    ck_assert_uint_eq(s->resent_seq, 1);
    ck_assert_uint_eq(s->resent_first.packet, 5);
    ck_assert(!s->resent_acked);
    say(S, 1, 101, "");
    ck_assert(s->resent_acked);
    ck_assert_uint_eq(m.flow->rtts[C], 0);            /* whose ACK that was is not known */
    flow_made_end(&m);
}
END_TEST

START_TEST(times)
{
    start(7);
    ck_assert_int_eq(m.flow->rtt_syn, 2 * MICROSECOND);
    say(C, 1, 1, TEXT100);
    late(30 * MILLISECOND, S, 1, 101, "");
    ck_assert_uint_eq(m.flow->rtts[C], 1);
    ck_assert_int_eq(m.flow->rtt_sum[C], 30 * MILLISECOND);
    late(2 * SECOND, S, 1, 101, TEXT100);
    ck_assert_int_eq(m.flow->side[S].turn_most, 2 * SECOND + 30 * MILLISECOND);
    ck_assert_uint_eq(m.flow->side[S].turn_from.packet, 4);
    ck_assert_uint_eq(m.flow->side[S].turn_to.packet, 6);
    late(10 * MILLISECOND, C, 101, 101, "");
    ck_assert_int_eq(m.flow->rtt_least, 10 * MILLISECOND);
    ck_assert_int_eq(m.flow->rtt_most, 30 * MILLISECOND);
    flow_made_end(&m);
}
END_TEST

/* tcpdump -i any: each packet twice. Marked as Wireshark does, and known as the same. */
START_TEST(each_packet_twice)
{
    struct said hello = { .seq = 1, .ack = 1, .flags = TCP_ACK, .text = TEXT100, .id = 7 };
    start(7);
    flow_made_say(&m, hello);
    hello.after = 20 * MICROSECOND;
    ck_assert_uint_eq(flow_made_say(&m, hello), FLOW_RETRANSMISSION);
    ck_assert_uint_eq(m.flow->side[C].captured_twice, 1);
    ck_assert_uint_eq(m.flow->side[C].resent_times, 0);
    hello.id = 8, hello.after = 300 * MILLISECOND;
    ck_assert_uint_eq(flow_made_say(&m, hello), FLOW_RETRANSMISSION);
    ck_assert_uint_eq(m.flow->side[C].captured_twice, 1);
    ck_assert_uint_eq(m.flow->side[C].resent_times, 1);
    flow_made_end(&m);
}
END_TEST

/* In a capture of two machines, or across a clock that was set: no time at all is better than one below zero. */
START_TEST(a_clock_that_jumps_gives_no_round_trip)
{
    flow_made_start(&m, 1 << 20);
    flow_made_say(&m, (struct said){ .flags = TCP_SYN, .after = 9 * SECOND });
    flow_made_say(&m, (struct said){ .from = S, .ack = 1, .flags = TCP_SYN | TCP_ACK });
    flow_made_say(&m, (struct said){ .seq = 1, .ack = 1, .flags = TCP_ACK, .after = -5 * SECOND });
    ck_assert_int_eq(m.flow->rtt_syn, 0);
    say(C, 1, 1, TEXT100);
    late(3600 * SECOND, S, 1, 101, "");
    ck_assert_uint_eq(m.flow->rtts[C], 0);
    flow_made_end(&m);
}
END_TEST

int main(void)
{
    return check_run("flow_marks", (const TTest *[]){
        names, lost_then_sent_again, out_of_order_is_what_is_late_by_less_than_an_rtt,
        fast_retransmission_follows_two_duplicate_acks_within_20_ms, acked_unseen_is_as_many_duplicate_acks,
        acks_of_what_was_not_seen, windows, keep_alives,
        the_same_ports_again, a_syn_in_the_middle_changes_nothing,
        a_syn_that_is_answered_begins_another, a_syn_behind_the_end_begins_another_at_once, resets_and_their_marks,
        a_segment_that_never_arrives, times, each_packet_twice,
        a_clock_that_jumps_gives_no_round_trip, NULL });
}
