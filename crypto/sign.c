#include "crypto/sign.h"

#include <sodium.h>
#include <string.h>

enum { DER_SEQUENCE = 0x30, DER_INTEGER = 0x02, NUMBER = 32 };

/* INTEGER: without zeros in front, but with one where the number would else be negative (X.690 §8.3). */
static size_t write_integer(const uint8_t number[NUMBER], uint8_t *der)
{
    size_t zeros = 0;
    while (zeros < NUMBER - 1 && number[zeros] == 0)
        zeros++;
    size_t sign = number[zeros] >> 7, n = sign + NUMBER - zeros;
    der[0] = DER_INTEGER;
    der[1] = (uint8_t)n;
    der[2] = 0;                                        /* stays if there is a sign octet */
    memcpy(der + 2 + sign, number + zeros, NUMBER - zeros);
    return 2 + n;
}

size_t ecdsa_write_der(const uint8_t r[32], const uint8_t s[32], uint8_t der[ECDSA_DER_MAX])
{
    size_t n = write_integer(r, der + 2);
    n += write_integer(s, der + 2 + n);
    der[0] = DER_SEQUENCE;
    der[1] = (uint8_t)n;                               /* at most 70: one octet of length */
    return 2 + n;
}

/* Octets read, 0 when this is no INTEGER from 0 to 2^256 - 1 in its one form. */
static size_t read_integer(const uint8_t *der, size_t room, uint8_t number[NUMBER])
{
    if (room < 3 || der[0] != DER_INTEGER || der[1] == 0 || der[1] > NUMBER + 1 || der[1] > room - 2)
        return 0;
    size_t n = der[1];
    const uint8_t *at = der + 2;
    if (at[0] & 0x80)                                  /* negative */
        return 0;
    if (n > 1 && at[0] == 0) {
        if (!(at[1] & 0x80))                           /* a zero too many */
            return 0;
        at++;
        n--;
    }
    if (n > NUMBER)
        return 0;
    memset(number, 0, NUMBER - n);
    memcpy(number + NUMBER - n, at, n);
    return 2 + (size_t)der[1];
}

bool ecdsa_read_der(const uint8_t *der, size_t n, uint8_t r[32], uint8_t s[32])
{
    if (n < 2 || n > ECDSA_DER_MAX || der[0] != DER_SEQUENCE || der[1] != n - 2)
        return false;
    size_t r_size = read_integer(der + 2, n - 2, r), s_size = n - 2 - r_size;
    return r_size > 0 && s_size > 0 && read_integer(der + 2 + r_size, s_size, s) == s_size;
}

bool key_verify(const struct public_key *key, enum hash_kind kind, const uint8_t *digest,
                const uint8_t *sig, size_t n)
{
    uint8_t r[32], s[32];
    switch (key->kind) {
    case KEY_RSA:
        return rsa_verify(&key->u.rsa, kind, digest, sig, n);
    case KEY_P256:
        return ecdsa_read_der(sig, n, r, s) && p256_verify(key->u.p256, digest, hash_size(kind), r, s);
    case KEY_NONE:
        break;
    }
    return false;
}

size_t key_sign(const struct private_key *key, struct chance *chance, enum hash_kind kind,
                const uint8_t *digest, uint8_t *sig)
{
    uint8_t r[32], s[32];
    switch (key->pub.kind) {
    case KEY_RSA:
        return rsa_sign(&key->u.rsa, chance, kind, digest, sig) ? key->u.rsa.pub.n_size : 0;
    case KEY_P256:
        if (!p256_scalar_valid(key->u.p256))
            return 0;
        p256_sign(key->u.p256, digest, hash_size(kind), r, s);
        return ecdsa_write_der(r, s, sig);
    case KEY_NONE:
        break;
    }
    return 0;
}

/* Blinding guards against messages that others choose. That of key_matches is ours: any octets will do. */
static void fill_ones(struct chance *chance, const char *purpose, void *out, size_t n)
{
    (void)chance;
    (void)purpose;
    memset(out, 1, n);
}

bool key_matches(const struct private_key *key, const struct public_key *pub)
{
    struct chance ones = { fill_ones };
    uint8_t digest[HASH_MAX] = { 0 }, sig[SIGNATURE_MAX], point[65];
    if (key->pub.kind != pub->kind)
        return false;
    switch (pub->kind) {
    case KEY_RSA:
        return key_sign(key, &ones, HASH_SHA256, digest, sig) > 0
            && key_verify(pub, HASH_SHA256, digest, sig, key->u.rsa.pub.n_size);
    case KEY_P256:
        return p256_public(key->u.p256, point) && memcmp(point, pub->u.p256, sizeof point) == 0;
    case KEY_NONE:
        break;
    }
    return false;
}

unsigned key_bits(const struct public_key *key)
{
    unsigned bits;
    switch (key->kind) {
    case KEY_RSA:
        bits = 8 * (unsigned)key->u.rsa.n_size;
        for (unsigned top = key->u.rsa.n[0]; bits > 0 && !(top & 0x80); top <<= 1)
            bits--;
        return bits;
    case KEY_P256:
        return 256;
    case KEY_NONE:
        break;
    }
    return 0;
}

void key_wipe(struct private_key *key)
{
    sodium_memzero(key, sizeof *key);
}
