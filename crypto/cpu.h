/* cpu.h - which instructions for cryptography this processor has.
 *
 * Every primitive has a portable form, constant in time, that runs everywhere; some have others, in instructions made
 * for the purpose. Who calls says which may be used, by a `const struct cpu *`, the last parameter of all that has
 * forms; NULL means the portable one. So there is no global, and any form can be asked for. A key that is set keeps
 * what it chose. What comes out is the same in every form, to the last bit.
 *
 *     name      bit           what it is                                                        used by
 *     aesni     CPU_AES_NI    AES rounds, products without carries (PCLMULQDQ), SSSE3, SSE 4.1   AES, GCM
 *     vaes      CPU_VAES      both on 256 bits (VAES, VPCLMULQDQ)                                AES, GCM
 *     vaes512   CPU_VAES512   both on 512 bits                                                  AES, GCM
 *     sha       CPU_SHA       rounds of SHA-1 and SHA-256                                       SHA
 *     adx       CPU_ADX       MULX (BMI2), ADCX, ADOX: products, and two chains of carries       RSA, DH, curves
 *     avx2      CPU_AVX2      eight numbers of 32 bits at once                                  what follows
 *     avx512    CPU_AVX512    sixteen (F, BW, DQ, VL; and BMI2)                                 SHA, what follows
 *     ifma      CPU_IFMA      eight products of 52 bits at once                                 RSA, DH, ECDH, ChaCha20
 */
#ifndef CRYPTO_CPU_H
#define CRYPTO_CPU_H

#include <stdbool.h>
#include <stddef.h>

/* The others are for x86-64, and a build with -DVITRINE_SMALL (`make size`) is without them. There room counts more
 * than speed: what libsodium does elsewhere is done by forms of ours that need a tenth of its room, and the curves by
 * one text for all three. What only a reader of others' records needs is not in it: AES-CCM, Camellia, NULL suites. */
#ifdef VITRINE_SMALL
enum { CPU_SMALL = true };
#else
enum { CPU_SMALL = false };
#ifdef __x86_64__
#define CPU_FORMS
#endif
#endif

enum cpu_has {
    CPU_AES_NI = 1, CPU_VAES = 2, CPU_VAES512 = 4, CPU_SHA = 8, CPU_ADX = 16, CPU_AVX2 = 32, CPU_AVX512 = 64,
    CPU_IFMA = 128
};
enum { CPU_WORDS = 64 };                              /* room for cpu_words */
struct cpu { unsigned has; };                         /* enum cpu_has bits */

/* What this processor has and the system keeps the registers of: 0 on machines that are not x86-64. */
struct cpu cpu_found(void);
/* As found, but no more than `forms` says: "portable", or names of the table above with + between them; each brings
 * what it stands on (vaes512 brings vaes, avx512; these aesni, avx2). False: no such name, or not to be had here. */
bool cpu_force(struct cpu *, const char *forms);
/* All of it, as cpu_force takes it: "aesni+sha". */
const char *cpu_words(const struct cpu *, char words[CPU_WORDS]);
/* May this one use all of these bits? NULL may use none. */
static inline bool cpu_may(const struct cpu *cpu, unsigned bits) { return cpu && (cpu->has & bits) == bits; }
/* The names one by one, for who lists them; NULL from the last one on. */
const char *cpu_name(size_t i, unsigned *bit);

#endif
