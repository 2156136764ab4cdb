/* x25519.h - X25519 (RFC 7748 §5 and §6.1): two sides that share no secret agree on one, of 32 octets. A scalar is
 * any 32 octets, a point too: of the scalar's bits five are not looked at, of the point's the highest.
 *
 * Two forms: libsodium's, and where the processor has AVX-512 IFMA ours (crypto/x25519_ifma.c), which takes two
 * fifths of its time for a secret and less than a fifth for a point. No branch and no index depends on a scalar or a
 * secret. */
#ifndef CRYPTO_X25519_H
#define CRYPTO_X25519_H

#include "crypto/cpu.h"

#include <stdbool.h>
#include <stdint.h>

/* The point that belongs to a scalar. */
void x25519_public(const uint8_t scalar[32], uint8_t point[32], const struct cpu *);
/* False when the shared secret is all zero: the peer chose a point of small order (RFC 7748 §6.1, RFC 8422
 * §5.11). */
bool x25519_shared(const uint8_t scalar[32], const uint8_t peer[32], uint8_t secret[32], const struct cpu *);
/* Which form that is with these instructions, for people and measurements: "libsodium", "ifma"; in a
 * small build "portable". */
const char *x25519_form_name(const struct cpu *);

#endif
