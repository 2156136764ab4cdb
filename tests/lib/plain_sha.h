/* plain_sha.h - the instructions that the forms of SHA in crypto/ are written in, in plain C. To be included before one
 * of them, in place of the compiler's <immintrin.h>:
 *
 *     #include "tests/lib/plain_sha.h"
 *     #include "crypto/sha256_ni.c"
 *
 * So valgrind, whose 3.19 knows neither SHA's instructions nor AVX-512, sees where secrets go, and processors without
 * them run the same source. What is here goes by Intel's descriptions, and takes no branch and no index from a value. */
#ifndef TESTS_LIB_PLAIN_SHA_H
#define TESTS_LIB_PLAIN_SHA_H

#define _IMMINTRIN_H_INCLUDED                          /* gcc's <immintrin.h> is there already; clang's, too */
#define __IMMINTRIN_H
#define target(instructions) unused                    /* functions get no instructions of their own */

#include <stdint.h>
#include <string.h>

typedef union { uint8_t octet[16]; uint32_t word[4]; uint64_t lane[2]; } __m128i;     /* the lowest first: x86 */

#define EACH(n, i) for (unsigned i = 0; i < n; i++)
#define OF_EACH(n, part, name, value)                  /* a function of two registers, part by part */ \
    static inline __m128i name(__m128i a, __m128i b)                                                  \
    {                                                                                                 \
        EACH(n, i)                                                                                    \
            a.part[i] = value;                                                                        \
        return a;                                                                                     \
    }
OF_EACH(4, word, _mm_add_epi32, a.word[i] + b.word[i])
OF_EACH(2, lane, _mm_add_epi64, a.lane[i] + b.lane[i])
OF_EACH(2, lane, _mm_xor_si128, a.lane[i] ^ b.lane[i])

static inline __m128i _mm_loadu_si128(const __m128i *from)
{
    __m128i a;
    memcpy(&a, from, sizeof a);
    return a;
}

static inline void _mm_storeu_si128(__m128i *to, __m128i a) { memcpy(to, &a, sizeof a); }

static inline __m128i _mm_set_epi32(int d, int c, int b, int a)
{
    return (__m128i){ .word = { (uint32_t)a, (uint32_t)b, (uint32_t)c, (uint32_t)d } };
}
#define _mm_set_epi8(p, o, n, m, l, k, j, i, h, g, f, e, d, c, b, a) \
    ((__m128i){ .octet = { a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p } })
#define _mm_extract_epi32(a, n) ((int)(a).word[n])

static inline __m128i _mm_shuffle_epi8(__m128i a, __m128i from)    /* `from` is a constant wherever it is used here */
{
    __m128i b;
    EACH(16, i)
        b.octet[i] = a.octet[from.octet[i] % 16];
    return b;
}

static inline __m128i _mm_shuffle_epi32(__m128i a, unsigned from)
{
    __m128i b;
    EACH(4, i)
        b.word[i] = a.word[from >> 2 * i & 3];
    return b;
}

static inline __m128i _mm_alignr_epi8(__m128i high, __m128i low, unsigned by)
{
    __m128i b;
    EACH(16, i)
        b.octet[i] = i + by < 16 ? low.octet[i + by] : high.octet[i + by - 16];
    return b;
}

static inline __m128i _mm_blend_epi16(__m128i a, __m128i b, unsigned which)
{
    EACH(16, i)
        a.octet[i] = which >> i / 2 & 1 ? b.octet[i] : a.octet[i];
    return a;
}

/* ---- AVX-512 ---- */

static inline __m128i _mm_srli_epi64(__m128i a, unsigned n)
{
    EACH(2, i)
        a.lane[i] >>= n;
    return a;
}

static inline __m128i _mm_ror_epi64(__m128i a, unsigned n)
{
    EACH(2, i)
        a.lane[i] = a.lane[i] >> n | a.lane[i] << (64 - n);
    return a;
}

/* `table` has at place 4a + 2b + c what comes out for these three bits. */
static inline __m128i _mm_ternarylogic_epi64(__m128i a, __m128i b, __m128i c, unsigned table)
{
    __m128i sum = { .lane = { 0, 0 } };
    EACH(2, i)
        for (unsigned row = 0; row < 8; row++)
            sum.lane[i] |= (table >> row & 1 ? ~(uint64_t)0 : 0) & (row & 4 ? a.lane[i] : ~a.lane[i])
                & (row & 2 ? b.lane[i] : ~b.lane[i]) & (row & 1 ? c.lane[i] : ~c.lane[i]);
    return sum;
}

/* ---- SHA ---- */

static inline uint32_t plain_right(uint32_t x, unsigned n) { return x >> n | x << (32 - n); }
static inline uint32_t plain_sigma0(uint32_t x) { return plain_right(x, 7) ^ plain_right(x, 18) ^ x >> 3; }
static inline uint32_t plain_sigma1(uint32_t x) { return plain_right(x, 17) ^ plain_right(x, 19) ^ x >> 10; }

static inline __m128i _mm_sha256msg1_epu32(__m128i a, __m128i b)
{
    EACH(4, i)
        a.word[i] += plain_sigma0(i < 3 ? a.word[i + 1] : b.word[0]);
    return a;
}

static inline __m128i _mm_sha256msg2_epu32(__m128i a, __m128i b)
{
    EACH(4, i)
        a.word[i] += plain_sigma1(i < 2 ? b.word[i + 2] : a.word[i - 2]);
    return a;
}

static inline __m128i _mm_sha256rnds2_epu32(__m128i cdgh, __m128i abef, __m128i wk)
{
    EACH(2, i) {
        const uint32_t a = abef.word[3], b = abef.word[2], e = abef.word[1], f = abef.word[0];
        const uint32_t c = cdgh.word[3], d = cdgh.word[2], g = cdgh.word[1], h = cdgh.word[0];
        const uint32_t t1 = h + wk.word[i] + ((e & f) ^ (~e & g))
            + (plain_right(e, 6) ^ plain_right(e, 11) ^ plain_right(e, 25));
        const uint32_t t2 = ((a & b) ^ (a & c) ^ (b & c)) + (plain_right(a, 2) ^ plain_right(a, 13) ^ plain_right(a, 22));
        abef = _mm_set_epi32((int)(t1 + t2), (int)a, (int)(d + t1), (int)e);
        cdgh = _mm_set_epi32((int)b, (int)c, (int)f, (int)g);
    }
    return abef;
}

static inline __m128i _mm_sha1msg1_epu32(__m128i a, __m128i b)
{
    return _mm_set_epi32((int)(a.word[3] ^ a.word[1]), (int)(a.word[2] ^ a.word[0]), (int)(a.word[1] ^ b.word[3]),
                         (int)(a.word[0] ^ b.word[2]));
}

static inline __m128i _mm_sha1msg2_epu32(__m128i a, __m128i b)
{
    const uint32_t w16 = plain_right(a.word[3] ^ b.word[2], 31), w17 = plain_right(a.word[2] ^ b.word[1], 31);
    const uint32_t w18 = plain_right(a.word[1] ^ b.word[0], 31), w19 = plain_right(a.word[0] ^ w16, 31);
    return _mm_set_epi32((int)w16, (int)w17, (int)w18, (int)w19);
}

static inline __m128i _mm_sha1nexte_epu32(__m128i a, __m128i b)
{
    b.word[3] += plain_right(a.word[3], 2);
    return b;
}

static inline __m128i _mm_sha1rnds4_epu32(__m128i abcd, __m128i we, unsigned quarter)
{
    static const uint32_t constant[4] = { 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6 };
    uint32_t a = abcd.word[3], b = abcd.word[2], c = abcd.word[1], d = abcd.word[0], e = 0;
    EACH(4, i) {
        const uint32_t ch = (b & c) ^ (~b & d), maj = (b & c) ^ (b & d) ^ (c & d), parity = b ^ c ^ d;
        const uint32_t f = quarter == 0 ? ch : quarter == 2 ? maj : parity;
        const uint32_t next = f + plain_right(a, 27) + we.word[3 - i] + e + constant[quarter];
        e = d;
        d = c;
        c = plain_right(b, 2);
        b = a;
        a = next;
    }
    return _mm_set_epi32((int)a, (int)b, (int)c, (int)d);
}

#endif
