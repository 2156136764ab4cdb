#include "crypto/rsa_make.h"
#include "crypto/bignum.h"
#include "crypto/limbs.h"
#include "crypto/rsa_parts.h"

#include <sodium.h>
#include <string.h>

enum { HALF_LIMBS = BN_LIMBS / 2, SMALL = 4096, SMALL_PRIMES = 563, F4 = 65537, ROUNDS_MAX = 7 };

struct search {
    struct chance *chance;
    const struct cpu *cpu;
    size_t limbs, rounds, left;                        /* left: draws */
    uint16_t small[SMALL_PRIMES];                      /* the odd primes below SMALL */
    uint64_t p[HALF_LIMBS], q[HALF_LIMBS], swap[HALF_LIMBS];
    uint8_t octets[RSA_MAX / 2], d[RSA_MAX];
};

static void list_small_primes(uint16_t primes[SMALL_PRIMES])
{
    bool composite[SMALL] = { 0 };
    size_t n = 0;
    for (unsigned i = 3; i < SMALL; i += 2) {
        if (composite[i])
            continue;
        primes[n++] = (uint16_t)i;
        for (unsigned k = i * i; k < SMALL; k += 2 * i)
            composite[k] = true;
    }
}

/* Is x a multiple of the odd p? Limb by limb from below, x is made 0 by taking off multiples of p, and what is left to
 * take off above the last limb is 0 for multiples of p alone. (Jebelean 1993. Not by the processor's division, which
 * may take its time by its operands.) */
static ct_mask divides(uint64_t p, const uint64_t *x, size_t limbs)
{
    uint64_t inverse = p, above = 0;
    for (int known = 3; known < 64; known *= 2)        /* Newton: bits of 1/p mod 2^64 */
        inverse *= 2 - p * inverse;
    for (size_t i = 0; i < limbs; i++) {
        carry borrow = 0;
        uint64_t multiple = limb_sub(&borrow, x[i], above) * inverse;
        above = (uint64_t)((wide)multiple * p >> 64) + borrow;
    }
    return ct_zero(above);
}

/* One base of Miller-Rabin (FIPS 186-5 §B.3.1) for a p that is 3 mod 4: b^((p-1)/2) is 1 or -1 for every b, if p is
 * prime. */
static ct_mask witness_agrees(struct search *s, const struct bn_mod *p)
{
    uint64_t half[HALF_LIMBS], b[HALF_LIMBS], minus_one[HALF_LIMBS];
    chance_fill(s->chance, "rsa_witness", s->octets, 8 * s->limbs);
    bn_read(b, s->limbs, s->octets, 8 * s->limbs);
    for (size_t i = 0; i < s->limbs; i++)
        half[i] = p->n[i] >> 1 | (i + 1 < s->limbs ? p->n[i + 1] << 63 : 0);
    bn_mod_in(p, b, b, s->limbs);
    bn_mod_exp(p, b, b, half, s->limbs);
    bn_sub(minus_one, p->n, p->one, s->limbs);
    ct_mask agrees = bn_equal(b, p->one, s->limbs) | bn_equal(b, minus_one, s->limbs);
    sodium_memzero(half, sizeof half);
    sodium_memzero(b, sizeof b);
    sodium_memzero(minus_one, sizeof minus_one);
    return agrees;
}

static bool is_prime(struct search *s, const uint64_t *x)
{
    struct bn_mod p;
    bool prime = true;
    bn_mod_set(&p, x, s->limbs, 64 * s->limbs - 1, s->cpu);
    for (size_t i = 0; i < s->rounds && prime; i++)
        prime = ct_tell(witness_agrees(s, &p));
    sodium_memzero(&p, sizeof p);
    return prime;
}

/* One candidate: true, it is the prime. */
static bool draw(struct search *s, uint64_t *x)
{
    const uint64_t sqrt2 = 0xb504f333f9de6485;         /* √2 2^63, rounded up */
    chance_fill(s->chance, "rsa_prime", s->octets, 8 * s->limbs);
    bn_read(x, s->limbs, s->octets, 8 * s->limbs);
    x[s->limbs - 1] |= (uint64_t)1 << 63;
    x[0] |= 3;
    if (ct_tell(bn_less(&x[s->limbs - 1], &sqrt2, 1)))
        return false;
    for (size_t i = 0; i < SMALL_PRIMES; i++)
        if (ct_tell(divides(s->small[i], x, s->limbs)))
            return false;
    x[0] -= 1;
    bool shares = ct_tell(divides(F4, x, s->limbs));
    x[0] += 1;
    return !shares && is_prime(s, x);
}

static bool find_prime(struct search *s, uint64_t *x)
{
    while (s->left > 0) {
        s->left--;
        if (draw(s, x))
            return true;
    }
    return false;
}

/* |p - q| > 2^(half-100), and p the larger. */
static ct_mask order(struct search *s)
{
    const size_t limbs = s->limbs;
    ct_mask below = bn_less(s->p, s->q, limbs);
    memcpy(s->swap, s->p, sizeof s->swap);
    bn_copy_if(below, s->p, s->q, limbs);
    bn_copy_if(below, s->q, s->swap, limbs);
    bn_sub(s->swap, s->p, s->q, limbs);
    return ct_nonzero(s->swap[limbs - 1] | s->swap[limbs - 2] >> (128 - 99));
}

/* d > 2^half */
static ct_mask large_exponent(struct search *s, const struct rsa_private *key)
{
    uint8_t any = 0;
    ct_mask good = rsa_private_exponent(key, s->d);
    for (size_t i = 0; i < key->half; i++)
        any |= s->d[i];
    return good & ct_nonzero(any);
}

static bool make(struct search *s, struct rsa_private *key)
{
    do
        if (!find_prime(s, s->p) || !find_prime(s, s->q))
            return false;
    while (!ct_tell(order(s)));
    key->half = 8 * s->limbs;
    bn_write(s->p, s->limbs, key->p, key->half);
    bn_write(s->q, s->limbs, key->q, key->half);
    return ct_tell(rsa_complete(key, s->cpu) & large_exponent(s, key));
}

bool rsa_make(struct rsa_private *key, unsigned bits, struct chance *chance, const struct cpu *cpu)
{
    *key = (struct rsa_private){ .pub = { .e = { 1, 0, 1 }, .e_size = 3 } };
    if (bits < RSA_MAKE_MIN || bits > 8 * RSA_MAX || bits % RSA_MAKE_STEP)
        return false;
    struct search s = { .chance = chance, .cpu = cpu, .limbs = bits / 128, .left = 20 * bits };
    s.rounds = bits < 2048 ? ROUNDS_MAX : bits < 3072 ? 5 : 4;     /* table B.1; the first, FIPS 186-4 table C.3 */
    list_small_primes(s.small);
    bool made = make(&s, key);
    sodium_memzero(&s, sizeof s);
    if (!made)
        sodium_memzero(key, sizeof *key);
    return made;
}
