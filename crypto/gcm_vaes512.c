/* GCM with VAES and VPCLMULQDQ on 512 bits: a register is four blocks. What does not fill one is read and written
 * under a mask. */
#include "crypto/cpu.h"
#include "crypto/gcm_form.h"

#ifdef CPU_FORMS
#include "crypto/gcm_ni.h"

#define TARGET \
    __attribute__((target("aes,pclmul,ssse3,sse4.1,avx512f,avx512bw,avx512dq,avx512vl,vaes,vpclmulqdq")))
#define INLINE TARGET static inline __attribute__((always_inline))
enum { WIDE = 64 };
typedef __m512i wide;

INLINE wide everywhere(__m128i v) { return _mm512_broadcast_i32x4(v); }
INLINE wide alone(__m128i v) { return _mm512_zextsi128_si512(v); }
INLINE wide load_wide(const uint8_t *p) { return _mm512_loadu_si512((const void *)p); }
INLINE void store_wide(uint8_t *p, wide v) { _mm512_storeu_si512((void *)p, v); }

INLINE __mmask64 first(size_t n) { return ((__mmask64)1 << n) - 1; }
INLINE wide load_some(const uint8_t *p, size_t n) { return _mm512_maskz_loadu_epi8(first(n), p); }
INLINE void store_some(uint8_t *p, size_t n, wide v) { _mm512_mask_storeu_epi8(p, first(n), v); }
INLINE wide cut(wide v, size_t n) { return _mm512_maskz_mov_epi8(first(n), v); }

INLINE wide encrypt_round(wide b, wide key) { return _mm512_aesenc_epi128(b, key); }
INLINE wide encrypt_last(wide b, wide key) { return _mm512_aesenclast_epi128(b, key); }
INLINE wide add_counters(wide c, int n) { return _mm512_add_epi32(c, everywhere(_mm_set_epi32(0, 0, 0, n))); }
INLINE wide first_counters(int n)
{
    return _mm512_set_epi32(0, 0, 0, n + 3, 0, 0, 0, n + 2, 0, 0, 0, n + 1, 0, 0, 0, n);
}

INLINE wide reversed_wide(wide v)
{
    return _mm512_shuffle_epi8(v, everywhere(_mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)));
}

struct wide_product { wide low, middle, high; };

INLINE struct wide_product nothing(void)
{
    return (struct wide_product){ _mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512() };
}

INLINE void add_wide(struct wide_product *p, wide a, wide b)
{
    p->low ^= _mm512_clmulepi64_epi128(a, b, 0x00);
    p->high ^= _mm512_clmulepi64_epi128(a, b, 0x11);
    p->middle = _mm512_ternarylogic_epi64(p->middle, _mm512_clmulepi64_epi128(a, b, 0x01),
                                          _mm512_clmulepi64_epi128(a, b, 0x10), 0x96);     /* xor of three */
}

/* The four quarters of a register, added up. */
INLINE __m128i folded(wide v)
{
    __m256i half = _mm512_castsi512_si256(v) ^ _mm512_extracti64x4_epi64(v, 1);
    return _mm256_castsi256_si128(half) ^ _mm256_extracti128_si256(half, 1);
}

INLINE __m128i reduced_wide(const struct wide_product *p)
{
    return reduced((struct product){ folded(p->low), folded(p->middle), folded(p->high) });
}

#include "crypto/gcm_stitched.h"

static const struct gcm_form form = { "vaes512", set, seal, open };
const struct gcm_form *const gcm_vaes512 = &form;
#else
const struct gcm_form *const gcm_vaes512 = NULL;
#endif
