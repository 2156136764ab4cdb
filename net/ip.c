#include "net/ip.h"
#include "net/checksum.h"
#include "net/ip4.h"
#include "net/ip6.h"

const char *ip_protocol_words(unsigned protocol)
{
    switch (protocol) {
    case IP_HOP_BY_HOP:  return "hop-by-hop options";
    case IP_ICMP:        return "ICMP";
    case IP_TCP:         return "TCP";
    case IP_UDP:         return "UDP";
    case IP_ROUTING:     return "routing header";
    case IP_FRAGMENT:    return "fragment header";
    case IP_ICMP6:       return "ICMPv6";
    case IP_NOTHING:     return "nothing";
    case IP_DESTINATION: return "destination options";
    default:             return NULL;
    }
}

bool ip_read(struct wire_in *in, struct ip_header *h, struct wire_in *payload, struct fault *why)
{
    struct ip4_header four;
    if (wire_left(in) && in->at[0] >> 4 == 6)
        return ip6_read(in, h, payload, why);
    if (!ip4_read(in, &four, payload, why))
        return false;
    *h = (struct ip_header){
        .traffic_class = four.type_of_service, .hop_limit = four.time_to_live, .protocol = four.protocol,
        .header_len = four.header_len, .total_length = four.total_length, .identification = four.identification,
        .fragment_offset = four.fragment_offset, .dont_fragment = four.dont_fragment,
        .more_fragments = four.more_fragments, .source = four.source, .destination = four.destination,
    };
    return true;
}

void ip_write(const struct ip_header *h, uint8_t *out)
{
    if (h->destination.len == 16) {
        ip6_write(h, out);
        return;
    }
    ip4_write(&(struct ip4_header){
        .type_of_service = h->traffic_class, .time_to_live = h->hop_limit, .protocol = h->protocol,
        .total_length = (uint16_t)h->total_length, .identification = (uint16_t)h->identification,
        .fragment_offset = (uint16_t)h->fragment_offset, .dont_fragment = h->dont_fragment,
        .more_fragments = h->more_fragments, .source = h->source, .destination = h->destination }, out);
}

/* The pseudo-header (RFC 9293 §3.1, RFC 8200 §8.1) is never written: both addresses, then zeros, protocol and length in
 * whatever order, which a sum does not see. */
static uint64_t pseudo_sum(const struct addr *source, const struct addr *destination, uint8_t protocol, size_t n)
{
    const uint8_t length[4] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };
    const uint8_t rest[4] = { 0, protocol, 0, 0 };
    uint64_t sum = checksum_add(checksum_add(0, length, sizeof length), rest, sizeof rest);
    sum = checksum_add(sum, source->octets, source->len);
    return checksum_add(sum, destination->octets, destination->len);
}

uint16_t ip_pseudo_sum(const struct addr *source, const struct addr *destination, uint8_t protocol, size_t n)
{
    return (uint16_t)~checksum_end(pseudo_sum(source, destination, protocol, n));
}

uint16_t ip_checksum(const struct addr *source, const struct addr *destination, uint8_t protocol,
                     const uint8_t *octets, size_t n)
{
    return checksum_end(checksum_add(pseudo_sum(source, destination, protocol, n), octets, n));
}
