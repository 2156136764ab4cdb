/* What works on octets: hashes, HMAC, the PRF, PBKDF2, AES in three modes, ChaCha20-Poly1305. */
#define OPENSSL_API_COMPAT 0x10100000L
#include "crypto/aead.h"
#include "crypto/hmac.h"
#include "crypto/poly1305.h"
#ifdef __x86_64__
#include "crypto/poly1305_ifma.h"
#endif
#include "crypto/prf.h"
#include "crypto/stretch.h"
#include "tests/versus/crypto.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { LONG = 20000, ROOM = LONG + 64 };
static uint8_t ours[ROOM], theirs[ROOM];

static const EVP_MD *md_of(int kind)
{
    const EVP_MD *const mds[] = { EVP_sha1(), EVP_sha256(), EVP_sha384(), EVP_sha512() };
    return mds[kind];
}

static uint8_t *some_text(struct versus *v, size_t n)
{
    uint8_t *at = some_room(v, n);
    edge_octets(v, at, n);
    note(v, "text", at, n);
    return at;
}

/* In pieces, with a copy of the state made between two of them. */
static void try_hash(struct versus *v, int kind)
{
    const size_t n = edge_length(v, LONG, hash_block((enum hash_kind)kind)), cut = (size_t)dice(v, n + 1),
                 cut2 = cut + (size_t)dice(v, n - cut + 1);
    const uint8_t *data = some_text(v, n);
    EVP_Digest(data, n, theirs, NULL, md_of(kind), NULL);
    for (EACH_FORM(v, i)) {
        const struct cpu *cpu = &v->forms.cpu[i];
        struct hash h, copy;
        hash_of((enum hash_kind)kind, data, n, ours, cpu);
        must_same(v, ours, theirs, hash_size((enum hash_kind)kind), "digest of the whole");
        hash_start(&h, (enum hash_kind)kind, cpu);
        hash_add(&h, data, cut);
        hash_add(&h, data + cut, cut2 - cut);
        copy = h;
        hash_add(&h, "other", 5);
        hash_add(&copy, data + cut2, n - cut2);
        hash_end(&copy, ours);
        must_same(v, ours, theirs, hash_size((enum hash_kind)kind), "digest in pieces");
        hash_end(&h, ours);
    }
}

static void try_hmac(struct versus *v, int kind)
{
    const size_t key_n = edge_length(v, 300, hash_block((enum hash_kind)kind)), n = edge_length(v, LONG, 64),
                 cut = (size_t)dice(v, n + 1);
    const uint8_t *data = some_text(v, n);
    uint8_t *key = some_room(v, key_n);
    edge_octets(v, key, key_n);
    note(v, "key", key, key_n);
    HMAC(md_of(kind), key, (int)key_n, data, n, theirs, NULL);
    for (EACH_FORM(v, i)) {
        struct hmac keyed, m;
        hmac_start(&keyed, (enum hash_kind)kind, key, key_n, &v->forms.cpu[i]);
        for (int again = 0; again < 2; again++) {      /* the key's halves are kept */
            m = keyed;
            hmac_add(&m, data, cut);
            hmac_add(&m, data + cut, n - cut);
            hmac_end(&m, ours);
            must_same(v, ours, theirs, hash_size((enum hash_kind)kind), "MAC");
        }
        hmac_of((enum hash_kind)kind, key, key_n, data, n, ours, &v->forms.cpu[i]);
        must_same(v, ours, theirs, hash_size((enum hash_kind)kind), "MAC at once");
    }
}

static void their_prf(int kind, const uint8_t *secret, size_t n, const uint8_t *seed, size_t seed_n, size_t out_n)
{
    static EVP_KDF *kdf;
    if (!kdf)
        kdf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);
    EVP_KDF_CTX *c = EVP_KDF_CTX_new(kdf);
    char md[16];
    snprintf(md, sizeof md, "%s", EVP_MD_get0_name(md_of(kind)));
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, md, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, (void *)(uintptr_t)secret, n),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, (void *)(uintptr_t)seed, seed_n), OSSL_PARAM_END };
    if (EVP_KDF_derive(c, theirs, out_n, params) <= 0)
        memset(theirs, 0, out_n);
    EVP_KDF_CTX_free(c);
}

static void try_prf(struct versus *v, int kind)
{
    uint8_t secret[300], seed[200] = "key expansion";
    const size_t label = 13, n = 1 + edge_length(v, sizeof secret - 1, 64), seed_n = (size_t)dice(v, 130),
                 cut = (size_t)dice(v, seed_n + 1), out_n = 1 + edge_length(v, 400, 16);
    edge_octets(v, secret, n);
    dice_octets(v, seed + label, seed_n);
    note(v, "secret", secret, n);
    note(v, "label and seed", seed, label + seed_n);
    their_prf(kind, secret, n, seed, label + seed_n, out_n);
    for (EACH_FORM(v, i)) {
        tls_prf((enum hash_kind)kind, secret, n, "key expansion", seed + label, cut, seed + label + cut, seed_n - cut, ours,
                out_n, &v->forms.cpu[i]);
        must_same(v, ours, theirs, out_n, "PRF");
    }
}

static void try_pbkdf2(struct versus *v, int kind)
{
    uint8_t word[150], salt[40];
    const size_t n = edge_length(v, sizeof word, 64), salt_n = (size_t)dice(v, sizeof salt), out_n = 1 + (size_t)dice(v, 100);
    const struct stretch s = { .hash = (enum hash_kind)kind, .iterations = 1 + dice(v, 5), .salt = salt, .salt_n = salt_n };
    edge_octets(v, word, n);
    dice_octets(v, salt, salt_n);
    note(v, "word", word, n);
    note(v, "salt", salt, salt_n);
    PKCS5_PBKDF2_HMAC((const char *)word, (int)n, salt, (int)salt_n, (int)s.iterations, md_of(kind), (int)out_n, theirs);
    for (EACH_FORM(v, i)) {
        must(v, stretch_key(&s, word, n, ours, out_n, &v->forms.cpu[i]), "no key");
        must_same(v, ours, theirs, out_n, "key");
    }
}

/* --- AES --- */

static const EVP_CIPHER *cipher_of(size_t key_n, const char *mode)
{
    static EVP_CIPHER *ciphers[6];
    static const char *const names[] = { "AES-128-CBC", "AES-256-CBC", "AES-128-CTR", "AES-256-CTR", "AES-128-GCM",
                                         "AES-256-GCM" };
    const size_t i = (strcmp(mode, "ctr") == 0 ? 2u : strcmp(mode, "gcm") == 0 ? 4u : 0u) + (key_n == 32);
    if (!ciphers[i])
        ciphers[i] = EVP_CIPHER_fetch(NULL, names[i], NULL);
    return ciphers[i];
}

static void their_cipher(const EVP_CIPHER *cipher, const uint8_t *key, const uint8_t *iv, const uint8_t *data, size_t n)
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int done = 0;
    EVP_EncryptInit_ex2(c, cipher, key, iv, NULL);
    EVP_CIPHER_CTX_set_padding(c, 0);
    EVP_EncryptUpdate(c, theirs, &done, data, (int)n);
    EVP_CIPHER_CTX_free(c);
}

static void try_cbc(struct versus *v, int kind)
{
    uint8_t key[32], iv[16];
    const size_t key_n = (size_t)kind, n = edge_length(v, LONG, 64) / 16 * 16;
    const uint8_t *data = some_text(v, n);
    uint8_t *at = some_room(v, n);
    edge_octets(v, key, key_n);
    edge_octets(v, iv, sizeof iv);
    note(v, "key", key, key_n);
    note(v, "iv", iv, sizeof iv);
    their_cipher(cipher_of(key_n, "cbc"), key, iv, data, n);
    for (EACH_FORM(v, i)) {
        struct aes_key k;
        aes_set_key(&k, key, key_n, &v->forms.cpu[i]);
        memcpy(at, data, n);
        aes_cbc_encrypt(&k, iv, at, n);
        must_same(v, at, theirs, n, "enciphered");
        aes_cbc_decrypt(&k, iv, at, n);
        must_same(v, at, data, n, "deciphered");
    }
}

/* The counter goes round at 2^32 without a carry into the nonce, theirs with one: cases stay below. */
static void try_ctr(struct versus *v, int kind)
{
    uint8_t key[32], iv[16];
    const size_t key_n = (size_t)kind, n = edge_length(v, LONG, 64);
    const uint8_t *data = some_text(v, n);
    uint8_t *at = some_room(v, n);
    uint32_t counter;
    edge_octets(v, key, key_n);
    edge_octets(v, iv, sizeof iv);
    iv[12] &= 0x7f;
    counter = (uint32_t)iv[12] << 24 | (uint32_t)iv[13] << 16 | (uint32_t)iv[14] << 8 | iv[15];
    note(v, "key", key, key_n);
    note(v, "counter block", iv, sizeof iv);
    their_cipher(cipher_of(key_n, "ctr"), key, iv, data, n);
    for (EACH_FORM(v, i)) {
        struct aes_key k;
        aes_set_key(&k, key, key_n, &v->forms.cpu[i]);
        memcpy(at, data, n);
        aes_ctr(&k, iv, counter, at, n);
        must_same(v, at, theirs, n, "enciphered");
    }
}

static void their_seal(const EVP_CIPHER *cipher, const uint8_t *key, const uint8_t *nonce, const uint8_t *aad, size_t aad_n,
                       const uint8_t *data, size_t n, uint8_t tag[16])
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int done = 0;
    EVP_EncryptInit_ex2(c, cipher, key, nonce, NULL);
    EVP_EncryptUpdate(c, NULL, &done, aad, (int)aad_n);
    EVP_EncryptUpdate(c, theirs, &done, data, (int)n);
    EVP_EncryptFinal_ex(c, theirs + n, &done);
    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, tag);
    EVP_CIPHER_CTX_free(c);
}

static void try_aead(struct versus *v, int kind)
{
    uint8_t key[32], nonce[12], tag[16], made[16];
    const size_t key_n = aead_key_size((enum aead_kind)kind), n = edge_length(v, LONG, 64),
                 aad_n = edge_length(v, 600, 16);
    const uint8_t *data = some_text(v, n);
    uint8_t *aad = some_room(v, aad_n);
    uint8_t *at = some_room(v, n);
    edge_octets(v, key, key_n);
    edge_octets(v, nonce, sizeof nonce);
    edge_octets(v, aad, aad_n);
    note(v, "key", key, key_n);
    note(v, "nonce", nonce, sizeof nonce);
    note(v, "aad", aad, aad_n);
    their_seal(kind == AEAD_CHACHA20_POLY1305 ? EVP_chacha20_poly1305() : cipher_of(key_n, "gcm"), key, nonce, aad, aad_n,
               data, n, tag);
    const uint64_t which = dice(v, 3);
    for (EACH_FORM(v, i)) {
        struct aead a;
        aead_set_key(&a, (enum aead_kind)kind, key, &v->forms.cpu[i]);
        memcpy(at, data, n);
        aead_seal(&a, nonce, aad, aad_n, at, n, made);
        must_same(v, at, theirs, n, "sealed");
        must_same(v, made, tag, sizeof tag, "tag");
        must(v, aead_open(&a, nonce, aad, aad_n, at, n, tag), "does not open");
        must_same(v, at, data, n, "opened");
        memcpy(at, theirs, n);
        const uint64_t state = v->state;               /* the same bit in each form */
        if (which == 0 && n)
            flip_a_bit(v, at, n);
        else
            flip_a_bit(v, made, sizeof made);
        must(v, !aead_open(&a, nonce, aad, aad_n, at, n, made), "opens what is not sealed");
        must(v, sodium_is_zero(at, n), "leaves something of what it refused");
        v->state = state;
    }
}

/* --- Poly1305 alone: out of ChaCha20 come no keys with edges --- */

enum { TARGETS = 7 };

/* The last block such that the sum, with r = 1, is within TARGETS of 2^130 - 5: where that is and is not taken away. */
static void aim(struct versus *v, uint8_t *data, size_t n)
{
    uint8_t block[16];
    BIGNUM *p = BN_new(), *want = BN_new(), *x = BN_new();
    BN_set_bit(p, 130);
    BN_sub_word(p, 5);
    BN_add_word(want, dice(v, 2 * TARGETS));
    BN_sub_word(want, TARGETS);
    for (size_t at = 0; at < n; at += 16) {            /* all blocks, the last as 0 */
        for (size_t i = 0; i < 16; i++)
            block[i] = at + 16 < n ? data[at + 15 - i] : 0;
        BN_bin2bn(block, 16, x);
        BN_set_bit(x, 128);
        BN_sub(want, want, x);
    }
    BN_CTX *c = BN_CTX_new();
    BN_nnmod(want, want, p, c);
    BN_CTX_free(c);
    if (BN_num_bits(want) <= 128) {
        BN_bn2binpad(want, block, 16);
        for (size_t i = 0; i < 16; i++)
            data[n - 16 + i] = block[15 - i];
    }
    BN_free(p);
    BN_free(want);
    BN_free(x);
}

static void their_poly1305(const uint8_t key[32], const uint8_t *data, size_t n, uint8_t tag[16])
{
    static EVP_MAC *mac;
    if (!mac)
        mac = EVP_MAC_fetch(NULL, "POLY1305", NULL);
    EVP_MAC_CTX *c = EVP_MAC_CTX_new(mac);
    EVP_MAC_init(c, key, 32, NULL);
    EVP_MAC_update(c, data, n);
    EVP_MAC_final(c, tag, NULL, 16);
    EVP_MAC_CTX_free(c);
}

#ifdef __x86_64__
WITH_IFMA static void wide_steps(struct poly1305 *p, const uint8_t *data, size_t n)
{
    struct poly1305_ifma w;
    poly1305_ifma_start(&w, p);
    for (size_t at = 0; at < n; at += POLY1305_STEP)
        ifma_step(&w, data + at);
    poly1305_ifma_end(&w, p);
}
#endif

static void try_poly1305(struct versus *v, int kind)
{
    (void)kind;
    uint8_t key[32], tag[16], made[16];
    struct poly1305 p;
    const size_t n = 16 * edge_length(v, 100, 16);
    uint8_t *data = some_room(v, n);
    edge_octets(v, key, sizeof key);
    edge_octets(v, data, n);
    if (one_time_in(v, 2) && n) {
        memset(key, 0, 16);
        key[0] = 1;
        aim(v, data, n);
    }
    note(v, "text", data, n);
    note(v, "key", key, sizeof key);
    their_poly1305(key, data, n, tag);
    for (EACH_FORM(v, i)) {
        const size_t steps = v->forms.cpu[i].has & CPU_IFMA ? n / 256 * 256 : 0;
        poly1305_start(&p, key);
#ifdef __x86_64__
        if (steps > 0)
            wide_steps(&p, data, steps);
#endif
        poly1305_add(&p, data + steps, n - steps);
        poly1305_end(&p, made);
        must_same(v, made, tag, sizeof tag, "tag");
    }
}

const struct versus_row versus_octets[] = {
    { "sha1", try_hash, form_hash, HASH_SHA1, 1000 },
    { "sha256", try_hash, form_hash, HASH_SHA256, 1000 },
    { "sha384", try_hash, form_hash, HASH_SHA384, 1000 },
    { "sha512", try_hash, form_hash, HASH_SHA512, 1000 },
    { "hmac-sha1", try_hmac, form_hash, HASH_SHA1, 500 },
    { "hmac-sha256", try_hmac, form_hash, HASH_SHA256, 500 },
    { "hmac-sha384", try_hmac, form_hash, HASH_SHA384, 500 },
    { "hmac-sha512", try_hmac, form_hash, HASH_SHA512, 500 },
    { "prf-sha256", try_prf, form_hash, HASH_SHA256, 500 },
    { "prf-sha384", try_prf, form_hash, HASH_SHA384, 500 },
    { "pbkdf2-sha1", try_pbkdf2, form_hash, HASH_SHA1, 200 },
    { "pbkdf2-sha256", try_pbkdf2, form_hash, HASH_SHA256, 200 },
    { "aes-128-cbc", try_cbc, form_cbc, 16, 1000 },
    { "aes-256-cbc", try_cbc, form_cbc, 32, 1000 },
    { "aes-128-ctr", try_ctr, form_cbc, 16, 1000 },
    { "aes-256-ctr", try_ctr, form_cbc, 32, 1000 },
    { "aes-128-gcm", try_aead, form_aead, AEAD_AES_128_GCM, 1000 },
    { "aes-256-gcm", try_aead, form_aead, AEAD_AES_256_GCM, 1000 },
    { "chacha20-poly1305", try_aead, form_aead, AEAD_CHACHA20_POLY1305, 1000 },
    { "poly1305", try_poly1305, form_aead, AEAD_CHACHA20_POLY1305, 1000 },
    { NULL, NULL, NULL, 0, 0 }
};
