/* curve_field.h - arithmetic modulo the prime p of a curve, written once and compiled for each: to be included where
 * a p…_field.h has said LIMBS, OCTETS, BITS, `struct field`, `prime` and `square_of_r`, and how two elements are
 * multiplied. So the compiler knows each size, and P-256 pays nothing for P-521's.
 *
 * An element is LIMBS limbs, lowest first, always below p, and in Montgomery's form: a is kept as a R mod p, R being
 * 2^(64 LIMBS) (crypto/bignum.h says why). Nothing branches on an element. Results may overwrite arguments. */
#ifndef CRYPTO_CURVE_FIELD_H
#define CRYPTO_CURVE_FIELD_H

#include "crypto/bignum.h"

#include <sodium.h>

__extension__ typedef unsigned __int128 wide;

/* x = a - p where that is not below zero; `top` is the limb above a, and a < 2p. */
static inline void subtract_once(struct field *x, const uint64_t *a, uint64_t top)
{
    uint64_t less[LIMBS], borrow = 0;
    for (int i = 0; i < LIMBS; i++) {
        wide difference = (wide)a[i] - prime[i] - borrow;
        less[i] = (uint64_t)difference;
        borrow = (uint64_t)(difference >> 64) & 1;
    }
    ct_mask fits = ct_nonzero(top | (borrow ^ 1));
    for (int i = 0; i < LIMBS; i++)
        x->limb[i] = ct_select(fits, less[i], a[i]);
}

/* One step of Montgomery's product: t = (t + a b + m p) / 2^64, with the m that makes the lowest limb zero. The sum
 * stays below 2^64 (2p) all the time. Each curve has its own, since its prime is kind in its own way. */
static inline void field_step(uint64_t t[LIMBS + 1], const uint64_t a[LIMBS], uint64_t b);

static inline void field_mul(struct field *x, const struct field *a, const struct field *b)
{
    uint64_t t[LIMBS + 1] = { 0 };
    for (int i = 0; i < LIMBS; i++)
        field_step(t, a->limb, b->limb[i]);
    subtract_once(x, t, t[LIMBS]);
}

static inline void field_add(struct field *x, const struct field *a, const struct field *b)
{
    uint64_t sum[LIMBS];
    wide carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        carry += (wide)a->limb[i] + b->limb[i];
        sum[i] = (uint64_t)carry;
        carry >>= 64;
    }
    subtract_once(x, sum, (uint64_t)carry);
}

static inline void field_sub(struct field *x, const struct field *a, const struct field *b)
{
    uint64_t borrow = 0;
    wide sum = 0;
    for (int i = 0; i < LIMBS; i++) {
        wide difference = (wide)a->limb[i] - b->limb[i] - borrow;
        x->limb[i] = (uint64_t)difference;
        borrow = (uint64_t)(difference >> 64) & 1;
    }
    ct_mask below = ct_nonzero(borrow);
    for (int i = 0; i < LIMBS; i++) {
        sum += (wide)x->limb[i] + (prime[i] & below);
        x->limb[i] = (uint64_t)sum;
        sum >>= 64;
    }
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

/* x = a^(p-2) = 1/a (Fermat), 0 for 0. The exponent is public, its digits of four bits may choose. */
static inline void field_invert(struct field *x, const struct field *a)
{
    struct field powers[16], power;
    field_one(&powers[0]);
    for (int i = 1; i < 16; i++)
        field_mul(&powers[i], &powers[i - 1], a);
    power = powers[0];
    for (int bit = (BITS - 1) / 4 * 4; bit >= 0; bit -= 4) {
        uint64_t limb = prime[bit / 64] - (bit / 64 == 0 ? 2 : 0);
        for (int i = 0; i < 4; i++)
            field_mul(&power, &power, &power);
        field_mul(&power, &power, &powers[limb >> bit % 64 & 15]);
    }
    *x = power;
    sodium_memzero(&power, sizeof power);              /* how a point lies in Z tells of the scalar */
    sodium_memzero(powers, sizeof powers);
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
