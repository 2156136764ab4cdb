/* p256_curve.h - P-256 over its field, whichever form of that was included before: p256.c and p256_adx.c are this and
 * nothing else. */
#ifndef CRYPTO_P256_CURVE_H
#define CRYPTO_P256_CURVE_H

/* 5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b, in form. */
static const struct field curve_b = { {
    0xd89cdf6229c4bddf, 0xacf005cd78843090, 0xe5a220abf7212ed6, 0xdc30061d04874834 } };

/* SP 800-186 §3.2.1.3 */
static const uint8_t generator_octets[1 + 2 * OCTETS] = { 4,
    0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
    0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
    0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16,
    0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5 };

#include "crypto/curve_comb.h"

static void multiply(const struct curve *c, const uint8_t *point, const uint64_t scalar[CURVE_LIMBS], uint8_t *x,
                     uint8_t *y)
{
    struct point product;
    if (point) {
        group_multiply(c, point, scalar, x, y);
        return;
    }
    comb_multiply(&product, scalar, c->order);
    point_write(&product, x, y);
    sodium_memzero(&product, sizeof product);
}

/* The odd multiples of G from the table. */
static void sum_points(struct point *sum, const uint64_t scalar[2][CURVE_LIMBS], const uint8_t *point)
{
    struct affine p;
    struct odd odd;
    struct naf naf[2];
    struct work work;
    point_read(&p, point);
    odd_multiples(&odd, &p, NAF_TABLE, &work);
    naf[0].odd = odd_table;
    naf[0].z = NULL;
    naf[1].odd = odd.at;
    naf[1].z = &odd.z;
    naf_digits(naf[0].digits, scalar[0], ODD_WINDOW);
    naf_digits(naf[1].digits, scalar[1], NAF_WINDOW);
    naf_sum(sum, naf, 2);
}

static bool sum_public(const struct curve *c, const uint64_t scalar[2][CURVE_LIMBS], const uint8_t *point, uint8_t *x,
                       uint8_t *y)
{
    (void)c;
    struct point sum;
    sum_points(&sum, scalar, point);
    point_write(&sum, x, y);
    return !ct_tell(bn_zero(sum.z.limb, LIMBS));
}

static bool sum_has_x(const struct curve *c, const uint64_t scalar[2][CURVE_LIMBS], const uint8_t *point,
                      const uint64_t r[CURVE_LIMBS])
{
    struct point sum;
    sum_points(&sum, scalar, point);
    return point_has_x(c, &sum, r);
}

#endif
