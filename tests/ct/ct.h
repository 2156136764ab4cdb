/* ct.h - how a program of tests/ct shows that its code takes the same time whatever its secrets are.
 *
 * valgrind knows of every bit whether it was ever given a value, follows that through all computing, and
 * complains when a branch or an address depends on a bit that was not. So: declare the secrets valueless
 * (they keep their bits), run the code, and each complaint is a branch or an index on a secret. Before a
 * result that is no longer secret is looked at, say so. (The idea is Adam Langley's ctgrind, 2010.)
 *
 *     ct_secret(key, sizeof key);
 *     aes_set_key(&k, key, sizeof key, NULL);               // must not complain
 *     aes_encrypt(&k, block, block);
 *     ct_public(block, sizeof block);                 // a ciphertext may be seen
 *     ct_expect(memcmp(block, want, 16) == 0, "AES");
 *
 * Two can watch: valgrind, any build, but it knows no AVX-512, VAES and SHA; and MemorySanitizer of clang, which
 * watches in the program itself and knows all instructions that intrinsics stand for, but no assembly (msan.h). Between
 * them they see every form. `make ct` runs both: every program here must end with 0 under each, those called planted* -
 * they do on purpose what is forbidden - with 9. */
#ifndef TESTS_CT_CT_H
#define TESTS_CT_CT_H

#include "crypto/cpu.h"
#include "crypto/ct.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef CT_MSAN
#include <sanitizer/msan_interface.h>

static inline void ct_start(void) { }
static inline void ct_secret(const void *at, size_t n) { __msan_poison(at, n); }
static inline void ct_public(const void *at, size_t n) { __msan_unpoison(at, n); }
enum { CT_UNSEEN = CPU_ADX, CT_ALSO = 0 };            /* those in assembly */
#else
#include <valgrind/memcheck.h>

/* A run without valgrind shows nothing, and says so. To be called first. */
static inline void ct_start(void)
{
    if (!RUNNING_ON_VALGRIND) {
        fputs("this program shows something only under valgrind: make ct\n", stderr);
        exit(2);
    }
}

static inline void ct_secret(const void *at, size_t n) { (void)VALGRIND_MAKE_MEM_UNDEFINED(at, n); }
static inline void ct_public(const void *at, size_t n) { (void)VALGRIND_MAKE_MEM_DEFINED(at, n); }
/* valgrind emulates a processor of its own: what that has, it says, and more, which it does not say. */
#ifdef __x86_64__
enum { CT_UNSEEN = 0, CT_ALSO = CPU_ADX };
#else
enum { CT_UNSEEN = 0, CT_ALSO = 0 };
#endif
#endif

/* What crypto/ct.h's ct_tell gives is public. The linker puts this in its place (--wrap in ct.mk). */
bool __real_ct_tell(ct_mask verdict);
bool __wrap_ct_tell(ct_mask verdict);
bool __wrap_ct_tell(ct_mask verdict)
{
    bool told = __real_ct_tell(verdict);
    ct_public(&told, sizeof told);
    return told;
}

/* The run with secrets must compute what it is meant to: otherwise it shows nothing about the code. */
static inline void ct_expect(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "wrong: %s\n", what);
        exit(1);
    }
}

/* Everything once in the portable form, once in each of `forms` (enum cpu_has bits: those that make a difference) that
 * this processor has and who watches knows, and once with all together, since some do their work in pairs. */
static inline void ct_in_each_form(unsigned forms, void (*run)(const struct cpu *))
{
    struct cpu cpu = { 0 }, all = { (cpu_found().has | CT_ALSO) & ~(unsigned)CT_UNSEEN };
    const char *name;
    unsigned bit;
    run(&cpu);
    printf("run: portable");
    for (size_t i = 0; (name = cpu_name(i, &bit)); i++) {
        if (!(bit & forms))
            continue;
        const bool there = bit == CT_ALSO ? (cpu.has = bit) != 0 : !(bit & CT_UNSEEN) && cpu_force(&cpu, name);
        if (there)
            run(&cpu);
        printf(there ? " %s" : " (not %s)", name);
    }
    run(&all);
    puts(" and all together");
}

#endif
