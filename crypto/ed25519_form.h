/* ed25519_form.h - what a form of Ed25519 has to offer; the inside of ed25519.h. */
#ifndef CRYPTO_ED25519_FORM_H
#define CRYPTO_ED25519_FORM_H

#include "crypto/ed25519.h"

struct ed25519_form {
    const char *name;
    void (*public)(const uint8_t seed[ED25519_KEY], uint8_t key[ED25519_KEY]);
    void (*sign)(const uint8_t seed[ED25519_KEY], const void *message, size_t n, uint8_t sig[ED25519_SIGNATURE]);
    bool (*verify)(const uint8_t key[ED25519_KEY], const void *message, size_t n,
                   const uint8_t sig[ED25519_SIGNATURE]);
};
extern const struct ed25519_form ed25519_portable;

#endif
