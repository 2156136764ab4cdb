/* rsa_keys.h - RSA keys from files of test vectors that have the columns privateKey.modulus,
 * .publicExponent, .prime1 ... (RFC 8017 A.1.2's names): Wycheproof's rsa-pkcs1 and our own rsa-keys.txt,
 * which has odd sizes. */
#ifndef TESTS_LIB_RSA_KEYS_H
#define TESTS_LIB_RSA_KEYS_H

#include "crypto/rsa.h"
#include "tests/lib/vectors.h"

/* A number of a vector without the zeros in front; how many octets. */
size_t test_number(const struct vectors *, const char *column, uint8_t *to, size_t room);
void   test_rsa_key(const struct vectors *, struct rsa_private *);
/* The one of 2048 bits, e = 65537. */
void   test_rsa_2048(struct rsa_private *);

#endif
