/* p256_field.h - arithmetic modulo p = 2^256 - 2^224 + 2^192 + 2^96 - 1, the field of P-256
 * (FIPS 186-5; SP 800-186 §3.2.1.3). An element is 4 limbs, lowest first, always below p, and in
 * Montgomery's form: a is kept as a 2^256 mod p (crypto/bignum.h says why). Nothing branches on an element.
 * Results may overwrite arguments. */
#ifndef CRYPTO_P256_FIELD_H
#define CRYPTO_P256_FIELD_H

#include "crypto/ct.h"

struct field { uint64_t limb[4]; };

extern const struct field field_one;                  /* 1 in form */

/* 32 octets, big-endian. The mask says whether they were below p, as they must be. */
ct_mask field_read(struct field *, const uint8_t octets[32]);
void    field_write(const struct field *, uint8_t octets[32]);

void    field_add(struct field *x, const struct field *a, const struct field *b);
void    field_sub(struct field *x, const struct field *a, const struct field *b);
void    field_mul(struct field *x, const struct field *a, const struct field *b);
void    field_invert(struct field *x, const struct field *a);                              /* 0 gives 0 */
ct_mask field_equal(const struct field *a, const struct field *b);
void    field_copy_if(ct_mask, struct field *x, const struct field *a);

#endif
