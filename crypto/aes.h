/* aes.h - the AES block cipher (FIPS 197) and two modes of it: counter mode, and CBC (NIST SP 800-38A). Keys of 16 or
 * 32 octets. GCM sits on top of it in gcm.h.
 *
 * It has three forms, chosen when a key is set: bitsliced, constant in time without tables, on any machine
 * (aes_sliced.c), and the processor's own instructions where cpu.h finds them, for one block (aes_ni.c) or four at a
 * time (aes_vaes512.c). The bitsliced one takes
 * AES_LANES blocks at a time, at one price however many are filled: counter mode and CBC decryption use it fully, CBC
 * encryption (each block waits for the one before) and single blocks cost as much as AES_LANES blocks. A key is a
 * plain value; whoever holds one wipes it (sodium_memzero). */
#ifndef CRYPTO_AES_H
#define CRYPTO_AES_H

#include "crypto/cpu.h"

#include <stddef.h>
#include <stdint.h>

/* octets of a block; blocks at once; round keys at most */
enum { AES_BLOCK = 16, AES_LANES = 4, AES_ROUND_KEYS = 15 };

struct aes_form;                                       /* aes_form.h */
struct aes_key {
    const struct aes_form *form;
    unsigned rounds;                                   /* 10 or 14; there are rounds + 1 round keys */
    union {
        uint64_t sliced[AES_ROUND_KEYS][2];            /* as aes_sliced.c keeps them */
        uint8_t plain[AES_ROUND_KEYS][AES_BLOCK];      /* as FIPS 197 §5.2 has them */
    } u;
};

void aes_set_key(struct aes_key *, const uint8_t *key, size_t n, const struct cpu *);       /* n = 16 or 32 */
void aes_encrypt(const struct aes_key *, const uint8_t in[16], uint8_t out[16]);
/* data ^= AES(counter block), the last 4 octets of the block counting up big-endian from `counter` (RFC 5288,
 * SP 800-38D inc32). */
void aes_ctr(const struct aes_key *, const uint8_t nonce[12], uint32_t counter, void *data, size_t n);
/* In place; n is a multiple of 16. */
void aes_cbc_encrypt(const struct aes_key *, const uint8_t iv[16], void *data, size_t n);
void aes_cbc_decrypt(const struct aes_key *, const uint8_t iv[16], void *data, size_t n);

/* Which form that is with these instructions, for people and measurements: "aesni". */
const char *aes_cbc_form_name(const struct cpu *);

#endif
