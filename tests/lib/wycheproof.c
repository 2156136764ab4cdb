#include "tests/lib/wycheproof.h"
#include "crypto/aead.h"
#include "crypto/hmac.h"
#include "crypto/rsa_number.h"
#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/rsa_keys.h"
#include "tls/x509/parts.h"

#include <string.h>

enum { ROOM = 8192, TLS_1_2 = 0x0303, PREMASTER = 48 };

static enum ruling ruling_of(bool accepted) { return accepted ? ACCEPTED : REFUSED; }
static bool valid(const struct vectors *v) { return vectors_is(v, "result", "valid"); }

/* --- Symmetric --- */

/* Nonces have 12 octets (RFC 5288 §3, RFC 7905 §2), keys of AES 16 or 32. */
enum ruling judge_aead(const struct vectors *v, int kind, const struct cpu *cpu)
{
    static uint8_t key[ROOM], nonce[ROOM], aad[ROOM], text[ROOM], sealed[ROOM], data[ROOM];
    uint8_t tag[AEAD_TAG], made[AEAD_TAG];
    struct aead a;
    const size_t key_n = vectors_hex(v, "key", key, ROOM), aad_n = vectors_hex(v, "aad", aad, ROOM),
                 text_n = vectors_hex(v, "msg", text, ROOM), n = vectors_hex(v, "ct", sealed, ROOM);
    if (vectors_hex(v, "iv", nonce, ROOM) != AEAD_NONCE)
        return NOT_OURS;
    if (kind != AEAD_CHACHA20_POLY1305)
        kind = key_n == 16 ? AEAD_AES_128_GCM : AEAD_AES_256_GCM;
    if (key_n != aead_key_size((enum aead_kind)kind))
        return NOT_OURS;
    ck_assert_uint_eq(vectors_hex(v, "tag", tag, sizeof tag), sizeof tag);
    aead_set_key(&a, (enum aead_kind)kind, key, cpu);
    memcpy(data, sealed, n);
    if (!aead_open(&a, nonce, aad, aad_n, data, n, tag))
        return REFUSED;
    ck_assert_msg(n == text_n && memcmp(data, text, n) == 0, "%s", vectors_where(v));
    aead_seal(&a, nonce, aad, aad_n, data, n, made);
    ck_assert_msg(memcmp(data, sealed, n) == 0 && memcmp(made, tag, sizeof tag) == 0, "%s", vectors_where(v));
    return ACCEPTED;
}

/* Octets without the padding of RFC 8018 §6.1.1 step 4; false: it is none. */
static bool without_padding(const uint8_t *data, size_t *n)
{
    const size_t padding = *n ? data[*n - 1] : 0;
    if (padding < 1 || padding > AES_BLOCK || padding > *n)
        return false;
    for (size_t i = 0; i < padding; i++)
        if (data[*n - 1 - i] != padding)
            return false;
    *n -= padding;
    return true;
}

/* The cipher is ours; the padding of these files, which is not that of TLS, is taken off here. */
enum ruling judge_cbc(const struct vectors *v, int kind, const struct cpu *cpu)
{
    (void)kind;
    static uint8_t text[ROOM], sealed[ROOM], data[ROOM];
    uint8_t key[32], iv[AES_BLOCK];
    struct aes_key k;
    const size_t key_n = vectors_hex(v, "key", key, sizeof key), text_n = vectors_hex(v, "msg", text, ROOM),
                 whole = vectors_hex(v, "ct", sealed, ROOM);
    size_t n = whole;
    if (key_n != 16 && key_n != 32)
        return NOT_OURS;
    ck_assert(vectors_hex(v, "iv", iv, sizeof iv) == sizeof iv && n % AES_BLOCK == 0);
    aes_set_key(&k, key, key_n, cpu);
    memcpy(data, sealed, n);
    aes_cbc_decrypt(&k, iv, data, n);
    if (!without_padding(data, &n))
        return REFUSED;
    ck_assert_msg(n == text_n && memcmp(data, text, n) == 0, "%s", vectors_where(v));
    aes_cbc_encrypt(&k, iv, data, whole);
    ck_assert_msg(memcmp(data, sealed, whole) == 0, "%s", vectors_where(v));
    return ACCEPTED;
}

/* Some tags are cut short. */
enum ruling judge_hmac(const struct vectors *v, int kind, const struct cpu *cpu)
{
    static uint8_t key[ROOM], text[ROOM];
    uint8_t tag[HASH_MAX], mac[HASH_MAX];
    const size_t key_n = vectors_hex(v, "key", key, ROOM), n = vectors_hex(v, "msg", text, ROOM),
                 tag_n = vectors_hex(v, "tag", tag, sizeof tag);
    ck_assert(tag_n >= 10 && tag_n <= hash_size((enum hash_kind)kind));
    hmac_of((enum hash_kind)kind, key, key_n, text, n, mac, cpu);
    return ruling_of(memcmp(mac, tag, tag_n) == 0);
}

/* --- Agreeing on a secret --- */

/* A number of any length, as `size` octets. */
static void take_scalar(const struct vectors *v, uint8_t *scalar, size_t size)
{
    uint8_t number[CURVE_SCALAR_MAX];
    const size_t n = test_number(v, "private", number, size);
    memset(scalar, 0, size);
    memcpy(scalar + size - n, number, n);
}

static enum ruling judge_point(const struct vectors *v, const struct curve *c, const uint8_t *point, size_t n,
                               const struct cpu *cpu)
{
    uint8_t scalar[CURVE_SCALAR_MAX], want[CURVE_SCALAR_MAX], x[CURVE_SCALAR_MAX];
    take_scalar(v, scalar, c->octets);
    if (!curve_shared(c, scalar, point, n, x, cpu))
        return REFUSED;
    if (valid(v)) {
        ck_assert_uint_eq(vectors_hex(v, "shared", want, sizeof want), c->octets);
        ck_assert_msg(memcmp(x, want, c->octets) == 0, "%s", vectors_where(v));
    }
    return ACCEPTED;
}

enum ruling judge_ecdh(const struct vectors *v, int kind, const struct cpu *cpu)
{
    static uint8_t point[ROOM];
    return judge_point(v, key_curve((enum key_kind)kind), point, vectors_hex(v, "public", point, ROOM), cpu);
}

/* The other side's key as SubjectPublicKeyInfo: what reads certificates reads it (RFC 5480 §2). */
enum ruling judge_ecdh_spki(const struct vectors *v, int kind, const struct cpu *cpu)
{
    static uint8_t spki[ROOM];
    static struct x509_cert cert;
    const struct curve *c = key_curve((enum key_kind)kind);
    struct wire_in in = wire_over(spki, vectors_hex(v, "public", spki, ROOM), NULL);
    cert = (struct x509_cert){ 0 };
    x509_take_key(&in, &cert);
    if (in.failed || in.at != in.end || (int)cert.key.kind != kind)
        return REFUSED;
    return judge_point(v, c, cert.key.u.ec, 1 + 2 * c->octets, cpu);
}

/* Every public value is one; what is refused is a secret of zeros (RFC 7748 §6.1, RFC 8422 §5.11). */
enum ruling judge_x25519(const struct vectors *v, int kind, const struct cpu *cpu)
{
    (void)kind;
    uint8_t scalar[32], point[32], want[32], secret[32];
    vectors_hex(v, "private", scalar, sizeof scalar);
    vectors_hex(v, "public", point, sizeof point);
    vectors_hex(v, "shared", want, sizeof want);
    const bool made = x25519_shared(scalar, point, secret, cpu);
    ck_assert_msg(memcmp(secret, want, sizeof want) == 0, "%s", vectors_where(v));
    return ruling_of(made);
}

/* --- Signatures --- */

static enum ruling judge_signature(const struct vectors *v, const struct public_key *key, struct sign_scheme scheme,
                                   const struct cpu *cpu)
{
    static uint8_t text[ROOM], sig[ROOM];
    const size_t n = vectors_hex(v, "msg", text, ROOM), sig_n = vectors_hex(v, "sig", sig, ROOM);
    return ruling_of(key_verify(key, scheme, text, n, sig, sig_n, cpu));
}

/* kind: the curve's key_kind, and the hash_kind times 16. */
enum ruling judge_ecdsa(const struct vectors *v, int kind, const struct cpu *cpu)
{
    struct public_key key = { .kind = (enum key_kind)(kind % 16) };
    ck_assert_uint_eq(vectors_hex(v, "publicKey.uncompressed", key.u.ec, sizeof key.u.ec), key_point_size(key.kind));
    return judge_signature(v, &key, (struct sign_scheme){ SIGN_ECDSA, (enum hash_kind)(kind / 16) }, cpu);
}

enum ruling judge_ed25519(const struct vectors *v, int kind, const struct cpu *cpu)
{
    (void)kind;
    struct public_key key = { .kind = KEY_ED25519 };
    ck_assert_uint_eq(vectors_hex(v, "publicKey.pk", key.u.ed25519, sizeof key.u.ed25519), ED25519_KEY);
    return judge_signature(v, &key, (struct sign_scheme){ .kind = SIGN_ED25519 }, cpu);
}

static enum ruling judge_rsa(const struct vectors *v, enum sign_kind scheme, int hash, const struct cpu *cpu)
{
    static struct public_key key;
    key = (struct public_key){ .kind = KEY_RSA };
    key.u.rsa.n_size = test_number(v, "publicKey.modulus", key.u.rsa.n, sizeof key.u.rsa.n);
    key.u.rsa.e_size = test_number(v, "publicKey.publicExponent", key.u.rsa.e, sizeof key.u.rsa.e);
    ck_assert_msg(rsa_public_valid(&key.u.rsa), "%s", vectors_where(v));
    return judge_signature(v, &key, (struct sign_scheme){ scheme, (enum hash_kind)hash }, cpu);
}

enum ruling judge_rsa_signature(const struct vectors *v, int kind, const struct cpu *cpu)
{
    return judge_rsa(v, SIGN_PKCS1, kind, cpu);
}

enum ruling judge_pss(const struct vectors *v, int kind, const struct cpu *cpu)
{
    return judge_rsa(v, SIGN_PSS, kind, cpu);
}

/* --- RSAES-PKCS1-v1_5 --- */

/* RFC 8017 §7.2.2 step 3, in the open: nobody listens here. False: decryption error. */
static bool open_padding(const uint8_t *em, size_t n, size_t *message)
{
    size_t at = 2;
    while (at < n && em[at] != 0)
        at++;
    *message = at + 1;
    return em[0] == 0 && em[1] == 2 && at < n && at >= 10;
}

/* There is no decryption here that says whether the padding was right: only rsa_decrypt_premaster (RFC 5246 §7.4.7.1).
 * To it all of these texts are wrong, since none has 48 octets: it must put random ones in their place. What is
 * accepted or refused is what the private operation underneath gives, by the padding that is found in it. */
enum ruling judge_pkcs1(const struct vectors *v, int kind, const struct cpu *cpu)
{
    (void)kind;
    static struct rsa_private key;
    static uint8_t ct[ROOM], text[ROOM];
    uint8_t em[RSA_MAX], secret[PREMASTER] = { 0 };
    struct test_chance chance = test_chance(1);
    test_rsa_key(v, &key);
    const size_t n = vectors_hex(v, "ct", ct, ROOM), text_n = vectors_hex(v, "msg", text, ROOM);
    const bool whole = n == key.pub.n_size && memcmp(ct, key.pub.n, n) < 0;
    size_t at;
    ck_assert_msg(rsa_decrypt_premaster(&key, &chance.chance, TLS_1_2, ct, n, secret, cpu) == whole, "%s",
                  vectors_where(v));
    ck_assert(text_n != sizeof secret);
    if (!whole)
        return REFUSED;
    ck_assert_msg(ct_tell(rsa_undo(&key, &chance.chance, ct, em, cpu)), "%s", vectors_where(v));
    ck_assert_msg(memcmp(em + n - sizeof secret, secret, sizeof secret) != 0, "%s", vectors_where(v));
    if (!open_padding(em, n, &at))
        return REFUSED;
    return ruling_of(n - at == text_n && memcmp(em + at, text, text_n) == 0);
}
