#include "crypto/x25519.h"
#include "tests/lib/check.h"

#include <sodium.h>
#include <string.h>

/* Every form that this processor has: libsodium's, the same with keys from the Edwards form, ours. All tests are run in
 * each. */
static struct cpu cpus[2];

static int forms(void)
{
    const struct cpu found = cpu_found();
    cpus[0].has = found.has & ~(unsigned)CPU_IFMA;
    cpus[1].has = found.has;
    return found.has & CPU_IFMA ? 3 : found.has & CPU_AVX2 ? 2 : 1;
}

static const struct cpu *form(int i) { return i ? &cpus[i - 1] : NULL; }

START_TEST(forms_have_names)
{
    ck_assert_str_eq(x25519_form_name(NULL), "libsodium");
    for (int i = 0; i < forms(); i++)
        ck_assert_str_eq(x25519_form_name(form(i)), i < 2 ? "libsodium" : "ifma");
}
END_TEST

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
    for (int i = 0; i < 2 * forms(); i++) {
        uint8_t scalar[32], u[32], out[32];
        check_hex(known[i % 2].scalar, scalar, 32);
        check_hex(known[i % 2].u, u, 32);
        ck_assert(x25519_shared(scalar, u, out, form(i / 2)));
        check_is_hex(out, 32, known[i % 2].out);
    }
}
END_TEST

static void a_thousand_in_a_row_in(const struct cpu *cpu)
{
    uint8_t k[32] = { 9 }, u[32] = { 9 }, out[32];
    for (int i = 1; i <= 1000; i++) {
        ck_assert(x25519_shared(k, u, out, cpu));
        memcpy(u, k, 32);
        memcpy(k, out, 32);
        if (i == 1)
            check_is_hex(k, 32, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
    check_is_hex(k, 32, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

START_TEST(a_thousand_in_a_row)
{
    for (int i = 0; i < forms(); i++)
        a_thousand_in_a_row_in(form(i));
}
END_TEST

/* RFC 7748 §6.1 */
static void alice_and_bob_in(const struct cpu *cpu)
{
    uint8_t a[32], b[32], their_a[32], their_b[32], secret[32];
    check_hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a", a, 32);
    check_hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb", b, 32);
    x25519_public(a, their_a, cpu);
    x25519_public(b, their_b, cpu);
    check_is_hex(their_a, 32, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    check_is_hex(their_b, 32, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    ck_assert(x25519_shared(a, their_b, secret, cpu));
    check_is_hex(secret, 32, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    ck_assert(x25519_shared(b, their_a, secret, cpu));
    check_is_hex(secret, 32, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

START_TEST(alice_and_bob)
{
    for (int i = 0; i < forms(); i++)
        alice_and_bob_in(form(i));
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
    const int n = sizeof points / sizeof points[0];
    for (int i = 0; i < n * forms(); i++) {
        uint8_t scalar[32] = { 1, 2, 3 }, point[32], secret[32];
        memset(secret, 0xee, sizeof secret);
        check_hex(points[i % n], point, 32);
        ck_assert_msg(!x25519_shared(scalar, point, secret, form(i / n)), "%s", points[i % n]);
        for (size_t k = 0; k < 32; k++)
            ck_assert_uint_eq(secret[k], 0);
    }
}
END_TEST

/* The numbers from p to 2^255 - 1 are 0 to 18 once more, and the highest bit is nothing (RFC 7748 §5). Of these some
 * are on the curve and some on its twist. */
START_TEST(points_that_are_not_below_p)
{
    for (int i = 0; i < 19 * forms(); i++) {
        uint8_t scalar[32] = { 0, 0xaa, 0x55 }, low[32] = { (uint8_t)(i % 19) }, high[32], want[32], have[32];
        memset(high, 0xff, 32);
        high[0] = (uint8_t)(0xed + i % 19);
        for (int top = 0; top < 2; top++) {
            high[31] = top ? 0xff : 0x7f;
            ck_assert(x25519_shared(scalar, low, want, form(i / 19)) == (i % 19 > 1));
            ck_assert(x25519_shared(scalar, high, have, form(i / 19)) == (i % 19 > 1));
            check_bytes(have, want, 32);
        }
    }
}
END_TEST

/* Octets of a seed; with a run of the same octets in them where `run` is 1 or 2: there carries go far. */
static void octets_of(uint32_t seed, uint32_t run, uint8_t octets[32])
{
    uint8_t seeds[randombytes_SEEDBYTES] = { 0 };
    memcpy(seeds, &seed, sizeof seed);
    randombytes_buf_deterministic(octets, 32, seeds);
    size_t from = octets[0] % 32, n = octets[1] % (33 - from);
    if (run)
        memset(octets + from, run == 1 ? 0xff : 0, n);
}

static void check_with_libsodium(const uint8_t scalar[32], const uint8_t point[32])
{
    uint8_t secret[32] = { 0 }, public[32], have[32];
    bool some = crypto_scalarmult_curve25519(secret, scalar, point) == 0;
    crypto_scalarmult_curve25519_base(public, scalar);
    for (int f = 1; f < forms(); f++) {
        ck_assert(x25519_shared(scalar, point, have, form(f)) == some);
        check_bytes(have, secret, 32);
        x25519_public(scalar, have, form(f));
        check_bytes(have, public, 32);
    }
}

START_TEST(ours_is_libsodiums)
{
    enum { TIMES = 10000 };
    for (uint32_t i = 0; i < TIMES && forms() > 1; i++) {
        uint8_t scalar[32], point[32];
        octets_of(2 * i, i % 3, scalar);
        octets_of(2 * i + 1, i / 3 % 3, point);
        check_with_libsodium(scalar, point);
    }
}
END_TEST

/* Scalars and points of one bit, and of all but one. */
START_TEST(single_bits)
{
    for (int i = 0; i < 512 && forms() > 1; i++) {
        uint8_t bits[32], scalar[32];
        memset(bits, i & 1 ? 0xff : 0, 32);
        bits[i / 16] ^= (uint8_t)(1 << i / 2 % 8);
        crypto_scalarmult_curve25519_base(scalar, bits);
        check_with_libsodium(bits, bits);
        check_with_libsodium(scalar, bits);
    }
}
END_TEST

int main(void)
{
    return check_run("x25519", (const TTest *[]){
        forms_have_names, known_answers, a_thousand_in_a_row, alice_and_bob, points_of_small_order_are_refused,
        points_that_are_not_below_p, ours_is_libsodiums, single_bits, NULL });
}
