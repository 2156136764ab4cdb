/* A SYN in the middle of a connection that lives. Whoever receives it answers by a challenge ACK and changes nothing
 * (RFC 9293 §3.10.7.4, RFC 5961 §4): so may anybody send one, and the connection goes on. It is kept aside here, as it
 * is not known yet what it was: where the other end takes it up, by a SYN-ACK, the ports are used again, and the new
 * connection begins with it; else it was somebody else's, or a late one. Text in such a SYN (RFC 7413) is not kept. */
#include "net/flow_inside.h"
#include "net/seq.h"

enum { NEAR = 1 << 20 };                              /* octets around what is acknowledged that are still its own */

/* Both ends know both numbers, and neither has left it, as far as can be seen. */
static bool lives(const struct flow_inside *i, unsigned side, nsec now)
{
    const struct flow_side *s = i->flow.side;
    return i->end == FLOW_OPEN && !i->flow.one_sided && s[0].acked_known && s[1].acked_known && !s[side].fin.packet
        && now - i->last_at < FLOW_LINGER;
}

bool stray_take(struct flow_inside *i, unsigned side, const struct flow_packet *p)
{
    const struct tcp_segment *t = p->segment;
    struct flow_stray *stray = &i->stray;
    if (!lives(i, side, p->at))
        return false;
    const bool again = stray->times && stray->side == side && stray->seq == t->seq;
    const unsigned times = again ? stray->times + 1 : 1;
    if (!again)
        *stray = (struct flow_stray){
            .number = p->number, .at = p->at, .seq = t->seq, .octets = p->ip->total_length,
            .identification = p->ip->identification, .mss = t->mss, .window = t->window, .hops = p->ip->hop_limit,
            .window_scale = t->window_scale, .has_window_scale = t->has_window_scale,
            .sack_permitted = t->sack_permitted, .has_timestamps = t->has_timestamps, .side = (uint8_t)side };
    stray->times = times;
    facts_stray(i, side, p);
    return true;
}

/* Far from all that the old connection acknowledges. */
static bool is_far(const struct flow_side *by, const struct flow_side *other, uint32_t ack)
{
    return seq_before(ack, by->acked - NEAR) || seq_before(other->nxt + NEAR, ack);
}

bool stray_is_taken_up(const struct flow_inside *i, unsigned side, const struct tcp_segment *t)
{
    const struct flow_stray *stray = &i->stray;
    const uint32_t begins = stray->seq + 1;
    if (!stray->times || side == stray->side || !(t->flags & TCP_ACK))
        return false;
    if (t->flags & (TCP_SYN | TCP_RST))               /* a RST with that ACK: nobody listens there any more */
        return t->ack == begins;
    return t->ack - begins < NEAR && is_far(&i->flow.side[side], &i->flow.side[!side], t->ack);
}

/* The SYN as it came. */
void stray_again(const struct flow_stray *stray, const struct flow *old, struct ip_header *ip, struct tcp_segment *t,
                 struct flow_packet *p)
{
    const struct flow_side *from = &old->side[stray->side], *to = &old->side[!stray->side];
    *ip = (struct ip_header){ .source = from->addr, .destination = to->addr, .total_length = stray->octets,
                              .identification = stray->identification, .hop_limit = stray->hops };
    *t = (struct tcp_segment){ .source_port = from->port, .destination_port = to->port, .seq = stray->seq,
                               .flags = TCP_SYN, .mss = stray->mss, .window = stray->window,
                               .window_scale = stray->window_scale, .has_window_scale = stray->has_window_scale,
                               .sack_permitted = stray->sack_permitted, .has_timestamps = stray->has_timestamps };
    *p = (struct flow_packet){ .number = stray->number, .at = stray->at, .ip = ip, .segment = t };
}
