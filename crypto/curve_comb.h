/* curve_comb.h - the product of a secret number and the generator of a curve of 256 bits, from a table of constants:
 * 43 additions and 10 doublings, where any other point takes 66 and 255. To be included behind curve_group.h, where
 * `comb_table` is said.
 *
 * Lim and Lee, "More flexible exponentiation with precomputation" (1994), with digits 1 and -1 (Hamburg 2012, "Fast
 * and compact elliptic-curve cryptography" §3.3). An odd k below 2^256 is a sum of 2^i or -2^i for i = 0 .. 263: plus
 * where bit i of (k + 2^264 - 1) / 2 is set. Think of the 264 signs as 24 rows, "teeth", of 11: a column then is one
 * sign of each tooth, 24 signs that stand 11 apart; six of them, a block, are an entry of the table,
 *     T = ±2^e ± 2^(e+11) ± ... ± 2^(e+55) times G,       e = 66 block,
 * of which only those with + at the highest tooth are kept. From the last column to the first: double, then add for
 * each block what its six signs say. Of k and n - k, which make opposite points, the odd one is taken. */
#ifndef CRYPTO_CURVE_COMB_H
#define CRYPTO_CURVE_COMB_H

#include "crypto/curve_comb_table.h"
#include "crypto/curve_group.h"

/* The entry for a block in a column. */
static inline void comb_look_up(struct affine *q, const uint64_t signs[CURVE_LIMBS], int block, int column)
{
    uint64_t index = 0;
    for (int tooth = 0; tooth < COMB_TEETH; tooth++) {
        int bit = (block * COMB_TEETH + tooth) * COMB_SPACE + column;
        index |= (signs[bit / 64] >> bit % 64 & 1) << tooth;
    }
    ct_mask minus = ct_zero(index >> (COMB_TEETH - 1));
    index = (index ^ minus) & (COMB_ENTRIES - 1);      /* all signs turned round */
    affine_at(q, comb_table[block], COMB_ENTRIES, index);
    field_negate_if(minus, &q->y);
}

/* Why no two points that are added here are the same or opposite, but in the last addition: let S be the sum so far
 * and T what is added, both as numbers. In block 0 T is odd and S, just doubled, even; in the other blocks T is even
 * and S, which has block 0 in it, odd. So S = T and S = -T are out, S is never 0 when something is added, and what is
 * left is that S - T or S + T is n. As k < 2^256, the signs 255 to 262 are - and 263 is +: the highest tooth gives S
 * 3 2^253 at most, doubled for the first column 6 2^253, and all below it less than 2^253 more. So the sum is below
 * 7 2^253 + T, which in blocks 0 to 2 is below n, and everything is smaller before the first column. Block 3 in the
 * first column is the last addition: S + T is k, so S - T = n means k = n + 2T. There are 64 T, and one of them has a k
 * that has this T there: -(2^253 + 2^242 + 2^231 - 2^220 - 2^209 - 2^198). So the last addition asks. */
static inline void comb_multiply(struct point *sum, const uint64_t secret[CURVE_LIMBS],
                                 const uint64_t order[CURVE_LIMBS])
{
    struct { struct affine q; struct work work; uint64_t k[CURVE_LIMBS], signs[CURVE_LIMBS]; } t;
    memcpy(t.k, secret, sizeof t.k);
    ct_mask even = ct_zero(t.k[0] & 1);
    scalar_negate_if(even, t.k, order);
    signs_of(t.signs, t.k, COMB_BITS);

    comb_look_up(&t.q, t.signs, 0, COMB_SPACE - 1);
    *sum = (struct point){ t.q.x, t.q.y, { { 0 } } };
    field_one(&sum->z);
    for (int column = COMB_SPACE - 1; column >= 0; column--) {
        bool first = column == COMB_SPACE - 1;
        if (!first)
            point_double(sum, sum, &t.work);
        for (int block = first; block < COMB_BLOCKS; block++) {
            comb_look_up(&t.q, t.signs, block, column);
            meet_affine(&t.work, sum, &t.q);
            if (column == 0 && block == COMB_BLOCKS - 1)
                join_or_double(sum, &t.work);
            else
                join(sum, &t.work);
        }
    }
    field_negate_if(even, &sum->y);
    sodium_memzero(&t, sizeof t);
}

#endif
