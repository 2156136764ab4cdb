/* rsa.h - RSA as TLS 1.2 needs it: signatures in both schemes (RFC 8017 §8.1, §8.2), PKCS #1 v1.5 encryption (§7.2),
 * keys of 1024 to 4096 bits. (x509 refuses keys under 2048; here they only must work.) Numbers are big-endian octets
 * without sign, as in a key file. */
#ifndef CRYPTO_RSA_H
#define CRYPTO_RSA_H

#include "crypto/chance.h"
#include "crypto/hash.h"
#include <stdbool.h>

enum { RSA_MAX = 512 };                                /* octets of the longest modulus: 4096 bits */

struct rsa_public { uint8_t n[RSA_MAX]; size_t n_size; uint8_t e[8]; size_t e_size; };  /* no leading zeros */

struct rsa_private {
    struct rsa_public pub;
    uint8_t p[RSA_MAX / 2], q[RSA_MAX / 2], dp[RSA_MAX / 2], dq[RSA_MAX / 2], qinv[RSA_MAX / 2];
    /* octets of each of the five: zeros, then the number */
    size_t half;
};

/* An odd modulus of an allowed size, an odd e of 3 or more, below 2^33; no zeros in front. */
bool rsa_public_valid(const struct rsa_public *);
/* Builds what the signature must be and compares: nothing in the padding is parsed (BERserk). sig_n must
 * equal n_size. */
bool rsa_verify(const struct rsa_public *, enum hash_kind, const uint8_t *digest, const uint8_t *sig,
                size_t sig_n, const struct cpu *);
/* sig has room for n_size octets. By CRT with blinding; the result is checked before it leaves (Lenstra).
 * False: the key is bad. */
bool rsa_sign(const struct rsa_private *, struct chance *, enum hash_kind, const uint8_t *digest,
              uint8_t *sig, const struct cpu *);
/* RSASSA-PSS, MGF1 over the same hash and a salt as long as the digest (RFC 8017 §8.1). Also false: the modulus has no
 * room for two such digests (SHA-512 in 1024 bits). */
bool rsa_verify_pss(const struct rsa_public *, enum hash_kind, const uint8_t *digest, const uint8_t *sig,
                    size_t sig_n, const struct cpu *);
bool rsa_sign_pss(const struct rsa_private *, struct chance *, enum hash_kind, const uint8_t *digest,
                  uint8_t *sig, const struct cpu *);
/* RSAES-PKCS1-v1_5: encoded (the padded data, as secret as they; wiped by whom it is of) and out have room
 * for n_size octets, n <= n_size - 11. */
bool rsa_encrypt(const struct rsa_public *, struct chance *, const uint8_t *data, size_t n, uint8_t *encoded,
                 uint8_t *out, const struct cpu *);
/* The RSA key exchange without an oracle (RFC 5246 §7.4.7.1): whatever is wrong with padding, length or the
 * two version octets, pre_master_secret becomes 48 random octets, and nothing in time or answer tells.
 * `version` is the client_version of the ClientHello. False only for what is public: a ciphertext of the
 * wrong length or not below the modulus (then nothing is written). */
bool rsa_decrypt_premaster(const struct rsa_private *, struct chance *, uint16_t version,
                           const uint8_t *in, size_t n, uint8_t pre_master_secret[48], const struct cpu *);

#endif
