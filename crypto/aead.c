#include "crypto/aead.h"
#include "crypto/ct.h"

#include <sodium.h>
#include <string.h>

size_t aead_key_size(enum aead_kind kind)
{
    return kind == AEAD_AES_128_GCM ? 16 : 32;
}

/* The tag is judged before anybody sees what was deciphered. */
static bool gcm_opens(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n,
                      void *data, size_t n, const uint8_t tag[16])
{
    uint8_t right[AEAD_TAG];
    gcm_open(k, nonce, aad, aad_n, data, n, right);
    bool good = ct_tell(ct_same(right, tag, AEAD_TAG));
    sodium_memzero(right, sizeof right);
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

void aead_set_key(struct aead *a, enum aead_kind kind, const uint8_t *key, const struct cpu *cpu)
{
    a->kind = kind;
    if (kind == AEAD_CHACHA20_POLY1305)
        memcpy(a->u.chacha20, key, sizeof a->u.chacha20);
    else
        gcm_set_key(&a->u.gcm, key, aead_key_size(kind), cpu);
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
        good = gcm_opens(&a->u.gcm, nonce, aad, aad_n, data, n, tag);
    if (!good)
        memset(data, 0, n);
    return good;
}

void aead_wipe(struct aead *a)
{
    sodium_memzero(a, sizeof *a);
}
