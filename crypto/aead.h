/* aead.h - authenticated encryption as TLS 1.2 uses it (RFC 5116): AES-128/256-GCM (ours) and ChaCha20-Poly1305 (libsodium's).
 * Sealed and opened in place, nonce 12 octets, tag 16. aead_open says false, and leaves the data unusable (zeroed), when the tag is wrong. */
#ifndef CRYPTO_AEAD_H
#define CRYPTO_AEAD_H

#include "crypto/aes.h"
#include <stdbool.h>

enum aead_kind { AEAD_AES_128_GCM, AEAD_AES_256_GCM, AEAD_CHACHA20_POLY1305 };
enum { AEAD_NONCE = 12, AEAD_TAG = 16, AEAD_KEY_MAX = 32 };

struct gcm_key { struct aes_key aes; uint64_t h[2]; };

struct aead {
    enum aead_kind kind;
    union { struct gcm_key gcm; uint8_t chacha20[32]; } u;
};

size_t aead_key_size(enum aead_kind);
void aead_set_key(struct aead *, enum aead_kind, const uint8_t *key);
void aead_seal(const struct aead *, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n, uint8_t tag[16]);
bool aead_open(const struct aead *, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n, const uint8_t tag[16]);
void aead_wipe(struct aead *);

#endif
