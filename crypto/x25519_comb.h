/* x25519_comb.h - which points are added up for a secret number of times the base point of Curve25519; the inside of
 * crypto/x25519_ifma.c.
 *
 * The comb of Lim and Lee, "More flexible exponentiation with precomputation" (1994), with digits 1 and -1, as in
 * crypto/curve_comb.h. An odd k below 2^260 is a sum of 2^i or -2^i for i = 0 .. 259: plus where bit i of
 * (k + 2^260 - 1) / 2 is set. Think of the 260 signs as 20 rows, "teeth", of 13; a column is one sign of each tooth, 20
 * signs that stand 13 apart; five of them, a block, are an entry of the table,
 *     T = ±2^e ± 2^(e+13) ± ... ± 2^(e+52) times the base point,      e = 65 block,
 * of which only those with + at the highest tooth are kept. From the last column to the first: double, then add for
 * each block what its five signs say: 52 additions and 12 doublings, from a table of 6 KB. */
#ifndef CRYPTO_X25519_COMB_H
#define CRYPTO_X25519_COMB_H

#include "crypto/ct.h"
#include "crypto/limbs.h"

enum { X25519_BLOCKS = 4, X25519_TEETH = 5, X25519_SPACE = 13, X25519_ENTRIES = 1 << (X25519_TEETH - 1),
       X25519_SIGN_WORDS = 5 };

/* A point of edwards25519 as (y - x, y + x, 2d xy), numbers below p, the lowest word first. */
struct x25519_entry { uint64_t number[3][4]; };
extern const struct x25519_entry x25519_comb_table[X25519_BLOCKS][X25519_ENTRIES];

/* The signs of k + l, where l is the order of the base point, and l times it nothing. A scalar k, clamped, is a
 * multiple of 8, and l is odd: so k + l is odd, and below 2^256. (k + l + 2^260 - 1) / 2 is k/2 and a constant. */
static inline void x25519_signs(uint64_t signs[X25519_SIGN_WORDS], const uint64_t k[4])
{
    static const uint64_t constant[X25519_SIGN_WORDS] = {
        0x2c09318d2e7ae9f6, 0x0a6f7cef517bce6b, 0, 0x0800000000000000, 8 };
    carry c = 0;
    for (int i = 0; i < X25519_SIGN_WORDS; i++)
        signs[i] = limb_add(&c, i < 4 ? k[i] >> 1 | (i < 3 ? k[i + 1] << 63 : 0) : 0, constant[i]);
}

/* Which entry of a block stands in a column, and whether it is to be subtracted: then all signs are turned round. */
static inline uint64_t x25519_index(const uint64_t signs[X25519_SIGN_WORDS], int block, int column, ct_mask *minus)
{
    uint64_t index = 0;
    for (int tooth = 0; tooth < X25519_TEETH; tooth++) {
        int bit = (block * X25519_TEETH + tooth) * X25519_SPACE + column;
        index |= (signs[bit / 64] >> bit % 64 & 1) << tooth;
    }
    *minus = ct_zero(index >> (X25519_TEETH - 1));
    return (index ^ *minus) & (X25519_ENTRIES - 1);
}

#endif
