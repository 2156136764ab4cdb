/* stretch.h - keys out of pass phrases, slowly, so that guessing costs as much as knowing times many: PBKDF2 over HMAC
 * (RFC 8018 §5.2), which costs time, and scrypt (RFC 7914), which costs memory, too.
 *
 * Who sets how slow is a file of somebody: ask stretch_work first, and refuse what is too much. Its unit is about a
 * microsecond. Passwords are octets, any number of them. No branch or index on them in PBKDF2; scrypt reads memory
 * at places that the password decides (§2, by design). */
#ifndef CRYPTO_STRETCH_H
#define CRYPTO_STRETCH_H

#include "crypto/hash.h"
#include <stdbool.h>

struct stretch {
    bool scrypt;
    enum hash_kind hash; uint64_t iterations;         /* PBKDF2: at least 1 */
    uint64_t n, r, p;                                 /* scrypt: cost (a power of two), block size, parallelization */
    const uint8_t *salt; size_t salt_n;
};

/* What making `key_n` octets costs, and how many octets of memory; UINT64_MAX: more than can be counted. */
uint64_t stretch_work(const struct stretch *, size_t key_n);
uint64_t stretch_memory(const struct stretch *);
/* False: numbers that the RFCs do not allow, or no memory. */
bool stretch_key(const struct stretch *, const void *password, size_t n, uint8_t *key, size_t key_n,
                 const struct cpu *);

#endif
