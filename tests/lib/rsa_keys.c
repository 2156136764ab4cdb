#include "tests/lib/rsa_keys.h"
#include "tests/lib/check.h"

#include <string.h>

size_t test_number(const struct vectors *v, const char *column, uint8_t *to, size_t room)
{
    uint8_t octets[RSA_MAX + 8];
    size_t n = vectors_hex(v, column, octets, sizeof octets), zeros = 0;
    while (zeros < n && octets[zeros] == 0)
        zeros++;
    ck_assert_uint_le(n - zeros, room);
    memcpy(to, octets + zeros, n - zeros);
    return n - zeros;
}

static void half_number(const struct vectors *v, const char *column, struct rsa_private *key, uint8_t *to)
{
    uint8_t octets[RSA_MAX / 2];
    size_t n = test_number(v, column, octets, key->half);
    memset(to, 0, key->half);
    memcpy(to + key->half - n, octets, n);
}

void test_rsa_key(const struct vectors *v, struct rsa_private *key)
{
    *key = (struct rsa_private){ 0 };
    uint8_t octets[RSA_MAX / 2];
    key->pub.n_size = test_number(v, "privateKey.modulus", key->pub.n, sizeof key->pub.n);
    key->pub.e_size = test_number(v, "privateKey.publicExponent", key->pub.e, sizeof key->pub.e);
    size_t p = test_number(v, "privateKey.prime1", octets, sizeof octets);
    size_t q = test_number(v, "privateKey.prime2", octets, sizeof octets);
    key->half = p > q ? p : q;
    half_number(v, "privateKey.prime1", key, key->p);
    half_number(v, "privateKey.prime2", key, key->q);
    half_number(v, "privateKey.exponent1", key, key->dp);
    half_number(v, "privateKey.exponent2", key, key->dq);
    half_number(v, "privateKey.coefficient", key, key->qinv);
}

void test_rsa_2048(struct rsa_private *key)
{
    struct vectors v;
    vectors_open(&v, "tests/vectors/rsa-keys.txt");
    while (vectors_next(&v))
        if (vectors_is(&v, "bits", "2048"))
            test_rsa_key(&v, key);
    ck_assert_uint_eq(key->pub.n_size, 256);
}
