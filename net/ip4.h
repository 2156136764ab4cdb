/* ip4.h - the IPv4 header (RFC 791): its reader and its writer.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     |version|  IHL  | type_of_service |         total_length         |
 *     |        identification          |flags|    fragment_offset      |
 *     |  time_to_live |    protocol    |        header_checksum        |
 *     |                        source_address                         |
 *     |                      destination_address                      |
 *     |                    options, to a multiple of 4                 |
 *
 * Both are pure functions. Options are named and skipped (RFC 1122 §3.2.1.8 asks for no more of a host). A
 * fragment is read like any other packet; whoever reads it asks ip4_is_fragment. */
#ifndef NET_IP4_H
#define NET_IP4_H

#include "net/ip.h"

enum { IP4_TTL = IP_HOPS };

struct ip4_header {
    uint8_t header_len, type_of_service, time_to_live, protocol;      /* header_len in octets: 20 ... 60 */
    uint16_t total_length, identification, fragment_offset;           /* fragment_offset in octets */
    bool dont_fragment, more_fragments;
    struct addr source, destination;
};

/* Reads one packet: *h, and *payload over the octets behind the header, as many as total_length says; what
 * lies behind those (Ethernet pads short frames) is named `padding`. False with a fault: too short, another
 * version, lengths that contradict each other, a wrong header checksum. `in` then stands behind the last
 * octet that was read. */
bool ip4_read(struct wire_in *in, struct ip4_header *h, struct wire_in *payload, struct fault *why);

/* Writes a header of 20 octets, with its checksum, for total_length octets together. header_len is not
 * asked. */
void ip4_write(const struct ip4_header *h, uint8_t out[IP4_HEADER]);

static inline bool ip4_is_fragment(const struct ip4_header *h)
{
    return h->more_fragments || h->fragment_offset;
}

#endif
