/* The user calls: OPEN, CLOSE, ABORT (RFC 9293 §3.10.1 to §3.10.5), and letting go. SEND and RECEIVE are the
 * rings and tcp_touch. */
#include "net/tcp.h"
#include "net/seq.h"

static const struct ground tcp_aborted = { "tcp.aborted", "RFC 9293 §3.10.5" };

static void start(struct tcp *t, const struct tcp_config *config, uint32_t iss)
{
    t->config = config;
    t->mss = config->mss < TCP_MSS_DEFAULT ? config->mss : TCP_MSS_DEFAULT;
    t->iss = t->snd_una = t->snd_nxt = t->resend_at = t->resend_end = t->recover = iss;
    t->rto = TCP_RTO_FIRST;
    t->ssthresh = UINT32_MAX;                          /* RFC 5681 §3.1: arbitrarily high */
    ring_start(&t->carrier.in, config->pool, config->window);
    ring_start(&t->carrier.out, config->pool, config->window);
    t->rcv_wnd = tcp_window(t);
    for (int k = 0; k < TCP_TIMERS; k++)
        t->timer[k].at = NEVER;
    tcp_name_streams(t, false, true);
}

void tcp_open(struct tcp *t, const struct tcp_config *config, uint32_t iss, nsec now)
{
    start(t, config, iss);
    t->owned = true;
    t->last_sent = now;
    t->syn_due = tcp_due_now(trace_cause(t->carrier.voice.trace));
    tcp_enter(t, TCP_ACTIVE_OPEN);
}

/* RFC 9293 §3.10.7.2, third: check for a SYN. Text that came with it is left to be sent again. */
void tcp_accept(struct tcp *t, const struct tcp_config *config, uint32_t iss, const struct tcp_segment *syn,
                nsec now)
{
    start(t, config, iss);
    t->carrier.passive = true;
    t->last_sent = now;
    t->state = TCP_LISTEN;
    t->irs = syn->seq;
    t->rcv_nxt = syn->seq + 1;
    tcp_take_mss(t, syn);
    tcp_name_streams(t, true, false);
    t->syn_due = tcp_due_now(trace_cause(t->carrier.voice.trace));
    tcp_enter(t, TCP_SYN_CAME);
}

/* RFC 9293 §3.7.1: no MSS option means 536. RFC 6691: options of ours would have to be taken off; we send
 * none with text. */
void tcp_take_mss(struct tcp *t, const struct tcp_segment *syn)
{
    uint16_t mss = syn->mss ? syn->mss : TCP_MSS_DEFAULT;
    mss = mss > TCP_MSS_LEAST ? mss : TCP_MSS_LEAST;
    t->mss = mss < t->config->mss ? mss : t->config->mss;
}

void tcp_touch(struct tcp *t, event_no why)
{
    event_no cause = why ? why : trace_cause(t->carrier.voice.trace);
    t->send_cause = cause;
    if (tcp_synchronized(t) && !t->fin_known && tcp_window_grew(t))
        t->ack_due = tcp_due_now(cause);
}

/* RFC 9293 §3.10.4. Before the connection stands nothing can be closed properly: a SYN-SENT is forgotten, a
 * SYN-RECEIVED sends its FIN once it is established. */
void tcp_close(struct tcp *t)
{
    if (t->carrier.closing)
        return;
    t->carrier.closing = true;
    t->close_cause = trace_cause(t->carrier.voice.trace);
    if (t->state == TCP_SYN_SENT)
        tcp_end(t, TCP_ABORT_CALLED, NULL);
}

/* RFC 9293 §3.10.5: the peer is told by a RST, unless it has not heard of us or both sides have said all they
 * had to say. */
void tcp_abort(struct tcp *t)
{
    if (t->state == TCP_CLOSED)
        return;
    bool tell = t->state >= TCP_SYN_RECEIVED && t->state <= TCP_CLOSE_WAIT;
    struct fault why = { 0 };
    refuse(&why, &tcp_aborted, "an end by FIN on both sides", "we broke the connection off with a RST");
    why.answer = tell ? "RST" : NULL;
    t->rst_due = (struct tcp_due){ tell, trace_cause(t->carrier.voice.trace) };
    tcp_end(t, TCP_ABORT_CALLED, &why);
}

/* Nobody will read any more. Octets that came and were not read are lost, which the peer must learn: RFC 2525
 * §2.17. */
void tcp_release(struct tcp *t, nsec now)
{
    t->released = true;
    if (!t->carrier.ended && t->carrier.in.len)
        tcp_abort(t);
    else if (!t->carrier.ended)
        tcp_close(t);
    if (t->state == TCP_FIN_WAIT_2)
        tcp_timer_set(t, TCP_TIMER_TIME_WAIT, now, TCP_ORPHAN_WAIT);
    if (t->state == TCP_CLOSED || t->state == TCP_TIME_WAIT)
        tcp_free(t);
}

bool tcp_gone(const struct tcp *t)
{
    return t->state == TCP_CLOSED && !t->rst_due.now && (t->released || !t->owned);
}

void tcp_free(struct tcp *t)
{
    ring_end(&t->carrier.in);
    ring_end(&t->carrier.out);
}
