/* dh.h - Diffie and Hellman modulo a prime (RFC 2631 §2.1), in the groups of RFC 7919 and RFC 3526 alone: p is prime
 * and so is (p - 1) / 2, the generator is 2. In such a group no value from 2 to p - 2 has a small order (RFC 7919
 * §5.1), and an exponent of twice the strength of the group is as good as one of the whole length (§5.2: 225, 275 and
 * 325 bits at least; here 256, 320 and 384). For crypto/exchange.h.
 *
 * Values are as long as the prime, big-endian, with zeros in front. The exponent is secret: no branch and no index
 * depends on it. */
#ifndef CRYPTO_DH_H
#define CRYPTO_DH_H

#include "crypto/cpu.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DH_FFDHE2048, DH_FFDHE3072, DH_FFDHE4096, DH_MODP2048, DH_MODP3072, DH_MODP4096, DH_GROUPS };
enum { DH_GENERATOR = 2 };

struct dh_group { size_t size; const uint8_t *p; };    /* octets */
extern const struct dh_group dh_groups[DH_GROUPS];

/* A number from 2 to p - 2? Zeros in front may be missing. */
bool dh_valid(const struct dh_group *, const uint8_t *value, size_t n);
/* 2 to the exponent; exponent_n is a multiple of 8. */
void dh_public(const struct dh_group *, const uint8_t *exponent, size_t exponent_n, uint8_t *value,
               const struct cpu *);
/* The peer's value, which is valid, to the exponent. */
void dh_shared(const struct dh_group *, const uint8_t *exponent, size_t exponent_n, const uint8_t *peer, size_t n,
               uint8_t *secret, const struct cpu *);

#endif
