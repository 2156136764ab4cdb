/* p256_lanes.h - four elements of the field of P-256 side by side, with AVX-512 IFMA (crypto/ifma_lanes.h): the inside
 * of crypto/p256_ifma.c, and only of that. Nothing here branches or indexes by a value.
 *
 * An element is any number below 2^260, which is almost 16 p, that is right modulo p; and in Montgomery's form, a as
 * a 2^260 mod p. Its five limbs of 52 bits are either
 *     fit    from 0 to 2^52 - 1: what may be multiplied, or
 *     raw    numbers with a sign, below 2^60 or so: products, and their sums and differences, the whole not below 0.
 * A product of a and b is below a b / 2^260 + p: so of factors below 4p it is below 2p, and reduced further nowhere.
 * Who subtracts says how many p are to be added so that the whole stays above 0. */
#ifndef CRYPTO_P256_LANES_H
#define CRYPTO_P256_LANES_H

enum { LIMB_BITS = 52 };
#include "crypto/ifma_lanes.h"

/* Limb i of p = 2^256 - 2^224 + 2^192 + 2^96 - 1. */
static inline uint64_t limb_of_p(int i)
{
    static const uint64_t limb[LANE_LIMBS] = {
        ((uint64_t)1 << 52) - 1, ((uint64_t)1 << 44) - 1, 0, (uint64_t)1 << 36, ((uint64_t)1 << 48) - (1 << 16) };
    return limb[i];
}

/* Raw to fit, of numbers from 0 to 2^260 - 1: what a limb has above 52 bits, or lacks, goes to the next. */
INLINE_IFMA struct lanes carried(struct lanes a)
{
    UNROLL for (int i = 0; i < LANE_LIMBS - 1; i++) {
        a.limb[i + 1] = _mm256_add_epi64(a.limb[i + 1], _mm256_srai_epi64(a.limb[i], LIMB_BITS));
        a.limb[i] = _mm256_and_si256(a.limb[i], in_all(limb_mask));
    }
    return a;
}

INLINE_IFMA struct lanes sum(struct lanes a, struct lanes b)
{
    EACH_LIMB
        a.limb[i] = _mm256_add_epi64(a.limb[i], b.limb[i]);
    return a;
}

INLINE_IFMA struct lanes difference(struct lanes a, struct lanes b)
{
    EACH_LIMB
        a.limb[i] = _mm256_sub_epi64(a.limb[i], b.limb[i]);
    return a;
}

/* a - b in the lanes `where`, `other` elsewhere. */
INLINE_IFMA struct lanes difference_in(struct lanes other, __mmask8 where, struct lanes a, struct lanes b)
{
    EACH_LIMB
        a.limb[i] = _mm256_mask_sub_epi64(other.limb[i], where, a.limb[i], b.limb[i]);
    return a;
}

/* k p in all lanes. */
INLINE_IFMA struct lanes multiple_of_p(unsigned k)
{
    struct lanes x;
    EACH_LIMB
        x.limb[i] = in_all(k * limb_of_p(i));
    return x;
}

/* One limb of Montgomery's reduction. As p = -1 mod 2^52, the m for which column[0] + m p ends in 52 zeros is
 * column[0] mod 2^52, which is all that the instructions look at; and
 *     m p  =  -m + 2^96 m + 2^192 m + (2^256 - 2^224) m
 * so that -m takes those 52 bits away; 96 = 52 + 44, 192 = 3 52 + 36, and 256 and 224 are 48 and 16 above 4 52. Of
 * 2^96 m what falls into the next column is done by shifts, since there the next limb waits for it: VPMADD52LUQ takes
 * twice as long. */
INLINE_IFMA void drop_limb(__m256i *column)
{
    const __m256i m = column[0], at_36 = in_all((uint64_t)1 << 36), at_44 = in_all((uint64_t)1 << 44),
                  high = in_all(((uint64_t)1 << 48) - (1 << 16));
    column[1] = _mm256_add_epi64(_mm256_add_epi64(column[1], _mm256_srli_epi64(m, LIMB_BITS)),
                                 _mm256_srli_epi64(_mm256_slli_epi64(m, 56), 12));
    column[2] = _mm256_madd52hi_epu64(column[2], m, at_44);
    column[3] = _mm256_madd52lo_epu64(column[3], m, at_36);
    column[4] = _mm256_madd52hi_epu64(column[4], m, at_36);
    column[4] = _mm256_madd52lo_epu64(column[4], m, high);
    column[5] = _mm256_madd52hi_epu64(column[5], m, high);
}

/* The product of fit ones, over 2^260, raw. Column k has the lower halves of a_i b_j where i + j = k, and the upper
 * ones where i + j = k - 1: nine numbers below 2^52, and what the reduction adds. The lowest first, since the reduction
 * waits for them, and the two kinds apart, so that no sum waits for more than five. */
INLINE_IFMA struct lanes product(struct lanes a, struct lanes b)
{
    __m256i low[2 * LANE_LIMBS], high[2 * LANE_LIMBS];
    struct lanes x;
    UNROLL for (int k = 0; k < 2 * LANE_LIMBS; k++)
        low[k] = high[k] = _mm256_setzero_si256();
    UNROLL for (int k = 0; k < 2 * LANE_LIMBS - 1; k++)
        EACH_LIMB
            if (k - i >= 0 && k - i < LANE_LIMBS) {
                low[k] = _mm256_madd52lo_epu64(low[k], a.limb[i], b.limb[k - i]);
                high[k + 1] = _mm256_madd52hi_epu64(high[k + 1], a.limb[i], b.limb[k - i]);
            }
    UNROLL for (int k = 0; k < 2 * LANE_LIMBS; k++)
        low[k] = _mm256_add_epi64(low[k], high[k]);
    UNROLL for (int k = 0; k < LANE_LIMBS; k++)
        drop_limb(low + k);
    EACH_LIMB
        x.limb[i] = low[i + LANE_LIMBS];
    return x;
}

/* The words of the number that a lane holds, of fit ones. */
INLINE_IFMA void words_of(uint64_t word[WORDS + 1], struct lanes a, int lane)
{
    uint64_t limb[LANE_LIMBS];
    EACH_LIMB {
        __m256i moved = _mm256_permutexvar_epi64(in_all((uint64_t)lane), a.limb[i]);
        limb[i] = (uint64_t)_mm_cvtsi128_si64(_mm256_castsi256_si128(moved));
    }
    word[0] = limb[0] | limb[1] << 52;
    word[1] = limb[1] >> 12 | limb[2] << 40;
    word[2] = limb[2] >> 24 | limb[3] << 28;
    word[3] = limb[3] >> 36 | limb[4] << 16;
    word[4] = limb[4] >> 48;
}

#endif
