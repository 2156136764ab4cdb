/* rsa_make.h - a fresh RSA key by FIPS 186-5 §A.1.3: two primes drawn at random.
 *
 * Each prime is drawn anew, between √2 2^(half-1) and 2^half, until one passes: no small factor, e and p - 1 without a
 * common one, then Miller-Rabin with random bases, as many as table B.1 asks for at this size. The primes are 3 modulo
 * 4 (§A.1.3 lets one choose p mod 8), so that a base is one exponentiation. |p - q| > 2^(half-100), d > 2^half,
 * e = 65537; p is the larger.
 *
 * What may be seen in time: how many candidates were thrown away and at which check. They were drawn apart from the
 * one that stays, and say nothing of it. On that one nothing is branched or indexed. All is wiped but the key.
 * The same `chance` makes the same key, on any machine. 2048 bits take about 70 ms, 4096 bits 400. */
#ifndef CRYPTO_RSA_MAKE_H
#define CRYPTO_RSA_MAKE_H

#include "crypto/rsa.h"

enum { RSA_MAKE_MIN = 1024, RSA_MAKE_STEP = 128 };    /* bits; below 2048 for lessons alone */

/* bits: 2048, 3072 or 4096; any multiple of RSA_MAKE_STEP from RSA_MAKE_MIN to 8 RSA_MAX. False: other bits, or a
 * `chance` in which no prime came up in as many draws as §A.1.3 allows. */
bool rsa_make(struct rsa_private *, unsigned bits, struct chance *, const struct cpu *);

#endif
