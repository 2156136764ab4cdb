/* x25519_form.h - what a form of X25519 of our own has to offer; the inside of x25519.h. A form does not say whether
 * the secret is all zero. */
#ifndef CRYPTO_X25519_FORM_H
#define CRYPTO_X25519_FORM_H

#include <stddef.h>
#include <stdint.h>

struct x25519_form {
    void (*public)(const uint8_t scalar[32], uint8_t point[32]);
    void (*shared)(const uint8_t scalar[32], const uint8_t peer[32], uint8_t secret[32]);
};
extern const struct x25519_form x25519_portable;       /* where room is short (crypto/cpu.h) */
extern const struct x25519_form *const x25519_ifma;    /* NULL where no processor has it */

#endif
