/* prf.h - the pseudorandom function of TLS 1.2 (RFC 5246 §5): P_hash(secret, label + seed). */
#ifndef CRYPTO_PRF_H
#define CRYPTO_PRF_H

#include "crypto/hash.h"

/* Fills out with n octets. label is ASCII without its NUL; the seed comes in two pieces (either may be
 * empty), which is how TLS has it: client_random and server_random. Secret and output are secret; their
 * lengths are not. */
void tls_prf(enum hash_kind, const void *secret, size_t secret_n, const char *label,
             const void *seed1, size_t seed1_n, const void *seed2, size_t seed2_n, void *out, size_t n,
             const struct cpu *);

#endif
