/* field25519.h - the field of X25519 and Ed25519, p = 2^255 - 19, for their small forms (crypto/cpu.h).
 *
 * An element is five limbs of 51 bits, lowest first, some of them a little more: below 2^52, whatever comes out here.
 * So it has many forms, of which f25519_write gives the one below p. Nothing branches on an element. Results may
 * overwrite arguments. */
#ifndef CRYPTO_FIELD25519_H
#define CRYPTO_FIELD25519_H

#include "crypto/ct.h"

struct f25519 { uint64_t limb[5]; };

void f25519_read(struct f25519 *x, const uint8_t octets[32]);      /* lowest first; the highest bit does not count */
void f25519_write(const struct f25519 *a, uint8_t octets[32]);
void f25519_add(struct f25519 *x, const struct f25519 *a, const struct f25519 *b);
void f25519_sub(struct f25519 *x, const struct f25519 *a, const struct f25519 *b);
void f25519_mul(struct f25519 *x, const struct f25519 *a, const struct f25519 *b);
/* x = a^e, e being 2^bits - 1 without the bits of `without`. */
void f25519_power(struct f25519 *x, const struct f25519 *a, int bits, unsigned without);
void f25519_invert(struct f25519 *x, const struct f25519 *a);      /* 0 for 0 */
ct_mask f25519_equal(const struct f25519 *a, const struct f25519 *b);

#endif
