/* seq.h - comparing sequence numbers: the one place where it is done.
 *
 * Sequence numbers are counted modulo 2^32 (RFC 9293 §3.4): 3 comes after 4294967290. So `<` on them is
 * always wrong; what can be asked is which of two numbers *less than 2^31 apart* comes first. Differences (b
 * - a) are plain unsigned arithmetic: how many octets from a on to b. */
#ifndef NET_SEQ_H
#define NET_SEQ_H

#include <stdbool.h>
#include <stdint.h>

/* a comes before b. */
static inline bool seq_before(uint32_t a, uint32_t b) { return (a - b) >> 31; }

/* a comes before b, or is b: RFC 9293 writes a =< b. */
static inline bool seq_upto(uint32_t a, uint32_t b) { return !seq_before(b, a); }

/* x is one of the n numbers from `first` on. With n = 0: never. */
static inline bool seq_in(uint32_t x, uint32_t first, uint32_t n) { return x - first < n; }

static inline uint32_t seq_later(uint32_t a, uint32_t b) { return seq_before(a, b) ? b : a; }
static inline uint32_t seq_earlier(uint32_t a, uint32_t b) { return seq_before(a, b) ? a : b; }

#endif
