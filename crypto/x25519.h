/* x25519.h - thin names over libsodium's X25519 (RFC 7748). */
#ifndef CRYPTO_X25519_H
#define CRYPTO_X25519_H

#include <stdbool.h>
#include <stdint.h>

void x25519_public(const uint8_t scalar[32], uint8_t point[32]);
/* False when the shared secret is all zero: the peer chose a point of small order (RFC 7748 §6.1, RFC 8422
 * §5.11). */
bool x25519_shared(const uint8_t scalar[32], const uint8_t peer[32], uint8_t secret[32]);

#endif
