/* gcm_ni.h - GHASH by the processor's products without carries (PCLMULQDQ), for gcm_ni.c, gcm_vaes.c and gcm_vaes512.c.
 *
 * GHASH's bits run backwards in its octets; the instruction's do not. RFC 8452 Appendix A has the way out: with the
 * octets of every block reversed and the key multiplied by x once (ghash_ni_key), GHASH is POLYVAL, whose bits run as
 * the instruction's do, and
 *
 *     dot(a, b) = a * b * x^-128  mod  x^128 + x^127 + x^126 + x^121 + 1
 *
 * is its product. Several products are summed up as they are, 256 bits wide, and reduced once: with the powers of the
 * key,  (...((y + d1) H + d2) H + ... + d8) H  =  (y + d1) H^8 + d2 H^7 + ... + d8 H. */
#ifndef CRYPTO_GCM_NI_H
#define CRYPTO_GCM_NI_H

#include "crypto/aes_ni.h"
#include "crypto/gcm.h"
#include "crypto/octets.h"

#include <string.h>

/* A sum of products, in three overlapping pieces: low + middle x^64 + high x^128. */
struct product { __m128i low, middle, high; };

WITH_AES_INLINE __m128i reversed(__m128i v)
{
    return _mm_shuffle_epi8(v, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

WITH_AES_INLINE void add_product(struct product *p, __m128i a, __m128i b)
{
    p->low = _mm_xor_si128(p->low, _mm_clmulepi64_si128(a, b, 0x00));
    p->high = _mm_xor_si128(p->high, _mm_clmulepi64_si128(a, b, 0x11));
    p->middle = _mm_xor_si128(p->middle, _mm_xor_si128(_mm_clmulepi64_si128(a, b, 0x01),
                                                       _mm_clmulepi64_si128(a, b, 0x10)));
}

/* The sum times x^-128: the low half is folded into the high one, 64 bits at a time. Since 1 = x^128 + x^127 + x^126
 * + x^121, 64 low bits w are w times x^64 (x^64 + x^63 + x^62 + x^57). */
WITH_AES_INLINE __m128i reduced(struct product p)
{
    const __m128i poly = _mm_set_epi64x((long long)0xc200000000000000, 1);
    __m128i low = _mm_xor_si128(p.low, _mm_slli_si128(p.middle, 8));
    __m128i high = _mm_xor_si128(p.high, _mm_srli_si128(p.middle, 8));
    low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, poly, 0x10));
    low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, poly, 0x10));
    return _mm_xor_si128(high, low);
}

WITH_AES_INLINE __m128i dot(__m128i a, __m128i b)
{
    struct product p = { _mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128() };
    add_product(&p, a, b);
    return reduced(p);
}

/* H times x: shifted by one, what falls out at the top comes back as the polynomial; no branch. */
WITH_AES_INLINE __m128i ghash_ni_key(__m128i h)
{
    __m128i top = _mm_srai_epi32(_mm_shuffle_epi32(h, 0xff), 31);
    __m128i shifted = _mm_or_si128(_mm_slli_epi64(h, 1), _mm_slli_si128(_mm_srli_epi64(h, 63), 8));
    return _mm_xor_si128(shifted, _mm_and_si128(top, _mm_set_epi64x((long long)0xc200000000000000, 1)));
}

static inline size_t blocks_of(size_t n) { return (n + AES_BLOCK - 1) / AES_BLOCK; }

/* Both lengths in bits, octets reversed: the last block of the hash (SP 800-38D §7.1 step 5). */
WITH_AES_INLINE __m128i lengths_block(size_t aad_n, size_t n)
{
    return _mm_set_epi64x((long long)((uint64_t)aad_n * 8), (long long)((uint64_t)n * 8));
}

/* A nonce and four zeros. */
WITH_AES_INLINE __m128i nonce_block(const uint8_t nonce[12])
{
    return _mm_insert_epi32(_mm_loadl_epi64((const __m128i *)(const void *)nonce), (int)load_le32(nonce + 8), 2);
}

#endif
