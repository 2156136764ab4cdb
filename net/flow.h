/* flow.h - TCP as a third party sees it: both directions of any number of connections, put in order again from what a
 * capture holds of them, and judged. It runs no state machine and answers nothing; what it
 * shares with the stack is the reader of segments, sequence arithmetic, the table's hash (ends_hash.h), rings.
 *
 *     flow = flows_take(all, &packet, &side, &marks);     // each segment of the capture
 *     for both sides: read flow_peek, flow_consume it; flow_gap? end the direction, or flow_skip
 *     while ((flow = flows_over(all)) != NULL) { ...; flows_give(all, flow); }
 *     flows_end(all);                                     // and the last loop once more
 *
 * A segment goes in; out come the connection, the side that sent it, and what it was, in Wireshark's words for the
 * same thing (tcp.analysis.*, by the rules of Wireshark 4.0). Octets of each side are then at flow_peek, in order,
 * each octet once: the copy that came first counts, a later one with other octets is noted (`conflicts`). A
 * connection may begin in the middle: then its first octet is the first one seen. Sequence numbers wrap; 4 GB and
 * more may pass.
 *
 * A segment whose checksum is wrong is counted and marked, and nothing else of it is believed, as its receiver did not:
 * if most others of that side are right, it is not just the pseudo-header's, and not longer than the MSS. Cards make
 * checksums behind the capture, and large segments of small ones before it.
 *
 * A *gap* is octets that the receiver acknowledged and the capture does not have: it ends a direction for who
 * reads the stream, and is said (flow_gap); flow_skip goes on behind it, for who counts. Octets that nobody
 * acknowledged yet are waited for, up to FLOW_WAIT octets behind them. A capture may tell an ACK before what it
 * acknowledges (two cards, two processors): so a gap is believed after three segments more of its connection, or
 * FLOW_LATE.
 *
 * A SYN with another number, between ends that have a connection that lives, changes nothing: it counts as stray_syns.
 * When the other end takes it up (SYN-ACK), it begins a new connection; where the old one is over, quiet for
 * FLOW_LINGER, or seen from one side alone, it does so at once. The SYN of the first kind was said to be the old one's
 * when it came, and its text is not kept.
 *
 * A connection that is over (both FINs acknowledged, or a RST) stays where late segments find it until FLOW_LINGER
 * of the capture's time went by without any; then, or when memory is wanted, flows_over tells it.
 *
 * Memory: a table and what waits in order, at most config.most octets; when it is full the connection that was
 * quiet for longest is ended (`evicted`). What found no place is a gap when it is acknowledged. The table's hash
 * is keyed by chance: who makes the capture cannot make it slow. */
#ifndef NET_FLOW_H
#define NET_FLOW_H

#include "crypto/chance.h"
#include "net/ip.h"
#include "net/tcp_segment.h"
#include "trace/ring.h"
#include "trace/trace.h"

enum { FLOW_WAIT = 16 << 20, FLOW_PIECES = 32768 };   /* octets, and segments, that wait behind a hole */
#define FLOW_LATE   (20 * MILLISECOND)
#define FLOW_LINGER (30 * SECOND)

/* A segment of a capture. missing: octets of its text that were not kept (a short snaplen), behind segment->text.
 * sum: was its checksum right, wrong, or not to be judged (cut, or left to the card). */
enum flow_sum { FLOW_SUM_UNKNOWN, FLOW_SUM_RIGHT, FLOW_SUM_WRONG };
struct flow_packet {
    uint64_t number; nsec at;
    const struct ip_header *ip;
    const struct tcp_segment *segment;
    uint32_t missing;
    enum flow_sum sum;
    bool sum_is_pseudo;                               /* wrong, and just the pseudo-header's: left to the card */
};

/* What a segment was: bits, each with Wireshark's name behind "tcp.analysis." */
enum flow_mark {
    FLOW_RETRANSMISSION      = 1 << 0,                /* retransmission */
    FLOW_FAST_RETRANSMISSION = 1 << 1,                /* fast_retransmission: and RETRANSMISSION */
    FLOW_SPURIOUS            = 1 << 2,                /* spurious_retransmission: acknowledged; and RETRANSMISSION */
    FLOW_OUT_OF_ORDER        = 1 << 3,                /* out_of_order */
    FLOW_LOST_SEGMENT        = 1 << 4,                /* lost_segment: something before it is missing here */
    FLOW_ACK_LOST            = 1 << 5,                /* ack_lost_segment: acknowledges what is missing here */
    FLOW_DUPLICATE_ACK       = 1 << 6,                /* duplicate_ack */
    FLOW_KEEP_ALIVE          = 1 << 7,                /* keep_alive */
    FLOW_KEEP_ALIVE_ACK      = 1 << 8,                /* keep_alive_ack */
    FLOW_ZERO_WINDOW         = 1 << 9,                /* zero_window */
    FLOW_ZERO_WINDOW_PROBE   = 1 << 10,               /* zero_window_probe */
    FLOW_ZERO_WINDOW_PROBE_ACK = 1 << 11,             /* zero_window_probe_ack */
    FLOW_WINDOW_FULL         = 1 << 12,               /* window_full */
    FLOW_WINDOW_UPDATE       = 1 << 13,               /* window_update */
    FLOW_REUSED_PORTS        = 1 << 14,               /* reused_ports */
    FLOW_MARKS = 15
};
const char *flow_mark_name(unsigned bit);             /* 0 to FLOW_MARKS - 1: "retransmission" */

/* One end: the client (who sent the SYN, or received the SYN+ACK; seen from the middle: who has the higher port) is
 * side 0. Counters count what this end *sent*. Packet numbers are the capture's; 0: there was none. */
enum { FLOW_CLIENT = 0, FLOW_SERVER = 1 };
struct flow_moment { uint64_t packet; nsec at; };
struct flow_side {
    struct addr addr; uint16_t port;
    struct flow_moment syn, first, last, fin, rst;    /* syn: SYN or SYN+ACK; the first of each */
    struct flow_moment first_text, last_text;         /* segments with text, those sent again too */
    struct flow_moment last_ack;                      /* that acknowledged something new */
    uint32_t isn; bool isn_known;
    uint32_t nxt, acked; bool nxt_known, acked_known; /* highest number sent + 1; highest that it acknowledged */
    uint64_t packets, octets, text;                   /* octets: whole IP packets; text: octets of the stream, once */
    uint64_t marked[FLOW_MARKS]; struct flow_moment first_marked[FLOW_MARKS];
    uint64_t sums_right, sums_wrong, sums_pseudo; struct flow_moment first_sum_wrong;
    uint64_t conflicts; struct flow_moment first_conflict;        /* an octet came twice, and differed */
    /* SYNs with another number, while it lived: nobody took them up, and they changed nothing (RFC 9293 §3.10.7.4) */
    uint64_t stray_syns; struct flow_moment first_stray_syn;
    uint64_t syns;                                    /* how often SYN or SYN+ACK was sent */
    uint16_t mss; uint8_t window_scale; bool has_window_scale, sack_permitted, has_timestamps;      /* of its SYN */
    uint32_t window_first, window_last, window_least, window_most;            /* scaled, as announced; not RST's */
    uint8_t hops_first, hops_rst;                     /* TTL or hop limit of its first packet (the SYN), of its RST */
    uint16_t window_rst; uint32_t ipid_syn, ipid_rst; /* IP's identification; IPv6 has none: 0 */
    uint32_t rst_seq; bool rst_fits;                  /* was it the next one that the receiver expected? */
    bool rst_has_ack;                                 /* without: its sender knows no such connection (§3.10.7.1) */
    uint8_t hops_least, hops_most;                    /* TTL or hop limit of all its segments but RST */
    /* the first segment that is no RST and came behind its RST, from there on in sequence: the RST was not its own */
    struct flow_moment after_rst;
    /* longest time without a window (from its zero_window to its window_update, or to the end), and where it began */
    nsec zero_longest; struct flow_moment zero_from; bool zero_still;
    /* longest time that the other's text waited for this end's next text: last text of the other, first of this end */
    nsec turn_most; struct flow_moment turn_from, turn_to; uint64_t turn_text;
    uint64_t rsts;
    uint32_t text_most;                               /* longest text in one segment */
    /* The segment that was most often sent again before anything of it was acknowledged: how often, its sequence
     * number, text, when first sent again, and whether an ACK ever covered it. resent_times: all such segments. */
    uint32_t resent_most, resent_times, resent_seq, resent_size; struct flow_moment resent_first; bool resent_acked;
    /* Of those marked as sent again, and not acknowledged yet: sent once, and late. They were sent before what came
     * before them, by their sender's clock (RFC 7323 §3.2) or, in IPv4, its count of packets. */
    uint64_t overtaken;
    /* Of those marked as sent again: the same packet once more, not another. Captures of several interfaces, or of a
     * mirrored port, have each one twice. */
    uint64_t captured_twice;
    uint64_t missing;                                 /* octets that a short snaplen cut off */
    uint64_t gaps, gap_octets; struct flow_moment first_gap;      /* as flow_skip passed them, or the end found them */
};

struct flow {
    uint32_t id;                                      /* from 1, in the order of appearance; tcp.stream is id - 1 */
    struct flow_side side[2];
    bool whole;                                       /* begins with a SYN */
    bool guessed;                                     /* who is client was guessed from the ports */
    bool one_sided;                                   /* only one direction was seen so far */
    bool evicted;                                     /* ended for want of memory */
    bool reused;                                      /* its ports were an earlier connection's */
    nsec rtt_syn;                                     /* last SYN to the ACK of SYN+ACK; 0: not seen */
    /* Text to the ACK that covers it, where it was sent once (Karn): by the side that sent the text. One segment at a
     * time is timed. */
    nsec rtt_least, rtt_most, rtt_sum[2]; uint64_t rtts[2];
    void *user;                                       /* the caller's; flow.h leaves it alone (NULL at first) */
};

struct flows_config { size_t most; struct chance *chance; };      /* most: octets of memory, at least 1 MB */
struct flows;
struct flows *flows_new(const struct flows_config *);             /* NULL: no memory */
void flows_free(struct flows *);

/* Takes one segment: its connection, or NULL (no memory at all). *side sent it; *marks are bits of enum flow_mark. */
struct flow *flows_take(struct flows *, const struct flow_packet *, unsigned *side, unsigned *marks);

/* The open connection between these two, whichever of them is the client; NULL: there is none. */
struct flow *flows_find(struct flows *, const struct addr *a, uint16_t a_port, const struct addr *b, uint16_t b_port);

/* Octets that `side` sent, in order, not yet consumed: in one piece, and the caller may change them (TLS opens
 * records in place; they are wiped when their memory goes back). They lie on offset flow_offset of its stream (0:
 * the first octet behind the SYN, or the first one seen). Holds until the next call for this flow. */
struct room flow_peek(struct flow *, unsigned side);
uint64_t flow_offset(const struct flow *, unsigned side);
void flow_consume(struct flow *, unsigned side, size_t n);
/* Where the octet with this sequence number lies in the stream (one that is older than its beginning: below 0, so
 * far beyond any other). */
uint64_t flow_offset_of(const struct flow *, unsigned side, uint32_t seq);
/* The sequence number from which Wireshark counts those of this side: its SYN's, else one before the first one seen (or
 * the other side's first ACK). */
uint32_t flow_base(const struct flow *, unsigned side);
/* The packet that brought this octet of the stream first, of those not consumed (and the last one that was). */
uint64_t flow_packet_of(const struct flow *, unsigned side, uint64_t offset);
/* Octets that are missing behind those at hand and will not come any more: they were acknowledged, or cut by the
 * snaplen, or the connection is over, or too much waits behind them. 0: none. To be asked of both sides after each
 * segment: an ACK of one makes a gap of the other. */
uint64_t flow_gap(const struct flow *, unsigned side);
/* Will flow_gap soon say so? Octets that are missing were acknowledged, and that is not believed yet. */
bool flow_doubted(const struct flow *, unsigned side);
/* Forgets what is at hand and goes on behind the gap. */
void flow_skip(struct flow *, unsigned side);
bool flow_finished(const struct flow *, unsigned side);            /* its FIN was reached, in order */

/* The next connection that is over (FLOW_LINGER after both FINs were acknowledged or a RST came; its ports were
 * used again; evicted); after flows_end every one that is left, in the order of their ids. The caller takes what
 * it still wants of it (its last gaps too: flow_gap, flow_skip), then gives it back. NULL: none. */
struct flow *flows_over(struct flows *);
void flows_give(struct flows *, struct flow *);
void flows_end(struct flows *);                       /* the capture is at its end */
size_t flows_count(const struct flows *);             /* open now */
/* The caller keeps so many octets for this one, by now: they count. Who was quiet for longest is ended for them when
 * the next segment comes. */
void flow_holds(struct flow *, size_t octets);

#endif
