/* p384_prime.h - the prime of P-384, p = 2^384 - 2^128 - 2^96 + 2^32 - 1 (SP 800-186 §3.2.1.4), as both forms of its
 * field want it said (crypto/curve_field.h). */
#ifndef CRYPTO_P384_PRIME_H
#define CRYPTO_P384_PRIME_H

#include <stdint.h>

enum { LIMBS = 6, OCTETS = 48, BITS = 384 };
struct field { uint64_t limb[LIMBS]; };

static const uint64_t prime[LIMBS] = {
    0x00000000ffffffff, 0xffffffff00000000, 0xfffffffffffffffe,
    0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff };
static const struct field square_of_r = { {
    0xfffffffe00000001, 0x0000000200000000, 0xfffffffe00000000, 0x0000000200000000, 0x0000000000000001 } };

#endif
