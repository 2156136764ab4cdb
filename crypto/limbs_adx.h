/* limbs_adx.h - products of eight limbs by eight with MULX, ADCX and ADOX (x86-64 since 2014): two chains of carries at
 * once, in two flags, of which no compiler makes use, and eight limbs that never leave the registers. In assembly for
 * that reason; the twin in C is crypto/bignum.c's portable form, by which RSA takes 1.4 times as long. For
 * crypto/bignum_adx.c. */
#ifndef CRYPTO_LIMBS_ADX_H
#define CRYPTO_LIMBS_ADX_H

#include <stdint.h>

/* acc 2^512 + t = acc + t + a b, which has room: (2^512 - 1)^2 + 2 (2^512 - 1) = 2^1024 - 1. */
void limbs_multiply_adx(uint64_t t[8], uint64_t acc[8], const uint64_t a[8], const uint64_t b[8]);
/* t = the sum of all a_i a_j 2^(64 (i + j)) with i < j: what is twice in a a. */
void limbs_triangle_adx(uint64_t t[16], const uint64_t a[8]);
/* acc = (acc + t + n b) / 2^512 with the b, below 2^512, for which that is a whole number: Montgomery's.
 * b goes to t. */
void limbs_reduce_adx(uint64_t t[8], uint64_t acc[8], const uint64_t n[8], uint64_t minus_inverse);

#endif
