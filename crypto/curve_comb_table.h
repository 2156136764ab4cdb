/* curve_comb_table.h - the table of crypto/curve_comb.h for P-256: 8192 octets, in Montgomery's form. Made by
 * tests/tools/make-comb, derived again in another way by tests/unit/p256_comb.c. */
#ifndef CRYPTO_CURVE_COMB_TABLE_H
#define CRYPTO_CURVE_COMB_TABLE_H

#include <stdint.h>

enum { COMB_BLOCKS = 4, COMB_TEETH = 6, COMB_SPACE = 11, COMB_BITS = COMB_BLOCKS * COMB_TEETH * COMB_SPACE };
/* Of an entry's number, bit i says + at tooth i, or else -; at the last tooth there is always +. */
enum { COMB_ENTRIES = 1 << (COMB_TEETH - 1) };

struct comb_entry { uint64_t x[4], y[4]; };
extern const struct comb_entry comb_table[COMB_BLOCKS][COMB_ENTRIES];

#endif
