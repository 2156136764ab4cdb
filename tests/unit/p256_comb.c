/* The table of crypto/curve_comb_table.c, and the one sum that needs the question at the end of comb_multiply. */
#include "crypto/curve_comb_table.h"
#include "crypto/bignum.h"
#include "crypto/curve.h"
#include "tests/lib/check.h"

#include <string.h>

enum { LIMBS = 4 };

/* The number of an entry: + or - 2^e at each tooth, modulo n. */
static void number_of(uint64_t k[CURVE_LIMBS], int block, unsigned entry)
{
    memset(k, 0, CURVE_LIMBS * sizeof *k);
    for (int tooth = COMB_TEETH - 1; tooth >= 0; tooth--) {
        uint64_t power[CURVE_LIMBS] = { 0 };
        int e = (block * COMB_TEETH + tooth) * COMB_SPACE;
        power[e / 64] = (uint64_t)1 << e % 64;
        if (tooth == COMB_TEETH - 1 || entry >> tooth & 1)
            bn_add(k, k, power, LIMBS);
        else
            bn_sub(k, k, power, LIMBS);
    }
}

/* Out of Montgomery's form, by bignum. */
static void coordinate(const struct bn_mod *p, const uint64_t in_form[LIMBS], uint8_t octets[32])
{
    uint64_t x[LIMBS];
    bn_mod_out(p, x, in_form);
    bn_write(x, LIMBS, octets, 32);
}

/* Each entry by the multiplication of any point, which has no table. */
START_TEST(entries_are_what_their_numbers_say)
{
    static const uint64_t prime[LIMBS] = { UINT64_MAX, 0xffffffff, 0, 0xffffffff00000001 }, one[CURVE_LIMBS] = { 1 };
    static struct bn_mod p;
    uint8_t g[65] = { 4 }, want[64], have[64];
    uint64_t k[CURVE_LIMBS];
    bn_mod_set(&p, prime, LIMBS, 255, NULL);
    curve_p256.portable->multiply(&curve_p256, NULL, one, g + 1, g + 33);
    ck_assert(curve_p256.portable->valid(g));
    for (int block = 0; block < COMB_BLOCKS; block++)
        for (unsigned entry = 0; entry < COMB_ENTRIES; entry++) {
            number_of(k, block, entry);
            curve_p256.portable->multiply(&curve_p256, g, k, want, want + 32);
            coordinate(&p, comb_table[block][entry].x, have);
            coordinate(&p, comb_table[block][entry].y, have + 32);
            check_bytes(have, want, 64);
        }
}
END_TEST

START_TEST(odd_multiples_too)
{
    static const uint64_t prime[LIMBS] = { UINT64_MAX, 0xffffffff, 0, 0xffffffff00000001 };
    static struct bn_mod p;
    uint8_t want[64], have[64];
    bn_mod_set(&p, prime, LIMBS, 255, NULL);
    for (unsigned entry = 0; entry < ODD_ENTRIES; entry++) {
        const uint64_t k[CURVE_LIMBS] = { 2 * entry + 1 };
        curve_p256.portable->multiply(&curve_p256, NULL, k, want, want + 32);
        coordinate(&p, odd_table[entry].x, have);
        coordinate(&p, odd_table[entry].y, have + 32);
        check_bytes(have, want, 64);
    }
}
END_TEST

/* k = n - 2T of each entry T of the last block (crypto/curve_comb.h): for entry 24 the last addition is a doubling. */
static void last_addition(const struct curve_form *form)
{
    static const uint64_t one[CURVE_LIMBS] = { 1 };
    uint8_t g[65] = { 4 }, want[64], have[64];
    uint64_t k[CURVE_LIMBS];
    form->multiply(&curve_p256, NULL, one, g + 1, g + 33);
    for (unsigned entry = 0; entry < COMB_ENTRIES; entry++) {
        number_of(k, COMB_BLOCKS - 1, entry);
        bn_add(k, k, k, LIMBS);
        bn_sub(k, curve_p256.order, k, LIMBS);
        form->multiply(&curve_p256, NULL, k, have, have + 32);
        form->multiply(&curve_p256, g, k, want, want + 32);
        check_bytes(have, want, 64);
        bn_sub(k, curve_p256.order, k, LIMBS);         /* its opposite, too */
        form->multiply(&curve_p256, NULL, k, have, NULL);
        check_bytes(have, want, 32);
    }
}

START_TEST(the_last_addition_may_double)
{
    const struct cpu cpu = cpu_found();
    last_addition(curve_form(&curve_p256, NULL));
    last_addition(curve_form(&curve_p256, &cpu));
}
END_TEST

int main(void)
{
    return check_run("p256_comb", (const TTest *[]){ entries_are_what_their_numbers_say, odd_multiples_too,
                                                     the_last_addition_may_double,
                                                     NULL });
}
