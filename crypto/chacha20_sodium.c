/* ChaCha20-Poly1305 of libsodium: the portable form, and with its own instructions where it finds them. It leaves the
 * key behind on the stack, within some 2,400 octets (1.0.18, x86-64); so that is wiped here. */
#include "crypto/chacha20_form.h"
#include "crypto/ct.h"

#include <sodium.h>

enum { LEFT_BEHIND = 4096 };

static void seal(const uint8_t key[32], const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                 uint8_t tag[16])
{
    crypto_aead_chacha20poly1305_ietf_encrypt_detached(data, tag, NULL, data, n, aad, aad_n, NULL, nonce, key);
    sodium_stackzero(LEFT_BEHIND);
}

static bool open(const uint8_t key[32], const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                 const uint8_t tag[16])
{
    int wrong = crypto_aead_chacha20poly1305_ietf_decrypt_detached(data, NULL, data, n, tag, aad, aad_n, nonce, key);
    sodium_stackzero(LEFT_BEHIND);
    return ct_tell(ct_zero((uint64_t)wrong));
}

const struct chacha20_form chacha20_sodium = { "libsodium", seal, open };
