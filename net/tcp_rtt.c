/* The round-trip time and the time-out that follows from it: RFC 6298, with a sample for nearly every ACK.
 *
 * With so many samples RTTVAR would follow the last few of them. So, as Linux does, the largest deviation within
 * a round trip is what counts (rttvar_held): it rises at once and falls by a quarter each round trip. A sample much
 * shorter than the average says that the way became faster, which must not make the time-out longer. */
#include "net/tcp.h"
#include "net/seq.h"

nsec tcp_rto_least(const struct tcp *t) { return t->config->rto_least ? t->config->rto_least : TCP_RTO_LEAST; }

nsec tcp_rto_clamp(const struct tcp *t, nsec rto)
{
    nsec least = tcp_rto_least(t);
    return rto < least ? least : rto > TCP_RTO_MOST ? TCP_RTO_MOST : rto;
}

/* RFC 6298 §2.3, alpha = 1/8 and beta = 1/4. */
static void smooth(struct tcp *t, nsec rtt)
{
    nsec off = rtt - t->srtt;
    t->srtt += off / 8;
    nsec wider = (off < 0 ? -off : off) - t->rttvar;
    t->rttvar += off < 0 && wider > 0 ? wider / 32 : wider / 4;
    if (t->rttvar > t->rttvar_round)
        t->rttvar_round = t->rttvar;
    if (t->rttvar_round > t->rttvar_held)
        t->rttvar_held = t->rttvar_round;
    if (seq_upto(t->rtt_round_end, t->snd_una)) {
        if (t->rttvar_round < t->rttvar_held)
            t->rttvar_held -= (t->rttvar_held - t->rttvar_round) / 4;
        t->rtt_round_end = t->snd_nxt;
        t->rttvar_round = 0;
    }
}

void tcp_rtt_sample(struct tcp *t, nsec rtt)
{
    rtt = rtt > 0 ? rtt : 1;
    if (t->causes)
        t->causes->rtt = rtt;
    if (t->srtt == 0) {
        t->srtt = rtt;
        t->rttvar = t->rttvar_held = t->rttvar_round = rtt / 2;
        t->rtt_round_end = t->snd_nxt;
    } else {
        smooth(t, rtt);
    }
    nsec spread = 4 * t->rttvar_held, least = tcp_rto_least(t);
    nsec rto = t->srtt + (spread > least ? spread : least);
    t->rto = tcp_rto_clamp(t, rto - rto % MICROSECOND);
}
