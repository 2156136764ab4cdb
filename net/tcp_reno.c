/* Reno, RFC 5681: one segment more each round trip, half at a loss. */
#include "net/tcp.h"

static void acked(struct tcp *t, uint32_t n, nsec now)
{
    (void)now;
    n = tcp_slow_start(t, n);
    if (n)
        tcp_grow_by_count(t, n, t->cwnd);
}

/* §3.1, equation (4), by cwnd: it never grows when it is not in use, so it stands for what was in flight when the
 * lost one was sent; by now less may be. */
static uint32_t ssthresh(struct tcp *t)
{
    uint32_t half = t->cwnd / 2, least = 2u * t->mss;
    return half > least ? half : least;
}

const struct tcp_cc tcp_reno = { .name = "reno", .rfc = "RFC 5681", .acked = acked, .ssthresh = ssthresh };
