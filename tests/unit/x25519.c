#include "crypto/x25519.h"
#include "tests/lib/check.h"
#include "tests/lib/vectors.h"

#include <string.h>

/* RFC 7748 §5.2 */
static const struct { const char *scalar, *u, *out; } known[] = {
    { "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
      "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552" },
    { "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
      "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
      "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957" },
};

START_TEST(known_answers)
{
    for (size_t i = 0; i < 2; i++) {
        uint8_t scalar[32], u[32], out[32];
        check_hex(known[i].scalar, scalar, 32);
        check_hex(known[i].u, u, 32);
        ck_assert(x25519_shared(scalar, u, out));
        check_is_hex(out, 32, known[i].out);
    }
}
END_TEST

START_TEST(a_thousand_in_a_row)
{
    uint8_t k[32] = { 9 }, u[32] = { 9 }, out[32];
    for (int i = 1; i <= 1000; i++) {
        ck_assert(x25519_shared(k, u, out));
        memcpy(u, k, 32);
        memcpy(k, out, 32);
        if (i == 1)
            check_is_hex(k, 32, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
    check_is_hex(k, 32, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}
END_TEST

/* RFC 7748 §6.1 */
START_TEST(alice_and_bob)
{
    uint8_t a[32], b[32], their_a[32], their_b[32], secret[32];
    check_hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a", a, 32);
    check_hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb", b, 32);
    x25519_public(a, their_a);
    x25519_public(b, their_b);
    check_is_hex(their_a, 32, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    check_is_hex(their_b, 32, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    ck_assert(x25519_shared(a, their_b, secret));
    check_is_hex(secret, 32, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    ck_assert(x25519_shared(b, their_a, secret));
    check_is_hex(secret, 32, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}
END_TEST

START_TEST(points_of_small_order_are_refused)
{
    static const char *const points[] = {                          /* the last with the idle top bit set */
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0100000000000000000000000000000000000000000000000000000000000080",
    };
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        uint8_t scalar[32] = { 1, 2, 3 }, point[32], secret[32];
        memset(secret, 0xee, sizeof secret);
        check_hex(points[i], point, 32);
        ck_assert_msg(!x25519_shared(scalar, point, secret), "%s", points[i]);
        for (size_t k = 0; k < 32; k++)
            ck_assert_uint_eq(secret[k], 0);
    }
}
END_TEST

/* "acceptable" tests are odd but legal inputs, and the answer is settled; only a secret of zeros is
 * refused. */
START_TEST(wycheproof)
{
    struct vectors v;
    size_t good = 0, refused = 0;
    vectors_open(&v, "tests/vectors/wycheproof-x25519.txt");
    while (vectors_next(&v)) {
        uint8_t scalar[32], point[32], shared[32], secret[32];
        vectors_hex(&v, "private", scalar, 32);
        vectors_hex(&v, "public", point, 32);
        vectors_hex(&v, "shared", shared, 32);
        bool zero = vectors_has(&v, "flags", "ZeroSharedSecret");
        ck_assert_msg(x25519_shared(scalar, point, secret) == !zero, "%s", vectors_where(&v));
        ck_assert_msg(memcmp(secret, shared, 32) == 0, "%s", vectors_where(&v));
        *(zero ? &refused : &good) += 1;
    }
    ck_assert(good > 400 && refused > 10);
}
END_TEST

int main(void)
{
    return check_run("x25519", (const TTest *[]){
        known_answers, a_thousand_in_a_row, alice_and_bob, points_of_small_order_are_refused, wycheproof,
        NULL });
}
