/* GCM with AES-NI and PCLMULQDQ: a register is one block. */
#include "crypto/cpu.h"
#include "crypto/gcm_form.h"

#ifdef CPU_FORMS
#include "crypto/gcm_ni.h"

#include <sodium.h>

#define TARGET WITH_AES
#define INLINE WITH_AES_INLINE
enum { WIDE = 16 };
typedef __m128i wide;

INLINE wide everywhere(__m128i v) { return v; }
INLINE wide alone(__m128i v) { return v; }
INLINE wide load_wide(const uint8_t *p) { return load(p); }
INLINE void store_wide(uint8_t *p, wide v) { store(p, v); }

INLINE wide load_some(const uint8_t *p, size_t n)
{
    uint8_t part[WIDE] = { 0 };
    memcpy(part, p, n);
    wide v = load(part);
    sodium_memzero(part, sizeof part);
    return v;
}

INLINE void store_some(uint8_t *p, size_t n, wide v)
{
    uint8_t part[WIDE];
    store(part, v);
    memcpy(p, part, n);
    sodium_memzero(part, sizeof part);
}

/* Octet i stays where i < n. */
INLINE wide cut(wide v, size_t n)
{
    const wide i = _mm_set_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    return v & _mm_cmpgt_epi8(_mm_set1_epi8((char)n), i);
}

INLINE wide encrypt_round(wide b, wide key) { return _mm_aesenc_si128(b, key); }
INLINE wide encrypt_last(wide b, wide key) { return _mm_aesenclast_si128(b, key); }
INLINE wide add_counters(wide c, int n) { return _mm_add_epi32(c, _mm_set_epi32(0, 0, 0, n)); }
INLINE wide first_counters(int n) { return _mm_set_epi32(0, 0, 0, n); }
INLINE wide reversed_wide(wide v) { return reversed(v); }

#define wide_product product
INLINE struct product nothing(void)
{
    return (struct product){ _mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128() };
}
INLINE void add_wide(struct product *p, wide a, wide b) { add_product(p, a, b); }
INLINE __m128i reduced_wide(const struct product *p) { return reduced(*p); }

#include "crypto/gcm_stitched.h"

static const struct gcm_form form = { "aesni", set, seal, open };
const struct gcm_form *const gcm_ni = &form;
#else
const struct gcm_form *const gcm_ni = NULL;
#endif
