/* tcp_segment.h - one TCP segment (RFC 9293 §3.1): its reader and its writer, pure functions of octets.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     |          source_port          |       destination_port         |
 *     |                        sequence_number                        |
 *     |                     acknowledgment_number                     |
 *     | data  |       |C|E|U|A|P|R|S|F|                                |
 *     | offset| rsrvd |W|C|R|C|S|S|Y|I|            window              |
 *     |       |       |R|E|G|K|H|T|N|N|                                |
 *     |           checksum            |         urgent_pointer         |
 *     |               options, to a multiple of 4; then the text       |
 *
 * Options are read in any order, and written as Linux does, so that a capture of ours lies beside one of
 * Linux's without differences: in a SYN mss, SACK permitted, timestamps, nop, window scale (two nops stand for
 * timestamps that are missing); later nop, nop, timestamps; then nop, nop, SACK. Of an option that stands there
 * twice the last counts. The user timeout (RFC 5482) stands behind the options of a SYN, or behind the timestamps.
 *
 * A SYN and a FIN take a place in sequence space each, as an octet does: segment_span counts them. */
#ifndef NET_TCP_SEGMENT_H
#define NET_TCP_SEGMENT_H

#include "net/addr.h"
#include "trace/wire.h"

enum { TCP_HEADER = 20, TCP_HEADER_MAX = 60, TCP_CHECKSUM_AT = 16 };
enum tcp_flags {
    TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08,
    TCP_ACK = 0x10, TCP_URG = 0x20, TCP_ECE = 0x40, TCP_CWR = 0x80
};

enum { TCP_SACKS = 4 };                               /* blocks in a header: 40 octets of options hold no more */

struct tcp_extent { uint32_t seq, end; };             /* octets [seq, end) */

enum { ECN_NOT = 0, ECN_ECT1 = 1, ECN_ECT0 = 2, ECN_CE = 3 };                  /* RFC 3168 §5: in the IP header */

struct tcp_segment {
    uint16_t source_port, destination_port;
    uint32_t seq, ack;
    uint8_t flags;
    uint16_t window, urgent_pointer;                  /* window: as it stands there, not shifted */
    uint16_t mss;                                     /* the Maximum Segment Size option; 0: absent */
    bool has_window_scale, sack_permitted, has_timestamps;
    uint8_t window_scale;                             /* RFC 7323 §2 */
    uint32_t ts_value, ts_echo_reply;                 /* RFC 7323 §3 */
    uint32_t user_timeout;                            /* RFC 5482, in seconds; 0: absent */
    unsigned n_sack; struct tcp_extent sack[TCP_SACKS];                       /* RFC 2018 §3; the newest first */
    bool bad_option;                                  /* one had an impossible length: not read further */
    uint8_t ecn;                                      /* of the packet it came or goes in: ECN_ECT0, ECN_CE, ... */
    bool sum_left;                                    /* to be written without its checksum (SUM_LEFT, packet.h) */
    bool text_apart;                                  /* to be written without its text (with sum_left alone) */
    struct bytes text;                                /* the octets carried: in the packet, or in a ring */
};

/* Reads one segment to its end; the text is not named (who knows the stream does that). False with a fault:
 * shorter than its header, or than 20 octets. The checksum is not looked at (ip_checksum). */
bool tcp_segment_read(struct wire_in *in, struct tcp_segment *s, struct fault *why);

/* How many octets the options of a segment will take, padding included: to know what is left for text. */
unsigned tcp_options_size(const struct tcp_segment *s);

/* Writes header, options and text to `out`, with the checksum for these two addresses: how many octets; 0: no
 * room. */
size_t tcp_segment_write(const struct tcp_segment *s, const struct addr *source,
                         const struct addr *destination, uint8_t *out, size_t room);

/* How many sequence numbers it takes: SEG.LEN of RFC 9293 §3.4. */
static inline uint32_t segment_span(const struct tcp_segment *s)
{
    return (uint32_t)s->text.n + !!(s->flags & TCP_SYN) + !!(s->flags & TCP_FIN);
}

/* "SYN", "SYN-ACK", "RST", "FIN", "data" or "ACK": what a teacher calls it. */
const char *segment_name(const struct tcp_segment *s);

/* "SYN ACK", as the flags stand in the header from left to right. Returns out. */
enum { SEGMENT_FLAGS = 40 };
char *segment_flags(const struct tcp_segment *s, char out[SEGMENT_FLAGS]);

#endif
