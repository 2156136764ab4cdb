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

#include "crypto/curve_field.h"

/* As p = -1 mod 2^64, m is the lowest limb: m p = -m + 2^521 m takes it away and comes back, shifted, at the top. The
 * sum has no limb above the ninth, since 2p has none. */
static inline void field_step(uint64_t t[LIMBS + 1], const uint64_t a[LIMBS], uint64_t b)
{
    enum { SHIFT = BITS - 64 * (LIMBS - 1) };
    wide sum = (wide)a[0] * b + t[0];
    uint64_t m = (uint64_t)sum;
    for (int i = 1; i < LIMBS; i++) {
        sum = (wide)a[i] * b + t[i] + (uint64_t)(sum >> 64);
        t[i - 1] = (uint64_t)sum;
    }
    uint64_t above = (uint64_t)(sum >> 64);
    sum = (wide)t[LIMBS - 2] + (m << SHIFT);
    t[LIMBS - 2] = (uint64_t)sum;
    t[LIMBS - 1] = above + (m >> (64 - SHIFT)) + (uint64_t)(sum >> 64);
}

#endif
