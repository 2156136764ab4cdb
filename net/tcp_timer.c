/* Timers (RFC 9293 §3.10.8): retransmission after RFC 6298, tail loss probes and reordering (RFC 8985),
 * zero-window probes (RFC 9293 §3.8.6.1), the delayed ACK (§3.8.6.3) and TIME-WAIT. */
#include "net/tcp_mtu.h"
#include "net/seq.h"

static const struct ground tcp_timeout = { "tcp.timeout", "RFC 9293 §3.8.3" };
static const struct ground tcp_silent  = { "tcp.silent",  "RFC 9293 §3.8.3" };

void tcp_timer_set(struct tcp *t, enum tcp_timer_kind k, nsec now, nsec after)
{
    event_no cause = trace_cause(t->carrier.voice.trace);
    t->timer[k] = now + after;
    if (t->causes)
        t->causes->timer[k] = cause;
    tcp_tell_timer(t, k, "set", after, cause);
}

void tcp_timer_stop(struct tcp *t, enum tcp_timer_kind k)
{
    if (!tcp_timer_runs(t, k))
        return;
    t->timer[k] = NEVER;
    tcp_tell_timer(t, k, "stopped", 0, 0);
}

nsec tcp_wake(const struct tcp *t)
{
    nsec first = NEVER;
    for (int k = 0; k < TCP_TIMERS; k++)
        if (t->timer[k] < first)
            first = t->timer[k];
    return first;
}

/* Is there room in the window for what waits? Then it is kept back until it fills a segment. */
static bool kept_back(const struct tcp *t) { return t->snd_wnd > tcp_flight(t) && t->carrier.out.len; }

/* Waiting until the window opens: the RTO, doubled with each probe (RFC 9293 §3.8.6.1). */
static nsec persist_after(const struct tcp *t)
{
    if (kept_back(t))
        return TCP_OVERRIDE;
    return tcp_rto_clamp(t, t->rto << t->persist_backoff);
}

nsec tcp_rto_left(struct tcp *t, nsec now)
{
    const struct sent_record *first = tcp_sent_first(&t->sent);
    nsec left = first ? first->sent_at + t->rto - now : t->rto;
    return left > MILLISECOND ? left : MILLISECOND;
}

/* The RTO, or before it the probe that hopes to make it needless. RFC 6298 §5.3: new octets acknowledged restart it;
 * else it counts from when the first octets under way were sent. */
static void arm_rto(struct tcp *t, nsec now)
{
    nsec left = t->restart_rto ? t->rto : tcp_rto_left(t, now), probe = tcp_probe_after(t, left);
    t->restart_rto = false;
    left = tcp_alive_at_most(t, left, now);
    tcp_timer_set(t, probe ? TCP_TIMER_PROBE : TCP_TIMER_RTO, now, probe ? probe : left);
}

/* One of two timers runs while something of ours waits for the peer. With a window there are octets under
 * way, whose loss the RTO finds. Without one the peer is expected to open it, and the ACK that says so may be
 * lost (or the window is too small to be worth a segment: §3.8.6.2.1): the persist timer asks. */
void tcp_arm(struct tcp *t, nsec now)
{
    bool syn_out = t->state == TCP_SYN_SENT || t->state == TCP_SYN_RECEIVED;
    bool under_way = t->snd_una != t->snd_nxt;
    bool waiting =
        tcp_synchronized(t) && (t->snd_una + t->carrier.out.len != t->snd_nxt || tcp_fin_is_due(t));
    if (t->state == TCP_CLOSED || t->state == TCP_TIME_WAIT)
        under_way = waiting = false;
    bool persist = !syn_out && (under_way ? t->snd_wnd == 0 : waiting);
    bool rto = under_way && !persist;
    tcp_alive_waits(t, rto || persist, now);
    if (!rto) {
        tcp_timer_stop(t, TCP_TIMER_RTO);
        tcp_timer_stop(t, TCP_TIMER_PROBE);
        tcp_timer_stop(t, TCP_TIMER_REORDERING);
    } else if (!tcp_timer_runs(t, TCP_TIMER_RTO) && !tcp_timer_runs(t, TCP_TIMER_PROBE)) {
        arm_rto(t, now);
    }
    if (!persist)
        tcp_timer_stop(t, TCP_TIMER_PERSIST);
    else if (!tcp_timer_runs(t, TCP_TIMER_PERSIST))
        tcp_timer_set(t, TCP_TIMER_PERSIST, now, tcp_alive_at_most(t, persist_after(t), now));
}

static void give_up(struct tcp *t, const struct ground *ground, const char *expected, unsigned times)
{
    struct fault why = { 0 };
    refuse(&why, ground, expected, "nothing, though we sent it %u times", times);
    tcp_end(t, TCP_GAVE_UP, &why);
}

/* RFC 6298 §5.4 to §5.7. */
static void rto_fired(struct tcp *t, event_no fired, nsec now)
{
    bool syn_out = !tcp_synchronized(t);
    if (tcp_alive_gave_up(t, now))
        return;
    if (!tcp_alive_alone(t) && t->tries >= (syn_out ? t->config->syn_tries : t->config->data_tries)) {
        give_up(t, syn_out ? &tcp_timeout : &tcp_silent,
                syn_out ? "an answer to our SYN" : "an acknowledgment of what we sent", t->tries);
        return;
    }
    t->fired_rto = t->rto;
    if (syn_out) {
        tcp_set_due(t, TCP_DUE_SYN, fired);
    } else {
        tcp_mtu_timeout(t);
        tcp_recovery_timeout(t, fired, now);
    }
    t->rto = tcp_rto_clamp(t, 2 * t->rto);
    tcp_timer_set(t, TCP_TIMER_RTO, now, tcp_alive_at_most(t, t->rto, now));
}

/* RFC 9293 §3.8.6.1: as long as the peer answers, probing never ends; unless nobody here waits for it any
 * more. */
static void persist_fired(struct tcp *t, event_no fired, nsec now)
{
    if (tcp_alive_gave_up(t, now))
        return;
    if (kept_back(t)) {
        tcp_set_due(t, TCP_DUE_OVERRIDE, fired);
        t->more = t->more_waits = false;
        return;
    }
    if (!tcp_alive_alone(t) && t->probes >= t->config->data_tries) {
        give_up(t, &tcp_silent, "an answer to our window probe", t->probes);
        return;
    }
    tcp_set_due(t, TCP_DUE_PROBE, fired);
}

static void time_wait_fired(struct tcp *t)
{
    tcp_end(t, TCP_WAITED_2MSL, NULL);
    if (t->released)
        tcp_free(t);
}

void tcp_tick(struct tcp *t, nsec now)
{
    for (int k = 0; k < TCP_TIMERS; k++) {
        if (t->timer[k] > now)
            continue;
        event_no cause = t->causes ? t->causes->timer[k] : 0;
        t->timer[k] = NEVER;
        event_no fired = tcp_tell_timer(t, (enum tcp_timer_kind)k, "fired", 0, cause);
        trace_because(t->carrier.voice.trace, fired);
        switch ((enum tcp_timer_kind)k) {
        case TCP_TIMER_RTO:         rto_fired(t, fired, now); break;
        case TCP_TIMER_PROBE:       tcp_set_due(t, TCP_DUE_TAIL, fired); break;
        case TCP_TIMER_REORDERING:  tcp_rack_fired(t, now); break;
        case TCP_TIMER_PERSIST:     persist_fired(t, fired, now); break;
        case TCP_TIMER_DELAYED_ACK: tcp_ack_waited(t, fired); break;
        case TCP_TIMER_TIME_WAIT:   time_wait_fired(t); break;
        case TCP_TIMER_KEEPALIVE:   tcp_alive_fired(t, fired, now); break;
        case TCP_TIMERS:            break;
        }
    }
}
