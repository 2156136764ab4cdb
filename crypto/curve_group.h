/* curve_group.h - the group of a curve, y² = x³ - 3x + b, written once and compiled for each: to be included where a
 * p…_field.h has brought the field, and `curve_b` (b in form) and `generator_octets` are said.
 *
 * A point is (X : Y : Z) with x = X/Z, y = Y/Z; the neutral one, "infinity", is (0 : 1 : 0). There is one addition,
 * and it is complete: it has no exceptions, also not for equal points, opposite ones and infinity, and so nothing to
 * branch on. */
#ifndef CRYPTO_CURVE_GROUP_H
#define CRYPTO_CURVE_GROUP_H

#include "crypto/curve.h"

#include <string.h>

enum { WINDOW = 4, TABLE = 1 << WINDOW, COUNT_MAX = 2 };       /* four bits of each scalar at once */
enum { POINT = 1 + 2 * OCTETS };

struct point { struct field x, y, z; };

/* 04 x y. False: another form than 04, a coordinate not below p, or not on the curve. The octets are public. */
static inline bool point_read(struct point *p, const uint8_t octets[POINT])
{
    ct_mask below = field_read(&p->x, octets + 1) & field_read(&p->y, octets + 1 + OCTETS);
    field_one(&p->z);

    struct field left, right, three_x;
    field_mul(&left, &p->y, &p->y);
    field_mul(&right, &p->x, &p->x);
    field_mul(&right, &right, &p->x);
    field_add(&three_x, &p->x, &p->x);
    field_add(&three_x, &three_x, &p->x);
    field_sub(&right, &right, &three_x);
    field_add(&right, &right, &curve_b);
    return octets[0] == 4 && ct_tell(below & field_equal(&left, &right));  /* a peer's point: public */
}

/* x and y of a point (y may be NULL). The mask says whether it was a finite one; else zeros are written. */
static inline ct_mask point_write(const struct point *p, uint8_t x[OCTETS], uint8_t *y)
{
    static const struct field zero;
    struct field inverse, affine;
    field_invert(&inverse, &p->z);
    field_mul(&affine, &p->x, &inverse);
    field_write(&affine, x);
    if (y) {
        field_mul(&affine, &p->y, &inverse);
        field_write(&affine, y);
    }
    ct_mask finite = ~field_equal(&p->z, &zero);
    sodium_memzero(&inverse, sizeof inverse);
    sodium_memzero(&affine, sizeof affine);
    return finite;
}

/* x = a b' + a' b, from a a' and b b' which are there already: one product in place of two. */
static inline void cross(struct field *x, const struct field *a, const struct field *a2, const struct field *b1,
                         const struct field *b2, const struct field *aa, const struct field *bb)
{
    struct field sum;
    field_add(&sum, a, b1);
    field_add(x, a2, b2);
    field_mul(x, x, &sum);
    field_sub(x, x, aa);
    field_sub(x, x, bb);
}

static inline void triple(struct field *x, const struct field *a)
{
    struct field two;
    field_add(&two, a, a);
    field_add(x, &two, a);
}

/* Renes, Costello, Batina: "Complete addition formulas for prime order elliptic curves" (2016), for a = -3.
 * In their proof it is the odd order of the group that leaves no exceptions. With
 * xx = X X', xy = X Y' + X' Y and so on:
 *     u = 3 (xz - b zz)        v = 3 (b xz - 3 zz - xx)        w = 3 (xx - zz)
 *     X = xy (yy + u) - yz v        Y = (yy + u)(yy - u) + v w        Z = yz (yy - u) + xy w */
static inline void point_add(struct point *sum, const struct point *p, const struct point *q)
{
    struct { struct field xx, yy, zz, xy, xz, yz, u, v, w, plus, minus, other; } t;
    field_mul(&t.xx, &p->x, &q->x);
    field_mul(&t.yy, &p->y, &q->y);
    field_mul(&t.zz, &p->z, &q->z);
    cross(&t.xy, &p->x, &q->x, &p->y, &q->y, &t.xx, &t.yy);
    cross(&t.xz, &p->x, &q->x, &p->z, &q->z, &t.xx, &t.zz);
    cross(&t.yz, &p->y, &q->y, &p->z, &q->z, &t.yy, &t.zz);

    field_mul(&t.u, &curve_b, &t.zz);
    field_sub(&t.u, &t.xz, &t.u);
    triple(&t.u, &t.u);
    field_mul(&t.v, &curve_b, &t.xz);
    triple(&t.zz, &t.zz);
    field_sub(&t.v, &t.v, &t.zz);
    field_sub(&t.v, &t.v, &t.xx);
    triple(&t.v, &t.v);
    triple(&t.w, &t.xx);
    field_sub(&t.w, &t.w, &t.zz);                      /* zz has become 3 zz above */
    field_add(&t.plus, &t.yy, &t.u);
    field_sub(&t.minus, &t.yy, &t.u);

    field_mul(&sum->x, &t.xy, &t.plus);
    field_mul(&t.other, &t.yz, &t.v);
    field_sub(&sum->x, &sum->x, &t.other);
    field_mul(&sum->y, &t.plus, &t.minus);
    field_mul(&t.other, &t.v, &t.w);
    field_add(&sum->y, &sum->y, &t.other);
    field_mul(&sum->z, &t.yz, &t.minus);
    field_mul(&t.other, &t.xy, &t.w);
    field_add(&sum->z, &sum->z, &t.other);
    sodium_memzero(&t, sizeof t);
}

/* Reads all of the table, whichever entry is wanted. */
static inline void look_up(struct point *p, const struct point table[TABLE], uint64_t digit)
{
    *p = table[0];
    for (size_t i = 1; i < TABLE; i++) {
        ct_mask here = ct_equal(i, digit);
        field_copy_if(here, &p->x, &table[i].x);
        field_copy_if(here, &p->y, &table[i].y);
        field_copy_if(here, &p->z, &table[i].z);
    }
}

/* Four doublings, which the points share, then one addition for each; 0 times a point is added as well. */
static inline void point_multiply(struct point *sum, const struct point *at, const uint64_t scalar[][CURVE_LIMBS],
                                  size_t count)
{
    struct point table[COUNT_MAX][TABLE], total = { .y = { { 0 } } }, term;
    field_one(&total.y);
    for (size_t i = 0; i < count; i++) {
        table[i][0] = total;                           /* infinity, still */
        for (size_t j = 1; j < TABLE; j++)
            point_add(&table[i][j], &table[i][j - 1], &at[i]);
    }
    for (int bit = (BITS - 1) / WINDOW * WINDOW; bit >= 0; bit -= WINDOW) {
        for (int i = 0; i < WINDOW; i++)
            point_add(&total, &total, &total);
        for (size_t i = 0; i < count; i++) {
            look_up(&term, table[i], scalar[i][bit / 64] >> bit % 64 & (TABLE - 1));
            point_add(&total, &total, &term);
        }
    }
    *sum = total;
    sodium_memzero(table, sizeof table);
    sodium_memzero(&total, sizeof total);
    sodium_memzero(&term, sizeof term);
}

/* What `struct curve` promises. */

static inline bool group_valid(const uint8_t *point)
{
    struct point p;
    return point_read(&p, point);
}

static inline ct_mask group_multiply(const uint8_t *const *point, const uint64_t (*scalar)[CURVE_LIMBS], size_t count,
                                     uint8_t *x, uint8_t *y)
{
    struct point at[COUNT_MAX], sum;
    for (size_t i = 0; i < count; i++)
        point_read(&at[i], point[i] ? point[i] : generator_octets);
    point_multiply(&sum, at, scalar, count);
    ct_mask finite = point_write(&sum, x, y);
    sodium_memzero(&sum, sizeof sum);
    return finite;
}

#endif
