/* p256_adx.h - the product of two elements of P-256's field with MULX, ADCX and ADOX (see crypto/limbs_adx.h, which
 * also says where they are): two chains of carries for each row. With gcc 12 its twin, mul_in_c of
 * crypto/curve_field.h, takes 1.6 times as long, and P-256 is made of nothing else. */
#ifndef CRYPTO_P256_ADX_H
#define CRYPTO_P256_ADX_H

#include <stdint.h>

/* x = a b / R; all are below p. */
void p256_mul_adx(uint64_t x[4], const uint64_t a[4], const uint64_t b[4]);

#endif
