/* The three curves in little room (crypto/cpu.h): one text for all of them, over the numbers of crypto/bignum.h. Points
 * are (X, Y, Z) with x = X/Z, y = Y/Z; (0, 1, 0) is infinity. They are added by a formula that is right for all
 * points, the same and opposite ones and infinity too, and multiplied a bit at a time. */
#include "crypto/bignum.h"
#include "crypto/curve.h"

#include <sodium.h>
#include <string.h>

/* Renes, Costello, Batina 2016, "Complete addition formulas for prime order elliptic curves", algorithm 4: for
 * a = -3. */
enum register_no { X1, Y1, Z1, X2, Y2, Z2, X3, Y3, Z3, T0, T1, T2, T3, T4, B, REGISTERS };
static const struct { uint8_t to, a; char op; uint8_t b; } addition[] = {
    { T0, X1, '*', X2 }, { T1, Y1, '*', Y2 }, { T2, Z1, '*', Z2 }, { T3, X1, '+', Y1 }, { T4, X2, '+', Y2 },
    { T3, T3, '*', T4 }, { T4, T0, '+', T1 }, { T3, T3, '-', T4 }, { T4, Y1, '+', Z1 }, { X3, Y2, '+', Z2 },
    { T4, T4, '*', X3 }, { X3, T1, '+', T2 }, { T4, T4, '-', X3 }, { X3, X1, '+', Z1 }, { Y3, X2, '+', Z2 },
    { X3, X3, '*', Y3 }, { Y3, T0, '+', T2 }, { Y3, X3, '-', Y3 }, { Z3, B,  '*', T2 }, { X3, Y3, '-', Z3 },
    { Z3, X3, '+', X3 }, { X3, X3, '+', Z3 }, { Z3, T1, '-', X3 }, { X3, T1, '+', X3 }, { Y3, B,  '*', Y3 },
    { T1, T2, '+', T2 }, { T2, T1, '+', T2 }, { Y3, Y3, '-', T2 }, { Y3, Y3, '-', T0 }, { T1, Y3, '+', Y3 },
    { Y3, T1, '+', Y3 }, { T1, T0, '+', T0 }, { T0, T1, '+', T0 }, { T0, T0, '-', T2 }, { T1, T4, '*', Y3 },
    { T2, T0, '*', Y3 }, { Y3, X3, '*', Z3 }, { Y3, Y3, '+', T2 }, { X3, T3, '*', X3 }, { X3, X3, '-', T1 },
    { Z3, T4, '*', Z3 }, { T1, T3, '*', T0 }, { Z3, Z3, '+', T1 },
};

typedef uint64_t number[CURVE_LIMBS];
struct point { number x, y, z; };
/* Numbers modulo p or n, in form; of a curve, what is added is at[X1..] and at[X2..], the sum at[X3..]. */
struct work { const struct curve *c; struct bn_mod m; number at[REGISTERS]; };

static void work_start(struct work *w, const struct curve *c)
{
    w->c = c;
    bn_mod_set_public(&w->m, c->prime, c->limbs, NULL);
    memcpy(w->at[B], c->b, 8 * c->limbs);
}

static void point_add(struct work *w, struct point *sum, const struct point *p, const struct point *q)
{
    memcpy(w->at[X1], p, sizeof *p);
    memcpy(w->at[X2], q, sizeof *q);
    for (size_t i = 0; i < sizeof addition / sizeof *addition; i++) {
        uint64_t *const to = w->at[addition[i].to], *const a = w->at[addition[i].a], *const b = w->at[addition[i].b];
        switch (addition[i].op) {
        case '*': bn_mod_mul(&w->m, to, a, b); break;
        case '+': bn_mod_add(&w->m, to, a, b); break;
        default:  bn_mod_sub(&w->m, to, a, b);
        }
    }
    memcpy(sum, w->at[X3], sizeof *sum);
}

/* 04 x y, of public octets; NULL: the generator. False: another form, a coordinate not below p, or not on the curve:
 * y² = x (x² - 3) + b. */
static bool point_read(struct work *w, struct point *p, const uint8_t *octets)
{
    const struct curve *c = w->c;
    const size_t limbs = c->limbs;
    const uint8_t *from = octets ? octets : c->generator;
    uint64_t *const left = w->at[T0], *const right = w->at[T1];
    memset(p, 0, sizeof *p);
    bn_read(p->x, limbs, from + 1, c->octets);
    bn_read(p->y, limbs, from + 1 + c->octets, c->octets);
    ct_mask good = ct_equal(from[0], 4) & bn_less(p->x, w->m.n, limbs) & bn_less(p->y, w->m.n, limbs);
    bn_mod_mul(&w->m, p->x, p->x, w->m.rr);
    bn_mod_mul(&w->m, p->y, p->y, w->m.rr);
    memcpy(p->z, w->m.one, 8 * limbs);
    bn_mod_mul(&w->m, right, p->x, p->x);
    for (int i = 0; i < 3; i++)
        bn_mod_sub(&w->m, right, right, p->z);
    bn_mod_mul(&w->m, right, right, p->x);
    bn_mod_add(&w->m, right, right, w->at[B]);
    bn_mod_mul(&w->m, left, p->y, p->y);
    return ct_tell(good & bn_equal(left, right, limbs));
}

/* 1/a = a^(m - 2) for a prime m; 0 for 0. */
static void invert(const struct bn_mod *m, uint64_t *x, const uint64_t *a)
{
    static const number two = { 2 };
    number e;
    bn_sub(e, m->n, two, m->limbs);
    bn_mod_exp(m, x, a, e, m->limbs);
}

/* x and y, where they are not NULL, out of form. */
static void point_out(struct work *w, const struct point *p, uint64_t *x, uint64_t *y)
{
    invert(&w->m, w->at[T0], p->z);
    if (x) {
        bn_mod_mul(&w->m, x, p->x, w->at[T0]);
        bn_mod_out(&w->m, x, x);
    }
    if (y) {
        bn_mod_mul(&w->m, y, p->y, w->at[T0]);
        bn_mod_out(&w->m, y, y);
    }
}

static void point_write(struct work *w, const struct point *p, uint8_t *x, uint8_t *y)
{
    point_out(w, p, w->at[X1], w->at[Y1]);
    if (x)
        bn_write(w->at[X1], w->c->limbs, x, w->c->octets);
    if (y)
        bn_write(w->at[Y1], w->c->limbs, y, w->c->octets);
}

static void multiplied(struct work *w, struct point *product, const uint64_t *scalar, const struct point *p)
{
    struct point sum;
    memset(product, 0, sizeof *product);
    memcpy(product->y, w->m.one, 8 * w->c->limbs);
    for (size_t i = w->c->bits; i-- > 0;) {
        point_add(w, product, product, product);
        point_add(w, &sum, product, p);
        ct_copy_if(ct_nonzero(scalar[i / 64] >> i % 64 & 1), product, &sum, sizeof sum);
    }
    sodium_memzero(&sum, sizeof sum);
}

static void multiply(const struct curve *c, const uint8_t *octets, const uint64_t scalar[CURVE_LIMBS], uint8_t *x,
                     uint8_t *y)
{
    struct work w;
    struct point p, product;
    work_start(&w, c);
    point_read(&w, &p, octets);
    multiplied(&w, &product, scalar, &p);
    point_write(&w, &product, x, y);
    sodium_memzero(&w, sizeof w);
    sodium_memzero(&product, sizeof product);
}

static bool summed(struct work *w, struct point *sum, const uint64_t scalar[2][CURVE_LIMBS], const uint8_t *octets)
{
    struct point p, more;
    point_read(w, &p, NULL);
    multiplied(w, sum, scalar[0], &p);
    point_read(w, &p, octets);
    multiplied(w, &more, scalar[1], &p);
    point_add(w, sum, sum, &more);
    return !ct_tell(bn_zero(sum->z, w->c->limbs));
}

static bool sum_public(const struct curve *c, const uint64_t scalar[2][CURVE_LIMBS], const uint8_t *octets, uint8_t *x,
                       uint8_t *y)
{
    struct work w;
    struct point sum;
    work_start(&w, c);
    bool somewhere = summed(&w, &sum, scalar, octets);
    point_write(&w, &sum, x, y);
    if (!somewhere) {
        memset(x, 0, c->octets);
        memset(y, 0, c->octets);
    }
    return somewhere;
}

/* As p is below 2n, x modulo n is x or x - n. */
static bool sum_has_x(const struct curve *c, const uint64_t scalar[2][CURVE_LIMBS], const uint8_t *octets,
                      const uint64_t r[CURVE_LIMBS])
{
    struct work w;
    struct point sum;
    number x, less;
    work_start(&w, c);
    if (!summed(&w, &sum, scalar, octets))
        return false;
    point_out(&w, &sum, x, NULL);
    bn_copy_if(ct_zero(bn_sub(less, x, c->order, c->limbs)), x, less, c->limbs);
    return ct_tell(bn_equal(x, r, c->limbs));
}

static bool valid(const struct curve *c, const uint8_t *octets)
{
    struct work w;
    struct point p;
    work_start(&w, c);
    return point_read(&w, &p, octets);
}

/* --- Modulo n; b NULL: 1/a --- */

static void order_mul(const struct curve *c, uint64_t *x, const uint64_t *a, const uint64_t *b)
{
    struct { struct bn_mod m; number in_form; } t;
    bn_mod_set_public(&t.m, c->order, c->limbs, NULL);
    bn_mod_mul(&t.m, t.in_form, a, t.m.rr);
    if (b) {
        bn_mod_mul(&t.m, x, t.in_form, b);
    } else {
        invert(&t.m, t.in_form, t.in_form);
        bn_mod_out(&t.m, x, t.in_form);
    }
    sodium_memzero(&t, sizeof t);
}

static void order_add(const struct curve *c, uint64_t *x, const uint64_t *a, const uint64_t *b)
{
    number sum = { 0 }, less;
    const uint64_t over = bn_add(sum, a, b, c->limbs), under = bn_sub(less, sum, c->order, c->limbs);
    bn_copy_if(ct_nonzero(over) | ct_zero(under), sum, less, c->limbs);
    memcpy(x, sum, 8 * c->limbs);
    sodium_memzero(sum, sizeof sum);
    sodium_memzero(less, sizeof less);
}

#define SMALL(p) \
    static bool p##_valid(const uint8_t *o) { return valid(&curve_##p, o); } \
    static void p##_mul(uint64_t *x, const uint64_t *a, const uint64_t *b) { order_mul(&curve_##p, x, a, b); } \
    static void p##_add(uint64_t *x, const uint64_t *a, const uint64_t *b) { order_add(&curve_##p, x, a, b); } \
    static void p##_invert(uint64_t *x, const uint64_t *a) { order_mul(&curve_##p, x, a, NULL); } \
    const struct curve_form p##_form_small = { "small", p##_valid, multiply, sum_public, sum_has_x }; \
    const struct curve_order p##_order_small = { p##_mul, p##_add, p##_invert };
SMALL(p256)
SMALL(p384)
SMALL(p521)
