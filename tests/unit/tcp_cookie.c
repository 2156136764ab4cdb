/* SYN cookies: what the SYN said comes back, to whoever heard the SYN-ACK, for two minutes; a guess does not. */
#include "net/tcp_cookie.h"
#include "tests/lib/check.h"

#include <string.h>

static const struct tcp_config config = { .mss = 1460, .window = 65535, .window_most = 1 << 20, .window_scaling = true,
                                          .timestamps = true, .sack = true };

static struct tcp_table table(void)
{
    struct tcp_table all = { 0 };
    memset(all.key, 7, sizeof all.key);
    return all;
}

static struct tcp_ends ends(uint8_t who)
{
    return (struct tcp_ends){ addr_v4(10, 0, 0, 1), addr_v4(10, 0, 0, who), 443, 5000 };
}

static struct tcp_segment ack_of(const struct tcp_segment *syn, const struct tcp_segment *answer)
{
    return (struct tcp_segment){ .source_port = 5000, .destination_port = 443, .flags = TCP_ACK, .seq = syn->seq + 1,
                                 .ack = answer->seq + 1, .has_timestamps = answer->has_timestamps,
                                 .ts_value = syn->ts_value + 9, .ts_echo_reply = answer->ts_value };
}

START_TEST(what_the_syn_said_comes_back)
{
    const struct tcp_table all = table();
    const struct tcp_ends e = ends(2);
    static const uint16_t said[][2] = { { 0, 536 }, { 20, 64 }, { 536, 536 }, { 1399, 1300 }, { 1460, 1460 }, { 9000, 1460 } };
    for (uint32_t i = 0; i < sizeof said / sizeof *said; i++)
        for (unsigned bits = 0; bits < 16; bits++) {
            struct tcp_segment syn = { .flags = bits & 1 ? TCP_SYN : TCP_SYN | TCP_ECE | TCP_CWR, .seq = 4000000000u + i,
                                       .mss = said[i][0], .has_timestamps = bits & 2, .ts_value = bits & 2 ? 77 : 0,
                                       .sack_permitted = bits & 4, .has_window_scale = bits & 8, .window_scale = 9 };
            struct tcp_segment answer = tcp_cookie_answer(&all, &config, &e, &syn, 1000 * SECOND), back;
            ck_assert_int_eq(answer.flags, TCP_SYN | TCP_ACK | (syn.has_timestamps ? syn.flags & TCP_ECE : 0));
            ck_assert_uint_eq(answer.ack, syn.seq + 1);
            struct tcp_segment ack = ack_of(&syn, &answer);
            ck_assert(tcp_cookie_check(&all, &e, &ack, 1001 * SECOND, &back));
            ck_assert_uint_eq(back.mss, said[i][1]);
            ck_assert_uint_eq(back.seq, syn.seq);
            ck_assert(back.has_timestamps == syn.has_timestamps);
            ck_assert(back.sack_permitted == (syn.has_timestamps && syn.sack_permitted));
            ck_assert(back.has_window_scale == (syn.has_timestamps && syn.has_window_scale));
            ck_assert(answer.has_window_scale == back.has_window_scale && answer.sack_permitted == back.sack_permitted);
            ck_assert(!back.has_window_scale || back.window_scale == 9);
            if (syn.has_timestamps)
                ck_assert_int_eq(back.flags, syn.flags);
        }
}
END_TEST

START_TEST(a_clock_that_does_not_go_forward)
{
    const struct tcp_table all = table();
    const struct tcp_ends e = ends(2);
    const struct tcp_segment syn = { .flags = TCP_SYN, .has_timestamps = true, .sack_permitted = true };
    for (nsec now = 0; now < 200 * MILLISECOND; now += MILLISECOND) {
        struct tcp_segment answer = tcp_cookie_answer(&all, &config, &e, &syn, now);
        uint32_t clock = (uint32_t)(now / MILLISECOND) + tcp_table_ts_offset(&all, &e);
        ck_assert_uint_lt(clock - answer.ts_value, 128);
    }
}
END_TEST

START_TEST(others_and_old_ones_do_not_count)
{
    const struct tcp_table all = table();
    const struct tcp_ends e = ends(2), other = ends(3);
    const struct tcp_segment syn = { .flags = TCP_SYN, .seq = 5, .mss = 1460 };
    nsec now = 640 * SECOND;
    struct tcp_segment answer = tcp_cookie_answer(&all, &config, &e, &syn, now), ack = ack_of(&syn, &answer), back;
    ck_assert(tcp_cookie_check(&all, &e, &ack, now + 127 * SECOND, &back));
    ck_assert(!tcp_cookie_check(&all, &e, &ack, now + 128 * SECOND, &back));
    ck_assert(!tcp_cookie_check(&all, &other, &ack, now, &back));
    unsigned guessed = 0;
    for (uint32_t i = 1; i < 100000; i++) {
        struct tcp_segment guess = ack;
        guess.ack += i * 2654435761u;
        guessed += tcp_cookie_check(&all, &e, &guess, now, &back);
    }
    ck_assert_uint_le(guessed, 1);
    ack.seq++;
    ck_assert(!tcp_cookie_check(&all, &e, &ack, now, &back));
}
END_TEST

int main(void)
{
    return check_run("tcp_cookie", (const TTest *[]){ what_the_syn_said_comes_back, a_clock_that_does_not_go_forward,
                                                      others_and_old_ones_do_not_count, NULL });
}
