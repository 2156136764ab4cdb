/* The three curves by what crypto/curve.h promises, one test for all of them; their fields have tests of their own
 * (tests/lib/field_tests.h). */
#include "crypto/bignum.h"
#include "crypto/curve.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/vectors.h"

#include <string.h>

enum { CURVES = 3 };
/* As they are, and with the forms for little room (crypto/cpu.h). */
static struct curve little[CURVES];
static const struct curve *const curves[] = { &curve_p256, &curve_p384, &curve_p521, &little[0], &little[1], &little[2] };

static void make_little(void)
{
    static const struct curve_form *const forms[] = { &p256_form_small, &p384_form_small, &p521_form_small };
    static const struct curve_order *const orders[] = { &p256_order_small, &p384_order_small, &p521_order_small };
    for (size_t i = 0; i < CURVES; i++) {
        little[i] = *curves[i];
        little[i].portable = forms[i];
        little[i].adx = NULL;
        little[i].mod_n = orders[i];
    }
}

static bool slow(const struct curve *c) { return check_brief() || (c >= little && c < little + CURVES); }

/* Each form that this processor has, and each curve in each form of its own. */
static const struct cpu forms[] = { { 0 }, { CPU_ADX }, { CPU_ADX | CPU_IFMA } };
enum { FORMS = sizeof forms / sizeof *forms };
static const struct cpu *cpu = &forms[0];

static bool next_form(size_t *i)
{
    const struct cpu found = cpu_found();
    while (*i < FORMS && !cpu_may(&found, forms[*i].has))
        ++*i;
    cpu = &forms[*i < FORMS ? (*i)++ : 0];
    return cpu != &forms[0] || *i == 1;
}

static bool has_own(const struct curve *c) { return cpu == &forms[0] || curve_form(c, cpu) != curve_form(c, cpu - 1); }

static const struct curve_form *way(const struct curve *c) { return curve_form(c, cpu); }

#define EACH_FORM for (size_t form = 0; next_form(&form); )
#define EACH(c) EACH_FORM \
    for (const struct curve *const *each = curves, *c; each < curves + 2 * CURVES && (c = *each); each++) \
        if (has_own(c))

static const char *const primes[CURVES] = {
    "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    "01ff" "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    "ffffffffffffffffffffffffffffffff",
};

static void prime_of(const struct curve *c, uint8_t *octets)
{
    for (size_t i = 0; i < 2 * CURVES; i++)
        if (curves[i] == c)
            ck_assert_uint_eq(check_hex(primes[i % CURVES], octets, c->octets), c->octets);
}

static void order_octets(const struct curve *c, uint8_t *octets) { bn_write(c->order, c->limbs, octets, c->octets); }

static bool sum_of(const struct curve *c, uint64_t times[2][CURVE_LIMBS], const uint8_t *q, uint8_t *sum)
{
    sum[0] = 4;
    return way(c)->sum_public(c, (const uint64_t (*)[CURVE_LIMBS])times, q, sum + 1, sum + 1 + c->octets);
}

/* a G + b Q. False: infinity, and zeros. */
static bool combine(const struct curve *c, uint64_t a, const uint8_t *q, uint64_t b, uint8_t *sum)
{
    uint64_t times[2][CURVE_LIMBS] = { { a }, { b } };
    return sum_of(c, times, q, sum);
}

static void times(const struct curve *c, const uint64_t scalar[CURVE_LIMBS], const uint8_t *point, uint8_t *product)
{
    product[0] = 4;
    way(c)->multiply(c, point, scalar, product + 1, product + 1 + c->octets);
}

static void generator(const struct curve *c, uint8_t *g)
{
    static const uint64_t one[CURVE_LIMBS] = { 1 };
    times(c, one, NULL, g);
}

static void negate(const struct curve *c, const uint8_t *point, uint8_t *minus)
{
    uint64_t p[CURVE_LIMBS], y[CURVE_LIMBS];
    uint8_t prime[CURVE_SCALAR_MAX];
    prime_of(c, prime);
    bn_read(p, c->limbs, prime, c->octets);
    bn_read(y, c->limbs, point + 1 + c->octets, c->octets);
    bn_sub(y, p, y, c->limbs);
    memcpy(minus, point, 1 + c->octets);
    bn_write(y, c->limbs, minus + 1 + c->octets, c->octets);
}

START_TEST(addition_has_no_exceptions)
{
    uint8_t g[CURVE_POINT_MAX], minus_g[CURVE_POINT_MAX], two[CURVE_POINT_MAX], minus_two[CURVE_POINT_MAX],
        three[CURVE_POINT_MAX], four[CURVE_POINT_MAX], sum[CURVE_POINT_MAX], zeros[CURVE_POINT_MAX] = { 4 };
    EACH(c) {
        const size_t n = 1 + 2 * c->octets;
        generator(c, g);
        ck_assert(way(c)->valid(g));
        negate(c, g, minus_g);
        ck_assert(way(c)->valid(minus_g));
        ck_assert(combine(c, 1, g, 1, two) && way(c)->valid(two));              /* equal points */
        ck_assert(memcmp(two, g, n) != 0);
        negate(c, two, minus_two);
        ck_assert(combine(c, 1, two, 1, three) && way(c)->valid(three));
        ck_assert(combine(c, 3, minus_g, 1, sum));
        check_bytes(sum, two, n);
        ck_assert(combine(c, 2, two, 1, sum) && combine(c, 1, three, 1, four));            /* of different Z */
        check_bytes(sum, four, n);
        ck_assert(combine(c, 5, minus_two, 1, sum));
        check_bytes(sum, three, n);
        ck_assert(!combine(c, 1, minus_g, 1, sum));                        /* opposite ones */
        check_bytes(sum, zeros, n);
        ck_assert(!combine(c, 6, minus_two, 3, sum));
        check_bytes(sum, zeros, n);
        ck_assert(!combine(c, 0, two, 0, sum));                            /* nothing and nothing */
        check_bytes(sum, zeros, n);
        ck_assert(combine(c, 0, g, 2, sum));                               /* nothing and something */
        check_bytes(sum, two, n);
        ck_assert(combine(c, 2, three, 0, sum));
        check_bytes(sum, two, n);
    }
}
END_TEST

START_TEST(multiples_are_sums)
{
    uint8_t sum[CURVE_POINT_MAX], product[CURVE_POINT_MAX], next[CURVE_POINT_MAX], g[CURVE_POINT_MAX];
    EACH(c) {
        generator(c, g);
        memcpy(sum, g, sizeof sum);
        for (uint64_t i = 2; i < (check_brief() ? 20 : 70); i++) {
            const uint64_t scalar[CURVE_LIMBS] = { i };
            ck_assert(combine(c, 1, sum, 1, next));
            times(c, scalar, NULL, product);
            check_bytes(next, product, 1 + 2 * c->octets);
            times(c, scalar, g, product);
            check_bytes(next, product, 1 + 2 * c->octets);
            memcpy(sum, next, sizeof sum);
        }
    }
}
END_TEST

/* k times a point in each way that there is: they share the field alone. */
static void in_each_way(const struct curve *c, const uint64_t k[CURVE_LIMBS], const uint8_t *g)
{
    const size_t n = 1 + 2 * c->octets;
    uint8_t by_table[CURVE_POINT_MAX], product[CURVE_POINT_MAX];
    uint64_t both[2][CURVE_LIMBS] = { { 0 } };
    times(c, k, NULL, by_table);
    ck_assert(way(c)->valid(by_table));
    times(c, k, g, product);
    check_bytes(product, by_table, n);
    memcpy(both[1], k, sizeof both[1]);
    ck_assert(sum_of(c, both, g, product));
    check_bytes(product, by_table, n);
    memcpy(both[0], k, sizeof both[0]);
    bn_sub(both[1], c->order, k, c->limbs);                                /* k G + (n - k) G, then one more */
    ck_assert(!sum_of(c, both, g, product));
    both[1][0]++;
    if (both[1][0] != 0 && !bn_equal(both[1], c->order, c->limbs)) {
        ck_assert(sum_of(c, both, g, product));
        check_bytes(product, g, n);
    }
}

/* Numbers next to 0, n, n / 2 and the powers of two, of long rows of ones and zeros, and any. */
START_TEST(all_ways_to_multiply_agree)
{
    struct test_chance chance = test_chance(6);
    uint8_t g[CURVE_POINT_MAX], octets[CURVE_SCALAR_MAX];
    EACH(c) {
        uint64_t k[CURVE_LIMBS], half[CURVE_LIMBS] = { 0 };
        generator(c, g);
        for (size_t i = 0; i < c->limbs; i++)
            half[i] = c->order[i] >> 1 | (i + 1 < CURVE_LIMBS ? c->order[i + 1] << 63 : 0);
        for (uint64_t i = 1; i < (slow(c) ? 3 : 40); i++) {
            const uint64_t small[CURVE_LIMBS] = { i };
            bn_sub(k, c->order, small, CURVE_LIMBS);
            in_each_way(c, k, g);
            bn_add(k, half, small, CURVE_LIMBS);
            in_each_way(c, k, g);
            bn_sub(k, half, small, CURVE_LIMBS);
            in_each_way(c, k, g);
        }
        for (size_t bit = 1; bit < c->bits - 1; bit += slow(c) ? 119 : 7) {
            memset(k, 0, sizeof k);
            k[bit / 64] = (uint64_t)1 << bit % 64;
            in_each_way(c, k, g);
            memset(k, 0xff, bit / 64 * sizeof *k);
            k[bit / 64]--;
            in_each_way(c, k, g);
        }
        for (unsigned i = 0; i < (slow(c) ? 6 : 60); i++) {
            curve_make_key(c, &chance.chance, "key", octets);
            if (i % 4)
                memset(octets + i % 23, i % 4 == 1 ? 0xff : 0, i % 9);
            if (!curve_scalar_valid(c, octets))
                continue;
            bn_read(k, CURVE_LIMBS, octets, c->octets);
            in_each_way(c, k, g);
        }
    }
}
END_TEST

START_TEST(only_points_of_the_curve_come_in)
{
    uint8_t point[CURVE_POINT_MAX], x[CURVE_SCALAR_MAX], scalar[CURVE_SCALAR_MAX] = { 0, 7 };
    EACH(c) {
        const size_t n = 1 + 2 * c->octets;
        generator(c, point);
        ck_assert(curve_point_valid(c, point, n) && curve_shared(c, scalar, point, n, x, cpu));
        ck_assert(!curve_point_valid(c, point, n - 1) && !curve_point_valid(c, point, n + 1));
        ck_assert(!curve_shared(c, scalar, point, n - 1, x, cpu));
        for (size_t bit = 0; bit < 8 * n; bit += 5) {                      /* off the curve, or another form */
            point[bit / 8] ^= (uint8_t)(1 << bit % 8);
            ck_assert_msg(!curve_point_valid(c, point, n), "%s bit %zu", c->name, bit);
            ck_assert(!curve_shared(c, scalar, point, n, x, cpu));
            point[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        memset(point, 0, sizeof point);
        ck_assert(!curve_point_valid(c, point, 1) && !curve_point_valid(c, point, n));     /* infinity (SEC 1) */
        point[0] = 4;
        ck_assert(!curve_point_valid(c, point, n));                        /* (0, 0) */
    }
}
END_TEST

/* (0, sqrt b) is a point; with x = p it is the same one, written wrongly. */
START_TEST(coordinates_are_below_p)
{
    static const char *const roots[CURVES] = {
        "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4",
        "c306610fb0ae5a159cf45c06069f22a6c5eb3641c602d42dea2c4b4f75550793406d80d2b91ad54f9048bd487af1ade1",
        "012df13601594a883ef2d935e44bb90bf4d6619b74e52af7552f97769011c0719eb439cfab2a88d40fe59a2bed1f43557169a2d0a2cc"
        "d280c607b92bbf51ffe0b078" };
    uint8_t point[CURVE_POINT_MAX] = { 4 };
    EACH_FORM for (size_t i = 0; i < 2 * CURVES; i++) {
        const struct curve *c = curves[i];
        memset(point + 1, 0, c->octets);
        ck_assert_uint_eq(check_hex(roots[i % CURVES], point + 1 + c->octets, c->octets), c->octets);
        ck_assert(way(c)->valid(point));
        prime_of(c, point + 1);
        ck_assert(!way(c)->valid(point));
    }
}
END_TEST

START_TEST(scalars_are_1_to_n_less_1)
{
    uint8_t scalar[CURVE_SCALAR_MAX], point[CURVE_POINT_MAX], g[CURVE_POINT_MAX], minus[CURVE_POINT_MAX],
        x[CURVE_SCALAR_MAX];
    EACH(c) {
        const size_t n = 1 + 2 * c->octets;
        memset(scalar, 0, sizeof scalar);
        generator(c, g);
        ck_assert(!curve_public(c, scalar, point, cpu) && !curve_shared(c, scalar, g, n, x, cpu));
        ck_assert(!curve_scalar_valid(c, scalar));
        scalar[c->octets - 1] = 1;
        ck_assert(curve_public(c, scalar, point, cpu));
        check_bytes(point, g, n);
        order_octets(c, scalar);
        scalar[c->octets - 1]--;
        ck_assert(curve_scalar_valid(c, scalar) && curve_public(c, scalar, point, cpu));        /* -G = (x, p - y) */
        negate(c, g, minus);
        check_bytes(point, minus, n);
        scalar[c->octets - 1]++;
        ck_assert(!curve_public(c, scalar, point, cpu) && !curve_shared(c, scalar, g, n, x, cpu));
        ck_assert(!curve_scalar_valid(c, scalar));
        memset(scalar, 0xff, sizeof scalar);
        ck_assert(!curve_public(c, scalar, point, cpu) && !curve_shared(c, scalar, g, n, x, cpu));
        ck_assert(!curve_scalar_valid(c, scalar));
    }
}
END_TEST

START_TEST(keys_out_of_range_are_drawn_again)
{
    uint8_t first[4][32] = { { 0 } }, scalar[32], last[32];
    order_octets(&curve_p256, first[1]);
    memset(first[2], 0xff, 32);
    order_octets(&curve_p256, first[3]);
    first[3][31]--;
    memcpy(last, first[3], 32);
    struct test_chance c = test_chance(2);
    c.first = (const uint8_t (*)[32])first;
    c.first_n = 4;
    curve_make_key(&curve_p256, &c.chance, "key", scalar);
    ck_assert_uint_eq(c.first_n, 0);
    check_bytes(scalar, last, 32);
}
END_TEST

START_TEST(ecdh_of_nist)  /* CAVS 14.1, ECC CDH primitive: P-256 counts 0 and 1, P-521 count 0 */
{
    static const struct { const struct curve *curve; const char *scalar, *peer, *secret; } tests[] = {
        { &curve_p256, "7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534",
          "04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
          "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
          "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b" },
        { &curve_p256, "38f65d6dce47676044d58ce5139582d568f64bb16098d179dbab07741dd5caf5",
          "04809f04289c64348c01515eb03d5ce7ac1a8cb9498f5caa50197e58d43a86a7ae"
          "b29d84e811197f25eba8f5194092cb6ff440e26d4421011372461f579271cda3",
          "057d636096cb80b67a8c038c890e887d1adfa4195e9b3ce241c8a778c59cda67" },
        { &curve_p521, "0000017eecc07ab4b329068fba65e56a1f8890aa935e57134ae0ffcce802735151f4eac6564f6ee9974c5e6887a1"
          "fefee5743ae2241bfeb95d5ce31ddcb6f9edb4d6fc47" + 4,
          "0400685a48e86c79f0f0875f7bc18d25eb5fc8c0b07e5da4f4370f3a9490340854334b1e1b87fa395464c60626124a4e70d0f785601d"
          "37c09870ebf176666877a2046d"
          "01ba52c56fc8776d9e8f5db4f0cc27636d0b741bbe05400697942e80b739884a83bde99e0f6716939e632bc8986fa18dccd443a348b6"
          "c3e522497955a4f3c302f676",
          "005fc70477c3e63bc3954bd0df3ea0d1f41ee21746ed95fc5e1fdf90930d5e136672d72cc770742d1711c3c3a4c334a0ad9759436a4d"
          "3c5bf6e74b9578fac148c831" } };
    uint8_t scalar[CURVE_SCALAR_MAX], peer[CURVE_POINT_MAX], x[CURVE_SCALAR_MAX];
    EACH_FORM for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        const struct curve *c = tests[i].curve;
        ck_assert_uint_eq(check_hex(tests[i].scalar, scalar, sizeof scalar), c->octets);
        ck_assert(curve_shared(c, scalar, peer, check_hex(tests[i].peer, peer, sizeof peer), x, cpu));
        check_is_hex(x, c->octets, tests[i].secret);
    }
}
END_TEST

START_TEST(both_sides_come_to_the_same_secret)
{
    struct test_chance chance = test_chance(3);
    uint8_t a[CURVE_SCALAR_MAX], b[CURVE_SCALAR_MAX], a_point[CURVE_POINT_MAX], b_point[CURVE_POINT_MAX],
        a_x[CURVE_SCALAR_MAX], b_x[CURVE_SCALAR_MAX];
    EACH(c)
        for (int i = 0; i < 20; i++) {
            const size_t n = 1 + 2 * c->octets;
            curve_make_key(c, &chance.chance, "a", a);
            curve_make_key(c, &chance.chance, "b", b);
            ck_assert(curve_public(c, a, a_point, cpu) && curve_public(c, b, b_point, cpu));
            ck_assert(curve_shared(c, a, b_point, n, a_x, cpu) && curve_shared(c, b, a_point, n, b_x, cpu));
            check_bytes(a_x, b_x, c->octets);
        }
}
END_TEST

static enum hash_kind hash_named(const char *name)
{
    enum hash_kind kind = HASH_SHA1;
    while (strcmp(hash_name(kind), name) != 0)
        kind++;
    return kind;
}

static void signatures_of_file(void)
{
    struct vectors v;
    uint8_t scalar[CURVE_SCALAR_MAX], point[CURVE_POINT_MAX], digest[HASH_MAX], r[CURVE_SCALAR_MAX], s[CURVE_SCALAR_MAX];
    vectors_open(&v, "tests/vectors/rfc6979-ecdsa.txt");
    while (vectors_next(&v)) {
        const struct curve *const *c = curves;
        enum hash_kind hash = hash_named(vectors_word(&v, "hash"));
        const char *message = vectors_word(&v, "message");
        while (!vectors_is(&v, "curve", (*c)->name))
            c++;
        vectors_hex(&v, "private", scalar, sizeof scalar);
        ck_assert(curve_public(*c, scalar, point, cpu));
        check_is_hex(point, 1 + 2 * (*c)->octets, vectors_word(&v, "public"));
        hash_of(hash, message, strlen(message), digest, cpu);
        ecdsa_sign(*c, scalar, NULL, hash, digest, r, s, cpu);
        check_is_hex(r, (*c)->octets, vectors_word(&v, "r"));
        check_is_hex(s, (*c)->octets, vectors_word(&v, "s"));
        ck_assert(ecdsa_verify(*c, point, hash, digest, r, s, cpu));
    }
}

START_TEST(signatures_of_rfc_6979) { EACH_FORM signatures_of_file(); }
END_TEST

/* The same noise gives the same signature, any other another one, and all of them are good. */
START_TEST(noise_goes_into_signatures)
{
    uint8_t scalar[CURVE_SCALAR_MAX], point[CURVE_POINT_MAX], digest[HASH_MAX] = { 7 }, r[4][CURVE_SCALAR_MAX],
        s[4][CURVE_SCALAR_MAX];
    EACH(c) {
        struct test_chance chance = test_chance(9), same = test_chance(9);
        curve_make_key(c, &chance.chance, "key", scalar);
        curve_make_key(c, &same.chance, "key", scalar);
        ck_assert(curve_public(c, scalar, point, cpu));
        struct chance *const of[] = { NULL, &chance.chance, &chance.chance, &same.chance };
        for (int i = 0; i < 4; i++) {
            ecdsa_sign(c, scalar, of[i], HASH_SHA256, digest, r[i], s[i], cpu);
            ck_assert(ecdsa_verify(c, point, HASH_SHA256, digest, r[i], s[i], cpu));
        }
        ck_assert(memcmp(r[0], r[1], c->octets) != 0 && memcmp(r[1], r[2], c->octets) != 0);
        check_bytes(r[3], r[1], c->octets);
        check_bytes(s[3], s[1], c->octets);
    }
}
END_TEST

START_TEST(a_signature_of_nist)                        /* csrc.nist.gov, examples of FIPS 186: P256_SHA256 */
{
    uint8_t point[65], digest[32], r[32], s[32];
    hash_of(HASH_SHA256, "Example of ECDSA with P-256", 27, digest, cpu);
    check_hex("04" "b7e08afdfe94bad3f1dc8c734798ba1c62b3a0ad1e9ea2a38201cd0889bc7a19"
                   "3603f747959dbf7a4bb226e41928729063adc7ae43529e61b563bbc606cc5e09", point, 65);
    check_hex("2b42f576d07f4165ff65d1f3b1500f81e44c316f1f0b3ef57325b69aca46104f", r, 32);
    check_hex("dc42c2122d6392cd3e3a993a89502a8198c1886fe69d262c4b329bdb6b63faf1", s, 32);
    EACH_FORM ck_assert(ecdsa_verify(&curve_p256, point, HASH_SHA256, digest, r, s, cpu));
    digest[0] ^= 1;
    EACH_FORM ck_assert(!ecdsa_verify(&curve_p256, point, HASH_SHA256, digest, r, s, cpu));
}
END_TEST

static void flip(uint8_t *octets, size_t bit) { octets[bit / 8] ^= (uint8_t)(1 << bit % 8); }

START_TEST(what_is_signed_is_verified)
{
    struct test_chance chance = test_chance(4);
    uint8_t scalar[CURVE_SCALAR_MAX], point[CURVE_POINT_MAX], digest[HASH_MAX], r[CURVE_SCALAR_MAX],
        s[CURVE_SCALAR_MAX], other[CURVE_POINT_MAX];
    EACH(c)
        for (unsigned i = 0; i < (check_brief() ? 4 : 8); i++) {
            enum hash_kind hash = (enum hash_kind)(i % 4);
            size_t n = hash_size(hash), leftmost = n < c->octets ? n : c->octets;
            curve_make_key(c, &chance.chance, "key", scalar);
            ck_assert(curve_public(c, scalar, point, cpu));
            chance_fill(&chance.chance, "digest", digest, sizeof digest);
            ecdsa_sign(c, scalar, NULL, hash, digest, r, s, cpu);
            ck_assert(ecdsa_verify(c, point, hash, digest, r, s, cpu));
            for (size_t bit = i; bit < 8 * c->octets; bit += 61) {
                flip(r, bit);
                ck_assert(!ecdsa_verify(c, point, hash, digest, r, s, cpu));
                flip(r, bit);
                flip(s, bit);
                ck_assert(!ecdsa_verify(c, point, hash, digest, r, s, cpu));
                flip(s, bit);
            }
            flip(digest, 8 * leftmost - 8);
            ck_assert(!ecdsa_verify(c, point, hash, digest, r, s, cpu));
            flip(digest, 8 * leftmost - 8);
            if (n > c->octets)
                digest[n - 1] ^= 1;                    /* only the leftmost bits count */
            ck_assert(ecdsa_verify(c, point, hash, digest, r, s, cpu));
            curve_make_key(c, &chance.chance, "other", scalar);
            ck_assert(curve_public(c, scalar, other, cpu) && !ecdsa_verify(c, other, hash, digest, r, s, cpu));
        }
}
END_TEST

START_TEST(r_and_s_have_a_range)
{
    struct test_chance chance = test_chance(5);
    uint8_t scalar[CURVE_SCALAR_MAX], point[CURVE_POINT_MAX], digest[HASH_MAX] = { 1 }, zero[CURVE_SCALAR_MAX] = { 0 },
        n[CURVE_SCALAR_MAX], r[CURVE_SCALAR_MAX], s[CURVE_SCALAR_MAX], minus_s[CURVE_SCALAR_MAX];
    uint64_t a[CURVE_LIMBS];
    EACH(c) {
        curve_make_key(c, &chance.chance, "key", scalar);
        ck_assert(curve_public(c, scalar, point, cpu));
        ecdsa_sign(c, scalar, NULL, HASH_SHA256, digest, r, s, cpu);
        order_octets(c, n);
        ck_assert(!ecdsa_verify(c, point, HASH_SHA256, digest, zero, s, cpu));
        ck_assert(!ecdsa_verify(c, point, HASH_SHA256, digest, r, zero, cpu));
        ck_assert(!ecdsa_verify(c, point, HASH_SHA256, digest, zero, zero, cpu));           /* CVE-2022-21449 */
        ck_assert(!ecdsa_verify(c, point, HASH_SHA256, digest, n, s, cpu));
        ck_assert(!ecdsa_verify(c, point, HASH_SHA256, digest, r, n, cpu));
        bn_read(a, c->limbs, s, c->octets);
        bn_sub(a, c->order, a, c->limbs);
        bn_write(a, c->limbs, minus_s, c->octets);
        ck_assert(ecdsa_verify(c, point, HASH_SHA256, digest, r, minus_s, cpu));    /* ECDSA does not tell s from -s */
        point[2 * c->octets] ^= 1;
        ck_assert(!ecdsa_verify(c, point, HASH_SHA256, digest, r, s, cpu));
    }
}
END_TEST

/* With a digest to our liking s can be small, and then s + n, the same modulo n, has 256 bits as well: d = 1,
 * k = 2, r = (2 G).x, s = 5 need z = s k - r d. */
START_TEST(s_is_not_reduced)
{
    static const uint64_t two[4] = { 2 }, five[4] = { 5 }, ten[4] = { 10 };
    const struct curve *c = &curve_p256;
    uint8_t point[65], r[32], s[32], digest[32], scalar[32] = { 0 };
    uint64_t number[4];
    bn_write(two, 4, scalar, 32);
    ck_assert(curve_public(c, scalar, point, cpu));
    memcpy(r, point + 1, 32);
    bn_read(number, 4, r, 32);
    bn_sub(number, ten, number, 4);            /* below zero: the borrow goes away with the n that is added */
    bn_add(number, number, c->order, 4);
    bn_write(number, 4, digest, 32);
    generator(c, point);
    bn_write(five, 4, s, 32);
    EACH_FORM ck_assert(ecdsa_verify(c, point, HASH_SHA256, digest, r, s, cpu));
    ck_assert_uint_eq(bn_add(number, five, c->order, 4), 0);
    bn_write(number, 4, s, 32);
    EACH_FORM ck_assert(!ecdsa_verify(c, point, HASH_SHA256, digest, r, s, cpu));
}
END_TEST

int main(void)
{
    make_little();
    return check_run("curve", (const TTest *[]){
        addition_has_no_exceptions, multiples_are_sums, all_ways_to_multiply_agree,
        only_points_of_the_curve_come_in, coordinates_are_below_p,
        scalars_are_1_to_n_less_1, keys_out_of_range_are_drawn_again, ecdh_of_nist,
        both_sides_come_to_the_same_secret, signatures_of_rfc_6979, noise_goes_into_signatures,
        a_signature_of_nist, s_is_not_reduced,
        what_is_signed_is_verified, r_and_s_have_a_range, NULL });
}
