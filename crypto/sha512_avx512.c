/* SHA-512 (FIPS 180-4 §6.4.2) with AVX-512 and BMI2. The rounds are a chain of sums and rotations of single words, and
 * remain so; RORX rotates into another register, which saves the copies. The message schedule, a third of the work, is
 * computed two words at a time in vectors, in other parts of the processor, while the rounds wait for each other. Of
 * AVX-512 that takes what it can do with short vectors: rotations, and three operands in one instruction. (With AVX2
 * alone it is 1.25 times as fast as libsodium's, not 1.4: not worth a form.) */
#include "crypto/cpu.h"
#include "crypto/hash_form.h"

#ifdef CPU_FORMS
#include <immintrin.h>

#define WITH_AVX512 __attribute__((target("avx512f,avx512vl,bmi2")))
#define INLINED __attribute__((always_inline))
#define UNROLLED _Pragma("GCC unroll 16")

/* §4.2.3 */
static const uint64_t K[80] __attribute__((aligned(16))) = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
    0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
    0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
    0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
    0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
    0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
    0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
    0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
    0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
    0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
    0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
    0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
    0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static inline __m128i load(const void *p) { return _mm_loadu_si128((const __m128i *)p); }
static inline void store(void *p, __m128i v) { _mm_storeu_si128((__m128i *)p, v); }

/* Two words of the message, each big-endian (§5.2.2). */
WITH_AVX512 static inline __m128i message_words(const uint8_t *at)
{
    return _mm_shuffle_epi8(load(at), _mm_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
}

/* a ^ b ^ c: the table of the three's exclusive or is 0x96. */
WITH_AVX512 static inline __m128i xor3(__m128i a, __m128i b, __m128i c)
{
    return _mm_ternarylogic_epi64(a, b, c, 0x96);
}

/* sigma_0 and sigma_1 of §4.1.3, of two words. */
WITH_AVX512 static inline __m128i sigma0(__m128i w)
{
    return xor3(_mm_ror_epi64(w, 1), _mm_ror_epi64(w, 8), _mm_srli_epi64(w, 7));
}

WITH_AVX512 static inline __m128i sigma1(__m128i w)
{
    return xor3(_mm_ror_epi64(w, 19), _mm_ror_epi64(w, 61), _mm_srli_epi64(w, 6));
}

/* Step 1, the next two words of the schedule: W_t = sigma_1(W_{t-2}) + W_{t-7} + sigma_0(W_{t-15}) + W_{t-16}. The 16
 * words before them lie in w, two by two, counted around from w[i]. */
WITH_AVX512 static inline __m128i next_words(const __m128i w[8], unsigned i)
{
    const __m128i w16 = w[i], w15 = _mm_alignr_epi8(w[(i + 1) % 8], w16, 8), w2 = w[(i + 7) % 8];
    const __m128i w7 = _mm_alignr_epi8(w[(i + 5) % 8], w[(i + 4) % 8], 8);
    return _mm_add_epi64(_mm_add_epi64(w16, sigma0(w15)), _mm_add_epi64(w7, sigma1(w2)));
}

static inline uint64_t rotr(uint64_t x, unsigned n) { return x >> n | x << (64 - n); }

/* Step 3, once. It is not the values that move on but the names of the eight working variables: in round t variable i
 * is v[i - t]. Maj of a, b and c is b, but for the bits where a and c are one against it; what it asks of a and b, the
 * next round asks of b and c: `differ` keeps that. */
WITH_AVX512 INLINED static inline void one_round(uint64_t v[8], uint64_t *differ, unsigned t, uint64_t wk)
{
    const uint64_t a = v[(0 - t) % 8], b = v[(1 - t) % 8];
    const uint64_t e = v[(4 - t) % 8], f = v[(5 - t) % 8], g = v[(6 - t) % 8];
    const uint64_t a_b = a ^ b, maj = b ^ (a_b & *differ), ch = g ^ (e & (f ^ g));
    const uint64_t t1 = v[(7 - t) % 8] + wk + ch + (rotr(e, 14) ^ rotr(e, 18) ^ rotr(e, 41));
    v[(3 - t) % 8] += t1;
    v[(7 - t) % 8] = t1 + maj + (rotr(a, 28) ^ rotr(a, 34) ^ rotr(a, 39));
    *differ = a_b;
}

/* Sixteen rounds. more: their words make way for those of the next sixteen. */
WITH_AVX512 INLINED static inline void sixteen_rounds(uint64_t v[8], uint64_t *differ, __m128i w[8],
                                                      const uint64_t k[16], bool more)
{
    uint64_t wk[2];
    UNROLLED for (unsigned i = 0; i < 8; i++) {
        store(wk, _mm_add_epi64(w[i], load(k + 2 * i)));
        if (more)
            w[i] = next_words(w, i);
        one_round(v, differ, 2 * i, wk[0]);
        one_round(v, differ, 2 * i + 1, wk[1]);
    }
}

WITH_AVX512 static inline void one_block(uint64_t h[8], const uint8_t *at)
{
    uint64_t v[8], differ = h[1] ^ h[2];
    __m128i w[8];
    UNROLLED for (unsigned i = 0; i < 8; i++) {
        v[i] = h[i];
        w[i] = message_words(at + 16 * i);
    }
    for (unsigned t = 0; t < 64; t += 16)
        sixteen_rounds(v, &differ, w, K + t, true);
    sixteen_rounds(v, &differ, w, K + 64, false);
    UNROLLED for (unsigned i = 0; i < 8; i++)
        h[i] += v[i];                                  /* step 4 */
}

WITH_AVX512 static void blocks(union hash_value *v, const uint8_t *data, size_t n)
{
    for (; n > 0; n--, data += 128)
        one_block(v->w64, data);
}

static const struct hash_form form = { "avx512", blocks };
const struct hash_form *const sha512_avx512 = &form;
#else
const struct hash_form *const sha512_avx512 = NULL;
#endif
