/* Ed25519 of libsodium, but where room is short (crypto/cpu.h). */
#include "crypto/cpu.h"
#include "crypto/ed25519_form.h"

#include <sodium.h>

enum { SECRET = 64 };                                  /* libsodium's: seed, then public key */

static void public(const uint8_t seed[ED25519_KEY], uint8_t key[ED25519_KEY])
{
    uint8_t secret[SECRET];
    crypto_sign_ed25519_seed_keypair(key, secret, seed);           /* always succeeds */
    sodium_memzero(secret, sizeof secret);
}

static void sign(const uint8_t seed[ED25519_KEY], const void *message, size_t n, uint8_t sig[ED25519_SIGNATURE])
{
    uint8_t secret[SECRET], key[ED25519_KEY];
    crypto_sign_ed25519_seed_keypair(key, secret, seed);
    crypto_sign_ed25519_detached(sig, NULL, message, n, secret);
    sodium_memzero(secret, sizeof secret);
}

static bool verify(const uint8_t key[ED25519_KEY], const void *message, size_t n,
                   const uint8_t sig[ED25519_SIGNATURE])
{
    return crypto_sign_ed25519_verify_detached(sig, message, n, key) == 0;
}

static const struct ed25519_form libsodium = { "libsodium", public, sign, verify };
static const struct ed25519_form *const form = CPU_SMALL ? &ed25519_portable : &libsodium;

void ed25519_public(const uint8_t seed[ED25519_KEY], uint8_t key[ED25519_KEY]) { form->public(seed, key); }

void ed25519_sign(const uint8_t seed[ED25519_KEY], const void *message, size_t n, uint8_t sig[ED25519_SIGNATURE])
{
    form->sign(seed, message, n, sig);
}

bool ed25519_verify(const uint8_t key[ED25519_KEY], const void *message, size_t n,
                    const uint8_t sig[ED25519_SIGNATURE])
{
    return form->verify(key, message, n, sig);
}

const char *ed25519_form_name(void) { return form->name; }
