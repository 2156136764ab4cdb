/* field_tests.h - the field of a curve (crypto/curve_field.h) against bignum's general form, which has a test of its
 * own. To be included behind crypto/p…_field.h, once in each program. */
#ifndef TESTS_LIB_FIELD_TESTS_H
#define TESTS_LIB_FIELD_TESTS_H

#include "tests/lib/chance.h"
#include "tests/lib/check.h"

#include <string.h>

static void prime_octets(uint8_t octets[OCTETS]) { bn_write(prime, LIMBS, octets, OCTETS); }

/* Below p, and awkward now and then: zeros or ones in front, in the middle, behind; 0 and p - 1. */
static void draw(struct test_chance *c, unsigned shape, uint8_t octets[OCTETS])
{
    do {
        chance_fill(&c->chance, "test", octets, OCTETS);
        octets[0] &= (uint8_t)(0xff >> (8 * OCTETS - BITS));
    } while (octets[0] == 0xff || (BITS % 8 && octets[0] == 1 && octets[1] == 0xff));
    if (shape % 4 == 1)
        memset(octets, 0, OCTETS - 4);
    if (shape % 4 == 2)
        memset(octets + 4, 0xff, OCTETS - 4);
    if (shape % 4 == 3)
        memset(octets + 8, 0, OCTETS / 2);
    if (shape % 16 == 4)
        memset(octets, 0, OCTETS);
    if (shape % 16 == 8) {
        prime_octets(octets);
        octets[OCTETS - 1]--;
    }
}

static void same_as_bignum(const struct bn_mod *m, const uint8_t a_octets[OCTETS], const uint8_t b_octets[OCTETS])
{
    void (*const ours[])(struct field *, const struct field *, const struct field *) = {
        field_add, field_sub, field_mul };
    struct field half;
    void (*const theirs[])(const struct bn_mod *, uint64_t *, const uint64_t *, const uint64_t *) = {
        bn_mod_add, bn_mod_sub, bn_mod_mul };
    uint8_t have[OCTETS], want[OCTETS];
    uint64_t a[LIMBS], b[LIMBS], x[LIMBS];
    struct field fa, fb, fx;
    ck_assert(field_read(&fa, a_octets) & field_read(&fb, b_octets));
    bn_read(a, LIMBS, a_octets, OCTETS);
    bn_read(b, LIMBS, b_octets, OCTETS);
    bn_mod_in(m, a, a, LIMBS);
    bn_mod_in(m, b, b, LIMBS);
    for (int i = 0; i < 3; i++) {
        ours[i](&fx, &fa, &fb);
        field_write(&fx, have);
        theirs[i](m, x, a, b);
        bn_mod_out(m, x, x);
        bn_write(x, LIMBS, want, OCTETS);
        check_bytes(have, want, OCTETS);
    }
    field_half(&half, &fa);
    field_add(&half, &half, &half);
    ck_assert(field_equal(&half, &fa));
    ck_assert(bn_less(half.limb, prime, LIMBS));
}

START_TEST(the_field_is_numbers_modulo_p)
{
    static struct bn_mod m;
    struct test_chance c = test_chance(1);
    uint8_t in[2][OCTETS];
    struct field a, x, one;
    bn_mod_set(&m, prime, LIMBS, BITS - 1, NULL);
    field_one(&one);
    for (unsigned round = 0; round < 4096; round++) {
        draw(&c, round, in[0]);
        draw(&c, round / 16, in[1]);
        same_as_bignum(&m, in[0], in[1]);
        if (round % 2 == 0) {
            field_read(&a, in[1]);
            field_invert(&x, &a);
            field_mul(&x, &x, &a);
            ck_assert((field_equal(&x, &one) == 0) == sodium_is_zero(in[1], OCTETS));
        }
    }
}
END_TEST

/* Elements as they may stand between two steps, not as octets come in: each limb zeros, ones, or next to them. */
START_TEST(limbs_at_their_ends)
{
    static const uint64_t ends[] = { 0, 1, UINT64_MAX, UINT64_MAX - 1, 0xffffffff, 0xffffffff00000000 };
    static struct bn_mod m;
    struct test_chance c = test_chance(2);
    bn_mod_set(&m, prime, LIMBS, BITS - 1, NULL);
    for (unsigned round = 0; round < 20000; round++) {
        struct field f[2], product;
        uint8_t choice[2][LIMBS];
        uint64_t want[LIMBS];
        chance_fill(&c.chance, "test", choice, sizeof choice);
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < LIMBS; j++)
                f[i].limb[j] = ends[choice[i][j] % (sizeof ends / sizeof *ends)]
                    & (j == LIMBS - 1 ? UINT64_MAX >> (64 * LIMBS - BITS) : UINT64_MAX);
        if (!(bn_less(f[0].limb, prime, LIMBS) & bn_less(f[1].limb, prime, LIMBS)))
            continue;
        field_mul(&product, &f[0], &f[1]);
        bn_mod_mul(&m, want, f[0].limb, f[1].limb);
        ck_assert(memcmp(product.limb, want, sizeof want) == 0);
        field_square(&product, &f[0]);
        bn_mod_mul(&m, want, f[0].limb, f[0].limb);
        ck_assert(memcmp(product.limb, want, sizeof want) == 0);
        field_add(&product, &f[0], &f[1]);
        bn_mod_add(&m, want, f[0].limb, f[1].limb);
        ck_assert(memcmp(product.limb, want, sizeof want) == 0);
        field_sub(&product, &f[0], &f[1]);
        bn_mod_sub(&m, want, f[0].limb, f[1].limb);
        ck_assert(memcmp(product.limb, want, sizeof want) == 0);
    }
}
END_TEST

START_TEST(elements_are_below_p)
{
    uint8_t octets[OCTETS], want[OCTETS];
    struct field x;
    prime_octets(octets);
    ck_assert_uint_eq(field_read(&x, octets), 0);
    octets[OCTETS - 1]--;
    ck_assert_uint_eq(field_read(&x, octets), UINT64_MAX);
    field_write(&x, octets);
    octets[OCTETS - 1]++;
    prime_octets(want);
    check_bytes(octets, want, OCTETS);
}
END_TEST

static int field_tests(const char *name)
{
    return check_run(name, (const TTest *[]){ the_field_is_numbers_modulo_p, limbs_at_their_ends, elements_are_below_p,
                                              NULL });
}

#endif
