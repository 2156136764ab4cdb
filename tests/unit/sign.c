#include "crypto/sign.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/rsa_keys.h"

#include <string.h>

static void rsa_key(struct private_key *key)
{
    *key = (struct private_key){ .pub.kind = KEY_RSA };
    test_rsa_2048(&key->u.rsa);
    key->pub.u.rsa = key->u.rsa.pub;
}

static void ec_key(struct private_key *key, enum key_kind kind, uint8_t seed)
{
    *key = (struct private_key){ .pub.kind = kind, .u.ec = { 0, 1, seed } };
    ck_assert(key_make_public(key, NULL));
}

/* RFC 8032 §7.1, tests 1 to 3: seed, public key, message, signature. */
START_TEST(ed25519_of_rfc_8032)
{
    static const char *const tests[][4] = {
        { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
          "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
          "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
        { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
        { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
          "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
          "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
          "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" } };
    struct private_key key = { .pub.kind = KEY_ED25519 };
    const struct sign_scheme scheme = { .kind = SIGN_ED25519 };
    uint8_t message[4], sig[SIGNATURE_MAX];
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        check_hex(tests[i][0], key.u.ed25519, ED25519_KEY);
        ck_assert(key_make_public(&key, NULL));
        check_is_hex(key.pub.u.ed25519, ED25519_KEY, tests[i][1]);
        size_t n = check_hex(tests[i][2], message, sizeof message);
        ck_assert_uint_eq(key_sign(&key, NULL, scheme, message, n, sig, NULL), ED25519_SIGNATURE);
        check_is_hex(sig, ED25519_SIGNATURE, tests[i][3]);
        ck_assert(key_verify(&key.pub, scheme, message, n, sig, ED25519_SIGNATURE, NULL));
        ck_assert(!key_verify_digest(&key.pub, scheme, message, sig, ED25519_SIGNATURE, NULL));
    }
}
END_TEST

/* Points of small order verify everything, were they taken: the key 0100..., with R the same and S = 0. */
START_TEST(ed25519_takes_no_point_of_small_order)
{
    struct public_key key = { .kind = KEY_ED25519, .u.ed25519 = { 1 } };
    uint8_t sig[ED25519_SIGNATURE] = { 1 };
    ck_assert(!key_verify(&key, (struct sign_scheme){ .kind = SIGN_ED25519 }, "x", 1, sig, sizeof sig, NULL));
}
END_TEST

START_TEST(der_has_one_form)
{
    static const struct { const char *der; bool valid; } tests[] = {
        { "3006 020101 020101", true },
        { "3006 020100 020100", true },                /* zero is a number; ecdsa_verify refuses it */
        { "3008 02020080 02020080", true },
        { "3007 02020080 020101", true },
        { "", false }, { "30", false }, { "3000", false },
        { "3003 020101", false },                      /* r alone */
        { "3009 020101 020101 020101", false },        /* three */
        { "3006 020101 020101 00", false },            /* octets behind */
        { "3007 020101 020101 00", false },            /* and inside */
        { "3005 020101 020101", false },
        { "3007 020101 020101", false },
        { "308106 020101 020101", false },             /* long form of a length */
        { "3007 02810101 020101", false },
        { "3080 020101 020101 0000", false },          /* indefinite */
        { "3106 020101 020101", false }, { "3006 030101 020101", false }, { "3006 020101 030101", false },
        { "3005 0200 020101", false }, { "3005 020101 0200", false },          /* empty numbers */
        { "3006 020181 020101", false }, { "3006 020101 020180", false },      /* negative */
        { "3007 02020001 020101", false }, { "3007 020101 0202007f", false },  /* zeros in front */
        { "3006 020101 020201", false }, { "3006 020401 020101", false },      /* cut */
        { "3006 0206 02010102", false },
    };
    uint8_t der[80], again[ECDSA_DER_MAX], r[32], s[32];
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        size_t n = check_hex(tests[i].der, der, sizeof der);
        ck_assert_msg(ecdsa_read_der(der, n, r, s, 32) == tests[i].valid, "%s", tests[i].der);
        if (tests[i].valid) {
            ck_assert_uint_eq(ecdsa_write_der(r, s, 32, again), n);
            check_bytes(der, again, n);
        }
    }
}
END_TEST

START_TEST(numbers_of_every_length_go_through_der)
{
    uint8_t r[32], s[32], der[ECDSA_DER_MAX], r2[32], s2[32];
    for (size_t r_n = 0; r_n <= 32; r_n++)
        for (size_t s_n = 0; s_n <= 32; s_n++)
            for (uint8_t top = 0x7f; top <= 0x80; top++) {
                memset(r, 0, 32);
                memset(s, 0, 32);
                memset(r + 32 - r_n, top, r_n);
                memset(s + 32 - s_n, 0xff - top, s_n);
                size_t n = ecdsa_write_der(r, s, 32, der);
                ck_assert_uint_le(n, ECDSA_DER_MAX);
                ck_assert(ecdsa_read_der(der, n, r2, s2, 32));
                check_bytes(r, r2, 32);
                check_bytes(s, s2, 32);
                for (size_t cut = 0; cut < n; cut++)
                    ck_assert(!ecdsa_read_der(der, cut, r2, s2, 32));
            }
    memset(der, 0x41, sizeof der);                     /* 33 octets that are not 00 and 32: too large */
    memcpy(der, (uint8_t[]){ 0x30, 38, 2, 33 }, 4);
    memcpy(der + 4 + 33, (uint8_t[]){ 2, 1, 1 }, 3);
    ck_assert(!ecdsa_read_der(der, 40, r2, s2, 32));
}
END_TEST

START_TEST(der_of_the_larger_curves)
{
    static const size_t sizes[] = { 48, 66 };
    uint8_t r[66], s[66], der[ECDSA_DER_MAX], r2[66], s2[66];
    for (size_t i = 0; i < 2; i++)
        for (size_t r_n = 0; r_n <= sizes[i]; r_n++)
            for (size_t s_n = 0; s_n <= sizes[i]; s_n += 3) {
                memset(r, 0, sizeof r);
                memset(s, 0, sizeof s);
                memset(r + sizes[i] - r_n, 0x80, r_n);
                memset(s + sizes[i] - s_n, 0x7f, s_n);
                size_t n = ecdsa_write_der(r, s, sizes[i], der);
                ck_assert_uint_le(n, ECDSA_DER_MAX);
                ck_assert_uint_eq(der[1] == 0x81, n > 2 + 127);            /* the length in its shortest form */
                ck_assert(ecdsa_read_der(der, n, r2, s2, sizes[i]));
                check_bytes(r, r2, sizes[i]);
                check_bytes(s, s2, sizes[i]);
                for (size_t cut = 0; cut < n; cut++)
                    ck_assert(!ecdsa_read_der(der, cut, r2, s2, sizes[i]));
            }
    memset(der, 0, sizeof der);                        /* 127 octets, their length in the long form */
    memcpy(der, (uint8_t[]){ 0x30, 0x81, 127, 2, 61, 1 }, 6);
    memcpy(der + 66, (uint8_t[]){ 2, 62, 1 }, 3);
    ck_assert(!ecdsa_read_der(der, 130, r2, s2, 66));
    memcpy(der, (uint8_t[]){ 0x30, 127, 2, 61, 1, 0 }, 6);
    memcpy(der + 65, (uint8_t[]){ 2, 62, 1, 0 }, 4);
    ck_assert(ecdsa_read_der(der, 129, r2, s2, 66));
}
END_TEST

START_TEST(keys_of_each_kind_sign)
{
    static const struct { enum key_kind key; enum sign_kind scheme; } kinds[] = {
        { KEY_RSA, SIGN_PKCS1 }, { KEY_RSA_PSS, SIGN_PSS }, { KEY_P256, SIGN_ECDSA }, { KEY_P384, SIGN_ECDSA }, { KEY_P521, SIGN_ECDSA },
        { KEY_ED25519, SIGN_ED25519 } };
    enum { KINDS = sizeof kinds / sizeof *kinds };
    static struct private_key keys[KINDS];
    struct test_chance c = test_chance(1);
    uint8_t sig[SIGNATURE_MAX];
    rsa_key(&keys[0]);
    rsa_key(&keys[1]);
    keys[1].pub.kind = KEY_RSA_PSS;
    for (int i = 2; i < KINDS; i++)
        ck_assert(key_make(&keys[i], kinds[i].key, &c.chance, "key", NULL));
    for (int i = 0; i < KINDS; i++)
        for (enum hash_kind kind = HASH_SHA256; kind <= HASH_SHA512; kind++) {
            struct sign_scheme scheme = { kinds[i].scheme, kind };
            size_t n = key_sign(&keys[i], &c.chance, scheme, "text", 4, sig, NULL);
            ck_assert_uint_gt(n, 0);
            ck_assert(key_verify(&keys[i].pub, scheme, "text", 4, sig, n, NULL));
            ck_assert(!key_verify(&keys[i].pub, scheme, "test", 4, sig, n, NULL));
            ck_assert(!key_verify(&keys[(i + 1) % KINDS].pub, scheme, "text", 4, sig, n, NULL));
            ck_assert(!key_verify(&keys[i].pub, scheme, "text", 4, sig, n - 1, NULL));
            ck_assert(!key_verify(&keys[i].pub, scheme, "text", 4, sig, n + 1, NULL));
            sig[n - 1] ^= 1;
            ck_assert(!key_verify(&keys[i].pub, scheme, "text", 4, sig, n, NULL));
        }
}
END_TEST

START_TEST(bad_keys_do_not_sign)
{
    static struct private_key key;
    struct test_chance c = test_chance(2);
    const struct sign_scheme pkcs1 = { SIGN_PKCS1, HASH_SHA256 }, ecdsa = { SIGN_ECDSA, HASH_SHA256 };
    uint8_t sig[SIGNATURE_MAX];
    rsa_key(&key);
    key.u.rsa.dp[100] ^= 1;
    ck_assert_uint_eq(key_sign(&key, &c.chance, pkcs1, "text", 4, sig, NULL), 0);
    ec_key(&key, KEY_P256, 1);
    memset(key.u.ec, 0, 32);
    ck_assert_uint_eq(key_sign(&key, &c.chance, ecdsa, "text", 4, sig, NULL), 0);
    key_wipe(&key);
    ck_assert(sodium_is_zero((const uint8_t *)&key, sizeof key));
    ck_assert_int_eq(key.pub.kind, KEY_NONE);
    ck_assert_uint_eq(key_sign(&key, &c.chance, ecdsa, "text", 4, sig, NULL), 0);
    ck_assert(!key_verify(&key.pub, ecdsa, "text", 4, sig, 64, NULL));
    ck_assert(!key_matches(&key, &key.pub, NULL));
    ck_assert_uint_eq(key_bits(&key.pub), 0);
}
END_TEST

START_TEST(halves_belong_together)
{
    static struct private_key rsa, p256, other;
    static struct public_key pub;
    rsa_key(&rsa);
    ec_key(&p256, KEY_P256, 1);
    ec_key(&other, KEY_P256, 2);
    ck_assert(key_matches(&rsa, &rsa.pub, NULL));
    ck_assert(key_matches(&p256, &p256.pub, NULL));
    ck_assert(!key_matches(&rsa, &p256.pub, NULL) && !key_matches(&p256, &rsa.pub, NULL)
              && !key_matches(&p256, &other.pub, NULL));
    pub = rsa.pub;
    pub.u.rsa.n[200] ^= 1;
    ck_assert(!key_matches(&rsa, &pub, NULL));
    pub = rsa.pub;
    pub.u.rsa.n_size--;
    ck_assert(!key_matches(&rsa, &pub, NULL));
    pub = rsa.pub;
    pub.u.rsa.e[0] ^= 2;
    ck_assert(!key_matches(&rsa, &pub, NULL));
    rsa.u.rsa.q[9] ^= 1;
    ck_assert(!key_matches(&rsa, &rsa.pub, NULL));
}
END_TEST

START_TEST(sizes_are_told_in_bits)
{
    static struct public_key key = { .kind = KEY_RSA };
    static struct rsa_private rsa;
    struct vectors v;
    char bits[8];
    vectors_open(&v, "tests/vectors/rsa-keys.txt");
    while (vectors_next(&v)) {
        test_rsa_key(&v, &rsa);
        key.u.rsa = rsa.pub;
        snprintf(bits, sizeof bits, "%u", key_bits(&key));
        ck_assert_str_eq(bits, vectors_word(&v, "bits"));
    }
    key.u.rsa.n_size = 0;
    ck_assert_uint_eq(key_bits(&key), 0);
    key.kind = KEY_P256;
    ck_assert_uint_eq(key_bits(&key), 256);
}
END_TEST

int main(void)
{
    return check_run("sign", (const TTest *[]){
        ed25519_of_rfc_8032,
        ed25519_takes_no_point_of_small_order, der_has_one_form, numbers_of_every_length_go_through_der,
        der_of_the_larger_curves, keys_of_each_kind_sign, bad_keys_do_not_sign, halves_belong_together,
        sizes_are_told_in_bits, NULL });
}
