#include "crypto/rsa_parts.h"
#include "crypto/bignum.h"
#include "crypto/inverse.h"

#include <sodium.h>
#include <string.h>

enum { HALF_LIMBS = BN_LIMBS / 2, E_BITS = 34 };       /* rsa_public_valid: e is below 2^33 */

static size_t limbs_of(size_t octets)
{
    return (octets + 7) / 8;
}

/* quotient (of limbs_a; NULL: not wanted) and rest (of limbs_b) of a / b, one bit after the other as at school,
 * subtracting or not by a mask. The rest may be neither a nor b; the quotient may be a. */
static void divide(uint64_t *quotient, uint64_t *rest, const uint64_t *a, size_t limbs_a, const uint64_t *b,
                   size_t limbs_b)
{
    uint64_t less[BN_LIMBS];
    memset(rest, 0, limbs_b * sizeof *rest);
    for (size_t bit = 64 * limbs_a; bit-- > 0; ) {
        uint64_t above = bn_add(rest, rest, rest, limbs_b), here = (uint64_t)1 << bit % 64;
        rest[0] |= a[bit / 64] >> bit % 64 & 1;
        ct_mask fits = ct_nonzero(above) | ct_zero(bn_sub(less, rest, b, limbs_b));
        bn_copy_if(fits, rest, less, limbs_b);
        if (quotient)
            quotient[bit / 64] = (quotient[bit / 64] & ~here) | (fits & here);
    }
    sodium_memzero(less, limbs_b * sizeof *less);
}

/* x = 1/e mod m, which is even or odd: with k = -1/m mod e, 1 + k m is a multiple of e, and (1 + k m) / e the inverse,
 * below m. The mask: there is one. */
static ct_mask inverse_of_e(uint64_t *x, uint64_t e, const uint64_t *m, size_t limbs)
{
    uint64_t product[BN_LIMBS + 1] = { 0 }, one[BN_LIMBS + 1] = { 1 }, k, rest;
    divide(NULL, &rest, m, limbs, &e, 1);
    inverse_mod(&k, &rest, &e, 1, E_BITS);
    k = e - k;
    bn_mul(product, m, limbs, &k, 1);
    bn_add(product, product, one, limbs + 1);
    divide(product, &rest, product, limbs + 1, &e, 1);
    memcpy(x, product, limbs * sizeof *x);
    ct_mask whole = ct_zero(rest);
    sodium_memzero(product, sizeof product);
    sodium_memzero(&rest, sizeof rest);
    sodium_memzero(&k, sizeof k);
    return whole;
}

static void halve_if(ct_mask mask, uint64_t *x, size_t limbs)
{
    for (size_t i = 0; i < limbs; i++)
        x[i] = ct_select(mask, x[i] >> 1 | (i + 1 < limbs ? x[i + 1] << 63 : 0), x[i]);
}

/* a = gcd(a, b), b = 0. Twos are taken out of either (Stein 1967), and the smaller is taken from the larger where both
 * are odd; as many turns as there are bits in both, since each takes one away. */
static void gcd(uint64_t *a, uint64_t *b, size_t limbs)
{
    uint64_t a_less[HALF_LIMBS], b_less[HALF_LIMBS], twos = 0;
    for (size_t i = 0; i < 2 * 64 * limbs; i++) {
        ct_mask odd = (ct_mask)0 - ct_hide(a[0] & b[0] & 1), below = ct_nonzero(bn_sub(a_less, a, b, limbs));
        bn_sub(b_less, b, a, limbs);
        bn_copy_if(odd & ~below, a, a_less, limbs);
        bn_copy_if(odd & below, b, b_less, limbs);
        ct_mask a_even = ct_zero(a[0] & 1), b_even = ct_zero(b[0] & 1);
        twos += a_even & b_even & ~(bn_zero(a, limbs) | bn_zero(b, limbs)) & 1;
        halve_if(a_even, a, limbs);
        halve_if(b_even, b, limbs);
    }
    for (size_t i = 0; i < limbs; i++)
        a[i] |= b[i];
    for (size_t i = 0; i < 64 * limbs; i++) {          /* the twos that both had */
        bn_add(a_less, a, a, limbs);
        bn_copy_if(ct_less(i, ct_hide(twos)), a, a_less, limbs);
    }
    sodium_memzero(a_less, sizeof a_less);
    sodium_memzero(b_less, sizeof b_less);
}

/* lcm(a, b) = a b / gcd(a, b) */
static void least_common(uint64_t *x, const uint64_t *a, const uint64_t *b, size_t limbs)
{
    uint64_t g[HALF_LIMBS], other[HALF_LIMBS];
    memcpy(g, a, limbs * sizeof *g);
    memcpy(other, b, limbs * sizeof *other);
    gcd(g, other, limbs);
    bn_mul(x, a, limbs, b, limbs);
    divide(x, other, x, 2 * limbs, g, limbs);
    sodium_memzero(g, sizeof g);
    sodium_memzero(other, sizeof other);
}

/* 1/q mod p = q^(p-2) */
static void inverse_of_prime(uint64_t *x, const uint64_t *q, const uint64_t *p, size_t limbs, const struct cpu *cpu)
{
    struct bn_mod m;
    uint64_t exponent[HALF_LIMBS], two[HALF_LIMBS] = { 2 };
    bn_mod_set(&m, p, limbs, 64 * limbs - 1, cpu);
    bn_sub(exponent, p, two, limbs);
    bn_mod_in(&m, x, q, limbs);
    bn_mod_exp(&m, x, x, exponent, limbs);
    bn_mod_out(&m, x, x);
    sodium_memzero(&m, sizeof m);
    sodium_memzero(exponent, sizeof exponent);
}

struct primes {                                        /* both, and one less */
    uint64_t p[HALF_LIMBS], q[HALF_LIMBS], p_less[HALF_LIMBS], q_less[HALF_LIMBS], e;
    size_t limbs;
};

static void read_primes(struct primes *s, const struct rsa_private *key)
{
    static const uint64_t one[HALF_LIMBS] = { 1 };
    s->limbs = limbs_of(key->half);
    bn_read(s->p, s->limbs, key->p, key->half);
    bn_read(s->q, s->limbs, key->q, key->half);
    bn_read(&s->e, 1, key->pub.e, key->pub.e_size);
    bn_sub(s->p_less, s->p, one, s->limbs);
    bn_sub(s->q_less, s->q, one, s->limbs);
}

ct_mask rsa_complete(struct rsa_private *key, const struct cpu *cpu)
{
    struct primes s;
    uint64_t x[BN_LIMBS];
    read_primes(&s, key);
    bn_mul(x, s.p, s.limbs, s.q, s.limbs);
    key->pub.n_size = 2 * key->half;
    bn_write(x, 2 * s.limbs, key->pub.n, key->pub.n_size);
    ct_mask good = inverse_of_e(x, s.e, s.p_less, s.limbs);
    bn_write(x, s.limbs, key->dp, key->half);
    good &= inverse_of_e(x, s.e, s.q_less, s.limbs);
    bn_write(x, s.limbs, key->dq, key->half);
    inverse_of_prime(x, s.q, s.p, s.limbs, cpu);
    bn_write(x, s.limbs, key->qinv, key->half);
    sodium_memzero(&s, sizeof s);
    sodium_memzero(x, sizeof x);
    return good;
}

ct_mask rsa_private_exponent(const struct rsa_private *key, uint8_t *d)
{
    struct primes s;
    uint64_t x[BN_LIMBS];
    if (key->pub.n_size > RSA_MAX || key->pub.e_size > sizeof key->pub.e || key->half > RSA_MAX / 2)
        return 0;
    read_primes(&s, key);
    if (s.e % 2 == 0 || s.e >> (E_BITS - 1)) {
        sodium_memzero(&s, sizeof s);
        return 0;
    }
    least_common(x, s.p_less, s.q_less, s.limbs);
    ct_mask good = inverse_of_e(x, s.e, x, 2 * s.limbs);
    bn_write(x, 2 * s.limbs, d, key->pub.n_size);
    sodium_memzero(&s, sizeof s);
    sodium_memzero(x, sizeof x);
    return good;
}
