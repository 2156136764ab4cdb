/* curve_field.h - arithmetic modulo a prime p, written once and compiled for each: to be included where a p…_field.h
 * has said LIMBS, OCTETS, BITS, `struct field`, `prime` and `square_of_r`, and how a multiple of p is added so that a
 * limb goes away. So the compiler knows each size, and P-256 pays nothing for P-521's.
 *
 * An element is LIMBS limbs, lowest first, always below p, and in Montgomery's form: a is kept as a R mod p, R being
 * 2^(64 LIMBS) (crypto/bignum.h says why). Nothing branches on an element. Results may overwrite arguments. */
#ifndef CRYPTO_CURVE_FIELD_H
#define CRYPTO_CURVE_FIELD_H

#include "crypto/bignum.h"
#include "crypto/inverse.h"
#include "crypto/limbs.h"

#include <sodium.h>

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

/* The product below in a way of this machine. False: it has none, and nothing is done. */
static inline bool mul_of_machine(struct field *x, const struct field *a, const struct field *b);

/* Montgomery's product (Koç, Acar, Kaliski 1996, "coarsely integrated"): a times a limb of b is added, a limb dropped,
 * and so on. The sum stays below 2p after each drop, since it was below p 2^64 + 2p before. */
static void mul_in_c(struct field *x, const struct field *a, const struct field *b)
{
    uint64_t t[LIMBS + 2] = { 0 };
    UNROLLED
    for (int i = 0; i < LIMBS; i++) {
        add_product(t, a->limb, b->limb[i]);
        drop_limb(t);
    }
    subtract_once(x, t);
}

static inline void field_mul(struct field *x, const struct field *a, const struct field *b)
{
    if (!mul_of_machine(x, a, b))
        mul_in_c(x, a, b);
}

static inline void field_square(struct field *x, const struct field *a) { field_mul(x, a, a); }

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

/* Octets, big-endian. The mask says whether they were below p, as they must be. */
static inline ct_mask field_read(struct field *x, const uint8_t octets[OCTETS])
{
    bn_read(x->limb, LIMBS, octets, OCTETS);
    ct_mask below = bn_less(x->limb, prime, LIMBS);
    field_mul(x, x, &square_of_r);
    return below;
}

static inline void field_write(const struct field *a, uint8_t octets[OCTETS])
{
    static const struct field plain_one = { { 1 } };
    struct field plain;
    field_mul(&plain, a, &plain_one);
    bn_write(plain.limb, LIMBS, octets, OCTETS);
    sodium_memzero(&plain, sizeof plain);              /* the x of an ECDH secret, maybe */
}

static inline void field_one(struct field *x)
{
    static const struct field plain_one = { { 1 } };
    field_mul(x, &plain_one, &square_of_r);
}

/* x = 1/a, 0 for 0. In form: 1/(a R) takes on R twice. */
static inline void field_invert(struct field *x, const struct field *a)
{
    inverse_mod(x->limb, a->limb, prime, LIMBS, BITS);
    field_mul(x, x, &square_of_r);
    field_mul(x, x, &square_of_r);
}

static inline ct_mask field_equal(const struct field *a, const struct field *b)
{
    return bn_equal(a->limb, b->limb, LIMBS);
}

static inline void field_copy_if(ct_mask mask, struct field *x, const struct field *a)
{
    for (int i = 0; i < LIMBS; i++)
        x->limb[i] = ct_select(mask, a->limb[i], x->limb[i]);
}

#endif
