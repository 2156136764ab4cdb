/* ifma_lanes.h - four numbers of 256 bits side by side in registers of 256 bits, for AVX-512 IFMA, whose instructions
 * VPMADD52LUQ and VPMADD52HUQ multiply 52 bits by 52 in each of four lanes, and add the lower or the upper half of the
 * product to 64 bits. A number is five limbs, lowest first, and a register holds one limb of all four. How numbers
 * come in, and change their lanes; what they are modulo which prime, the fields say: crypto/x25519_lanes.h,
 * crypto/p256_lanes.h. To be included where LIMB_BITS is said, 51 or 52.
 *
 * Which lane holds what is written lowest lane first: [A B C D]. Nothing here branches or indexes by a value. */
#ifndef CRYPTO_IFMA_LANES_H
#define CRYPTO_IFMA_LANES_H

#include "crypto/limbs.h"                             /* which brings the intrinsics */

#define WITH_IFMA __attribute__((target("avx2,avx512f,avx512vl,avx512ifma")))
#define INLINE_IFMA __attribute__((always_inline)) WITH_IFMA static inline
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

enum { LANE_LIMBS = 5, WORDS = 4, LANES = 4 };
enum { LANE_0 = 1, LANE_1 = 2, LANE_2 = 4, LANE_3 = 8 };           /* sets of lanes: a __mmask8 */
struct lanes { __m256i limb[LANE_LIMBS]; };
static const uint64_t limb_mask = ((uint64_t)1 << LIMB_BITS) - 1;

#define EACH_LIMB UNROLL for (int i = 0; i < LANE_LIMBS; i++)

INLINE_IFMA __m256i in_all(uint64_t v) { return _mm256_set1_epi64x((long long)v); }
INLINE_IFMA __m256i load(const void *words) { return _mm256_loadu_si256((const __m256i *)words); }

/* [A B C D] to [B A D C]. */
INLINE_IFMA struct lanes neighbours(struct lanes a)
{
    EACH_LIMB
        a.limb[i] = _mm256_shuffle_epi32(a.limb[i], 0x4e);
    return a;
}

/* Lane n of what comes out is lane `from`[n] of a. Takes the same time for every `from`. */
INLINE_IFMA struct lanes rearranged(struct lanes a, __m256i from)
{
    EACH_LIMB
        a.limb[i] = _mm256_permutexvar_epi64(from, a.limb[i]);
    return a;
}
INLINE_IFMA __m256i lanes_from(int n0, int n1, int n2, int n3) { return _mm256_set_epi64x(n3, n2, n1, n0); }

/* a, but b in the lanes `where`; and a, but 0 elsewhere. */
INLINE_IFMA struct lanes with(struct lanes a, __mmask8 where, struct lanes b)
{
    EACH_LIMB
        a.limb[i] = _mm256_mask_mov_epi64(a.limb[i], where, b.limb[i]);
    return a;
}
INLINE_IFMA struct lanes only(struct lanes a, __mmask8 where)
{
    EACH_LIMB
        a.limb[i] = _mm256_maskz_mov_epi64(where, a.limb[i]);
    return a;
}

/* Four numbers, each of four words in a register, as [a b c d]; of each the
 * lowest 5 LIMB_BITS bits. */
INLINE_IFMA struct lanes side_by_side(__m256i a, __m256i b, __m256i c, __m256i d)
{
    const __m256i mask = in_all(limb_mask);
    __m256i ab0 = _mm256_unpacklo_epi64(a, b), ab1 = _mm256_unpackhi_epi64(a, b);      /* words 0 and 2, 1 and 3 */
    __m256i cd0 = _mm256_unpacklo_epi64(c, d), cd1 = _mm256_unpackhi_epi64(c, d);
    __m256i w0 = _mm256_permute2x128_si256(ab0, cd0, 0x20), w1 = _mm256_permute2x128_si256(ab1, cd1, 0x20);
    __m256i w2 = _mm256_permute2x128_si256(ab0, cd0, 0x31), w3 = _mm256_permute2x128_si256(ab1, cd1, 0x31);
    struct lanes x = { {
        w0,
        _mm256_or_si256(_mm256_srli_epi64(w0, LIMB_BITS), _mm256_slli_epi64(w1, 64 - LIMB_BITS)),
        _mm256_or_si256(_mm256_srli_epi64(w1, 2 * LIMB_BITS - 64), _mm256_slli_epi64(w2, 128 - 2 * LIMB_BITS)),
        _mm256_or_si256(_mm256_srli_epi64(w2, 3 * LIMB_BITS - 128), _mm256_slli_epi64(w3, 192 - 3 * LIMB_BITS)),
        _mm256_srli_epi64(w3, 4 * LIMB_BITS - 192) } };
    EACH_LIMB
        x.limb[i] = _mm256_and_si256(x.limb[i], mask);
    return x;
}

/* [a b c d], all public and small. */
INLINE_IFMA struct lanes small(int a, int b, int c, int d)
{
    struct lanes x = { { lanes_from(a, b, c, d) } };
    return x;
}

#endif
