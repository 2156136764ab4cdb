/* icmp.h - ICMP (RFC 792) and ICMPv6 (RFC 4443) messages: what a host needs of them. An echo request is answered
 * with the same octets as a reply; an error quotes the headers, and some octets more, of the packet that it is
 * about. Which of the two it is, the addresses decide. Neighbour discovery (types 133 to 137) is read by net/nd.h. */
#ifndef NET_ICMP_H
#define NET_ICMP_H

#include "net/ip4.h"

enum icmp_type {
    ICMP_ECHO_REPLY = 0, ICMP_UNREACHABLE = 3, ICMP_REDIRECT = 5, ICMP_ECHO = 8, ICMP_TIME_EXCEEDED = 11,
    ICMP_PARAMETER = 12
};
enum icmp_unreachable { ICMP_NET = 0, ICMP_HOST = 1, ICMP_PROTOCOL = 2, ICMP_PORT = 3, ICMP_TOO_BIG = 4 };
enum icmp6_type {
    ICMP6_UNREACHABLE = 1, ICMP6_TOO_BIG = 2, ICMP6_TIME_EXCEEDED = 3, ICMP6_PARAMETER = 4, ICMP6_ECHO = 128,
    ICMP6_ECHO_REPLY = 129
};

/* What a message is about, in both versions. */
enum icmp_about {
    ICMP_ABOUT_NOTHING, ICMP_ABOUT_ECHO, ICMP_ABOUT_ECHO_REPLY, ICMP_ABOUT_TOO_BIG, ICMP_ABOUT_UNREACHABLE,
    ICMP_ABOUT_TIME, ICMP_ABOUT_PARAMETER
};

struct icmp_message {
    uint8_t type, code;
    enum icmp_about about;
    uint16_t identifier, sequence_number;             /* of an echo and its reply */
    struct ip_header quoted;                          /* of an error; total_length 0: unreadable */
    uint16_t quoted_source_port, quoted_destination_port;
    uint32_t quoted_sequence_number;                  /* of a TCP segment quoted */
    uint16_t next_hop_mtu;                            /* "too big"; 0: the router did not say */
};

/* Reads one message to its end. False with a fault: too short, or a wrong checksum. */
bool icmp_read(struct wire_in *in, struct icmp_message *m, struct fault *why);
bool icmp6_read(struct wire_in *in, const struct addr *source, const struct addr *destination,
                struct icmp_message *m, struct fault *why);

/* Writes the reply to an echo request of n octets (the whole message, as it came) to `out`, room for n. */
void icmp_write_reply(const uint8_t *request, size_t n, const struct addr *from, const struct addr *to,
                      uint8_t *out);

/* An error that we tell. word: the MTU of the way (RFC 1191 §4, RFC 4443 §3.2), or where in the packet the
 * problem lies. */
enum icmp_says {
    ICMP_SAYS_NO_HOST, ICMP_SAYS_NO_PROTOCOL, ICMP_SAYS_NO_PORT, ICMP_SAYS_TOO_BIG, ICMP_SAYS_REASSEMBLY_TIME,
    ICMP_SAYS_PROBLEM
};
struct icmp_error { enum icmp_says says; uint8_t code; uint32_t word; };          /* code: of ICMP_SAYS_PROBLEM */

/* Writes it about the packet `quoted` (from its IP header on): how many octets, at most ICMP_ERROR_MAX (an IPv6
 * packet with an error is not longer than 1280 octets: RFC 4443 §2.4 c; with IPv4 we quote 68). */
enum {
    ICMP_QUOTED_MAX = 68, ICMP6_QUOTED_MAX = IP6_MTU_LEAST - IP6_HEADER - 8, ICMP_ERROR_MAX = 8 + ICMP6_QUOTED_MAX
};
size_t icmp_write_error(const struct icmp_error *, const struct addr *from, const struct addr *to,
                        const uint8_t *quoted, size_t n, uint8_t *out);

const char *icmp_words(unsigned type);                /* "echo request"; NULL: unknown */
const char *icmp6_words(unsigned type);

#endif
