/* p521_field.h - the field of P-521, p = 2^521 - 1 (SP 800-186 §3.2.1.5); see curve_field.h, which it brings. */
#ifndef CRYPTO_P521_FIELD_H
#define CRYPTO_P521_FIELD_H

#include <stdint.h>

enum { LIMBS = 9, OCTETS = 66, BITS = 521 };
struct field { uint64_t limb[LIMBS]; };

static const uint64_t prime[LIMBS] = {
    0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff,
    0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff, 0x00000000000001ff };
static const struct field square_of_r = { { 0, 0x0000400000000000 } };

#include "crypto/curve_field_c.h"

/* As p = -1 mod 2^64, m is the lowest limb: m p = -m + 2^521 m takes it away and comes back, shifted, at the top. The
 * sum has no limb above the ninth, since 2p has none. */
static inline void drop_limb(uint64_t t[LIMBS + 2])
{
    enum { SHIFT = BITS - 64 * (LIMBS - 1) };
    uint64_t m = t[0];
    carry c = 0;
    UNROLLED
    for (int i = 0; i < LIMBS - 2; i++)
        t[i] = t[i + 1];
    t[LIMBS - 2] = limb_add(&c, t[LIMBS - 1], m << SHIFT);
    t[LIMBS - 1] = limb_add(&c, t[LIMBS], m >> (64 - SHIFT));
    t[LIMBS] = 0;
}

#endif
