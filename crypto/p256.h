/* p256.h - the curve P-256, secp256r1 (FIPS 186-5, SEC 2): ECDH and ECDSA. Scalars and coordinates are 32
 * octets big-endian; a point is 65 octets, 0x04 x y (RFC 8422 §5.4.1), and is checked to lie on the curve
 * whenever it comes in. */
#ifndef CRYPTO_P256_H
#define CRYPTO_P256_H

#include "crypto/chance.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { P256_SCALAR = 32, P256_POINT = 65 };

bool p256_scalar_valid(const uint8_t scalar[32]);                      /* 1 .. n-1 */
bool p256_point_valid(const uint8_t point[65]);
void p256_make_key(struct chance *, const char *purpose, uint8_t scalar[32]);  /* 1 .. n-1, evenly */
bool p256_public(const uint8_t scalar[32], uint8_t point[65]);         /* false: scalar 0 or >= n */
/* False: peer not on the curve, or as above. */
bool p256_shared(const uint8_t scalar[32], const uint8_t peer[65], uint8_t x[32]);
/* Digest of any length; its leftmost 256 bits count. r and s are 32 octets each; DER is the caller's
 * (crypto/sign.h). */
bool p256_verify(const uint8_t point[65], const uint8_t *digest, size_t n, const uint8_t r[32],
                 const uint8_t s[32]);
/* The nonce is RFC 6979's with SHA-256, whichever hash made the digest. The scalar is valid. */
void p256_sign(const uint8_t scalar[32], const uint8_t *digest, size_t n, uint8_t r[32], uint8_t s[32]);

#endif
