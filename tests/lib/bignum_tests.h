/* bignum_tests.h - products and powers in one form beside the portable one. Numbers are drawn so that carries run far: all ones, zeros, one,
 * half and half, runs of ones, the modulus less one. */
#ifndef TESTS_LIB_BIGNUM_TESTS_H
#define TESTS_LIB_BIGNUM_TESTS_H

#include "crypto/bignum.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"

#include <string.h>

/* Sanitizers make instructions in plain C (plain_ifma512.h) ten times as slow. */
#ifdef __SANITIZE_ADDRESS__
#define FEW(n) 2
#else
#define FEW(n) (n)
#endif

/* Of the halves of RSA-1024 to 4096 and of FFDHE, and such between as fill a register of 52 bits or just do not. */
static const size_t sizes[] = { 4, 7, 8, 9, 11, 12, 13, 16, 17, 19, 20, 23, 24, 25, 32, 36, 38, 39,
                                48, 51, 52, 63, 64 };
enum { SIZES = sizeof sizes / sizeof *sizes, SHAPES = 7, LIMBS_E = 3 };
static struct cpu cpu;                                 /* of the form that is tested */

static void draw(struct test_chance *c, uint64_t *x, size_t limbs, unsigned shape)
{
    uint8_t octets[8 * BN_LIMBS];
    chance_fill(&c->chance, "test", octets, 8 * limbs);
    bn_read(x, limbs, octets, 8 * limbs);
    for (size_t i = 0; i < limbs; i++) {
        const uint64_t shapes[SHAPES] = { x[i], UINT64_MAX, 0, i == 0, i < limbs / 2 ? 0 : UINT64_MAX,
                                          x[i] & 1 ? UINT64_MAX : 0, i == limbs - 1 ? (uint64_t)1 << 63 : 0 };
        x[i] = shapes[shape % SHAPES];
    }
}

struct pair { struct bn_mod tested, portable; };

static void draw_modulus(struct test_chance *c, struct pair *m, size_t limbs, unsigned shape)
{
    uint64_t n[BN_LIMBS];
    draw(c, n, limbs, shape);
    n[0] |= 1;
    n[limbs - 1] |= shape % 2 ? (uint64_t)1 << 63 : 2;
    bn_mod_set(&m->tested, n, limbs, bn_bits_public(n, limbs) - 1, &cpu);
    bn_mod_set(&m->portable, n, limbs, bn_bits_public(n, limbs) - 1, NULL);
    ck_assert(bn_equal(m->tested.rr, m->portable.rr, limbs));
}

/* A number below the modulus; also 0, 1 in form, the modulus less one. */
static void draw_number(struct test_chance *c, uint64_t *x, const struct bn_mod *m, unsigned shape)
{
    static const uint64_t one[BN_LIMBS] = { 1 };
    draw(c, x, m->limbs, shape);
    bn_mod_in(m, x, x, m->limbs);
    if (shape % 5 == 1)
        bn_sub(x, m->n, one, m->limbs);
    if (shape % 5 == 2)
        memcpy(x, m->one, m->limbs * sizeof *x);
    if (shape % 5 == 3)
        memset(x, 0, m->limbs * sizeof *x);
}

START_TEST(products_are_the_portable_ones)
{
    static struct pair m;
    struct test_chance c = test_chance(1);
    uint64_t a[BN_LIMBS], b[BN_LIMBS], x[BN_LIMBS], want[BN_LIMBS];
    for (unsigned round = 0; round < FEW(20) * SIZES; round++) {
        size_t limbs = sizes[round % SIZES];
        unsigned shape = round / SIZES;
        draw_modulus(&c, &m, limbs, shape);
        for (unsigned other = 0; other < 10; other++) {
            draw_number(&c, a, &m.portable, other);
            draw(&c, b, limbs, shape + other);         /* any number below R */
            bn_mod_mul(&m.portable, want, a, b);
            bn_mod_mul(&m.tested, x, a, b);
            ck_assert_msg(bn_equal(x, want, limbs), "round %u, number %u: product of %zu limbs", round, other, limbs);
            bn_mod_square(&m.portable, want, a);
            bn_mod_square(&m.tested, x, a);
            ck_assert_msg(bn_equal(x, want, limbs), "round %u, number %u: square of %zu limbs", round, other, limbs);
        }
    }
}
END_TEST

START_TEST(powers_are_the_portable_ones)
{
    static struct pair m;
    struct test_chance c = test_chance(2);
    uint64_t a[BN_LIMBS], e[LIMBS_E], x[BN_LIMBS], want[BN_LIMBS];
    for (unsigned round = 0; round < FEW(20) * SIZES; round++) {
        size_t limbs = sizes[round % SIZES];
        unsigned shape = round / SIZES;
        draw_modulus(&c, &m, limbs, shape);
        draw_number(&c, a, &m.portable, shape / 2);
        draw(&c, e, LIMBS_E, shape / 3);
        bn_mod_exp(&m.portable, want, a, e, 1 + round % LIMBS_E);
        bn_mod_exp(&m.tested, x, a, e, 1 + round % LIMBS_E);
        ck_assert_msg(bn_equal(x, want, limbs), "round %u: %zu limbs", round, limbs);
        const uint64_t small[] = { 0, 1, 2, 3, 65537, e[0] >> 31, e[0] };
        bn_mod_exp_public(&m.portable, want, a, small[shape % 7]);
        bn_mod_exp_public(&m.tested, x, a, small[shape % 7]);
        ck_assert_msg(bn_equal(x, want, limbs), "round %u: %zu limbs, public", round, limbs);
    }
}
END_TEST

START_TEST(two_powers_at_once_are_two_powers)
{
    static struct pair m[2];
    struct test_chance c = test_chance(3);
    uint64_t a[2][BN_LIMBS], e[2][LIMBS_E], x[2][BN_LIMBS], want[BN_LIMBS];
    for (unsigned round = 0; round < FEW(14) * SIZES; round++) {
        size_t limbs = sizes[round % SIZES], limbs_e = 1 + round % LIMBS_E;
        unsigned shape = round / SIZES;
        struct bn_power both[2];
        for (unsigned i = 0; i < 2; i++) {
            draw_modulus(&c, &m[i], limbs, shape + i);
            draw_number(&c, a[i], &m[i].portable, shape / 2 + i);
            draw(&c, e[i], LIMBS_E, shape / 3 + 2 * i);
            both[i] = (struct bn_power){ &m[i].tested, x[i], a[i], e[i] };
        }
        bn_mod_exp_both(both, limbs_e);
        for (unsigned i = 0; i < 2; i++) {
            bn_mod_exp(&m[i].portable, want, a[i], e[i], limbs_e);
            ck_assert_msg(bn_equal(x[i], want, limbs), "round %u: number %u of %zu limbs", round, i, limbs);
        }
    }
}
END_TEST

/* The highest limb of the modulus is full, or not; just full or all ones; a is 0, 1, the modulus less one. */
START_TEST(public_powers_are_powers)
{
    static struct bn_mod m;
    static const uint64_t es[] = { 3, 65537, 5, 0x1ffffffff, 1 }, one[BN_LIMBS] = { 1 };
    struct test_chance c = test_chance(5);
    uint64_t n[BN_LIMBS], a[BN_LIMBS], x[BN_LIMBS], want[BN_LIMBS];
    for (unsigned round = 0; round < FEW(40) * SIZES; round++) {
        size_t limbs = sizes[round % SIZES];
        unsigned shape = round / SIZES;
        draw(&c, n, limbs, shape);
        n[0] |= 1;
        n[limbs - 1] |= round % 7 ? (uint64_t)1 << 63 : 2;
        bn_mod_set(&m, n, limbs, bn_bits_public(n, limbs) - 1, NULL);
        draw_number(&c, a, &m, shape / 3);
        bn_mod_out(&m, a, a);
        if (shape % 4 == 3)
            bn_sub(a, n, one, limbs);
        bn_mod_in(&m, want, a, limbs);
        bn_mod_exp_public(&m, want, want, es[shape % 5]);
        bn_mod_out(&m, want, want);
        bn_power(x, a, es[shape % 5], n, limbs, &cpu);
        ck_assert_msg(bn_equal(x, want, limbs), "round %u: %zu limbs, a maybe secret", round, limbs);
        bn_power_public(x, a, es[shape % 5], n, limbs, &cpu);
        ck_assert_msg(bn_equal(x, want, limbs), "round %u: %zu limbs", round, limbs);
        bn_power_public(a, a, es[shape % 5], n, limbs, &cpu);          /* in its place */
        ck_assert(bn_equal(a, want, limbs));
    }
}
END_TEST

/* Many small steps along one path: x becomes x^e for random e, in both forms; an error stays. */
START_TEST(long_walks_end_alike)
{
    static struct pair m;
    struct test_chance c = test_chance(4);
    uint64_t x[BN_LIMBS], want[BN_LIMBS], e;
    for (unsigned round = 0; round < SIZES; round++) {
        size_t limbs = sizes[round];
        draw_modulus(&c, &m, limbs, 0);
        draw_number(&c, x, &m.portable, 0);
        memcpy(want, x, sizeof want);
        for (unsigned step = 0; step < 20; step++) {
            draw(&c, &e, 1, step);
            bn_mod_exp(&m.portable, want, want, &e, 1);
            bn_mod_exp(&m.tested, x, x, &e, 1);
        }
        ck_assert_msg(bn_equal(x, want, limbs), "%zu limbs", limbs);
    }
}
END_TEST

static int bignum_tests(const char *name, struct cpu tested)
{
    cpu = tested;
    return check_run(name, (const TTest *[]){
        products_are_the_portable_ones, powers_are_the_portable_ones, two_powers_at_once_are_two_powers,
        public_powers_are_powers, long_walks_end_alike, NULL });
}

#endif
