/* curve_group.h - the group of a curve, y² = x³ - 3x + b, written once and compiled for each: to be included where a
 * p…_field.h has brought the field, and `curve_b` (b in form) and `generator_octets` are said.
 *
 * A point is (X, Y, Z) with x = X/Z², y = Y/Z³ (Jacobian coordinates); Z = 0 is infinity, the neutral one. Doubling
 * is right for every point, since none has order 2. Addition is not: it fails for twice the same point. With secret
 * numbers nothing may look whether that is so; it is shown, where they are multiplied, that it never is. */
#ifndef CRYPTO_CURVE_GROUP_H
#define CRYPTO_CURVE_GROUP_H

#include "crypto/curve.h"

#include <string.h>

enum { POINT = 1 + 2 * OCTETS };

struct point { struct field x, y, z; };
struct affine { struct field x, y; };                          /* Z = 1 */

/* 04 x y. False: another form than 04, a coordinate not below p, or not on the curve. The octets are public. */
static inline bool point_read(struct point *p, const uint8_t octets[POINT])
{
    ct_mask below = field_read(&p->x, octets + 1) & field_read(&p->y, octets + 1 + OCTETS);
    field_one(&p->z);

    struct field left, right, three_x;
    field_square(&left, &p->y);
    field_square(&right, &p->x);
    field_mul(&right, &right, &p->x);
    field_add(&three_x, &p->x, &p->x);
    field_add(&three_x, &three_x, &p->x);
    field_sub(&right, &right, &three_x);
    field_add(&right, &right, &curve_b);
    return octets[0] == 4 && ct_tell(below & field_equal(&left, &right));  /* a peer's point: public */
}

/* x and y of a point (y may be NULL); of infinity, zeros. */
static inline void point_write(const struct point *p, uint8_t x[OCTETS], uint8_t *y)
{
    struct { struct field inverse, square, affine; } t;
    field_invert(&t.inverse, &p->z);
    field_square(&t.square, &t.inverse);
    field_mul(&t.affine, &p->x, &t.square);
    field_write(&t.affine, x);
    if (y) {
        field_mul(&t.square, &t.square, &t.inverse);
        field_mul(&t.affine, &p->y, &t.square);
        field_write(&t.affine, y);
    }
    sodium_memzero(&t, sizeof t);
}

static inline void point_copy_if(ct_mask mask, struct point *p, const struct point *q)
{
    field_copy_if(mask, &p->x, &q->x);
    field_copy_if(mask, &p->y, &q->y);
    field_copy_if(mask, &p->z, &q->z);
}

static inline void field_negate_if(ct_mask mask, struct field *x)
{
    static const struct field zero;
    struct field minus;
    field_sub(&minus, &zero, x);
    field_copy_if(mask, x, &minus);
}

/* What the formulas need on the way. It tells of secret numbers: who multiplies has one and wipes it once. */
struct work { struct field x, y, h, r, z, square, cube, other; };

/* Bernstein and Lange, "Explicit-Formulas Database", dbl-2001-b, for a = -3:
 *     α = 3 (X - Z²)(X + Z²)     β = 4 X Y²     X' = α² - 2β     Y' = α (β - X') - 8 Y⁴     Z' = 2 Y Z */
static inline void point_double(struct point *twice, const struct point *p, struct work *t)
{
    struct field *const alpha = &t->r, *const beta = &t->x;
    field_square(&t->square, &p->z);
    field_sub(&t->other, &p->x, &t->square);
    field_add(&t->square, &p->x, &t->square);
    field_mul(&t->other, &t->other, &t->square);
    field_add(alpha, &t->other, &t->other);
    field_add(alpha, alpha, &t->other);
    field_square(&t->square, &p->y);
    field_add(&t->square, &t->square, &t->square);     /* 2 Y² */
    field_mul(beta, &p->x, &t->square);
    field_add(beta, beta, beta);
    field_square(&t->square, &t->square);
    field_add(&t->square, &t->square, &t->square);     /* 8 Y⁴ */

    field_mul(&t->other, &p->y, &p->z);
    field_add(&twice->z, &t->other, &t->other);
    field_square(&t->other, alpha);
    field_sub(&t->other, &t->other, beta);
    field_sub(&twice->x, &t->other, beta);
    field_sub(beta, beta, &twice->x);
    field_mul(&t->other, alpha, beta);
    field_sub(&twice->y, &t->other, &t->square);
}

/* H and R: how far (x, y), with the Z of p taken in, is from t->x and t->y. */
static inline void apart(struct work *t, const struct point *p, const struct field *x, const struct field *y)
{
    field_square(&t->square, &p->z);
    field_mul(&t->h, x, &t->square);
    field_sub(&t->h, &t->h, &t->x);
    field_mul(&t->square, &t->square, &p->z);
    field_mul(&t->r, y, &t->square);
    field_sub(&t->r, &t->r, &t->y);
}

/* Addition, "add-1998-cmo-2" of the same database. First both points get the same Z, z = Z Z': then x and y are those
 * of p, and H and R how far q is away from them. Both are 0 when the points are equal; H alone, when opposite. */
static inline void meet(struct work *t, const struct point *p, const struct point *q)
{
    field_square(&t->square, &q->z);
    field_mul(&t->x, &p->x, &t->square);
    field_mul(&t->square, &t->square, &q->z);
    field_mul(&t->y, &p->y, &t->square);
    apart(t, p, &q->x, &q->y);
    field_mul(&t->z, &p->z, &q->z);
}

/* The same for a q with Z' = 1. */
static inline void meet_affine(struct work *t, const struct point *p, const struct affine *q)
{
    t->x = p->x;
    t->y = p->y;
    apart(t, p, &q->x, &q->y);
    t->z = p->z;
}

/* Then X' = R² - H³ - 2 x H²     Y' = R (x H² - X') - y H³     Z' = z H. For opposite points Z' = 0, as is right. */
static inline void join(struct point *sum, struct work *t)
{
    field_mul(&sum->z, &t->z, &t->h);
    field_square(&t->square, &t->h);
    field_mul(&t->cube, &t->square, &t->h);
    field_mul(&t->square, &t->x, &t->square);
    field_square(&t->other, &t->r);
    field_sub(&t->other, &t->other, &t->cube);
    field_sub(&t->other, &t->other, &t->square);
    field_sub(&sum->x, &t->other, &t->square);
    field_sub(&t->other, &t->square, &sum->x);
    field_mul(&t->other, &t->other, &t->r);
    field_mul(&t->cube, &t->cube, &t->y);
    field_sub(&sum->y, &t->other, &t->cube);
}

/* sum = p + q, neither being secret: here the exceptions are seen, and branched on. */
static inline void point_add_public(struct point *sum, const struct point *p, const struct point *q, struct work *t)
{
    if (ct_tell(bn_zero(p->z.limb, LIMBS)))
        *sum = *q;
    else if (ct_tell(bn_zero(q->z.limb, LIMBS)))
        *sum = *p;
    else {
        meet(t, p, q);
        if (ct_tell(bn_zero(t->h.limb, LIMBS) & bn_zero(t->r.limb, LIMBS)))
            point_double(sum, p, t);
        else
            join(sum, t);
    }
}

/* `count` bits of a number from bit `from` on, which may be -1: below the lowest bit there are zeros, as above the
 * highest. */
static inline uint64_t bits_at(const uint64_t scalar[CURVE_LIMBS], int from, int count)
{
    if (from < 0)
        return scalar[0] << -from & (((uint64_t)1 << count) - 1);
    int limb = from / 64, shift = from % 64;
    uint64_t bits = limb < LIMBS ? scalar[limb] >> shift : 0;
    if (shift + count > 64 && limb + 1 < LIMBS)
        bits |= scalar[limb + 1] << (64 - shift);
    return bits & (((uint64_t)1 << count) - 1);
}

/* scalar = n - scalar where the mask is set. */
static inline void scalar_negate_if(ct_mask mask, uint64_t scalar[CURVE_LIMBS], const uint64_t order[CURVE_LIMBS])
{
    uint64_t minus[CURVE_LIMBS];
    bn_sub(minus, order, scalar, LIMBS);
    bn_copy_if(mask, scalar, minus, LIMBS);
    sodium_memzero(minus, sizeof minus);
}

/* The product of a secret number and any point, five bits of the number at once: Booth's digits, -16 to 16, made of
 * six bits each, the lowest of which is the highest of the digit below ("Booth 1951"): the table needs no more than
 * 1 to 16 times the point, and all of it is read for each digit. */
enum { WINDOW = 5, TABLE = 1 << (WINDOW - 1), DIGITS = BITS / WINDOW + 1 };

static inline void table_fill(struct point table[TABLE], const struct point *p, struct work *t)
{
    table[0] = *p;
    for (size_t i = 2; i <= TABLE; i++)
        if (i % 2 == 0)
            point_double(&table[i - 1], &table[i / 2 - 1], t);
        else {
            meet(t, &table[i - 2], p);
            join(&table[i - 1], t);
        }
}

/* The digit times the point: infinity for 0. */
static inline void table_look_up(struct point *q, const struct point table[TABLE], uint64_t six_bits)
{
    ct_mask minus = ct_nonzero(six_bits >> WINDOW);
    uint64_t size = ((six_bits ^ minus) & (2 * TABLE - 1)) + 1;        /* -x = ~x + 1: the lowest bit rounds up */
    size >>= 1;
    memset(q, 0, sizeof *q);
    for (size_t i = 1; i <= TABLE; i++)
        point_copy_if(ct_equal(i, size), q, &table[i - 1]);
    field_negate_if(minus, &q->y);
}

/* Why no two points that are added here are the same: let a P be the sum so far, d the digit, and 32 a = d modulo n.
 * Before the last digit 32 a + 16 is below n, so 32 a = d, but |d| < 32: then a = d = 0, and infinity is looked after.
 * At the last one the number is k = 32 a + d, below n; so k - 2d = n, which is odd, as k would be. But k is even here:
 * of k and n - k, one of which is even, the even one is taken. */
static inline void point_multiply(struct point *sum, const struct point *p, const uint64_t secret[CURVE_LIMBS],
                                  const uint64_t order[CURVE_LIMBS])
{
    struct { struct point table[TABLE], q, total, both; struct work work; uint64_t k[CURVE_LIMBS]; } t;
    memcpy(t.k, secret, sizeof t.k);
    ct_mask odd = ct_nonzero(t.k[0] & 1);
    scalar_negate_if(odd, t.k, order);
    table_fill(t.table, p, &t.work);
    memset(&t.total, 0, sizeof t.total);
    for (int i = DIGITS - 1; i >= 0; i--) {
        for (int j = 0; j < WINDOW && i < DIGITS - 1; j++)
            point_double(&t.total, &t.total, &t.work);
        table_look_up(&t.q, t.table, bits_at(t.k, i * WINDOW - 1, WINDOW + 1));
        ct_mask nothing = bn_zero(t.total.z.limb, LIMBS), to_add = ~bn_zero(t.q.z.limb, LIMBS);
        meet(&t.work, &t.total, &t.q);
        join(&t.both, &t.work);
        point_copy_if(to_add, &t.total, &t.both);
        point_copy_if(to_add & nothing, &t.total, &t.q);
    }
    *sum = t.total;
    field_negate_if(odd, &sum->y);
    sodium_memzero(&t, sizeof t);
}

/* Sums of products of public numbers (Möller 2001, "interleaving"): each number in digits that are odd or 0, of which
 * no five in a row have two that are not 0 ("wNAF"). The doublings are shared. */
enum { NAF_WINDOW = 5, NAF_TABLE = 1 << (NAF_WINDOW - 2), COUNT_MAX = 2 };

static inline void naf_digits(int8_t digits[BITS + 1], const uint64_t scalar[CURVE_LIMBS])
{
    int carried = 0;
    memset(digits, 0, BITS + 1);
    for (int i = 0; i <= BITS; ) {
        if (bits_at(scalar, i, 1) == (uint64_t)carried) {
            i++;
            continue;
        }
        int digit = (int)bits_at(scalar, i, NAF_WINDOW) + carried;
        carried = digit >> (NAF_WINDOW - 1);
        digits[i] = (int8_t)(digit - (carried << NAF_WINDOW));
        i += NAF_WINDOW;
    }
}

static inline void point_sum_public(struct point *sum, const struct point *at,
                                    const uint64_t (*scalar)[CURVE_LIMBS], size_t count)
{
    struct point odd[COUNT_MAX][NAF_TABLE], twice, minus;
    struct work work;
    int8_t digits[COUNT_MAX][BITS + 1];
    for (size_t i = 0; i < count; i++) {
        naf_digits(digits[i], scalar[i]);
        odd[i][0] = at[i];
        point_double(&twice, &at[i], &work);
        for (size_t j = 1; j < NAF_TABLE; j++)
            point_add_public(&odd[i][j], &odd[i][j - 1], &twice, &work);
    }
    memset(sum, 0, sizeof *sum);
    for (int bit = BITS; bit >= 0; bit--) {
        point_double(sum, sum, &work);
        for (size_t i = 0; i < count; i++) {
            int digit = digits[i][bit];
            if (digit > 0)
                point_add_public(sum, sum, &odd[i][digit / 2], &work);
            if (digit < 0) {
                minus = odd[i][-digit / 2];
                field_negate_if(~(ct_mask)0, &minus.y);
                point_add_public(sum, sum, &minus, &work);
            }
        }
    }
}

/* What `struct curve` promises; what a curve does in another way, it does not take from here. */

static inline bool group_valid(const uint8_t *point)
{
    struct point p;
    return point_read(&p, point);
}

static inline void group_multiply(const struct curve *c, const uint8_t *point, const uint64_t scalar[CURVE_LIMBS],
                                  uint8_t *x, uint8_t *y)
{
    struct point p, product;
    point_read(&p, point ? point : generator_octets);
    point_multiply(&product, &p, scalar, c->order);
    point_write(&product, x, y);
    sodium_memzero(&product, sizeof product);
}

static inline bool group_sum_public(const struct curve *c, const uint64_t scalar[2][CURVE_LIMBS], const uint8_t *point,
                                    uint8_t *x, uint8_t *y)
{
    (void)c;
    struct point at[COUNT_MAX], sum;
    point_read(&at[0], generator_octets);
    point_read(&at[1], point);
    point_sum_public(&sum, at, scalar, COUNT_MAX);
    point_write(&sum, x, y);
    return !ct_tell(bn_zero(sum.z.limb, LIMBS));
}

#endif
