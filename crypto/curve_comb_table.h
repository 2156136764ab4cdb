/* curve_comb_table.h - multiples of the generator of P-256 in Montgomery's form: the table of crypto/curve_comb.h, 8192
 * octets, and odd multiples for numbers that are no secret (crypto/curve_group.h, "wNAF"), 2048. Made by
 * tests/tools/make-comb, derived again in another way by tests/unit/p256_comb.c. */
#ifndef CRYPTO_CURVE_COMB_TABLE_H
#define CRYPTO_CURVE_COMB_TABLE_H

#include <stdint.h>

enum { COMB_BLOCKS = 4, COMB_TEETH = 6, COMB_SPACE = 11, COMB_BITS = COMB_BLOCKS * COMB_TEETH * COMB_SPACE };
/* Of an entry's number, bit i says + at tooth i, or else -; at the last tooth there is always +. */
enum { COMB_ENTRIES = 1 << (COMB_TEETH - 1) };

struct comb_entry { uint64_t x[4], y[4]; };
extern const struct comb_entry comb_table[COMB_BLOCKS][COMB_ENTRIES];

/* 1, 3, 5 ... times the generator: what digits of seven bits are made of. */
enum { ODD_WINDOW = 7, ODD_ENTRIES = 1 << (ODD_WINDOW - 2) };
extern const struct comb_entry odd_table[ODD_ENTRIES];

#endif
