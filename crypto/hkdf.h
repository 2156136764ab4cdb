/* hkdf.h - HKDF (RFC 5869), and what TLS 1.3 makes of it (RFC 8446 §7.1).
 *
 *     hkdf_extract(kind, salt, salt_n, ikm, ikm_n, prk, cpu);           // PRK, hash_size octets
 *     hkdf_expand(kind, prk, prk_n, info, info_n, out, n, cpu);         // n octets, at most 255 * hash_size
 *     hkdf_expand_label(kind, secret, "key", NULL, 0, key, 16, cpu);    // info: n, "tls13 key", context
 *
 * Derive-Secret(Secret, Label, Messages) is hkdf_expand_label with the transcript hash as its context and hash_size
 * octets. Secret and output are secret; their lengths, labels and contexts are not. */
#ifndef CRYPTO_HKDF_H
#define CRYPTO_HKDF_H

#include "crypto/hash.h"

enum { HKDF_LABEL_MAX = 12, HKDF_CONTEXT_MAX = 255 };  /* octets; a label without "tls13 " and its NUL */

void hkdf_extract(enum hash_kind, const void *salt, size_t salt_n, const void *ikm, size_t ikm_n, uint8_t *prk,
                  const struct cpu *);
void hkdf_expand(enum hash_kind, const void *prk, size_t prk_n, const void *info, size_t info_n, void *out, size_t n,
                 const struct cpu *);
/* The secret has hash_size octets. */
void hkdf_expand_label(enum hash_kind, const uint8_t *secret, const char *label, const void *context,
                       size_t context_n, void *out, size_t n, const struct cpu *);

#endif
