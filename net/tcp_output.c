/* What to send next: pulled, one segment a call. In this order: a RST, a SYN, a window probe, what must go
 * again, new text and the FIN, an ACK alone. Every segment but the first SYN carries the newest ACK and
 * window, so an ACK that is due rides along. */
#include "net/tcp_mtu.h"
#include "net/seq.h"

uint32_t tcp_out_seq(const struct tcp *t)
{
    return tcp_synchronized(t) ? t->snd_una : t->iss + 1;
}

bool tcp_fin_is_due(const struct tcp *t)
{
    return t->carrier.closing && !t->fin_sent && (t->state == TCP_ESTABLISHED || t->state == TCP_CLOSE_WAIT);
}

void tcp_resend(struct tcp *t, uint32_t end, enum tcp_why why)
{
    t->resend_at = t->snd_una;
    t->resend_end = seq_earlier(end, t->snd_nxt);
    t->resend_why = why;
    t->resend_cause = trace_cause(t->carrier.voice.trace);
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }
static uint32_t minus(uint32_t a, uint32_t b) { return a > b ? a - b : 0; }

/* RFC 7323 §2.3: shifted, but for a SYN's. What does not come out even is kept back. */
static uint16_t window_field(const struct tcp *t, uint8_t flags)
{
    uint32_t window = flags & TCP_SYN ? t->rcv_wnd : t->rcv_wnd >> t->rcv_wind_shift;
    return (uint16_t)least(window, TCP_WINDOW_MOST);
}

/* A SYN offers what the config has, a SYN-ACK what the SYN had of that. Later each segment has timestamps if both
 * sides agreed (RFC 7323 §3.2), a RST too. */
static void put_options(struct tcp *t, struct tcp_segment *s, nsec now)
{
    bool syn = s->flags & TCP_SYN, first = syn && !(s->flags & TCP_ACK);
    const struct tcp_config *c = t->config;
    if (first ? c->timestamps : t->timestamps_ok) {
        s->has_timestamps = true;
        s->ts_value = tcp_ts_value(t, now);
        s->ts_echo_reply = s->flags & TCP_ACK ? t->ts_recent : 0;
    }
    if (t->sack_ok && !syn && !(s->flags & TCP_RST))
        tcp_put_sacks(t, s);
    if (!syn)
        return;
    s->mss = tcp_own_mss(t);
    s->sack_permitted = first ? c->sack : t->sack_ok;
    s->has_window_scale = first ? c->window_scaling : t->scaling_ok;
    s->window_scale = s->has_window_scale ? t->rcv_wind_shift : 0;
}

/* What every segment has. Whatever it is, the peer learns how far we are: that pays off an ACK due. */
static bool fill(struct tcp *t, struct tcp_sending *out, uint32_t seq, uint8_t flags, enum tcp_why why,
                 event_no cause, nsec now)
{
    if (tcp_window_grew(t))
        t->rcv_wnd = tcp_window(t);
    *out = (struct tcp_sending){
        .segment = { .source_port = t->carrier.port, .destination_port = t->carrier.peer_port,
                     .seq = seq, .ack = flags & TCP_ACK ? t->rcv_nxt : 0, .flags = flags,
                     .window = window_field(t, flags) },
        .why = why, .cause = cause,
    };
    put_options(t, &out->segment, now);
    tcp_ack_sent(t);
    return true;
}

/* Text in one segment, beside the SACK blocks that it will have. */
static uint32_t segment_text(const struct tcp *t)
{
    unsigned sacks = tcp_sacks_size(t);
    return sacks < t->mss ? t->mss - sacks : 1;
}

/* Measures the round trip of this segment, unless one is being measured: RFC 6298 §3. */
static void start_timing(struct tcp *t, nsec now)
{
    if (t->timing)
        return;
    t->timing = true;
    t->timed_seq = t->snd_nxt;
    t->timed_at = now;
}

static bool send_rst(struct tcp *t, struct tcp_sending *out, nsec now)
{
    t->rst_due.now = false;
    fill(t, out, t->snd_nxt, TCP_RST | TCP_ACK, TCP_WHY_NEW, t->rst_due.cause, now);
    out->segment.window = 0;
    return true;
}

/* The SYN, or as the answer to one the SYN-ACK. It names the MSS that we take: RFC 9293 §3.7.1. */
static bool send_syn(struct tcp *t, struct tcp_sending *out, nsec now)
{
    enum tcp_why why = t->tries == 0 ? TCP_WHY_NEW : t->fired_rto ? TCP_WHY_RTO : TCP_WHY_SYN_AGAIN;
    t->syn_due.now = false;
    t->tries++;
    t->snd_nxt = t->iss + 1;
    if (why == TCP_WHY_NEW)
        start_timing(t, now);
    else
        t->timing = false;
    fill(t, out, t->iss, t->state == TCP_SYN_SENT ? TCP_SYN : TCP_SYN | TCP_ACK, why, t->syn_due.cause, now);
    return true;
}

/* Puts the text [seq, seq + n) into a segment, and the FIN behind it if `fin`. */
static void load(struct tcp *t, struct tcp_sending *out, uint32_t n, bool fin)
{
    uint32_t off = out->segment.seq - tcp_out_seq(t);
    struct bytes held = ring_peek(&t->carrier.out);
    if (n)
        out->segment.text = (struct bytes){ held.at + off, n };
    bool burst = n > t->mss && out->why != TCP_WHY_MTU_PROBE;
    if (n && ((off + n == held.n && !t->more) || burst))          /* RFC 9293 §3.9.1.2: the last for now ... */
        out->segment.flags |= TCP_PSH;                /* ... or that comes in one go: nothing follows at once */
    if (fin)
        out->segment.flags |= TCP_FIN;
}

static void send_first_fin(struct tcp *t)
{
    t->fin_sent = true;
    tcp_enter(t, TCP_FIN_SENT);
}

/* RFC 9293 §3.8.6.1: at least one octet (or the FIN) from snd_una on, though the window does not allow it;
 * the answer tells the window. */
static bool send_probe(struct tcp *t, struct tcp_sending *out, nsec now)
{
    uint32_t n = least(least(t->carrier.out.len, segment_text(t)), t->snd_wnd ? t->snd_wnd : 1);
    bool fin = n == 0 && (t->fin_sent || tcp_fin_is_due(t));
    t->probe_due.now = false;
    if (n == 0 && !fin)
        return false;
    t->probes++;
    t->persist_backoff++;
    t->timing = false;
    fill(t, out, t->snd_una, TCP_ACK, TCP_WHY_PROBE, t->probe_due.cause, now);
    load(t, out, n, fin);
    t->snd_nxt = seq_later(t->snd_nxt, t->snd_una + n + fin);
    if (fin && !t->fin_sent)
        send_first_fin(t);
    return true;
}

/* The next piece of [resend_at, resend_end). It need not be cut as it was the first time. After a timeout
 * cwnd paces it. */
static bool send_again(struct tcp *t, struct tcp_sending *out, nsec now)
{
    uint32_t at = t->resend_at, before = at - t->snd_una, left = t->resend_end - at;
    uint32_t text = least(left, t->carrier.out.len - before);
    uint32_t n = least(least(text, segment_text(t)), minus(t->snd_wnd, before));
    bool fin = t->fin_sent && n == text && text < left && t->snd_wnd > before + n;
    if (before + n > t->cwnd || (n == 0 && !fin))
        return false;
    if (before == 0)
        t->tries++;
    if (seq_before(at, t->timed_seq))
        t->timing = false;                            /* Karn: what is sent twice is not measured */
    fill(t, out, at, TCP_ACK, t->resend_why, t->resend_cause, now);
    load(t, out, n, fin);
    t->resend_at += n + fin;
    return true;
}

/* How much text one tcp_sending may have. (Where there are SACK blocks they would stand in each segment of it.) */
static uint32_t most_text(const struct tcp *t)
{
    return segment_text(t) < t->mss ? segment_text(t) : tcp_burst(t, t->mss);
}

/* The last of what we have fills no segment: is it kept for a while, since more may come? With the cork, yes. By
 * Nagle's algorithm (RFC 9293 §3.7.4) if an earlier such one is not acknowledged; full ones under way do not count
 * (Minshall's form: a request whose last segment is small does not wait for the ACK of those before it). */
static bool waits_for_more(const struct tcp *t)
{
    bool small_under_way = seq_before(t->snd_una, t->small_end) && seq_upto(t->small_end, t->snd_nxt);
    return !t->carrier.closing && (t->cork || t->more_waits || (!t->no_delay && small_under_way));
}

/* Should these n octets wait? A piece smaller than it could be goes when it is all there is and no more is expected,
 * or when waiting has lasted long enough (RFC 9293 §3.8.6.2.1: silly window avoidance, with its override timeout). */
static bool held_back(const struct tcp *t, uint32_t n, uint32_t unsent)
{
    if (n >= segment_text(t) || n == 0 || t->override_due.now)
        return false;
    return n < unsent ? n < t->snd_wnd_max / 2 : waits_for_more(t);
}

/* New text, as much as both windows and the MSS allow, and the FIN behind the last of it. */
static bool send_new(struct tcp *t, struct tcp_sending *out, nsec now)
{
    tcp_congestion_idle(t, now);
    uint32_t flight = t->snd_nxt - t->snd_una;
    uint32_t unsent = t->fin_sent ? 0 : t->carrier.out.len - flight;
    uint32_t window = minus(t->snd_wnd, flight);
    uint32_t n = least(least(unsent, most_text(t)), least(window, minus(tcp_allowed(t), flight)));
    uint32_t probe = tcp_mtu_probe(t, unsent, window);
    if (probe)
        n = probe;
    else if (n > t->mss && (n < unsent || waits_for_more(t)))
        n -= n % t->mss;                              /* what follows begins a segment of its own */
    bool fin = tcp_fin_is_due(t) && n == unsent && window > n;
    if ((n == 0 && !fin) || held_back(t, n, unsent))
        return false;
    if (flight == 0)
        t->tries = 1;
    if (n % segment_text(t) && !probe)
        t->small_end = t->snd_nxt + n;
    t->override_due.now = false;
    enum tcp_why why = probe ? TCP_WHY_MTU_PROBE : TCP_WHY_NEW;
    fill(t, out, t->snd_nxt, TCP_ACK, why, n ? t->send_cause : t->close_cause, now);
    load(t, out, n, fin);
    if (probe)
        tcp_mtu_sent(t, t->snd_nxt, n);
    t->snd_nxt += n + fin;
    t->last_sent = now;
    tcp_ack_answered(t, now);
    start_timing(t, now);
    if (fin)
        send_first_fin(t);
    return true;
}

static bool next_segment(struct tcp *t, struct tcp_sending *out, nsec now)
{
    if (t->rst_due.now)
        return send_rst(t, out, now);
    if (t->syn_due.now)
        return send_syn(t, out, now);
    if (!tcp_synchronized(t))
        return false;
    if (t->probe_due.now && send_probe(t, out, now))
        return true;
    if (seq_before(t->resend_at, t->resend_end) ? send_again(t, out, now) : send_new(t, out, now))
        return true;
    return t->ack_due.now && fill(t, out, t->snd_nxt, TCP_ACK, TCP_WHY_NEW, t->ack_due.cause, now);
}

bool tcp_output(struct tcp *t, struct tcp_sending *out, nsec now)
{
    bool sent = next_segment(t, out, now);
    tcp_arm(t, now);
    return sent;
}
