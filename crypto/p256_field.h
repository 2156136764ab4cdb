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
#include "crypto/limbs_adx.h"
#include "crypto/p256_adx.h"

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

static inline bool mul_of_machine(struct field *x, const struct field *a, const struct field *b)
{
    if (!limbs_have_adx())
        return false;
    p256_mul_adx(x->limb, a->limb, b->limb);
    return true;
}

#endif
