/* RSA keys made: by FIPS 186-5 §A.1.3, and by their seed. */
#include "crypto/bignum.h"
#include "crypto/rsa_make.h"
#include "crypto/rsa_parts.h"
#include "crypto/sign.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/rsa_keys.h"

#include <stdlib.h>
#include <string.h>

static struct private_key make(unsigned bits, uint64_t seed)
{
    struct test_chance c = test_chance(seed);
    struct private_key key;
    ck_assert(key_make_rsa(&key, bits, &c.chance, NULL));
    return key;
}

/* What §A.1.3 asks of the key beside that its primes are prime, which key_matches and openssl (interop/keys.sh) see. */
static void check_numbers(const struct rsa_private *key, unsigned bits)
{
    const size_t half = key->half, limbs = half / 8;
    uint64_t p[32], q[32], difference[32];
    uint8_t d[RSA_MAX];
    ck_assert_uint_eq(key->pub.n_size, bits / 8);
    ck_assert_uint_eq(half, bits / 16);
    ck_assert_uint_ge(key->pub.n[0], 0x80);
    check_bytes(key->pub.e, ((const uint8_t[]){ 1, 0, 1 }), 3);
    bn_read(p, limbs, key->p, half);
    bn_read(q, limbs, key->q, half);
    ck_assert_uint_ge(p[limbs - 1], 0xb504f333f9de6484);               /* √2 2^63 */
    ck_assert_uint_ge(q[limbs - 1], 0xb504f333f9de6484);
    ck_assert_uint_eq(p[0] & 3, 3);
    ck_assert_uint_eq(q[0] & 3, 3);
    ck_assert_uint_eq(bn_sub(difference, p, q, limbs), 0);             /* p > q */
    ck_assert_uint_gt(bn_bits_public(difference, limbs), 8 * half - 100);
    ck_assert(ct_tell(rsa_private_exponent(key, d)));
    bn_read(p, limbs, d, half);                                        /* the upper half of d */
    ck_assert_uint_gt(bn_bits_public(p, limbs), 0);
}

START_TEST(keys_of_each_size)
{
    static const unsigned sizes[] = { 1024, 1152, 2048, 3072, 4096 };
    static const struct sign_scheme pss = { SIGN_PSS, HASH_SHA256 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct private_key key = make(sizes[i], sizes[i]);
        struct test_chance c = test_chance(1);
        uint8_t sig[SIGNATURE_MAX];
        ck_assert_uint_eq(key_bits(&key.pub), sizes[i]);
        check_numbers(&key.u.rsa, sizes[i]);
        size_t n = key_sign(&key, &c.chance, pss, "text", 4, sig, NULL);
        ck_assert(key_verify(&key.pub, pss, "text", 4, sig, n, NULL));
        ck_assert(!key_verify(&key.pub, pss, "Text", 4, sig, n, NULL));
    }
}
END_TEST

START_TEST(a_seed_makes_the_same_key)
{
    struct private_key one = make(1024, 5), same = make(1024, 5), other = make(1024, 6);
    ck_assert(memcmp(&one, &same, sizeof one) == 0);
    ck_assert(!key_same(&one.pub, &other.pub));
    ck_assert(memcmp(one.u.rsa.p, other.u.rsa.p, 64) != 0 && memcmp(one.u.rsa.q, other.u.rsa.q, 64) != 0);
}
END_TEST

START_TEST(other_sizes_are_refused)
{
    static const unsigned sizes[] = { 0, 512, 1000, 2047, 2049, 4224, 8192 };
    struct private_key key;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct test_chance c = test_chance(1);
        ck_assert(!key_make_rsa(&key, sizes[i], &c.chance, NULL));
        ck_assert_uint_eq(c.draws, 0);
    }
}
END_TEST

static void fill_same(struct chance *chance, const char *purpose, void *out, size_t n)
{
    (void)chance;
    (void)purpose;
    memset(out, 0x7f, n);
}

/* A generator that is broken ends with no key, not never. */
START_TEST(a_chance_without_chance)
{
    struct chance same = { fill_same };
    struct private_key key;
    ck_assert(!key_make_rsa(&key, 1024, &same, NULL));
}
END_TEST

/* ---- each check of §A.1.3, with candidates of 512 bits that only it can refuse ---- */

#define ONE "c96fe7beab41061502479afaf5b7f8f00c51227c638b45516e68f4ff5108a30f8f1a9dd1e05131da5d91cfe747e683e89ed0b6566a4c625c" \
            "60da0a01e83783cb"
#define FAR "c96fe7beab41061502479afab5b7f8f00c51227c638b45516e68f4ff5108a30f8f1a9dd1e05131da5d91cfe747e683e89ed0b6566a4c625c" \
            "60da0a01e83781b7"

struct fed { struct chance chance; struct test_chance other; const char *const *candidates; size_t drawn; };

/* The candidates in their order; else as the chance has it. */
static void feed(struct chance *chance, const char *purpose, void *out, size_t n)
{
    struct fed *f = (struct fed *)(void *)chance;
    const char *candidate = strcmp(purpose, "rsa_prime") == 0 ? f->candidates[f->drawn] : NULL;
    if (!candidate) {
        chance_fill(&f->other.chance, purpose, out, n);
        return;
    }
    f->drawn++;
    ck_assert_uint_eq(check_hex(candidate, out, n), n);
}

/* The two primes that were taken at last are ONE and FAR, and all before were drawn. */
static void check_fed(const char *what, const char *const *candidates, size_t n, uint64_t seed)
{
    struct fed f = { { feed }, test_chance(seed), candidates, 0 };
    struct rsa_private key;
    uint8_t want[64];
    ck_assert_msg(rsa_make(&key, 1024, &f.chance, NULL), "%s", what);
    check_hex(ONE, want, sizeof want);
    ck_assert_msg(f.drawn == n && memcmp(key.p, want, 64) == 0, "%s: %zu drawn", what, f.drawn);
    check_hex(FAR, want, sizeof want);
    ck_assert_msg(memcmp(key.q, want, 64) == 0, "%s", what);
}

START_TEST(candidates_are_refused)
{
    static const struct { const char *what, *candidate; } rows[] = {
        { "a product of two primes",
          "bf349abd76c37b8a61a213aaccc9b68b300ddbd7cb119ddefe40b5b01d39dcdc"
          "0da76452677fbb65123bacd6be025598f9e6e0a0bc6f3ed288d2c0b221b82a47" },
        { "a multiple of 4093, and else of a prime",
          "f63cf1f57aa0ab50e3f481a8fbddce675daab9ab53fab2e0c21f1e0c2bbd29ab"
          "be24011a3a0b65b8f12b96da027c96d53f1f4ba73b2b341183d0292739bb31ff" },
        { "a prime that is 1 modulo 65537",
          "e5dc116bda91b65bf4a28226c86bfd6db5bb64b9b3edbbf964841118919f0a0f"
          "2fbb4c9d1ee23f558571724145c4ab8a92c5a08f9c83f45b20a719cf9702025f" },
        { "a prime below the root of 2",
          "9989c14fe1612d44007ff5ffa2cf31621e900c5121095e3d60ce00f09553e346"
          "b9bbda53f9837912ccf190f46d22e5a232fa778339fff4c66be16a500f67c7c7" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_fed(rows[i].what, (const char *const[]){ rows[i].candidate, ONE, FAR, NULL }, 3, 1);
        check_fed(rows[i].what, (const char *const[]){ FAR, rows[i].candidate, ONE, NULL }, 3, 1);
    }
}
END_TEST

/* (2k+1)(4k+1): half of all bases do not see that it is none. With the bases of 30 seeds, all of which must. */
START_TEST(a_pseudoprime_is_refused)
{
    static const char pseudo[] = "f2c77c7960e6591fedecb69532d8b8b0bcb2fa6a24c1ae5f4a74b3f0c418bc48"
                                 "acc65bdf49d080f5a85bda6f4069ea7bf96fbe0e5f120c8fac8b7edf68ccb11f";
    for (uint64_t seed = 1; seed <= 30; seed++)
        check_fed("a pseudoprime", (const char *const[]){ pseudo, ONE, FAR, NULL }, 3, seed);
}
END_TEST

/* Both are drawn again. Fermat's way would find primes so close from their product. */
START_TEST(primes_too_close_are_refused)
{
    static const char near[] = "c96fe7beab41061502479afaf5b7f8f00c51227c638b45516e68f4ff5108a30f"
                               "8f1a9dd1e05131da5d91cfe747e683e89ed0b6566a4c625c60da0a01e8378453";
    static const char below[] = "c96fe7beab41061502479afae5b7f8f00c51227c638b45516e6904ff5108a30f"
                                "8f1a9dd1e05131da5d91cfe747e683e89ed0b6566a4c625c60da0a01e837863b";
    check_fed("the same", (const char *const[]){ ONE, ONE, FAR, ONE, NULL }, 4, 1);
    check_fed("the next", (const char *const[]){ ONE, near, ONE, FAR, NULL }, 4, 1);
    check_fed("2^412 less one", (const char *const[]){ below, ONE, ONE, FAR, NULL }, 4, 1);
}
END_TEST

/* The d of each key of the file, whose own is modulo (p - 1)(q - 1): ours is below half of that, and undoes e all the
 * same. */
START_TEST(the_exponent_that_is_not_kept)
{
    static const uint64_t two[64] = { 2 };
    static struct bn_mod m;
    struct vectors v;
    struct rsa_private key;
    vectors_open(&v, "tests/vectors/rsa-keys.txt");
    unsigned rows = 0;
    while (vectors_next(&v)) {
        uint8_t d[RSA_MAX];
        uint64_t n[64], x[64], e = 0;
        test_rsa_key(&v, &key);
        const size_t limbs = (key.pub.n_size + 7) / 8;
        ck_assert(ct_tell(rsa_private_exponent(&key, d)));
        bn_read(n, limbs, key.pub.n, key.pub.n_size);
        bn_read(&e, 1, key.pub.e, key.pub.e_size);
        bn_mod_set_public(&m, n, limbs, NULL);
        bn_mod_in(&m, x, two, limbs);
        bn_mod_exp_public(&m, x, x, e);
        bn_read(n, limbs, d, key.pub.n_size);
        ck_assert_uint_lt(bn_bits_public(n, limbs), key_bits(&(struct public_key){ .kind = KEY_RSA, .u.rsa = key.pub }));
        bn_mod_exp(&m, x, x, n, limbs);
        bn_mod_out(&m, x, x);
        ck_assert(ct_tell(bn_equal(x, two, limbs)));
        rows++;
    }
    ck_assert_uint_gt(rows, 3);
}
END_TEST

/* The other numbers of a key from its primes and e are those that stand in the file. */
START_TEST(a_key_is_completed)
{
    struct rsa_private key, again = { 0 };
    test_rsa_2048(&key);
    again.half = key.half;
    memcpy(again.p, key.p, sizeof key.p);
    memcpy(again.q, key.q, sizeof key.q);
    memcpy(again.pub.e, key.pub.e, again.pub.e_size = key.pub.e_size);
    ck_assert(ct_tell(rsa_complete(&again, NULL)));
    ck_assert(memcmp(&again, &key, sizeof key) == 0);
    again.p[again.half - 1] ^= 2;
    again.pub.e_size = 1;
    again.pub.e[0] = 3;
    for (unsigned i = 0; i < 3; i++, again.p[again.half - 1] += 2) {    /* of three p - 1 one has a 3 in it */
        uint8_t d[RSA_MAX];
        ct_mask good = rsa_complete(&again, NULL);
        ck_assert(ct_tell(good) == ct_tell(rsa_private_exponent(&again, d)));
        if (!ct_tell(good))
            return;
    }
    ck_abort_msg("3 divides none of three numbers");
}
END_TEST

int main(void)
{
    return check_run("rsa_make", (const TTest *[]){
        keys_of_each_size, a_seed_makes_the_same_key, other_sizes_are_refused, a_chance_without_chance,
        candidates_are_refused, a_pseudoprime_is_refused, primes_too_close_are_refused,
        the_exponent_that_is_not_kept, a_key_is_completed, NULL });
}
