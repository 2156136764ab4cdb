/* x25519_lanes.h - four elements of the field of Curve25519, p = 2^255 - 19, side by side, with AVX-512 IFMA on
 * registers of 256 bits. The inside of crypto/x25519_ifma.c, and only of that. Nothing here branches or indexes by a
 * value.
 *
 * The limbs of crypto/ifma_lanes.h have 51 bits here. 255 bits in five limbs leave one bit of the 52: so limbs are
 * either
 *     fit    below 2^52: what may be multiplied, or
 *     raw    below 2^62: products, and sums and differences of two products,
 * and the carries of a product are done once, behind the sum that follows it. An element is any number that is right
 * modulo p. (Four at once: Hisil, Egrice and Yassi, "Fast 4 way vectorized ladder for the complete set of Montgomery
 * curves", 2020.) */
#ifndef CRYPTO_X25519_LANES_H
#define CRYPTO_X25519_LANES_H

enum { LIMB_BITS = 51 };
#include "crypto/ifma_lanes.h"

/* Limb i of p. */
static inline uint64_t limb_of_p(int i) { return i ? limb_mask : limb_mask - 18; }

/* Raw to fit: what a limb has above 51 bits, less than 2^11, goes to the next; from the highest to the lowest 19-fold,
 * as 2^255 is 19 modulo p. Limbs then are below 2^51 + 2^16, the number below 2p. */
INLINE_IFMA struct lanes carried(struct lanes a)
{
    struct lanes x;
    EACH_LIMB
        x.limb[i] = _mm256_and_si256(a.limb[i], in_all(limb_mask));
    x.limb[0] = _mm256_madd52lo_epu64(x.limb[0], _mm256_srli_epi64(a.limb[LANE_LIMBS - 1], LIMB_BITS), in_all(19));
    UNROLL for (int i = 1; i < LANE_LIMBS; i++)
        x.limb[i] = _mm256_add_epi64(x.limb[i], _mm256_srli_epi64(a.limb[i - 1], LIMB_BITS));
    return x;
}

/* The product of fit ones, raw. Column k has the lower halves of a_i b_j where i + j = k, and where i + j = k - 1 the
 * upper halves, twice, as 2^52 is two times 2^51. Columns 5 to 9 stand at 2^255 and above: 19-fold they go to columns 0
 * to 4. The largest is column 0 with 1 + 19 (4 + 2 5) = 267 times 2^52, which is below 2^60.1. */
INLINE_IFMA struct lanes product(struct lanes a, struct lanes b)
{
    __m256i low[2 * LANE_LIMBS], high[2 * LANE_LIMBS];
    struct lanes x;
    UNROLL for (int k = 0; k < 2 * LANE_LIMBS; k++)
        low[k] = high[k] = _mm256_setzero_si256();
    UNROLL for (int k = 2 * LANE_LIMBS - 2; k >= 0; k--)    /* the highest first: most is left to do with them */
        EACH_LIMB
            if (k - i >= 0 && k - i < LANE_LIMBS) {
                low[k] = _mm256_madd52lo_epu64(low[k], a.limb[i], b.limb[k - i]);
                high[k + 1] = _mm256_madd52hi_epu64(high[k + 1], a.limb[i], b.limb[k - i]);
            }
    EACH_LIMB {
        __m256i above = _mm256_add_epi64(low[i + LANE_LIMBS], _mm256_slli_epi64(high[i + LANE_LIMBS], 1));
        __m256i thrice = _mm256_add_epi64(above, _mm256_slli_epi64(above, 1));
        x.limb[i] = _mm256_add_epi64(_mm256_add_epi64(low[i], _mm256_slli_epi64(high[i], 1)),
                                     _mm256_add_epi64(thrice, _mm256_slli_epi64(above, 4)));
    }
    return x;
}

/* a + b, but a - b + 2^10 p in the lanes `minus`, where no limb of a product is above 2^10 p. Raw, of products. */
INLINE_IFMA struct lanes sum(struct lanes a, struct lanes b, __mmask8 minus)
{
    EACH_LIMB
        a.limb[i] = _mm256_add_epi64(a.limb[i],
            _mm256_mask_sub_epi64(b.limb[i], minus, in_all(limb_of_p(i) << 10), b.limb[i]));
    return a;
}

/* The number below p that a lane holds, of carried ones. x + 19 has a bit 255 where x is not below p; then x - p is
 * x + 19 without that bit. */
INLINE_IFMA void words_of(uint64_t word[WORDS], struct lanes a, int lane)
{
    uint64_t limb[LANE_LIMBS], q = 19;
    EACH_LIMB {
        __m256i moved = _mm256_permutexvar_epi64(in_all((uint64_t)lane), a.limb[i]);
        limb[i] = (uint64_t)_mm_cvtsi128_si64(_mm256_castsi256_si128(moved));
    }
    EACH_LIMB
        q = (limb[i] + q) >> LIMB_BITS;
    q *= 19;
    EACH_LIMB {
        q += limb[i];
        limb[i] = q & limb_mask;
        q >>= LIMB_BITS;
    }
    word[0] = limb[0] | limb[1] << 51;
    word[1] = limb[1] >> 13 | limb[2] << 38;
    word[2] = limb[2] >> 26 | limb[3] << 25;
    word[3] = limb[3] >> 39 | limb[4] << 12;
}

#endif
