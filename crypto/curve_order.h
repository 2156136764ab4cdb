/* curve_order.h - arithmetic modulo the order n of a curve, for ECDSA: n is a prime, so this is a field like that of
 * the coordinates (curve_field.h), only that n is not kind: m is a product, and so is m n. To be included once, in a
 * p…_order.c, where what curve_field.h wants is said of n, and `minus_inverse`. */
#ifndef CRYPTO_CURVE_ORDER_H
#define CRYPTO_CURVE_ORDER_H

#include "crypto/curve.h"
#include "crypto/curve_field_c.h"

#include <string.h>

static inline void drop_limb(uint64_t t[LIMBS + 2])
{
    uint64_t above = t[LIMBS + 1];
    add_product(t, prime, t[0] * minus_inverse);
    UNROLLED
    for (int i = 0; i < LIMBS; i++)
        t[i] = t[i + 1];
    t[LIMBS] = t[LIMBS + 1] + above;
}

static struct field in_form(const uint64_t *a)
{
    struct field x;
    memcpy(x.limb, a, sizeof x.limb);
    field_mul(&x, &x, &square_of_r);
    return x;
}

/* With one of the two in form, Montgomery's product is the product. */
static void order_mul(uint64_t *x, const uint64_t *a, const uint64_t *b)
{
    struct field left = in_form(a), right;
    memcpy(right.limb, b, sizeof right.limb);
    field_mul(&left, &left, &right);
    memcpy(x, left.limb, sizeof left.limb);
    sodium_memzero(&left, sizeof left);
    sodium_memzero(&right, sizeof right);
}

static void order_add(uint64_t *x, const uint64_t *a, const uint64_t *b)
{
    struct field left, right;
    memcpy(left.limb, a, sizeof left.limb);
    memcpy(right.limb, b, sizeof right.limb);
    field_add(&left, &left, &right);
    memcpy(x, left.limb, sizeof left.limb);
    sodium_memzero(&left, sizeof left);
    sodium_memzero(&right, sizeof right);
}

static void order_invert(uint64_t *x, const uint64_t *a)
{
    inverse_mod(x, a, prime, LIMBS, BITS);
}

#endif
