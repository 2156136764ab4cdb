#include "crypto/p256_point.h"

#include <sodium.h>
#include <string.h>

enum { WINDOW = 4, TABLE = 1 << WINDOW, COUNT_MAX = 2 };       /* four bits of each scalar at once */

const uint64_t p256_order[4] = {
    0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000 };

/* SP 800-186 §3.2.1.3 */
static const uint8_t generator[65] = { 4,
    0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
    0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
    0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16,
    0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5 };

/* The curve's b in form, which is 5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b. */
static const struct field b = { {
    0xd89cdf6229c4bddf, 0xacf005cd78843090, 0xe5a220abf7212ed6, 0xdc30061d04874834 } };

void point_generator(struct point *g)
{
    point_read(g, generator);
}

bool point_read(struct point *p, const uint8_t octets[65])
{
    ct_mask below = field_read(&p->x, octets + 1) & field_read(&p->y, octets + 33);
    p->z = field_one;

    struct field left, right, three_x;
    field_mul(&left, &p->y, &p->y);
    field_mul(&right, &p->x, &p->x);
    field_mul(&right, &right, &p->x);
    field_add(&three_x, &p->x, &p->x);
    field_add(&three_x, &three_x, &p->x);
    field_sub(&right, &right, &three_x);
    field_add(&right, &right, &b);
    return octets[0] == 4 && ct_tell(below & field_equal(&left, &right));  /* a peer's point: public */
}

ct_mask point_write(const struct point *p, uint8_t x[32], uint8_t *y)
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
static void cross(struct field *x, const struct field *a, const struct field *a2, const struct field *b1,
                  const struct field *b2, const struct field *aa, const struct field *bb)
{
    struct field sum;
    field_add(&sum, a, b1);
    field_add(x, a2, b2);
    field_mul(x, x, &sum);
    field_sub(x, x, aa);
    field_sub(x, x, bb);
}

static void triple(struct field *x, const struct field *a)
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
void point_add(struct point *sum, const struct point *p, const struct point *q)
{
    struct { struct field xx, yy, zz, xy, xz, yz, u, v, w, plus, minus, other; } t;
    field_mul(&t.xx, &p->x, &q->x);
    field_mul(&t.yy, &p->y, &q->y);
    field_mul(&t.zz, &p->z, &q->z);
    cross(&t.xy, &p->x, &q->x, &p->y, &q->y, &t.xx, &t.yy);
    cross(&t.xz, &p->x, &q->x, &p->z, &q->z, &t.xx, &t.zz);
    cross(&t.yz, &p->y, &q->y, &p->z, &q->z, &t.yy, &t.zz);

    field_mul(&t.u, &b, &t.zz);
    field_sub(&t.u, &t.xz, &t.u);
    triple(&t.u, &t.u);
    field_mul(&t.v, &b, &t.xz);
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
static void look_up(struct point *p, const struct point table[TABLE], uint64_t digit)
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
void point_multiply(struct point *sum, const struct point *at, const uint64_t scalar[][4], size_t count)
{
    struct point table[COUNT_MAX][TABLE], total = { .y = field_one }, term;
    for (size_t i = 0; i < count; i++) {
        table[i][0] = total;                           /* infinity, still */
        for (size_t j = 1; j < TABLE; j++)
            point_add(&table[i][j], &table[i][j - 1], &at[i]);
    }
    for (int bit = 256 - WINDOW; bit >= 0; bit -= WINDOW) {
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
