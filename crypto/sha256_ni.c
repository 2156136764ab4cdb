/* SHA-256 (FIPS 180-4 §6.2.2) in the processor's own instructions (Intel, "SHA Extensions", 2013). The eight working
 * variables a to h lie in two registers, in the order that SHA256RNDS2 wants them: a, b, e, f and c, d, g, h, the first
 * highest. It does two rounds of step 3: what was a, b, e, f becomes c, d, g, h, so that only the new a, b, e, f are
 * computed, into the register of c, d, g, h; then the two change places. */
#include "crypto/cpu.h"
#include "crypto/hash_form.h"

#ifdef CPU_FORMS
#include <immintrin.h>

#define WITH_SHA __attribute__((target("sha,ssse3,sse4.1")))
#define UNROLLED _Pragma("GCC unroll 16")

struct working { __m128i abef, cdgh; };

/* §4.2.2 */
static const uint32_t K[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline __m128i load(const void *p) { return _mm_loadu_si128((const __m128i *)p); }
static inline void store(void *p, __m128i v) { _mm_storeu_si128((__m128i *)p, v); }

/* Four words of the message, each big-endian (§5.2.1). */
WITH_SHA static inline __m128i message_words(const uint8_t *at)
{
    return _mm_shuffle_epi8(load(at), _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
}

/* Step 1, the next four words W_t of the message schedule, out of the 16 before them:
 * W_t = s1(W_{t-2}) + W_{t-7} + s0(W_{t-15}) + W_{t-16}; the one instruction has the last two, the other the first. */
WITH_SHA static inline __m128i next_words(__m128i w16, __m128i w12, __m128i w8, __m128i w4)
{
    const __m128i w7 = _mm_alignr_epi8(w4, w8, 4);
    return _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w16, w12), w7), w4);
}

/* Step 3, four times. `w` and K are used from below, two at a time. */
WITH_SHA static inline void four_rounds(struct working *s, __m128i w, const uint32_t *k)
{
    const __m128i wk = _mm_add_epi32(w, load(k));
    s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, wk);
    s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_shuffle_epi32(wk, 0x0e));
}

WITH_SHA static inline void one_block(struct working *s, const uint8_t *at)
{
    const struct working before = *s;
    __m128i w[4];
    UNROLLED for (unsigned i = 0; i < 4; i++)
        w[i] = message_words(at + 16 * i);
    UNROLLED for (unsigned i = 0; i < 16; i++) {
        four_rounds(s, w[i % 4], K + 4 * i);
        if (i < 12)
            w[i % 4] = next_words(w[i % 4], w[(i + 1) % 4], w[(i + 2) % 4], w[(i + 3) % 4]);
    }
    s->abef = _mm_add_epi32(s->abef, before.abef);                 /* step 4 */
    s->cdgh = _mm_add_epi32(s->cdgh, before.cdgh);
}

WITH_SHA static void blocks(union hash_value *v, const uint8_t *data, size_t n)
{
    /* from a, b, c, d and e, f, g, h, the first lowest */
    const __m128i cdab = _mm_shuffle_epi32(load(v->w32), 0xb1), efgh = _mm_shuffle_epi32(load(v->w32 + 4), 0x1b);
    struct working s = { _mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0) };
    for (; n > 0; n--, data += 64)
        one_block(&s, data);
    const __m128i feba = _mm_shuffle_epi32(s.abef, 0x1b), dchg = _mm_shuffle_epi32(s.cdgh, 0xb1);
    store(v->w32, _mm_blend_epi16(feba, dchg, 0xf0));
    store(v->w32 + 4, _mm_alignr_epi8(dchg, feba, 8));
}

static const struct hash_form form = { "sha", blocks };
const struct hash_form *const sha256_ni = &form;
#else
const struct hash_form *const sha256_ni = NULL;
#endif
