/* exchange.h - two sides that share no secret agree on one: every way that TLS 1.2 has for a fresh key a
 * handshake, as one table. X25519 (RFC 7748), the curves P-256, P-384 and P-521 (RFC 8422), and Diffie and Hellman's
 * first way, numbers modulo a prime: the groups of RFC 7919, and those of RFC 3526 §3 to §5, which servers from
 * before it use.
 *
 *     exchange_make(way, chance, "client_exchange", secret.scalar);
 *     exchange_public(way, secret.scalar, ours, cpu);          to the peer
 *     if (!exchange_shared(way, secret.scalar, theirs, theirs_n, shared, cpu))
 *         refuse: the peer's value is none
 *
 * A public value is what goes over the wire: 32 octets, a point 04 x y, a number as long as the prime. What is
 * secret is handled without branch and index on it. Whoever keeps a scalar or a secret wipes it.
 *
 * The shared secret of the groups modulo a prime is always as long as the prime, with zeros in front. TLS 1.2 takes
 * those zeros away before the secret becomes the pre_master_secret (RFC 5246 §8.1.2), so that the time of the PRF tells
 * how many there were. Whoever meets the *same* exponent again can turn that into the secret ("Raccoon",
 * CVE-2020-1968); so exponents must be fresh for each handshake. The stripping is left to the caller, in one place
 * (exchange_zeros), because the secret of an elliptic curve must keep its zeros (RFC 8422 §5.10). */
#ifndef CRYPTO_EXCHANGE_H
#define CRYPTO_EXCHANGE_H

#include "crypto/chance.h"
#include "crypto/cpu.h"
#include <stdbool.h>
#include <stdint.h>

enum exchange {
    EXCHANGE_NONE, EXCHANGE_X25519, EXCHANGE_P256, EXCHANGE_P384, EXCHANGE_P521,
    EXCHANGE_FFDHE2048, EXCHANGE_FFDHE3072, EXCHANGE_FFDHE4096,        /* RFC 7919 §A.1 to A.3 */
    EXCHANGE_MODP2048, EXCHANGE_MODP3072, EXCHANGE_MODP4096,           /* RFC 3526 §3 to §5 */
    EXCHANGE_WAYS
};
enum { EXCHANGE_GENERATOR = 2, EXCHANGE_SCALAR_MAX = 66, EXCHANGE_PUBLIC_MAX = 512, EXCHANGE_SECRET_MAX = 512 };

bool   exchange_known(enum exchange);                 /* can it be done here? All but NONE */
bool   exchange_modular(enum exchange);               /* numbers modulo a prime? */
size_t exchange_scalar_size(enum exchange);           /* octets */
size_t exchange_public_size(enum exchange);
size_t exchange_secret_size(enum exchange);

/* A fresh secret number. */
void exchange_make(enum exchange, struct chance *, const char *purpose, uint8_t *scalar);
/* False: a scalar that is none (one from exchange_make never is). */
bool exchange_public(enum exchange, const uint8_t *scalar, uint8_t *value, const struct cpu *);
/* Is this a public value: a point of the right form on the curve, any 32 octets for X25519, a number from 2 to
 * p - 2, which may come without its leading zeros? */
bool exchange_valid(enum exchange, const uint8_t *value, size_t n);
/* False, and zeros: the peer's value is not valid, or the secret of X25519 is all zero (RFC 7748 §6.1). */
bool exchange_shared(enum exchange, const uint8_t *scalar, const uint8_t *value, size_t n, uint8_t *secret,
                     const struct cpu *);
/* How many octets TLS 1.2 leaves out in front of a secret: the zeros of a secret modulo a prime, else none. Tells
 * something about the secret, as said above. */
size_t exchange_zeros(enum exchange, const uint8_t *secret);

/* Which form makes its halves and secrets: "adx". */
const char *exchange_form_name(enum exchange, const struct cpu *);

/* The prime of a group (exchange_public_size octets) and its generator, which is 2 in all of them; and which group
 * these are (numbers may have zeros in front), EXCHANGE_NONE: none known here, so nobody knows whether the prime is
 * one. */
const uint8_t *exchange_prime(enum exchange);
enum exchange exchange_of_group(const uint8_t *p, size_t p_n, const uint8_t *g, size_t g_n);

#endif
