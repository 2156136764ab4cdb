/* p256_prime.h - the prime of P-256, p = 2^256 - 2^224 + 2^192 + 2^96 - 1 (SP 800-186 §3.2.1.3), as both forms of its
 * field want it said (crypto/curve_field.h). */
#ifndef CRYPTO_P256_PRIME_H
#define CRYPTO_P256_PRIME_H

#include <stdint.h>

enum { LIMBS = 4, OCTETS = 32, BITS = 256 };
struct field { uint64_t limb[LIMBS]; };

static const uint64_t prime[LIMBS] = {
    0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000, 0xffffffff00000001 };
static const struct field square_of_r = { {
    0x0000000000000003, 0xfffffffbffffffff, 0xfffffffffffffffe, 0x00000004fffffffd } };

#endif
