/* hmac.h - HMAC (RFC 2104) over any hash of hash.h. The state may be copied: the key's inner and outer halves
 * are kept. */
#ifndef CRYPTO_HMAC_H
#define CRYPTO_HMAC_H

#include "crypto/hash.h"

struct hmac { struct hash inner, outer; };

void hmac_start(struct hmac *, enum hash_kind, const void *key, size_t n);
void hmac_add(struct hmac *, const void *data, size_t n);
void hmac_end(struct hmac *, uint8_t *mac);           /* hash_size octets; spent and wiped */
void hmac_of(enum hash_kind, const void *key, size_t key_n, const void *data, size_t n, uint8_t *mac);

#endif
