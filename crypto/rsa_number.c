#include "crypto/rsa_number.h"
#include "crypto/bignum.h"

#include <sodium.h>

enum { HALF_LIMBS = BN_LIMBS / 2, BITS_MIN = 1024 };

static size_t limbs_of(size_t octets)
{
    return (octets + 7) / 8;
}

static uint64_t exponent_of(const struct rsa_public *key)
{
    uint64_t e;
    bn_read(&e, 1, key->e, key->e_size);
    return e;
}

bool rsa_public_valid(const struct rsa_public *key)
{
    if (key->n_size < BITS_MIN / 8 || key->n_size > RSA_MAX || key->e_size < 1 || key->e_size > sizeof key->e)
        return false;
    bool e_odd = key->e[key->e_size - 1] & 1, n_odd = key->n[key->n_size - 1] & 1;
    bool n_full = key->n_size > BITS_MIN / 8 ? key->n[0] != 0 : key->n[0] >= 0x80;
    uint64_t e = exponent_of(key);
    return n_odd && n_full && e_odd && key->e[0] != 0 && e >= 3 && e >> 33 == 0;
}

static ct_mask raise(const struct rsa_public *key, const uint64_t *in, uint64_t *out, const struct cpu *cpu)
{
    uint64_t n[BN_LIMBS];
    size_t limbs = limbs_of(key->n_size);
    bn_read(n, limbs, key->n, key->n_size);
    bn_power(out, in, exponent_of(key), n, limbs, cpu);
    return bn_less(in, n, limbs);
}

ct_mask rsa_raise(const struct rsa_public *key, const uint8_t *in, uint8_t *out, const struct cpu *cpu)
{
    uint64_t base[BN_LIMBS], power[BN_LIMBS];
    size_t limbs = limbs_of(key->n_size);
    bn_read(base, limbs, in, key->n_size);
    ct_mask below = raise(key, base, power, cpu);
    bn_write(power, limbs, out, key->n_size);
    sodium_memzero(base, sizeof base);                 /* a premaster secret, maybe */
    return below;
}

ct_mask rsa_raise_public(const struct rsa_public *key, const uint8_t *in, uint8_t *out, const struct cpu *cpu)
{
    uint64_t n[BN_LIMBS], x[BN_LIMBS];
    size_t limbs = limbs_of(key->n_size);
    bn_read(n, limbs, key->n, key->n_size);
    bn_read(x, limbs, in, key->n_size);
    ct_mask below = bn_less(x, n, limbs);
    if (ct_tell(below))
        bn_power_public(x, x, exponent_of(key), n, limbs, cpu);
    bn_write(x, limbs, out, key->n_size);
    return below;
}

struct half {                                          /* what is done modulo one of the two primes */
    struct bn_mod prime;
    uint64_t d[HALF_LIMBS], r[HALF_LIMBS], base[HALF_LIMBS], power[HALF_LIMBS];
};

/* in^d mod p is found without raising `in` itself, which somebody else chose. With r random, b = in r^e is a
 * number that nobody knows; and because r^(e d) = r mod p,
 *     b^(d-1)  =  in^(d-1) r^(1-e),     so     in^d  =  b^(d-1) · in r^(e-1):
 * the random number goes away again without an inverse. d is odd (e d = 1 modulo the even p - 1): d - 1 is
 * d without its lowest bit. Here base becomes b, and power in r^(e-1). */
static void blind(struct half *h, const uint64_t *in, uint64_t e)
{
    const struct bn_mod *p = &h->prime;
    uint64_t m[HALF_LIMBS];
    bn_mod_in(p, m, in, 2 * p->limbs);
    bn_mod_in(p, h->base, h->r, p->limbs);
    bn_mod_exp_public(p, h->power, h->base, e - 1);    /* r^(e-1) */
    bn_mod_mul(p, h->base, h->base, h->power);         /* r^e */
    bn_mod_mul(p, h->base, h->base, m);                /* in r^e */
    bn_mod_mul(p, h->power, h->power, m);              /* in r^(e-1) */
    h->d[0] &= ~(uint64_t)1;
    sodium_memzero(m, sizeof m);
}

static void set_half(struct half *h, const struct rsa_private *key, const uint8_t *prime, const uint8_t *d,
                     struct chance *chance, const uint64_t *in, const struct cpu *cpu)
{
    uint8_t random[8 * HALF_LIMBS];
    uint64_t n[BN_LIMBS], p[HALF_LIMBS];
    size_t limbs = limbs_of(key->half);
    bn_read(p, limbs, prime, key->half);
    bn_read(h->d, limbs, d, key->half);
    chance_fill(chance, "rsa_blinding", random, 8 * limbs);
    bn_read(h->r, limbs, random, 8 * limbs);

    /* p = n / q, and q has at most `half` octets: how small p can be is public. */
    bn_read(n, limbs_of(key->pub.n_size), key->pub.n, key->pub.n_size);
    size_t n_bits = bn_bits_public(n, limbs_of(key->pub.n_size));
    bn_mod_set(&h->prime, p, limbs, n_bits > 8 * key->half ? n_bits - 1 - 8 * key->half : 0, cpu);
    blind(h, in, exponent_of(&key->pub));
    sodium_memzero(random, sizeof random);
    sodium_memzero(p, sizeof p);
}

/* power = in^d mod p, and mod q. */
static void raise_halves(struct half *p, struct half *q)
{
    const struct bn_power both[] = { { &p->prime, p->base, p->base, p->d }, { &q->prime, q->base, q->base, q->d } };
    bn_mod_exp_both(both, p->prime.limbs);
    bn_mod_mul(&p->prime, p->power, p->power, p->base);
    bn_mod_mul(&q->prime, q->power, q->power, q->base);
}

/* Garner's way back from the powers mod p and mod q: x = power_q + q ((power_p - power_q) / q mod p). x has
 * twice the limbs. */
static void join(struct half *p, struct half *q, const uint8_t *qinv, size_t half, uint64_t *x)
{
    uint64_t power_q[BN_LIMBS] = { 0 }, h[HALF_LIMBS], inverse[HALF_LIMBS];
    size_t limbs = p->prime.limbs;
    bn_read(inverse, limbs, qinv, half);
    bn_mod_out(&q->prime, power_q, q->power);
    bn_mod_in(&p->prime, h, power_q, limbs);
    bn_mod_sub(&p->prime, h, p->power, h);
    bn_mod_mul(&p->prime, h, h, inverse);  /* only one of the two is in form: the product no longer is */
    bn_mul(x, h, limbs, q->prime.n, limbs);
    bn_add(x, x, power_q, 2 * limbs);
    sodium_memzero(power_q, sizeof power_q);
    sodium_memzero(h, sizeof h);
    sodium_memzero(inverse, sizeof inverse);
}

ct_mask rsa_undo(const struct rsa_private *key, struct chance *chance, const uint8_t *in, uint8_t *out,
                 const struct cpu *cpu)
{
    size_t limbs = limbs_of(key->pub.n_size);
    bool sizes_fit = rsa_public_valid(&key->pub) && key->half <= RSA_MAX / 2
        && 2 * key->half >= key->pub.n_size;
    if (!sizes_fit) {
        sodium_memzero(out, key->pub.n_size <= RSA_MAX ? key->pub.n_size : 0);
        return 0;
    }
    struct half p, q;
    uint64_t want[BN_LIMBS] = { 0 }, x[BN_LIMBS] = { 0 }, again[BN_LIMBS];
    bn_read(want, BN_LIMBS, in, key->pub.n_size);
    set_half(&p, key, key->p, key->dp, chance, want, cpu);
    set_half(&q, key, key->q, key->dq, chance, want, cpu);
    raise_halves(&p, &q);
    join(&p, &q, key->qinv, key->half, x);

    ct_mask right = raise(&key->pub, x, again, cpu) & bn_equal(again, want, limbs);
    for (size_t i = 0; i < limbs; i++)
        x[i] &= right;
    bn_write(x, limbs, out, key->pub.n_size);
    sodium_memzero(&p, sizeof p);
    sodium_memzero(&q, sizeof q);
    sodium_memzero(want, sizeof want);
    sodium_memzero(x, sizeof x);
    sodium_memzero(again, sizeof again);
    return right;
}
