/* inverse.h - 1/a modulo an odd prime, in the same time for every a: for the fields and the orders of curves. Bernstein
 * and Yang, "Fast constant-time gcd computation and modular inversion" (2019), in the variant that starts with δ = 1/2
 * (Wuille and Maxwell 2021), sixty-two steps at once as in libsecp256k1's documentation. A quarter of the time of
 * a^(p-2). */
#ifndef CRYPTO_INVERSE_H
#define CRYPTO_INVERSE_H

#include "crypto/ct.h"

enum { INVERSE_BITS = 521 };                          /* of the largest prime */

/* x = 1/a mod n, and 0 for 0; a < n. Of n everything is public. Limbs, lowest first; x may be a. */
void inverse_mod(uint64_t *x, const uint64_t *a, const uint64_t *n, size_t limbs, size_t bits);

#endif
