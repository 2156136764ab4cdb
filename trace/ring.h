/* ring.h - octets between two layers: one writes in place, one reads in place, nobody owns a second copy.
 *
 * What can be read always lies in one piece. (A ring that wraps would cut records in two; so this one slides:
 * when its end is reached, what is unread moves to the front, which costs at most one move for each octet of
 * room. Emptied, it starts at the front again and costs nothing.) Behind what can be read, a writer may place
 * octets that came too early (ring_place): they are kept through every move and become readable by
 * ring_commit when the gap before them is filled.
 *
 * A ring takes its memory from a bounded pool, 2 KB first, more as somebody asks; an empty ring gives it
 * back. When the pool or the limit has no more, ring_reserve gives less room than asked: full is not an
 * error. Sliding costs nothing over time, because a piece is twice as large as what it holds (a ring near its
 * limit may so have a piece of up to four times the limit, where the pool has one).
 *
 * What ring_reserve and ring_peek point at holds until the next call that changes the ring. A reserve is
 * followed by a commit, of 0 octets when nothing came: so an empty ring keeps no memory. */
#ifndef TRACE_RING_H
#define TRACE_RING_H

#include "trace/wire.h"

struct room { uint8_t *at; size_t n; };

/* A bounded store of memory for rings and for what else a connection needs for a while: pieces of 2 KB, 4 KB ...
 * 32 MB, kept for reuse when given back. */
enum { POOL_CLASSES = 15, POOL_LEAST = 2048 };
struct pool { size_t limit, used, held; void *free_list[POOL_CLASSES]; };       /* held: used, or kept for reuse */

/* limit: octets held at any one time, over all rings */
void pool_start(struct pool *, size_t limit);
void pool_end(struct pool *);                          /* all rings must have been ended; gives memory back */

/* A piece of at least *size octets, *size set to what it has; NULL: the pool has no more. What lies in it is not
 * defined. It is given back with that size. */
void *pool_take(struct pool *, uint32_t *size);
void  pool_give(struct pool *, void *piece, uint32_t size);

struct ring {
    struct pool *pool;
    uint8_t *bytes;                                    /* NULL: holds nothing */
    uint32_t size, limit;                              /* octets of the piece; the most it may ever hold */
    /* readable: [head, head+len); placed early: up to head+len+ahead */
    uint32_t head, len, ahead;
    uint32_t high; bool opened;                        /* how far it was written; records were opened in it */
};

void         ring_start  (struct ring *, struct pool *, uint32_t limit);
void         ring_end    (struct ring *);              /* gives the memory back */
struct bytes ring_peek   (const struct ring *);        /* all that can be read, in one piece; it stays */
/* the octet at off of what can be read, to open it in place: from then on what lies in the ring is wiped before the
 * memory goes back */
uint8_t     *ring_at     (struct ring *, size_t off);
void         ring_consume(struct ring *, size_t n);    /* n <= readable: those octets are gone */
/* what may still be written, by the limit (not counting `ahead`) */
size_t       ring_room   (const struct ring *);
/* space behind what can be read; .n < n when there is no more */
struct room  ring_reserve(struct ring *, size_t n);
/* n octets of it are now readable; n <= reserved, or placed */
void         ring_commit (struct ring *, size_t n);
/* reserve, copy, commit; how many fitted */
size_t       ring_write  (struct ring *, const void *, size_t n);
/* Copies n octets to `gap` octets behind what can be read, for ring_commit later. How many fitted. */
size_t       ring_place  (struct ring *, size_t gap, const void *, size_t n);
/* What was placed early is gone. */
void         ring_forget (struct ring *);

#endif
