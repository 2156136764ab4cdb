/* p256_adx.h - the product of two elements of P-256's field with MULX, ADCX and ADOX (see crypto/limbs_adx.h, which
 * also says where they are): two chains of carries for each row. A third faster than gcc 12 makes the twin, field_mul
 * of crypto/curve_field.h, and P-256 is made of nothing else. */
#ifndef CRYPTO_P256_ADX_H
#define CRYPTO_P256_ADX_H

#include <stdint.h>

/* x = a b / R; all are below p. */
void p256_mul_adx(uint64_t x[4], const uint64_t a[4], const uint64_t b[4]);

#endif
