/* RACK-TLP, RFC 8985. RACK: when something came that was sent later, what was sent a while before it and has not come
 * is lost; a while is a quarter of the round trip where segments may overtake each other. TLP: when no ACK comes for
 * two round trips, the last segment goes again (or a new one), so that its ACK shows what is missing before the
 * retransmission timer would. */
#include "net/tcp.h"
#include "net/seq.h"

#define A_LITTLE (2 * MILLISECOND)                    /* timers of Linux are that coarse */
enum { DUP_THRESH = 3, REO_WND_PERSIST = 16 };

static bool sent_after(nsec t1, uint32_t end1, nsec t2, uint32_t end2)
{
    return t1 > t2 || (t1 == t2 && seq_before(end2, end1));
}

/* How far it was overtaken is for people; RACK goes by time. */
static void saw_reordering(struct tcp_rack *k, const struct sent_record *r)
{
    uint32_t far = k->fack - r->seq;
    k->reordering_seen = true;
    k->reordering = far > k->reordering ? far : k->reordering;
}

/* §6.2, steps 1 to 3. An ACK of what was sent twice may be of the first: then it says nothing of the second. */
void tcp_rack_delivered(struct tcp *t, const struct tcp_ack *a, const struct sent_record *r)
{
    struct tcp_rack *k = &t->rack;
    nsec rtt = a->now - r->sent_at;
    if (!r->again && seq_before(r->end, a->prior_fack))
        saw_reordering(k, r);
    k->fack = seq_later(k->fack, r->end);
    if (r->again) {
        const struct tcp_segment *s = a->segment;
        bool older = t->timestamps_ok && s->has_timestamps
                     && seq_before(s->ts_echo_reply, tcp_ts_value(t, r->sent_at));
        if (older || rtt < k->min_rtt)
            return;
    }
    k->rtt = rtt;
    if (k->started && !sent_after(r->sent_at, r->end, k->xmit_ts, k->end_seq))
        return;
    k->started = true;
    k->xmit_ts = r->sent_at;
    k->end_seq = r->end;
}

/* §6.2, step 4: something went twice for nothing, so there is more overtaking than we thought; counted once a round
 * trip. Where it lies beyond a gap and text went again, RACK was deceived by overtaking, and even in a recovery has to
 * wait from now on. */
void tcp_rack_dsack(struct tcp *t, struct tcp_extent block)
{
    struct tcp_rack *k = &t->rack;
    k->reordering_seen |= t->recovery.sent_again && seq_before(t->snd_una, block.seq);
    if (k->dsack_round_set && seq_before(t->snd_una, k->dsack_round))
        return;
    k->dsack_round_set = true;
    k->dsack_round = t->snd_nxt;
    if (k->reo_wnd_mult < UINT8_MAX)
        k->reo_wnd_mult++;
    k->reo_wnd_persist = REO_WND_PERSIST;
}

void tcp_rack_recovered(struct tcp *t)
{
    struct tcp_rack *k = &t->rack;
    if (k->reo_wnd_persist && --k->reo_wnd_persist == 0)
        k->reo_wnd_mult = 1;
}

static nsec reo_wnd(const struct tcp *t)
{
    const struct tcp_rack *k = &t->rack;
    if (!k->reordering_seen
        && (t->recovery.state >= TCP_CONG_RECOVERY || t->sent.octets_sacked >= DUP_THRESH * t->mss))
        return 0;
    nsec wnd = k->min_rtt == NEVER ? 0 : k->min_rtt / 4 * k->reo_wnd_mult;
    return wnd < t->srtt ? wnd : t->srtt;
}

nsec tcp_rack_before(const struct tcp *t, nsec now) { return now - t->rack.rtt - reo_wnd(t) + 1; }

/* What goes again leaves before new text of the same moment, though its number is smaller: so numbers do not say which
 * of the two was later. Who waits for something later repeats nothing for nothing. */
static bool left_together(const struct tcp *t, const struct sent_record *r)
{
    return r->again && r->sent_at == t->rack.xmit_ts;
}

/* An ACK that comes shows that others of its time have come; a timer only that nothing did, perhaps since the wire is
 * slow just now. So it waits a little longer than §6.2 asks for: else a burst of which one packet was held back goes
 * again for nothing. (Linux waits two ticks of its clock, 8 ms mostly.) */
static nsec patience(const struct tcp_rack *k) { return A_LITTLE + (k->min_rtt == NEVER ? 0 : k->min_rtt / 4); }

/* §6.2, step 5. The oldest that are out stand first: those that follow were sent later. */
bool tcp_rack_detect(struct tcp *t, nsec now)
{
    struct tcp_rack *k = &t->rack;
    struct sent_record *r;
    nsec before = tcp_rack_before(t, now), left = 0;
    bool lost_again = false;
    while (k->started && (r = tcp_sent_oldest(&t->sent)) != NULL
           && sent_after(k->xmit_ts, k->end_seq, r->sent_at, r->end) && !left_together(t, r)) {
        if (r->sent_at >= before) {
            left = r->sent_at - before + 1;
            break;
        }
        lost_again |= r->again;
        tcp_sent_lose(&t->sent, r, TCP_WHY_RACK, trace_cause(t->carrier.voice.trace));
    }
    if (left)
        tcp_timer_set(t, TCP_TIMER_REORDERING, now, left + patience(k));
    else
        tcp_timer_stop(t, TCP_TIMER_REORDERING);
    return lost_again;
}

void tcp_rack_fired(struct tcp *t, nsec now)
{
    uint32_t lost = t->sent.octets_lost;
    tcp_rack_detect(t, now);
    if (t->sent.octets_lost != lost)
        tcp_recovery_found(t, now);
}

/* §7.2. With one segment out the peer may delay its ACK. Never later than the retransmission timer. */
nsec tcp_probe_after(struct tcp *t, nsec rto_left)
{
    enum tcp_cong_state state = t->recovery.state;
    if (!tcp_uses_rack(t) || t->config->no_tail_probe || t->rack.tlp_out || t->sent.n == 0
        || (state != TCP_CONG_OPEN && state != TCP_CONG_CWR))
        return 0;
    nsec after = TCP_RTO_FIRST;
    if (t->srtt)
        after = 2 * t->srtt + (t->sent.octets <= t->mss ? tcp_rto_least(t) : A_LITTLE);
    return after < rto_left ? after : rto_left;
}

/* §7.4.1: what the ACK of a probe shows. */
void tcp_probe_heard(struct tcp *t, const struct tcp_ack *a)
{
    struct tcp_rack *k = &t->rack;
    uint32_t ack = a->segment->ack;
    if (!k->tlp_out || seq_before(ack, k->tlp_end_seq))
        return;
    if (!k->tlp_is_retrans || a->dsack) {
        k->tlp_out = false;                           /* new text, or it came twice: nothing was lost */
    } else if (seq_before(k->tlp_end_seq, ack)) {
        k->tlp_out = false;
        tcp_recovery_repaired(t);
    } else if (a->duplicate && !a->sacked) {
        k->tlp_out = false;                           /* both came; the peer knows no DSACK */
    }
}
