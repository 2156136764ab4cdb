/* sha1.h - SHA-1 (FIPS 180-4 §6.1). Broken for signatures (collisions), still sound inside HMAC, which is
 * where TLS 1.2 uses it: the _SHA cipher suites. Called through hash.h; the state is plain, copied by
 * assignment. */
#ifndef CRYPTO_SHA1_H
#define CRYPTO_SHA1_H

#include <stddef.h>
#include <stdint.h>

struct sha1_state {
    uint32_t h[5];
    uint64_t octets;                                   /* taken in so far */
    uint8_t block[64];                                 /* its first octets % 64 are not hashed yet */
};

void sha1_start(struct sha1_state *);
void sha1_add(struct sha1_state *, const void *data, size_t n);
void sha1_end(struct sha1_state *, uint8_t digest[20]);

#endif
