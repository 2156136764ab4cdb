#include "crypto/dh.h"
#include "crypto/exchange.h"
#include "crypto/hash.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"

#include <string.h>

static uint8_t a[EXCHANGE_SCALAR_MAX], b[EXCHANGE_SCALAR_MAX], ours[EXCHANGE_PUBLIC_MAX + 1],
    theirs[EXCHANGE_PUBLIC_MAX + 1], secret[2][EXCHANGE_SECRET_MAX];

START_TEST(both_sides_come_to_the_same_secret)
{
    struct test_chance c = test_chance(1);
    ck_assert(!exchange_known(EXCHANGE_NONE) && exchange_public_size(EXCHANGE_NONE) == 0);
    for (enum exchange way = EXCHANGE_X25519; way < EXCHANGE_WAYS; way++) {
        const size_t n = exchange_public_size(way);
        ck_assert(exchange_known(way) && n <= EXCHANGE_PUBLIC_MAX);
        ck_assert_uint_le(exchange_scalar_size(way), EXCHANGE_SCALAR_MAX);
        ck_assert_uint_le(exchange_secret_size(way), EXCHANGE_SECRET_MAX);
        exchange_make(way, &c.chance, "a", a);
        exchange_make(way, &c.chance, "b", b);
        ck_assert(exchange_public(way, a, ours, NULL) && exchange_public(way, b, theirs, NULL));
        ck_assert(exchange_valid(way, ours, n) && exchange_valid(way, theirs, n));
        ck_assert(exchange_shared(way, a, theirs, n, secret[0],
                                  NULL) && exchange_shared(way, b, ours, n, secret[1], NULL));
        check_bytes(secret[0], secret[1], exchange_secret_size(way));
        ck_assert(!exchange_shared(way, a, theirs, n + 1, secret[0],
                                   NULL) && !exchange_shared(way, a, theirs, 0, secret[0],
                                                                                         NULL));
        ck_assert(sodium_is_zero(secret[0], exchange_secret_size(way)));
    }
}
END_TEST

/* Python's pow: SHA-256 of 2^x and 3^x modulo p, for the exponent 01 02 03 ... of each length. */
START_TEST(powers_modulo_the_primes)
{
    static const char *const tests[][2] = {
        { "53b37a098c5882b9f56495d787706d354ac8ebc273e680a7047c70228ce24ad3",
          "92f0952f383b62a7afcf6d0b46a72e7957f1dae060469cfcd7790d77a10698cd" },
        { "38915af78eca68d5d294448119985964195c8924442e6636acfe2e5a2cfa32bc",
          "5482e7a043879bc2e1fde5ea5d98ba81cf498b97367d4549c531ab1be4b847ca" },
        { "863b6f6eda7e7b9a65a1589bd51e601ce3ea81edc82888c30a13b2cd3ae90298",
          "3a4e3cd282408ec607de2387023ac2a8b31808f00495299af82226d4bd211de9" },
        { "0b9cb9036d2a594a7e3b43169bdf47ee9c7b64a2292203f1bb137b0b648d7e3c",
          "69a1288df2ff054406976b382bd71cdf6689f028a31324d758980c2335c9c536" },
        { "71cd9b27251732586c6a41ac0f0a75656b6a8230b1ec2452d3bca7a4da036034",
          "7de9c86e6a033136380a9d2afd617f1360711f26569546c934f4fe3accc49d1b" },
        { "98c3085677538ebfdd402b16495acba6e957e790870ccdca22443050c2fe4768",
          "0d34f993edcdcbcd5da6302f4019ca1d90ddf15fb69fc84ea2f070a4d99bdc74" },
    };
    uint8_t digest[HASH_MAX];
    for (uint8_t i = 0; i < sizeof a; i++)
        a[i] = (uint8_t)(i + 1);
    for (enum exchange way = EXCHANGE_FFDHE2048; way < EXCHANGE_WAYS; way++) {
        const size_t n = exchange_public_size(way);
        ck_assert(exchange_public(way, a, ours, NULL));
        hash_of(HASH_SHA256, ours, n, digest, NULL);
        check_is_hex(digest, 32, tests[way - EXCHANGE_FFDHE2048][0]);
        ck_assert(exchange_shared(way, a, (const uint8_t *)"\3", 1, secret[0],
                                  NULL));   /* zeros in front may be missing */
        hash_of(HASH_SHA256, secret[0], n, digest, NULL);
        check_is_hex(digest, 32, tests[way - EXCHANGE_FFDHE2048][1]);
    }
}
END_TEST

/* 2 to the (p - 1) / 2 is 1: with p prime, 2 generates the large subgroup. */
START_TEST(two_generates_the_subgroup)
{
    for (int i = 0; i < DH_GROUPS; i++) {
        const struct dh_group *g = &dh_groups[i];
        uint8_t half[512], one[512] = { 0 };
        for (size_t at = g->size; at > 0; at--)
            half[at - 1] = (uint8_t)(g->p[at - 1] >> 1 | (at > 1 ? g->p[at - 2] << 7 : 0));
        dh_public(g, half, g->size, ours, NULL);
        one[g->size - 1] = 1;
        check_bytes(ours, one, g->size);
    }
}
END_TEST

START_TEST(values_of_small_order_are_refused)          /* CVE-2015-4000 and kin: 0, 1, p - 1, and all above */
{
    struct test_chance c = test_chance(2);
    for (enum exchange way = EXCHANGE_FFDHE2048; way < EXCHANGE_WAYS; way++) {
        const size_t n = exchange_public_size(way);
        exchange_make(way, &c.chance, "a", a);
        memset(theirs, 0, sizeof theirs);
        ck_assert(!exchange_valid(way, theirs, n) && !exchange_valid(way, theirs, 0));
        theirs[n - 1] = 1;
        ck_assert(!exchange_valid(way, theirs, n) && !exchange_shared(way, a, theirs, n, secret[0], NULL));
        theirs[n - 1] = 2;
        ck_assert(exchange_valid(way, theirs, n) && exchange_shared(way, a, theirs, n, secret[0], NULL));
        memcpy(theirs, exchange_prime(way), n);
        ck_assert(!exchange_valid(way, theirs, n));
        theirs[n - 1]--;                               /* p - 1: its square is 1 */
        ck_assert(!exchange_valid(way, theirs, n) && !exchange_shared(way, a, theirs, n, secret[0], NULL));
        ck_assert(sodium_is_zero(secret[0], n));
        theirs[n - 1]--;
        ck_assert(exchange_valid(way, theirs, n));
        memset(theirs, 0xff, sizeof theirs);
        ck_assert(!exchange_valid(way, theirs, n) && !exchange_valid(way, theirs, n + 1));
    }
}
END_TEST

START_TEST(points_are_checked)
{
    static const enum exchange curves[] = { EXCHANGE_P256, EXCHANGE_P384, EXCHANGE_P521 };
    struct test_chance c = test_chance(3);
    for (size_t i = 0; i < 3; i++) {
        const size_t n = exchange_public_size(curves[i]);
        exchange_make(curves[i], &c.chance, "a", a);
        ck_assert(exchange_public(curves[i], a, ours, NULL));
        ours[n - 1] ^= 1;                              /* off the curve: CVE-2015-7940 */
        ck_assert(!exchange_valid(curves[i], ours, n) && !exchange_shared(curves[i], a, ours, n, secret[0], NULL));
        ours[n - 1] ^= 1;
        ours[0] = 2;                                   /* compressed */
        ck_assert(!exchange_valid(curves[i], ours, n / 2 + 1));
    }
    memset(ours, 0, sizeof ours);                      /* X25519 takes every point, but not every secret */
    ck_assert(exchange_valid(EXCHANGE_X25519, ours, 32) && !exchange_valid(EXCHANGE_X25519, ours, 31));
    ck_assert(!exchange_shared(EXCHANGE_X25519, a, ours, 32, secret[0], NULL));
}
END_TEST

/* 3^2155 modulo the prime of ffdhe2048 begins with a zero octet: it stays in the secret, and is counted. */
START_TEST(secrets_are_as_long_as_the_prime)
{
    memset(a, 0, sizeof a);
    a[30] = 2155 >> 8;
    a[31] = 2155 & 0xff;
    ck_assert(exchange_shared(EXCHANGE_FFDHE2048, a, (const uint8_t *)"\3", 1, secret[0], NULL));
    ck_assert_uint_eq(secret[0][0], 0);
    ck_assert_uint_eq(exchange_zeros(EXCHANGE_FFDHE2048, secret[0]), 1);
    ck_assert_uint_eq(exchange_zeros(EXCHANGE_P256, secret[0]), 0);        /* RFC 8422 §5.10: they stay */
}
END_TEST

START_TEST(groups_are_found_by_their_prime)
{
    static const uint8_t two[] = { 0, 2 };
    uint8_t p[1 + EXCHANGE_PUBLIC_MAX] = { 0 };
    for (enum exchange way = EXCHANGE_X25519; way < EXCHANGE_WAYS; way++) {
        const size_t n = exchange_public_size(way);
        ck_assert_int_eq(exchange_modular(way), exchange_prime(way) != NULL);
        if (!exchange_modular(way))
            continue;
        memcpy(p + 1, exchange_prime(way), n);
        ck_assert_int_eq(exchange_of_group(p + 1, n, two + 1, 1), way);
        ck_assert_int_eq(exchange_of_group(p, n + 1, two, 2), way);
        ck_assert_int_eq(exchange_of_group(p + 1, n, two, 1), EXCHANGE_NONE);      /* g is 0, ... */
        ck_assert_int_eq(exchange_of_group(p + 1, n, (const uint8_t *)"\5", 1), EXCHANGE_NONE);
        ck_assert_int_eq(exchange_of_group(p + 1, n, two + 1, 0), EXCHANGE_NONE);
        ck_assert_int_eq(exchange_of_group(p + 1, n - 1, two + 1, 1), EXCHANGE_NONE);
        p[n] ^= 2;                                     /* another prime, or none */
        ck_assert_int_eq(exchange_of_group(p + 1, n, two + 1, 1), EXCHANGE_NONE);
    }
    ck_assert_int_eq(exchange_of_group(p, 1, two, 2), EXCHANGE_NONE);
}
END_TEST

int main(void)
{
    return check_run("exchange", (const TTest *[]){
        both_sides_come_to_the_same_secret, powers_modulo_the_primes, two_generates_the_subgroup,
        values_of_small_order_are_refused, points_are_checked, secrets_are_as_long_as_the_prime,
        groups_are_found_by_their_prime, NULL });
}
