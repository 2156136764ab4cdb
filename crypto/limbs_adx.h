/* limbs_adx.h - rows of products with MULX, ADCX and ADOX (x86-64 since 2014): two chains of carries at once, in two
 * flags, of which no compiler makes use. In assembly for that reason: twice as fast as gcc 12 makes its twin in
 * crypto/bignum.c, and RSA is made of nothing else. */
#ifndef CRYPTO_LIMBS_ADX_H
#define CRYPTO_LIMBS_ADX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* t[0 .. 4 fours - 1] += a b; what comes back belongs to the limb above. fours > 0. */
uint64_t limbs_add_product_adx(uint64_t *t, const uint64_t *a, uint64_t b, size_t fours);

/* Has this processor the instructions? The compiler's start-up code has looked: this costs two loads. (clang makes of
 * the twin what it can be, and does not know the word "adx" here.) */
static inline bool limbs_have_adx(void)
{
#if defined __x86_64__ && !defined __clang__ && !defined LIMBS_PLAIN
    return __builtin_cpu_supports("adx") && __builtin_cpu_supports("bmi2");
#else
    return false;
#endif
}

#endif
