/* The DER of an ECDSA signature: what is read as r and s must be written as the very same octets again, so
 * that one signature has one form; and no input, read or not, passes for a signature of a key that signed
 * nothing. */
#include "crypto/sign.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t scalar[32] = { 1, 2, 3 }, digest[32] = { 4, 5, 6 };
    uint8_t r[32], s[32], der[ECDSA_DER_MAX];
    if (!ecdsa_read_der(data, size, r, s))
        return 0;
    if (ecdsa_write_der(r, s, der) != size || memcmp(der, data, size) != 0)
        abort();
    struct public_key key = { .kind = KEY_P256 };
    if (!p256_public(scalar, key.u.p256) || key_verify(&key, HASH_SHA256, digest, data, size))
        abort();
    return 0;
}
