/* The congestion state machine: what an ACK, a timer or a router's mark changes. */
#include "net/tcp_mtu.h"
#include "net/seq.h"

bool tcp_uses_sack(const struct tcp *t) { return t->sack_ok && t->config->recovery != TCP_NEWRENO; }
bool tcp_uses_rack(const struct tcp *t) { return t->sack_ok && t->config->recovery == TCP_RACK; }

void tcp_recovery_start(struct tcp *t)
{
    t->recovery = (struct tcp_recovery_state){ .recover = t->iss };
    t->rack = (struct tcp_rack){ .fack = t->snd_una, .reo_wnd_mult = 1, .min_rtt = NEVER };
}

void tcp_recovery_sent_again(struct tcp *t, uint32_t n, nsec now)
{
    struct tcp_recovery_state *r = &t->recovery;
    if (!r->sent_again)
        r->retrans_ts = tcp_ts_value(t, now);
    r->sent_again = true;
    r->undo_octets += n;
}

/* --- what the ACK tells of the records --- */

static void came(struct tcp *t, struct tcp_ack *a, const struct sent_record *r, nsec *rtt)
{
    a->delivered += r->end - r->seq;
    tcp_rack_delivered(t, a, r);
    if (r->again) {
        a->again = true;
        return;
    }
    if (*rtt < 0)
        *rtt = a->now - r->sent_at;
    a->newest_rtt = a->now - r->sent_at;
    if (seq_upto(r->end, t->recovery.recover))
        a->original = true;
}

static void take_acked(struct tcp *t, struct tcp_ack *a)
{
    struct sent_record r;
    while (tcp_sent_acked(&t->sent, t->snd_una, &r))
        if (r.place != SENT_SACKED)
            came(t, a, &r, &a->rtt);
    if (a->again)
        a->rtt = -1;                                  /* Karn: RFC 6298 §3 */
}

/* RFC 2883 §4: the first block lies before the ACK, or inside the second. */
static bool is_dsack(const struct tcp_segment *s)
{
    return seq_upto(s->sack[0].end, s->ack)
           || (s->n_sack > 1 && seq_upto(s->sack[1].seq, s->sack[0].seq) && seq_upto(s->sack[0].end, s->sack[1].end));
}

static void take_sacks(struct tcp *t, struct tcp_ack *a)
{
    const struct tcp_segment *s = a->segment;
    if (!tcp_uses_sack(t) || s->n_sack == 0)
        return;
    a->dsack = is_dsack(s);
    if (a->dsack)
        tcp_undo_dsack(t, s->sack[0]);
    for (unsigned i = a->dsack; i < s->n_sack; i++) {
        struct tcp_extent block = { seq_later(s->sack[i].seq, t->snd_una), s->sack[i].end };
        struct sent_record r;
        if (!seq_before(block.seq, block.end) || seq_before(t->snd_nxt, block.end))
            continue;                                 /* nothing new, or of what was never sent */
        while (tcp_sent_sacked(&t->sent, block, t->mss, &r)) {
            a->sacked = true;
            came(t, a, &r, &a->sack_rtt);
        }
    }
}

/* RFC 7323 §4: what the peer echoes says when the segment left that it answers, whichever sending that was. */
static nsec by_timestamp(const struct tcp *t, const struct tcp_ack *a)
{
    const struct tcp_segment *s = a->segment;
    if (!t->timestamps_ok || !s->has_timestamps || s->ts_echo_reply == 0 || !a->advanced)
        return -1;
    uint32_t ms = tcp_ts_value(t, a->now) - s->ts_echo_reply;
    return ms > TCP_RTO_MOST / MILLISECOND ? -1 : ms ? ms * MILLISECOND : MILLISECOND;
}

static void take_rtt(struct tcp *t, const struct tcp_ack *a)
{
    enum { MIN_RTT_HOLDS_S = 300 };                   /* as long as Linux */
    nsec rtt = a->rtt >= 0 ? a->rtt : a->sack_rtt >= 0 ? a->sack_rtt : by_timestamp(t, a);
    if (rtt < 0)
        return;
    nsec newest = a->newest_rtt >= 0 ? a->newest_rtt : rtt;
    if (newest <= t->rack.min_rtt || a->now - t->rack.min_rtt_at > MIN_RTT_HOLDS_S * SECOND) {
        t->rack.min_rtt = newest;
        t->rack.min_rtt_at = a->now;
    }
    tcp_rtt_sample(t, rtt);
    if (t->cc->sample)
        t->cc->sample(t, newest);
}

/* --- the states --- */

static bool detect(struct tcp *t, struct tcp_ack *a)
{
    uint32_t lost = t->sent.octets_lost;
    if (tcp_uses_rack(t))
        a->lost_again |= tcp_rack_detect(t, a->now);
    else
        tcp_counting_detect(t, a);
    return t->sent.octets_lost != lost;
}

/* RFC 6675 §5, step 4; RFC 6937 §3. Where cwnd is being reduced already, once is enough. */
static void begin_recovery(struct tcp *t)
{
    bool reduces = tcp_cong_reduces(&t->recovery);
    tcp_undo_prepare(t);
    if (!reduces) {
        t->recovery.recover = t->snd_nxt;
        tcp_prr_begin(t);
    }
    tcp_cong_enter(t, TCP_CONG_LOSS_FOUND);
}

/* What is lost goes again as after a timeout, but cwnd stays: it is no sign of congestion. */
static void forgive(struct tcp *t)
{
    struct tcp_recovery_state *r = &t->recovery;
    r->f_rto = r->f_rto_new = r->may_undo = false;
    tcp_cong_enter(t, TCP_CONG_TOO_BIG);
    r->recover = t->snd_nxt;
}

static void rest_or_disorder(struct tcp *t)
{
    struct tcp_recovery_state *r = &t->recovery;
    bool gap = t->sent.octets_sacked || t->sent.octets_lost || r->reno_sacked;
    if (r->state > TCP_CONG_DISORDER || gap == (r->state == TCP_CONG_DISORDER))
        return;
    tcp_cong_enter(t, gap ? TCP_CONG_GAP : TCP_CONG_NO_GAP);
    r->recover = t->snd_nxt;
}

/* All that was out when it began is at the peer. RFC 6582 §3.2: without SACK it is not over before one octet more is,
 * or late duplicate ACKs would begin it again. */
static bool is_over(const struct tcp *t)
{
    const struct tcp_recovery_state *r = &t->recovery;
    bool beyond = r->state == TCP_CONG_CWR || (!tcp_uses_sack(t) && t->sent.n);
    return r->state > TCP_CONG_DISORDER
           && (beyond ? seq_before(r->recover, t->snd_una) : seq_upto(r->recover, t->snd_una));
}

static void end(struct tcp *t, const struct tcp_ack *a)
{
    bool undone = t->recovery.state != TCP_CONG_CWR && tcp_undo_all(t, a);
    if (t->recovery.state == TCP_CONG_RECOVERY && !undone)
        tcp_rack_recovered(t);
    if (tcp_cong_reduces(&t->recovery) && !undone)
        tcp_prr_end(t);
    t->recovery.reno_sacked = 0;
    tcp_cong_enter(t, undone ? TCP_CONG_SPURIOUS : TCP_CONG_ALL_THERE);
}

/* RFC 5682 §2.1 and §3.1: after a timeout one segment goes again; when the next ACKs are for others, that were sent
 * once, nothing was lost, it only came late. True: it turned out so. */
static bool f_rto(struct tcp *t, struct tcp_ack *a)
{
    struct tcp_recovery_state *r = &t->recovery;
    bool recovered = seq_upto(r->recover, t->snd_una);
    r->f_rto_new = false;
    if (a->original && tcp_undo_timeout(t, a, true))
        return true;                                  /* step 3.b */
    if (seq_before(r->recover, t->snd_nxt)) {
        if (a->sacked || a->duplicate)
            r->f_rto = false;                         /* step 3.a: it was lost */
    } else if (a->advanced && !recovered) {           /* step 2.b: two new segments, to see what they bring */
        bool have = t->carrier.out.len > t->snd_nxt - t->snd_una && t->snd_wnd > t->snd_nxt - t->snd_una;
        r->recover = t->snd_nxt;
        r->f_rto = r->f_rto_new = have;
    }
    return false;
}

/* True: the state is not LOSS any more. */
static bool in_loss(struct tcp *t, struct tcp_ack *a)
{
    struct tcp_recovery_state *r = &t->recovery;
    if (a->advanced && tcp_undo_timeout(t, a, false))
        return true;
    if (r->f_rto && f_rto(t, a))
        return true;
    if (!r->f_rto_new && is_over(t)) {
        end(t, a);
        return true;
    }
    if (!tcp_uses_sack(t) && a->advanced)
        r->reno_sacked = 0;
    else if (!tcp_uses_sack(t) && a->duplicate && seq_before(r->recover, t->snd_nxt))
        tcp_counting_duplicate(t, a);
    return false;
}

/* Without SACK. */
static void count_duplicates(struct tcp *t, struct tcp_ack *a)
{
    if (tcp_uses_sack(t))
        return;
    if (a->advanced)
        tcp_counting_acked(t, a);
    else if (a->duplicate)
        tcp_counting_duplicate(t, a);
}

static bool open_state(struct tcp *t, struct tcp_ack *a)
{
    if (t->recovery.state <= TCP_CONG_DISORDER)
        tcp_undo_duplicates(t);
    count_duplicates(t, a);
    bool newly_lost = detect(t, a);
    if (t->sent.octets_lost && t->recovery.state <= TCP_CONG_DISORDER && tcp_mtu_lost(t)) {
        t->cwnd += t->mss;                            /* the probe stood for two: tcp_mtu_sent */
        forgive(t);
    } else if (t->sent.octets_lost)
        begin_recovery(t);
    else
        rest_or_disorder(t);
    return newly_lost;
}

static bool recovery_state(struct tcp *t, struct tcp_ack *a)
{
    count_duplicates(t, a);
    if (a->advanced && tcp_undo_partial(t, a)) {
        rest_or_disorder(t);
        return false;
    }
    if (tcp_undo_duplicates(t)) {
        tcp_cong_enter(t, TCP_CONG_SPURIOUS);
        return open_state(t, a);
    }
    return detect(t, a);
}

static bool loss_state(struct tcp *t, struct tcp_ack *a)
{
    if (in_loss(t, a))
        return open_state(t, a);
    bool newly_lost = detect(t, a);
    if (a->lost_again)
        begin_recovery(t);
    return newly_lost;
}

void tcp_recovery_heard(struct tcp *t, const struct tcp_segment *s, uint32_t prior_una, bool duplicate, nsec now)
{
    struct tcp_recovery_state *r = &t->recovery;
    struct tcp_ack a = { .segment = s, .now = now, .prior_una = prior_una, .prior_fack = t->rack.fack,
                         .acked = t->snd_una - prior_una, .advanced = t->snd_una != prior_una, .duplicate = duplicate,
                         .rtt = -1, .newest_rtt = -1, .sack_rtt = -1 };
    if (!a.advanced && !duplicate && s->n_sack == 0)
        return;
    take_acked(t, &a);
    take_sacks(t, &a);
    take_rtt(t, &a);
    tcp_probe_heard(t, &a);
    if (a.advanced) {
        r->timeouts = 0;
        t->restart_rto = true;                        /* RFC 6298 §5.3; the pull sets it anew */
    }
    if (is_over(t) && r->state != TCP_CONG_LOSS)
        end(t, &a);
    bool newly_lost = r->state == TCP_CONG_RECOVERY ? recovery_state(t, &a)
                      : r->state == TCP_CONG_LOSS   ? loss_state(t, &a)
                                                  : open_state(t, &a);
    if (tcp_cong_reduces(r))
        tcp_prr_ack(t, &a, newly_lost);
    else if (a.advanced)
        tcp_congestion_acked(t, a.delivered, now);
}

void tcp_recovery_found(struct tcp *t, nsec now)
{
    struct tcp_ack nothing = { .now = now, .delivered = 1 };
    if (t->recovery.state == TCP_CONG_RECOVERY)
        return;
    begin_recovery(t);
    tcp_prr_ack(t, &nothing, true);
}

/* RFC 6298 §5.4, RFC 5681 §3.1: all that has been out for long is taken as lost, and slow start begins from one
 * segment. ssthresh falls once for the same octets. */
void tcp_recovery_timeout(struct tcp *t, event_no cause, nsec now)
{
    struct tcp_recovery_state *r = &t->recovery;
    struct sent_record *first = tcp_sent_first(&t->sent);
    bool fresh = r->state < TCP_CONG_RECOVERY, reneged = first && first->place == SENT_SACKED;
    nsec before = !reneged && t->rack.started && tcp_uses_rack(t) ? tcp_rack_before(t, now) : NEVER;
    tcp_sent_lose_all(&t->sent, before, reneged, TCP_WHY_RTO, cause);
    r->reno_sacked = 0;
    if (r->state <= TCP_CONG_DISORDER || seq_upto(r->recover, t->snd_una)
        || (r->state == TCP_CONG_LOSS && r->timeouts == 0)) {
        tcp_undo_prepare(t);
        r->prior_cwnd = t->cwnd;
        t->ssthresh = t->cc->ssthresh(t);
        if (t->cc->timeout)
            t->cc->timeout(t);
    }
    if (r->timeouts < UINT8_MAX)
        r->timeouts++;
    t->cwnd = tcp_pipe(t) + t->mss;
    t->cwnd_count = 0;
    tcp_cong_enter(t, TCP_CONG_TIMED_OUT);
    r->recover = t->snd_nxt;
    r->f_rto = fresh || r->timeouts > 1;
    r->f_rto_new = t->rack.tlp_out = false;
}

static void resend(struct tcp *t, enum tcp_why why)
{
    event_no cause = trace_cause(t->carrier.voice.trace);
    if (why == TCP_WHY_TOO_BIG)
        tcp_sent_lose_all(&t->sent, NEVER, false, (uint8_t)why, cause);
    else
        tcp_sent_lose_first(&t->sent, t->mss, (uint8_t)why, cause);
    t->recovery.reno_sacked = 0;
    if (t->sent.octets_lost)
        forgive(t);
}

void tcp_recovery_too_big(struct tcp *t) { resend(t, TCP_WHY_TOO_BIG); }
void tcp_recovery_window_opened(struct tcp *t) { resend(t, TCP_WHY_WINDOW_OPENED); }

static void begin_cwr(struct tcp *t, enum tcp_cong_trigger trigger)
{
    if (t->recovery.state > TCP_CONG_DISORDER)
        return;
    t->recovery.may_undo = false;
    t->recovery.recover = t->snd_nxt;
    tcp_prr_begin(t);
    tcp_cong_enter(t, trigger);
}

void tcp_recovery_marked(struct tcp *t) { begin_cwr(t, TCP_CONG_MARKED); }

/* RFC 8985 §7.4.2: the probe repaired the loss, for which cwnd pays all the same; at once. */
void tcp_recovery_repaired(struct tcp *t)
{
    if (t->recovery.state > TCP_CONG_DISORDER)
        return;
    begin_cwr(t, TCP_CONG_PROBE_REPAIRED);
    tcp_prr_end(t);
    tcp_cong_enter(t, TCP_CONG_ALL_THERE);
}
