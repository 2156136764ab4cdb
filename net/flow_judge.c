/* What a segment was, by the rules of Wireshark 4.0 for tcp.analysis.*, so that both say the same of each packet.
 * They are guesses of who sees one place of the way only, and are kept as they are, odd ones too: a sequence
 * number of 0 counts as not known; an ACK field is compared where no ACK flag is set. What is put in order
 * (flow_order.c) does not depend on them, but for the octet of a keep-alive. docs/tcp-judged.md has the rules in
 * words. */
#include "net/flow_inside.h"
#include "net/seq.h"

#define FAST_WITHIN   (20 * MILLISECOND)              /* of the duplicate ACK that asked for it */
#define ACKED_UNSEEN  UINT32_MAX                      /* instead of a number of duplicate ACKs */
#define REORDER_LEAST (3 * MILLISECOND)               /* a reordered segment is late by less, where no RTT is known */

const char *flow_mark_name(unsigned bit)
{
    static const char *const names[FLOW_MARKS] = {
        "retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order", "lost_segment",
        "ack_lost_segment", "duplicate_ack", "keep_alive", "keep_alive_ack", "zero_window", "zero_window_probe",
        "zero_window_probe_ack", "window_full", "window_update", "reused_ports",
    };
    return bit < FLOW_MARKS ? names[bit] : "";
}

uint32_t flow_base(const struct flow *f, unsigned side) { return flow_inside_const(f)->judge[side].base_seq; }

/* The segment that is judged. span: SYN and FIN count once, together. */
struct judged {
    struct flow_judge *fwd, *rev;
    const struct flow_inside *flow;
    uint32_t seq, ack, n, window; unsigned flags; nsec at;
};

static bool is_any(const struct judged *s, unsigned flags) { return (s->flags & flags) != 0; }
static bool is_plain(const struct judged *s) { return !is_any(s, TCP_SYN | TCP_FIN | TCP_RST); }

/* It says what the last one said. */
static bool repeats(const struct judged *s)
{
    return s->n == 0 && s->seq == s->fwd->nextseq && s->ack == s->fwd->lastack && is_plain(s);
}

static bool fills_window(const struct judged *s)
{
    const struct flow_judge *r = s->rev;
    unsigned shift = r->first_ack || r->scale < 0 ? 0 : (unsigned)r->scale;
    return s->n > 0 && r->scale != SCALE_UNKNOWN && is_plain(s) && s->seq + s->n == r->lastack + (r->window << shift);
}

/* A probe, or an answer to one: then nothing else is asked of windows and ACKs. */
static unsigned judge_windows(const struct judged *s)
{
    const struct flow_judge *f = s->fwd;
    unsigned marks = 0;
    if (s->n == 1 && s->seq == f->nextseq && s->rev->window == 0)
        return FLOW_ZERO_WINDOW_PROBE;
    if (s->window == 0 && is_plain(s))
        marks |= FLOW_ZERO_WINDOW;
    if (f->nextseq && seq_before(f->nextseq, s->seq) && !is_any(s, TCP_RST))
        marks |= FLOW_LOST_SEGMENT;
    if (s->n <= 1 && s->seq == f->nextseq - 1 && is_plain(s))
        marks |= FLOW_KEEP_ALIVE;
    if (repeats(s) && s->window && s->window != f->window)
        marks |= FLOW_WINDOW_UPDATE;
    if (fills_window(s))
        marks |= FLOW_WINDOW_FULL;
    if (!repeats(s) || s->window != f->window)
        return marks;
    if (s->window && s->rev->last_marks & FLOW_KEEP_ALIVE)
        return marks | FLOW_KEEP_ALIVE_ACK;
    if (s->window == 0)
        return s->rev->last_marks & FLOW_ZERO_WINDOW_PROBE ? marks | FLOW_ZERO_WINDOW_PROBE_ACK : marks;
    s->fwd->dupacks = s->fwd->dupacks == ACKED_UNSEEN ? 1 : s->fwd->dupacks + 1;
    return marks | FLOW_DUPLICATE_ACK;
}

/* It acknowledges what was not seen. Said once for what is missing. */
static unsigned judge_ack(const struct judged *s)
{
    struct flow_judge *r = s->rev;
    if (s->ack != s->fwd->lastack)
        s->fwd->dupacks = 0;
    if (!r->max_to_be_acked || !seq_before(r->max_to_be_acked, s->ack) || !is_any(s, TCP_ACK))
        return 0;
    if (seq_before(r->max_to_be_acked, r->nextseq)) {
        r->max_to_be_acked = r->nextseq;
        return FLOW_ACK_LOST;
    }
    unsigned marks = r->dupacks == 0 ? FLOW_ACK_LOST : 0;
    r->dupacks = ACKED_UNSEEN;                        /* many, for who compares */
    return marks;
}

/* Since `then`; what lies in the future is far away. */
static uint64_t since(const struct judged *s, nsec then) { return (uint64_t)s->at - (uint64_t)then; }

/* Text, SYN or FIN that does not go beyond what was sent: sent again, or late? */
static unsigned judge_old(const struct judged *s)
{
    const struct flow_judge *f = s->fwd, *r = s->rev;
    bool old = f->nextseq && seq_before(s->seq, f->nextseq);
    if (s->n > 1 && f->nextseq - 1 == s->seq)         /* behind a probe of one octet: the text itself */
        old = false;
    if (s->n > 0 && r->lastack && seq_upto(s->seq + s->n, r->lastack))
        return FLOW_SPURIOUS | FLOW_RETRANSMISSION;
    if (!old)
        return 0;
    if (r->dupacks >= 2 && r->lastack == s->seq && since(s, r->lastack_at) < (uint64_t)FAST_WITHIN)
        return FLOW_FAST_RETRANSMISSION | FLOW_RETRANSMISSION;
    nsec late = s->flow->first_rtt ? s->flow->first_rtt : REORDER_LEAST;
    uint32_t end = s->seq + s->n + is_any(s, TCP_SYN | TCP_FIN);
    if (since(s, f->nextseq_at) < (uint64_t)late && f->nextseq != end)
        return FLOW_OUT_OF_ORDER;
    return FLOW_RETRANSMISSION;
}

static void remember(const struct judged *s, unsigned marks)
{
    struct flow_judge *f = s->fwd;
    uint32_t end = s->seq + s->n + is_any(s, TCP_SYN | TCP_FIN);
    if (!(marks & FLOW_ZERO_WINDOW_PROBE)) {
        if (seq_before(f->nextseq, end) || !f->nextseq) {
            f->nextseq = end;
            f->nextseq_at = s->at;
        }
        if (s->seq == f->max_to_be_acked || !f->max_to_be_acked)
            f->max_to_be_acked = f->nextseq;
    }
    f->window = s->window;
    f->lastack = s->ack;
    f->lastack_at = s->at;
    f->last_marks = marks;
}

/* Both must have said a window scale, else neither has one (RFC 7323 §2.2). */
static void learn_scale(const struct judged *s, const struct tcp_segment *t)
{
    struct flow_judge *f = s->fwd, *r = s->rev;
    if (t->has_window_scale)
        f->scale = (int8_t)scale_said(t);
    if (f->scale == SCALE_UNKNOWN)
        f->scale = r->scale = SCALE_NONE;
    else if (is_any(s, TCP_ACK) && r->scale == SCALE_NONE)
        f->scale = SCALE_NONE;
}

static void learn_times(struct flow_inside *i, const struct judged *s, const struct tcp_segment *t)
{
    if (is_any(s, TCP_SYN)) {
        learn_scale(s, t);
        s->fwd->first_ack = true;
        if (!is_any(s, TCP_ACK))
            i->syn_at = s->at;
    } else if (is_any(s, TCP_ACK)) {
        s->fwd->first_ack = false;
        if (i->syn_at && !i->first_rtt)
            i->first_rtt = s->at - i->syn_at;
    }
}

bool judge_is_another(const struct flow_inside *i, unsigned side, const struct tcp_segment *t)
{
    const struct flow_judge *f = &i->judge[side];
    return (t->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && f->base_set && t->seq != f->base_seq;
}

/* The numbers that both begin with, as far as they can be known. */
static unsigned learn_base(const struct judged *s)
{
    struct flow_judge *f = s->fwd, *r = s->rev;
    unsigned marks = 0;
    if (is_any(s, TCP_SYN) && f->base_set) {
        if (!is_any(s, TCP_ACK)) {
            f->nextseq = f->max_to_be_acked;          /* a RST may have said a number that is none of its own */
        } else if (s->seq != f->base_seq) {
            f->base_seq = s->seq;
            marks = FLOW_REUSED_PORTS;
        }
    }
    if (!f->base_set)
        f->base_seq = is_any(s, TCP_SYN) ? s->seq : s->seq - 1;
    f->base_set = true;
    if (!r->base_set && is_any(s, TCP_ACK)) {
        r->base_seq = s->ack - 1;
        r->base_set = true;
    }
    return marks;
}

unsigned judge_take(struct flow_inside *i, unsigned side, const struct flow_packet *p, bool reused)
{
    const struct tcp_segment *t = p->segment;
    struct judged s = { .fwd = &i->judge[side], .rev = &i->judge[!side], .flow = i, .seq = t->seq, .ack = t->ack,
                        .n = (uint32_t)t->text.n + p->missing, .window = t->window, .flags = t->flags, .at = p->at };
    unsigned marks = learn_base(&s) | (reused ? FLOW_REUSED_PORTS : 0);
    marks |= judge_windows(&s);
    marks |= judge_ack(&s);
    if ((s.n > 0 || is_any(&s, TCP_SYN | TCP_FIN)) && !(marks & FLOW_KEEP_ALIVE))
        marks |= judge_old(&s);
    remember(&s, marks);
    learn_times(i, &s, t);
    return marks;
}
