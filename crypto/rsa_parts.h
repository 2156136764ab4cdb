/* rsa_parts.h - the numbers of an RSA key from its primes (RFC 8017 §3.2): all are secret, none is branched on or
 * used as an index. Only e and the sizes are public. */
#ifndef CRYPTO_RSA_PARTS_H
#define CRYPTO_RSA_PARTS_H

#include "crypto/ct.h"
#include "crypto/rsa.h"

/* p, q, half and pub.e are there, and both primes fill their `half` octets (a multiple of 8) to the top bit: sets n,
 * dp, dq and qinv. The mask is not set where e has no inverse modulo p - 1 or q - 1. */
ct_mask rsa_complete(struct rsa_private *, const struct cpu *);

/* d = 1/e modulo lcm(p - 1, q - 1), as FIPS 186-5 §A.1.1 wants it, n_size octets: `struct rsa_private` does not keep
 * it, but files have it (RFC 8017 §A.1.2). Of any key. The mask is not set where there is none, which a key that
 * signs right does not have. */
ct_mask rsa_private_exponent(const struct rsa_private *, uint8_t *d);

#endif
