#include "crypto/bignum.h"
#include "crypto/rsa.h"
#include "crypto/rsa_number.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/rsa_keys.h"

#include <stdio.h>
#include <string.h>

enum { TLS_1_2 = 0x0303, PREMASTER = 48 };

static struct cpu cpu;                                 /* of the form that is tested */
static struct rsa_private key;                         /* of 2048 bits, by each test that wants it */

/* in^d mod n without the primes. */
static void plain_undo(const struct rsa_private *k, const uint8_t *d_octets, size_t d_n, const uint8_t *in,
                       uint8_t *out)
{
    static struct bn_mod m;
    uint64_t n[BN_LIMBS], d[BN_LIMBS], x[BN_LIMBS];
    size_t limbs = (k->pub.n_size + 7) / 8;
    bn_read(n, limbs, k->pub.n, k->pub.n_size);
    bn_read(d, limbs, d_octets, d_n);
    bn_read(x, limbs, in, k->pub.n_size);
    bn_mod_set(&m, n, limbs, bn_bits_public(n, limbs) - 1, &cpu);
    bn_mod_in(&m, x, x, limbs);
    bn_mod_exp(&m, x, x, d, limbs);
    bn_mod_out(&m, x, x);
    bn_write(x, limbs, out, k->pub.n_size);
}

static void undo_file(const char *path)
{
    struct vectors v;
    struct test_chance c = test_chance(1);
    uint8_t d[RSA_MAX], ct[RSA_MAX + 16], msg[RSA_MAX], em[RSA_MAX], plain[RSA_MAX], secret[PREMASTER];
    size_t right = 0, tests = 0;
    vectors_open(&v, path);
    while (vectors_next(&v)) {
        test_rsa_key(&v, &key);
        size_t d_n = test_number(&v, "privateKey.privateExponent", d, sizeof d);
        size_t n = vectors_hex(&v, "ct", ct, sizeof ct), msg_n = vectors_hex(&v, "msg", msg, sizeof msg);
        bool whole = n == key.pub.n_size && memcmp(ct, key.pub.n, n) < 0;
        memset(secret, 0, sizeof secret);
        ck_assert_msg(rsa_decrypt_premaster(&key, &c.chance, TLS_1_2, ct, n, secret, &cpu) == whole, "%s",
                      vectors_where(&v));
        ck_assert_msg(!whole == sodium_is_zero(secret, sizeof secret), "%s", vectors_where(&v));
        if (!whole)
            continue;
        ck_assert_msg(rsa_undo(&key, &c.chance, ct, em, &cpu), "%s", vectors_where(&v));
        if (vectors_is(&v, "result", "valid")) {
            ck_assert_msg(em[0] == 0 && em[1] == 2 && em[n - msg_n - 1] == 0, "%s", vectors_where(&v));
            check_bytes(em + n - msg_n, msg, msg_n);
            right++;
        }
        if (tests++ % 24 == 0) {                       /* not all: it is slow */
            plain_undo(&key, d, d_n, ct, plain);
            check_bytes(em, plain, n);
        }
    }
    ck_assert_uint_ge(right, 30);
}

/* Ciphertexts with few bits, near p, q, n, and Montgomery's edges. */
START_TEST(private_operation_of_wycheproof)
{
    undo_file("tests/vectors/wycheproof/rsa-pkcs1-2048.txt");
    if (check_brief())
        return;
    undo_file("tests/vectors/wycheproof/rsa-pkcs1-3072.txt");
    undo_file("tests/vectors/wycheproof/rsa-pkcs1-4096.txt");
}
END_TEST

START_TEST(keys_of_any_shape_sign)
{
    static const enum hash_kind kinds[] = { HASH_SHA1, HASH_SHA256, HASH_SHA384, HASH_SHA512 };
    struct vectors v;
    struct test_chance c = test_chance(2);
    uint8_t digest[HASH_MAX], sig[RSA_MAX], again[RSA_MAX];
    vectors_open(&v, "tests/vectors/rsa-keys.txt");
    while (vectors_next(&v)) {
        test_rsa_key(&v, &key);
        for (size_t i = 0; i < 4; i++) {
            size_t n = key.pub.n_size;
            chance_fill(&c.chance, "digest", digest, sizeof digest);
            ck_assert_msg(rsa_sign(&key, &c.chance, kinds[i], digest, sig, &cpu), "%s", vectors_where(&v));
            ck_assert_msg(rsa_verify(&key.pub, kinds[i], digest, sig, n, &cpu), "%s", vectors_where(&v));
            ck_assert(rsa_sign(&key, &c.chance, kinds[i], digest, again, &cpu));
            check_bytes(sig, again, n);                /* other blinding, same signature */
            ck_assert(!rsa_verify(&key.pub, kinds[(i + 1) % 4], digest, sig, n, &cpu));
            ck_assert(!rsa_verify(&key.pub, kinds[i], digest, sig, n - 1, &cpu));
            for (size_t bit = i; bit < 8 * n; bit += 97) {
                sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
                ck_assert_msg(!rsa_verify(&key.pub, kinds[i], digest, sig, n, &cpu), "%s, bit %zu",
                              vectors_where(&v), bit);
                sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
            }
            digest[hash_size(kinds[i]) - 1] ^= 1;
            ck_assert(!rsa_verify(&key.pub, kinds[i], digest, sig, n, &cpu));
        }
    }
}
END_TEST

/* PKCS #1 says which one signature a digest has. This is OpenSSL 3's, of "a visit" with the 1024-bit key. */
START_TEST(a_signature_of_openssl)
{
    struct vectors v;
    struct test_chance c = test_chance(3);
    uint8_t digest[32], sig[RSA_MAX];
    vectors_open(&v, "tests/vectors/rsa-keys.txt");
    while (vectors_next(&v)) {
        if (!vectors_is(&v, "bits", "1024"))
            continue;
        test_rsa_key(&v, &key);
        hash_of(HASH_SHA256, "a visit", 7, digest, &cpu);
        ck_assert(rsa_sign(&key, &c.chance, HASH_SHA256, digest, sig, &cpu));
        check_is_hex(sig, 128,
            "4fe373974ff8bf57ef83af368454c89e515e0cf562c64249c635b2399911b729912b0825b6fd0c121004b6771ac5c3b6"
            "347827e3f181bfe1d607fa0c4d9462fc078154d03ea78063c8e173dc567b282d805353963d1ebee62d95206b2eb9c3f5"
            "0ae0ae2e60a36148708354ab4dbe182b198c756992686980a7d2f670500d4b7b");
    }
}
END_TEST

START_TEST(a_faulty_half_gives_no_signature)           /* Lenstra: gcd(s^e - m, n) would be a prime */
{
    struct test_chance c = test_chance(4);
    uint8_t digest[32] = { 1 }, sig[RSA_MAX], zeros[RSA_MAX] = { 0 }, ct[RSA_MAX], encoded[RSA_MAX],
        secret[PREMASTER] = { 3, 3 }, have[PREMASTER];
    test_rsa_2048(&key);
    ck_assert(rsa_encrypt(&key.pub, &c.chance, secret, sizeof secret, encoded, ct, &cpu));
    uint8_t *const parts[] = { key.p, key.q, key.dp, key.dq, key.qinv };
    for (size_t part = 0; part < 5; part++)
        for (size_t bit = 0; bit < 8 * key.half; bit += 341) {  /* of dp and dq the lowest bit is not read */
            uint8_t *octet = &parts[part][key.half - 1 - bit / 8], whole = *octet;
            *octet ^= (uint8_t)(bit == 0 ? 2 : 1 << bit % 8);
            memset(sig, 7, sizeof sig);
            ck_assert_msg(!rsa_sign(&key, &c.chance, HASH_SHA256, digest, sig, &cpu), "part %zu, bit %zu", part,
                          bit);
            check_bytes(sig, zeros, key.pub.n_size);
            ck_assert(rsa_decrypt_premaster(&key, &c.chance, TLS_1_2, ct, key.pub.n_size, have, &cpu));
            ck_assert(memcmp(have, secret, sizeof have) != 0);
            *octet = whole;
        }
    ck_assert(rsa_sign(&key, &c.chance, HASH_SHA256, digest, sig, &cpu));
}
END_TEST

START_TEST(keys_without_sense_give_no_signature)
{
    struct test_chance c = test_chance(5);
    uint8_t digest[32] = { 1 }, sig[RSA_MAX];
    test_rsa_2048(&key);
    for (int what = 0; what < 5; what++) {
        struct rsa_private bad = key;
        if (what == 0)
            memset(bad.p, 0, bad.half);
        if (what == 1)
            memset(bad.q, 0xff, bad.half);
        if (what == 2)
            bad.half = 127;
        if (what == 3)
            bad.half = SIZE_MAX / 2 + 1;
        if (what == 4)
            bad.pub.n_size = 0;
        ck_assert_msg(!rsa_sign(&bad, &c.chance, HASH_SHA256, digest, sig, &cpu), "%d", what);
    }
}
END_TEST

static void right_half(struct rsa_private *wide, const struct rsa_private *k)
{
    *wide = *k;
    wide->half = k->half + 9;
    const uint8_t *from[] = { k->p, k->q, k->dp, k->dq, k->qinv };
    uint8_t *to[] = { wide->p, wide->q, wide->dp, wide->dq, wide->qinv };
    for (size_t i = 0; i < 5; i++) {
        memset(to[i], 0, 9);
        memcpy(to[i] + 9, from[i], k->half);
    }
}

START_TEST(zeros_in_front_of_the_primes_do_not_matter)
{
    static struct rsa_private wide;
    struct test_chance c = test_chance(6);
    uint8_t digest[32] = { 1 }, sig[RSA_MAX], other[RSA_MAX];
    test_rsa_2048(&key);
    right_half(&wide, &key);
    ck_assert(rsa_sign(&key, &c.chance, HASH_SHA256, digest, sig, &cpu));
    ck_assert(rsa_sign(&wide, &c.chance, HASH_SHA256, digest, other, &cpu));
    check_bytes(sig, other, key.pub.n_size);
}
END_TEST

/* Forgeries for e = 3 are cube roots of an EM that a careless reader takes. We have the key and may take
 * any root. */
static bool takes(struct test_chance *c, const uint8_t *em, const uint8_t digest[32])
{
    uint8_t sig[RSA_MAX];
    ck_assert(rsa_undo(&key, &c->chance, em, sig, &cpu));
    return rsa_verify(&key.pub, HASH_SHA256, digest, sig, key.pub.n_size, &cpu);
}

START_TEST(careless_paddings_are_refused)
{
    static const uint8_t info[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
                                    0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };
    struct test_chance c = test_chance(7);
    uint8_t digest[32] = { 9, 9 }, em[128], right[128];
    struct vectors v;
    vectors_open(&v, "tests/vectors/rsa-keys.txt");
    while (vectors_next(&v))
        if (vectors_is(&v, "bits", "1024"))
            test_rsa_key(&v, &key);                    /* e = 3 */
    ck_assert_uint_eq(key.pub.e[0], 3);

    memset(right, 0xff, sizeof right);
    right[0] = 0;
    right[1] = 1;
    right[76] = 0;
    memcpy(right + 77, info, sizeof info);
    memcpy(right + 96, digest, sizeof digest);
    ck_assert(takes(&c, right, digest));
    for (size_t i = 0; i < sizeof right; i++) {        /* any octet */
        memcpy(em, right, sizeof em);
        em[i] ^= i ? 0x10 : 0x01;
        ck_assert_msg(!takes(&c, em, digest), "octet %zu", i);
    }

    memset(em, 0x55, sizeof em);  /* Bleichenbacher 2006: short padding, rubbish behind the digest */
    memcpy(em, right, 10);
    em[10] = 0;
    memcpy(em + 11, info, sizeof info);
    memcpy(em + 11 + sizeof info, digest, sizeof digest);
    ck_assert(!takes(&c, em, digest));

    memcpy(em, right, sizeof em);                      /* BERserk: the length in the long form */
    em[75] = 0;
    em[76] = 0x30;
    em[77] = 0x81;
    ck_assert(!takes(&c, em, digest));

    memset(em, 0xff, sizeof em);                       /* no DigestInfo at all */
    em[0] = 0;
    em[1] = 1;
    em[95] = 0;
    memcpy(em + 96, digest, sizeof digest);
    ck_assert(!takes(&c, em, digest));
}
END_TEST

START_TEST(a_signature_has_one_length_and_is_below_n)
{
    struct test_chance c = test_chance(8);
    uint8_t digest[32] = { 5 }, sig[RSA_MAX + 1] = { 0 };
    uint64_t s[BN_LIMBS], n[BN_LIMBS];
    test_rsa_2048(&key);
    do                                                 /* until sig + n still has 256 octets */
        digest[1]++;
    while (rsa_sign(&key, &c.chance, HASH_SHA256, digest, sig + 1, &cpu) && sig[1] >= 0x30);
    ck_assert(rsa_verify(&key.pub, HASH_SHA256, digest, sig + 1, 256, &cpu));
    ck_assert(!rsa_verify(&key.pub, HASH_SHA256, digest, sig, 257, &cpu));
    ck_assert(!rsa_verify(&key.pub, HASH_SHA256, digest, sig, 256, &cpu));
    ck_assert(!rsa_verify(&key.pub, HASH_SHA256, digest, sig + 1, 255, &cpu));
    ck_assert(!rsa_verify(&key.pub, HASH_SHA256, digest, sig + 1, 0, &cpu));
    bn_read(s, 32, sig + 1, 256);
    bn_read(n, 32, key.pub.n, 256);
    ck_assert_uint_eq(bn_add(s, s, n, 32), 0);
    bn_write(s, 32, sig + 1, 256);
    ck_assert(!rsa_verify(&key.pub, HASH_SHA256, digest, sig + 1, 256, &cpu));
}
END_TEST

START_TEST(public_keys_have_limits)
{
    test_rsa_2048(&key);
    struct rsa_public pub = key.pub;
    ck_assert(rsa_public_valid(&pub));
    pub.n[255] ^= 1;
    ck_assert(!rsa_public_valid(&pub));                /* even */
    pub = key.pub;
    pub.n[0] = 0;
    ck_assert(!rsa_public_valid(&pub));                /* a zero in front */
    pub = key.pub;
    pub.n_size = 128;
    pub.n[127] |= 1;
    pub.n[0] = 0x80;
    ck_assert(rsa_public_valid(&pub));                 /* 1024 bits */
    pub.n[0] = 0x7f;
    ck_assert(!rsa_public_valid(&pub));                /* 1023 */
    static const struct { uint8_t e[8]; size_t n; bool valid; } es[] = {
        { { 3 }, 1, true }, { { 1 }, 1, false }, { { 4 }, 1, false }, { { 0 }, 1, false },
        { { 1, 0, 1 }, 3, true },
        { { 0, 3 }, 2, false }, { { 1, 0xff, 0xff, 0xff, 0xff }, 5, true }, { { 2, 0, 0, 0, 1 }, 5, false },
        { { 1, 0, 0, 0, 0, 0, 0, 1 }, 8, false }, { { 3 }, 0, false }, { { 3 }, 9, false } };
    for (size_t i = 0; i < sizeof es / sizeof *es; i++) {
        pub = key.pub;
        memcpy(pub.e, es[i].e, 8);
        pub.e_size = es[i].n;
        ck_assert_msg(rsa_public_valid(&pub) == es[i].valid, "e number %zu", i);
    }
}
END_TEST

START_TEST(a_premaster_secret_goes_over)
{
    struct vectors v;
    struct test_chance c = test_chance(9);
    uint8_t secret[PREMASTER], encoded[RSA_MAX], ct[RSA_MAX], have[PREMASTER], em[RSA_MAX];
    vectors_open(&v, "tests/vectors/rsa-keys.txt");
    while (vectors_next(&v)) {
        test_rsa_key(&v, &key);
        size_t n = key.pub.n_size;
        chance_fill(&c.chance, "secret", secret, sizeof secret);
        secret[0] = 3;
        secret[1] = 3;
        ck_assert(rsa_encrypt(&key.pub, &c.chance, secret, sizeof secret, encoded, ct, &cpu));
        ck_assert(rsa_undo(&key, &c.chance, ct, em, &cpu));
        check_bytes(em, encoded, n);
        ck_assert(em[0] == 0 && em[1] == 2 && em[n - 49] == 0);
        ck_assert_msg(memchr(em + 2, 0, n - 51) == NULL, "a zero in the padding");
        ck_assert(rsa_decrypt_premaster(&key, &c.chance, TLS_1_2, ct, n, have, &cpu));
        check_bytes(have, secret, sizeof have);
        ck_assert(!rsa_decrypt_premaster(&key, &c.chance, TLS_1_2, ct, n - 1, have, &cpu));
        ck_assert(!rsa_decrypt_premaster(&key, &c.chance, TLS_1_2, key.pub.n, n, have, &cpu));
        ck_assert(!rsa_encrypt(&key.pub, &c.chance, em, n - 10, encoded, ct, &cpu));
        ck_assert(rsa_encrypt(&key.pub, &c.chance, em, n - 11, encoded, ct, &cpu));
    }
}
END_TEST

/* What comes out for this EM; `secret` is what must not. */
static bool hidden(struct test_chance *c, uint16_t version, const uint8_t *em, const uint8_t *secret)
{
    uint8_t ct[RSA_MAX], have[PREMASTER] = { 0 }, other[PREMASTER] = { 0 };
    ck_assert(rsa_raise(&key.pub, em, ct, &cpu));
    ck_assert(rsa_decrypt_premaster(&key, &c->chance, version, ct, key.pub.n_size, have, &cpu));
    ck_assert(rsa_decrypt_premaster(&key, &c->chance, version, ct, key.pub.n_size, other, &cpu));
    bool differ = memcmp(have, secret, PREMASTER) != 0;
    ck_assert(!sodium_is_zero(have, sizeof have));
    ck_assert_int_eq(memcmp(have, other, PREMASTER) != 0, differ);  /* random ones are not the same twice */
    return differ;
}

START_TEST(a_wrong_premaster_padding_is_not_told)      /* Bleichenbacher 1998, ROBOT; RFC 5246 §7.4.7.1 */
{
    struct test_chance c = test_chance(10);
    uint8_t right[256], em[256], *secret = right + 208;
    test_rsa_2048(&key);
    memset(right, 0xaa, sizeof right);
    right[0] = 0;
    right[1] = 2;
    right[207] = 0;
    right[208] = 3;
    right[209] = 3;
    ck_assert(!hidden(&c, TLS_1_2, right, secret));
    ck_assert(hidden(&c, 0x0301, right, secret));      /* rolled back (§7.4.7.1: the offered version) */
    ck_assert(hidden(&c, 0x0403, right, secret));

    for (size_t i = 0; i < 210; i++) {                 /* header, padding, separator, version */
        memcpy(em, right, sizeof em);
        em[i] = i > 1 && i < 207 ? 0 : (uint8_t)(right[i] ^ 1);
        ck_assert_msg(hidden(&c, TLS_1_2, em, secret), "octet %zu", i);
    }
    memcpy(em, right, sizeof em);
    em[1] = 1;                                         /* the block of a signature */
    ck_assert(hidden(&c, TLS_1_2, em, secret));
    memcpy(em, right, sizeof em);
    memset(em + 2, 0, 205);                            /* no padding at all */
    ck_assert(hidden(&c, TLS_1_2, em, secret));
    for (size_t shift = 1; shift < 4; shift++) {       /* 47 octets or fewer, then 49 or more */
        memcpy(em, right, sizeof em);
        em[207] = 0xaa;
        em[207 + shift] = 0;
        ck_assert(hidden(&c, TLS_1_2, em, secret));
        em[207 + shift] = right[207 + shift];
        em[207 - shift] = 0;
        em[207] = 3;
        ck_assert(hidden(&c, TLS_1_2, em, secret));
    }
    for (size_t i = 210; i < 256; i++) {               /* but the secret may be anything */
        memcpy(em, right, sizeof em);
        em[i] = 0;
        ck_assert(!hidden(&c, TLS_1_2, em, em + 208));
    }
    memset(em, 0, sizeof em);                          /* 0 and 1 are their own powers */
    ck_assert(hidden(&c, TLS_1_2, em, secret));
    em[255] = 1;
    ck_assert(hidden(&c, TLS_1_2, em, secret));
}
END_TEST

static int run(const char *form)
{
    char name[32];
    snprintf(name, sizeof name, "rsa %s", form);
    return cpu_force(&cpu, form) ? check_run(name, (const TTest *[]){
        private_operation_of_wycheproof, keys_of_any_shape_sign,
        a_signature_of_openssl, a_faulty_half_gives_no_signature,
        keys_without_sense_give_no_signature, zeros_in_front_of_the_primes_do_not_matter,
        careless_paddings_are_refused, a_signature_has_one_length_and_is_below_n,
        public_keys_have_limits, a_premaster_secret_goes_over,
        a_wrong_premaster_padding_is_not_told, NULL }) : 0;
}

int main(void) { return run("portable") | run("adx") | run("adx+ifma"); }
