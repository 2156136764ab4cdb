/* icmp.h - ICMP messages (RFC 792): what a host needs of them. An echo request is answered with the same
 * octets as a reply; an unreachable message quotes the header, and at least the first 8 octets, of the packet
 * that did not arrive. */
#ifndef NET_ICMP_H
#define NET_ICMP_H

#include "net/ip4.h"

enum icmp_type { ICMP_ECHO_REPLY = 0, ICMP_UNREACHABLE = 3, ICMP_ECHO = 8 };
enum icmp_unreachable { ICMP_NET = 0, ICMP_HOST = 1, ICMP_PROTOCOL = 2, ICMP_PORT = 3, ICMP_TOO_BIG = 4 };

struct icmp_message {
    uint8_t type, code;
    uint16_t identifier, sequence_number;             /* of an echo and its reply */
    struct ip4_header quoted;                         /* of an unreachable; total_length 0: unreadable */
    uint16_t quoted_source_port, quoted_destination_port;
    uint32_t quoted_sequence_number;                  /* of a TCP segment quoted */
    uint16_t next_hop_mtu;                            /* of ICMP_TOO_BIG; 0: the router did not say */
};

/* Reads one message to its end. False with a fault: too short, or a wrong checksum. */
bool icmp_read(struct wire_in *in, struct icmp_message *m, struct fault *why);

/* Writes the reply to an echo request of n octets (the whole message, as it came) to `out`, room for n. */
void icmp_write_reply(const uint8_t *request, size_t n, uint8_t *out);

/* Writes an unreachable message about the packet `quoted` (from its IP header on): how many octets, at most
 * ICMP_UNREACHABLE_MAX. */
enum { ICMP_QUOTED_MAX = 68, ICMP_UNREACHABLE_MAX = 8 + ICMP_QUOTED_MAX };
size_t icmp_write_unreachable(enum icmp_unreachable code, const uint8_t *quoted, size_t n, uint8_t *out);
/* ICMP_TOO_BIG, with the MTU of the way (RFC 1191 §4). */
size_t icmp_write_too_big(uint16_t next_hop_mtu, const uint8_t *quoted, size_t n, uint8_t *out);

const char *icmp_words(unsigned type);                /* "echo request"; NULL: unknown */

#endif
