/* When to acknowledge: RFC 9293 §3.8.6.3, RFC 5681 §4.2; where these leave it open, as Linux does.
 *
 * An ACK may wait for a moment, since text that goes back can carry it, and one ACK can stand for two segments. It does
 * not wait: for every second segment, when something is missing or fills a gap, and as long as the peer is in slow
 * start and needs each ACK to grow: for the first quick_acks segments, after a pause, when it repeats itself. A
 * connection on which questions and answers alternate has no quick ACKs: there the answer carries them. */
#include "net/tcp.h"

#define DELAY_MOST (500 * MILLISECOND)                /* RFC 9293 §3.8.6.3, MUST-40 */

static nsec shortest(const struct tcp *t) { return t->config->ack_delay ? t->config->ack_delay : TCP_ACK_DELAY; }

static nsec at_most(nsec a, nsec most) { return a < most ? a : most; }

void tcp_ack_now(struct tcp *t) { tcp_set_due(t, TCP_DUE_ACK, trace_cause(t->carrier.voice.trace)); }

/* So many that the window is filled with them, by two segments each. */
static void be_quick(struct tcp *t)
{
    uint32_t segment = t->acking.segment ? t->acking.segment : 1, n = t->rcv_wnd / (2 * segment);
    n = n < 2 ? 2 : n;
    n = n < t->config->quick_acks ? n : t->config->quick_acks;
    if (n > t->acking.quick)
        t->acking.quick = (uint8_t)n;
}

void tcp_ack_quickly(struct tcp *t)
{
    be_quick(t);
    t->acking.answers = false;
    t->acking.delay = shortest(t);
}

/* The delay follows the pace at which segments come: so a fast peer is not kept waiting for long. */
static void follow_pace(struct tcp *t, nsec now)
{
    nsec pause = now - t->acking.last_text;
    if (t->acking.delay == 0) {
        be_quick(t);
        t->acking.delay = shortest(t);
    } else if (pause <= shortest(t) / 2) {
        t->acking.delay = t->acking.delay / 2 + shortest(t) / 2;
    } else if (pause < t->acking.delay) {
        t->acking.delay = at_most(t->acking.delay / 2 + pause, t->rto);
    } else if (pause > t->rto) {
        be_quick(t);
    }
    t->acking.last_text = now;
}

/* How large a segment of theirs is. Several may have been put together below us. */
static void learn_size(struct tcp *t, uint32_t n)
{
    uint32_t most = tcp_own_mss(t), least = most < TCP_MSS_DEFAULT ? most : TCP_MSS_DEFAULT;
    n = n < most ? n : most;
    n = n > least ? n : least;
    if (n > t->acking.segment)
        t->acking.segment = (uint16_t)n;
}

static void ack_later(struct tcp *t, nsec now)
{
    nsec most = t->srtt / 8 > shortest(t) ? t->srtt / 8 : shortest(t);
    nsec delay = at_most(at_most(t->acking.delay, most), DELAY_MOST);
    if (!t->due[TCP_DUE_ACK] && !tcp_timer_runs(t, TCP_TIMER_DELAYED_ACK))
        tcp_timer_set(t, TCP_TIMER_DELAYED_ACK, now, delay);
}

void tcp_ack_text(struct tcp *t, uint32_t n, bool in_order, nsec now)
{
    learn_size(t, n);
    follow_pace(t, now);
    bool quick = t->acking.quick && !t->acking.answers;
    bool second = t->rcv_nxt - t->last_ack_sent > t->acking.segment;
    if (!in_order || quick || second)
        tcp_ack_now(t);
    else
        ack_later(t, now);
}

void tcp_ack_sent(struct tcp *t)
{
    t->due[TCP_DUE_ACK] = false;
    t->last_ack_sent = t->rcv_nxt;
    if (t->acking.quick)
        t->acking.quick--;
    tcp_timer_stop(t, TCP_TIMER_DELAYED_ACK);
}

/* Text of ours goes back soon after theirs came: it is an answer. */
void tcp_ack_answered(struct tcp *t, nsec now)
{
    if (t->acking.delay && now - t->acking.last_text < t->acking.delay)
        t->acking.answers = true;
}

/* Nothing went back in time. */
void tcp_ack_waited(struct tcp *t, event_no fired)
{
    t->acking.delay = t->acking.answers ? shortest(t) : at_most(2 * t->acking.delay, t->rto);
    t->acking.answers = false;
    tcp_set_due(t, TCP_DUE_ACK, fired);
}
