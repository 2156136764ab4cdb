/* aes.h - the AES block cipher (FIPS 197), bitsliced: constant in time without tables, on any machine. Keys
 * of 16 or 32 octets. GCM sits on top of it in aead.h, CBC is here (NIST SP 800-38A).
 *
 * The machine under it takes AES_LANES blocks at a time, at one price however many are filled: counter mode
 * and CBC decryption use it fully, CBC encryption (each block waits for the one before) and single blocks
 * cost as much as AES_LANES blocks. A key is a plain value; whoever holds one wipes it (sodium_memzero). */
#ifndef CRYPTO_AES_H
#define CRYPTO_AES_H

#include <stddef.h>
#include <stdint.h>

enum { AES_BLOCK = 16, AES_LANES = 4 };                /* octets of a block; blocks at once */

struct aes_key {
    unsigned rounds;                                   /* 10 or 14 */
    uint64_t round_keys[15][8];                        /* rounds + 1 of them, sliced: see aes.c */
};

void aes_set_key(struct aes_key *, const uint8_t *key, size_t n);                      /* n = 16 or 32 */
void aes_encrypt(const struct aes_key *, const uint8_t in[16], uint8_t out[16]);
/* data ^= AES(counter block), the last 4 octets of the block counting up big-endian from `counter` (RFC 5288,
 * SP 800-38D inc32). */
void aes_ctr(const struct aes_key *, const uint8_t nonce[12], uint32_t counter, void *data, size_t n);
/* In place; n is a multiple of 16. */
void aes_cbc_encrypt(const struct aes_key *, const uint8_t iv[16], void *data, size_t n);
void aes_cbc_decrypt(const struct aes_key *, const uint8_t iv[16], void *data, size_t n);

#endif
