/* SHA-256 and SHA-512 (FIPS 180-4 §6.2, §6.4), portable: libsodium's. It has no function for whole blocks alone, but a
 * state in the open, `state` and `count` of its public structs: with the count at a block's start, an update by whole
 * blocks does that and nothing else. */
#include "crypto/hash_form.h"

#include <string.h>

static void sha256_blocks(union hash_value *v, const uint8_t *data, size_t n)
{
    crypto_hash_sha256_state s;
    s.count = 0;
    memcpy(s.state, v->w32, sizeof s.state);
    crypto_hash_sha256_update(&s, data, 64 * n);
    memcpy(v->w32, s.state, sizeof s.state);
    sodium_memzero(&s, sizeof s);                                  /* its buffer, too, has held a block */
}

static void sha512_blocks(union hash_value *v, const uint8_t *data, size_t n)
{
    crypto_hash_sha512_state s;
    s.count[0] = s.count[1] = 0;
    memcpy(s.state, v->w64, sizeof s.state);
    crypto_hash_sha512_update(&s, data, 128 * n);
    memcpy(v->w64, s.state, sizeof s.state);
    sodium_memzero(&s, sizeof s);                                  /* its buffer, too, has held a block */
}

const struct hash_form sha256_sodium = { "libsodium", sha256_blocks }, sha512_sodium = { "libsodium", sha512_blocks };
