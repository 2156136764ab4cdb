#include "net/stack_parts.h"
#include "net/tell.h"
#include "net/udp_stream.h"

#include <string.h>

static const struct ground ip_not_for_us  = { "ip.not_for_us",       "RFC 1122 §3.2.1.3" };
static const struct ground ip_bad_source  = { "ip.bad_source",       "RFC 1122 §3.2.1.3" };
static const struct ground ip_fragment    = { "ip.fragment",         "RFC 8200 §4.5" };
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

/* The zero checksum of a sender that made none (RFC 768) cannot be judged; in IPv6 there must be one (RFC 8200
 * §8.1). */
static void udp_came(struct stack *s, const struct ip_header *ip, struct wire_in *in,
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
    bool summed = packet->sum == SUM_MADE && (start[6] || start[7] || ip->source.len == 16);
    if (summed && ip_checksum(&ip->source, &ip->destination, IP_UDP, start, h.length) != 0) {
        stack_drop(s, "udp", &udp_checksum, "a datagram whose checksum is right", "a wrong one");
        return;
    }
    if (!udp_is_open(&s->udp, h.destination_port)) {
        stack_icmp_error(s, ip, packet->bytes, packet->len, &(struct icmp_error){ .says = ICMP_SAYS_NO_PORT });
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

/* Nobody speaks from ::, ::1 or an IPv4 address written as IPv6 (RFC 4291 §2.5). */
static bool good_peer6(const struct addr *peer)
{
    static const struct addr loopback_and_mapped = { .len = 16 };
    static const struct addr mapped = { .len = 16, .octets = { [10] = 0xff, [11] = 0xff } };
    return !addr_in(peer, &loopback_and_mapped, 96) && !addr_in(peer, &mapped, 96);
}

bool stack_good_peer(const struct stack *s, const struct addr *peer)
{
    uint8_t first = peer->octets[0];
    if (addr_is_group(peer) || routes_is_own(&s->routes, peer))
        return false;
    return peer->len == 16 ? good_peer6(peer) : first != 0 && first != 127;
}

/* Ours alone, or every host's on this link (RFC 4291 §2.8), who can only be asked for an echo. */
static bool is_for_us(const struct stack *s, const struct ip_header *ip)
{
    static const struct addr all_nodes = { .len = 16, .octets = { 0xff, 0x02, [15] = 1 } };
    return routes_is_own(&s->routes, &ip->destination)
           || (addr_same(&ip->destination, &all_nodes) && ip->protocol == IP_ICMP6);
}

/* A packet from a real link is told here, before anything is done about it. It may be somebody's segment. */
static void tell_arrival(struct stack *s, struct packet *packet)
{
    struct wire_in in = wire_over(packet->bytes, packet->len, NULL), payload;
    struct told told = { .arrived = true };
    struct ip_header ip;
    struct tcp_segment segment;
    struct udp_header udp;
    bool whole = ip_read(&in, &ip, &payload, NULL) && !ip_is_fragment(&ip);
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

/* A whole packet for us: to whoever its payload is for. */
static void hand_up(struct stack *s, const struct ip_header *ip, struct wire_in *payload, struct packet *packet)
{
    bool six = ip->source.len == 16;
    if (ip->protocol == IP_TCP) {
        stack_tcp_came(s, ip, payload, packet);
    } else if (ip->protocol == IP_UDP) {
        udp_came(s, ip, payload, packet);
    } else if (ip->protocol == (six ? IP_ICMP6 : IP_ICMP)) {
        stack_icmp_came(s, ip, payload);
    } else if (!six || ip->protocol != IP_NOTHING) {  /* RFC 8200 §4.7: behind that there is nothing to find */
        stack_drop(s, "ip", &ip_protocol, "TCP, UDP or ICMP", "another protocol");
        stack_icmp_error(s, ip, packet->bytes, packet->len,
                         &(struct icmp_error){ .says = ICMP_SAYS_NO_PROTOCOL, .word = ip->next_header_at });
    }
}

/* A header that we cannot follow; its sender may be owed a word. */
static void refused(struct stack *s, const struct ip_header *ip, const struct packet *packet, const struct fault *why)
{
    tell_drop(&s->host.voice, "ip", "stack_input", why);
    if (ip->problem.any && stack_good_peer(s, &ip->source) && routes_is_own(&s->routes, &ip->destination))
        stack_icmp_error(s, ip, packet->bytes, packet->len,
                         &(struct icmp_error){ ICMP_SAYS_PROBLEM, ip->problem.code, ip->problem.pointer });
}

/* What came in pieces is whole, and is told by a `check` event: it never was a packet on the wire. */
static void whole_again(struct stack *s, const struct bytes *whole)
{
    struct packet packet = { .bytes = (uint8_t *)(uintptr_t)whole->at, .len = (uint32_t)whole->n,
                             .room = (uint32_t)whole->n, .at = s->now };
    struct wire_in in = wire_over(whole->at, whole->n, NULL), payload;
    struct ip_header ip;
    struct fault why = { 0 };
    if (!ip_read(&in, &ip, &payload, &why)) {
        refused(s, &ip, &packet, &why);
        return;
    }
    why.answer = "put together";
    refuse(&why, &ip_fragment, "all fragments of a packet", "%zu octets", whole->n);
    tell_drop(&s->host.voice, "ip", __func__, &why);
    if (!ip_is_fragment(&ip))                         /* a fragment of a fragment: nobody sends that */
        hand_up(s, &ip, &payload, &packet);
}

static void fragment_came(struct stack *s, const struct ip_header *ip, const struct wire_in *payload,
                          const struct packet *packet)
{
    struct bytes whole, part = { payload->at, wire_left(payload) };
    struct ip_problem problem;
    struct fault why = { 0 };
    if (!s->fragments)
        s->fragments = reassembly_new();
    if (!s->fragments)
        return;
    switch (reassembly_take(s->fragments, ip, packet->bytes, &part, s->now, &whole, &problem, &why)) {
    case REASSEMBLY_WHOLE:
        whole_again(s, &whole);
        break;
    case REASSEMBLY_REFUSED:
        tell_drop(&s->host.voice, "ip", __func__, &why);
        if (problem.any)
            stack_icmp_error(s, ip, packet->bytes, packet->len,
                             &(struct icmp_error){ ICMP_SAYS_PROBLEM, problem.code, problem.pointer });
        break;
    case REASSEMBLY_GOES_ON:
        break;
    }
}

void stack_expire(struct stack *s)
{
    struct bytes first;
    while (s->fragments && reassembly_expire(s->fragments, s->now, &first)) {
        struct wire_in in = wire_over(first.at, first.n, NULL), payload;
        struct ip_header ip;
        stack_drop(s, "ip", &ip_fragment, "all fragments within 60 s", "not all of them");
        if (first.n && ip_read(&in, &ip, &payload, NULL))
            stack_icmp_error(s, &ip, first.at, first.n, &(struct icmp_error){ .says = ICMP_SAYS_REASSEMBLY_TIME });
    }
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
    struct ip_header ip = { 0 };
    struct fault why = { 0 };
    if (!ip_read(&in, &ip, &payload, &why))
        refused(s, &ip, packet, &why);
    else if (!is_for_us(s, &ip))
        stack_drop(s, "ip", &ip_not_for_us, "our address", "a packet for somebody else");
    else if (!stack_good_peer(s, &ip.source))
        stack_drop(s, "ip", &ip_bad_source, "the address of one other host", "a packet that nobody can have sent");
    else if (ip_is_fragment(&ip))
        fragment_came(s, &ip, &payload, packet);
    else
        hand_up(s, &ip, &payload, packet);
}
