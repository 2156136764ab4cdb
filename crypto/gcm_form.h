/* gcm_form.h - what one form of GCM has to offer; the inside of gcm.h. `set` finds k->aes set. */
#ifndef CRYPTO_GCM_FORM_H
#define CRYPTO_GCM_FORM_H

#include "crypto/gcm.h"

struct gcm_form {
    const char *name;
    void (*set)(struct gcm_key *);
    void (*seal)(const struct gcm_key *, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                 uint8_t tag[16]);
    void (*open)(const struct gcm_key *, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                 uint8_t tag[16]);
};
extern const struct gcm_form gcm_portable;
extern const struct gcm_form *const gcm_ni, *const gcm_vaes, *const gcm_vaes512;   /* NULL where no processor has it */

#endif
