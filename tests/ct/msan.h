/* msan.h - what MemorySanitizer of clang 14 does not follow a secret through, it takes for a look at it: sums with
 * carry and assembly (LIMBS_PLAIN, CT_HIDE_PLAIN: in C instead), and a few intrinsics with an operand of another kind
 * than their result. Here each of these is such that it can be followed, the same to the last bit. `make ct-wide`
 * includes this first in every file of crypto/. */
#ifndef TESTS_CT_MSAN_H
#define TESTS_CT_MSAN_H

#ifdef __x86_64__
#include <immintrin.h>
#include <sanitizer/msan_interface.h>

#define CT_MUST_BE(fact) ((void)sizeof(char[(fact) ? 1 : -1]))

/* The result is secret wherever an operand is. */
#define CT_SHA1RNDS4(f)                                                                                              \
    __attribute__((target("sha"))) static inline __m128i ct_sha1rnds4_##f(__m128i a, __m128i b)                      \
    {                                                                                                                \
        const int secret = __msan_test_shadow(&a, sizeof a) >= 0 || __msan_test_shadow(&b, sizeof b) >= 0;           \
        __msan_unpoison(&a, sizeof a);                                                                               \
        __msan_unpoison(&b, sizeof b);                                                                               \
        __m128i result = _mm_sha1rnds4_epu32(a, b, f);                                                               \
        if (secret)                                                                                                  \
            __msan_poison(&result, sizeof result);                                                                   \
        return result;                                                                                               \
    }
CT_SHA1RNDS4(0)
CT_SHA1RNDS4(1)
CT_SHA1RNDS4(2)
CT_SHA1RNDS4(3)
#undef _mm_sha1rnds4_epu32
#define _mm_sha1rnds4_epu32(a, b, f) ct_sha1rnds4_##f(a, b)

__attribute__((target("aes"))) static inline __m128i ct_aeskeygenassist(__m128i a)
{
    const int secret = __msan_test_shadow(&a, sizeof a) >= 0;
    __msan_unpoison(&a, sizeof a);
    __m128i result = _mm_aeskeygenassist_si128(a, 0);
    if (secret)
        __msan_poison(&result, sizeof result);
    return result;
}
#undef _mm_aeskeygenassist_si128
#define _mm_aeskeygenassist_si128(a, f) (CT_MUST_BE((f) == 0), ct_aeskeygenassist(a))

/* VPTERNLOG takes each bit from a table of eight (Intel's manual, volume 2); in crypto/ it is the xor of three. */
#undef _mm512_ternarylogic_epi64
#define _mm512_ternarylogic_epi64(a, b, c, f) (CT_MUST_BE((f) == 0x96), _mm512_xor_si512(a, _mm512_xor_si512(b, c)))
#undef _mm_ternarylogic_epi64
#define _mm_ternarylogic_epi64(a, b, c, f) (CT_MUST_BE((f) == 0x96), _mm_xor_si128(a, _mm_xor_si128(b, c)))
#undef _mm256_ternarylogic_epi64
#define _mm256_ternarylogic_epi64(a, b, c, f) (CT_MUST_BE((f) == 0x96), _mm256_xor_si256(a, _mm256_xor_si256(b, c)))
#endif
#endif
