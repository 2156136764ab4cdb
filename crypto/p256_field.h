/* p256_field.h - the field of P-256 in C; see crypto/curve_field.h, which it brings. */
#ifndef CRYPTO_P256_FIELD_H
#define CRYPTO_P256_FIELD_H

#include "crypto/p256_prime.h"

#include "crypto/curve_field_c.h"

/* As p = -1 mod 2^64, m is the lowest limb, and the rest of p is kind too:
 *     m p  =  -m + 2^96 m + 2^192 (2^64 - 2^32 + 1) m
 * so that -m takes the lowest limb away, 2^96 m is two shifts, and one product remains. */
static inline void drop_limb(uint64_t t[LIMBS + 2])
{
    uint64_t m = t[0];
    wide product = (wide)m * prime[3];
    carry c = 0;
    t[0] = limb_add(&c, t[1], m << 32);
    t[1] = limb_add(&c, t[2], m >> 32);
    t[2] = limb_add(&c, t[3], (uint64_t)product);
    t[3] = limb_add(&c, t[4], (uint64_t)(product >> 64));
    t[4] = t[5] + c;
}

#endif
