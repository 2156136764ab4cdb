#include "crypto/aead.h"
#include "crypto/chacha20_form.h"
#include "crypto/ct.h"

#include <sodium.h>
#include <string.h>

size_t aead_key_size(enum aead_kind kind)
{
    return kind == AEAD_AES_128_GCM || kind == AEAD_AES_128_CCM || kind == AEAD_AES_128_CCM_8 ? 16 : 32;
}

size_t aead_tag_size(enum aead_kind kind)
{
    return kind == AEAD_AES_128_CCM_8 || kind == AEAD_AES_256_CCM_8 ? 8 : AEAD_TAG;
}

const char *aead_words(enum aead_kind kind)
{
    static const char *const names[] = {
        [AEAD_AES_128_GCM] = "AES-128-GCM", [AEAD_AES_256_GCM] = "AES-256-GCM",
        [AEAD_CHACHA20_POLY1305] = "ChaCha20-Poly1305", [AEAD_AES_128_CCM] = "AES-128-CCM",
        [AEAD_AES_256_CCM] = "AES-256-CCM", [AEAD_AES_128_CCM_8] = "AES-128-CCM-8",
        [AEAD_AES_256_CCM_8] = "AES-256-CCM-8" };
    return names[kind];
}

static bool is_ccm(enum aead_kind kind) { return !CPU_SMALL && kind >= AEAD_AES_128_CCM; }

/* The tag is judged before anybody sees what was deciphered. */
static bool gcm_opens(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n,
                      void *data, size_t n, const uint8_t *tag)
{
    uint8_t right[AEAD_TAG];
    gcm_open(k, nonce, aad, aad_n, data, n, right);
    bool good = ct_tell(ct_same(right, tag, AEAD_TAG));
    sodium_memzero(right, sizeof right);
    return good;
}

static const struct chacha20_form *best_chacha20(const struct cpu *cpu)
{
    if (chacha20_ifma && cpu_may(cpu, CPU_AVX512 | CPU_IFMA))
        return chacha20_ifma;
    return CPU_SMALL ? &chacha20_portable : &chacha20_sodium;
}

/* --- One of them --- */

void aead_set_key(struct aead *a, enum aead_kind kind, const uint8_t *key, const struct cpu *cpu)
{
    a->kind = kind;
    if (kind == AEAD_CHACHA20_POLY1305) {
        a->u.chacha20.form = best_chacha20(cpu);
        memcpy(a->u.chacha20.key, key, sizeof a->u.chacha20.key);
    } else if (is_ccm(kind)) {
        ccm_set_key(&a->u.ccm, key, aead_key_size(kind), (unsigned)aead_tag_size(kind), cpu);
    } else {
        gcm_set_key(&a->u.gcm, key, aead_key_size(kind), cpu);
    }
}

void aead_seal(const struct aead *a, const uint8_t nonce[12], const void *aad, size_t aad_n,
               void *data, size_t n, uint8_t *tag)
{
    uint8_t nothing[1];
    if (!data)
        data = nothing;                                            /* libsodium wants a place even so */
    if (a->kind == AEAD_CHACHA20_POLY1305)
        a->u.chacha20.form->seal(a->u.chacha20.key, nonce, aad, aad_n, data, n, tag);
    else if (is_ccm(a->kind))
        ccm_seal(&a->u.ccm, nonce, aad, aad_n, data, n, tag);
    else
        gcm_seal(&a->u.gcm, nonce, aad, aad_n, data, n, tag);
}

bool aead_open(const struct aead *a, const uint8_t nonce[12], const void *aad, size_t aad_n,
               void *data, size_t n, const uint8_t *tag)
{
    uint8_t nothing[1];
    bool good;
    if (!data)
        data = nothing;
    if (a->kind == AEAD_CHACHA20_POLY1305)
        good = a->u.chacha20.form->open(a->u.chacha20.key, nonce, aad, aad_n, data, n, tag);
    else if (is_ccm(a->kind))
        good = ccm_open(&a->u.ccm, nonce, aad, aad_n, data, n, tag);
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

const char *aead_form_name(enum aead_kind kind, const struct cpu *cpu)
{
    if (kind == AEAD_CHACHA20_POLY1305)
        return best_chacha20(cpu)->name;
    return is_ccm(kind) ? aes_cbc_form_name(cpu) : gcm_form_name(cpu);
}
