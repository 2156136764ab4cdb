/* cpu.h - which instructions for cryptography this processor has.
 *
 * Every primitive has a portable form, constant in time, that runs everywhere; some have a second one in
 * instructions made for the purpose. A key is set with a struct cpu and keeps what it chose: so there is no
 * global, and any form can be asked for. NULL wherever a `const struct cpu *` is wanted means the portable form.
 * What comes out is the same in every form, to the last bit. */
#ifndef CRYPTO_CPU_H
#define CRYPTO_CPU_H

#include <stdbool.h>

enum cpu_has {
    CPU_AES_NI = 1,                                   /* AES rounds, and products without carries (PCLMULQDQ) */
    CPU_VAES = 2                                      /* the same on 512 bits at once, with AVX-512 */
};
struct cpu { unsigned has; };                         /* enum cpu_has bits */

/* What this processor has and the system keeps the registers of: 0 on machines that are not x86-64. */
struct cpu cpu_found(void);
/* As found, but no more than `form` says: "portable", "aesni", "vaes". False: no such word, or not to be had here. */
bool cpu_force(struct cpu *, const char *form);
const char *cpu_words(const struct cpu *);            /* the best of it, as cpu_force takes it */

#endif
