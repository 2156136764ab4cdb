/* plain_ifma512.h - as plain_ifma.h, with registers twice as long, for crypto/bignum_ifma.c. */
#ifndef TESTS_LIB_PLAIN_IFMA512_H
#define TESTS_LIB_PLAIN_IFMA512_H

#include "tests/lib/plain_ifma.h"

typedef struct { uint64_t lane[8]; } __m512i;

#define EACH_OF_8 for (int n = 0; n < 8; n++)

static inline __m512i _mm512_set1_epi64(long long value)
{
    __m512i a;
    EACH_OF_8
        a.lane[n] = (uint64_t)value;
    return a;
}
static inline __m512i _mm512_setzero_si512(void) { return _mm512_set1_epi64(0); }
static inline __m128i _mm512_castsi512_si128(__m512i a) { return (__m128i){ { a.lane[0], a.lane[1] } }; }
static inline __m512i _mm512_broadcastq_epi64(__m128i a) { return _mm512_set1_epi64((long long)a.lane[0]); }

static inline __m512i _mm512_load_si512(const void *from)
{
    __m512i a;
    memcpy(&a, from, sizeof a);
    return a;
}
static inline void _mm512_store_si512(void *to, __m512i a) { memcpy(to, &a, sizeof a); }

static inline __m512i _mm512_add_epi64(__m512i a, __m512i b)
{
    EACH_OF_8
        a.lane[n] += b.lane[n];
    return a;
}
static inline __m512i _mm512_and_si512(__m512i a, __m512i b)
{
    EACH_OF_8
        a.lane[n] &= b.lane[n];
    return a;
}
static inline __m512i _mm512_srli_epi64(__m512i a, unsigned bits)
{
    EACH_OF_8
        a.lane[n] >>= bits;
    return a;
}

/* The lanes of b, then those of a, from the one of this number on. */
static inline __m512i _mm512_alignr_epi64(__m512i a, __m512i b, int from)
{
    __m512i x;
    EACH_OF_8
        x.lane[n] = n + from < 8 ? b.lane[n + from] : a.lane[n + from - 8];
    return x;
}

static inline __m512i _mm512_madd52lo_epu64(__m512i sum, __m512i a, __m512i b)
{
    EACH_OF_8
        sum.lane[n] += (uint64_t)of_52_bits(a.lane[n], b.lane[n]) << 12 >> 12;
    return sum;
}
static inline __m512i _mm512_madd52hi_epu64(__m512i sum, __m512i a, __m512i b)
{
    EACH_OF_8
        sum.lane[n] += (uint64_t)(of_52_bits(a.lane[n], b.lane[n]) >> 52);
    return sum;
}

/* A bit for each lane. */
static inline __mmask8 _mm512_cmpgt_epu64_mask(__m512i a, __m512i b)
{
    unsigned mask = 0;
    EACH_OF_8
        mask |= (unsigned)(ct_less(b.lane[n], a.lane[n]) & 1) << n;
    return (__mmask8)mask;
}
static inline __mmask8 _mm512_cmpeq_epu64_mask(__m512i a, __m512i b)
{
    unsigned mask = 0;
    EACH_OF_8
        mask |= (unsigned)(ct_equal(a.lane[n], b.lane[n]) & 1) << n;
    return (__mmask8)mask;
}
static inline __m512i _mm512_mask_mov_epi64(__m512i a, __mmask8 where, __m512i b)
{
    EACH_OF_8
        a.lane[n] = ct_select(ct_nonzero(where & 1u << n), b.lane[n], a.lane[n]);
    return a;
}
static inline __m512i _mm512_mask_sub_epi64(__m512i other, __mmask8 where, __m512i a, __m512i b)
{
    EACH_OF_8
        a.lane[n] -= b.lane[n];
    return _mm512_mask_mov_epi64(other, where, a);
}
static inline __m512i _mm512_maskz_srli_epi64(__mmask8 where, __m512i a, unsigned bits)
{
    return _mm512_mask_mov_epi64(_mm512_setzero_si512(), where, _mm512_srli_epi64(a, bits));
}

#endif
