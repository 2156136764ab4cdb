/* ccm.h - AES-CCM (NIST SP 800-38C, RFC 3610) as TLS has it (RFC 6655, RFC 8446 §B.4): nonces of 12 octets, tags of 16
 * or of 8; in place. It is what others' captures hold; nobody here offers it. One block at a time, so it is slow beside
 * GCM. aead.h is what the rest of the house uses.
 *
 *     ccm_set_key(&k, key, 16, 16, cpu);              // AES-128, a tag of 16 octets
 *     ccm_seal(&k, nonce, aad, aad_n, data, n, tag);
 *     if (!ccm_open(&k, nonce, aad, aad_n, data, n, tag)) ...
 *
 * False: the tag is wrong, and the data are zeroed. aad has less than 65280 octets, data less than 2^24. */
#ifndef CRYPTO_CCM_H
#define CRYPTO_CCM_H

#include "crypto/aes.h"

enum { CCM_NONCE = 12, CCM_TAG_MAX = 16 };

struct ccm_key { struct aes_key aes; unsigned tag; };

void ccm_set_key(struct ccm_key *, const uint8_t *key, size_t n, unsigned tag, const struct cpu *);
void ccm_seal(const struct ccm_key *, const uint8_t nonce[CCM_NONCE], const void *aad, size_t aad_n, void *data,
              size_t n, uint8_t *tag);
bool ccm_open(const struct ccm_key *, const uint8_t nonce[CCM_NONCE], const void *aad, size_t aad_n, void *data,
              size_t n, const uint8_t *tag);

#endif
