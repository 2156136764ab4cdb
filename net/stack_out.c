#include "net/stack_parts.h"
#include "net/tell.h"

#include <sodium.h>
#include <string.h>

/* An ID for a packet that is never fragmented says nothing (RFC 6864 §4.1); a plain count would tell
 * strangers how much we send. One hash is enough for four. */
uint16_t stack_ip_id(struct stack *s)
{
    uint64_t n = s->ip_ids++;
    unsigned place = (unsigned)(n % IDS_A_HASH) * 2;
    uint8_t count[8];
    for (int i = 0; place == 0 && i < 8; i++)
        count[i] = (uint8_t)(n >> (8 * i));
    if (place == 0)
        crypto_shorthash(s->next_ids, count, sizeof count, s->tcp.key);
    return (uint16_t)(s->next_ids[place] << 8 | s->next_ids[place + 1]);
}

/* RFC 6437 §3: one label for all packets of a flow, which says nothing to strangers. */
static uint32_t flow_label(const struct stack *s, const struct ip_header *ip, const uint8_t *payload)
{
    uint8_t flow[16 + 16 + 4 + 1] = { 0 }, out[crypto_shorthash_BYTES];
    memcpy(flow, ip->source.octets, 16);
    memcpy(flow + 16, ip->destination.octets, 16);
    if (ip->protocol == IP_TCP || ip->protocol == IP_UDP)
        memcpy(flow + 32, payload, 4);                /* both ports */
    flow[36] = ip->protocol;
    crypto_shorthash(out, flow, sizeof flow, s->tcp.key);
    return (uint32_t)(out[0] << 16 | out[1] << 8 | out[2]) & 0xfffff;
}

/* Who writes to whom. */
struct way { const struct addr *from, *to; uint8_t ecn; };

bool stack_finish(struct stack *s, struct packet *p, const struct ip_header *given, const struct told *told)
{
    struct ip_header ip = *given;
    ip.hop_limit = IP_HOPS;
    if (ip.destination.len == 16)
        ip.flow_label = flow_label(s, &ip, p->bytes + IP6_HEADER);
    ip_write(&ip, p->bytes);
    p->len = ip.total_length;
    if (s->config.hand)
        s->config.hand->touch(s->config.hand, p->bytes, p->len, s->now);
    p->at = s->now;
    p->hop = routes_hop(&s->routes, &ip.destination);
    p->buf = 0;
    p->cause = told->cause;
    tell_packet(&s->host.voice, p, told);
    return true;
}

/* n octets of this protocol lie behind the room for the IP header: makes them a packet. */
static bool finish(struct stack *s, struct packet *p, enum ip_protocol protocol, struct way way, size_t n,
                   const struct told *told)
{
    if (n == 0)
        return false;
    const struct ip_header ip = {
        .total_length = (uint32_t)(ip_header_size(way.to) + n), .dont_fragment = true, .traffic_class = way.ecn,
        .protocol = (uint8_t)protocol, .source = *way.from, .destination = *way.to,
        .identification = way.to->len == 16 ? 0 : stack_ip_id(s),
    };
    return stack_finish(s, p, &ip, told);
}

static bool send_answer(struct stack *s, struct packet *p)
{
    if (s->n_answers == 0)
        return false;
    struct tcp_answer a = s->answers[0];
    unsigned head = ip_header_size(&a.to);
    memmove(s->answers, s->answers + 1, --s->n_answers * sizeof a);
    size_t n = tcp_segment_write(&a.segment, &a.from, &a.to, p->bytes + head, s->config.mtu - head);
    return finish(s, p, IP_TCP, (struct way){ &a.from, &a.to, 0 }, n, &(struct told){ .cause = a.cause });
}

static bool send_icmp(struct stack *s, struct packet *p)
{
    if (s->n_icmp == 0)
        return false;
    const struct icmp_answer *a = &s->icmp[--s->n_icmp];
    unsigned head = ip_header_size(&a->to);
    if (a->n > s->config.mtu - head)
        return false;
    memcpy(p->bytes + head, a->octets, a->n);
    return finish(s, p, head == IP6_HEADER ? IP_ICMP6 : IP_ICMP, (struct way){ &a->from, &a->to, 0 }, a->n,
                  &(struct told){ .cause = a->cause });
}

static bool cut_datagram(struct stack *s, struct packet *p, const struct datagram *d, event_no cause)
{
    const struct ip_header ip = { .protocol = IP_UDP, .source = d->from, .destination = d->to };
    uint8_t *room = stack_cut_room(s);
    if (room)
        stack_cut_begin(s, &ip, udp_write(d, room, CUT_MAX), d->stream, cause);
    return stack_cut_next(s, p);
}

static bool send_datagram(struct stack *s, struct packet *p)
{
    event_no cause;
    const struct datagram *d = udp_pop(&s->udp.out, &cause);
    if (!d)
        return false;
    unsigned head = ip_header_size(&d->to);
    if (head + UDP_HEADER + d->len > s->config.mtu)
        return cut_datagram(s, p, d, cause);
    size_t n = udp_write(d, p->bytes + head, s->config.mtu - head);
    return finish(s, p, IP_UDP, (struct way){ &d->from, &d->to, 0 }, n,
                  &(struct told){ .cause = cause, .stream = d->stream });
}

/* May text go to the link from where it lies, in the ring? Nobody may want to see or change the packet before. */
static bool lies_apart(const struct stack *s)
{
    return s->config.gather && s->config.leave_sums && !s->config.hand && !trace_hears(s->host.voice.trace);
}

static bool send_segment(struct stack *s, struct packet *p)
{
    struct tcp_sending out;
    struct tcp *t = tcp_table_output(&s->tcp, &out, s->now);
    if (!t)
        return false;
    const struct addr *to = &t->carrier.peer;
    unsigned head = ip_header_size(to);
    out.segment.sum_left = s->config.leave_sums;
    if (s->config.leave_sums)
        packet_leave_sum(p, (uint16_t)head, (uint16_t)(head + TCP_CHECKSUM_AT));
    if (lies_apart(s)) {
        out.segment.text_apart = true;
        p->apart = out.segment.text;
    }
    p->segment = out.segment.text.n > t->mss && out.why != TCP_WHY_MTU_PROBE ? t->mss : 0;
    size_t room = (s->config.chunk ? s->config.chunk : s->config.mtu) - head;
    size_t n = tcp_segment_write(&out.segment, &t->local, to, p->bytes + head, room);
    return finish(s, p, IP_TCP, (struct way){ &t->local, to, out.segment.ecn }, n,
                  &(struct told){ .tcp = t, .why = out.why, .cause = out.cause });
}

bool stack_output(struct host *host, struct packet *p, nsec now)
{
    struct stack *s = (struct stack *)host;
    s->now = now;
    if (p->room < s->config.mtu || p->room < s->config.chunk)
        return false;
    return stack_cut_next(s, p) || send_answer(s, p) || send_icmp(s, p) || send_datagram(s, p) || send_segment(s, p);
}
