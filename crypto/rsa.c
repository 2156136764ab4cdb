/* PKCS #1 v1.5 over the numbers of rsa_number.h. EM is the encoded message, n_size octets (RFC 8017
 * §9.2, §7.2.1):
 *     signature     00 01 FF ... FF 00 DigestInfo digest
 *     encryption    00 02 random    00 data          (eight or more random octets, none zero) */
#include "crypto/rsa.h"
#include "crypto/ct.h"
#include "crypto/rsa_number.h"

#include <sodium.h>
#include <string.h>

enum { PADDING_MIN = 8, PREMASTER = 48 };

/* DER in front of the digest: SEQUENCE { SEQUENCE { algorithm, NULL }, OCTET STRING of so many octets }
 * (RFC 8017 §9.2 note 1). */
static const struct digest_info { size_t n; uint8_t octets[19]; } digest_infos[] = {
    [HASH_SHA1] = { 15, { 0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a,
                          0x05, 0x00, 0x04, 0x14 } },
    [HASH_SHA256] = { 19, { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
                            0x02, 0x01, 0x05, 0x00, 0x04, 0x20 } },
    [HASH_SHA384] = { 19, { 0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
                            0x02, 0x02, 0x05, 0x00, 0x04, 0x30 } },
    [HASH_SHA512] = { 19, { 0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
                            0x02, 0x03, 0x05, 0x00, 0x04, 0x40 } },
};

/* The only encoding that a signature of this digest may have. The smallest key has room for the longest:
 * 128 >= 11 + 19 + 64. */
static void encode_signature(enum hash_kind kind, const uint8_t *digest, uint8_t *em, size_t n)
{
    const struct digest_info *info = &digest_infos[kind];
    uint8_t *digest_at = em + n - hash_size(kind), *info_at = digest_at - info->n;
    memset(em, 0xff, n);
    em[0] = 0;
    em[1] = 1;
    info_at[-1] = 0;
    memcpy(info_at, info->octets, info->n);
    memcpy(digest_at, digest, hash_size(kind));
}

bool rsa_verify(const struct rsa_public *key, enum hash_kind kind, const uint8_t *digest,
                const uint8_t *sig, size_t sig_n, const struct cpu *cpu)
{
    uint8_t want[RSA_MAX], have[RSA_MAX];
    if (!rsa_public_valid(key) || sig_n != key->n_size)
        return false;
    encode_signature(kind, digest, want, key->n_size);
    ct_mask right = rsa_raise_public(key, sig, have, cpu) & ct_same(have, want, key->n_size);
    return ct_tell(right);                             /* the answer; all of this is public */
}

bool rsa_sign(const struct rsa_private *key, struct chance *chance, enum hash_kind kind,
              const uint8_t *digest, uint8_t *sig, const struct cpu *cpu)
{
    uint8_t em[RSA_MAX];
    if (!rsa_public_valid(&key->pub))
        return false;
    encode_signature(kind, digest, em, key->pub.n_size);
    return ct_tell(rsa_undo(key, chance, em, sig, cpu));    /* anybody can see whether a signature is right */
}

/* n octets, each from 1 to 255 with the same chance. */
static void fill_nonzero(struct chance *chance, uint8_t *to, size_t n)
{
    chance_fill(chance, "rsa_padding", to, n);
    for (size_t i = 0; i < n; i++)
        while (ct_tell(ct_zero(to[i])))  /* that a zero was thrown away says nothing on what stays */
            chance_fill(chance, "rsa_padding", &to[i], 1);
}

bool rsa_encrypt(const struct rsa_public *key, struct chance *chance, const uint8_t *data, size_t n,
                 uint8_t *encoded, uint8_t *out, const struct cpu *cpu)
{
    if (!rsa_public_valid(key) || n > key->n_size - PADDING_MIN - 3)
        return false;
    size_t padding = key->n_size - 3 - n;
    encoded[0] = 0;
    encoded[1] = 2;
    fill_nonzero(chance, encoded + 2, padding);
    encoded[2 + padding] = 0;
    memcpy(encoded + 3 + padding, data, n);
    rsa_raise(key, encoded, out, cpu);                      /* it begins with 00, the modulus does not: it is below */
    return true;
}

/* A premaster secret has one length, so every octet of EM has one place, and all are looked at, whatever
 * the first ones were. */
static ct_mask premaster_padding(const uint8_t *em, size_t n, uint16_t version)
{
    const uint8_t *secret = em + n - PREMASTER;
    ct_mask right = ct_zero(em[0]) & ct_equal(em[1], 2) & ct_zero(secret[-1]);
    for (const uint8_t *at = em + 2; at < secret - 1; at++)
        right &= ct_nonzero(*at);
    return right & ct_equal(secret[0], version >> 8) & ct_equal(secret[1], version & 0xff);
}

bool rsa_decrypt_premaster(const struct rsa_private *key, struct chance *chance, uint16_t version,
                           const uint8_t *in, size_t n, uint8_t pre_master_secret[48], const struct cpu *cpu)
{
    uint8_t em[RSA_MAX], random[PREMASTER];
    if (!rsa_public_valid(&key->pub) || n != key->pub.n_size || memcmp(in, key->pub.n, n) >= 0)
        return false;                                  /* same length: memcmp compares the numbers */
    chance_fill(chance, "pre_master_secret", random, sizeof random);  /* always, before anything is known */
    ct_mask right = rsa_undo(key, chance, in, em, cpu) & premaster_padding(em, n, version);
    memcpy(pre_master_secret, random, PREMASTER);
    ct_copy_if(right, pre_master_secret, em + n - PREMASTER, PREMASTER);
    sodium_memzero(em, sizeof em);
    sodium_memzero(random, sizeof random);
    return true;
}
