/* hash_form.h - what one form of a hash function has to offer; the inside of hash.h: n whole blocks go into the hash
 * value, one behind the other (FIPS 180-4 §6.1.2, §6.2.2, §6.4.2). SHA-384 is SHA-512 from another initial value. */
#ifndef CRYPTO_HASH_FORM_H
#define CRYPTO_HASH_FORM_H

#include "crypto/hash.h"

struct hash_form {
    const char *name;
    void (*blocks)(union hash_value *, const uint8_t *data, size_t n);
};
extern const struct hash_form sha1_portable, sha256_sodium, sha512_sodium;
extern const struct hash_form sha256_portable, sha512_portable;  /* where room is short (crypto/cpu.h) */
/* NULL where no processor has it */
extern const struct hash_form *const sha1_ni, *const sha256_ni, *const sha512_avx512;

/* As hash_end, but the state is left to be wiped. */
void hash_finish(struct hash *, uint8_t *digest);

#endif
