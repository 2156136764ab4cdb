/* Text out of order, as a hostile or unlucky wire brings it, against the engine alone. */
#include "net/seq.h"
#include "net/tcp.h"
#include "tests/lib/check.h"

#include <string.h>

enum { MSS = 536, WINDOW = 500000, THEIRS = 5000, OURS = 1000 };

struct one { struct pool pool; struct tcp_config config; struct tcp tcp; nsec now; };

/* Established by an active open. */
static void start(struct one *o)
{
    memset(o, 0, sizeof *o);
    pool_start(&o->pool, 8 << 20);
    o->config = (struct tcp_config){
        .mss = MSS, .window = WINDOW, .syn_tries = 6, .data_tries = 15, .pool = &o->pool,
        .window_scaling = true };
    tcp_open(&o->tcp, &o->config, OURS, o->now);
    struct tcp_sending out;
    ck_assert(tcp_output(&o->tcp, &out, o->now));
    ck_assert(tcp_input(&o->tcp, &(struct tcp_segment){ .flags = TCP_SYN | TCP_ACK, .seq = THEIRS,
                                                        .ack = OURS + 1, .window = 65535, .mss = MSS,
                                                        .has_window_scale = true },
                        o->now));
    ck_assert_int_eq(o->tcp.state, TCP_ESTABLISHED);
}

static void end(struct one *o)
{
    tcp_free(&o->tcp);
    ck_assert_uint_eq(o->pool.used, 0);
    pool_end(&o->pool);
}

/* n octets from number `at` of the stream on. How far we acknowledge then. */
static uint32_t comes(struct one *o, uint32_t at, uint32_t n)
{
    static uint8_t text[WINDOW];
    struct tcp_sending out;
    uint32_t ack = o->tcp.rcv_nxt;
    for (uint32_t i = 0; i < n; i++)
        text[i] = (uint8_t)((at + i) % 251);
    ck_assert(tcp_input(&o->tcp, &(struct tcp_segment){ .flags = TCP_ACK, .seq = THEIRS + 1 + at,
                                                        .ack = OURS + 1, .window = 65535,
                                                        .text = { text, n } }, o->now));
    while (tcp_output(&o->tcp, &out, o->now))
        ack = out.segment.ack;
    return ack - (THEIRS + 1);
}

/* Else the peer repeats it for ever, and we drop it for ever: both wait. */
START_TEST(text_in_order_is_taken_when_all_pieces_are_in_use)
{
    struct one o;
    start(&o);
    for (uint32_t i = 0; i < 2 * TCP_EXTENTS; i++)    /* each second segment; more of them than we remember */
        ck_assert_uint_eq(comes(&o, (2 * i + 3) * 100, 100), 0);
    ck_assert_uint_eq(o.tcp.n_extents, TCP_EXTENTS);
    ck_assert_uint_eq(comes(&o, 0, 100), 100);        /* touches none of them */
    ck_assert_uint_eq(o.tcp.n_extents, TCP_EXTENTS);
    for (uint32_t at = 100; at < (4 * TCP_EXTENTS + 3) * 100; at += 100)
        comes(&o, at, 100);
    struct bytes all = ring_peek(&o.tcp.carrier.in);
    ck_assert_uint_eq(all.n, (4 * TCP_EXTENTS + 3) * 100);
    size_t right = 0;
    while (right < all.n && all.at[right] == right % 251)
        right++;
    ck_assert_uint_eq(right, all.n);
    ck_assert_uint_eq(o.tcp.n_extents, 0);
    end(&o);
}
END_TEST

int main(void)
{
    return check_run("tcp_pieces",
                     (const TTest *[]){ text_in_order_is_taken_when_all_pieces_are_in_use, NULL });
}
