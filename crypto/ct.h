/* ct.h - answers that must not be seen in the time they take.
 *
 * A yes or no that is secret is a ct_mask: all ones or all zero. Combine masks with & | ~ and use them to
 * select; a mask must never meet `if`, `?`, `&&` or `[]`. Reading is not checking: tests/ct marks secrets
 * undefined under valgrind. */
#ifndef CRYPTO_CT_H
#define CRYPTO_CT_H

#include <stdbool.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t ct_mask;

/* Hides a value from the optimizer. If it sees that a word is 0 or 1, and so a mask all or nothing, it may
 * turn "& mask" back into a branch, or into an index: clang does, at -O2. */
static inline uint64_t ct_hide(uint64_t v)
{
#ifndef CT_HIDE_PLAIN                                 /* who watches in tests/ct may want to see through this */
    __asm__ volatile("" : "+r"(v));
#endif
    return v;
}

/* All ones when v is not 0: the top bit of v | -v says so. */
static inline ct_mask ct_nonzero(uint64_t v)
{
    return (ct_mask)0 - ct_hide((v | (0 - v)) >> 63);
}

static inline ct_mask ct_zero(uint64_t v) { return ~ct_nonzero(v); }
static inline ct_mask ct_equal(uint64_t a, uint64_t b) { return ct_zero(a ^ b); }

/* All ones when a < b, for a and b below 2^63. */
static inline ct_mask ct_less(uint64_t a, uint64_t b) { return (ct_mask)0 - ct_hide((a - b) >> 63); }

/* yes where the mask is set, no elsewhere. */
static inline uint64_t ct_select(ct_mask mask, uint64_t yes, uint64_t no)
{
    return (yes & mask) | (no & ~mask);
}

/* All ones when the n octets at a and b are the same; looks at all of them. */
ct_mask ct_same(const void *a, const void *b, size_t n);

/* A verdict that everybody may know from here on, since what follows from it shows (a wrong tag: an alert).
 * The only way from a mask to a branch; tests/ct takes what comes out of it as public. */
bool ct_tell(ct_mask verdict);

/* Copies n octets from src to dst where the mask is set; reads and writes the same either way. */
void ct_copy_if(ct_mask mask, void *dst, const void *src, size_t n);

#endif
