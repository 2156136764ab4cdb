#include "crypto/bignum.h"
#include "crypto/limbs.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/rsa_keys.h"

#include <string.h>

static const size_t sizes[] = { 1, 2, 3, 4, 7, 16, 33, 64 };
enum { SIZES = sizeof sizes / sizeof *sizes, WIDE = 2 * BN_LIMBS };

/* A number with a shape that carries like: all ones, zero, one, ones over zeros, or random. */
static void draw(struct test_chance *c, uint64_t *x, size_t limbs, unsigned shape)
{
    uint8_t octets[8 * WIDE];
    chance_fill(&c->chance, "test", octets, 8 * limbs);
    bn_read(x, limbs, octets, 8 * limbs);
    for (size_t i = 0; i < limbs; i++) {
        if (shape % 5 == 0)
            x[i] = UINT64_MAX;
        if (shape % 5 == 1)
            x[i] = 0;
        if (shape % 5 == 2)
            x[i] = i == 0;
        if (shape % 5 == 3)
            x[i] = i < limbs / 2 ? 0 : UINT64_MAX;
    }
}

/* The remainder as at school, a bit at a time: nothing in common with Montgomery's. x has one limb more
 * than n. */
static void slow_mod(uint64_t *x, const uint64_t *a, size_t limbs_a, const uint64_t *n, size_t limbs)
{
    uint64_t wide_n[WIDE + 1] = { 0 };
    memcpy(wide_n, n, limbs * sizeof *n);
    memset(x, 0, (limbs + 1) * sizeof *x);
    for (size_t bit = 64 * limbs_a; bit-- > 0; ) {
        bn_add(x, x, x, limbs + 1);
        x[0] |= a[bit / 64] >> bit % 64 & 1;
        if (!bn_less(x, wide_n, limbs + 1))
            bn_sub(x, x, wide_n, limbs + 1);
    }
}

static void draw_modulus(struct test_chance *c, struct bn_mod *m, size_t limbs, unsigned shape)
{
    uint64_t n[BN_LIMBS];
    draw(c, n, limbs, shape % 5 == 1 || shape % 5 == 2 ? 4 : shape);   /* 0 and 1 are no moduli */
    if (shape % 2)
        n[limbs - 1] >>= 11;                           /* not a full number of limbs */
    n[limbs - 1] |= 2;
    n[0] |= 1;
    bn_mod_set(m, n, limbs, bn_bits_public(n, limbs) - 1, NULL);
}

START_TEST(octets_go_in_and_out)
{
    uint8_t in[11] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 }, out[17];
    uint64_t x[2];
    bn_read(x, 2, in, 11);
    ck_assert_uint_eq(x[0], 0x0405060708090a0b);
    ck_assert_uint_eq(x[1], 0x010203);
    bn_write(x, 2, out, 17);
    check_is_hex(out, 17, "000000000000 0102030405060708090a0b");
    bn_write(x, 2, out, 3);                            /* the low octets */
    check_is_hex(out, 3, "090a0b");
    bn_read(x, 2, in, 0);
    ck_assert_uint_eq(x[0] | x[1], 0);
}
END_TEST

START_TEST(carries_and_borrows)
{
    uint64_t ones[3] = { UINT64_MAX, UINT64_MAX, UINT64_MAX }, one[3] = { 1 }, zero[3] = { 0 }, x[3];
    ck_assert_uint_eq(bn_add(x, ones, one, 3), 1);
    ck_assert(bn_zero(x, 3));
    ck_assert_uint_eq(bn_sub(x, zero, one, 3), 1);
    ck_assert(bn_equal(x, ones, 3));
    ck_assert_uint_eq(bn_sub(x, one, one, 3), 0);
    /* (R - 1)² = R² - 2R + 1 */
    uint64_t square[6], want[6] = { 1, 0, 0, UINT64_MAX - 1, UINT64_MAX, UINT64_MAX };
    bn_mul(square, ones, 3, ones, 3);
    ck_assert(bn_equal(square, want, 6));
}
END_TEST

START_TEST(masks_compare)
{
    uint64_t low[2] = { 5, 1 }, high[2] = { 4, 2 }, top[2] = { 0, UINT64_MAX }, x[2] = { 7, 7 };
    ck_assert_uint_eq(bn_less(low, high, 2), UINT64_MAX);
    ck_assert_uint_eq(bn_less(high, low, 2), 0);
    ck_assert_uint_eq(bn_less(low, low, 2), 0);
    ck_assert_uint_eq(bn_less(high, top, 2), UINT64_MAX);              /* the top bit is no sign */
    ck_assert_uint_eq(bn_equal(low, high, 2), 0);
    ck_assert_uint_eq(bn_zero(top, 2), 0);
    bn_copy_if(0, x, low, 2);
    ck_assert(x[0] == 7 && x[1] == 7);
    bn_copy_if(UINT64_MAX, x, low, 2);
    ck_assert(bn_equal(x, low, 2));
    ck_assert_uint_eq(bn_bits_public(low, 2), 65);
    ck_assert_uint_eq(bn_bits_public(top, 1), 0);
}
END_TEST

START_TEST(remainders_are_those_of_school)
{
    static struct bn_mod m;
    struct test_chance c = test_chance(1);
    uint64_t a[WIDE], b[BN_LIMBS], x[BN_LIMBS + 1], product[WIDE], want[BN_LIMBS + 1];
    for (unsigned round = 0; round < 25 * SIZES; round++) {
        size_t limbs = sizes[round % SIZES];
        unsigned shape = round / SIZES;
        draw_modulus(&c, &m, limbs, shape % 5);

        draw(&c, a, 2 * limbs, shape / 5);             /* into form and out: a mod n, up to twice as long */
        for (size_t limbs_a = 1; limbs_a <= 2 * limbs; limbs_a += limbs) {
            bn_mod_in(&m, x, a, limbs_a);
            bn_mod_out(&m, x, x);
            slow_mod(want, a, limbs_a, m.n, limbs);
            ck_assert_msg(bn_equal(x, want, limbs), "round %u: %zu of %zu limbs", round, limbs_a, limbs);
        }

        bn_mod_in(&m, a, a, limbs);
        draw(&c, b, limbs, 4);                         /* any number below R, also above n */
        bn_mul(product, a, limbs, b, limbs);
        bn_mod_mul(&m, x, a, b);
        bn_mod_in(&m, x, x, limbs);                    /* a b / R · R */
        slow_mod(want, product, 2 * limbs, m.n, limbs);
        ck_assert_msg(bn_equal(x, want, limbs), "round %u: product of %zu limbs", round, limbs);

        bn_mod_in(&m, b, b, limbs);
        product[limbs] = bn_add(product, a, b, limbs);
        slow_mod(want, product, limbs + 1, m.n, limbs);
        bn_mod_add(&m, x, a, b);
        ck_assert(bn_equal(x, want, limbs));
        bn_mod_sub(&m, x, x, b);                       /* (a + b) - b */
        ck_assert(bn_equal(x, a, limbs));
    }
}
END_TEST

START_TEST(how_near_the_floor_is_does_not_matter)
{
    static struct bn_mod near, far;
    struct test_chance c = test_chance(2);
    for (size_t i = 0; i < SIZES; i++) {
        draw_modulus(&c, &near, sizes[i], 9);
        bn_mod_set(&far, near.n, sizes[i], 0, NULL);
        ck_assert(bn_equal(near.one, far.one, sizes[i]));
        ck_assert(bn_equal(near.rr, far.rr, sizes[i]));
    }
}
END_TEST

START_TEST(public_moduli_are_set_alike)
{
    static struct bn_mod secret, open;
    struct test_chance c = test_chance(5);
    for (unsigned round = 0; round < 40 * SIZES; round++) {
        size_t limbs = sizes[round % SIZES];
        uint64_t n[BN_LIMBS];
        draw(&c, n, limbs, round / SIZES);
        n[0] |= 1;
        n[limbs - 1] |= round % 7 ? (uint64_t)1 << 63 : 2;             /* the highest limb full, or not */
        bn_mod_set(&secret, n, limbs, bn_bits_public(n, limbs) - 1, NULL);
        bn_mod_set_public(&open, n, limbs, NULL);
        ck_assert(bn_equal(secret.one, open.one, limbs));
        ck_assert_msg(bn_equal(secret.rr, open.rr, limbs), "round %u: %zu limbs", round, limbs);
    }
}
END_TEST

START_TEST(powers_are_products)
{
    static struct bn_mod m;
    struct test_chance c = test_chance(3);
    uint64_t a[BN_LIMBS], want[BN_LIMBS], x[BN_LIMBS];
    for (size_t i = 0; i < SIZES; i++) {
        draw_modulus(&c, &m, sizes[i], 4);
        draw(&c, a, sizes[i], 4);
        bn_mod_in(&m, a, a, sizes[i]);
        memcpy(want, m.one, sizeof want);
        for (uint64_t e = 0; e < 40; e++) {
            bn_mod_exp(&m, x, a, (const uint64_t[2]){ e, 0 }, 2);
            ck_assert_msg(bn_equal(x, want, sizes[i]), "to the power %u", (unsigned)e);
            bn_mod_exp_public(&m, x, a, e);
            ck_assert(bn_equal(x, want, sizes[i]));
            bn_mod_mul(&m, want, want, a);
        }
        memcpy(want, a, sizeof want);                  /* a^(2^64), from squares */
        for (int squares = 0; squares < 64; squares++)
            bn_mod_mul(&m, want, want, want);
        bn_mod_exp(&m, x, a, (const uint64_t[2]){ 0, 1 }, 2);
        ck_assert(bn_equal(x, want, sizes[i]));
    }
}
END_TEST

START_TEST(rsa_keys_close_the_circle)                  /* (a^e)^d = a: numbers that somebody else made */
{
    static struct bn_mod m;
    static struct rsa_private key;
    struct test_chance c = test_chance(4);
    struct vectors v;
    vectors_open(&v, "tests/vectors/rsa-keys.txt");
    while (vectors_next(&v)) {
        uint64_t n[BN_LIMBS], d[BN_LIMBS], e, a[BN_LIMBS], x[BN_LIMBS], p[BN_LIMBS / 2], q[BN_LIMBS / 2],
            pq[BN_LIMBS] = { 0 };
        uint8_t octets[RSA_MAX];
        test_rsa_key(&v, &key);
        size_t limbs = (key.pub.n_size + 7) / 8, half = (key.half + 7) / 8;
        bn_read(n, BN_LIMBS, key.pub.n, key.pub.n_size);
        bn_read(d, limbs, octets, test_number(&v, "privateKey.privateExponent", octets, sizeof octets));
        bn_read(&e, 1, key.pub.e, key.pub.e_size);
        bn_read(p, half, key.p, key.half);
        bn_read(q, half, key.q, key.half);
        bn_mul(pq, p, half, q, half);
        ck_assert_msg(bn_equal(pq, n, BN_LIMBS), "%s", vectors_where(&v));

        bn_mod_set(&m, n, limbs, bn_bits_public(n, limbs) - 1, NULL);
        draw(&c, a, limbs, 4);
        bn_mod_in(&m, a, a, limbs);
        bn_mod_exp_public(&m, x, a, e);
        ck_assert(!bn_equal(x, a, limbs));
        bn_mod_exp(&m, x, x, d, limbs);
        ck_assert_msg(bn_equal(x, a, limbs), "%s", vectors_where(&v));
    }
}
END_TEST

START_TEST(senseless_moduli_do_no_harm)
{
    static struct bn_mod m;
    struct test_chance c = test_chance(5);
    uint64_t n[8], a[8], x[8];
    for (unsigned shape = 1; shape < 5; shape++) {     /* 0, 1, and even ones */
        draw(&c, n, 8, shape);
        n[0] &= shape == 2 ? UINT64_MAX : ~(uint64_t)1;
        draw(&c, a, 8, 4);
        bn_mod_set(&m, n, 8, 0, NULL);
        bn_mod_in(&m, x, a, 8);
        bn_mod_exp(&m, x, x, a, 8);
        bn_mod_out(&m, x, x);
    }
}
END_TEST

int main(void)
{
    return check_run("bignum", (const TTest *[]){
        octets_go_in_and_out, carries_and_borrows, masks_compare,
        remainders_are_those_of_school, how_near_the_floor_is_does_not_matter,
        public_moduli_are_set_alike,
        powers_are_products, rsa_keys_close_the_circle, senseless_moduli_do_no_harm, NULL });
}
