/* GCM with VAES and VPCLMULQDQ on 256 bits, for processors that have them without AVX-512: a register is two blocks. */
#include "crypto/cpu.h"
#include "crypto/gcm_form.h"

#ifdef CPU_FORMS
#include "crypto/gcm_ni.h"

#include <sodium.h>

#define TARGET __attribute__((target("aes,pclmul,ssse3,sse4.1,avx2,vaes,vpclmulqdq")))
#define INLINE TARGET static inline __attribute__((always_inline))
enum { WIDE = 32 };
typedef __m256i wide;

INLINE wide everywhere(__m128i v) { return _mm256_broadcastsi128_si256(v); }
INLINE wide alone(__m128i v) { return _mm256_zextsi128_si256(v); }
INLINE wide load_wide(const uint8_t *p) { return _mm256_loadu_si256((const __m256i *)(const void *)p); }
INLINE void store_wide(uint8_t *p, wide v) { _mm256_storeu_si256((__m256i *)(void *)p, v); }

INLINE wide load_some(const uint8_t *p, size_t n)
{
    uint8_t part[WIDE] = { 0 };
    memcpy(part, p, n);
    wide v = load_wide(part);
    sodium_memzero(part, sizeof part);
    return v;
}

INLINE void store_some(uint8_t *p, size_t n, wide v)
{
    uint8_t part[WIDE];
    store_wide(part, v);
    memcpy(p, part, n);
    sodium_memzero(part, sizeof part);
}

/* Octet i stays where i < n. */
INLINE wide cut(wide v, size_t n)
{
    const wide i = _mm256_set_epi8(31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
                                   15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    return v & _mm256_cmpgt_epi8(_mm256_set1_epi8((char)n), i);
}

INLINE wide encrypt_round(wide b, wide key) { return _mm256_aesenc_epi128(b, key); }
INLINE wide encrypt_last(wide b, wide key) { return _mm256_aesenclast_epi128(b, key); }
INLINE wide add_counters(wide c, int n) { return _mm256_add_epi32(c, everywhere(_mm_set_epi32(0, 0, 0, n))); }
INLINE wide first_counters(int n) { return _mm256_set_epi32(0, 0, 0, n + 1, 0, 0, 0, n); }

INLINE wide reversed_wide(wide v)
{
    return _mm256_shuffle_epi8(v, everywhere(_mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)));
}

struct wide_product { wide low, middle, high; };

INLINE struct wide_product nothing(void)
{
    return (struct wide_product){ _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256() };
}

INLINE void add_wide(struct wide_product *p, wide a, wide b)
{
    p->low ^= _mm256_clmulepi64_epi128(a, b, 0x00);
    p->high ^= _mm256_clmulepi64_epi128(a, b, 0x11);
    p->middle ^= _mm256_clmulepi64_epi128(a, b, 0x01) ^ _mm256_clmulepi64_epi128(a, b, 0x10);
}

INLINE __m128i folded(wide v) { return _mm256_castsi256_si128(v) ^ _mm256_extracti128_si256(v, 1); }

INLINE __m128i reduced_wide(const struct wide_product *p)
{
    return reduced((struct product){ folded(p->low), folded(p->middle), folded(p->high) });
}

#include "crypto/gcm_stitched.h"

static const struct gcm_form form = { "vaes", set, seal, open };
const struct gcm_form *const gcm_vaes = &form;
#else
const struct gcm_form *const gcm_vaes = NULL;
#endif
