/* p384_field.h - the field of P-384, p = 2^384 - 2^128 - 2^96 + 2^32 - 1 (SP 800-186 §3.2.1.4); see curve_field.h,
 * which it brings. */
#ifndef CRYPTO_P384_FIELD_H
#define CRYPTO_P384_FIELD_H

#include <stdint.h>

enum { LIMBS = 6, OCTETS = 48, BITS = 384 };
struct field { uint64_t limb[LIMBS]; };

static const uint64_t prime[LIMBS] = {
    0x00000000ffffffff, 0xffffffff00000000, 0xfffffffffffffffe,
    0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff };
static const struct field square_of_r = { {
    0xfffffffe00000001, 0x0000000200000000, 0xfffffffe00000000, 0x0000000200000000, 0x0000000000000001 } };

#include "crypto/curve_field.h"

__extension__ typedef __int128 signed_wide;

/* As -1/p = 2^32 + 1 mod 2^64, m is the lowest limb t0 and itself shifted, and
 *     m p  =  (2^32 - 1) m  -  2^64 (2^32 + 2^64) m  +  2^384 m
 * is no product at all. t0 + (2^32 - 1) m is a multiple of 2^64, below 2^97: it becomes the first carry. Then the sum
 * goes below zero in between (>> of a signed number keeps its sign with the compilers that have __int128), never in
 * the end, since m p is not negative. */
static inline void field_step(uint64_t t[LIMBS + 1], const uint64_t a[LIMBS], uint64_t b)
{
    uint64_t u[LIMBS + 1];
    wide product = 0;
    for (int i = 0; i < LIMBS; i++) {
        product = (wide)a[i] * b + t[i] + (uint64_t)(product >> 64);
        u[i] = (uint64_t)product;
    }
    product = (product >> 64) + t[LIMBS];
    u[LIMBS] = (uint64_t)product;
    uint64_t top = (uint64_t)(product >> 64), m = u[0] + (u[0] << 32);

    uint64_t carry = (uint64_t)((((wide)m << 32) - m + u[0]) >> 64);
    signed_wide sum = (signed_wide)u[1] + carry - (m << 32);
    t[0] = (uint64_t)sum;
    sum = (sum >> 64) + u[2] - (m >> 32) - m;
    t[1] = (uint64_t)sum;
    sum = (sum >> 64) + u[3];
    t[2] = (uint64_t)sum;
    sum = (sum >> 64) + u[4];
    t[3] = (uint64_t)sum;
    sum = (sum >> 64) + u[5];
    t[4] = (uint64_t)sum;
    sum = (sum >> 64) + u[6] + m;
    t[5] = (uint64_t)sum;
    t[6] = (uint64_t)(sum >> 64) + top;
}

#endif
