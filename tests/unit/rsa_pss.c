#include "crypto/rsa.h"
#include "crypto/rsa_number.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/rsa_keys.h"

#include <string.h>

static struct rsa_private key;

/* Moduli whose bits are a whole number of octets, or one more: EM is then shorter. */
START_TEST(keys_of_any_shape_sign)
{
    static const enum hash_kind hashes[] = { HASH_SHA1, HASH_SHA256, HASH_SHA384, HASH_SHA512 };
    struct vectors v;
    struct test_chance c = test_chance(2);
    uint8_t digest[HASH_MAX], sig[RSA_MAX], again[RSA_MAX];
    vectors_open(&v, "tests/vectors/rsa-keys.txt");
    while (vectors_next(&v)) {
        test_rsa_key(&v, &key);
        const size_t n = key.pub.n_size;
        for (size_t i = 0; i < 4; i++) {
            chance_fill(&c.chance, "digest", digest, sizeof digest);
            bool room = n > 130 || hashes[i] != HASH_SHA512;           /* EM must have 130 octets: more than 1033 bits */
            ck_assert_msg(rsa_sign_pss(&key, &c.chance, hashes[i], digest, sig,
                                       NULL) == room, "%s", vectors_where(&v));
            ck_assert_msg(rsa_verify_pss(&key.pub, hashes[i], digest, sig, n, NULL) == room, "%s", vectors_where(&v));
            if (!room)
                continue;
            ck_assert(rsa_sign_pss(&key, &c.chance, hashes[i], digest, again, NULL));
            ck_assert(memcmp(sig, again, n) != 0);     /* another salt */
            ck_assert(!rsa_verify_pss(&key.pub, hashes[(i + 1) % 4], digest, sig, n, NULL));
            ck_assert(!rsa_verify_pss(&key.pub, hashes[i], digest, sig, n - 1, NULL));
            ck_assert(!rsa_verify(&key.pub, hashes[i], digest, sig, n, NULL));
            digest[hash_size(hashes[i]) - 1] ^= 1;
            ck_assert(!rsa_verify_pss(&key.pub, hashes[i], digest, sig, n, NULL));
        }
    }
}
END_TEST

/* EM is made as §9.1.1 says, then spoilt in one place and raised to d: the signature of a careless or hostile holder of
 * the key. One bit anywhere must be noticed: in zeros, 01, salt, H, bc, and those in front of emBits. */
START_TEST(every_octet_of_em_is_looked_at)
{
    struct vectors v;
    struct test_chance c = test_chance(3);
    uint8_t digest[32] = { 5 }, sig[RSA_MAX], em[RSA_MAX], bad[RSA_MAX];
    vectors_open(&v, "tests/vectors/rsa-keys.txt");
    while (vectors_next(&v)) {
        if (!vectors_is(&v, "bits", "1024") && !vectors_is(&v, "bits", "1033"))
            continue;
        test_rsa_key(&v, &key);
        const size_t n = key.pub.n_size;
        ck_assert(rsa_sign_pss(&key, &c.chance, HASH_SHA256, digest, sig, NULL));
        ck_assert(ct_tell(rsa_raise(&key.pub, sig, em, NULL)));
        ck_assert_uint_eq(em[n - 1], 0xbc);
        for (size_t i = 0; i < n; i++) {
            em[i] ^= 1;
            if (memcmp(em, key.pub.n, n) < 0) {
                ck_assert(ct_tell(rsa_undo(&key, &c.chance, em, bad, NULL)));
                ck_assert_msg(!rsa_verify_pss(&key.pub, HASH_SHA256, digest, bad, n, NULL), "octet %zu", i);
            }
            em[i] ^= 1;
        }
        ck_assert(ct_tell(rsa_undo(&key, &c.chance, em, bad, NULL)));
        ck_assert(rsa_verify_pss(&key.pub, HASH_SHA256, digest, bad, n, NULL));
    }
}
END_TEST

START_TEST(a_faulty_half_gives_no_signature)           /* Lenstra, as in rsa.c */
{
    struct test_chance c = test_chance(4);
    uint8_t digest[32] = { 1 }, sig[RSA_MAX], zeros[RSA_MAX] = { 0 };
    test_rsa_2048(&key);
    uint8_t *const parts[] = { key.p, key.q, key.dp, key.dq, key.qinv };
    for (size_t part = 0; part < 5; part++) {
        parts[part][40] ^= 4;
        memset(sig, 7, sizeof sig);
        ck_assert(!rsa_sign_pss(&key, &c.chance, HASH_SHA256, digest, sig, NULL));
        check_bytes(sig, zeros, key.pub.n_size);
        parts[part][40] ^= 4;
    }
    ck_assert(rsa_sign_pss(&key, &c.chance, HASH_SHA256, digest, sig, NULL));
}
END_TEST

int main(void)
{
    return check_run("rsa_pss", (const TTest *[]){ keys_of_any_shape_sign,
                                                   every_octet_of_em_is_looked_at, a_faulty_half_gives_no_signature, NULL });
}
