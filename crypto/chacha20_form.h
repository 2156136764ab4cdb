/* chacha20_form.h - what one form of ChaCha20-Poly1305 (RFC 8439 §2.8) has to offer; the inside of aead.h. open says
 * whether the tag is right; if not, the data are not to be used, whatever is there then. */
#ifndef CRYPTO_CHACHA20_FORM_H
#define CRYPTO_CHACHA20_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chacha20_form {
    const char *name;
    void (*seal)(const uint8_t key[32], const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                 uint8_t tag[16]);
    bool (*open)(const uint8_t key[32], const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                 const uint8_t tag[16]);
};
extern const struct chacha20_form chacha20_sodium, chacha20_portable;           /* which: crypto/cpu.h, CPU_SMALL */
extern const struct chacha20_form *const chacha20_ifma;          /* NULL where no processor has it */

#endif
