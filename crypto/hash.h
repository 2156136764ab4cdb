/* hash.h - the hash functions of TLS 1.2 and X.509, one interface. (FIPS 180-4) Here is what they share: the message
 * in blocks, its padding (§5.1) and the initial values (§5.3). How a block goes into the hash value (§6) has a form for
 * each processor: hash_form.h. A state is a plain value: it may be copied by assignment at any moment (the transcript
 * hash of RFC 5246 §7.4.9 needs that) and dropped without ceremony.
 *
 *     struct hash h, so_far;
 *     hash_start(&h, HASH_SHA256, &cpu);
 *     hash_add(&h, "ab", 2);
 *     so_far = h;
 *     hash_end(&so_far, digest);                      // of "ab"; h goes on
 *     hash_add(&h, "c", 1);
 *
 * SHA-1 is broken for signatures (collisions), and still sound inside HMAC, which is where TLS 1.2 uses it: the _SHA
 * cipher suites. */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include "crypto/cpu.h"

#include <sodium.h>
#include <stddef.h>
#include <stdint.h>

enum hash_kind { HASH_SHA1, HASH_SHA256, HASH_SHA384, HASH_SHA512 };
enum { HASH_MAX = 64, HASH_BLOCK_MAX = 128 };         /* octets of the longest digest and block */

/* The hash value H of §6: five or eight words of 32 bits, or eight of 64. */
union hash_value { uint32_t w32[8]; uint64_t w64[8]; };

struct hash_form;                                      /* hash_form.h */
struct hash {
    enum hash_kind kind;
    const struct hash_form *form;
    uint64_t octets;                                   /* taken in so far */
    union hash_value value;
    uint8_t block[HASH_BLOCK_MAX];                     /* the octets behind the last whole block */
};

size_t      hash_size(enum hash_kind);                /* octets of the digest: 20, 32, 48, 64 */
size_t      hash_block(enum hash_kind);               /* octets of a block: 64 or 128 */
const char *hash_name(enum hash_kind);                /* "SHA-256" */
const char *hash_form_name(enum hash_kind, const struct cpu *);       /* "sha", "libsodium" */
void hash_start(struct hash *, enum hash_kind, const struct cpu *);
void hash_add(struct hash *, const void *data, size_t n);
void hash_end(struct hash *, uint8_t *digest);        /* hash_size octets; the state is spent and wiped */
void hash_of(enum hash_kind, const void *data, size_t n, uint8_t *digest, const struct cpu *);

/* For who hashes whole blocks with a padding of its own (tls/record_cbc.c): the hash value as hash_size octets, which
 * is the digest once the last block has gone in. The octets so far must be whole blocks. */
void hash_chain(const struct hash *, uint8_t *value);

#endif
