/* The DER of an ECDSA signature: what is read as r and s must be written as the very same octets again, so
 * that one signature has one form; and no input, read or not, passes for a signature of a key that signed
 * nothing. */
#include "crypto/sign.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t digest[32] = { 4, 5, 6 };
    uint8_t r[CURVE_SCALAR_MAX], s[CURVE_SCALAR_MAX], der[ECDSA_DER_MAX];
    static const enum key_kind kinds[] = { KEY_P256, KEY_P384, KEY_P521 };
    const struct sign_scheme scheme = { SIGN_ECDSA, HASH_SHA256 };
    for (size_t i = 0; i < 3; i++) {
        size_t number = key_scalar_size(kinds[i]);
        if (!ecdsa_read_der(data, size, r, s, number))
            continue;
        if (ecdsa_write_der(r, s, number, der) != size || memcmp(der, data, size) != 0)
            abort();
        struct private_key key = { .pub.kind = kinds[i], .u.ec = { 0, 1, 2, 3 } };
        if (!key_make_public(&key, NULL) || key_verify_digest(&key.pub, scheme, digest, data, size, NULL))
            abort();
    }
    return 0;
}
