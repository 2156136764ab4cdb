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
    tcp_alive_tell(t, s);
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

/* Text in one segment, beside the SACK blocks or the user timeout that it will have. */
static uint32_t segment_text(const struct tcp *t)
{
    unsigned sacks = tcp_sacks_size(t), options = sacks ? sacks : tcp_alive_telling(t);
    return options < t->mss ? t->mss - options : 1;
}

static bool send_rst(struct tcp *t, struct tcp_sending *out, nsec now)
{
    t->due[TCP_DUE_RST] = false;
    fill(t, out, t->snd_nxt, TCP_RST | TCP_ACK, TCP_WHY_NEW, tcp_cause(t, TCP_DUE_RST), now);
    out->segment.window = 0;
    return true;
}

/* The SYN, or as the answer to one the SYN-ACK. It names the MSS that we take: RFC 9293 §3.7.1. */
static bool send_syn(struct tcp *t, struct tcp_sending *out, nsec now)
{
    enum tcp_why why = t->tries == 0 ? TCP_WHY_NEW : t->fired_rto ? TCP_WHY_RTO : TCP_WHY_SYN_AGAIN;
    t->due[TCP_DUE_SYN] = false;
    t->tries++;
    t->snd_nxt = t->iss + 1;
    t->timing = why == TCP_WHY_NEW;                   /* Karn: what is sent twice is not measured, RFC 6298 §3 */
    t->timed_at = now;
    fill(t, out, t->iss, t->state == TCP_SYN_SENT ? TCP_SYN : TCP_SYN | TCP_ACK, why, tcp_cause(t, TCP_DUE_SYN), now);
    out->segment.flags |= tcp_ecn_syn_flags(t);
    return true;
}

/* Everything before `end` has been sent. */
static void count_sent(struct tcp *t, uint32_t end, nsec now)
{
    if (!seq_before(t->snd_nxt, end))
        return;
    tcp_sent_add(&t->sent, t->snd_nxt, end, now);
    t->snd_nxt = end;
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

/* Beyond that no time is doubled any more. */
static void back_off(struct tcp *t)
{
    if (t->persist_backoff < TCP_BACKOFF_MOST)
        t->persist_backoff++;
}

/* What was acknowledged already is not acceptable, so the answer is an ACK: RFC 9293 §3.10.7.4. */
static bool send_empty_probe(struct tcp *t, struct tcp_sending *out, nsec now)
{
    t->probes++;
    back_off(t);
    return fill(t, out, t->snd_una - 1, TCP_ACK, TCP_WHY_PROBE, tcp_cause(t, TCP_DUE_PROBE), now);
}

/* RFC 9293 §3.8.6.1: at least one octet (or the FIN) from snd_una on, though the window does not allow it;
 * the answer tells the window. */
static bool send_probe(struct tcp *t, struct tcp_sending *out, nsec now)
{
    uint32_t n = least(least(t->carrier.out.len, segment_text(t)), t->snd_wnd ? t->snd_wnd : 1);
    bool fin = n == 0 && (t->fin_sent || tcp_fin_is_due(t));
    t->due[TCP_DUE_PROBE] = false;
    if (n == 0 && !fin)
        return false;
    if (t->config->empty_probes && t->snd_wnd == 0)
        return send_empty_probe(t, out, now);
    t->probes++;
    back_off(t);
    fill(t, out, t->snd_una, TCP_ACK, TCP_WHY_PROBE, tcp_cause(t, TCP_DUE_PROBE), now);
    load(t, out, n, fin);
    count_sent(t, t->snd_una + n + fin, now);
    tcp_sent_first(&t->sent)->again = true;           /* how long they are under way says nothing */
    if (fin && !t->fin_sent)
        send_first_fin(t);
    return true;
}

/* How much text one tcp_sending may have. (Where there are SACK blocks they would stand in each segment of it.) */
static uint32_t most_text(const struct tcp *t)
{
    return segment_text(t) < t->mss ? segment_text(t) : tcp_burst(t, t->mss);
}

/* n octets of this record, and the FIN if it is its last. */
static void load_again(struct tcp *t, struct tcp_sending *out, const struct sent_record *r, uint32_t n,
                       enum tcp_why why, event_no cause, nsec now)
{
    uint32_t before = r->seq - t->snd_una, held = t->carrier.out.len - before, text = least(n, held);
    fill(t, out, r->seq, TCP_ACK, why, cause, now);
    load(t, out, text, text < n);
    tcp_recovery_sent_again(t, n, now);
    t->recovery.prr_out += n;
}

/* What is marked as lost, as cwnd and the peer's window allow. It need not be cut as it was the first time. */
static bool send_again(struct tcp *t, struct tcp_sending *out, nsec now)
{
    uint32_t span = tcp_sent_gather(&t->sent, t->mss), allowed = tcp_allowed(t);
    struct sent_record *r = tcp_sent_next(&t->sent);
    uint32_t before = r->seq - t->snd_una;
    uint32_t n = least(least(span, most_text(t)), minus(t->snd_wnd, before));
    if (n > allowed)
        n = allowed - allowed % t->mss;
    if (n == 0)
        return false;
    if (before == 0) {                                /* RFC 6298 §5.1: its time begins anew */
        t->tries++;
        if (t->recovery.state == TCP_CONG_RECOVERY)
            tcp_timer_stop(t, TCP_TIMER_RTO);
        tcp_timer_stop(t, TCP_TIMER_PROBE);
    }
    load_again(t, out, r, n, (enum tcp_why)r->why, r->cause, now);
    tcp_sent_again(&t->sent, r, n, now);
    return true;
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
    if (n >= segment_text(t) || n == 0 || t->due[TCP_DUE_OVERRIDE])
        return false;
    return n < unsent ? n < t->snd_wnd_max / 2 : waits_for_more(t);
}

static event_no text_cause(const struct tcp *t, uint32_t n)
{
    return !t->causes ? 0 : n ? t->causes->send : t->causes->close;
}

/* New text, as much as both windows allow (as a tail probe, one segment whatever cwnd says), and the FIN behind the
 * last of it. */
static bool send_new(struct tcp *t, struct tcp_sending *out, bool tail, nsec now)
{
    uint32_t flight = t->snd_nxt - t->snd_una;
    uint32_t unsent = t->fin_sent ? 0 : t->carrier.out.len - flight;
    uint32_t window = minus(t->snd_wnd, flight), ready = least(unsent, window);
    if (flight == 0 && ready)
        tcp_congestion_idle(t, now);
    uint32_t allowed = tail ? t->mss : tcp_allowed(t), n = least(least(ready, most_text(t)), allowed);
    uint32_t larger = tail ? 0 : tcp_mtu_probe(t, unsent, window);
    if (larger)
        n = larger;
    else if (n > t->mss && (n < unsent || waits_for_more(t)))
        n -= n % t->mss;                              /* what follows begins a segment of its own */
    bool fin = tcp_fin_is_due(t) && n == unsent && window > n;
    bool limited = ready > n && allowed < n + t->mss;
    if (limited)
        tcp_congestion_used(t, true);
    if ((n == 0 && !fin) || held_back(t, n, unsent))
        return false;
    if (flight == 0)
        t->tries = 1;
    if (n % segment_text(t) && !larger)
        t->small_end = t->snd_nxt + n;
    t->due[TCP_DUE_OVERRIDE] = false;
    fill(t, out, t->snd_nxt, TCP_ACK, tail ? TCP_WHY_TAIL_PROBE : larger ? TCP_WHY_MTU_PROBE : TCP_WHY_NEW,
         text_cause(t, n), now);
    load(t, out, n, fin);
    if (larger)
        tcp_mtu_sent(t, t->snd_nxt, n);
    count_sent(t, t->snd_nxt + n + fin, now);
    tcp_congestion_used(t, limited || tcp_sent_pipe(&t->sent) >= t->cwnd);
    t->last_sent = now;
    tcp_ack_answered(t, now);
    t->recovery.prr_out += n + fin;
    tcp_timer_stop(t, TCP_TIMER_PROBE);               /* it counts from the last sending: RFC 8985 §7.2 */
    if (fin)
        send_first_fin(t);
    return true;
}

/* RFC 8985 §7.3: new text if there is some, whatever cwnd says; else the last segment once more. */
static bool send_tail_probe(struct tcp *t, struct tcp_sending *out, nsec now)
{
    event_no cause = tcp_cause(t, TCP_DUE_TAIL);
    struct sent_record *last = tcp_sent_last(&t->sent);
    t->due[TCP_DUE_TAIL] = false;
    if (!last || t->rack.tlp_out || t->recovery.state > TCP_CONG_CWR)
        return false;
    bool is_new = send_new(t, out, true, now);
    if (!is_new) {
        uint32_t n = least(last->end - last->seq, t->mss);
        if (last->place != SENT_OUT || last->end - t->snd_una > t->snd_wnd) {
            tcp_timer_set(t, TCP_TIMER_RTO, now, tcp_rto_left(t, now));
            return false;
        }
        if (n < last->end - last->seq)
            last = tcp_sent_cut(&t->sent, last, last->end - n);
        load_again(t, out, last, last->end - last->seq, TCP_WHY_TAIL_PROBE, cause, now);
        tcp_sent_again(&t->sent, last, last->end - last->seq, now);
    }
    out->cause = cause;
    t->restart_rto = true;                            /* §7.3: its time begins anew with the probe */
    t->rack.tlp_out = true;
    t->rack.tlp_is_retrans = !is_new;
    t->rack.tlp_end_seq = t->snd_nxt;
    return true;
}

static bool next_segment(struct tcp *t, struct tcp_sending *out, nsec now)
{
    if (t->due[TCP_DUE_RST])
        return send_rst(t, out, now);
    if (t->due[TCP_DUE_SYN])
        return send_syn(t, out, now);
    if (!tcp_synchronized(t))                         /* §3.10.7.4, first: what is not acceptable is answered */
        return t->state == TCP_SYN_RECEIVED && t->due[TCP_DUE_ACK]
               && fill(t, out, t->snd_nxt, TCP_ACK, TCP_WHY_NEW, tcp_cause(t, TCP_DUE_ACK), now);
    if (t->due[TCP_DUE_PROBE] && send_probe(t, out, now))
        return true;
    if (t->due[TCP_DUE_TAIL] && send_tail_probe(t, out, now))
        return true;
    bool again = tcp_sent_next(&t->sent) && !t->recovery.f_rto_new;
    if (again ? send_again(t, out, now) : send_new(t, out, false, now))
        return true;
    if (t->due[TCP_DUE_KEEPALIVE]) {
        t->due[TCP_DUE_KEEPALIVE] = false;
        return fill(t, out, t->snd_una - 1, TCP_ACK, TCP_WHY_KEEPALIVE, tcp_cause(t, TCP_DUE_KEEPALIVE), now);
    }
    return t->due[TCP_DUE_ACK] && fill(t, out, t->snd_nxt, TCP_ACK, TCP_WHY_NEW, tcp_cause(t, TCP_DUE_ACK), now);
}

bool tcp_output(struct tcp *t, struct tcp_sending *out, nsec now)
{
    bool sent = next_segment(t, out, now);
    if (sent)
        tcp_ecn_mark(t, out);
    tcp_arm(t, now);
    return sent;
}
