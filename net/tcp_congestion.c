/* Congestion control: how many octets may be under way. Slow start and congestion avoidance (RFC 5681 §3.1),
 * fast retransmit and fast recovery (§3.2) in the NewReno form (RFC 6582), an initial window of ten segments
 * (RFC 6928). All in octets. */
#include "net/tcp_mtu.h"
#include "net/seq.h"

enum { INITIAL_SEGMENTS = 10, DUPLICATES = 3 };

static uint32_t initial_window(const struct tcp *t)
{
    uint32_t mss = t->mss, least = 2 * mss > 14600 ? 2 * mss : 14600;
    return INITIAL_SEGMENTS * mss < least ? INITIAL_SEGMENTS * mss : least;
}

/* At the moment the connection is established. RFC 5681 §3.1: after a SYN that was lost, one segment. (Their
 * SYN that came twice shows no loss: the wire may have doubled it.) */
void tcp_congestion_start(struct tcp *t)
{
    tcp_mtu_start(t);
    t->cwnd = t->fired_rto ? t->mss : initial_window(t);
    t->recover = t->iss;
}

/* RFC 3042: the first two duplicate ACKs each say that a segment has left the network, so that another may
 * enter it. */
uint32_t tcp_allowed(const struct tcp *t)
{
    unsigned limited = t->in_recovery || t->duplicate_acks >= DUPLICATES ? 0 : t->duplicate_acks;
    return t->cwnd + limited * t->mss;
}

/* RFC 5681 equation (4). */
static uint32_t half_flight(const struct tcp *t)
{
    uint32_t half = tcp_flight(t) / 2, least = 2u * t->mss;
    return half > least ? half : least;
}

static void grow(struct tcp *t, uint32_t acked)
{
    uint32_t mss = t->mss;
    uint32_t more = t->cwnd < t->ssthresh
                        ? (acked < mss ? acked : mss) /* slow start: doubles each round trip */
                        : mss * mss / t->cwnd;        /* avoidance: one segment each round trip */
    t->cwnd += more ? more : 1;
    if (t->cwnd > 16u * TCP_WINDOW_MOST)
        t->cwnd = 16u * TCP_WINDOW_MOST;              /* no window lets more be sent; and nothing overflows */
}

/* RFC 6582 §3.2, steps 3 to 5. */
void tcp_congestion_acked(struct tcp *t, uint32_t acked)
{
    t->duplicate_acks = 0;
    if (!t->in_recovery) {
        grow(t, acked);
    } else if (seq_before(t->snd_una, t->recover)) {  /* a partial ACK: the next hole begins at snd_una */
        t->cwnd -= acked < t->cwnd ? acked : t->cwnd;
        if (acked >= t->mss)
            t->cwnd += t->mss;
        if (t->cwnd < t->mss)
            t->cwnd = t->mss;
        tcp_resend(t, t->snd_una + t->mss, TCP_WHY_PARTIAL_ACK);
    } else {                                          /* all that was under way at the loss has arrived */
        uint32_t flight = tcp_flight(t) > t->mss ? tcp_flight(t) : t->mss;
        t->cwnd = t->ssthresh < flight + t->mss ? t->ssthresh : flight + t->mss;
        t->in_recovery = false;
    }
}

/* RFC 6582 §3.2, step 2: not for ACKs of what was sent before the last loss, which would shrink the window
 * twice. */
void tcp_congestion_duplicate(struct tcp *t)
{
    t->duplicate_acks++;
    if (t->in_recovery) {
        t->cwnd += t->mss;                            /* step 4: one more segment has left the network */
    } else if (t->duplicate_acks == DUPLICATES && tcp_mtu_lost(t)) {
        t->cwnd += t->mss;
        tcp_resend(t, t->mtu.probe_end, TCP_WHY_DUPLICATE_ACKS);
    } else if (t->duplicate_acks == DUPLICATES && seq_before(t->recover, t->snd_una)) {
        t->ssthresh = half_flight(t);
        t->cwnd = t->ssthresh + DUPLICATES * t->mss;
        t->recover = t->snd_nxt;
        t->in_recovery = true;
        tcp_resend(t, t->snd_una + t->mss, TCP_WHY_DUPLICATE_ACKS);
    }
}

/* RFC 5681 §3.1: a timeout shrinks the window to one segment. ssthresh is halved only when this is the first
 * one for these octets. */
void tcp_congestion_timeout(struct tcp *t)
{
    if (t->tries <= 1)
        t->ssthresh = half_flight(t);
    t->cwnd = t->mss;
    t->duplicate_acks = 0;
    t->in_recovery = false;
    t->recover = t->snd_nxt;                          /* RFC 6582 §4 */
}

/* RFC 5681 §4.1: after an idle time longer than the RTO nobody knows what the path carries. */
void tcp_congestion_idle(struct tcp *t, nsec now)
{
    if (t->snd_una == t->snd_nxt && now - t->last_sent > t->rto && t->cwnd > initial_window(t))
        t->cwnd = initial_window(t);
}
