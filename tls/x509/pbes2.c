#include "tls/x509/pbes2.h"
#include "crypto/aes.h"
#include "crypto/stretch.h"
#include "tls/x509/put_parts.h"

#include <sodium.h>
#include <string.h>

static const struct ground key_file     = { "x509.key_file",     "RFC 5958 §2" };
static const struct ground key_cipher   = { "x509.key_cipher",   "RFC 8018 §6.2" };
static const struct ground key_work     = { "x509.key_work",     "RFC 8018 §4.2" };
static const struct ground key_password = { "x509.key_password", "RFC 8018 §6.2.2" };

enum { KEY_MAX = 32, SALT = 16 };

struct pbes2 { struct stretch stretch; uint8_t iv[AES_BLOCK]; size_t key_n; struct bytes data; };

/* ---- reading ---- */

static bool refuse_cipher(struct fault *why, const char *expected, const struct bytes *oid)
{
    char words[OID_TEXT];
    return refuse_about(why, &key_cipher, "encrypted private key", expected, "%s", x509_oid_text(oid, words));
}

/* INTEGER >= 0; what has more than eight octets counts as the most there is. */
static uint64_t take_number(struct wire_in *in, const char *name)
{
    struct bytes number = der_take_uint(in, name);
    uint64_t n = number.n > 8 ? UINT64_MAX : 0;
    for (size_t i = 0; i < number.n && number.n <= 8; i++)
        n = n << 8 | number.at[i];
    return n;
}

/* AlgorithmIdentifier with parameters NULL or none. */
static struct bytes take_bare_algorithm(struct wire_in *in, const char *name)
{
    struct wire_in algorithm = der_open(in, name, DER_SEQUENCE);
    struct bytes oid = der_take_oid(&algorithm, "algorithm");
    if (algorithm.at < algorithm.end)
        der_take(&algorithm, "parameters", DER_NULL);
    wire_close(in, &algorithm);
    return oid;
}

static bool hash_of_prf(const struct bytes *oid, enum hash_kind *hash)
{
    static const enum x509_oid prfs[] = { [HASH_SHA1] = OID_HMAC_SHA1, [HASH_SHA256] = OID_HMAC_SHA256,
                                          [HASH_SHA384] = OID_HMAC_SHA384, [HASH_SHA512] = OID_HMAC_SHA512 };
    const enum x509_oid prf = x509_oid_of(oid);
    for (*hash = HASH_SHA1; *hash < HASH_SHA512 && prfs[*hash] != prf; (*hash)++)
        ;
    return prfs[*hash] == prf;
}

static void take_key_length(struct wire_in *in, struct pbes2 *p)
{
    if (!der_next_is(in, DER_INTEGER))
        return;
    p->key_n = der_take_small(in, "key_length");
    if (p->key_n == 0)                                 /* which is "not said" here */
        wire_fail(in, "key_length");
}

/* PBKDF2-params, RFC 8018 §A.2. Without a prf it is HMAC-SHA-1. */
static bool take_pbkdf2(struct wire_in *in, struct pbes2 *p, struct fault *why)
{
    struct wire_in params = der_open(in, "parameters", DER_SEQUENCE);
    struct bytes salt = der_take(&params, "salt", DER_OCTET_STRING), prf = { 0 };
    p->stretch.iterations = take_number(&params, "iteration_count");
    take_key_length(&params, p);
    if (der_next_is(&params, DER_SEQUENCE))
        prf = take_bare_algorithm(&params, "prf");
    wire_close(in, &params);
    p->stretch.salt = salt.at;
    p->stretch.salt_n = salt.n;
    return in->failed || !prf.n || hash_of_prf(&prf, &p->stretch.hash)
        || refuse_cipher(why, "HMAC over SHA-1, SHA-256, SHA-384 or SHA-512", &prf);
}

/* scrypt-params, RFC 7914 §7.1 */
static void take_scrypt(struct wire_in *in, struct pbes2 *p)
{
    struct wire_in params = der_open(in, "parameters", DER_SEQUENCE);
    struct bytes salt = der_take(&params, "salt", DER_OCTET_STRING);
    p->stretch = (struct stretch){ .scrypt = true, .salt = salt.at, .salt_n = salt.n };
    p->stretch.n = take_number(&params, "cost_parameter");
    p->stretch.r = take_number(&params, "block_size");
    p->stretch.p = take_number(&params, "parallelization_parameter");
    take_key_length(&params, p);
    wire_close(in, &params);
}

static bool take_derivation(struct wire_in *in, struct pbes2 *p, struct fault *why)
{
    struct wire_in function = der_open(in, "key_derivation_func", DER_SEQUENCE);
    struct bytes oid = der_take_oid(&function, "algorithm");
    bool known = true;
    if (x509_oid_of(&oid) == OID_PBKDF2)
        known = take_pbkdf2(&function, p, why);
    else if (x509_oid_of(&oid) == OID_SCRYPT)
        take_scrypt(&function, p);
    else if (!function.failed)
        return refuse_cipher(why, "a key made by PBKDF2 or scrypt", &oid);
    wire_close(in, &function);
    return known;
}

/* AES-CBC-Parameter ::= the initialization vector (RFC 8018 §B.2.5). */
static bool take_cipher(struct wire_in *in, struct pbes2 *p, struct fault *why)
{
    struct wire_in scheme = der_open(in, "encryption_scheme", DER_SEQUENCE);
    struct bytes oid = der_take_oid(&scheme, "algorithm");
    const enum x509_oid cipher = x509_oid_of(&oid);
    const size_t key_n = cipher == OID_AES_128_CBC ? 16 : cipher == OID_AES_256_CBC ? 32 : 0;
    if (!scheme.failed && !key_n)
        return refuse_cipher(why, "AES-128 or AES-256 in CBC mode", &oid);
    struct bytes iv = der_take(&scheme, "aes_iv", DER_OCTET_STRING);
    if (iv.n != AES_BLOCK || (p->key_n && p->key_n != key_n))
        wire_fail(&scheme, iv.n != AES_BLOCK ? "aes_iv" : "key_length");
    else
        memcpy(p->iv, iv.at, AES_BLOCK);
    p->key_n = key_n;
    wire_close(in, &scheme);
    return true;
}

/* EncryptedPrivateKeyInfo: PBES2-params (RFC 8018 §A.4), then what is encrypted. */
static bool take_all(struct wire_in *in, struct pbes2 *p, struct fault *why)
{
    struct wire_in seq = der_open(in, "encrypted_private_key_info", DER_SEQUENCE);
    struct wire_in algorithm = der_open(&seq, "encryption_algorithm", DER_SEQUENCE);
    struct bytes oid = der_take_oid(&algorithm, "algorithm");
    if (!algorithm.failed && x509_oid_of(&oid) != OID_PBES2)
        return refuse_cipher(why, "PBES2", &oid);
    struct wire_in params = der_open(&algorithm, "parameters", DER_SEQUENCE);
    if (!take_derivation(&params, p, why) || !take_cipher(&params, p, why))
        return false;
    wire_close(&algorithm, &params);
    wire_close(&seq, &algorithm);
    p->data = der_take(&seq, "encrypted_data", DER_OCTET_STRING);
    if (p->data.n == 0 || p->data.n % AES_BLOCK)
        wire_fail(&seq, "encrypted_data");
    wire_close(in, &seq);
    if (in->at < in->end)
        wire_fail(in, "encrypted_private_key_info");
    return !in->failed || refuse_about(why, &key_file, "private key", "an EncryptedPrivateKeyInfo (PKCS #8)",
                                       "it breaks the rules at: %s", in->failed);
}

static bool within_limits(const struct pbes2 *p, uint64_t most, struct fault *why)
{
    const uint64_t work = stretch_work(&p->stretch, p->key_n), memory = stretch_memory(&p->stretch);
    if (work == 0)
        return refuse_about(why, &key_file, "encrypted private key", "at least one iteration", "none");
    if (work > most)
        return refuse_about(why, &key_work, "encrypted private key", "work of a few seconds (4,000,000 rounds at most)",
                            "%llu rounds", (unsigned long long)work);
    return memory <= PBES2_MEMORY_MAX
        || refuse_about(why, &key_work, "encrypted private key", "at most 64 MiB of memory", "%llu MiB",
                        (unsigned long long)(memory >> 20));
}

/* Octets without the padding (RFC 8018 §6.1.1 step 4), as many as there is of the key in front of it; 0: this is no
 * padding, or no key (SEQUENCE of all of it, that begins with a small INTEGER). */
static size_t key_size(const uint8_t *at, size_t n)
{
    const size_t padding = at[n - 1];
    if (padding < 1 || padding > AES_BLOCK)
        return 0;
    for (size_t i = 0; i < padding; i++)
        if (at[n - 1 - i] != padding)
            return 0;
    struct wire_in in = wire_over(at, n - padding, NULL), seq = der_open(&in, "private_key_info", DER_SEQUENCE);
    der_take_small(&seq, "version");
    return seq.failed || in.failed || in.at < in.end ? 0 : n - padding;
}

size_t pbes2_open(const struct der *der, struct bytes password, uint64_t work_most, uint8_t *out, struct fault *why)
{
    struct pbes2 p = { .stretch.hash = HASH_SHA1 };
    struct wire_in in = wire_over(der->at, der->n, NULL);
    uint8_t key[KEY_MAX];
    struct aes_key aes;
    if (!take_all(&in, &p, why) || !within_limits(&p, work_most ? work_most : PBES2_WORK_MAX, why))
        return 0;
    if (!stretch_key(&p.stretch, password.at, password.n, key, p.key_n, NULL)) {
        refuse_about(why, &key_file, "encrypted private key", "numbers that scrypt takes (RFC 7914 §2), and memory",
                     "N %llu, r %llu, p %llu", (unsigned long long)p.stretch.n, (unsigned long long)p.stretch.r,
                     (unsigned long long)p.stretch.p);
        return 0;
    }
    aes_set_key(&aes, key, p.key_n, NULL);
    memcpy(out, p.data.at, p.data.n);
    aes_cbc_decrypt(&aes, p.iv, out, p.data.n);
    sodium_memzero(key, sizeof key);
    sodium_memzero(&aes, sizeof aes);
    size_t n = key_size(out, p.data.n);
    if (n)
        return n;
    sodium_memzero(out, p.data.n);
    refuse_about(why, &key_password, "encrypted private key", "the pass phrase it was encrypted with", "another one");
    return 0;
}

/* ---- writing ---- */

static void put_derivation(struct wire_out *w, const struct stretch *s)
{
    uint8_t count[4] = { (uint8_t)(s->iterations >> 24), (uint8_t)(s->iterations >> 16), (uint8_t)(s->iterations >> 8),
                         (uint8_t)s->iterations };
    struct put_der function = put_der_open(w, DER_SEQUENCE);
    x509_put_oid(w, OID_PBKDF2);
    struct put_der params = put_der_open(w, DER_SEQUENCE);
    put_der_bytes(w, DER_OCTET_STRING, s->salt, s->salt_n);
    put_der_uint(w, count, sizeof count);
    struct put_der prf = put_der_open(w, DER_SEQUENCE);
    x509_put_oid(w, OID_HMAC_SHA256);
    put_der_bytes(w, DER_NULL, NULL, 0);
    put_der_close(w, prf);
    put_der_close(w, params);
    put_der_close(w, function);
}

/* The key with its padding: in the clear until the caller encrypts it in its place. */
static void put_padded(struct wire_out *w, const struct der *key)
{
    const unsigned padding = AES_BLOCK - (unsigned)(key->n % AES_BLOCK);
    put_bytes(w, "private_key_info", key->at, key->n);
    for (unsigned i = 0; i < padding; i++)
        put_u8(w, "padding", padding);
}

static void encrypt(uint8_t *at, size_t n, const struct stretch *s, struct bytes password, const uint8_t *iv)
{
    uint8_t key[KEY_MAX];
    struct aes_key aes;
    stretch_key(s, password.at, password.n, key, KEY_MAX, NULL);
    aes_set_key(&aes, key, KEY_MAX, NULL);
    aes_cbc_encrypt(&aes, iv, at, n);
    sodium_memzero(key, sizeof key);
    sodium_memzero(&aes, sizeof aes);
}

size_t pbes2_seal(const struct der *key, struct bytes password, uint32_t iterations, struct chance *chance,
                  uint8_t *out, size_t room)
{
    uint8_t salt[SALT], iv[AES_BLOCK];
    struct stretch stretch = { .hash = HASH_SHA256, .iterations = iterations, .salt = salt, .salt_n = SALT };
    struct wire_out w = wire_into(out, room);
    chance_fill(chance, "pbes2_salt", salt, sizeof salt);
    chance_fill(chance, "pbes2_iv", iv, sizeof iv);
    struct put_der info = put_der_open(&w, DER_SEQUENCE), algorithm = put_der_open(&w, DER_SEQUENCE);
    x509_put_oid(&w, OID_PBES2);
    struct put_der params = put_der_open(&w, DER_SEQUENCE);
    put_derivation(&w, &stretch);
    struct put_der scheme = put_der_open(&w, DER_SEQUENCE);
    x509_put_oid(&w, OID_AES_256_CBC);
    put_der_bytes(&w, DER_OCTET_STRING, iv, sizeof iv);
    put_der_close(&w, scheme);
    put_der_close(&w, params);
    put_der_close(&w, algorithm);
    struct put_der data = put_der_open(&w, DER_OCTET_STRING);
    put_padded(&w, key);
    put_der_close(&w, data);
    put_der_close(&w, info);
    if (w.failed || iterations == 0) {
        sodium_memzero(out, wire_written(&w));
        return 0;
    }
    const size_t n = key->n - key->n % AES_BLOCK + AES_BLOCK;
    encrypt(w.at - n, n, &stretch, password, iv);
    return wire_written(&w);
}
