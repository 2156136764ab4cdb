/* The user calls: OPEN, CLOSE, ABORT (RFC 9293 §3.10.1 to §3.10.5), and letting go. SEND and RECEIVE are the
 * rings and tcp_touch. */
#include "net/tcp.h"
#include "net/seq.h"

static const struct ground tcp_aborted = { "tcp.aborted", "RFC 9293 §3.10.5" };

/* RFC 7323 §2.3: as much as the largest window that we may ever offer needs. */
uint8_t tcp_own_shift(const struct tcp_config *config)
{
    uint32_t most = config->window_most > config->window ? config->window_most : config->window;
    uint8_t shift = 0;
    while (shift < TCP_SHIFT_MOST && most >> shift > TCP_WINDOW_MOST)
        shift++;
    return shift;
}

static void start(struct tcp *t, const struct tcp_config *config, uint32_t iss)
{
    t->config = config;
    t->peer_mss = TCP_MSS_DEFAULT;
    t->no_delay = config->no_delay;
    tcp_alive_start(t);
    t->ecn.told = iss;
    t->rcv_wind_shift = config->window_scaling ? tcp_own_shift(config) : 0;
    tcp_set_mss(t);
    t->iss = t->snd_una = t->snd_nxt = t->small_end = iss;
    t->rto = TCP_RTO_FIRST;
    t->cc = config->cc ? config->cc : &tcp_cubic;
    tcp_sent_start(&t->sent, config->pool);
    t->ssthresh = UINT32_MAX;                          /* RFC 5681 §3.1: arbitrarily high */
    ring_start(&t->carrier.in, config->pool, config->window);
    ring_start(&t->carrier.out, config->pool, config->window);
    t->rcv_wnd = tcp_window(t);
    for (int k = 0; k < TCP_TIMERS; k++)
        t->timer[k] = NEVER;
    tcp_name_streams(t, false, true);
}

void tcp_open(struct tcp *t, const struct tcp_config *config, uint32_t iss, nsec now)
{
    start(t, config, iss);
    t->owned = true;
    t->last_sent = now;
    tcp_set_due(t, TCP_DUE_SYN, trace_cause(t->carrier.voice.trace));
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
    tcp_take_options(t, syn);
    t->ts_recent_at = now;
    tcp_name_streams(t, true, false);
    tcp_set_due(t, TCP_DUE_SYN, trace_cause(t->carrier.voice.trace));
    tcp_enter(t, TCP_SYN_CAME);
}

enum { IP6_MORE = 20, OPTIONS_WITH_TEXT = 12 };       /* its header is longer; timestamps and two nops */

uint16_t tcp_own_mss(const struct tcp *t)
{
    return (uint16_t)(t->config->mss - (t->local.len == 16 ? IP6_MORE : 0));
}

/* RFC 6691: the MSS counts no options, so those that every segment has come off. */
void tcp_set_mss(struct tcp *t)
{
    unsigned headers = TCP_HEADER + 20 + (t->local.len == 16 ? IP6_MORE : 0);
    unsigned mss = tcp_own_mss(t), path = t->path_mtu > headers ? t->path_mtu - headers : 0;
    mss = t->peer_mss < mss ? t->peer_mss : mss;
    mss = path && path < mss ? path : mss;
    unsigned options = t->timestamps_ok ? OPTIONS_WITH_TEXT : 0;
    t->mss = (uint16_t)(mss > options ? mss - options : mss);
}

/* RFC 9293 §3.7.1: no MSS option means 536; one below 64 costs more than it carries (CVE-2019-11479). RFC 7323 §2.2
 * and §3.2, RFC 2018 §2: each option is in use when both SYNs had it. Our SYN-ACK has what theirs had. */
void tcp_take_options(struct tcp *t, const struct tcp_segment *syn)
{
    const struct tcp_config *c = t->config;
    uint16_t mss = syn->mss ? syn->mss : TCP_MSS_DEFAULT;
    t->peer_mss = mss > TCP_MSS_LEAST ? mss : TCP_MSS_LEAST;
    t->sack_ok = c->sack && syn->sack_permitted;
    t->scaling_ok = c->window_scaling && syn->has_window_scale;
    t->snd_wind_shift = 0;
    if (t->scaling_ok)
        t->snd_wind_shift = syn->window_scale < TCP_SHIFT_MOST ? syn->window_scale : TCP_SHIFT_MOST;
    else
        t->rcv_wind_shift = 0;
    t->timestamps_ok = c->timestamps && syn->has_timestamps;
    if (t->timestamps_ok)
        t->ts_recent = syn->ts_value;
    tcp_ecn_agree(t, syn);
    tcp_alive_told(t, syn);
    tcp_set_mss(t);
}

void tcp_answered(struct tcp *t)
{
    t->due[TCP_DUE_SYN] = false;
    t->snd_nxt = t->iss + 1;
    t->tries = 1;
}

void tcp_touch(struct tcp *t, event_no why)
{
    event_no cause = why ? why : trace_cause(t->carrier.voice.trace);
    if (t->causes)
        t->causes->send = cause;
    if (tcp_synchronized(t) && !t->fin_known && tcp_window_to_tell(t))
        tcp_set_due(t, TCP_DUE_ACK, cause);
}

void tcp_push(struct tcp *t)
{
    bool waits = t->carrier.out.len > tcp_flight(t);
    tcp_set_due(t, TCP_DUE_OVERRIDE, trace_cause(t->carrier.voice.trace));
    t->due[TCP_DUE_OVERRIDE] = waits;
}

/* RFC 9293 §3.10.4. Before the connection stands nothing can be closed properly: a SYN-SENT is forgotten, a
 * SYN-RECEIVED sends its FIN once it is established. */
void tcp_close(struct tcp *t)
{
    if (t->carrier.closing)
        return;
    t->carrier.closing = true;
    if (t->causes)
        t->causes->close = trace_cause(t->carrier.voice.trace);
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
    tcp_set_due(t, TCP_DUE_RST, trace_cause(t->carrier.voice.trace));
    t->due[TCP_DUE_RST] = tell;
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
    return t->state == TCP_CLOSED && !t->due[TCP_DUE_RST] && (t->released || !t->owned);
}

void tcp_free(struct tcp *t)
{
    ring_end(&t->carrier.in);
    ring_end(&t->carrier.out);
    tcp_forget_extents(t);
    tcp_sent_end(&t->sent);
    tcp_forget_fault(t);
}
