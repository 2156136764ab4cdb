/* Congestion control, what is the same for all kinds: the window at the start (RFC 6928), slow start (RFC 5681 §3.1),
 * when cwnd may grow at all (RFC 7661 in Linux's form), and what an idle time does to it. All in octets. */
#include "net/tcp_mtu.h"
#include "net/seq.h"

enum { INITIAL_SEGMENTS = 10, CWND_MOST = 1 << 30 };

static uint32_t initial_window(const struct tcp *t)
{
    uint32_t mss = t->mss, least = 2 * mss > 14600 ? 2 * mss : 14600;
    if (t->config->initial_window)
        return t->config->initial_window * mss;
    return INITIAL_SEGMENTS * mss < least ? INITIAL_SEGMENTS * mss : least;
}

/* At the moment the connection is established. RFC 5681 §3.1: after a SYN that was lost, one segment. (Their
 * SYN that came twice shows no loss: the wire may have doubled it.) */
void tcp_congestion_start(struct tcp *t)
{
    tcp_mtu_start(t);
    t->cwnd = t->fired_rto ? t->mss : initial_window(t);
    t->cwnd_used_end = t->snd_una;
    tcp_recovery_start(t);
}

uint32_t tcp_pipe(const struct tcp *t)
{
    uint32_t pipe = tcp_sent_pipe(&t->sent), counted = t->recovery.reno_sacked;
    return pipe > counted ? pipe - counted : 0;
}

uint32_t tcp_allowed(const struct tcp *t)
{
    uint32_t pipe = tcp_pipe(t);
    return t->cwnd > pipe ? t->cwnd - pipe : 0;
}

uint32_t tcp_slow_start(struct tcp *t, uint32_t acked)
{
    enum { CSS_GROWTH_DIVISOR = 4 };                  /* RFC 9406 §4.3 */
    if (t->cwnd >= t->ssthresh)
        return acked;
    uint32_t more = t->hystart.css ? acked / CSS_GROWTH_DIVISOR : acked, room = t->ssthresh - t->cwnd;
    t->cwnd += more < room ? more : room;
    return more < room ? 0 : more - room;
}

void tcp_grow_by_count(struct tcp *t, uint32_t acked, uint32_t window)
{
    if (t->cwnd_count >= window) {                    /* what was gathered at a slower pace counts once */
        t->cwnd_count = 0;
        t->cwnd += t->mss;
    }
    t->cwnd_count += acked;
    t->cwnd += t->cwnd_count / window * t->mss;
    t->cwnd_count %= window;
}

/* A window that is not used says nothing of what the path carries. In slow start half of it is enough. */
static bool in_use(const struct tcp *t)
{
    return t->cwnd_limited || (t->cwnd < t->ssthresh && t->cwnd / 2 < t->cwnd_used);
}

void tcp_congestion_acked(struct tcp *t, uint32_t acked, nsec now)
{
    if (!in_use(t) || acked == 0)
        return;
    t->cc->acked(t, acked, now);
    if (t->cwnd > CWND_MOST)
        t->cwnd = CWND_MOST;
}

void tcp_congestion_used(struct tcp *t, bool limited)
{
    uint32_t octets = t->sent.octets;
    if (!limited && seq_before(t->snd_una, t->cwnd_used_end) && (t->cwnd_limited || octets <= t->cwnd_used))
        return;
    t->cwnd_limited = limited;
    t->cwnd_used = octets;
    t->cwnd_used_end = t->snd_nxt;
}

/* RFC 5681 §4.1: after an idle time longer than the RTO nobody knows what the path carries. RFC 2861 §3: cwnd halves
 * for each RTO that has gone by, down to the initial window; ssthresh remembers where it was. */
void tcp_congestion_idle(struct tcp *t, nsec now)
{
    nsec idle = now - t->last_sent;
    if (t->snd_una != t->snd_nxt || t->last_sent == 0)
        return;
    t->last_sent = now;
    if (t->cc->silent)
        t->cc->silent(t, idle);
    uint32_t restart = initial_window(t) < t->cwnd ? initial_window(t) : t->cwnd, reached = t->cwnd / 4 * 3;
    if (idle <= t->rto || t->config->no_idle_restart)
        return;
    if (t->ssthresh < reached)
        t->ssthresh = reached;
    for (; (idle -= t->rto) > 0 && t->cwnd > restart;)
        t->cwnd /= 2;
    t->cwnd = t->cwnd > restart ? t->cwnd : restart;
    t->cwnd_count = 0;
}
