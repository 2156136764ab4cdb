#include "crypto/aead.h"
#include "crypto/ct.h"

#include <sodium.h>
#include <string.h>

size_t aead_key_size(enum aead_kind kind)
{
    return kind == AEAD_AES_128_GCM ? 16 : 32;
}

/* --- GCM: counter mode, and GHASH over the ciphertext (SP 800-38D §7) --- */

static void gcm_set_key(struct gcm_key *k, const uint8_t *key, size_t n)
{
    uint8_t h[AES_BLOCK] = { 0 };
    aes_set_key(&k->aes, key, n);
    aes_encrypt(&k->aes, h, h);                                    /* the hash subkey H: zeros, enciphered */
    ghash_set_key(&k->ghash, h);
    sodium_memzero(h, sizeof h);
}

static void store_be64(uint8_t *p, uint64_t v)
{
    for (unsigned i = 0; i < 8; i++)
        p[i] = (uint8_t)(v >> (56 - 8 * i));
}

/* T = GHASH(aad || ciphertext || both lengths in bits) ^ AES(J0), where J0 is the counter block number 1
 * (§7.1 steps 5 and 6). */
static void gcm_tag(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n,
                    const void *data, size_t n, uint8_t tag[16])
{
    uint8_t lengths[16];
    store_be64(lengths, (uint64_t)aad_n * 8);
    store_be64(lengths + 8, (uint64_t)n * 8);
    memset(tag, 0, AEAD_TAG);
    ghash_add(&k->ghash, tag, aad, aad_n);
    ghash_add(&k->ghash, tag, data, n);
    ghash_add(&k->ghash, tag, lengths, sizeof lengths);
    aes_ctr(&k->aes, nonce, 1, tag, AEAD_TAG);
}

static void gcm_seal(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n,
                     void *data, size_t n, uint8_t tag[16])
{
    aes_ctr(&k->aes, nonce, 2, data, n);
    gcm_tag(k, nonce, aad, aad_n, data, n, tag);
}

/* The tag is judged before anything is deciphered. */
static bool gcm_open(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n,
                     void *data, size_t n, const uint8_t tag[16])
{
    uint8_t right[AEAD_TAG];
    gcm_tag(k, nonce, aad, aad_n, data, n, right);
    bool good = ct_tell(ct_same(right, tag, AEAD_TAG));
    sodium_memzero(right, sizeof right);
    if (good)
        aes_ctr(&k->aes, nonce, 2, data, n);
    return good;
}

static bool chacha20_open(const uint8_t key[32], const uint8_t nonce[12], const void *aad, size_t aad_n,
                          void *data, size_t n, const uint8_t tag[16])
{
    int wrong = crypto_aead_chacha20poly1305_ietf_decrypt_detached(data, NULL, data, n, tag, aad, aad_n,
                                                                   nonce, key);
    return ct_tell(ct_zero((uint64_t)wrong));
}

/* --- One of the three --- */

void aead_set_key(struct aead *a, enum aead_kind kind, const uint8_t *key)
{
    a->kind = kind;
    if (kind == AEAD_CHACHA20_POLY1305)
        memcpy(a->u.chacha20, key, sizeof a->u.chacha20);
    else
        gcm_set_key(&a->u.gcm, key, aead_key_size(kind));
}

void aead_seal(const struct aead *a, const uint8_t nonce[12], const void *aad, size_t aad_n,
               void *data, size_t n, uint8_t tag[16])
{
    uint8_t nothing[1];
    if (!data)
        data = nothing;                                            /* libsodium wants a place even so */
    if (a->kind == AEAD_CHACHA20_POLY1305)
        crypto_aead_chacha20poly1305_ietf_encrypt_detached(data, tag, NULL, data, n, aad, aad_n, NULL,
                                                           nonce, a->u.chacha20);
    else
        gcm_seal(&a->u.gcm, nonce, aad, aad_n, data, n, tag);
}

bool aead_open(const struct aead *a, const uint8_t nonce[12], const void *aad, size_t aad_n,
               void *data, size_t n, const uint8_t tag[16])
{
    uint8_t nothing[1];
    bool good;
    if (!data)
        data = nothing;
    if (a->kind == AEAD_CHACHA20_POLY1305)
        good = chacha20_open(a->u.chacha20, nonce, aad, aad_n, data, n, tag);
    else
        good = gcm_open(&a->u.gcm, nonce, aad, aad_n, data, n, tag);
    if (!good)
        memset(data, 0, n);
    return good;
}

void aead_wipe(struct aead *a)
{
    sodium_memzero(a, sizeof *a);
}
