/* ed25519.h - Ed25519 (RFC 8032 §5.1): libsodium's, but where room is short (crypto/cpu.h). A private key is its seed
 * of 32 octets. */
#ifndef CRYPTO_ED25519_H
#define CRYPTO_ED25519_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ED25519_KEY = 32, ED25519_SIGNATURE = 64 };

void ed25519_public(const uint8_t seed[ED25519_KEY], uint8_t key[ED25519_KEY]);
void ed25519_sign(const uint8_t seed[ED25519_KEY], const void *message, size_t n, uint8_t sig[ED25519_SIGNATURE]);
/* Strict: S below the order of the group (so one signature has one form), no key and no R of small order, key written
 * in its one form. */
bool ed25519_verify(const uint8_t key[ED25519_KEY], const void *message, size_t n,
                    const uint8_t sig[ED25519_SIGNATURE]);
const char *ed25519_form_name(void);                  /* "libsodium", "portable" */

#endif
