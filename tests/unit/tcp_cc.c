/* Congestion control by itself: the curve of CUBIC, HyStart++, Reno, and the time-out from round trips. */
#include "tests/lib/check.h"

#include "net/tcp.h"

#include <stdlib.h>

static const struct tcp_config config = { .mss = 1460, .window = 65536, .rto_least = 200 * MILLISECOND };

static struct tcp connection(const struct tcp_cc *cc, uint32_t segments)
{
    return (struct tcp){ .config = &config, .cc = cc, .mss = 1000, .cwnd = segments * 1000, .ssthresh = UINT32_MAX,
                         .cwnd_limited = true, .rto = SECOND };
}

START_TEST(cube_roots)
{
    ck_assert_uint_eq(tcp_cube_root(0), 0);
    ck_assert_uint_eq(tcp_cube_root(7), 1);
    ck_assert_uint_eq(tcp_cube_root(8), 2);
    ck_assert_uint_eq(tcp_cube_root(1000000000000u), 10000);
    ck_assert_uint_eq(tcp_cube_root(UINT64_MAX), 2642245);
    for (uint64_t r = 1; r < 2642245; r += 9973) {
        ck_assert_uint_eq(tcp_cube_root(r * r * r), r);
        ck_assert_uint_eq(tcp_cube_root(r * r * r - 1), r - 1);
    }
}
END_TEST

/* RFC 9438 §4.2: a window of 100 segments falls to 70 and is back after K = cube root of (30 / 0.4) = 4.217 s. */
START_TEST(the_curve_comes_back_after_k)
{
    struct tcp t = connection(&tcp_cubic, 100);
    t.ssthresh = tcp_cubic.ssthresh(&t);
    ck_assert_uint_eq(t.ssthresh, 70000);
    t.cwnd = t.ssthresh;
    nsec now = 100 * SECOND, began = now;
    tcp_cubic.acked(&t, 1, now);
    ck_assert_uint_eq(t.cubic.w_max, 100000);
    ck_assert_uint_eq(t.cubic.k_ms, 4217);
    ck_assert_uint_eq(tcp_cubic_window(&t.cubic, 1000, 0), 100000 - 29996);
    ck_assert_uint_eq(tcp_cubic_window(&t.cubic, 1000, 4217), 100000);
    ck_assert_uint_eq(tcp_cubic_window(&t.cubic, 1000, 2 * 4217), 100000 + 29996);
    t.srtt = t.rack.min_rtt = 100 * MILLISECOND;
    uint32_t at_k = 0;
    while (now < began + 8 * SECOND) {                /* a window of ACKs each round trip */
        now += t.srtt;
        for (uint32_t left = t.cwnd / 1000; left; left--)
            tcp_cubic.acked(&t, 1000, now);
        if (!at_k && now - began >= 4217 * MILLISECOND)
            at_k = t.cwnd;
    }
    ck_assert_uint_ge(at_k, 98000);
    ck_assert_uint_le(at_k, 102000);                  /* counted in whole segments: a little early */
    ck_assert_uint_ge(t.cwnd, 118000);                /* 0.4 * 3.783^3 = 21.6 above */
    ck_assert_uint_le(t.cwnd, 126000);
}
END_TEST

/* §4.3: on a short way Reno would be faster, so CUBIC is as fast as Reno: 9/17 segments a round trip, up to where it had
 * been (20 segments, after 12 of them); then a whole one. */
START_TEST(cubic_is_no_slower_than_reno)
{
    struct tcp t = connection(&tcp_cubic, 20);
    t.cwnd = t.ssthresh = tcp_cubic.ssthresh(&t);
    t.srtt = t.rack.min_rtt = MILLISECOND;
    nsec now = SECOND;
    for (unsigned round = 0; round < 17; round++, now += t.srtt)
        for (uint32_t left = t.cwnd / 1000; left; left--)
            tcp_cubic.acked(&t, 1000, now);
    ck_assert_uint_ge(t.cwnd, 24500);
    ck_assert_uint_le(t.cwnd, 25500);
}
END_TEST

/* §4.7: who did not get as far as last time leaves room. */
START_TEST(fast_convergence)
{
    struct tcp t = connection(&tcp_cubic, 100);
    tcp_cubic.ssthresh(&t);
    ck_assert_uint_eq(t.cubic.w_max, 100000);
    t.cwnd = 80000;
    tcp_cubic.ssthresh(&t);
    ck_assert_uint_eq(t.cubic.w_max, 68000);
}
END_TEST

START_TEST(reno_grows_by_one_a_round)
{
    struct tcp t = connection(&tcp_reno, 10);
    tcp_congestion_acked(&t, 10000, 0);
    ck_assert_uint_eq(t.cwnd, 20000);                 /* slow start: doubled */
    t.ssthresh = tcp_reno.ssthresh(&t);
    ck_assert_uint_eq(t.ssthresh, 10000);
    t.cwnd = 10000;
    for (unsigned i = 0; i < 10; i++)
        tcp_congestion_acked(&t, 1000, 0);
    ck_assert_uint_eq(t.cwnd, 11000);
    t.cwnd_limited = false;
    tcp_congestion_acked(&t, 100000, 0);
    ck_assert_uint_eq(t.cwnd, 11000);                 /* not in use: it says nothing of the way */
}
END_TEST

/* Rounds of 16 ACKs, whose round trips grow after `calm` rounds: where does slow start end? */
static struct tcp slow_start(unsigned calm, nsec grown, unsigned rounds)
{
    struct tcp t = connection(&tcp_cubic, 10);
    for (unsigned round = 0; round < rounds; round++) {
        t.snd_nxt += 16000;
        for (unsigned i = 0; i < 16; i++) {
            t.snd_una += 1000;
            tcp_hystart_sample(&t, 50 * MILLISECOND + (round < calm ? 0 : grown));
            tcp_slow_start(&t, 1000);
        }
    }
    return t;
}

START_TEST(hystart_ends_slow_start_when_the_round_trip_grows)
{
    struct tcp calm = slow_start(20, 0, 20), grown = slow_start(3, 10 * MILLISECOND, 20);
    struct tcp little = slow_start(3, MILLISECOND, 20);
    ck_assert_uint_eq(calm.ssthresh, UINT32_MAX);
    ck_assert_uint_eq(little.ssthresh, UINT32_MAX);
    ck_assert_uint_lt(grown.ssthresh, calm.cwnd / 2);
    ck_assert_uint_gt(grown.ssthresh, 10000 + 4 * 16000);          /* five rounds at a quarter of the speed come first */
}
END_TEST

/* RFC 6298 §2, with Linux's floor: 200 ms more than the smoothed round trip. */
START_TEST(the_time_out_follows_round_trips)
{
    struct tcp t = connection(&tcp_reno, 10);
    for (unsigned i = 0; i < 100; i++, t.snd_una += 1000, t.snd_nxt = t.snd_una + 10000)
        tcp_rtt_sample(&t, 100 * MILLISECOND);
    ck_assert(llabs(t.srtt - 100 * MILLISECOND) < MICROSECOND);
    ck_assert(llabs(t.rto - 300 * MILLISECOND) < MILLISECOND);
    tcp_rtt_sample(&t, 900 * MILLISECOND);            /* once far off: it rises at once */
    ck_assert_int_gt(t.rto, 900 * MILLISECOND);
    nsec high = t.rto;
    for (unsigned i = 0; i < 200; i++, t.snd_una += 1000, t.snd_nxt = t.snd_una + 10000)
        tcp_rtt_sample(&t, 100 * MILLISECOND);
    ck_assert_int_lt(t.rto, high / 2);
    ck_assert_int_ge(t.rto, 300 * MILLISECOND - MILLISECOND);
    tcp_rtt_sample(&t, 0);
    ck_assert_int_ge(t.srtt, 1);
}
END_TEST

/* RFC 5681 §4.1, RFC 2861: after a silence cwnd halves each RTO, not below the initial window. */
START_TEST(silence_shrinks_the_window)
{
    struct tcp t = connection(&tcp_reno, 80);
    t.last_sent = SECOND;
    t.rto = 300 * MILLISECOND;
    tcp_congestion_idle(&t, SECOND + 200 * MILLISECOND);
    ck_assert_uint_eq(t.cwnd, 80000);
    t.last_sent = SECOND;
    tcp_congestion_idle(&t, SECOND + 700 * MILLISECOND);
    ck_assert_uint_eq(t.cwnd, 20000);
    t.last_sent = SECOND;
    tcp_congestion_idle(&t, 100 * SECOND);
    ck_assert_uint_eq(t.cwnd, 10000);
}
END_TEST

int main(void)
{
    return check_run("tcp_cc", (const TTest *[]){
        cube_roots, the_curve_comes_back_after_k, cubic_is_no_slower_than_reno, fast_convergence, reno_grows_by_one_a_round,
        hystart_ends_slow_start_when_the_round_trip_grows, the_time_out_follows_round_trips, silence_shrinks_the_window,
        NULL });
}
