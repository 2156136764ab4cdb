/* p384_field.h - the field of P-384 in C; see crypto/curve_field.h, which it brings. */
#ifndef CRYPTO_P384_FIELD_H
#define CRYPTO_P384_FIELD_H

#include "crypto/p384_prime.h"

#include "crypto/curve_field_c.h"

/* As -1/p = 2^32 + 1 mod 2^64, m is the lowest limb t0 and itself shifted, and
 *     m p  =  (2^32 - 1) m  -  2^64 (2^32 + 2^64) m  +  2^384 m
 * is no product at all. t0 + (2^32 - 1) m is a multiple of 2^64, below 2^97: it becomes the first carry. What is
 * taken away is (2^32 + 2^64) m, three limbs; what is added, m as the last but one. */
static inline void drop_limb(uint64_t t[LIMBS + 2])
{
    uint64_t m = t[0] + (t[0] << 32);
    uint64_t first = (uint64_t)((((wide)m << 32) - m + t[0]) >> 64);
    carry c = 0, borrow = 0;
    wide middle = (wide)m + (m >> 32);
    t[0] = limb_add(&c, t[1], first);
    UNROLLED
    for (int i = 1; i < LIMBS - 1; i++)
        t[i] = limb_add(&c, t[i + 1], 0);
    t[LIMBS - 1] = limb_add(&c, t[LIMBS], m);
    t[LIMBS] = t[LIMBS + 1] + c;

    t[0] = limb_sub(&borrow, t[0], m << 32);
    t[1] = limb_sub(&borrow, t[1], (uint64_t)middle);
    t[2] = limb_sub(&borrow, t[2], (uint64_t)(middle >> 64));
    UNROLLED
    for (int i = 3; i < LIMBS; i++)
        t[i] = limb_sub(&borrow, t[i], 0);
    t[LIMBS] -= borrow;
}

#endif
