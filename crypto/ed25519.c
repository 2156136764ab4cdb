#include "crypto/ed25519.h"

#include <sodium.h>

enum { SECRET = 64 };                                  /* libsodium's: seed, then public key */

void ed25519_public(const uint8_t seed[ED25519_KEY], uint8_t key[ED25519_KEY])
{
    uint8_t secret[SECRET];
    crypto_sign_ed25519_seed_keypair(key, secret, seed);           /* always succeeds */
    sodium_memzero(secret, sizeof secret);
}

void ed25519_sign(const uint8_t seed[ED25519_KEY], const void *message, size_t n, uint8_t sig[ED25519_SIGNATURE])
{
    uint8_t secret[SECRET], key[ED25519_KEY];
    crypto_sign_ed25519_seed_keypair(key, secret, seed);
    crypto_sign_ed25519_detached(sig, NULL, message, n, secret);
    sodium_memzero(secret, sizeof secret);
}

bool ed25519_verify(const uint8_t key[ED25519_KEY], const void *message, size_t n,
                    const uint8_t sig[ED25519_SIGNATURE])
{
    return crypto_sign_ed25519_verify_detached(sig, message, n, key) == 0;
}
