/* What is counted of each side of a connection, for who explains it. */
#include "net/flow_inside.h"
#include "net/seq.h"

#include <string.h>

static struct flow_moment moment(const struct flow_packet *p) { return (struct flow_moment){ p->number, p->at }; }

static void first(struct flow_moment *m, const struct flow_packet *p)
{
    if (!m->packet)
        *m = moment(p);
}

static void count_marks(struct flow_side *s, const struct flow_packet *p, unsigned marks)
{
    for (unsigned bit = 0; marks; bit++, marks >>= 1) {
        if (!(marks & 1))
            continue;
        s->marked[bit]++;
        first(&s->first_marked[bit], p);
    }
}

static void take_syn(struct flow_side *s, const struct flow_packet *p)
{
    const struct tcp_segment *t = p->segment;
    s->syns++;
    if (s->syn.packet)
        return;
    s->syn = moment(p);
    s->isn = t->seq;
    s->isn_known = true;
    s->mss = t->mss;
    s->has_window_scale = t->has_window_scale;
    s->window_scale = scale_said(t);
    s->sack_permitted = t->sack_permitted;
    s->has_timestamps = t->has_timestamps;
    s->ipid_syn = p->ip->identification;
}

/* Fits: the next one that the other side expects, as far as it acknowledged or as far as this side sent; one that
 * refuses a SYN has none of its own, but acknowledges it (RFC 9293 §3.5.2). */
static void take_rst(struct flow_side *s, const struct flow_side *other, const struct flow_packet *p)
{
    const struct tcp_segment *t = p->segment;
    s->rsts++;
    if (s->rst.packet)
        return;
    s->rst = moment(p);
    s->hops_rst = p->ip->hop_limit;
    s->window_rst = t->window;
    s->ipid_rst = p->ip->identification;
    s->rst_seq = t->seq;
    s->rst_has_ack = t->flags & TCP_ACK;
    bool refuses = !s->syns && other->isn_known && t->flags & TCP_ACK && t->ack == other->nxt;
    s->rst_fits = refuses || (other->acked_known && t->seq == other->acked) || (s->nxt_known && t->seq == s->nxt);
}

static unsigned scale_of(const struct flow *f, unsigned side)
{
    bool both = f->side[0].has_window_scale && f->side[1].has_window_scale;
    return both ? f->side[side].window_scale : 0;
}

static void take_window(struct flow_inside *i, unsigned side, const struct flow_packet *p, unsigned marks)
{
    struct flow_side *s = &i->flow.side[side];
    bool syn = p->segment->flags & TCP_SYN, had = s->packets > s->rsts + 1;
    uint32_t window = (uint32_t)p->segment->window << (syn ? 0 : scale_of(&i->flow, side));
    s->window_last = window;
    if (!had)
        s->window_first = s->window_least = s->window_most = window;
    if (window < s->window_least)
        s->window_least = window;
    if (window > s->window_most)
        s->window_most = window;
    if (marks & FLOW_ZERO_WINDOW && !i->zero[side].on) {
        i->zero[side].from = moment(p);
        i->zero[side].on = true;
    }
    if (!i->zero[side].on)
        return;
    nsec lasted = p->at - i->zero[side].from.at;
    if (lasted >= s->zero_longest) {
        s->zero_longest = lasted;
        s->zero_from = i->zero[side].from;
    }
    i->zero[side].on = window == 0;
    s->zero_still = window == 0;
}

/* --- text --- */

/* Four sums beside each other, so that none waits for another. What a stranger makes collide is one conflict unseen. */
static uint32_t hash_of(const uint8_t *at, uint32_t n)
{
    enum { LANES = 4 };
    uint64_t sum[LANES] = { n, 1, 2, 3 }, word[LANES];
    for (; n >= sizeof word; at += sizeof word, n -= (uint32_t)sizeof word) {
        memcpy(word, at, sizeof word);
        for (unsigned k = 0; k < LANES; k++)
            sum[k] = (sum[k] ^ word[k]) * UINT64_C(0x9e3779b97f4a7c15);
    }
    for (; n; n--)
        sum[n % LANES] = (sum[n % LANES] ^ *at++) * UINT64_C(0x9e3779b97f4a7c15);
    uint64_t all = (sum[0] ^ sum[1] >> 7 ^ sum[2] >> 13 ^ sum[3] >> 23) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(all >> 32);
}

static bool differs(const struct flow_recent *a, const struct flow_recent *b)
{
    uint32_t n = a->n < b->n ? a->n : b->n;
    if (a->n == b->n && a->hash != b->hash)
        return true;
    return memcmp(a->first, b->first, n < sizeof a->first ? n : sizeof a->first) != 0;
}

void facts_conflict(struct flow_inside *i, unsigned side, const struct flow_packet *p)
{
    if (i->conflicted == p->number)
        return;
    i->conflicted = p->number;
    i->flow.side[side].conflicts++;
    first(&i->flow.side[side].first_conflict, p);
}

/* The same place in the stream again, and other octets there. What waits in order is compared octet by octet
 * there. */
static void compare_recent(struct flow_inside *i, unsigned side, const struct flow_packet *p, bool old)
{
    const struct tcp_segment *t = p->segment;
    uint32_t n = (uint32_t)t->text.n;
    struct flow_recent now = { .seq = t->seq, .n = n, .hash = hash_of(t->text.at, n) };
    if (n)                                            /* none may have been kept */
        memcpy(now.first, t->text.at, n < sizeof now.first ? n : sizeof now.first);
    for (unsigned k = 0; old && k < i->n_recent[side]; k++) {
        const struct flow_recent *r = &i->recent[side][k];
        if (r->seq != now.seq)
            continue;
        if (differs(r, &now))
            facts_conflict(i, side, p);
        return;
    }
    i->recent[side][i->recent_at[side]] = now;
    i->recent_at[side] = (uint8_t)((i->recent_at[side] + 1) % FLOW_RECENT);
    if (i->n_recent[side] < FLOW_RECENT)
        i->n_recent[side]++;
}

static void take_again(struct flow_inside *i, unsigned side, const struct flow_packet *p, uint32_t n)
{
    struct flow_side *s = &i->flow.side[side];
    const struct tcp_segment *t = p->segment;
    i->timed[side].on = false;                        /* Karn: whose ACK it will be is not known */
    s->resent_times++;
    if (!i->again[side].times || i->again[side].seq != t->seq) {
        i->again[side].times = 0;
        i->again[side].seq = t->seq;
        i->again[side].first = moment(p);
    }
    i->again[side].size = n;
    if (++i->again[side].times <= s->resent_most)
        return;
    s->resent_most = i->again[side].times;
    s->resent_seq = t->seq;
    s->resent_size = n;
    s->resent_first = i->again[side].first;
    s->resent_acked = false;
}

static struct flow_stamp stamp_of(const struct flow_packet *p)
{
    return (struct flow_stamp){ .clock = p->segment->has_timestamps ? p->segment->ts_value : 0,
                                .id = p->ip->source.len == 4 ? (uint16_t)p->ip->identification : 0 };
}

/* Was it sent before what was seen before it? Who sends again says so with a later clock, or counts on. Counters of
 * several connections together, or drawn at random, are no evidence far apart. */
static bool take_sent(struct flow_inside *i, unsigned side, struct flow_stamp now)
{
    enum { FAR = 1024 };
    const struct flow_stamp last = i->sent[side].by;
    uint16_t back = (uint16_t)(last.id - now.id);
    if (i->sent[side].known &&
        (now.clock == last.clock ? back && back < FAR : seq_before(now.clock, last.clock)))
        return true;
    i->sent[side].by = now;
    i->sent[side].known = true;
    return false;
}

/* The same packet as the one before it, in less time than it takes to send it again. */
static bool take_copy(struct flow_inside *i, unsigned side, const struct flow_packet *p, struct flow_stamp now,
                      uint32_t n)
{
    const struct tcp_segment *t = p->segment;
    const struct flow_stamp last = i->seen[side].by;
    bool copy = i->seen[side].known && (now.id || t->has_timestamps) && last.id == now.id && last.clock == now.clock &&
                i->seen[side].seq == t->seq && i->seen[side].ack == t->ack && i->seen[side].n == n &&
                p->at - i->seen[side].at < MILLISECOND;
    i->seen[side].by = now;
    i->seen[side].seq = t->seq;
    i->seen[side].ack = t->ack;
    i->seen[side].n = n;
    i->seen[side].at = p->at;
    i->seen[side].known = true;
    return copy;
}

static void take_turn(struct flow_inside *i, unsigned side, const struct flow_packet *p)
{
    struct flow_side *s = &i->flow.side[side];
    if (i->asked[!side].packet && p->at - i->asked[!side].at > s->turn_most) {
        s->turn_most = p->at - i->asked[!side].at;
        s->turn_from = i->asked[!side];
        s->turn_to = moment(p);
        s->turn_text = i->asked_text[!side];
    }
    i->asked[!side].packet = 0;
    i->asked_text[!side] = 0;
}

static void take_octets(struct flow_inside *i, unsigned side, const struct flow_packet *p, unsigned marks)
{
    struct flow_side *s = &i->flow.side[side];
    const struct tcp_segment *t = p->segment;
    uint32_t n = (uint32_t)t->text.n + p->missing, end = t->seq + segment_span(t) + p->missing;
    bool fresh = !s->nxt_known || seq_before(s->nxt, end);
    first(&s->first_text, p);
    s->last_text = moment(p);
    s->missing += p->missing;
    if (n > s->text_most)
        s->text_most = n;
    if (!(marks & FLOW_KEEP_ALIVE))
        compare_recent(i, side, p, s->nxt_known && seq_before(t->seq, s->nxt));
    if (marks & FLOW_KEEP_ALIVE)
        return;
    const struct flow_stamp stamp = stamp_of(p);
    bool needed = (marks & (FLOW_RETRANSMISSION | FLOW_SPURIOUS)) == FLOW_RETRANSMISSION;
    bool copy = take_copy(i, side, p, stamp, n), overtaken = take_sent(i, side, stamp);
    if (copy && needed) {
        s->captured_twice++;
    } else if (overtaken && needed) {
        i->timed[side].on = false;                    /* what ACK covers it was not waited for from here on */
        s->overtaken++;
    } else if (marks & FLOW_RETRANSMISSION) {
        take_again(i, side, p, n);
    } else if (fresh) {
        take_turn(i, side, p);
        i->asked[side] = moment(p);
        i->asked_text[side] += n;
        if (!i->timed[side].on && !(marks & FLOW_OUT_OF_ORDER)) {
            i->timed[side].on = true;
            i->timed[side].end = end;
            i->timed[side].at = p->at;
        }
    }
}

/* A capture's clock may jump: what takes longer than a segment lives (MSL, RFC 9293 §3.4.2) is no round trip. */
static void take_rtt(struct flow_inside *i, unsigned from, nsec now)
{
    enum { MSL = 120 };
    struct flow *f = &i->flow;
    nsec rtt = now - i->timed[from].at;
    i->timed[from].on = false;
    if (rtt < 0 || rtt > MSL * SECOND)
        return;
    if (!f->rtts[0] && !f->rtts[1])
        f->rtt_least = f->rtt_most = rtt;
    f->rtt_least = rtt < f->rtt_least ? rtt : f->rtt_least;
    f->rtt_most = rtt > f->rtt_most ? rtt : f->rtt_most;
    f->rtt_sum[from] += rtt;
    f->rtts[from]++;
}

static void take_ack(struct flow_inside *i, unsigned side, const struct flow_packet *p)
{
    struct flow_side *s = &i->flow.side[side], *other = &i->flow.side[!side];
    uint32_t ack = p->segment->ack;
    bool beyond = s->acked_known && other->nxt_known && seq_before(other->nxt, s->acked);
    if (s->acked_known && (beyond ? ack == s->acked : !seq_before(s->acked, ack)))
        return;                                       /* one beyond all that was sent gives way to any */
    s->acked = ack;
    s->acked_known = true;
    s->last_ack = moment(p);
    if (i->timed[!side].on && seq_upto(i->timed[!side].end, ack))
        take_rtt(i, !side, p->at);
    if (other->resent_most && seq_before(other->resent_seq, ack))
        other->resent_acked = true;
    if (i->again[!side].times && seq_before(i->again[!side].seq, ack))
        i->again[!side].times = 0;
    bool open = side == FLOW_CLIENT && other->syn.packet && !(p->segment->flags & TCP_RST);
    if (open && !i->flow.rtt_syn && i->syn_at && p->at > i->syn_at)          /* a capture's clock may go back */
        i->flow.rtt_syn = p->at - i->syn_at;
}

/* --- one segment --- */

static void take_sum(struct flow_side *s, const struct flow_packet *p)
{
    s->sums_right += p->sum == FLOW_SUM_RIGHT;
    if (p->sum != FLOW_SUM_WRONG)
        return;
    s->sums_pseudo += p->sum_is_pseudo;
    s->sums_wrong++;
    first(&s->first_sum_wrong, p);
}

static void take_hops(struct flow_side *s, const struct flow_packet *p)
{
    uint8_t hops = p->ip->hop_limit;
    if (s->packets == s->rsts + 1)
        s->hops_first = s->hops_least = s->hops_most = hops;
    s->hops_least = hops < s->hops_least ? hops : s->hops_least;
    s->hops_most = hops > s->hops_most ? hops : s->hops_most;
}

bool facts_damaged(const struct flow_inside *i, unsigned side, const struct flow_packet *p)
{
    enum { MSS = 1460 };
    const struct flow_side *s = &i->flow.side[side], *other = &i->flow.side[!side];
    return p->sum == FLOW_SUM_WRONG && !p->sum_is_pseudo && s->sums_wrong - s->sums_pseudo <= s->sums_right &&
           p->segment->text.n + p->missing <= (other->mss ? other->mss : MSS);
}

void facts_take(struct flow_inside *i, unsigned side, const struct flow_packet *p, unsigned marks)
{
    struct flow_side *s = &i->flow.side[side];
    const struct tcp_segment *t = p->segment;
    uint32_t end = t->seq + segment_span(t) + p->missing;
    s->packets++;
    s->octets += p->ip->total_length;
    first(&s->first, p);
    s->last = moment(p);
    count_marks(s, p, marks);
    take_sum(s, p);
    if (facts_damaged(i, side, p))
        return;
    if (t->flags & TCP_RST) {
        take_rst(s, &i->flow.side[!side], p);
        return;
    }
    take_hops(s, p);
    if (t->flags & TCP_SYN)
        take_syn(s, p);
    if (t->flags & TCP_FIN)
        first(&s->fin, p);
    if (s->rst.packet && !s->after_rst.packet && s->nxt_known && t->seq == s->nxt)
        s->after_rst = moment(p);
    take_window(i, side, p, marks);
    if (t->text.n || p->missing)
        take_octets(i, side, p, marks);
    if (!s->nxt_known || seq_before(s->nxt, end)) {
        s->nxt = end;
        s->nxt_known = true;
    }
    if (t->flags & TCP_ACK)
        take_ack(i, side, p);
}

void facts_stray(struct flow_inside *i, unsigned side, const struct flow_packet *p)
{
    struct flow_side *s = &i->flow.side[side];
    s->packets++;
    s->octets += p->ip->total_length;
    s->last = moment(p);
    take_sum(s, p);
    s->stray_syns++;
    first(&s->first_stray_syn, p);
}

void facts_not_stray(struct flow_inside *i)
{
    struct flow_side *s = &i->flow.side[i->stray.side];
    s->packets -= i->stray.times;
    s->octets -= (uint64_t)i->stray.times * i->stray.octets;
    s->stray_syns -= i->stray.times;
    if (!s->stray_syns)
        s->first_stray_syn.packet = 0;
}

void facts_end(struct flow_inside *i)
{
    for (unsigned side = 0; side < 2; side++) {
        struct flow_side *s = &i->flow.side[side];
        if (!i->zero[side].on)
            continue;
        nsec lasted = i->last_at - i->zero[side].from.at;
        if (lasted >= s->zero_longest) {
            s->zero_longest = lasted;
            s->zero_from = i->zero[side].from;
        }
    }
}
