/* hash.h - the hash functions of TLS 1.2 and X.509, one interface. (FIPS 180-4) SHA-256 and SHA-512 are
 * libsodium's, SHA-384 is its SHA-512 from another start, SHA-1 is ours. A state may be copied by assignment
 * at any moment (the transcript hash of RFC 5246 §7.4.9 needs that) and dropped without ceremony.
 *
 *     struct hash h, so_far;
 *     hash_start(&h, HASH_SHA256);
 *     hash_add(&h, "ab", 2);
 *     so_far = h;
 *     hash_end(&so_far, digest);                      // of "ab"; h goes on
 *     hash_add(&h, "c", 1); */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include "crypto/sha1.h"
#include <sodium.h>
#include <stddef.h>
#include <stdint.h>

enum hash_kind { HASH_SHA1, HASH_SHA256, HASH_SHA384, HASH_SHA512 };
enum { HASH_MAX = 64, HASH_BLOCK_MAX = 128 };         /* octets of the longest digest and block */

struct hash {
    enum hash_kind kind;
    union {
        struct sha1_state sha1;
        crypto_hash_sha256_state sha256;
        crypto_hash_sha512_state sha512;              /* SHA-384 too: the same function from another start */
    } u;
};

size_t      hash_size(enum hash_kind);                /* octets of the digest: 20, 32, 48, 64 */
size_t      hash_block(enum hash_kind);               /* octets of a block: 64 or 128 */
const char *hash_name(enum hash_kind);                /* "SHA-256" */
void hash_start(struct hash *, enum hash_kind);
void hash_add(struct hash *, const void *data, size_t n);
void hash_end(struct hash *, uint8_t *digest);        /* hash_size octets; the state is spent and wiped */
void hash_of(enum hash_kind, const void *data, size_t n, uint8_t *digest);

#endif
