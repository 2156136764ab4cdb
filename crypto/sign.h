/* sign.h - a key, whatever its kind, and what is done with it: the one place that knows which primitive
 * signs and verifies.
 *
 * A scheme is how a signature is made: RSASSA-PKCS1-v1_5 or RSASSA-PSS (RFC 8017 §8.2, §8.1; MGF1 over the same
 * hash, a salt as long as the digest), ECDSA on the curve of the key, whichever hash (FIPS 186-5 §6.4), Ed25519
 * (RFC 8032 §5.1). An RSA key signs in both RSA schemes, an RSASSA-PSS key (RFC 4055 §1.2) in PSS alone. An ECDSA
 * signature is DER here, SEQUENCE { r, s } (RFC 8422 §5.8), strict on the way in.
 *
 *     struct sign_scheme scheme = { SIGN_PSS, HASH_SHA256 };
 *     size_t n = key_sign(&key, chance, scheme, message, message_n, signature, cpu);
 *     bool good = key_verify(&key.pub, scheme, message, message_n, signature, n, cpu); */
#ifndef CRYPTO_SIGN_H
#define CRYPTO_SIGN_H

#include "crypto/curve.h"
#include "crypto/ed25519.h"
#include "crypto/rsa.h"

enum key_kind { KEY_NONE, KEY_RSA, KEY_RSA_PSS, KEY_P256, KEY_P384, KEY_P521, KEY_ED25519 };
enum sign_kind { SIGN_PKCS1, SIGN_PSS, SIGN_ECDSA, SIGN_ED25519 };
enum { SIGNATURE_MAX = RSA_MAX, ECDSA_DER_MAX = 141 };

struct sign_scheme { enum sign_kind kind; enum hash_kind hash; };      /* Ed25519 brings its own hash */

struct public_key {
    enum key_kind kind;
    /* An RSASSA-PSS key may be bound to one hash by its certificate (RFC 4055 §3.1). */
    bool pss_bound; enum hash_kind pss_hash;
    union { struct rsa_public rsa; uint8_t ec[CURVE_POINT_MAX]; uint8_t ed25519[ED25519_KEY]; } u;
};
struct private_key {
    struct public_key pub;
    union { struct rsa_private rsa; uint8_t ec[CURVE_SCALAR_MAX]; uint8_t ed25519[ED25519_KEY]; } u;
};

/* Can a key of this kind sign so? */
bool key_can(const struct public_key *, struct sign_scheme);
bool key_verify(const struct public_key *, struct sign_scheme, const void *message, size_t n, const uint8_t *sig,
                size_t sig_n, const struct cpu *);
/* Octets written to sig (room SIGNATURE_MAX), 0 when the key is bad or cannot sign so. */
size_t key_sign(const struct private_key *, struct chance *, struct sign_scheme, const void *message, size_t n,
                uint8_t *sig, const struct cpu *);
/* The same for whoever has the digest (hash_size octets) and no longer the message; not of Ed25519, which reads
 * its message twice. */
bool key_verify_digest(const struct public_key *, struct sign_scheme, const uint8_t *digest, const uint8_t *sig,
                       size_t sig_n, const struct cpu *);
size_t key_sign_digest(const struct private_key *, struct chance *, struct sign_scheme, const uint8_t *digest,
                       uint8_t *sig, const struct cpu *);

/* A fresh key of a kind on a curve, or Ed25519; false: not of RSA. */
bool key_make(struct private_key *, enum key_kind, struct chance *, const char *purpose, const struct cpu *);
/* A fresh RSA key, e = 65537 (rsa_make.h): 2048, 3072 or 4096 bits, or 1024 for a lesson. Made and tried once. Where
 * it shall be RSASSA-PSS's alone, set pub.kind. False: no such size. */
bool key_make_rsa(struct private_key *, unsigned bits, struct chance *, const struct cpu *);
/* The public half, from a private one on a curve or Ed25519. False: the number is out of range. */
bool key_make_public(struct private_key *, const struct cpu *);
/* Does the public half fit the private half? (signs and verifies, or computes the point) */
bool key_matches(const struct private_key *, const struct public_key *, const struct cpu *);
bool key_same(const struct public_key *, const struct public_key *);
unsigned key_bits(const struct public_key *);                          /* 2048, 256, 384, 521 */
const struct curve *key_curve(enum key_kind);                         /* NULL: not a key on a NIST curve */
/* Octets of a point and of a private number; 0: no such key. */
size_t key_point_size(enum key_kind);
size_t key_scalar_size(enum key_kind);
void key_wipe(struct private_key *);

/* Which form signs and verifies with such a key: "adx". */
const char *key_form_name(enum key_kind, const struct cpu *);

/* DER of r and s, which are `size` octets each (32, 48, 66), how many octets it has; and back. Reading takes
 * nothing but the one DER encoding of two numbers of that size, to the last octet; whether they are in 1 .. n-1
 * is for the curve to say. */
size_t ecdsa_write_der(const uint8_t *r, const uint8_t *s, size_t size, uint8_t der[ECDSA_DER_MAX]);
bool ecdsa_read_der(const uint8_t *der, size_t n, uint8_t *r, uint8_t *s, size_t size);

#endif
