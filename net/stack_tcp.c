#include "net/stack_parts.h"
#include "net/tcp_cookie.h"
#include "net/tell.h"

static const struct ground bad_checksum   = { "tcp.checksum",        "RFC 9293 §3.1" };
static const struct ground tcp_nowhere    = { "tcp.no_connection",   "RFC 9293 §3.10.7.1" };
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
    if (trace_hears(s->host.voice.trace))
        tcp_table_heard(&s->tcp, t);
    return t;
}

/* --- segments that came --- */

void stack_answer(struct stack *s, const struct tcp_segment *segment, const struct tcp_ends *ends)
{
    if (s->n_answers < ANSWERS)
        s->answers[s->n_answers++] = (struct tcp_answer){ *segment, ends->local, ends->peer, stack_cause(s) };
}

void stack_answer_rst(struct stack *s, const struct tcp_segment *segment, const struct tcp_ends *ends)
{
    struct tcp_segment rst;
    if (tcp_reset_for(segment, &rst))
        stack_answer(s, &rst, ends);
}

/* A last ACK of the handshake that comes when the accept queue is full is dropped: the peer has to repeat what it sends
 * until there is room. */
static bool must_wait(const struct stack *s, const struct tcp *t, const struct tcp_segment *segment)
{
    bool waits = t->state == TCP_SYN_RECEIVED && t->listener && !(segment->flags & TCP_RST)
                 && stack_accept_full(t->listener);
    if (waits)
        stack_drop(s, "tcp", &tcp_no_room, "a place in the accept queue", "an ACK, when all places are taken");
    return waits;
}

/* A SYN that was answered by a cookie, was repeated, and found a place in the queue then: the peer knows the number of
 * the cookie only, and a RST for that (RFC 9293 §3.10.7.4) would end what it takes for a connection. So the half-open
 * one goes. */
static bool answers_cookie(struct stack *s, const struct tcp *t, const struct tcp_ends *ends,
                           const struct tcp_segment *ack)
{
    struct tcp_segment syn;
    return t->state == TCP_SYN_RECEIVED && t->listener && s->now <= t->listener->cookies_until
           && (ack->flags & (TCP_ACK | TCP_SYN | TCP_RST)) == TCP_ACK && ack->ack != t->iss + 1
           && tcp_cookie_check(&s->tcp, ends, ack, s->now, &syn);
}

/* The ports alone, before the rest is read; a segment that is too short for them is told of by its reader. */
static struct tcp_ends ends_of(const struct ip_header *ip, const struct wire_in *segment)
{
    struct wire_in in = wire_over(segment->at, wire_left(segment), NULL);
    struct tcp_ends ends = { .local = ip->destination, .peer = ip->source };
    ends.peer_port = take_u16(&in, "source_port");
    ends.port = take_u16(&in, "destination_port");
    return ends;
}

void stack_tcp_came(struct stack *s, const struct ip_header *ip, struct wire_in *in,
                    const struct packet *packet)
{
    struct tcp_segment segment;
    struct fault why = { 0 };
    struct tcp_ends ends = ends_of(ip, in);
    tcp_table_expect(&s->tcp, &ends);
    if (packet->sum == SUM_MADE
        && ip_checksum(&ip->source, &ip->destination, IP_TCP, in->at, wire_left(in)) != 0) {
        stack_drop(s, "tcp", &bad_checksum, "a segment whose checksum is right", "a wrong one");
        return;
    }
    tcp_table_fetch(&s->tcp);
    if (!tcp_segment_read(in, &segment, &why)) {
        tell_drop(&s->host.voice, "tcp", __func__, &why);
        return;
    }
    segment.ecn = ip->traffic_class & 3;
    struct tcp *t = tcp_table_expected(&s->tcp, &ends), *old = NULL;
    struct tcp_listener *l = NULL;
    if (!t || t->state == TCP_TIME_WAIT)
        l = tcp_table_listener(&s->tcp, &ends.local, ends.port);
    if (t && l && tcp_table_begins_anew(t, &segment)) {
        tcp_table_forget(&s->tcp, t);
        old = t;
        t = NULL;
    }
    if (t && answers_cookie(s, t, &ends, &segment)) {
        l = t->listener;
        tcp_end(t, TCP_GAVE_UP, NULL);
        stack_settle(t);
        t = NULL;
    }
    if (t && !must_wait(s, t, &segment)) {
        if (!tcp_input(t, &segment, s->now))
            stack_answer_rst(s, &segment, &ends);
        stack_settle(t);
    } else if (!t && l) {
        stack_listener_input(s, l, &ends, &segment, old);
    } else if (!t) {
        stack_drop(s, "tcp", &tcp_nowhere, "a segment of a connection that exists", segment_name(&segment));
        stack_answer_rst(s, &segment, &ends);
    }
}
