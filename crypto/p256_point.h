/* p256_point.h - the group of P-256: points of y² = x³ - 3x + b, and their multiples. A point is
 * (X : Y : Z) with x = X/Z, y = Y/Z; the neutral one, "infinity", is (0 : 1 : 0). There is one addition, and
 * it is complete: it has no exceptions, also not for equal points, opposite ones and infinity, and so
 * nothing to branch on. */
#ifndef CRYPTO_P256_POINT_H
#define CRYPTO_P256_POINT_H

#include "crypto/p256_field.h"
#include <stdbool.h>
#include <stddef.h>

struct point { struct field x, y, z; };

extern const uint64_t p256_order[4];                  /* n: how many points there are; a prime */
void point_generator(struct point *);                 /* G */

/* 65 octets, 04 x y. False: another form than 04, a coordinate not below p, or not on the curve. The octets
 * are public. */
bool point_read(struct point *, const uint8_t octets[65]);
/* x and y of a point, 32 octets each (y may be NULL). The mask says whether it was a finite one; else zeros
 * are written. */
ct_mask point_write(const struct point *, uint8_t x[32], uint8_t *y);

void point_add(struct point *sum, const struct point *a, const struct point *b);

/* sum = scalar[0] at[0] + ... ; scalars are 4 limbs, secret; count is 1 or 2. */
void point_multiply(struct point *sum, const struct point *at, const uint64_t scalar[][4], size_t count);

#endif
