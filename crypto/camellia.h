/* camellia.h - the Camellia block cipher (RFC 3713), deciphering in CBC: for who reads what others have sealed. Nothing
 * of ours is sealed with it (RFC 9325 §4.2 names AES and ChaCha20). Keys of 16 or 32 octets. Its S-boxes are read in
 * full at each lookup, so that the time tells nothing of key or text; that makes it slow, some 4 MB/s. A key is a plain
 * value; whoever holds one wipes it. */
#ifndef CRYPTO_CAMELLIA_H
#define CRYPTO_CAMELLIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAMELLIA_BLOCK = 16, CAMELLIA_ROUNDS_MAX = 24 };

/* As RFC 3713 §2.2 names them, for enciphering. 18 rounds with 2 pairs of ke, or 24 with 3. */
struct camellia_key { unsigned rounds; uint64_t kw[4], k[CAMELLIA_ROUNDS_MAX], ke[6]; };

void camellia_set_key(struct camellia_key *, const uint8_t *key, size_t n);        /* n = 16 or 32 */
void camellia_encrypt(const struct camellia_key *, const uint8_t in[16], uint8_t out[16]);
void camellia_decrypt(const struct camellia_key *, const uint8_t in[16], uint8_t out[16]);
/* In place; n is a multiple of 16. */
void camellia_cbc_decrypt(const struct camellia_key *, const uint8_t iv[16], void *data, size_t n);

#endif
