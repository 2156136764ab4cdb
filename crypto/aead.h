/* aead.h - authenticated encryption as TLS 1.2 uses it (RFC 5116): AES-128/256-GCM (NIST SP 800-38D, RFC 5288) and
 * ChaCha20-Poly1305 (RFC 8439; libsodium's, or ours in chacha20_ifma.c), and for who reads others' records AES-CCM with
 * tags of 16 or 8 octets (RFC 6655). Sealed and opened in place: what goes in as n
 * octets of plaintext is n octets of ciphertext, and back; the tag lies apart. A nonce must never come twice
 * under one key; the caller sees to that (in TLS the record's number does). aead_open says false when data,
 * aad, nonce or tag is not what was sealed, and then the data are zeroed, so that nobody uses them by
 * mistake.
 *
 *     aead_set_key(&a, AEAD_AES_128_GCM, key, cpu);   // aead_key_size octets
 *     aead_seal(&a, nonce, aad, aad_n, data, n, tag);
 *     if (!aead_open(&a, nonce, aad, aad_n, data, n, tag)) ...
 *
 * A struct aead is a plain value of some 800 octets, copied by assignment. aad and data may be NULL when
 * empty. At most 2^36 - 32 octets at once (SP 800-38D §5.2.1.1); a TLS record has 2^14. */
#ifndef CRYPTO_AEAD_H
#define CRYPTO_AEAD_H

#include "crypto/ccm.h"
#include "crypto/gcm.h"
#include <stdbool.h>

enum aead_kind { AEAD_AES_128_GCM, AEAD_AES_256_GCM, AEAD_CHACHA20_POLY1305,
                 AEAD_AES_128_CCM, AEAD_AES_256_CCM, AEAD_AES_128_CCM_8, AEAD_AES_256_CCM_8 };
enum { AEAD_NONCE = 12, AEAD_TAG = 16, AEAD_KEY_MAX = 32 };

struct chacha20_form;                                  /* chacha20_form.h */
struct aead {
    enum aead_kind kind;
    union {
        struct gcm_key gcm;
        struct ccm_key ccm;
        struct { const struct chacha20_form *form; uint8_t key[32]; } chacha20;
    } u;
};

size_t aead_key_size(enum aead_kind);                  /* 16 or 32 */
size_t aead_tag_size(enum aead_kind);                  /* AEAD_TAG, or 8: of `tag` no more is touched */
const char *aead_words(enum aead_kind);                /* "AES-128-GCM" */
/* cpu: which instructions may be used; NULL: the portable form. */
void aead_set_key(struct aead *, enum aead_kind, const uint8_t *key, const struct cpu *cpu);
void aead_seal(const struct aead *, const uint8_t nonce[12], const void *aad, size_t aad_n,
               void *data, size_t n, uint8_t *tag);
bool aead_open(const struct aead *, const uint8_t nonce[12], const void *aad, size_t aad_n,
               void *data, size_t n, const uint8_t *tag);
void aead_wipe(struct aead *);
/* Which form that is with these instructions, for people and measurements: "vaes512". */
const char *aead_form_name(enum aead_kind, const struct cpu *);

#endif
