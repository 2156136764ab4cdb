/* gcm.h - AES in Galois/Counter Mode (NIST SP 800-38D) with nonces of 12 octets and whole tags, as RFC 5288 has it.
 *
 * Its forms, chosen when a key is set: bitsliced AES and GHASH by integer products, on any machine (gcm.c,
 * aes_sliced.c, ghash.c); the processor's own rounds and products without carries, on registers of one block
 * (gcm_ni.c), two (gcm_vaes.c) or four (gcm_vaes512.c), which share their text (gcm_stitched.h). aead.h is what the
 * rest of the house uses. A key is a plain value of some 800 octets; whoever holds one wipes it. */
#ifndef CRYPTO_GCM_H
#define CRYPTO_GCM_H

#include "crypto/aes.h"
#include "crypto/ghash.h"

enum { GCM_POWERS = 33 };
struct gcm_form;                                       /* gcm_form.h */
struct gcm_key {
    const struct gcm_form *form;
    struct aes_key aes;
    union {
        struct ghash_key ghash;
        uint8_t powers[GCM_POWERS + 3][16];            /* of H, as gcm_stitched.h has them */
    } u;
};

void gcm_set_key(struct gcm_key *, const uint8_t *key, size_t n, const struct cpu *);       /* n = 16 or 32 */
void gcm_seal(const struct gcm_key *, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
              uint8_t tag[16]);
/* Fills in the tag that would be right, and deciphers: whether the data may be used is for the caller to judge by
 * comparing the tags in constant time. */
void gcm_open(const struct gcm_key *, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
              uint8_t tag[16]);

const char *gcm_form_name(const struct cpu *);

#endif
