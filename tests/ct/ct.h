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
 * Run by `make ct`: every program here must end with 0 under valgrind, those called planted* - they do on
 * purpose what is forbidden - with valgrind's 9. */
#ifndef TESTS_CT_CT_H
#define TESTS_CT_CT_H

#include "crypto/ct.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

#endif
