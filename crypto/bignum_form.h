/* bignum_form.h - the inside of bignum.h: what one form of powers has to offer, and what it stands on. */
#ifndef CRYPTO_BIGNUM_FORM_H
#define CRYPTO_BIGNUM_FORM_H

#include "crypto/bignum.h"

/* Products of numbers of the same size, a multiple of `step` limbs. t has twice the limbs and is neither a nor b. */
struct bn_products {
    const char *name;
    size_t step;
    void (*mul)(uint64_t *t, const uint64_t *a, const uint64_t *b, size_t limbs);
    void (*square)(uint64_t *t, const uint64_t *a, size_t limbs);
    /* Adds the multiple of n that makes the lower half of t zero; what is left there has no meaning. The carry. */
    uint64_t (*reduce)(uint64_t *t, const uint64_t *n, uint64_t minus_inverse, size_t limbs);
};
extern const struct bn_products *const bn_products_adx;   /* NULL where no processor has it */

/* Powers modulo one number, or two of the same size side by side; numbers come and go in the form of bn_mod_mul. */
struct bn_powers {
    const char *name;
    size_t limbs_min;                                  /* of the modulus; smaller ones go the portable way */
    void (*exp)(const struct bn_power *, unsigned ways, size_t limbs_e);
    void (*exp_public)(const struct bn_mod *, uint64_t *x, const uint64_t *a, uint64_t e);
    /* For bn_power and bn_power_public, with an m that has no rr: shift(limbs) bits take a number into this form.
     * `twice` is 2^(2 shift) mod n, `shifted` a 2^shift mod n. The second x has one limb more than n, and only its
     * upper limbs are below n. */
    size_t (*shift)(size_t limbs);
    void (*power)(const struct bn_mod *, uint64_t *x, const uint64_t *a, const uint64_t *twice, uint64_t e);
    void (*power_public)(const struct bn_mod *, uint64_t *x, const uint64_t *a, const uint64_t *shifted, uint64_t e);
};
extern const struct bn_powers *const bn_powers_ifma;   /* NULL where no processor has it */

/* t = 2 t + the squares of the limbs of a, each in its place: what is left to do for t = a a. */
void bn_double_and_squares(uint64_t *t, const uint64_t *a, size_t limbs);
/* Are powers modulo this one taken by m->powers? */
static inline bool bn_powers_taken(const struct bn_mod *m)
{
    return m->powers && m->limbs >= m->powers->limbs_min;
}
/* What every modulus has, before `one` and `rr`. */
void bn_mod_begin(struct bn_mod *, const uint64_t *n, size_t limbs, const struct cpu *);
/* t += a b; the limb above comes back. */
uint64_t bn_add_product(uint64_t *t, const uint64_t *a, uint64_t b, size_t limbs);
/* x = t / R mod n; t has twice the limbs, is below R n, and is used up. */
void bn_mod_reduce(const struct bn_mod *, uint64_t *x, uint64_t *t);

#endif
