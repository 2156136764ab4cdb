/* How much text leaves in one piece, where somebody below us cuts it into segments (tcp_config.chunk). No RFC says;
 * this is what Linux does, so that a burst loads no queue on the way by more than a millisecond. */
#include "net/tcp.h"

enum { BURST_LEAST = 2, BURST_MOST = 65536, SHORT_WAY = 32 };

/* What goes in 1/1024 s, at twice the rate of a window each round trip in slow start, later at 1.2 times. */
static uint64_t paced(const struct tcp *t)
{
    if (t->srtt == 0)
        return BURST_MOST;
    uint64_t share = t->cwnd < t->ssthresh / 2 ? 200 : 120;
    return t->cwnd * share / 100 * (SECOND >> 10) / (uint64_t)t->srtt;
}

/* On a short way (below 16 ms, more the shorter it is) a large burst is soon through. */
static uint64_t short_way(const struct tcp *t)
{
    uint64_t shift = (uint64_t)(t->srtt / MICROSECOND) >> 9;
    return shift < SHORT_WAY ? (uint64_t)BURST_MOST >> shift : 0;
}

/* Never more than half of the congestion window: the ACKs of one half come while the other goes. */
uint32_t tcp_burst(const struct tcp *t, uint32_t segment)
{
    uint32_t chunk = t->config->chunk, least = t->config->least_burst ? t->config->least_burst : BURST_LEAST;
    if (chunk < 2 * segment)
        return segment;
    uint64_t n = (paced(t) + short_way(t)) / segment;
    uint64_t half = t->cwnd / segment / 2, most = chunk / segment;
    n = n > least ? n : least;
    n = n < half ? n : half;
    n = n < most ? n : most;
    return n > 1 ? (uint32_t)n * segment : segment;
}
