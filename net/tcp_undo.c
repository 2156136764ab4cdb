/* What turns out not to have been lost: cwnd and ssthresh become what they were. How it shows:
 *
 *   - by timestamps (Eifel, RFC 3522): the peer echoes the TSval of the first sending, from before the second;
 *   - by DSACK (RFC 3708): each octet that was sent again came twice;
 *   - by order (F-RTO, RFC 5682; see tcp_recovery.c): octets sent once come, though the timer has fired. */
#include "net/tcp.h"
#include "net/seq.h"

static uint32_t again_and_out(struct tcp *t)
{
    uint32_t octets = 0;
    for (unsigned i = 0; t->recovery.sent_again && i < t->sent.n; i++) {
        const struct sent_record *r = tcp_sent_at(&t->sent, i);
        octets += r->again && r->place == SENT_OUT ? r->end - r->seq : 0;
    }
    return octets;
}

/* Linux: outside of a reduction ssthresh counts as three quarters of cwnd at least, since cwnd got there. */
static uint32_t ssthresh_now(const struct tcp *t)
{
    uint32_t reached = t->cwnd / 4 * 3;
    return tcp_cong_reduces(&t->recovery) || t->ssthresh > reached ? t->ssthresh : reached;
}

void tcp_undo_prepare(struct tcp *t)
{
    struct tcp_recovery_state *r = &t->recovery;
    if (!tcp_cong_reduces(r))
        r->prior_ssthresh = ssthresh_now(t);
    r->undo_marker = t->snd_una;
    r->undo_octets = again_and_out(t);
    r->sent_again = r->undo_octets;
    r->may_undo = true;
}

void tcp_undo_dsack(struct tcp *t, struct tcp_extent block)
{
    struct tcp_recovery_state *r = &t->recovery;
    struct tcp_rack *k = &t->rack;
    uint32_t n = block.end - block.seq;
    if (!seq_before(block.seq, block.end) || seq_before(t->snd_nxt, block.end) || n > t->snd_wnd_max)
        return;
    if (r->may_undo && !seq_before(block.seq, r->undo_marker))
        r->undo_octets -= n < r->undo_octets ? n : r->undo_octets;
    if (!(k->tlp_out && k->tlp_is_retrans && block.end == k->tlp_end_seq))
        tcp_rack_dsack(t, block);
}

static bool echo_is_older(const struct tcp *t, const struct tcp_ack *a)
{
    const struct tcp_segment *s = a->segment;
    return t->timestamps_ok && s->has_timestamps && s->ts_echo_reply && t->recovery.sent_again
           && seq_before(s->ts_echo_reply, t->recovery.retrans_ts);
}

/* What seemed lost had been overtaken, if it was no timer that said so: RACK is to wait for such from now on. */
static void undo(struct tcp *t)
{
    struct tcp_recovery_state *r = &t->recovery;
    t->rack.reordering_seen |= r->state != TCP_CONG_LOSS;
    t->cwnd = r->prior_cwnd > t->cwnd ? r->prior_cwnd : t->cwnd;
    t->ssthresh = r->prior_ssthresh > t->ssthresh ? r->prior_ssthresh : t->ssthresh;
    r->may_undo = false;
}

bool tcp_undo_all(struct tcp *t, const struct tcp_ack *a)
{
    struct tcp_recovery_state *r = &t->recovery;
    if (!r->may_undo || (r->undo_octets && !echo_is_older(t, a)))
        return false;
    undo(t);
    return true;
}

/* What was sent again and is still out will tell more: until it came, cwnd just stays. */
bool tcp_undo_partial(struct tcp *t, const struct tcp_ack *a)
{
    if (!t->recovery.may_undo || !echo_is_older(t, a))
        return false;
    if (again_and_out(t))
        return true;
    tcp_sent_find(&t->sent);
    undo(t);
    tcp_cong_enter(t, TCP_CONG_SPURIOUS);
    return true;
}

bool tcp_undo_duplicates(struct tcp *t)
{
    struct tcp_recovery_state *r = &t->recovery;
    if (!r->may_undo || !r->sent_again || r->undo_octets)
        return false;
    tcp_sent_find(&t->sent);
    undo(t);
    return true;
}

bool tcp_undo_timeout(struct tcp *t, const struct tcp_ack *a, bool sure)
{
    struct tcp_recovery_state *r = &t->recovery;
    if (!r->may_undo || !(sure || r->undo_octets == 0 || echo_is_older(t, a)))
        return false;
    tcp_sent_find(&t->sent);
    undo(t);
    r->timeouts = 0;
    r->f_rto = r->f_rto_new = false;
    tcp_cong_enter(t, TCP_CONG_SPURIOUS);
    return true;
}
