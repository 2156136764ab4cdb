/* flow_inside.h - what the files of net/flow*.c know of each other. Nobody else includes it.
 *
 * flow.c       the table, whose segment it is, when a connection is over, what memory it takes
 * flow_order.c one side's octets in order: what waits, what is missing, which packet brought an octet
 * flow_judge.c what a segment was, by Wireshark's rules
 * flow_facts.c what is counted of each side
 * flow_stray.c a SYN in the middle of a connection that lives */
#ifndef NET_FLOW_INSIDE_H
#define NET_FLOW_INSIDE_H

#include "net/ends_hash.h"
#include "net/flow.h"

/* --- one side's octets in order --- */

/* A segment that came too early: its header lies at the front of a piece of the pool, its text behind it. cut: so
 * many octets behind the text were not kept. */
struct flow_piece { uint32_t seq, n, cut, size; uint64_t packet; };

/* From this offset on, octets were brought by this packet. */
struct flow_brought { uint64_t offset, packet; };

/* Arrays of the pool, as long as there is something in them. brought: a queue, [brought_first, n_brought). */
struct flow_order {
    struct ring ring;
    bool known;                                       /* `next` is */
    bool anchored;                                    /* ... and is where its stream begins, or text was seen */
    bool gave_up;                                     /* what is missing at `next` is not waited for */
    bool has_fin; uint32_t fin;                       /* its sequence number */
    uint32_t next;                                    /* the first sequence number behind those in the ring */
    uint64_t tail;                                    /* its offset in the stream */
    uint32_t cut;                                     /* octets at `next` that the snaplen cut off */
    struct flow_piece **pieces; uint32_t n_pieces, pieces_size;       /* sorted by seq; size in octets */
    uint64_t waiting;                                 /* octets in them */
    struct flow_brought *brought; uint32_t brought_first, n_brought, brought_size;
    uint64_t last_packet;                             /* that brought what was consumed last */
    uint32_t doubted; unsigned doubts; nsec doubted_at;     /* an ACK behind a hole: how far, how long */
};

/* --- judging --- */

/* Names as in Wireshark's rules; where one is 0 it is not known. */
struct flow_judge {
    uint32_t base_seq, nextseq, max_to_be_acked, lastack, window;
    nsec nextseq_at, lastack_at;
    uint32_t dupacks; int8_t scale;                   /* SCALE_UNKNOWN, SCALE_NONE or the shift */
    bool base_set, first_ack;
    unsigned last_marks;
};
enum { SCALE_UNKNOWN = -1, SCALE_NONE = -2 };
/* RFC 7323 §2.3: who says more means 14. */
enum { SCALE_MOST = 14 };
static inline uint8_t scale_said(const struct tcp_segment *s)
{
    return s->window_scale < SCALE_MOST ? s->window_scale : SCALE_MOST;
}

/* The text of a segment that came lately: to see whether another one says otherwise. */
enum { FLOW_RECENT = 8 };
struct flow_recent { uint32_t seq, n, hash; uint8_t first[8]; };

/* --- a connection --- */

enum flow_end { FLOW_OPEN, FLOW_CLOSED, FLOW_OVER };  /* lives; lingers; is out of the table */

/* Doubly linked: older and newer. */
struct flow_link { struct flow_inside *older, *newer; };
enum flow_list_kind { FLOW_BY_ID, FLOW_BY_QUIET, FLOW_BY_HOLDING, FLOW_LISTS };
struct flow_list { struct flow_inside *first, *last; };

/* A SYN that may begin another connection on the same ports; times 0: there is none. */
struct flow_stray {
    uint64_t number; nsec at;                         /* the packet */
    uint32_t seq, octets, identification; unsigned times;
    uint16_t mss, window; uint8_t hops, window_scale, side; bool has_window_scale, sack_permitted, has_timestamps;
};

/* By what a sender's packets are told apart: its clock (RFC 7323) and IPv4's identification; 0: it has none. */
struct flow_stamp { uint32_t clock; uint16_t id; };

struct flow_inside {
    struct flow flow;                                 /* stands first */
    struct flows *all;
    size_t held;                                      /* octets that the caller keeps for it */
    struct flow_inside *next_hash, *next_over;
    struct flow_link link[FLOW_LISTS];
    enum flow_end end; bool holding;                  /* holding: in that list */
    nsec last_at, syn_at, first_rtt;                  /* syn_at, first_rtt: 0: none */
    struct flow_order order[2];
    struct flow_judge judge[2];
    struct flow_stray stray;
    struct flow_recent recent[2][FLOW_RECENT]; uint8_t recent_at[2], n_recent[2];
    struct { uint32_t end; nsec at; bool on; } timed[2];              /* text whose ACK is waited for */
    struct { uint32_t seq, size, times; struct flow_moment first; } again[2];     /* what was sent again last */
    struct { struct flow_stamp by; bool known; } sent[2];             /* the text that was sent last, by its sender */
    struct { uint32_t seq, ack, n; struct flow_stamp by; nsec at; bool known; } seen[2];    /* that was seen last */
    struct { struct flow_moment from; bool on; } zero[2];             /* its window is 0, since when */
    uint64_t conflicted;                              /* the last packet that conflicted */
    struct flow_moment asked[2]; uint64_t asked_text[2];              /* text that waits for the other's next */
};

struct flows {
    struct pool pool;
    size_t most_flows, n_flows, n_open;               /* n_flows: those that have memory; n_open: in the table */
    size_t most_held, held;                           /* octets, of connections together; the callers' in them */
    struct flow_inside **buckets; size_t n_buckets;
    uint32_t key[ENDS_KEY];
    uint32_t counted, wait_most;
    nsec now;
    struct flow_list by_id, quiet, closed;            /* quiet: those that live, the quietest first; closed: linger */
    struct flow_list holding;                         /* all that have memory of the pool, the quietest first */
    struct flow_inside *over, **over_end, *free_list;
    bool ended;
};

static inline struct flow_inside *flow_inside_of(struct flow *f) { return (struct flow_inside *)(void *)f; }
static inline const struct flow_inside *flow_inside_const(const struct flow *f)
{
    return (const struct flow_inside *)(const void *)f;
}

/* flow.c: pool_take that, when there is none, ends who was quiet for longest and holds some. Not `but`. */
void *flow_memory(struct flow_inside *but, uint32_t *size);

/* flow_order.c */
void order_start(struct flow_inside *, unsigned side);
void order_end(struct flow_inside *, unsigned side);
/* Waiting text goes; what can be read stays. */
void order_drop_waiting(struct flow_inside *, unsigned side);
bool order_holds(const struct flow_order *);          /* memory of the pool */
/* Takes what the segment says of its own stream, and of the other one's (its ACK). */
void order_take(struct flow_inside *, unsigned side, const struct flow_packet *, unsigned marks);

/* flow_judge.c: what was it? With the rules for a SYN on a connection that is there: is it another connection's? */
bool judge_is_another(const struct flow_inside *, unsigned side, const struct tcp_segment *);
unsigned judge_take(struct flow_inside *, unsigned side, const struct flow_packet *, bool reused);

/* flow_facts.c */
void facts_take(struct flow_inside *, unsigned side, const struct flow_packet *, unsigned marks);
void facts_conflict(struct flow_inside *, unsigned side, const struct flow_packet *);      /* once for a packet */
void facts_end(struct flow_inside *);
/* Its receiver dropped it (RFC 9293 §3.1, MUST-3): the checksum is wrong, most of this side are right, and no card can
 * have made one segment of several, whose checksum is then nobody's. Behind the counting of its sum. */
bool facts_damaged(const struct flow_inside *, unsigned side, const struct flow_packet *);
/* A SYN that belongs to this connection only by its ports. */
void facts_stray(struct flow_inside *, unsigned side, const struct flow_packet *);
/* It was another connection's. */
void facts_not_stray(struct flow_inside *);

/* flow_stray.c */
/* A SYN with another number (judge_is_another): true: this connection lives, and it is kept aside. */
bool stray_take(struct flow_inside *, unsigned side, const struct flow_packet *);
/* Does this segment answer the SYN that was kept? */
bool stray_is_taken_up(const struct flow_inside *, unsigned side, const struct tcp_segment *);
/* Fills ip, segment and packet, which points to them, for the connection that begins with it. */
void stray_again(const struct flow_stray *, const struct flow *old, struct ip_header *, struct tcp_segment *,
                 struct flow_packet *);

#endif
