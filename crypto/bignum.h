/* bignum.h - natural numbers of a fixed number of limbs, for RSA, Diffie-Hellman modulo a
 * prime, and the scalars of curves.
 *
 * A number is an array of 64-bit limbs, lowest first; its size is an argument, at most BN_LIMBS, and
 * public. The *value* is secret: no function here branches on it or indexes with it, unless its name says
 * `public`. Nothing is allocated, and what a function leaves on the stack it wipes. Results may overwrite
 * arguments, where nothing else is said.
 *
 * Remainders come from Montgomery's trick: with R = 2^(64 limbs), bn_mod_mul(a, b) is a b / R mod n, which
 * needs no division. A number "in form" is a R mod n: products of numbers in form are in form. bn_mod_in
 * and bn_mod_out go in and out:
 *
 *     struct bn_mod m;
 *     bn_mod_set(&m, n, limbs, bn_bits_public(n, limbs) - 1, cpu);
 *     bn_mod_in(&m, x, a, limbs);                    x = a R
 *     bn_mod_exp(&m, x, x, e, e_limbs);              x = a^e R
 *     bn_mod_out(&m, x, x);                          x = a^e mod n
 */
#ifndef CRYPTO_BIGNUM_H
#define CRYPTO_BIGNUM_H

#include "crypto/cpu.h"
#include "crypto/ct.h"

enum { BN_LIMBS = 64 };                               /* 4096 bits */

struct bn_products;                                    /* crypto/bignum_form.h */
struct bn_powers;

struct bn_mod {
    size_t limbs;
    const struct bn_products *products;                /* the forms that products and powers are taken in */
    const struct bn_powers *powers;                    /* NULL: as products */
    uint64_t minus_inverse;                           /* -1/n mod 2^64 */
    uint64_t n[BN_LIMBS];
    uint64_t one[BN_LIMBS];                           /* R mod n: 1 in form */
    uint64_t rr[BN_LIMBS];                            /* R R mod n: brings others into form */
};

/* Octets are big-endian; n may be less than 8 limbs (zeros are put in front) but not more. bn_write gives
 * the low n octets. */
void bn_read(uint64_t *x, size_t limbs, const uint8_t *octets, size_t n);
void bn_write(const uint64_t *x, size_t limbs, uint8_t *octets, size_t n);

uint64_t bn_add(uint64_t *x, const uint64_t *a, const uint64_t *b, size_t limbs);  /* the carry: 0 or 1 */
uint64_t bn_sub(uint64_t *x, const uint64_t *a, const uint64_t *b, size_t limbs);  /* the borrow: 0 or 1 */
/* x has room for limbs_a + limbs_b and is neither a nor b. */
void bn_mul(uint64_t *x, const uint64_t *a, size_t limbs_a, const uint64_t *b, size_t limbs_b);

ct_mask bn_less(const uint64_t *a, const uint64_t *b, size_t limbs);
ct_mask bn_equal(const uint64_t *a, const uint64_t *b, size_t limbs);
ct_mask bn_zero(const uint64_t *a, size_t limbs);
void    bn_copy_if(ct_mask, uint64_t *x, const uint64_t *a, size_t limbs);
size_t  bn_bits_public(const uint64_t *a, size_t limbs);              /* takes time by its answer */

/* n is odd and not below 2^floor, which is public; the nearer floor is to n, the faster. (Any n is
 * harmless, but gives numbers without meaning if this is not so.) */
void bn_mod_set(struct bn_mod *, const uint64_t *n, size_t limbs, size_t floor, const struct cpu *);
/* The same for an n that is odd and public, in a fifth of the time when its highest limb is full. */
void bn_mod_set_public(struct bn_mod *, const uint64_t *n, size_t limbs, const struct cpu *);
/* Any a of at most twice the limbs of n. */
void bn_mod_in(const struct bn_mod *, uint64_t *x, const uint64_t *a, size_t limbs_a);
void bn_mod_out(const struct bn_mod *, uint64_t *x, const uint64_t *a);
/* a, b < n. */
void bn_mod_add(const struct bn_mod *, uint64_t *x, const uint64_t *a, const uint64_t *b);
void bn_mod_sub(const struct bn_mod *, uint64_t *x, const uint64_t *a, const uint64_t *b);
/* a, b < n; one of them may be any number below R. */
void bn_mod_mul(const struct bn_mod *, uint64_t *x, const uint64_t *a, const uint64_t *b);
void bn_mod_square(const struct bn_mod *, uint64_t *x, const uint64_t *a);
/* a in form; the exponent is secret, its size is not. */
void bn_mod_exp(const struct bn_mod *, uint64_t *x, const uint64_t *a, const uint64_t *e, size_t limbs_e);
/* x = a^e in form; a, x and e as of bn_mod_exp. */
struct bn_power { const struct bn_mod *m; uint64_t *x; const uint64_t *a, *e; };
/* Two powers, modulo two numbers of the same size: in some forms faster than one after the other. */
void bn_mod_exp_both(const struct bn_power p[2], size_t limbs_e);
/* As bn_mod_exp, but e is public. */
void bn_mod_exp_public(const struct bn_mod *, uint64_t *x, const uint64_t *a, uint64_t e);
/* x = a^e mod n, neither in form; a < n. n and e are odd and public; for bn_power_public a is, too. When the highest
 * limb of n is full nothing is made ready for other powers: faster than bn_mod_set_public and bn_mod_exp_public. */
void bn_power(uint64_t *x, const uint64_t *a, uint64_t e, const uint64_t *n, size_t limbs, const struct cpu *);
void bn_power_public(uint64_t *x, const uint64_t *a, uint64_t e, const uint64_t *n, size_t limbs, const struct cpu *);

/* Which form that is with these instructions, for people and measurements: "adx"; RSA's and DH's. */
const char *bn_form_name(const struct cpu *);

#endif
