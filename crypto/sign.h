/* sign.h - a key, whatever its kind, and what is done with it: the one place that knows which primitive
 * signs and verifies. An ECDSA signature is DER here, SEQUENCE { r, s } (RFC 8422 §5.8), strict on the way
 * in. */
#ifndef CRYPTO_SIGN_H
#define CRYPTO_SIGN_H

#include "crypto/p256.h"
#include "crypto/rsa.h"

enum key_kind { KEY_NONE, KEY_RSA, KEY_P256 };
enum { SIGNATURE_MAX = RSA_MAX, ECDSA_DER_MAX = 72 };

struct public_key { enum key_kind kind; union { struct rsa_public rsa; uint8_t p256[65]; } u; };
struct private_key { struct public_key pub; union { struct rsa_private rsa; uint8_t p256[32]; } u; };

bool key_verify(const struct public_key *, enum hash_kind, const uint8_t *digest, const uint8_t *sig,
                size_t n);
/* Octets written to sig (room SIGNATURE_MAX), 0 when the key is bad. */
size_t key_sign(const struct private_key *, struct chance *, enum hash_kind, const uint8_t *digest,
                uint8_t *sig);
/* Does the public half fit the private half? (signs and verifies, or computes the point) */
bool key_matches(const struct private_key *, const struct public_key *);
unsigned key_bits(const struct public_key *);          /* 2048, 256 */
void key_wipe(struct private_key *);

/* DER of r and s, how many octets it has; and back. Reading takes nothing but the one DER encoding of two
 * numbers below 2^256, to the last octet; whether they are in 1 .. n-1 is for p256_verify to say. */
size_t ecdsa_write_der(const uint8_t r[32], const uint8_t s[32], uint8_t der[ECDSA_DER_MAX]);
bool ecdsa_read_der(const uint8_t *der, size_t n, uint8_t r[32], uint8_t s[32]);

#endif
