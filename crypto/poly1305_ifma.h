/* poly1305_ifma.h - Poly1305 with AVX-512 IFMA: 256 octets in a step. For chacha20_ifma.c, which lets it run between
 * the rounds of ChaCha20.
 *
 * Eight blocks lie side by side, limb by limb (poly1305.h). As many polynomials run beside each other, each over every
 * eighth block, at the place r^8; a step takes two blocks of each:
 *
 *     sum = sum r^16 + m r^8 + m'
 *
 * and at the end each is multiplied by what it lacks, r^8 to r, and all are added up. The instructions multiply 52 by
 * 52 bits and add the lower or the upper 52 bits of the product, 2^52 = 2^8 2^44: so the upper ones count 2^8 times in
 * the next limb. All limbs are below 2^47 and 20 of them below 2^49: six products fit into 64 bits. */
#ifndef CRYPTO_POLY1305_IFMA_H
#define CRYPTO_POLY1305_IFMA_H

#include "crypto/poly1305.h"

#include <immintrin.h>

#define WITH_IFMA __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512ifma,avx2,bmi2")))
#define WITH_IFMA_INLINE WITH_IFMA static inline __attribute__((always_inline))
enum { POLY1305_STEP = 256 };

/* A factor: its limbs, and those that come back at the bottom, 20 times. */
struct ifma_factor { __m512i r[3], r_20[3]; };
struct ifma_sums { __m512i low[3], high[3]; };
struct poly1305_ifma {
    __m512i sum[3], before[3];                         /* before: h, for the first step; then zeros */
    struct ifma_factor r8, r16, last;
};

WITH_IFMA_INLINE __m512i ifma_mask(unsigned bits) { return _mm512_set1_epi64(((long long)1 << bits) - 1); }

WITH_IFMA_INLINE void ifma_add_product(struct ifma_sums *d, unsigned i, __m512i a, __m512i b)
{
    d->low[i] = _mm512_madd52lo_epu64(d->low[i], a, b);
    d->high[i] = _mm512_madd52hi_epu64(d->high[i], a, b);
}

/* d += a f, limb by limb. */
WITH_IFMA_INLINE void ifma_multiply(struct ifma_sums *d, const __m512i a[3], const struct ifma_factor *f)
{
    ifma_add_product(d, 0, a[0], f->r[0]);
    ifma_add_product(d, 1, a[0], f->r[1]);
    ifma_add_product(d, 2, a[0], f->r[2]);
    ifma_add_product(d, 0, a[1], f->r_20[2]);
    ifma_add_product(d, 1, a[1], f->r[0]);
    ifma_add_product(d, 2, a[1], f->r[1]);
    ifma_add_product(d, 0, a[2], f->r_20[1]);
    ifma_add_product(d, 1, a[2], f->r_20[2]);
    ifma_add_product(d, 2, a[2], f->r[0]);
}

/* What is more than a limb goes to the next one; from the top, 2^130 = 5, to the bottom. */
WITH_IFMA_INLINE void ifma_carry(struct ifma_sums *d, __m512i h[3])
{
    const __m512i limb = ifma_mask(POLY1305_LIMB), top = ifma_mask(POLY1305_TOP);
    __m512i up = _mm512_srli_epi64(d->low[0], POLY1305_LIMB) + _mm512_slli_epi64(d->high[0], 52 - POLY1305_LIMB);
    h[0] = d->low[0] & limb;
    d->low[1] += up;
    up = _mm512_srli_epi64(d->low[1], POLY1305_LIMB) + _mm512_slli_epi64(d->high[1], 52 - POLY1305_LIMB);
    h[1] = d->low[1] & limb;
    d->low[2] += up;
    up = _mm512_srli_epi64(d->low[2], POLY1305_TOP) + _mm512_slli_epi64(d->high[2], 52 - POLY1305_TOP);
    h[2] = d->low[2] & top;
    h[0] += up + _mm512_slli_epi64(up, 2);
    h[1] += _mm512_srli_epi64(h[0], POLY1305_LIMB);
    h[0] &= limb;
}

/* Eight blocks as limbs; blocks 0 4 1 5 2 6 3 7 lie in places 0 to 7. */
WITH_IFMA_INLINE void ifma_blocks(const uint8_t *at, __m512i m[3])
{
    const __m512i limb = ifma_mask(POLY1305_LIMB);
    const __m512i a = _mm512_loadu_si512((const void *)at), b = _mm512_loadu_si512((const void *)(at + 64));
    const __m512i low = _mm512_unpacklo_epi64(a, b), high = _mm512_unpackhi_epi64(a, b);
    m[0] = low & limb;
    m[1] = (_mm512_srli_epi64(low, 44) | _mm512_slli_epi64(high, 20)) & limb;
    m[2] = _mm512_srli_epi64(high, 24) | _mm512_set1_epi64((long long)1 << 40);
}

WITH_IFMA_INLINE void ifma_step(struct poly1305_ifma *p, const uint8_t *at)
{
    __m512i m[3];
    struct ifma_sums d;
    ifma_blocks(at + POLY1305_STEP / 2, d.low);
    ifma_blocks(at, m);
    for (unsigned i = 0; i < 3; i++) {
        d.high[i] = _mm512_setzero_si512();
        m[i] += p->before[i];
        p->before[i] = _mm512_setzero_si512();
    }
    ifma_multiply(&d, m, &p->r8);
    ifma_multiply(&d, p->sum, &p->r16);
    ifma_carry(&d, p->sum);
}

WITH_IFMA_INLINE void ifma_times_20(struct ifma_factor *f)
{
    for (unsigned i = 0; i < 3; i++)
        f->r_20[i] = _mm512_slli_epi64(f->r[i], 4) + _mm512_slli_epi64(f->r[i], 2);
}

/* Goes on where the other one is, for one step at least, and gives back what has come out; wipes itself. */
void poly1305_ifma_start(struct poly1305_ifma *, const struct poly1305 *);
void poly1305_ifma_end(struct poly1305_ifma *, struct poly1305 *);

#endif
