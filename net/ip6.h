/* ip6.h - the IPv6 header and its extension headers (RFC 8200): reader and writer.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     |version| traffic_class |              flow_label               |
 *     |         payload_length        |  next_header  |   hop_limit   |
 *     |                  source_address (16 octets)                   |
 *     |                destination_address (16 octets)                |
 *
 * Extension headers that may stand before the payload are read and obeyed as far as a host must: options of
 * hop-by-hop and destination headers are skipped, or refused where their type says so (RFC 8200 §4.2); a routing
 * header with segments left is refused (RFC 5095); a fragment header ends the walk unless the packet is the
 * whole of it (an "atomic fragment", RFC 6946). No more than IP6_EXTENSIONS headers and IP6_OPTIONS options in
 * each: nobody needs more, and a chain without end costs time (RFC 8504 §5.3). */
#ifndef NET_IP6_H
#define NET_IP6_H

#include "net/ip.h"

enum { IP6_EXTENSIONS = 8, IP6_OPTIONS = 8, IP6_FRAGMENT_HEADER = 8 };

/* ICMPv6 "parameter problem", RFC 4443 §3.4 and RFC 7112 §5. */
enum ip6_problem_code {
    IP6_BAD_FIELD = 0, IP6_BAD_NEXT_HEADER = 1, IP6_BAD_OPTION = 2, IP6_FIRST_FRAGMENT_CUT = 3
};

/* As ip_read. On false, h->problem may say what the sender is owed. */
bool ip6_read(struct wire_in *in, struct ip_header *h, struct wire_in *payload, struct fault *why);
void ip6_write(const struct ip_header *h, uint8_t out[IP6_HEADER]);

/* Reads the header alone, without a look at what stands behind it: for a packet quoted in part. */
void ip6_read_header(struct wire_in *in, struct ip_header *h);

#endif
