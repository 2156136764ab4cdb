/* The inside of P-256 with AVX-512 IFMA, its instructions in plain C, so that this runs without them, too: the field
 * at the limits that crypto/p256_lanes.h states, the table, and the whole form. */
#include "tests/lib/plain_ifma.h"

#include "crypto/p256_ifma.c"                          /* stands in for the one in the library */

#include "tests/lib/check.h"

#ifdef __x86_64__

enum { WIDE = 6, DRAWN = 2000 };                       /* words of a raw number */
static struct bn_mod mod_p;

static void set_up(void) { bn_mod_set(&mod_p, prime, WORDS, 255, NULL); }

/* The number in a lane, limbs with their signs; it is not below 0. */
static void whole(uint64_t sum[WIDE], const struct lanes *a, int lane)
{
    memset(sum, 0, WIDE * sizeof *sum);
    for (int i = 0; i < LANE_LIMBS; i++) {
        const uint64_t limb = a->limb[i].lane[lane];
        const bool minus = limb >> 63;
        uint64_t part[WIDE] = { 0 };
        const int at = i * LIMB_BITS / 64, shift = i * LIMB_BITS % 64;
        const uint64_t size = minus ? 0 - limb : limb;
        part[at] = size << shift;
        part[at + 1] = shift ? size >> (64 - shift) : 0;
        (minus ? bn_sub : bn_add)(sum, sum, part, WIDE);
    }
}

/* Modulo p, in bignum's form. */
static void number_in(uint64_t x[WORDS], const struct lanes *a, int lane)
{
    uint64_t sum[WIDE];
    whole(sum, a, lane);
    bn_mod_in(&mod_p, x, sum, WIDE);
}

/* Fit: each limb as large as it can be, 0, or drawn. */
static struct lanes drawn(uint32_t seed)
{
    struct lanes a;
    uint8_t seeds[randombytes_SEEDBYTES] = { 2 };
    memcpy(seeds + 1, &seed, sizeof seed);
    randombytes_buf_deterministic(&a, sizeof a, seeds);
    for (int i = 0; i < LANE_LIMBS; i++)
        for (int n = 0; n < LANES; n++) {
            uint64_t *limb = &a.limb[i].lane[n];
            *limb = seed == 0 || *limb % 5 == 0 ? UINT64_MAX : *limb % 5 == 1 ? 0 : *limb;
            *limb &= limb_mask;
        }
    return a;
}

static bool is_fit(const struct lanes *a)
{
    for (int i = 0; i < LANE_LIMBS; i++)
        for (int n = 0; n < LANES; n++)
            if (a->limb[i].lane[n] > limb_mask)
                return false;
    return true;
}

/* 2^260 times the product is a b modulo p; and it is below a b / 2^260 + p, which is below 2^260 + p. */
START_TEST(products)
{
    static const uint64_t r[WIDE] = { [4] = 16 };
    uint64_t r_in[WORDS], most[WIDE] = { 0 };
    set_up();
    bn_mod_in(&mod_p, r_in, r, WIDE);
    memcpy(most, prime, sizeof prime);
    bn_add(most, most, r, WIDE);
    for (uint32_t seed = 0; seed < DRAWN; seed++) {
        const struct lanes a = drawn(2 * seed), b = seed ? drawn(2 * seed + 1) : a, ab = product(a, b);
        for (int n = 0; n < LANES; n++) {
            uint64_t x[WORDS], y[WORDS], have[WORDS], size[WIDE];
            number_in(x, &a, n);
            number_in(y, &b, n);
            bn_mod_mul(&mod_p, x, x, y);
            number_in(have, &ab, n);
            bn_mod_mul(&mod_p, have, have, r_in);
            check_bytes(have, x, sizeof x);
            whole(size, &ab, n);
            ck_assert(bn_less(size, most, WIDE));
        }
    }
}
END_TEST

/* Raw limbs with signs: a - b + 16 p, of b below 16 p. */
START_TEST(sums_and_carries)
{
    set_up();
    for (uint32_t seed = 0; seed < DRAWN; seed++) {
        struct lanes a = drawn(2 * seed), b = drawn(2 * seed + 1);
        for (int n = 0; n < LANES; n++) {
            a.limb[LANE_LIMBS - 1].lane[n] >>= 6;      /* below p, nearly */
            b.limb[LANE_LIMBS - 1].lane[n] >>= 6;
        }
        struct lanes s = carried(difference_in(a, LANE_1 | LANE_2, sum(a, multiple_of_p(2)), b));
        ck_assert(is_fit(&s));
        for (int n = 0; n < LANES; n++) {
            uint64_t x[WORDS], y[WORDS], have[WORDS];
            number_in(x, &a, n);
            number_in(y, &b, n);
            if (n == 1 || n == 2)
                bn_mod_sub(&mod_p, x, x, y);
            number_in(have, &s, n);
            check_bytes(have, x, sizeof x);
        }
    }
}
END_TEST

START_TEST(words_go_in_and_out)
{
    uint64_t in[LANES][WORDS], word[WORDS + 1];
    randombytes_buf(in, sizeof in);
    struct lanes a = side_by_side(load(in[0]), load(in[1]), load(in[2]), load(in[3]));
    ck_assert(is_fit(&a));
    for (int n = 0; n < LANES; n++) {
        words_of(word, a, n);
        check_bytes(word, in[n], sizeof in[n]);
        ck_assert_uint_eq(word[WORDS], 0);
    }
}
END_TEST

/* Into our form and out of it again: the same, and below p, of what is 2 p at most and of p itself. */
START_TEST(points_come_out_below_p)
{
    set_up();
    for (uint32_t seed = 0; seed < DRAWN; seed++) {
        struct lanes a = drawn(seed);
        for (int n = 0; n < LANES; n++)
            a.limb[LANE_LIMBS - 1].lane[n] >>= 3;
        if (seed % 4 == 1)
            a = multiple_of_p(seed % 8 / 4 + 1);
        a = carried(a);
        struct point p;
        point_of(&p, carried(product(a, everywhere(into_form))));
        const struct field *const have[] = { &p.x, &p.y, &p.z };
        for (int n = 0; n < 3; n++) {
            uint64_t x[WORDS], y[WORDS];
            ck_assert(bn_less(have[n]->limb, prime, WORDS));
            number_in(x, &a, n);
            bn_mod_in(&mod_p, y, have[n]->limb, WORDS);
            check_bytes(y, x, sizeof x);
        }
    }
}
END_TEST

/* Every entry, and what it is to be subtracted as. */
START_TEST(entries_are_found)
{
    struct lanes pair[PAIRS];
    set_up();
    for (uint32_t i = 0; i < PAIRS; i++) {
        pair[i] = drawn(1000 + i);
        for (int n = 0; n < LANES; n++)
            pair[i].limb[LANE_LIMBS - 1].lane[n] >>= 5;            /* below 2p, as products of small ones are */
    }
    for (uint64_t index = 0; index < TABLE; index++)
        for (int minus = 0; minus < 2; minus++) {
            const struct lanes *in = &pair[index % PAIRS], q = look_up(pair, index, minus ? ~(ct_mask)0 : 0);
            ck_assert(is_fit(&q));
            for (int n = 0; n < 2; n++) {
                uint64_t x[WORDS], have[WORDS], zero[WORDS] = { 0 };
                number_in(x, in, n + (int)(index / PAIRS) * 2);
                if (minus && n)
                    bn_mod_sub(&mod_p, x, zero, x);
                number_in(have, &q, n);
                check_bytes(have, x, sizeof x);
            }
        }
}
END_TEST

/* Doublings and additions, by how large X, Y, Z, M are said to be at each. */
static void bounded(const struct lanes *a, int lane, unsigned tenths)
{
    uint64_t size[WIDE], ten[WIDE] = { 0 }, most[WIDE] = { 0 }, p[WIDE] = { 0 };
    memcpy(p, prime, sizeof prime);
    whole(size, a, lane);
    for (int i = 0; i < 10; i++)
        bn_add(ten, ten, size, WIDE);
    for (unsigned i = 0; i < tenths; i++)
        bn_add(most, most, p, WIDE);
    ck_assert(bn_less(ten, most, WIDE));
}

static void check_sizes(const struct running *s, unsigned y_tenths)
{
    ck_assert(is_fit(&s->line) && is_fit(&s->x) && is_fit(&s->z));
    for (int n = 0; n < LANES; n++) {
        bounded(&s->line, n, n == 1 ? 70 : y_tenths);
        bounded(&s->x, n, 17);
        if (n > 0)
            bounded(&s->z, n, n == 1 ? 10 : 20);
    }
}

START_TEST(sizes_are_as_stated)
{
    for (uint32_t seed = 0; seed < 300; seed++) {
        struct lanes q = drawn(3 * seed), z = drawn(3 * seed + 1);
        for (int n = 0; n < LANES; n++) {
            q.limb[LANE_LIMBS - 1].lane[n] = q.limb[LANE_LIMBS - 1].lane[n] >> 4;           /* below 1.1 p */
            z.limb[LANE_LIMBS - 1].lane[n] = z.limb[LANE_LIMBS - 1].lane[n] >> 4;
        }
        struct running s;
        begin(&s, q, z);
        for (int i = 0; i < 8; i++) {
            twice(&s);
            check_sizes(&s, 50);
            if (i % 2) {
                plus(&s, q);
                check_sizes(&s, 80);
            }
        }
    }
}
END_TEST

static void same_as_portable(const uint64_t k[CURVE_LIMBS], const uint8_t *point)
{
    uint8_t have[2 * OCTETS], want[2 * OCTETS];
    curve_p256.portable->multiply(&curve_p256, point, k, want, want + OCTETS);
    p256_form_ifma.multiply(&curve_p256, point, k, have, have + OCTETS);
    check_bytes(have, want, sizeof want);
}

/* The whole form; more of it, in its instructions, in tests/unit/curve.c. Small numbers, numbers next to the order n,
 * and any. For n + 2 d, d the last digit, below 0 then, both points of the last addition are the same. */
START_TEST(it_is_the_portable_one)
{
    const struct cpu cpu = { CPU_IFMA | CPU_ADX };
    uint8_t point[1 + 2 * OCTETS] = { 4 };
    ck_assert_str_eq(curve_form_name(&curve_p256, &cpu), "ifma");
    for (uint64_t i = 0; i < 120; i++) {
        uint64_t k[CURVE_LIMBS] = { 1 + i / 2 };
        if (i % 2)
            bn_sub(k, curve_p256.order, k, LIMBS);
        if (i >= 100) {
            randombytes_buf(k, LIMBS * sizeof *k);
            k[LIMBS - 1] >>= 1;
        }
        curve_p256.portable->multiply(&curve_p256, NULL, k, point + 1, point + 1 + OCTETS);
        same_as_portable(k, point);
        same_as_portable(k, generator_octets);
    }
}
END_TEST

int main(void)
{
    const struct cpu found = cpu_found();
    if (!cpu_may(&found, CPU_ADX)) {
        puts("skipped: this processor has no ADX");
        return 0;
    }
    return check_run("p256_lanes", (const TTest *[]){
        products, sums_and_carries, words_go_in_and_out, points_come_out_below_p, entries_are_found,
        sizes_are_as_stated, it_is_the_portable_one, NULL });
}

#else

int main(void) { return 0; }

#endif
