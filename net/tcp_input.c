/* SEGMENT ARRIVES: RFC 9293 §3.10.7, its checks in its order. Each check is a function; a table has them in
 * the order of the RFC, with the section; the loop over it ends at the first that says DONE. §3.10.7.1
 * (CLOSED) and §3.10.7.2 (LISTEN) are net/stack.c's, which knows what there is beside this connection. RFC
 * 5961 makes RST, SYN and ACK from strangers harmless: what could be theirs is challenged. */
#include "net/tcp_mtu.h"
#include "net/ip4.h"
#include "net/seq.h"

static const struct ground tcp_refused     = { "tcp.refused",     "RFC 9293 §3.10.7.3" };
static const struct ground tcp_was_reset   = { "tcp.reset",       "RFC 9293 §3.10.7.4" };
static const struct ground tcp_unread      = { "tcp.aborted",     "RFC 9293 §3.10.5" };
static const struct ground unreachable     = { "tcp.unreachable", "RFC 9293 §3.9.2.2" };

enum step { GO_ON, DONE, ANSWER_RST };
enum { HEADERS = IP4_HEADER + TCP_HEADER };           /* of a segment with text, in its packet */

struct tcp_check {
    const char *name, *rfc;
    enum step (*run)(struct tcp *t, struct tcp_segment *s, const struct tcp_check *self, nsec now);
};

static void tell(const struct tcp *t, const struct tcp_segment *s, const struct tcp_check *c,
                 const char *expected, const char *verdict)
{
    tcp_tell_check(t, s, c->name, c->rfc, expected, verdict);
}

/* RFC 5961 §7: an ACK that only the true peer can make use of. So many a second for each connection; never
 * for all together, since strangers could count them (CVE-2016-5696). */
static enum step challenge(struct tcp *t, const struct tcp_segment *s, const struct tcp_check *c,
                           const char *expected, nsec now)
{
    if (now - t->challenge_second >= SECOND) {
        t->challenge_second = now;
        t->challenges = 0;
    }
    bool send = t->challenges < TCP_CHALLENGES;
    tell(t, s, c, expected, send ? "challenged by an ACK" : "dropped, enough challenges in this second");
    if (send) {
        t->challenges++;
        tcp_ack_now(t);
    }
    return DONE;
}

static enum step was_reset(struct tcp *t, const struct ground *ground, const char *expected)
{
    struct fault why = { 0 };
    refuse(&why, ground, expected, "a RST");
    tcp_end(t, TCP_RST_CAME, &why);
    return DONE;
}

/* The connection stands from now on. */
static void established(struct tcp *t, const struct tcp_segment *s, enum tcp_trigger trigger, nsec now)
{
    t->owned = true;
    t->snd_una = s->ack;
    t->snd_wnd = t->snd_wnd_max = tcp_their_window(t, s);
    t->snd_wl1 = s->seq;
    t->snd_wl2 = s->ack;
    if (t->fired_rto)
        t->rto = TCP_RTO_AFTER_SYN_LOSS;
    else if (t->timing)
        tcp_rtt_sample(t, now - t->timed_at);
    t->timing = false;
    t->due[TCP_DUE_SYN] = false;
    t->alive.waits_since = NEVER;
    tcp_alive_heard(t, now);
    tcp_timer_stop(t, TCP_TIMER_RTO);
    tcp_congestion_start(t);
    t->fired_rto = 0;
    t->tries = 0;
    tcp_enter(t, trigger);
}

/* --- in SYN-SENT, §3.10.7.3 --- */

/* First. §3.10.7.3 answers an ACK of what was not sent with a RST, so that an old connection of the peer
 * ends. */
static enum step syn_sent_check_ack(struct tcp *t, struct tcp_segment *s, const struct tcp_check *self,
                                    nsec now)
{
    (void)now;
    if (!(s->flags & TCP_ACK) || (s->ack == t->iss + 1 && t->snd_nxt == s->ack))
        return GO_ON;
    tell(t, s, self, "an ACK of our SYN", s->flags & TCP_RST ? "dropped" : "answered by a RST");
    return ANSWER_RST;
}

/* Second. RFC 5961 §3.2: only a RST that acknowledges our SYN is one. */
static enum step syn_sent_check_rst(struct tcp *t, struct tcp_segment *s, const struct tcp_check *self,
                                    nsec now)
{
    (void)now;
    if (!(s->flags & TCP_RST))
        return GO_ON;
    if (s->flags & TCP_ACK)
        return was_reset(t, &tcp_refused, "a SYN-ACK in answer to our SYN");
    tell(t, s, self, "a RST that acknowledges our SYN", "dropped");
    return DONE;
}

/* Fourth. With an ACK of ours: established, and text and FIN of the same segment count. Without: both sides
 * opened at once. */
static enum step syn_sent_check_syn(struct tcp *t, struct tcp_segment *s, const struct tcp_check *self,
                                    nsec now)
{
    if (!(s->flags & TCP_SYN)) {
        tell(t, s, self, "a SYN", "dropped");
        return DONE;
    }
    t->irs = s->seq;
    t->rcv_nxt = s->seq + 1;
    tcp_take_options(t, s);
    t->ts_recent_at = now;
    tcp_name_streams(t, true, false);
    if (!(s->flags & TCP_ACK)) {
        t->tries = 0;
        tcp_set_due(t, TCP_DUE_SYN, trace_cause(t->carrier.voice.trace));
        tcp_enter(t, TCP_SYN_CAME);
        return DONE;
    }
    tcp_ack_now(t);
    established(t, s, TCP_SYN_ACK_CAME, now);
    s->seq++;                                         /* the SYN is taken; what is left is like any segment */
    s->flags &= (uint8_t)~TCP_SYN;
    return GO_ON;
}

/* --- in all other states, §3.10.7.4 --- */

/* Cuts off what lies outside the window: SYN and octets we have, text and FIN that came too far. */
static void trim(struct tcp *t, struct tcp_segment *s)
{
    if ((s->flags & TCP_SYN) && seq_before(s->seq, t->rcv_nxt)) {
        s->flags &= (uint8_t)~TCP_SYN;
        s->window = (uint16_t)(s->window >> t->snd_wind_shift);          /* a SYN's is not scaled: RFC 7323 §2.2 */
        s->seq++;
    }
    if (seq_before(s->seq, t->rcv_nxt)) {
        uint32_t old = t->rcv_nxt - s->seq;
        tcp_came_twice(t, s->seq, t->rcv_nxt);
        if (old > s->text.n)
            s->flags &= (uint8_t)~TCP_FIN;
        old = old < s->text.n ? old : (uint32_t)s->text.n;
        if (old)
            s->text = (struct bytes){ s->text.at + old, s->text.n - old };
        s->seq = t->rcv_nxt;
        tcp_ack_quickly(t);
        tcp_ack_now(t); /* RFC 5681 §4.2: what we have came again, our ACK was lost */
    }
    uint32_t room = t->rcv_nxt + t->rcv_wnd - s->seq;
    if (segment_span(s) > room) {
        s->flags &= (uint8_t)~TCP_FIN;
        if (s->text.n > room)
            s->text.n = room;
        tcp_ack_now(t);
    }
}

/* First: does any part of it lie in the window? RFC 9293 §3.4, the table of four cases; but an ACK alone may lie on
 * its right edge: that is where each of two sides sends its ACKs from that have both filled the other's window, and
 * both would drop them for ever (Linux takes them too). */
static bool acceptable(const struct tcp *t, const struct tcp_segment *s)
{
    uint32_t span = segment_span(s);
    if (span == 0)
        return s->seq - t->rcv_nxt < t->rcv_wnd + (t->rcv_wnd == 0 || !(s->flags & TCP_RST));
    if (t->rcv_wnd == 0) /* §3.10.7.4: ACK, RST and URG still count; the text is cut off */
        return s->seq == t->rcv_nxt;
    return seq_in(s->seq, t->rcv_nxt, t->rcv_wnd) || seq_in(s->seq + span - 1, t->rcv_nxt, t->rcv_wnd);
}

/* Until our SYN is acknowledged a SYN may come that is not new: the peer's own once more, since our SYN-ACK
 * was lost, or as a SYN-ACK when both opened at once (§3.5, figure 8). */
static bool is_their_syn(const struct tcp *t, const struct tcp_segment *s)
{
    return t->state == TCP_SYN_RECEIVED && (s->flags & TCP_SYN) && s->seq == t->irs;
}

/* RFC 7323 §5.3, R1: a segment older than what came last, by its timestamp, is not one of this turn of the sequence
 * numbers. After 24 days of silence their clock may have come round itself (§5.5). */
enum { PAWS_DAYS = 24 };

static enum step check_timestamp(struct tcp *t, struct tcp_segment *s, const struct tcp_check *self, nsec now)
{
    if (!t->timestamps_ok || !s->has_timestamps || (s->flags & TCP_RST)
        || !seq_before(s->ts_value, t->ts_recent) || now - t->ts_recent_at > PAWS_DAYS * 86400 * SECOND)
        return GO_ON;
    if (segment_span(s) == 0)
        return challenge(t, s, self, "a timestamp not older than the last", now);
    tell(t, s, self, "a timestamp not older than the last", "dropped and acknowledged");
    tcp_ack_now(t);
    return DONE;
}

/* RFC 7323 §4.3: what our ACKs echo is the timestamp of the segment that made us send the last one, not of those that
 * came since: so a delayed ACK counts into the peer's round trip. */
static void take_timestamp(struct tcp *t, const struct tcp_segment *s, nsec now)
{
    if (!t->timestamps_ok || !s->has_timestamps || !seq_upto(s->seq, t->last_ack_sent)
        || seq_before(s->ts_value, t->ts_recent))
        return;
    if ((s->flags & TCP_ACK) && seq_before(t->snd_nxt, s->ack))
        return;                                       /* of what was never sent: a stranger's */
    t->ts_recent = s->ts_value;
    t->ts_recent_at = now;
}

static enum step check_seq(struct tcp *t, struct tcp_segment *s, const struct tcp_check *self, nsec now)
{
    if (is_their_syn(t, s) && !(s->flags & (TCP_ACK | TCP_RST))) {
        tell(t, s, self, "an ACK of our SYN", "our SYN-ACK goes again");
        tcp_set_due(t, TCP_DUE_SYN, trace_cause(t->carrier.voice.trace));
        return DONE;
    }
    if (acceptable(t, s) || is_their_syn(t, s)) {
        take_timestamp(t, s, now);
        if (!(s->flags & TCP_RST))
            trim(t, s);
        return GO_ON;
    }
    if (s->flags & TCP_RST) {
        tell(t, s, self, "octets in the window", "dropped");
        return DONE;
    }
    if (t->state == TCP_TIME_WAIT && (s->flags & TCP_FIN))
        tcp_timer_set(t, TCP_TIMER_TIME_WAIT, now, TCP_2MSL); /* their FIN again: our last ACK was lost */
    if (segment_span(s) == 0)
        return challenge(t, s, self, "octets in the window", now);
    tell(t, s, self, "octets in the window", "dropped and acknowledged");
    uint32_t end = s->seq + (uint32_t)s->text.n;
    if (s->text.n && seq_upto(end, t->rcv_nxt))
        tcp_came_twice(t, s->seq, end);
    /* The last one again: its time goes back, else their round trip would hold how long our ACK was lost. */
    if (s->seq + segment_span(s) == t->rcv_nxt)
        take_timestamp(t, s, now);
    tcp_ack_quickly(t);
    tcp_ack_now(t);
    return DONE;
}

/* Second. RFC 5961 §3.2: obeyed only exactly at rcv_nxt; elsewhere in the window the true peer will answer
 * the challenge with one that is. */
static enum step check_rst(struct tcp *t, struct tcp_segment *s, const struct tcp_check *self, nsec now)
{
    if (!(s->flags & TCP_RST))
        return GO_ON;
    if (s->seq != t->rcv_nxt)
        return challenge(t, s, self, "a RST exactly at rcv_nxt", now);
    if (t->state == TCP_TIME_WAIT) {                  /* RFC 1337 §4: it keeps old segments from a new connection */
        tell(t, s, self, "the end of TIME-WAIT by its timer", "dropped");
        return DONE;
    }
    bool refused = t->state == TCP_SYN_RECEIVED && !t->carrier.passive;
    return was_reset(t, refused ? &tcp_refused : &tcp_was_reset, "an end by FIN");
}

/* Fourth. RFC 5961 §4.2: a SYN does nothing here; a peer that has really started anew answers the challenge
 * with a RST. */
static enum step check_syn(struct tcp *t, struct tcp_segment *s, const struct tcp_check *self, nsec now)
{
    if (!(s->flags & TCP_SYN))
        return GO_ON;
    return challenge(t, s, self, "no SYN inside a connection", now);
}

/* The peer has everything before s->ack. */
static void new_ack(struct tcp *t, uint32_t ack)
{
    uint32_t acked = ack - t->snd_una, text = acked < t->carrier.out.len ? acked : t->carrier.out.len;
    bool was_tight = ring_room(&t->carrier.out) < t->carrier.out.limit / 2;
    if (text)
        ring_consume(&t->carrier.out, text);
    t->octets_acked += text;
    t->snd_una = ack;
    tcp_mtu_acked(t);
    t->tries = ack != t->snd_nxt;
    t->alive.waits_since = NEVER;
    if (t->snd_wnd)                                   /* else it was a probe that was taken: there is still no room */
        t->persist_backoff = 0;
    tcp_timer_stop(t, TCP_TIMER_RTO); /* RFC 6298 §5.2, §5.3: the pull sets it anew if need be */
    tcp_timer_stop(t, TCP_TIMER_PROBE);
    tcp_tune_sending(t);
    if (text && (was_tight || t->carrier.out.len == 0))
        t->has_news = true;                           /* room: whoever waits for much waits for all of it */
}

/* RFC 9293 §3.10.7.4: only from segments that are not older than the last that told us the window. */
static void take_window(struct tcp *t, const struct tcp_segment *s)
{
    if (!seq_before(t->snd_wl1, s->seq) && !(t->snd_wl1 == s->seq && seq_upto(t->snd_wl2, s->ack)))
        return;
    uint32_t window = tcp_their_window(t, s);
    bool opened = t->snd_wnd == 0 && window > 0;
    t->snd_wnd = window;
    t->snd_wl1 = s->seq;
    t->snd_wl2 = s->ack;
    if (window > t->snd_wnd_max)
        t->snd_wnd_max = window;
    if (opened) {
        t->persist_backoff = 0;
        t->due[TCP_DUE_PROBE] = false;
        tcp_recovery_window_opened(t);
    }
}

/* RFC 5681 §2. */
static bool is_duplicate_ack(const struct tcp *t, const struct tcp_segment *s)
{
    return s->ack == t->snd_una && t->snd_una != t->snd_nxt && segment_span(s) == 0
           && s->window && tcp_their_window(t, s) == t->snd_wnd;
}

static void fin_was_acknowledged(struct tcp *t, nsec now)
{
    if (t->state == TCP_LAST_ACK) {
        tcp_end(t, TCP_ACK_OF_FIN, NULL);
    } else if (t->state == TCP_CLOSING) {
        tcp_enter(t, TCP_ACK_OF_FIN);
        tcp_timer_set(t, TCP_TIMER_TIME_WAIT, now, TCP_2MSL);
    } else if (t->state == TCP_FIN_WAIT_1) {
        tcp_enter(t, TCP_ACK_OF_FIN);
        if (t->released)
            tcp_timer_set(t, TCP_TIMER_TIME_WAIT, now, TCP_ORPHAN_WAIT);
    }
}

/* Fifth. */
static enum step check_ack(struct tcp *t, struct tcp_segment *s, const struct tcp_check *self, nsec now)
{
    if (!(s->flags & TCP_ACK)) {
        tell(t, s, self, "an ACK", "dropped");
        return DONE;
    }
    if (t->state == TCP_SYN_RECEIVED) {
        if (s->ack != t->iss + 1) {
            tell(t, s, self, "an ACK of our SYN", "answered by a RST");
            return ANSWER_RST;
        }
        established(t, s, TCP_ACK_OF_SYN, now);
    }
    if (seq_before(t->snd_nxt, s->ack))
        return challenge(t, s, self, "an ACK of octets that were sent", now);
    if (seq_before(s->ack, t->snd_una - t->snd_wnd_max))           /* RFC 5961 §5.2 */
        return challenge(t, s, self, "an ACK not older than the largest window", now);
    t->more_waits = false;
    if (!t->released)
        t->probes = 0;
    uint32_t prior_una = t->snd_una;
    bool duplicate = is_duplicate_ack(t, s);
    if (seq_before(t->snd_una, s->ack))
        new_ack(t, s->ack);
    if (seq_upto(t->snd_una, s->ack))
        take_window(t, s);
    tcp_ecn_came(t, s);
    tcp_alive_told(t, s);
    tcp_recovery_heard(t, s, prior_una, duplicate, now);
    tcp_ecn_heard(t, s);
    tcp_alive_heard(t, now);
    if (t->fin_sent && t->snd_una == t->snd_nxt)
        fin_was_acknowledged(t, now);
    return GO_ON;
}

/* Seventh. (Sixth, URG: the urgent pointer is named and has no other effect: RFC 6093 advises against its
 * use.) */
static enum step check_text(struct tcp *t, struct tcp_segment *s, const struct tcp_check *self, nsec now)
{
    bool may_come = t->state == TCP_ESTABLISHED || t->state == TCP_FIN_WAIT_1 || t->state == TCP_FIN_WAIT_2;
    if (s->text.n == 0 || !may_come)
        return GO_ON;
    if (t->released) { /* RFC 9293 §3.6.1: nobody will read it, and the peer should know */
        tell(t, s, self, "no text after our program has let go", "answered by a RST");
        struct fault why = { 0 };
        refuse(&why, &tcp_unread, "no text after our program has let go", "text that nobody will read");
        why.answer = "RST";
        tcp_end(t, TCP_ABORT_CALLED, &why);
        return ANSWER_RST;                            /* with their number: it is what they expect next */
    }
    if (t->fin_known && seq_before(t->fin_seq, s->seq + (uint32_t)s->text.n))
        return GO_ON;                                 /* behind their FIN there is nothing */
    bool in_order = s->seq == t->rcv_nxt && t->n_extents == 0;
    tcp_tune_receiving(t, s, now);
    uint32_t readable = tcp_reassemble(t, s->seq, s->text.at, (uint32_t)s->text.n);
    if (readable)
        t->has_news = true;
    else
        tell(t, s, self, "the octet at rcv_nxt", "kept for later");
    tcp_ack_text(t, (uint32_t)s->text.n, in_order && readable, now);
    return GO_ON;
}

/* Eighth. A FIN counts when all octets before it are here. */
static enum step check_fin(struct tcp *t, struct tcp_segment *s, const struct tcp_check *self, nsec now)
{
    (void)self;
    bool may_come = t->state == TCP_ESTABLISHED || t->state == TCP_FIN_WAIT_1 || t->state == TCP_FIN_WAIT_2;
    if ((s->flags & TCP_FIN) && !t->fin_known && may_come) {
        t->fin_known = true;
        t->fin_seq = s->seq + (uint32_t)s->text.n;
    }
    if (s->flags & TCP_FIN)
        tcp_ack_now(t);
    if (!t->fin_known || t->carrier.peer_done || seq_before(t->rcv_nxt, t->fin_seq))
        return GO_ON;
    t->rcv_nxt++;
    t->rcv_wnd -= t->rcv_wnd > 0;
    tcp_forget_extents(t);                            /* of text behind the FIN: somebody lied */
    ring_forget(&t->carrier.in);
    t->carrier.peer_done = true;
    tcp_ack_now(t);
    tcp_enter(t, TCP_FIN_CAME);
    if (t->state == TCP_TIME_WAIT)
        tcp_timer_set(t, TCP_TIMER_TIME_WAIT, now, TCP_2MSL);
    return GO_ON;
}

static const struct tcp_check syn_sent_checks[] = {
    { "first, check the ACK",    "RFC 9293 §3.10.7.3", syn_sent_check_ack },
    { "second, check the RST",   "RFC 9293 §3.10.7.3", syn_sent_check_rst },
    { "fourth, check the SYN",   "RFC 9293 §3.10.7.3", syn_sent_check_syn },
    { "seventh, process the text", "RFC 9293 §3.10.7.4", check_text },
    { "eighth, check the FIN",   "RFC 9293 §3.10.7.4", check_fin },
};

static const struct tcp_check checks[] = {
    { "before all, check the timestamp",  "RFC 7323 §5.3",                check_timestamp },
    { "first, check the sequence number", "RFC 9293 §3.10.7.4",           check_seq },
    { "second, check the RST",            "RFC 9293 §3.10.7.4, RFC 5961 §3", check_rst },
    { "fourth, check the SYN",            "RFC 9293 §3.10.7.4, RFC 5961 §4", check_syn },
    { "fifth, check the ACK",             "RFC 9293 §3.10.7.4, RFC 5961 §5", check_ack },
    { "seventh, process the text",        "RFC 9293 §3.10.7.4",           check_text },
    { "eighth, check the FIN",            "RFC 9293 §3.10.7.4",           check_fin },
};

bool tcp_input(struct tcp *t, const struct tcp_segment *came, nsec now)
{
    struct tcp_segment s = *came;
    bool syn_sent = t->state == TCP_SYN_SENT;
    const struct tcp_check *all = syn_sent ? syn_sent_checks : checks;
    size_t n = syn_sent ? sizeof syn_sent_checks / sizeof *all : sizeof checks / sizeof *all;
    enum step step = GO_ON;
    for (size_t i = 0; i < n && step == GO_ON && t->state != TCP_CLOSED; i++)
        step = all[i].run(t, &s, &all[i], now);
    tcp_tell_vars(t);
    return step != ANSWER_RST;
}

bool tcp_reset_for(const struct tcp_segment *s, struct tcp_segment *rst)
{
    if (s->flags & TCP_RST)
        return false;
    bool has_ack = s->flags & TCP_ACK;
    *rst = (struct tcp_segment){
        .source_port = s->destination_port, .destination_port = s->source_port,
        .seq = has_ack ? s->ack : 0, .ack = has_ack ? 0 : s->seq + segment_span(s),
        .flags = has_ack ? TCP_RST : TCP_RST | TCP_ACK,
    };
    return true;
}

/* Anybody can send ICMP. So it ends nothing but a connection that does not stand yet, and only when it quotes
 * the SYN that is out. */
void tcp_unreachable(struct tcp *t, uint32_t seq, const char *what)
{
    if (t->state != TCP_SYN_SENT || seq != t->iss || t->snd_nxt == t->iss)
        return;
    struct fault why = { 0 };
    refuse(&why, &unreachable, "an answer to our SYN", "ICMP: %s", what);
    tcp_end(t, TCP_UNREACHABLE_CAME, &why);
}

/* RFC 1191 §6.5: smaller pieces from here on, those under way again, and no word about congestion. Anybody
 * can send ICMP, so it must quote what is under way (RFC 5927 §7.2), and never leads below 536 octets; in IPv6
 * never below a packet of 1280 (RFC 8201 §4). */
void tcp_too_big(struct tcp *t, uint32_t seq, uint16_t mtu)
{
    uint16_t was = t->mss, least = t->local.len == 16 ? IP6_MTU_LEAST : TCP_MSS_DEFAULT + HEADERS;
    if (!tcp_synchronized(t) || !seq_in(seq, t->snd_una, tcp_flight(t)))
        return;
    mtu = mtu > least ? mtu : least;
    if (t->path_mtu && t->path_mtu <= mtu)
        return;
    t->path_mtu = mtu;
    tcp_set_mss(t);
    if (t->mss >= was)
        return;
    tcp_recovery_too_big(t);
}
