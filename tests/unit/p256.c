#include "crypto/bignum.h"
#include "crypto/hash.h"
#include "crypto/p256.h"
#include "crypto/p256_field.h"
#include "crypto/p256_point.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/vectors.h"

#include <string.h>

static const char order[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
static const char order_less_one[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
static const char prime[] = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
static const char g_hex[] = "04" "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                                 "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

/* Below p, and awkward now and then. */
static void draw(struct test_chance *c, unsigned shape, uint8_t octets[32])
{
    do
        chance_fill(&c->chance, "test", octets, 32);
    while (octets[0] == 0xff);
    if (shape % 4 == 1)
        memset(octets, 0, 28);
    if (shape % 4 == 2)
        memset(octets + 4, 0xff, 28);
    if (shape % 4 == 3)
        memset(octets + 8, 0, 16);
    if (shape % 16 == 4)
        memset(octets, 0, 32);
    if (shape % 16 == 8) {                             /* p - 1 */
        check_hex(prime, octets, 32);
        octets[31]--;
    }
}

/* The same in bignum's general form, which has a test of its own. */
START_TEST(the_field_is_numbers_modulo_p)
{
    static struct bn_mod m;
    struct test_chance c = test_chance(1);
    uint8_t in[2][32], have[32], want[32], p_octets[32];
    uint64_t p[4], a[4], b[4], x[4];
    struct field fa, fb, fx;
    check_hex(prime, p_octets, 32);
    bn_read(p, 4, p_octets, 32);
    bn_mod_set(&m, p, 4, 255);
    for (unsigned round = 0; round < 4096; round++) {
        draw(&c, round, in[0]);
        draw(&c, round / 16, in[1]);
        ck_assert(field_read(&fa, in[0]) & field_read(&fb, in[1]));
        bn_read(a, 4, in[0], 32);
        bn_read(b, 4, in[1], 32);
        bn_mod_in(&m, a, a, 4);
        bn_mod_in(&m, b, b, 4);
        void (*const ours[])(struct field *, const struct field *, const struct field *) = {
            field_add, field_sub, field_mul };
        void (*const theirs[])(const struct bn_mod *, uint64_t *, const uint64_t *, const uint64_t *) = {
            bn_mod_add, bn_mod_sub, bn_mod_mul };
        for (int i = 0; i < 3; i++) {
            ours[i](&fx, &fa, &fb);
            field_write(&fx, have);
            theirs[i](&m, x, a, b);
            bn_mod_out(&m, x, x);
            bn_write(x, 4, want, 32);
            check_bytes(have, want, 32);
        }
        if (round % 16 == 0) {
            field_invert(&fx, &fb);
            field_mul(&fx, &fx, &fb);
            ck_assert((field_equal(&fx, &field_one) == 0) == sodium_is_zero(in[1], 32));
        }
    }
}
END_TEST

START_TEST(coordinates_are_below_p)
{
    uint8_t octets[32];
    struct field x;
    check_hex(prime, octets, 32);
    ck_assert_uint_eq(field_read(&x, octets), 0);
    octets[31]--;
    ck_assert_uint_eq(field_read(&x, octets), UINT64_MAX);
    field_write(&x, octets);
    octets[31]++;
    check_is_hex(octets, 32, prime);
}
END_TEST

static void is_point(const struct point *p, const char *hex)           /* NULL: infinity */
{
    uint8_t octets[65] = { 4 };
    ct_mask finite = point_write(p, octets + 1, octets + 33);
    ck_assert_uint_eq(finite, hex ? UINT64_MAX : 0);
    if (hex)
        check_is_hex(octets, 65, hex);
}

START_TEST(addition_has_no_exceptions)
{
    static const char two_g[] = "04" "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978"
                                     "07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1";
    static const char three_g[] = "04" "5ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c"
                                       "8734640c4998ff7e374b06ce1a64a2ecd82ab036384fb83d9a79b127a27d5032";
    struct point g, minus_g, infinity = { .y = field_one }, sum, two;
    struct field zero = { { 0 } };
    point_generator(&g);
    is_point(&g, g_hex);
    minus_g = g;
    field_sub(&minus_g.y, &zero, &g.y);
    point_add(&two, &g, &g);
    is_point(&two, two_g);
    point_add(&sum, &two, &g);
    is_point(&sum, three_g);
    point_add(&sum, &sum, &minus_g);                   /* 3 - 1, with another Z */
    is_point(&sum, two_g);
    point_add(&sum, &sum, &two);                       /* equal points of different Z */
    point_add(&sum, &sum, &minus_g);
    is_point(&sum, three_g);
    point_add(&sum, &g, &minus_g);
    is_point(&sum, NULL);
    point_add(&sum, &sum, &infinity);
    is_point(&sum, NULL);
    point_add(&sum, &sum, &sum);
    is_point(&sum, NULL);
    point_add(&sum, &sum, &g);
    is_point(&sum, g_hex);
    point_add(&sum, &g, &infinity);
    is_point(&sum, g_hex);
}
END_TEST

START_TEST(multiples_are_sums)
{
    struct point g, sum = { .y = field_one }, product, pair[2];
    point_generator(&g);
    for (uint64_t i = 0; i < 40; i++) {
        point_multiply(&product, &g, (const uint64_t[1][4]){ { i } }, 1);
        if (i == 0) {
            is_point(&product, NULL);
        } else {
            uint8_t x[2][32], y[2][32];
            point_write(&product, x[0], y[0]);
            point_write(&sum, x[1], y[1]);
            check_bytes(x[0], x[1], 32);
            check_bytes(y[0], y[1], 32);
        }
        point_add(&sum, &sum, &g);
    }
    pair[0] = pair[1] = g;                             /* 5 G + (n - 5) G, and one more */
    uint64_t times[2][4] = { { 5 }, { p256_order[0] - 5, p256_order[1], p256_order[2], p256_order[3] } };
    point_multiply(&product, pair, (const uint64_t (*)[4])times, 2);
    is_point(&product, NULL);
    times[1][0]++;
    point_multiply(&product, pair, (const uint64_t (*)[4])times, 2);
    is_point(&product, g_hex);
}
END_TEST

START_TEST(only_points_of_the_curve_come_in)
{
    uint8_t point[65], x[32], scalar[32] = { 7 };
    check_hex(g_hex, point, sizeof point);
    ck_assert(p256_point_valid(point));
    for (size_t bit = 0; bit < 8 * 65; bit += 5) {     /* off the curve, or another form */
        point[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_msg(!p256_point_valid(point), "bit %zu", bit);
        ck_assert(!p256_shared(scalar, point, x));
        point[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    memset(point, 0, sizeof point);
    ck_assert(!p256_point_valid(point));               /* infinity, as SEC 1 writes it */
    point[0] = 4;
    ck_assert(!p256_point_valid(point));               /* (0, 0) */

    /* (0, sqrt b) is a point; with x = p it is the same one, written wrongly. */
    check_hex("04" "0000000000000000000000000000000000000000000000000000000000000000"
              "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4", point, sizeof point);
    ck_assert(p256_point_valid(point));
    check_hex(prime, point + 1, 32);
    ck_assert(!p256_point_valid(point));
}
END_TEST

START_TEST(scalars_are_1_to_n_less_1)
{
    uint8_t scalar[32] = { 0 }, point[65], g[65], x[32], sum[32];
    check_hex(g_hex, g, sizeof g);
    ck_assert(!p256_public(scalar, point));
    ck_assert(!p256_shared(scalar, g, x));
    ck_assert(!p256_scalar_valid(scalar));
    scalar[31] = 1;
    ck_assert(p256_public(scalar, point));
    check_bytes(point, g, 65);
    check_hex(order_less_one, scalar, 32);
    ck_assert(p256_scalar_valid(scalar) && p256_public(scalar, point));        /* -G = (x, p - y) */
    check_bytes(point, g, 33);
    uint64_t y[2][4];
    bn_read(y[0], 4, g + 33, 32);
    bn_read(y[1], 4, point + 33, 32);
    bn_add(y[0], y[0], y[1], 4);
    bn_write(y[0], 4, sum, 32);
    check_is_hex(sum, 32, prime);
    check_hex(order, scalar, 32);
    ck_assert(!p256_scalar_valid(scalar) && !p256_public(scalar, point) && !p256_shared(scalar, g, x));
    memset(scalar, 0xff, 32);
    ck_assert(!p256_scalar_valid(scalar) && !p256_public(scalar, point) && !p256_shared(scalar, g, x));
}
END_TEST

START_TEST(keys_out_of_range_are_drawn_again)
{
    uint8_t first[4][32] = { { 0 } }, scalar[32];
    check_hex(order, first[1], 32);
    memset(first[2], 0xff, 32);
    check_hex(order_less_one, first[3], 32);
    struct test_chance c = test_chance(2);
    c.first = (const uint8_t (*)[32])first;
    c.first_n = 4;
    p256_make_key(&c.chance, "key", scalar);
    ck_assert_uint_eq(c.first_n, 0);
    check_is_hex(scalar, 32, order_less_one);
}
END_TEST

START_TEST(ecdh_of_nist)  /* CAVS 14.1, ECC CDH primitive, P-256, counts 0 to 2 */
{
    static const char *const tests[][3] = {            /* our scalar, their point, the secret */
        { "7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534",
          "04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
          "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
          "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b" },
        { "38f65d6dce47676044d58ce5139582d568f64bb16098d179dbab07741dd5caf5",
          "04809f04289c64348c01515eb03d5ce7ac1a8cb9498f5caa50197e58d43a86a7ae"
          "b29d84e811197f25eba8f5194092cb6ff440e26d4421011372461f579271cda3",
          "057d636096cb80b67a8c038c890e887d1adfa4195e9b3ce241c8a778c59cda67" },
        { "1accfaf1b97712b85a6f54b148985a1bdc4c9bec0bd258cad4b3d603f49f32c8",
          "04a2339c12d4a03c33546de533268b4ad667debf458b464d77443636440ee7fec3"
          "ef48a3ab26e20220bcda2c1851076839dae88eae962869a497bf73cb66faf536",
          "2d457b78b4614132477618a5b077965ec90730a8c81a1c75d6d4ec68005d67ec" } };
    uint8_t scalar[32], peer[65], x[32];
    for (size_t i = 0; i < 3; i++) {
        check_hex(tests[i][0], scalar, 32);
        check_hex(tests[i][1], peer, 65);
        ck_assert(p256_shared(scalar, peer, x));
        check_is_hex(x, 32, tests[i][2]);
    }
}
END_TEST

START_TEST(ecdh_of_wycheproof)
{
    struct vectors v;
    uint8_t scalar[64], peer[200], want[32], x[32];
    size_t right = 0;
    vectors_open(&v, "tests/vectors/wycheproof-ecdh-p256.txt");
    while (vectors_next(&v)) {
        uint8_t padded[32 + 64] = { 0 };
        size_t n = vectors_hex(&v, "private", scalar, sizeof scalar);
        memcpy(padded + 32, scalar, n);                /* the last 32 of zeros and scalar */
        size_t peer_n = vectors_hex(&v, "public", peer, sizeof peer);
        if (peer_n != P256_POINT) {  /* a compressed point, which RFC 8422 §5.1.2 forbids, or no point */
            ck_assert_msg(!vectors_is(&v, "result", "valid"), "%s", vectors_where(&v));
            continue;
        }
        bool valid = vectors_is(&v, "result", "valid");
        ck_assert_msg(p256_shared(padded + n, peer, x) == valid, "%s", vectors_where(&v));
        if (valid) {
            ck_assert_uint_eq(vectors_hex(&v, "shared", want, sizeof want), 32);
            check_bytes(x, want, 32);
            right++;
        }
    }
    ck_assert_uint_eq(right, 330);
}
END_TEST

START_TEST(both_sides_come_to_the_same_secret)
{
    struct test_chance c = test_chance(3);
    uint8_t a[32], b[32], a_point[65], b_point[65], a_x[32], b_x[32];
    for (int i = 0; i < 50; i++) {
        p256_make_key(&c.chance, "a", a);
        p256_make_key(&c.chance, "b", b);
        ck_assert(p256_public(a, a_point) && p256_public(b, b_point));
        ck_assert(p256_shared(a, b_point, a_x) && p256_shared(b, a_point, b_x));
        check_bytes(a_x, b_x, 32);
    }
}
END_TEST

START_TEST(signatures_of_rfc_6979)                     /* A.2.5, with SHA-256 */
{
    static const char *const tests[][3] = {
        { "sample", "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
          "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8" },
        { "test", "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
          "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083" } };
    uint8_t scalar[32], point[65], digest[32], r[32], s[32];
    check_hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", scalar, 32);
    ck_assert(p256_public(scalar, point));
    check_is_hex(point, 65, "04" "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                                 "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
    for (size_t i = 0; i < 2; i++) {
        hash_of(HASH_SHA256, tests[i][0], strlen(tests[i][0]), digest);
        p256_sign(scalar, digest, sizeof digest, r, s);
        check_is_hex(r, 32, tests[i][1]);
        check_is_hex(s, 32, tests[i][2]);
        ck_assert(p256_verify(point, digest, sizeof digest, r, s));
    }
}
END_TEST

START_TEST(a_signature_of_nist)                        /* csrc.nist.gov, examples of FIPS 186: P256_SHA256 */
{
    uint8_t point[65], digest[32], r[32], s[32];
    hash_of(HASH_SHA256, "Example of ECDSA with P-256", 27, digest);
    check_hex("04" "b7e08afdfe94bad3f1dc8c734798ba1c62b3a0ad1e9ea2a38201cd0889bc7a19"
                   "3603f747959dbf7a4bb226e41928729063adc7ae43529e61b563bbc606cc5e09", point, 65);
    check_hex("2b42f576d07f4165ff65d1f3b1500f81e44c316f1f0b3ef57325b69aca46104f", r, 32);
    check_hex("dc42c2122d6392cd3e3a993a89502a8198c1886fe69d262c4b329bdb6b63faf1", s, 32);
    ck_assert(p256_verify(point, digest, 32, r, s));
    digest[0] ^= 1;
    ck_assert(!p256_verify(point, digest, 32, r, s));
}
END_TEST

START_TEST(what_is_signed_is_verified)
{
    struct test_chance c = test_chance(4);
    static const size_t sizes[] = { 20, 32, 48, 64 };
    uint8_t scalar[32], point[65], digest[64], r[32], s[32], other[65];
    for (size_t i = 0; i < 24; i++) {
        size_t n = sizes[i % 4], leftmost = n < 32 ? n : 32;
        p256_make_key(&c.chance, "key", scalar);
        ck_assert(p256_public(scalar, point));
        chance_fill(&c.chance, "digest", digest, sizeof digest);
        p256_sign(scalar, digest, n, r, s);
        ck_assert(p256_verify(point, digest, n, r, s));
        for (size_t bit = i; bit < 256; bit += 61) {
            r[bit / 8] ^= (uint8_t)(1 << bit % 8);
            ck_assert(!p256_verify(point, digest, n, r, s));
            r[bit / 8] ^= (uint8_t)(1 << bit % 8);
            s[bit / 8] ^= (uint8_t)(1 << bit % 8);
            ck_assert(!p256_verify(point, digest, n, r, s));
            s[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        digest[leftmost - 1] ^= 1;
        ck_assert(!p256_verify(point, digest, n, r, s));
        digest[leftmost - 1] ^= 1;
        if (n > 32)
            digest[n - 1] ^= 1;                        /* only the leftmost 256 bits count */
        ck_assert(p256_verify(point, digest, n, r, s));
        p256_make_key(&c.chance, "other", scalar);
        ck_assert(p256_public(scalar, other) && !p256_verify(other, digest, n, r, s));
    }
}
END_TEST

START_TEST(r_and_s_have_a_range)
{
    struct test_chance c = test_chance(5);
    uint8_t scalar[32], point[65], digest[32] = { 1 }, zero[32] = { 0 }, n[32], r[32], s[32], minus_s[32];
    uint64_t a[4];
    p256_make_key(&c.chance, "key", scalar);
    ck_assert(p256_public(scalar, point));
    p256_sign(scalar, digest, 32, r, s);
    check_hex(order, n, 32);
    ck_assert(!p256_verify(point, digest, 32, zero, s));
    ck_assert(!p256_verify(point, digest, 32, r, zero));
    ck_assert(!p256_verify(point, digest, 32, zero, zero));            /* CVE-2022-21449 */
    ck_assert(!p256_verify(point, digest, 32, n, s));
    ck_assert(!p256_verify(point, digest, 32, r, n));
    bn_read(a, 4, s, 32);
    bn_sub(a, p256_order, a, 4);
    bn_write(a, 4, minus_s, 32);
    ck_assert(p256_verify(point, digest, 32, r, minus_s));  /* ECDSA itself does not tell s from -s */
    point[64] ^= 1;
    ck_assert(!p256_verify(point, digest, 32, r, s));
}
END_TEST

/* With a digest to our liking s can be small, and then s + n, the same modulo n, has 256 bits as well: d = 1,
 * k = 2, r = (2 G).x, s = 5 need z = s k - r d. */
START_TEST(s_is_not_reduced)
{
    static const uint64_t two[4] = { 2 }, five[4] = { 5 }, ten[4] = { 10 };
    uint8_t point[65], r[32], s[32], digest[32], scalar[32] = { 0 };
    uint64_t number[4];
    bn_write(two, 4, scalar, 32);
    ck_assert(p256_public(scalar, point));
    memcpy(r, point + 1, 32);
    bn_read(number, 4, r, 32);
    bn_sub(number, ten, number, 4);            /* below zero: the borrow goes away with the n that is added */
    bn_add(number, number, p256_order, 4);
    bn_write(number, 4, digest, 32);
    check_hex(g_hex, point, sizeof point);
    bn_write(five, 4, s, 32);
    ck_assert(p256_verify(point, digest, 32, r, s));
    ck_assert_uint_eq(bn_add(number, five, p256_order, 4), 0);
    bn_write(number, 4, s, 32);
    ck_assert(!p256_verify(point, digest, 32, r, s));
}
END_TEST

int main(void)
{
    return check_run("p256", (const TTest *[]){
        the_field_is_numbers_modulo_p, coordinates_are_below_p, addition_has_no_exceptions,
        multiples_are_sums, only_points_of_the_curve_come_in, scalars_are_1_to_n_less_1,
        keys_out_of_range_are_drawn_again, ecdh_of_nist, ecdh_of_wycheproof,
        both_sides_come_to_the_same_secret, signatures_of_rfc_6979, a_signature_of_nist,
        s_is_not_reduced, what_is_signed_is_verified, r_and_s_have_a_range, NULL });
}
