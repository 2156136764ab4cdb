/* The window that we offer (RFC 9293 §3.8.6), and how both rings grow by themselves.
 *
 * A ring starts small and grows, up to window_most, as far as it is of use: so one connection can fill a fast
 * long path, and ten thousand slow ones cost little. The receive ring follows the program (dynamic right-sizing, as
 * Linux does it): when in one round trip it read more than in any before, the peer may send twice that. The send
 * ring holds twice what the congestion window lets be in flight, so that there is always something to send. */
#include "net/tcp.h"

enum { SEGMENTS_MORE = 16 };                          /* while a window of text is under way a burst may come */

/* The ring takes its memory when text comes. What the pool does not have now must not be promised; it is twice as much
 * as the text because a piece is. */
static size_t pool_room(const struct tcp *t)
{
    const struct ring *in = &t->carrier.in;
    size_t held = in->bytes ? in->size - in->head - in->len : 0, free = (in->pool->limit - in->pool->used) / 2;
    return free > held ? free : held;
}

uint32_t tcp_window(const struct tcp *t)
{
    size_t room = ring_room(&t->carrier.in), most = (size_t)TCP_WINDOW_MOST << t->rcv_wind_shift;
    if (room > most)
        room = most;
    if (room > pool_room(t))
        room = pool_room(t);
    return (uint32_t)room;
}

/* Silly window avoidance, RFC 9293 §3.8.6.2.2: the edge moves by two segments or half the ring at least, or
 * not at all. */
bool tcp_window_grew(const struct tcp *t)
{
    uint32_t room = tcp_window(t), worth = 2u * t->config->mss;
    if (worth > t->carrier.in.limit / 2)
        worth = t->carrier.in.limit / 2;
    return room > t->rcv_wnd && room - t->rcv_wnd >= worth;
}

/* A segment for it alone: when the peer may be waiting, since it has less than half of what it could have. Otherwise
 * the next ACK tells (Linux does so too). */
bool tcp_window_to_tell(const struct tcp *t)
{
    return tcp_window_grew(t) && tcp_window(t) / 2 >= t->rcv_wnd;
}

/* How long a round trip takes, seen from the side that only receives: the ACK that their segment echoes left here so
 * long ago. Without timestamps: what was measured on what we sent. */
static void measure(struct tcp *t, const struct tcp_segment *s, nsec now)
{
    nsec rtt = t->srtt;
    if (t->timestamps_ok && s->has_timestamps && s->ts_echo_reply) {
        uint32_t age = tcp_ts_value(t, now) - s->ts_echo_reply;
        rtt = age < 60000 ? age * MILLISECOND : rtt;
    }
    if (rtt > 0 && (t->tune.rtt == 0 || rtt < t->tune.rtt))
        t->tune.rtt = rtt;                            /* the shortest: the others stood in our peer's queue */
    else if (rtt > 0)
        t->tune.rtt += (rtt - t->tune.rtt) / 8;
}

void tcp_tune_receiving(struct tcp *t, const struct tcp_segment *s, nsec now)
{
    struct ring *in = &t->carrier.in;
    if (in->limit >= t->config->window_most)
        return;
    measure(t, s, now);
    if (now - t->tune.since < t->tune.rtt)
        return;
    uint64_t all = t->octets_received - in->len, read = all - t->tune.read;
    t->tune.read = all;
    t->tune.since = now;
    if (read <= t->tune.most)
        return;
    t->tune.most = read < UINT32_MAX ? (uint32_t)read : UINT32_MAX;
    uint64_t limit = 2 * read + SEGMENTS_MORE * (uint64_t)t->mss;
    if (limit > t->config->window_most)
        limit = t->config->window_most;
    if (limit > in->limit)
        in->limit = (uint32_t)limit;
}

void tcp_tune_sending(struct tcp *t)
{
    struct ring *out = &t->carrier.out;
    uint64_t limit = 2 * (uint64_t)t->cwnd;
    if (limit > t->config->window_most)
        limit = t->config->window_most;
    if (limit > out->limit)
        out->limit = (uint32_t)limit;
}
