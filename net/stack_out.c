#include "net/stack_parts.h"
#include "net/tell.h"

#include <sodium.h>
#include <string.h>

/* An ID for a packet that is never fragmented says nothing (RFC 6864 §4.1); a plain count would tell
 * strangers how much we send. */
static uint16_t next_ip_id(struct stack *s)
{
    uint8_t count[8], out[crypto_shorthash_BYTES];
    uint64_t n = s->ip_ids++;
    for (int i = 0; i < 8; i++)
        count[i] = (uint8_t)(n >> (8 * i));
    crypto_shorthash(out, count, sizeof count, s->tcp.key);
    return (uint16_t)(out[0] << 8 | out[1]);
}

/* n octets of this protocol lie behind the room for the IP header: makes them a packet. */
static bool finish(struct stack *s, struct packet *p, enum ip_protocol protocol, const struct addr *to,
                   size_t n, const struct told *told)
{
    if (n == 0)
        return false;
    struct ip4_header ip = {
        .total_length = (uint16_t)(IP4_HEADER + n), .identification = next_ip_id(s), .dont_fragment = true,
        .time_to_live = IP4_TTL, .protocol = (uint8_t)protocol, .source = s->config.addr, .destination = *to,
    };
    ip4_write(&ip, p->bytes);
    p->len = ip.total_length;
    if (s->config.hand)
        s->config.hand->touch(s->config.hand, p->bytes, p->len, s->now);
    p->at = s->now;
    p->buf = 0;
    p->cause = told->cause;
    tell_packet(&s->host.voice, p, told);
    return true;
}

static bool send_rst(struct stack *s, struct packet *p, uint8_t *room, size_t n)
{
    if (s->n_rsts == 0)
        return false;
    struct rst_answer a = s->rsts[0];
    memmove(s->rsts, s->rsts + 1, --s->n_rsts * sizeof a);
    size_t written = tcp_segment_write(&a.segment, &s->config.addr, &a.to, room, n);
    return finish(s, p, IP_TCP, &a.to, written, &(struct told){ .cause = a.cause });
}

static bool send_icmp(struct stack *s, struct packet *p, uint8_t *room, size_t n)
{
    if (s->n_icmp == 0)
        return false;
    const struct icmp_answer *a = &s->icmp[--s->n_icmp];
    if (a->n > n)
        return false;
    memcpy(room, a->octets, a->n);
    return finish(s, p, IP_ICMP, &a->to, a->n, &(struct told){ .cause = a->cause });
}

static bool send_datagram(struct stack *s, struct packet *p, uint8_t *room, size_t n)
{
    event_no cause;
    const struct datagram *d = udp_pop(&s->udp.out, &cause);
    return d
           && finish(s, p, IP_UDP, &d->to, udp_write(d, room, n),
                     &(struct told){ .cause = cause, .stream = d->stream });
}

static bool send_segment(struct stack *s, struct packet *p, uint8_t *room, size_t n)
{
    struct tcp_sending out;
    struct tcp *t = tcp_table_output(&s->tcp, &out, s->now);
    if (!t)
        return false;
    out.segment.sum_left = s->config.leave_sums;
    if (s->config.leave_sums)
        packet_leave_sum(p, IP4_HEADER, IP4_HEADER + TCP_CHECKSUM_AT);
    p->segment = out.segment.text.n > t->mss ? t->mss : 0;
    size_t written = tcp_segment_write(&out.segment, &t->local, &t->carrier.peer, room, n);
    return finish(s, p, IP_TCP, &t->carrier.peer, written,
                  &(struct told){ .tcp = t, .why = out.why, .cause = out.cause });
}

bool stack_output(struct host *host, struct packet *p, nsec now)
{
    struct stack *s = (struct stack *)host;
    s->now = now;
    if (p->room < s->config.mtu || p->room < s->config.chunk)
        return false;
    uint8_t *room = p->bytes + IP4_HEADER;
    size_t n = s->config.mtu - IP4_HEADER;
    return send_rst(s, p, room, n) || send_icmp(s, p, room, n) || send_datagram(s, p, room, n)
           || send_segment(s, p, room, s->config.chunk ? s->config.chunk - IP4_HEADER : n);
}
