/* tcp_sent.h - what has been sent and is not acknowledged: the scoreboard (RFC 6675 §3, RFC 8985 §5).
 *
 * A record stands for the octets of one sending, [seq, end), many segments of text where a link cuts them apart
 * below us. The records lie side by side from snd_una to snd_nxt, and each is in one of three places:
 *
 *     SENT_OUT     under way, as far as we know; in the order in which they were sent (the last time)
 *     SENT_LOST    to be sent again; in the order in which that will be done
 *     SENT_SACKED  at the peer, behind a gap; neighbours become one
 *
 * What is under way (RFC 6675's pipe) is the octets of the first kind: tcp_sent_pipe.
 *
 * Costs do not depend on what the peer writes. A record is split at multiples of the MSS only, so that SACK blocks
 * of single octets split nothing (CVE-2019-11477 to -11479). A block is found by halving; loss detection looks
 * at the oldest that is out, and stops there.
 *
 * Memory: one record in the struct, for connections that say little; then one piece of the pool, as large as
 * needed, that goes back when all is acknowledged. When there is no more, neighbours share a record: nothing fails,
 * what is known becomes coarser. */
#ifndef NET_TCP_SENT_H
#define NET_TCP_SENT_H

#include "net/tcp_segment.h"
#include "trace/ring.h"
#include "trace/trace.h"

enum sent_place { SENT_OUT, SENT_LOST, SENT_SACKED };
enum { SENT_NONE = 0xffff, SENT_LEAST_PIECE = 2048, SENT_MOST_PIECE = 512 * 1024 };

struct sent_record {
    uint32_t seq, end;
    nsec sent_at;                                     /* the last time */
    event_no cause;                                   /* SENT_LOST: of what showed the loss */
    uint16_t before, after;                           /* in its list: slots */
    uint8_t place, why;                               /* enum sent_place; enum tcp_why, for its next sending */
    bool again;                                       /* it has been sent more than once */
};

struct sent_list { uint16_t first, last; };

struct tcp_sent {
    struct pool *pool;
    struct sent_record one;                           /* the only slot, as long as there is no piece */
    struct sent_record *slots; uint16_t *order;       /* order[first .. first + n): slots by their seq */
    uint32_t size;                                    /* of the piece; 0: none */
    uint16_t room, used, first, n, free;              /* slots there are, ever used, ...; free: list of given back */
    struct sent_list out, lost;
    uint32_t octets, octets_lost, octets_sacked;
};

void tcp_sent_start(struct tcp_sent *, struct pool *);
/* Forgets all, gives the memory back. */
void tcp_sent_end(struct tcp_sent *);

/* [seq, end) leaves for the first time; it follows the last. */
void tcp_sent_add(struct tcp_sent *, uint32_t seq, uint32_t end, nsec now);

/* The earliest octets; the latest; those longest under way; those to be sent next. NULL: there are none. They hold
 * until the next call that changes the scoreboard. */
struct sent_record *tcp_sent_first(struct tcp_sent *);
struct sent_record *tcp_sent_last(struct tcp_sent *);
struct sent_record *tcp_sent_oldest(struct tcp_sent *);
struct sent_record *tcp_sent_next(struct tcp_sent *);
/* The i-th by sequence, i < n. */
struct sent_record *tcp_sent_at(struct tcp_sent *, unsigned i);

/* All before `una` is acknowledged. Takes the first record (or that part of it) out and copies it to *gone, once a
 * call; false: that was all. */
bool tcp_sent_acked(struct tcp_sent *, uint32_t una, struct sent_record *gone);
/* The peer has [seq, end). Marks the first record of them that was not known to be there, and copies it to *now as it
 * was, once a call; false: that was all. What covers only a part of an MSS counts as not said. */
bool tcp_sent_sacked(struct tcp_sent *, struct tcp_extent block, uint32_t mss, struct sent_record *now);

/* A record that is out goes to those to be sent again. */
void tcp_sent_lose(struct tcp_sent *, struct sent_record *, uint8_t why, event_no cause);
/* The first n octets, if they are out. */
void tcp_sent_lose_first(struct tcp_sent *, uint32_t n, uint8_t why, event_no cause);
/* All that are out, and those at the peer too if it may have thrown them away (RFC 2018 §8), in order. Only what was
 * sent before `before`, except for the first. */
void tcp_sent_lose_all(struct tcp_sent *, nsec before, bool sacked_too, uint8_t why, event_no cause);
/* They were not lost after all: the oldest again of those that are out. */
void tcp_sent_find(struct tcp_sent *);

/* The first n octets of a record that is lost or out leave again now; the rest stays what it was. The record
 * that has left (and lies where the old one lay). */
void tcp_sent_again(struct tcp_sent *, struct sent_record *, uint32_t n, nsec now);
/* What is lost behind the next to be sent becomes part of it, up to `most` octets in all, so that what was sent in
 * small pieces goes again in one: how many it has now. */
uint32_t tcp_sent_gather(struct tcp_sent *, uint32_t most);
/* Cuts a record before its octet `at`; the latter part, or the whole if there is no memory. */
struct sent_record *tcp_sent_cut(struct tcp_sent *, struct sent_record *, uint32_t at);

static inline uint32_t tcp_sent_pipe(const struct tcp_sent *s)
{
    return s->octets - s->octets_lost - s->octets_sacked;
}

#endif
