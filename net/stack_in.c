#include "net/stack_parts.h"
#include "net/tell.h"
#include "net/udp_stream.h"

#include <string.h>

static const struct ground ip_not_for_us  = { "ip.not_for_us",       "RFC 1122 §3.2.1.3" };
static const struct ground ip_bad_source  = { "ip.bad_source",       "RFC 1122 §3.2.1.3" };
static const struct ground ip_fragment    = { "ip.fragment",         "RFC 791 §3.2" };
static const struct ground ip_protocol    = { "ip.protocol",         "RFC 1122 §3.2.2.1" };
static const struct ground udp_checksum   = { "udp.checksum",        "RFC 1122 §4.1.3.4" };
static const struct ground udp_no_room    = { "udp.no_room",         "RFC 768" };

void stack_drop(const struct stack *s, const char *layer, const struct ground *ground, const char *expected,
                const char *came)
{
    if (!trace_hears(s->host.voice.trace))
        return;
    struct fault why = { 0 };
    refuse(&why, ground, expected, "%s", came);
    tell_drop(&s->host.voice, layer, "stack_input", &why);
}

event_no stack_cause(const struct stack *s) { return trace_cause(s->host.voice.trace); }

static struct icmp_answer *new_icmp(struct stack *s, const struct addr *to)
{
    if (s->n_icmp == ICMP_ANSWERS)
        return NULL;
    struct icmp_answer *a = &s->icmp[s->n_icmp++];
    a->to = *to;
    a->cause = stack_cause(s);
    return a;
}

/* The zero checksum of a sender that made none (RFC 768) cannot be judged. */
static void udp_came(struct stack *s, const struct ip4_header *ip, struct wire_in *in,
                     const struct packet *packet)
{
    struct udp_header h;
    struct wire_in payload;
    struct fault why = { 0 };
    const uint8_t *start = in->at;
    if (!udp_read(in, &h, &payload, &why)) {
        tell_drop(&s->host.voice, "udp", __func__, &why);
        return;
    }
    bool summed = packet->sum == SUM_MADE && (start[6] || start[7]);
    if (summed && ip4_checksum(&ip->source, &ip->destination, IP_UDP, start, h.length) != 0) {
        stack_drop(s, "udp", &udp_checksum, "a datagram whose checksum is right", "a wrong one");
        return;
    }
    if (!udp_is_open(&s->udp, h.destination_port)) {
        struct icmp_answer *a = new_icmp(s, &ip->source);
        if (a)
            a->n = icmp_write_unreachable(ICMP_PORT, packet->bytes, ip->total_length, a->octets);
        return;
    }
    struct datagram *d = wire_left(&payload) <= DATAGRAM_MAX ? udp_push(&s->udp.in, stack_cause(s)) : NULL;
    if (!d) {
        stack_drop(s, "udp", &udp_no_room, "room for one more datagram",
                   "one that is too long, or too many that nobody has read");
        return;
    }
    *d = (struct datagram){ .from = ip->source,
                            .to = ip->destination,
                            .from_port = h.source_port,
                            .to_port = h.destination_port,
                            .len = (uint32_t)wire_left(&payload),
                            .cause = stack_cause(s) };
    if (d->len)
        memcpy(d->bytes, payload.at, d->len);
    d->stream = udp_stream(s->host.voice.trace, d);
}

static void icmp_came(struct stack *s, const struct ip4_header *ip, struct wire_in *in)
{
    struct icmp_message m;
    struct fault why = { 0 };
    const uint8_t *start = in->at;
    size_t n = wire_left(in);
    if (!icmp_read(in, &m, &why)) {
        tell_drop(&s->host.voice, "icmp", __func__, &why);
        return;
    }
    if (m.type == ICMP_ECHO && n + IP4_HEADER <= s->config.mtu) {          /* RFC 1122 §3.2.2.6 */
        struct icmp_answer *a = new_icmp(s, &ip->source);
        if (a) {
            icmp_write_reply(start, n, a->octets);
            a->n = n;
        }
    } else if (m.type == ICMP_UNREACHABLE && m.quoted.protocol == IP_TCP && m.quoted.fragment_offset == 0) {
        struct tcp_ends ends = { m.quoted.source, m.quoted.destination, m.quoted_source_port,
                                 m.quoted_destination_port };
        struct tcp *t = tcp_table_find(&s->tcp, &ends);
        if (t && m.code == ICMP_TOO_BIG)
            tcp_too_big(t, m.quoted_sequence_number, m.next_hop_mtu);
        else if (t)
            tcp_unreachable(t, m.quoted_sequence_number, icmp_words(m.type));
        if (t)
            stack_settle(t);
    }
}

/* Only another single host can be called or answered: not a group, not all, not this network, not
 * ourselves. */
bool stack_good_peer(const struct stack *s, const struct addr *peer)
{
    uint8_t first = peer->octets[0];
    return first != 0 && first != 127 && first < 224 && !addr_same(peer, &s->config.addr);
}

/* A packet from a real link is told here, before anything is done about it. It may be somebody's segment. */
static void tell_arrival(struct stack *s, struct packet *packet)
{
    struct wire_in in = wire_over(packet->bytes, packet->len, NULL), payload;
    struct told told = { .arrived = true };
    struct ip4_header ip;
    struct tcp_segment segment;
    struct udp_header udp;
    bool whole = ip4_read(&in, &ip, &payload, NULL) && !ip4_is_fragment(&ip);
    if (whole && ip.protocol == IP_TCP && tcp_segment_read(&payload, &segment, NULL)) {
        struct tcp_ends ends = { ip.destination, ip.source, segment.destination_port, segment.source_port };
        told.tcp = tcp_table_find(&s->tcp, &ends);
    } else if (whole && ip.protocol == IP_UDP && udp_read(&payload, &udp, &in, NULL)
               && udp_is_open(&s->udp, udp.destination_port)) {
        struct datagram d = { .from = ip.source, .to = ip.destination, .from_port = udp.source_port,
                              .to_port = udp.destination_port, .len = (uint32_t)wire_left(&in) };
        d.len = d.len < DATAGRAM_MAX ? d.len : DATAGRAM_MAX;
        memcpy(d.bytes, in.at, d.len);
        told.stream = udp_stream(s->host.voice.trace, &d);
    }
    tell_packet(&s->host.voice, packet, &told);
}

void stack_input(struct host *host, struct packet *packet, nsec now)
{
    struct stack *s = (struct stack *)host;
    s->now = now;
    if (!packet)
        return;
    if (trace_hears(host->voice.trace) && !packet->buf) {
        tell_arrival(s, packet);
        trace_because(host->voice.trace, packet->cause);
    }
    struct wire_in in = wire_over(packet->bytes, packet->len, NULL), payload;
    struct ip4_header ip;
    struct fault why = { 0 };
    if (!ip4_read(&in, &ip, &payload, &why))
        tell_drop(&host->voice, "ip", __func__, &why);
    else if (!addr_same(&ip.destination, &s->config.addr))
        stack_drop(s, "ip", &ip_not_for_us, "our address", "a packet for somebody else");
    else if (!stack_good_peer(s, &ip.source))
        stack_drop(s, "ip", &ip_bad_source, "the address of one other host",
                   "a packet that nobody can have sent");
    else if (ip4_is_fragment(&ip))
        stack_drop(s, "ip", &ip_fragment, "a whole packet", "a fragment, which we cannot put together");
    else if (ip.protocol == IP_TCP)
        stack_tcp_came(s, &ip, &payload, packet);
    else if (ip.protocol == IP_UDP)
        udp_came(s, &ip, &payload, packet);
    else if (ip.protocol == IP_ICMP)
        icmp_came(s, &ip, &payload);
    else
        stack_drop(s, "ip", &ip_protocol, "TCP, UDP or ICMP", "another protocol");
}
