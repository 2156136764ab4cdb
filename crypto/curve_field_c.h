/* curve_field_c.h - the arithmetic of curve_field.h in C: the sums (crypto/curve_sums.h), and the products. To be
 * included before it is said how a multiple of p is added so that a limb goes away. */
#ifndef CRYPTO_CURVE_FIELD_C_H
#define CRYPTO_CURVE_FIELD_C_H

#include "crypto/curve_sums.h"

/* t = t + a b, the sum having LIMBS + 2 limbs. All the products first: so two carries never meet. */
static inline void add_product(uint64_t t[LIMBS + 2], const uint64_t a[LIMBS], uint64_t b)
{
    uint64_t low[LIMBS], high[LIMBS];
    carry c = 0, d = 0;
    UNROLLED
    for (int j = 0; j < LIMBS; j++) {
        wide product = (wide)a[j] * b;
        low[j] = (uint64_t)product;
        high[j] = (uint64_t)(product >> 64);
    }
    UNROLLED
    for (int j = 0; j < LIMBS; j++)
        t[j] = limb_add(&c, t[j], low[j]);
    t[LIMBS] = limb_add(&c, t[LIMBS], 0);
    UNROLLED
    for (int j = 0; j < LIMBS; j++)
        t[j + 1] = limb_add(&d, t[j + 1], high[j]);
    t[LIMBS + 1] = (uint64_t)c + d;
}

/* t = (t + m p) / 2^64, with the m below 2^64 that makes the lowest limb zero; below 2^(64 LIMBS + 64) when t is below
 * 2p + 2^64 p. Each prime is kind in its own way. */
static inline void drop_limb(uint64_t t[LIMBS + 2]);

/* Montgomery's product (Koç, Acar, Kaliski 1996, "coarsely integrated"): a times a limb of b is added, a limb dropped,
 * and so on. The sum stays below 2p after each drop, since it was below p 2^64 + 2p before. */
static void field_mul(struct field *x, const struct field *a, const struct field *b)
{
    uint64_t t[LIMBS + 2] = { 0 };
    UNROLLED
    for (int i = 0; i < LIMBS; i++) {
        add_product(t, a->limb, b->limb[i]);
        drop_limb(t);
    }
    subtract_once(x, t);
}

static inline void field_square(struct field *x, const struct field *a) { field_mul(x, a, a); }

#include "crypto/curve_field.h"

#endif
