/* The listener: RFC 9293 §3.10.7.2, with two queues that are bounded, and SYN cookies for what comes when the first is
 * full (RFC 4987). */
#include "net/stack_parts.h"
#include "net/tcp_cookie.h"
#include "net/tell.h"

static const struct ground tcp_listen     = { "tcp.listen",          "RFC 9293 §3.10.7.2" };
static const struct ground tcp_no_room    = { "tcp.no_room",         "RFC 9293 §3.10.1" };
static const struct ground tcp_cookie     = { "tcp.syn_queue",       "RFC 4987 §3.6" };

bool stack_accept_full(const struct tcp_listener *l) { return l->accepted >= l->backlog; }

static struct tcp *begin(struct stack *s, struct tcp_listener *l, const struct tcp_ends *ends,
                         const struct tcp_segment *syn, uint32_t isn)
{
    struct tcp *t = stack_new_connection(s, ends);
    if (!t) {
        stack_drop(s, "tcp", &tcp_no_room, "room for one more connection", "a SYN, when all places are taken");
        return NULL;
    }
    t->listener = l;
    t->ts_offset = tcp_table_ts_offset(&s->tcp, ends);
    tcp_accept(t, &s->tcp_config, isn, syn, s->now);
    return t;
}

static void answer_by_cookie(struct stack *s, struct tcp_listener *l, const struct tcp_ends *ends,
                             const struct tcp_segment *syn)
{
    struct fault why = { 0 };
    refuse(&why, &tcp_cookie, "a place in the SYN queue", "a SYN, when %u are half open", l->half_open.n);
    why.answer = "answered by a SYN cookie, and not kept";
    if (trace_hears(s->host.voice.trace))
        tell_drop(&s->host.voice, "tcp", __func__, &why);
    l->cookies_until = s->now + TCP_COOKIE_LIFE;
    struct tcp_segment answer = tcp_cookie_answer(&s->tcp, &s->tcp_config, ends, syn, s->now);
    stack_answer(s, &answer, ends);
}

/* The ACK may end a handshake of which we keep nothing. */
static bool ends_by_cookie(struct stack *s, struct tcp_listener *l, const struct tcp_ends *ends,
                           const struct tcp_segment *ack)
{
    struct tcp_segment syn;
    if (s->now > l->cookies_until || (ack->flags & (TCP_ACK | TCP_SYN | TCP_RST)) != TCP_ACK
        || !tcp_cookie_check(&s->tcp, ends, ack, s->now, &syn))
        return false;
    struct tcp *t = stack_accept_full(l) ? NULL : begin(s, l, ends, &syn, ack->ack - 1);
    if (!t)
        return true;                                  /* no RST: the peer will send more, and may be luckier */
    tcp_answered(t);
    tcp_input(t, ack, s->now);
    stack_settle(t);
    return true;
}

void stack_listener_input(struct stack *s, struct tcp_listener *l, const struct tcp_ends *ends,
                          const struct tcp_segment *segment, const struct tcp *old)
{
    if (segment->flags & TCP_RST) {
        stack_drop(s, "tcp", &tcp_listen, "a SYN", "a RST");
    } else if (segment->flags & TCP_ACK) {
        if (ends_by_cookie(s, l, ends, segment))
            return;
        if (s->now <= l->cookies_until && tcp_cookie_may_be(segment, s->now)) {
            stack_drop(s, "tcp", &tcp_cookie, "first the ACK that a SYN cookie waits for", "what comes behind it");
            return;                                   /* it comes again, from its beginning */
        }
        stack_drop(s, "tcp", &tcp_listen, "a SYN", "an ACK of what was never sent");
        stack_answer_rst(s, segment, ends);
    } else if (!(segment->flags & TCP_SYN)) {
        stack_drop(s, "tcp", &tcp_listen, "a SYN", "a segment without SYN and ACK");
    } else if (stack_accept_full(l)) {
        stack_drop(s, "tcp", &tcp_no_room, "a place in the accept queue", "a SYN, when all places are taken");
    } else if (l->half_open.n >= l->backlog) {
        answer_by_cookie(s, l, ends, segment);
    } else {
        struct tcp *t = begin(s, l, ends, segment, tcp_table_isn(&s->tcp, ends, old, s->now));
        if (t)
            stack_settle(t);
    }
}
