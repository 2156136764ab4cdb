/* curve_sums.h - the sums of crypto/curve_field.h in C, written once and compiled for each prime: to be included where
 * LIMBS, OCTETS, BITS, `struct field`, `prime` and `square_of_r` are said. So the compiler knows each size: P-256 pays
 * nothing for P-521's. */
#ifndef CRYPTO_CURVE_SUMS_H
#define CRYPTO_CURVE_SUMS_H

#include "crypto/ct.h"
#include "crypto/limbs.h"

/* x = t - p where that is not below zero; t < 2p, its limb LIMBS being the last. */
static inline void subtract_once(struct field *x, const uint64_t t[LIMBS + 1])
{
    uint64_t less[LIMBS];
    carry borrow = 0;
    UNROLLED
    for (int i = 0; i < LIMBS; i++)
        less[i] = limb_sub(&borrow, t[i], prime[i]);
    limb_sub(&borrow, t[LIMBS], 0);
    ct_mask below = (ct_mask)0 - ct_hide(borrow);
    UNROLLED
    for (int i = 0; i < LIMBS; i++)
        x->limb[i] = less[i] ^ ((less[i] ^ t[i]) & below);
}

static inline void field_add(struct field *x, const struct field *a, const struct field *b)
{
    uint64_t sum[LIMBS + 1];
    carry c = 0;
    UNROLLED
    for (int i = 0; i < LIMBS; i++)
        sum[i] = limb_add(&c, a->limb[i], b->limb[i]);
    sum[LIMBS] = c;
    subtract_once(x, sum);
}

static inline void field_sub(struct field *x, const struct field *a, const struct field *b)
{
    uint64_t difference[LIMBS];
    carry borrow = 0, c = 0;
    UNROLLED
    for (int i = 0; i < LIMBS; i++)
        difference[i] = limb_sub(&borrow, a->limb[i], b->limb[i]);
    ct_mask below = (ct_mask)0 - ct_hide(borrow);
    UNROLLED
    for (int i = 0; i < LIMBS; i++)
        x->limb[i] = limb_add(&c, difference[i], prime[i] & below);
}

/* a / 2: a + p where a is odd, then one bit to the right. */
static inline void field_half(struct field *x, const struct field *a)
{
    uint64_t sum[LIMBS + 1];
    ct_mask odd = (ct_mask)0 - ct_hide(a->limb[0] & 1);
    carry c = 0;
    UNROLLED
    for (int i = 0; i < LIMBS; i++)
        sum[i] = limb_add(&c, a->limb[i], prime[i] & odd);
    sum[LIMBS] = c;
    UNROLLED
    for (int i = 0; i < LIMBS; i++)
        x->limb[i] = sum[i] >> 1 | sum[i + 1] << 63;
}

#endif
