/* curve_group.h - the group of a curve, y² = x³ - 3x + b, written once and compiled for each: to be included where a
 * field has been brought (crypto/curve_field.h), and `curve_b` (b in form) and `generator_octets` are said.
 *
 * A point is (X, Y, Z) with x = X/Z², y = Y/Z³ (Jacobian coordinates); Z = 0 is infinity, the neutral one. Doubling
 * is right for every point, since none has order 2. Addition is not: it fails for twice the same point. With secret
 * numbers nothing may look whether that is so; it is shown, where they are multiplied, that it never is. */
#ifndef CRYPTO_CURVE_GROUP_H
#define CRYPTO_CURVE_GROUP_H

#include "crypto/curve.h"
#include "crypto/limbs.h"

#include <string.h>

enum { POINT = 1 + 2 * OCTETS };

struct point { struct field x, y, z; };
struct affine { struct field x, y; };                          /* Z = 1 */

/* 04 x y. False: another form than 04, a coordinate not below p, or not on the curve. The octets are public. */
static inline bool point_read(struct affine *p, const uint8_t octets[POINT])
{
    ct_mask below = field_read(&p->x, octets + 1) & field_read(&p->y, octets + 1 + OCTETS);
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

/* Bernstein and Lange, "Explicit-Formulas Database", dbl-2001-b, for a = -3, with each coordinate in its half, quarter,
 * eighth (Z' = Y Z instead of 2 Y Z): this spares four additions.
 *     λ = 3 (X - Z²)(X + Z²) / 2     β = X Y²     X' = λ² - 2β     Y' = λ (β - X') - Y⁴     Z' = Y Z
 * t->x is β and t->square Y⁴ afterwards: with Z', when Z was 1, they are the old point. */
static inline void point_double(struct point *twice, const struct point *p, struct work *t)
{
    struct field *const lambda = &t->r, *const beta = &t->x;
    field_square(&t->square, &p->z);
    field_sub(&t->other, &p->x, &t->square);
    field_add(&t->square, &p->x, &t->square);
    field_mul(&t->other, &t->other, &t->square);
    field_half(lambda, &t->other);
    field_add(lambda, lambda, &t->other);
    field_square(&t->square, &p->y);
    field_mul(beta, &p->x, &t->square);
    field_square(&t->square, &t->square);

    field_mul(&twice->z, &p->y, &p->z);
    field_square(&t->other, lambda);
    field_sub(&t->other, &t->other, beta);
    field_sub(&twice->x, &t->other, beta);
    field_sub(&t->other, beta, &twice->x);
    field_mul(&t->other, &t->other, lambda);
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

/* The Z of points that share one, and what additions need of it. */
struct shared_z { struct field z, square, cube; };

/* Addition, "add-1998-cmo-2" of the same database. First both points get the same Z, z = Z Z': then x and y are those
 * of p, and H and R how far q is away from them. Both are 0 when the points are equal; H alone, when opposite. */
static inline void meet(struct work *t, const struct point *p, const struct affine *q, const struct shared_z *z)
{
    field_mul(&t->x, &p->x, &z->square);
    field_mul(&t->y, &p->y, &z->cube);
    apart(t, p, &q->x, &q->y);
    field_mul(&t->z, &p->z, &z->z);
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

/* The points are as above, and may be the same: the double is there, too, and nobody sees which is taken. */
static inline void join_or_double(struct point *sum, struct work *t)
{
    struct point twice;
    ct_mask same = bn_zero(t->h.limb, LIMBS) & bn_zero(t->r.limb, LIMBS);
    struct point p = { t->x, t->y, t->z };
    join(sum, t);
    point_double(&twice, &p, t);
    point_copy_if(same, sum, &twice);
    sodium_memzero(&twice, sizeof twice);
    sodium_memzero(&p, sizeof p);
}

/* Odd multiples of a point, 1, 3, 5 ..., that share their Z. */
enum { WINDOW = 5, TABLE = 1 << (WINDOW - 1) };
struct odd { struct affine at[TABLE]; struct shared_z z; };

/* Two points that share a Z: their sum, and p once more, so that it shares the Z of the sum, which is X - X' times the
 * old one (Meloni 2007, "New Point Addition Formulae for ECC Applications"; "ZADDU" of Goundar, Joye, Miyaji 2010):
 *     C = (X - X')²     W = X C     W' = X' C     A = Y (W - W')     p = (W, A)
 *     sum:  X'' = (Y - Y')² - W - W'     Y'' = (Y - Y')(W - X'') - A */
static inline void add_sharing(struct affine *sum, struct affine *p, const struct affine *q, struct field *factor,
                               struct work *t)
{
    field_sub(factor, &p->x, &q->x);
    field_square(&t->square, factor);
    field_sub(&t->r, &p->y, &q->y);
    field_mul(&p->x, &p->x, &t->square);
    field_mul(&t->square, &q->x, &t->square);
    field_sub(&t->other, &p->x, &t->square);
    field_mul(&p->y, &p->y, &t->other);

    field_square(&t->other, &t->r);
    field_sub(&t->other, &t->other, &p->x);
    field_sub(&sum->x, &t->other, &t->square);
    field_sub(&t->other, &p->x, &sum->x);
    field_mul(&t->other, &t->other, &t->r);
    field_sub(&sum->y, &t->other, &p->y);
}

/* Twice the point is added `count` - 1 times; then all but the last get the Z of the last. A point of the curve has
 * such a large order that none of these is ever infinity, or twice the point. */
static inline void odd_multiples(struct odd *odd, const struct affine *p, size_t count, struct work *t)
{
    struct { struct point whole, double_z; struct affine twice; struct field factor[TABLE], f; } u;
    u.whole = (struct point){ p->x, p->y, { { 0 } } };
    field_one(&u.whole.z);
    point_double(&u.double_z, &u.whole, t);
    odd->at[0] = (struct affine){ t->x, t->square };
    u.twice = (struct affine){ u.double_z.x, u.double_z.y };
    for (size_t i = 1; i < count; i++)
        add_sharing(&odd->at[i], &u.twice, &odd->at[i - 1], &u.factor[i], t);
    u.f = u.factor[count - 1];
    for (size_t i = count - 1; i-- > 0; ) {
        field_square(&t->square, &u.f);
        field_mul(&odd->at[i].x, &odd->at[i].x, &t->square);
        field_mul(&t->square, &t->square, &u.f);
        field_mul(&odd->at[i].y, &odd->at[i].y, &t->square);
        if (i > 0)
            field_mul(&u.f, &u.f, &u.factor[i]);
    }
    field_mul(&odd->z.z, &u.double_z.z, &u.f);
    field_square(&odd->z.square, &odd->z.z);
    field_mul(&odd->z.cube, &odd->z.square, &odd->z.z);
    sodium_memzero(&u, sizeof u);
}

/* `count` bits of a number from bit `from` on; above its highest there are zeros. */
static inline uint64_t bits_at(const uint64_t scalar[CURVE_LIMBS], int from, int count)
{
    int limb = from / 64, shift = from % 64;
    uint64_t bits = limb < CURVE_LIMBS ? scalar[limb] >> shift : 0;
    if (shift + count > 64 && limb + 1 < CURVE_LIMBS)
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

/* An odd k below 2^L is a sum of 2^i or -2^i for i = 0 .. L - 1: plus where bit i of (k + 2^L - 1) / 2 is set. The
 * bit that leaves at the right is the 1 of k, which - 1 takes away; what comes in at the left is 2^(L-1). */
static inline void signs_of(uint64_t signs[CURVE_LIMBS], const uint64_t k[CURVE_LIMBS], int bits)
{
    memset(signs, 0, CURVE_LIMBS * sizeof *signs);
    for (int i = 0; i < LIMBS; i++)
        signs[i] = k[i] >> 1 | (i + 1 < LIMBS ? k[i + 1] << 63 : 0);
    signs[(bits - 1) / 64] |= (uint64_t)1 << (bits - 1) % 64;
}

/* Of the entries of a table, each an x and a y, the one that stands at `index`: all are read, and a mask of what fits
 * is laid on each. In vectors of 128 bits, which most processors have; where not, the compiler takes them apart. */
static inline void affine_at(struct affine *q, const void *table, size_t count, uint64_t index)
{
    typedef uint32_t vector __attribute__((vector_size(16)));
    enum { PARTS = sizeof *q / sizeof(vector) };
    const uint32_t wanted = (uint32_t)ct_hide(index);
    const vector wanted_at = { wanted, wanted, wanted, wanted };
    vector at = { 0 }, sum[PARTS] = { { 0 } };
    const uint8_t *entry = table;
    for (size_t i = 0; i < count; i++, entry += sizeof *q, at += 1) {
        vector here = (vector)(at == wanted_at);
        UNROLLED
        for (int j = 0; j < PARTS; j++) {
            vector part;
            memcpy(&part, entry + (size_t)j * sizeof part, sizeof part);
            sum[j] |= part & here;
        }
    }
    memcpy(q, sum, sizeof *q);
}

/* The product of a secret number and any point, five bits of the number at once: the signs of five make an odd digit
 * of -31 to 31, so nothing is ever added that is 0, and half of the digits are in the table ("Joye, Tunstall 2009").
 *
 * Why no two points that are added here are the same or opposite, but in the last addition: let a be the sum so far, d
 * the digit, and 32 a + d the next sum, as numbers. What the digits below make up is less than 32^i at digit i, and k
 * is above 0: so a, which is odd, is 1 at least, and 32 a > |d|. Before the last digit 32 a + |d| is below n. At the
 * last one 32 a + d is k, not n; but 32 a - d = k - 2d may be n: so the last addition asks. Of k and n - k, which make
 * opposite points, the odd one is taken. */
enum { DIGITS = BITS / WINDOW + 1 };

/* The signs of k, or of n - k, where the mask says so. */
static inline ct_mask odd_signs(uint64_t signs[CURVE_LIMBS], const uint64_t secret[CURVE_LIMBS],
                                const uint64_t order[CURVE_LIMBS])
{
    uint64_t k[CURVE_LIMBS];
    memcpy(k, secret, sizeof k);
    const ct_mask even = ct_zero(k[0] & 1);
    scalar_negate_if(even, k, order);
    signs_of(signs, k, DIGITS * WINDOW);
    sodium_memzero(k, sizeof k);
    return even;
}

/* Where the multiple for a digit stands in the table, and whether it is to be subtracted. */
static inline uint64_t digit_at(const uint64_t signs[CURVE_LIMBS], int i, ct_mask *minus)
{
    const uint64_t digit = bits_at(signs, i * WINDOW, WINDOW);
    *minus = ct_zero(digit >> (WINDOW - 1));
    return (digit ^ *minus) & (TABLE - 1);
}

static inline void multiple_at(struct affine *q, const struct odd *odd, const uint64_t signs[CURVE_LIMBS], int i)
{
    ct_mask minus;
    const uint64_t index = digit_at(signs, i, &minus);
    affine_at(q, odd->at, TABLE, index);
    field_negate_if(minus, &q->y);
}

static inline void add_last(struct point *sum, const struct odd *odd, const uint64_t signs[CURVE_LIMBS], struct work *t)
{
    struct affine q;
    multiple_at(&q, odd, signs, 0);
    meet(t, sum, &q, &odd->z);
    join_or_double(sum, t);
    sodium_memzero(&q, sizeof q);
}

static inline void point_multiply(struct point *sum, const struct affine *p, const uint64_t secret[CURVE_LIMBS],
                                  const uint64_t order[CURVE_LIMBS])
{
    struct { struct odd odd; struct affine q; struct work work; uint64_t signs[CURVE_LIMBS]; } t;
    const ct_mask even = odd_signs(t.signs, secret, order);
    odd_multiples(&t.odd, p, TABLE, &t.work);
    multiple_at(&t.q, &t.odd, t.signs, DIGITS - 1);
    *sum = (struct point){ t.q.x, t.q.y, t.odd.z.z };
    for (int i = DIGITS - 2; i >= 0; i--) {
        for (int j = 0; j < WINDOW; j++)
            point_double(sum, sum, &t.work);
        if (i == 0)
            break;
        multiple_at(&t.q, &t.odd, t.signs, i);
        meet(&t.work, sum, &t.q, &t.odd.z);
        join(sum, &t.work);
    }
    add_last(sum, &t.odd, t.signs, &t.work);
    field_negate_if(even, &sum->y);
    sodium_memzero(&t, sizeof t);
}

/* Sums of products of public numbers (Möller 2001, "interleaving"): each number in digits that are odd or 0, of which
 * no w in a row have two that are not 0 ("wNAF"). The doublings are shared. Of a number: its digits, and the odd
 * multiples of its point, that share a Z, or have Z = 1 (NULL). */
struct naf { const void *odd; const struct shared_z *z; int8_t digits[BITS + 1]; };
enum { NAF_WINDOW = 5, NAF_TABLE = 1 << (NAF_WINDOW - 2) };

static inline void naf_digits(int8_t digits[BITS + 1], const uint64_t scalar[CURVE_LIMBS], int window)
{
    int carried = 0;
    memset(digits, 0, BITS + 1);
    for (int i = 0; i <= BITS; ) {
        if (bits_at(scalar, i, 1) == (uint64_t)carried) {
            i++;
            continue;
        }
        int digit = (int)bits_at(scalar, i, window) + carried;
        carried = digit >> (window - 1);
        digits[i] = (int8_t)(digit - (carried << window));
        i += window;
    }
}

/* Here the exceptions are seen, and branched on. */
static inline void naf_add(struct point *sum, const struct naf *naf, int digit, struct work *t)
{
    struct affine q;
    memcpy(&q, (const uint8_t *)naf->odd + (size_t)((digit > 0 ? digit : -digit) / 2) * sizeof q, sizeof q);
    field_negate_if(digit < 0 ? ~(ct_mask)0 : 0, &q.y);
    if (ct_tell(bn_zero(sum->z.limb, LIMBS))) {
        *sum = (struct point){ q.x, q.y, { { 0 } } };
        if (naf->z)
            sum->z = naf->z->z;
        else
            field_one(&sum->z);
        return;
    }
    if (naf->z)
        meet(t, sum, &q, naf->z);
    else
        meet_affine(t, sum, &q);
    if (ct_tell(bn_zero(t->h.limb, LIMBS) & bn_zero(t->r.limb, LIMBS)))
        point_double(sum, sum, t);
    else
        join(sum, t);
}

static inline void naf_sum(struct point *sum, const struct naf *naf, size_t count)
{
    struct work work;
    bool begun = false;
    memset(sum, 0, sizeof *sum);
    for (int bit = BITS; bit >= 0; bit--) {
        if (begun)
            point_double(sum, sum, &work);
        for (size_t i = 0; i < count; i++)
            if (naf[i].digits[bit]) {
                naf_add(sum, &naf[i], naf[i].digits[bit], &work);
                begun = true;
            }
    }
}

/* What `struct curve` promises; what a curve does in another way, it does not take from here. */

static inline bool group_valid(const uint8_t *point)
{
    struct affine p;
    return point_read(&p, point);
}

static inline void group_multiply(const struct curve *c, const uint8_t *point, const uint64_t scalar[CURVE_LIMBS],
                                  uint8_t *x, uint8_t *y)
{
    struct affine p;
    struct point product;
    point_read(&p, point ? point : generator_octets);
    point_multiply(&product, &p, scalar, c->order);
    point_write(&product, x, y);
    sodium_memzero(&product, sizeof product);
}

static inline void group_sum(struct point *sum, const uint64_t scalar[2][CURVE_LIMBS], const uint8_t *point)
{
    struct affine p;
    struct odd odd[2];
    struct naf naf[2];
    struct work work;
    for (int i = 0; i < 2; i++) {
        point_read(&p, i ? point : generator_octets);
        odd_multiples(&odd[i], &p, NAF_TABLE, &work);
        naf[i].odd = odd[i].at;
        naf[i].z = &odd[i].z;
        naf_digits(naf[i].digits, scalar[i], NAF_WINDOW);
    }
    naf_sum(sum, naf, 2);
}

/* Without 1/Z: x = r is X = r Z². */
static inline bool has_x_below_p(const struct point *p, const uint64_t r[LIMBS])
{
    struct field x, square;
    memcpy(x.limb, r, sizeof x.limb);
    field_mul(&x, &x, &square_of_r);
    field_square(&square, &p->z);
    field_mul(&x, &x, &square);
    return ct_tell(field_equal(&x, &p->x));
}

/* Of a public point: is its x the number r modulo n? As p is below 2n, x is r or r + n. */
static inline bool point_has_x(const struct curve *c, const struct point *p, const uint64_t r[LIMBS])
{
    uint64_t more[LIMBS];
    if (ct_tell(bn_zero(p->z.limb, LIMBS)))
        return false;
    if (has_x_below_p(p, r))
        return true;
    bool fits = bn_add(more, r, c->order, LIMBS) == 0 && ct_tell(bn_less(more, prime, LIMBS));
    return fits && has_x_below_p(p, more);
}

static inline bool group_sum_public(const struct curve *c, const uint64_t scalar[2][CURVE_LIMBS], const uint8_t *point,
                                    uint8_t *x, uint8_t *y)
{
    (void)c;
    struct point sum;
    group_sum(&sum, scalar, point);
    point_write(&sum, x, y);
    return !ct_tell(bn_zero(sum.z.limb, LIMBS));
}

static inline bool group_sum_has_x(const struct curve *c, const uint64_t scalar[2][CURVE_LIMBS], const uint8_t *point,
                                   const uint64_t r[CURVE_LIMBS])
{
    struct point sum;
    group_sum(&sum, scalar, point);
    return point_has_x(c, &sum, r);
}

#endif
