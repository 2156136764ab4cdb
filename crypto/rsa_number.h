/* rsa_number.h - RSA without its padding: numbers to the power e, and back (RFC 8017 §5.1, §5.2). For crypto/rsa.c,
 * and for who forges (tls/forge.h): a number that is not padded is neither signed nor secret. Numbers are n_size
 * octets, big-endian. */
#ifndef CRYPTO_RSA_NUMBER_H
#define CRYPTO_RSA_NUMBER_H

#include "crypto/ct.h"
#include "crypto/rsa.h"

/* out = in^e mod n. The mask says whether `in` was below n; what is in `out` otherwise has no meaning. */
ct_mask rsa_raise(const struct rsa_public *, const uint8_t *in, uint8_t *out, const struct cpu *);

/* The same for numbers that anybody may know, in less time: a signature. */
ct_mask rsa_raise_public(const struct rsa_public *, const uint8_t *in, uint8_t *out, const struct cpu *);

/* Finds the out whose e-th power is `in`, which is below n. By the two primes apart (the Chinese remainder
 * theorem), blinded. The answer is raised again before it leaves: where that does not give `in`, because
 * the key is bad or the machine made a mistake, the mask is not set and out is zeros. One faulty answer
 * would be enough to factor n (Boneh, DeMillo, Lipton 1997). */
ct_mask rsa_undo(const struct rsa_private *, struct chance *, const uint8_t *in, uint8_t *out, const struct cpu *);

#endif
