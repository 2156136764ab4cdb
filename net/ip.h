/* ip.h - the network layer, whichever version: what IPv4 (ip4.h) and IPv6 (ip6.h) have in common, so that what
 * lies above them need not ask. Pure functions.
 *
 * A fragment is read like any other packet, up to where its part of the payload begins; whoever reads it asks
 * ip_is_fragment before looking inside. */
#ifndef NET_IP_H
#define NET_IP_H

#include "net/addr.h"
#include "trace/wire.h"

enum { IP4_HEADER = 20, IP6_HEADER = 40, IP_HOPS = 64 };          /* header without options or extensions; TTL */
enum { IP4_MTU_LEAST = 68, IP6_MTU_LEAST = 1280 };                /* what every link carries: RFC 791, RFC 8200 §5 */

enum ip_protocol {                                                /* IANA "Protocol Numbers" */
    IP_HOP_BY_HOP = 0, IP_ICMP = 1, IP_TCP = 6, IP_UDP = 17, IP_ROUTING = 43, IP_FRAGMENT = 44, IP_ICMP6 = 58,
    IP_NOTHING = 59, IP_DESTINATION = 60
};
const char *ip_protocol_words(unsigned protocol);                 /* "TCP"; NULL: unknown */

/* What the sender of an IPv6 packet that a host cannot use is to be told: RFC 4443 §3.4. */
struct ip_problem { bool any, to_groups_too; uint8_t code; uint32_t pointer; };

struct ip_header {
    uint8_t traffic_class, hop_limit, protocol;                   /* protocol of what the payload begins with */
    uint16_t header_len;                                          /* before the payload, extensions included */
    uint32_t total_length, identification, fragment_offset;       /* in octets */
    bool dont_fragment, more_fragments;
    uint16_t next_header_at;                                      /* IPv6 fragments: where its kind stood ... */
    uint16_t fragment_at;                                         /* ... and where the fragment header begins */
    uint32_t flow_label;                                          /* IPv6 alone */
    struct addr source, destination;
    struct ip_problem problem;                                    /* of a packet that was refused */
};

/* Reads one packet of either version: *h, and *payload over the octets behind all headers. False with a fault. */
bool ip_read(struct wire_in *in, struct ip_header *h, struct wire_in *payload, struct fault *why);

/* Octets of the header that ip_write writes for a packet to this address: 20 or 40. */
static inline unsigned ip_header_size(const struct addr *to) { return to->len == 16 ? IP6_HEADER : IP4_HEADER; }

/* Writes the header, ip_header_size(&h->destination) octets, for total_length octets together. */
void ip_write(const struct ip_header *h, uint8_t *out);

static inline bool ip_is_fragment(const struct ip_header *h) { return h->more_fragments || h->fragment_offset; }

/* The checksum of what lies behind the headers, together with the pseudo-header of TCP, UDP and ICMPv6 (RFC 9293
 * §3.1, RFC 8200 §8.1): 0 for a right one. */
uint16_t ip_checksum(const struct addr *source, const struct addr *destination, uint8_t protocol,
                     const uint8_t *octets, size_t n);
/* The sum of the pseudo-header of n octets alone, not complemented: what stands in the place of a checksum
 * that is left to somebody below (packet.h). */
uint16_t ip_pseudo_sum(const struct addr *source, const struct addr *destination, uint8_t protocol, size_t n);

#endif
