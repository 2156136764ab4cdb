#include "net/stack_parts.h"
#include "net/tell.h"

static const struct ground bad_checksum   = { "tcp.checksum",        "RFC 9293 §3.1" };
static const struct ground tcp_nowhere    = { "tcp.no_connection",   "RFC 9293 §3.10.7.1" };
static const struct ground tcp_listen     = { "tcp.listen",          "RFC 9293 §3.10.7.2" };
static const struct ground tcp_no_room    = { "tcp.no_room",         "RFC 9293 §3.10.1" };

void stack_settle(struct tcp *t) { tcp_table_settle(&t->stack->tcp, t); }

static void touch(struct carrier *c, event_no why)
{
    struct tcp *t = (struct tcp *)c;
    tcp_touch(t, why);
    stack_settle(t);
}

static void close_carrier(struct carrier *c)
{
    struct tcp *t = (struct tcp *)c;
    tcp_close(t);
    stack_settle(t);
}

static void abort_carrier(struct carrier *c)
{
    struct tcp *t = (struct tcp *)c;
    tcp_abort(t);
    stack_settle(t);
}

static void release(struct carrier *c)
{
    struct tcp *t = (struct tcp *)c;
    tcp_release(t, t->stack->now);
    stack_settle(t);
}

static const struct carrier_ops carrier_ops = { touch, close_carrier, abort_carrier, release };

struct tcp *stack_new_connection(struct stack *s, const struct tcp_ends *ends)
{
    struct tcp *t = tcp_table_new(&s->tcp, ends);
    if (!t)
        return NULL;
    t->stack = s;
    t->carrier.ops = &carrier_ops;
    t->carrier.voice.trace = s->host.voice.trace;
    t->carrier.voice.host = s->host.voice.host;
    return t;
}

/* --- segments that came --- */

static void answer_rst(struct stack *s, const struct tcp_segment *segment, const struct tcp_ends *ends)
{
    struct tcp_segment rst;
    if (s->n_rsts < ANSWERS && tcp_reset_for(segment, &rst))
        s->rsts[s->n_rsts++] = (struct rst_answer){ rst, ends->local, ends->peer, stack_cause(s) };
}

/* Where all places are taken by those who never answered our SYN-ACK, one of them goes: RFC 4987 §3.4. */
static bool make_place(struct stack *s, struct tcp_listener *l)
{
    if (l->waiting < s->config.backlog)
        return true;
    if (!tcp_table_recycle(&s->tcp, l))
        return false;
    struct fault why = { 0 };
    refuse(&why, &tcp_no_room, "a place in the backlog", "a SYN, when %u are half open", l->waiting + 1);
    why.answer = "the oldest half-open one made room";
    if (trace_hears(s->host.voice.trace))
        tell_drop(&s->host.voice, "tcp", __func__, &why);
    return true;
}

/* RFC 9293 §3.10.7.2, LISTEN: first RST, second ACK, third SYN. */
static void listener_input(struct stack *s, struct tcp_listener *l, const struct tcp_ends *ends,
                           const struct tcp_segment *segment)
{
    if (segment->flags & TCP_RST) {
        stack_drop(s, "tcp", &tcp_listen, "a SYN", "a RST");
    } else if (segment->flags & TCP_ACK) {
        stack_drop(s, "tcp", &tcp_listen, "a SYN", "an ACK of what was never sent");
        answer_rst(s, segment, ends);
    } else if (!(segment->flags & TCP_SYN)) {
        stack_drop(s, "tcp", &tcp_listen, "a SYN", "a segment without SYN and ACK");
    } else {
        struct tcp *t = make_place(s, l) ? stack_new_connection(s, ends) : NULL;
        if (!t) {
            stack_drop(s, "tcp", &tcp_no_room, "room for one more connection",
                       "a SYN, when all places are taken");
            return;
        }
        t->listener = l;
        l->waiting++;
        t->ts_offset = tcp_table_ts_offset(&s->tcp, ends);
        tcp_accept(t, &s->tcp_config, tcp_table_isn(&s->tcp, ends, s->now), segment, s->now);
        stack_settle(t);
    }
}

/* RFC 9293 §3.10.7.4, fourth, in TIME-WAIT: a SYN behind all that came in the old connection's life begins a
 * new one (RFC 6191 §2). */
static bool begins_anew(const struct tcp *t, const struct tcp_segment *segment)
{
    return t->state == TCP_TIME_WAIT && t->released
           && (segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN
           && segment->seq - t->rcv_nxt - 1 < 1u << 31;
}

void stack_tcp_came(struct stack *s, const struct ip_header *ip, struct wire_in *in,
                    const struct packet *packet)
{
    struct tcp_segment segment;
    struct fault why = { 0 };
    if (packet->sum == SUM_MADE
        && ip_checksum(&ip->source, &ip->destination, IP_TCP, in->at, wire_left(in)) != 0) {
        stack_drop(s, "tcp", &bad_checksum, "a segment whose checksum is right", "a wrong one");
        return;
    }
    if (!tcp_segment_read(in, &segment, &why)) {
        tell_drop(&s->host.voice, "tcp", __func__, &why);
        return;
    }
    struct tcp_ends ends = { ip->destination, ip->source, segment.destination_port, segment.source_port };
    struct tcp *t = tcp_table_find(&s->tcp, &ends);
    struct tcp_listener *l = tcp_table_listener(&s->tcp, &ends.local, ends.port);
    if (t && l && begins_anew(t, &segment)) {
        tcp_table_forget(&s->tcp, t);
        t = NULL;
    }
    if (t) {
        if (!tcp_input(t, &segment, s->now))
            answer_rst(s, &segment, &ends);
        stack_settle(t);
    } else if (l) {
        listener_input(s, l, &ends, &segment);
    } else {
        stack_drop(s, "tcp", &tcp_nowhere, "a segment of a connection that exists", segment_name(&segment));
        answer_rst(s, &segment, &ends);
    }
}
