/* SHA-1 (FIPS 180-4 §6.1.2) in the processor's own instructions (Intel, "SHA Extensions", 2013). a, b, c, d lie in one
 * register, a highest. SHA1RNDS4 does four rounds of step 3. After those e is what a was before them, turned left by
 * 30: SHA1NEXTE takes it from there, and adds it to the first word of the four that come next, in which form it is
 * handed on. */
#include "crypto/cpu.h"
#include "crypto/hash_form.h"

#ifdef CPU_FORMS
#include <immintrin.h>

#define WITH_SHA __attribute__((target("sha,ssse3,sse4.1")))
#define UNROLLED _Pragma("GCC unroll 20")

static inline __m128i load(const void *p) { return _mm_loadu_si128((const __m128i *)p); }
static inline void store(void *p, __m128i v) { _mm_storeu_si128((__m128i *)p, v); }

/* Four words of the message, each big-endian (§5.2.1), the first highest. */
WITH_SHA static inline __m128i message_words(const uint8_t *at)
{
    return _mm_shuffle_epi8(load(at), _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

/* Step 1, the next four words of the message schedule: W_t = ROTL1(W_{t-3} ^ W_{t-8} ^ W_{t-14} ^ W_{t-16}). */
WITH_SHA static inline __m128i next_words(__m128i w16, __m128i w12, __m128i w8, __m128i w4)
{
    return _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(w16, w12), w8), w4);
}

/* Step 3, four times; which function and constant goes with a quarter of the 80 rounds, the instruction knows, and
 * wants it written into itself. `we` is the four words, the first with e added. */
WITH_SHA static inline __m128i four_rounds(__m128i abcd, __m128i we, unsigned quarter)
{
    switch (quarter) {
    case 0:  return _mm_sha1rnds4_epu32(abcd, we, 0);
    case 1:  return _mm_sha1rnds4_epu32(abcd, we, 1);
    case 2:  return _mm_sha1rnds4_epu32(abcd, we, 2);
    default: return _mm_sha1rnds4_epu32(abcd, we, 3);
    }
}

/* e as SHA1NEXTE takes it: as the a of four rounds before, that is, not yet turned by 30. */
struct working { __m128i abcd, e; };

WITH_SHA static inline void one_block(struct working *s, const uint8_t *at)
{
    const struct working before = *s;
    __m128i w[4];
    UNROLLED for (unsigned i = 0; i < 4; i++)
        w[i] = message_words(at + 16 * i);
    UNROLLED for (unsigned i = 0; i < 20; i++) {
        const __m128i we = i ? _mm_sha1nexte_epu32(s->e, w[i % 4]) : _mm_add_epi32(s->e, w[0]);
        s->e = s->abcd;
        s->abcd = four_rounds(s->abcd, we, i / 5);
        if (i < 16)
            w[i % 4] = next_words(w[i % 4], w[(i + 1) % 4], w[(i + 2) % 4], w[(i + 3) % 4]);
    }
    s->e = _mm_sha1nexte_epu32(s->e, before.e);                    /* step 4: e is turned, and added to */
    s->abcd = _mm_add_epi32(s->abcd, before.abcd);
}

WITH_SHA static void blocks(union hash_value *v, const uint8_t *data, size_t n)
{
    struct working s = { _mm_shuffle_epi32(load(v->w32), 0x1b), _mm_set_epi32((int)v->w32[4], 0, 0, 0) };
    for (; n > 0; n--, data += 64)
        one_block(&s, data);
    store(v->w32, _mm_shuffle_epi32(s.abcd, 0x1b));
    v->w32[4] = (uint32_t)_mm_extract_epi32(s.e, 3);
}

static const struct hash_form form = { "sha", blocks };
const struct hash_form *const sha1_ni = &form;
#else
const struct hash_form *const sha1_ni = NULL;
#endif
