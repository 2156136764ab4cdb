/* p256_field.h - the field of P-256, p = 2^256 - 2^224 + 2^192 + 2^96 - 1 (SP 800-186 §3.2.1.3); see curve_field.h,
 * which it brings. */
#ifndef CRYPTO_P256_FIELD_H
#define CRYPTO_P256_FIELD_H

#include <stdint.h>

enum { LIMBS = 4, OCTETS = 32, BITS = 256 };
struct field { uint64_t limb[LIMBS]; };

static const uint64_t prime[LIMBS] = {
    0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000, 0xffffffff00000001 };
static const struct field square_of_r = { {
    0x0000000000000003, 0xfffffffbffffffff, 0xfffffffffffffffe, 0x00000004fffffffd } };

#include "crypto/curve_field.h"

/* As p = -1 mod 2^64, m is the lowest limb, and the rest of p is kind too:
 *     m p  =  -m + 2^96 m + 2^192 (2^64 - 2^32 + 1) m
 * so that -m takes the lowest limb away, 2^96 m is two shifts, and one product remains. */
static inline void field_step(uint64_t t[LIMBS + 1], const uint64_t a[LIMBS], uint64_t b)
{
    wide sum = (wide)a[0] * b + t[0];
    uint64_t m = (uint64_t)sum;
    sum = (wide)a[1] * b + t[1] + (uint64_t)(sum >> 64);
    uint64_t t1 = (uint64_t)sum;
    sum = (wide)a[2] * b + t[2] + (uint64_t)(sum >> 64);
    uint64_t t2 = (uint64_t)sum;
    sum = (wide)a[3] * b + t[3] + (uint64_t)(sum >> 64);
    uint64_t t3 = (uint64_t)sum;
    wide t4 = (sum >> 64) + t[4];

    sum = (wide)t1 + (m << 32);
    t[0] = (uint64_t)sum;
    sum = (wide)t2 + (m >> 32) + (uint64_t)(sum >> 64);
    t[1] = (uint64_t)sum;
    sum = (wide)m * prime[3] + t3 + (uint64_t)(sum >> 64);
    t[2] = (uint64_t)sum;
    sum = t4 + (uint64_t)(sum >> 64);
    t[3] = (uint64_t)sum;
    t[4] = (uint64_t)(sum >> 64);
}

#endif
