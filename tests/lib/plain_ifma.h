/* plain_ifma.h - the AVX-512 instructions that crypto/x25519_ifma.c and crypto/p256_ifma.c are written in, in plain C.
 * To be included before either, in place of the compiler's <immintrin.h>:
 *
 *     #include "tests/lib/plain_ifma.h"
 *     #include "crypto/x25519_ifma.c"
 *
 * So valgrind, whose 3.19 knows no AVX-512, sees where its secrets go, and processors without it run its tests. What is
 * here goes by Intel's descriptions, and takes no branch and no index from a value. */
#ifndef TESTS_LIB_PLAIN_IFMA_H
#define TESTS_LIB_PLAIN_IFMA_H

#define _IMMINTRIN_H_INCLUDED                          /* gcc's <immintrin.h> is there already; clang's, too */
#define __IMMINTRIN_H
#define target(instructions) unused                    /* functions get no instructions of their own */
#define always_inline unused                           /* ten lines for an instruction: not once in each place */

#include "crypto/ct.h"

#include <string.h>

typedef struct { uint64_t lane[4]; } __m256i;
typedef struct { uint64_t lane[2]; } __m128i;
typedef uint8_t __mmask8;
__extension__ typedef unsigned __int128 product_of_lanes;

#define EACH_LANE for (int n = 0; n < 4; n++)
#define OF_LANES(name, value)                          /* a function of two registers, lane by lane */               \
    static inline __m256i name(__m256i a, __m256i b)                                                               \
    {                                                                                                              \
        EACH_LANE                                                                                                  \
            a.lane[n] = value;                                                                                     \
        return a;                                                                                                  \
    }
OF_LANES(_mm256_add_epi64, a.lane[n] + b.lane[n])
OF_LANES(_mm256_sub_epi64, a.lane[n] - b.lane[n])
OF_LANES(_mm256_and_si256, a.lane[n] & b.lane[n])
OF_LANES(_mm256_or_si256, a.lane[n] | b.lane[n])
OF_LANES(_mm256_xor_si256, a.lane[n] ^ b.lane[n])
OF_LANES(_mm256_cmpeq_epi64, ct_equal(a.lane[n], b.lane[n]))
OF_LANES(_mm256_unpacklo_epi64, n & 1 ? b.lane[n - 1] : a.lane[n])
OF_LANES(_mm256_unpackhi_epi64, n & 1 ? b.lane[n] : a.lane[n + 1])

static inline __m256i _mm256_set_epi64x(long long d, long long c, long long b, long long a)
{
    return (__m256i){ { (uint64_t)a, (uint64_t)b, (uint64_t)c, (uint64_t)d } };
}
static inline __m256i _mm256_set1_epi64x(long long a) { return _mm256_set_epi64x(a, a, a, a); }
static inline __m256i _mm256_setzero_si256(void) { return _mm256_set1_epi64x(0); }

static inline __m256i _mm256_loadu_si256(const __m256i *from)
{
    __m256i a;
    memcpy(&a, from, sizeof a);
    return a;
}

static inline __m256i _mm256_srli_epi64(__m256i a, unsigned bits)
{
    EACH_LANE
        a.lane[n] >>= bits;
    return a;
}

static inline __m256i _mm256_slli_epi64(__m256i a, unsigned bits)
{
    EACH_LANE
        a.lane[n] <<= bits;
    return a;
}

/* The sign fills up from above. */
static inline __m256i _mm256_srai_epi64(__m256i a, unsigned bits)
{
    EACH_LANE
        a.lane[n] = a.lane[n] >> bits | (0 - (a.lane[n] >> 63)) << (64 - bits);
    return a;
}

/* VPMADD52LUQ and VPMADD52HUQ. */
static inline product_of_lanes of_52_bits(uint64_t a, uint64_t b)
{
    const uint64_t low = ((uint64_t)1 << 52) - 1;
    return (product_of_lanes)(a & low) * (b & low);
}
static inline __m256i _mm256_madd52lo_epu64(__m256i sum, __m256i a, __m256i b)
{
    EACH_LANE
        sum.lane[n] += (uint64_t)of_52_bits(a.lane[n], b.lane[n]) << 12 >> 12;
    return sum;
}
static inline __m256i _mm256_madd52hi_epu64(__m256i sum, __m256i a, __m256i b)
{
    EACH_LANE
        sum.lane[n] += (uint64_t)(of_52_bits(a.lane[n], b.lane[n]) >> 52);
    return sum;
}

/* A bit for each lane: b's where it is set. */
static inline __m256i _mm256_mask_mov_epi64(__m256i a, __mmask8 where, __m256i b)
{
    EACH_LANE
        a.lane[n] = ct_select(ct_nonzero(where & 1u << n), b.lane[n], a.lane[n]);
    return a;
}
static inline __m256i _mm256_maskz_mov_epi64(__mmask8 where, __m256i a)
{
    return _mm256_mask_mov_epi64(_mm256_setzero_si256(), where, a);
}
static inline __m256i _mm256_mask_sub_epi64(__m256i other, __mmask8 where, __m256i a, __m256i b)
{
    EACH_LANE
        a.lane[n] -= b.lane[n];
    return _mm256_mask_mov_epi64(other, where, a);
}

static inline __m256i _mm256_permutexvar_epi64(__m256i from, __m256i a)
{
    __m256i x = _mm256_setzero_si256();
    EACH_LANE
        for (unsigned i = 0; i < 4; i++)
            x.lane[n] |= a.lane[i] & ct_equal(from.lane[n] & 3, i);
    return x;
}

/* 0x4e alone: the halves of each half change places. */
static inline __m256i _mm256_shuffle_epi32(__m256i a, int how)
{
    (void)how;
    return (__m256i){ { a.lane[1], a.lane[0], a.lane[3], a.lane[2] } };
}

/* Each half is one of a's and b's, as two bits say; none is zeroed here. */
static inline __m256i _mm256_permute2x128_si256(__m256i a, __m256i b, int how)
{
    const __m256i *low = how & 2 ? &b : &a, *high = how & 0x20 ? &b : &a;
    int l = how & 1 ? 2 : 0, h = how & 0x10 ? 2 : 0;
    return (__m256i){ { low->lane[l], low->lane[l + 1], high->lane[h], high->lane[h + 1] } };
}

static inline __m128i _mm256_castsi256_si128(__m256i a) { return (__m128i){ { a.lane[0], a.lane[1] } }; }
static inline long long _mm_cvtsi128_si64(__m128i a) { return (long long)a.lane[0]; }

/* Sums with a carry: for crypto/limbs.h. */
static inline unsigned char _addcarry_u64(unsigned char carry, uint64_t a, uint64_t b, unsigned long long *sum)
{
    product_of_lanes all = (product_of_lanes)a + b + carry;
    *sum = (uint64_t)all;
    return (unsigned char)(all >> 64);
}
static inline unsigned char _subborrow_u64(unsigned char borrow, uint64_t a, uint64_t b, unsigned long long *difference)
{
    product_of_lanes all = (product_of_lanes)a - b - borrow;
    *difference = (uint64_t)all;
    return (unsigned char)(all >> 64 & 1);
}

#endif
