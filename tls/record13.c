#include "tls/record13.h"

#include "crypto/hkdf.h"

#include <string.h>

static const struct tls_suite13 suites[] = {
    { 0x1301, "TLS_AES_128_GCM_SHA256", AEAD_AES_128_GCM, 16, AEAD_TAG, HASH_SHA256 },
    { 0x1302, "TLS_AES_256_GCM_SHA384", AEAD_AES_256_GCM, 32, AEAD_TAG, HASH_SHA384 },
    { 0x1303, "TLS_CHACHA20_POLY1305_SHA256", AEAD_CHACHA20_POLY1305, 32, AEAD_TAG, HASH_SHA256 },
    { 0x1304, "TLS_AES_128_CCM_SHA256", AEAD_AES_128_CCM, 16, AEAD_TAG, HASH_SHA256 },
    { 0x1305, "TLS_AES_128_CCM_8_SHA256", AEAD_AES_128_CCM_8, 16, 8, HASH_SHA256 },
};

const struct tls_suite13 *tls_suite13_of(unsigned number)
{
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        if (suites[i].number == number)
            return &suites[i];
    return NULL;
}

void opening_start(struct opening *o, const struct tls_suite13 *suite, const uint8_t *secret, const struct cpu *cpu)
{
    uint8_t key[AEAD_KEY_MAX], kept[HASH_MAX];
    const size_t size = hash_size(suite->hash);
    memcpy(kept, secret, size);                       /* it may be the one in *o */
    opening_wipe(o);
    o->suite = suite;
    memcpy(o->secret, kept, size);
    opening_key(o, key, cpu);
    hkdf_expand_label(suite->hash, o->secret, "iv", NULL, 0, o->iv, sizeof o->iv, cpu);
    aead_set_key(&o->aead, suite->aead, key, cpu);
    sodium_memzero(key, sizeof key);
    sodium_memzero(kept, sizeof kept);
}

void opening_key(const struct opening *o, uint8_t *key, const struct cpu *cpu)
{
    hkdf_expand_label(o->suite->hash, o->secret, "key", NULL, 0, key, o->suite->key_size, cpu);
}

void opening_update(struct opening *o, const struct cpu *cpu)
{
    uint8_t next[HASH_MAX];
    hkdf_expand_label(o->suite->hash, o->secret, "traffic upd", NULL, 0, next, hash_size(o->suite->hash), cpu);
    opening_start(o, o->suite, next, cpu);
    sodium_memzero(next, sizeof next);
}

void opening_wipe(struct opening *o) { sodium_memzero(o, sizeof *o); }

void record13_nonce(const struct opening *o, uint64_t sequence, uint8_t nonce[AEAD_NONCE])
{
    memcpy(nonce, o->iv, AEAD_NONCE);
    for (unsigned i = 0; i < 8; i++)
        nonce[4 + i] ^= (uint8_t)(sequence >> (56 - 8 * i));
}

bool record13_open(struct opening *o, uint8_t *record, size_t record_n, struct opened13 *opened)
{
    uint8_t nonce[AEAD_NONCE], *content = record + RECORD_HEADER;
    record13_nonce(o, o->sequence++, nonce);
    if (record_n < RECORD_HEADER + (size_t)o->suite->tag + 1)
        return false;
    size_t n = record_n - RECORD_HEADER - o->suite->tag;
    if (!aead_open(&o->aead, nonce, record, RECORD_HEADER, content, n, content + n))
        return false;
    const size_t whole = n;
    while (n && !content[n - 1])                      /* §5.4: zeros behind the type are padding */
        n--;
    if (!n)
        return false;
    *opened = (struct opened13){ content[n - 1], n - 1, whole - n };
    return true;
}

void finished13(const struct tls_suite13 *suite, const uint8_t *secret, const uint8_t *transcript_hash,
                uint8_t *verify_data, const struct cpu *cpu)
{
    uint8_t key[HASH_MAX];
    const size_t size = hash_size(suite->hash);
    hkdf_expand_label(suite->hash, secret, "finished", NULL, 0, key, size, cpu);
    hmac_of(suite->hash, key, size, transcript_hash, size, verify_data, cpu);
    sodium_memzero(key, sizeof key);
}
