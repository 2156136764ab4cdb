/* aes_form.h - what one form of AES has to offer; the inside of aes.h. `set` takes the round keys of FIPS 197 §5.2 as
 * octets; the others are as in aes.h. */
#ifndef CRYPTO_AES_FORM_H
#define CRYPTO_AES_FORM_H

#include "crypto/aes.h"

struct aes_form {
    const char *name;
    uint32_t (*sub_word)(uint32_t word);               /* of FIPS 197 §5.2, for the key schedule */
    void (*set)(struct aes_key *, const uint8_t round_keys[AES_ROUND_KEYS][AES_BLOCK]);
    void (*encrypt)(const struct aes_key *, const uint8_t in[16], uint8_t out[16]);
    void (*ctr)(const struct aes_key *, const uint8_t nonce[12], uint32_t counter, void *data, size_t n);
    void (*cbc_encrypt)(const struct aes_key *, const uint8_t iv[16], void *data, size_t n);
    void (*cbc_decrypt)(const struct aes_key *, const uint8_t iv[16], void *data, size_t n);
};
extern const struct aes_form aes_sliced;
extern const struct aes_form *const aes_ni, *const aes_vaes512;    /* NULL where no processor has it */

#endif
