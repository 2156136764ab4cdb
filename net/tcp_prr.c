/* Proportional Rate Reduction, RFC 6937: while a loss is repaired, cwnd falls to ssthresh in step with what arrives,
 * instead of waiting for half a window and then sending at once. */
#include "net/tcp.h"

void tcp_prr_begin(struct tcp *t)
{
    struct tcp_recovery_state *r = &t->recovery;
    t->rack.tlp_out = false;
    t->cwnd_count = 0;
    r->prior_cwnd = t->cwnd;
    r->prr_delivered = r->prr_out = 0;
    t->ssthresh = t->cc->ssthresh(t);
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }
static uint32_t most(uint32_t a, uint32_t b) { return a > b ? a : b; }

/* §3.1. Below ssthresh, what arrives is replaced, and one segment more when ACKs go on and nothing new is lost (the
 * slow start reduction bound); the first retransmission goes in any case. */
void tcp_prr_ack(struct tcp *t, const struct tcp_ack *a, bool newly_lost)
{
    struct tcp_recovery_state *r = &t->recovery;
    uint32_t pipe = tcp_pipe(t), may = 0;
    if (a->delivered == 0 || r->prior_cwnd == 0)
        return;
    r->prr_delivered += a->delivered;
    if (pipe > t->ssthresh) {
        uint64_t due = ((uint64_t)t->ssthresh * r->prr_delivered + r->prior_cwnd - 1) / r->prior_cwnd;
        may = due > r->prr_out ? (uint32_t)(due - r->prr_out) : 0;
    } else {
        may = most(r->prr_delivered > r->prr_out ? r->prr_delivered - r->prr_out : 0, a->delivered);
        if (a->advanced && !newly_lost)
            may += t->mss;
        may = least(may, t->ssthresh - pipe);
    }
    if (r->prr_out == 0)
        may = most(may, t->mss);
    t->cwnd = most(pipe + may, t->mss);
}

void tcp_prr_end(struct tcp *t)
{
    if (t->ssthresh < UINT32_MAX && (t->recovery.state == TCP_CONG_CWR || t->recovery.may_undo))
        t->cwnd = t->ssthresh;
}
