/* curve_field.h - a field modulo a prime p, of which the arithmetic was given before: field_mul, field_square,
 * field_add, field_sub and field_half, x = f(a, b), in C (crypto/curve_field_c.h) or in a machine's own way
 * (crypto/p256_adx.h). This is the rest: how elements come in, go out, and are looked at.
 *
 * An element is LIMBS limbs, lowest first, always below p, and in Montgomery's form: a is kept as a R mod p, R being
 * 2^(64 LIMBS) (crypto/bignum.h says why). Nothing branches on an element. Results may overwrite arguments. */
#ifndef CRYPTO_CURVE_FIELD_H
#define CRYPTO_CURVE_FIELD_H

#include "crypto/bignum.h"
#include "crypto/inverse.h"

#include <sodium.h>

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
