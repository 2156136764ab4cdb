#include "crypto/x25519.h"
#include "crypto/ct.h"

#include <sodium.h>

void x25519_public(const uint8_t scalar[32], uint8_t point[32])
{
    crypto_scalarmult_curve25519_base(point, scalar);              /* clamps the scalar; always succeeds */
}

bool x25519_shared(const uint8_t scalar[32], const uint8_t peer[32], uint8_t secret[32])
{
    sodium_memzero(secret, 32);                                    /* some points are refused unwritten */
    return ct_tell(ct_zero((uint64_t)crypto_scalarmult_curve25519(secret, scalar, peer)));
}
