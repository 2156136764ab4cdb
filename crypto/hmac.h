/* hmac.h - HMAC (RFC 2104) over any hash of hash.h. A state may be copied: a key costs two blocks of the hash once,
 * when it is set, and nothing each time a copy of that state is used. */
#ifndef CRYPTO_HMAC_H
#define CRYPTO_HMAC_H

#include "crypto/hash.h"

/* The inner hash, and the hash value of the outer one behind the key's block. */
struct hmac { struct hash inner; union hash_value outer; };

void hmac_start(struct hmac *, enum hash_kind, const void *key, size_t n, const struct cpu *);
void hmac_add(struct hmac *, const void *data, size_t n);
void hmac_end(struct hmac *, uint8_t *mac);           /* hash_size octets; spent and wiped */
void hmac_of(enum hash_kind, const void *key, size_t key_n, const void *data, size_t n, uint8_t *mac,
             const struct cpu *);

/* The same for who computes many: the state is spent, and left to be wiped once at their end. */
void hmac_finish(struct hmac *, uint8_t *mac);
/* And for who has the inner digest already: the outer hash over it. */
void hmac_finish_with(struct hmac *, const uint8_t *inner_digest, uint8_t *mac);

#endif
