/* How much text leaves in one piece, where something below cuts it into segments. */
#include "tests/lib/check.h"

#include "net/tcp.h"

static struct tcp_config config;
static struct tcp tcp;

static void start(uint32_t chunk, unsigned cwnd, nsec srtt)
{
    config = (struct tcp_config){ .chunk = chunk };
    tcp = (struct tcp){ .config = &config, .mss = 1000, .cwnd = cwnd * 1000, .ssthresh = UINT32_MAX, .srtt = srtt };
}

START_TEST(without_anybody_who_cuts_one_segment_goes)
{
    start(0, 100, MILLISECOND);
    ck_assert_uint_eq(tcp_burst(&tcp, 1000), 1000);
}
END_TEST

START_TEST(a_long_way_gets_what_a_millisecond_of_it_carries)
{
    start(65000, 10, 100 * MILLISECOND);
    ck_assert_uint_eq(tcp_burst(&tcp, 1000), 2000);   /* two at least */
    config.least_burst = 4;
    ck_assert_uint_eq(tcp_burst(&tcp, 1000), 4000);
    start(65000, 1000, 100 * MILLISECOND);            /* 2 MB each 100 ms: 19 KB each 1/1024 s */
    ck_assert_uint_eq(tcp_burst(&tcp, 1000), 19000);
}
END_TEST

START_TEST(a_short_way_gets_much_but_not_more_than_half_the_window)
{
    start(65000, 1000, 100 * MICROSECOND);
    ck_assert_uint_eq(tcp_burst(&tcp, 1000), 65000);
    tcp.cwnd = 10000;
    ck_assert_uint_eq(tcp_burst(&tcp, 1000), 5000);
    tcp.cwnd = 1000;
    ck_assert_uint_eq(tcp_burst(&tcp, 1000), 1000);
}
END_TEST

int main(void)
{
    return check_run("tcp_burst", (const TTest *[]){
        without_anybody_who_cuts_one_segment_goes, a_long_way_gets_what_a_millisecond_of_it_carries,
        a_short_way_gets_much_but_not_more_than_half_the_window, NULL });
}
