/* ECDSA (FIPS 186-5 §6.4) with the nonces of RFC 6979, and noise. Everything modulo the order n of the curve. */
#include "crypto/bignum.h"
#include "crypto/curve.h"
#include "crypto/hmac.h"

#include <sodium.h>
#include <string.h>

enum { NOISE = 32 };

/* HMAC_DRBG, as RFC 6979 §3.2 uses it; K and V are its names. */
struct nonces {
    const struct curve *curve;
    const struct cpu *cpu;
    enum hash_kind hash;
    uint8_t K[HASH_MAX], V[HASH_MAX];
};

/* RFC 6979 §2.3.2 bits2int: the leftmost bits of the digest; a shorter one is a number as it is. (No digest has more
 * bits than an order whose bits are no whole octets: P-521's.) */
static void digest_number(const struct curve *c, uint64_t *z, enum hash_kind hash, const uint8_t *digest)
{
    bn_read(z, c->limbs, digest, hash_size(hash) < c->octets ? hash_size(hash) : c->octets);
}

/* x = x mod n, below 2n as all are that have as many bits as n; as octets too. */
static void reduce(const struct curve *c, uint64_t *x, uint8_t *octets)
{
    uint64_t less[CURVE_LIMBS];
    ct_mask fits = ct_zero(bn_sub(less, x, c->order, c->limbs));
    bn_copy_if(fits, x, less, c->limbs);
    bn_write(x, c->limbs, octets, c->octets);
    sodium_memzero(less, sizeof less);
}

/* K = HMAC_K(V || tag || data), V = HMAC_K(V): §3.2 d to g, and h.3 with no data. */
static void nonces_mix(struct nonces *g, uint8_t tag, const uint8_t *data, size_t n)
{
    size_t size = hash_size(g->hash);
    struct hmac h;
    hmac_start(&h, g->hash, g->K, size, g->cpu);
    hmac_add(&h, g->V, size);
    hmac_add(&h, &tag, 1);
    hmac_add(&h, data, n);
    hmac_end(&h, g->K);
    hmac_of(g->hash, g->K, size, g->V, size, g->V, g->cpu);
}

/* §3.2 a to g. The noise, where there is any, is the additional data k' of §3.6. */
static void nonces_start(struct nonces *g, const struct curve *c, enum hash_kind hash, const uint8_t *scalar,
                         const uint8_t *digest, struct chance *chance, const struct cpu *cpu)
{
    uint8_t all[2 * CURVE_SCALAR_MAX + NOISE];
    size_t n = 2 * c->octets;
    g->curve = c;
    g->cpu = cpu;
    g->hash = hash;
    memcpy(all, scalar, c->octets);
    memcpy(all + c->octets, digest, c->octets);
    if (chance) {
        chance_fill(chance, "ECDSA noise", all + n, NOISE);
        n += NOISE;
    }
    memset(g->K, 0, sizeof g->K);
    memset(g->V, 1, sizeof g->V);
    nonces_mix(g, 0, all, n);
    nonces_mix(g, 1, all, n);
    sodium_memzero(all, sizeof all);
}

/* The next k of 1 to n - 1 (§3.2 h): the leftmost bits of as many blocks as it takes. */
static void nonces_next(struct nonces *g, uint64_t k[CURVE_LIMBS])
{
    const struct curve *c = g->curve;
    const size_t size = hash_size(g->hash), spare = 8 * c->octets - c->bits;
    uint8_t blocks[CURVE_SCALAR_MAX + HASH_MAX];
    for (;;) {
        for (size_t n = 0; n < c->octets; n += size) {
            hmac_of(g->hash, g->K, size, g->V, size, g->V, g->cpu);
            memcpy(blocks + n, g->V, size);
        }
        bn_read(k, CURVE_LIMBS, blocks, c->octets);
        for (size_t i = 0; spare && i < c->limbs; i++)
            k[i] = k[i] >> spare | (i + 1 < CURVE_LIMBS ? k[i + 1] << (64 - spare) : 0);
        ct_mask valid = ~bn_zero(k, c->limbs) & bn_less(k, c->order, c->limbs);
        if (ct_tell(valid))                            /* says nothing on the one that is kept */
            break;
        nonces_mix(g, 0, NULL, 0);
    }
    sodium_memzero(blocks, sizeof blocks);
}

/* r = (k G).x mod n, s = (z + r d) / k. The mask: neither is 0. */
static ct_mask sign_with(const struct curve *c, const uint64_t *d, const uint64_t *z, const uint64_t *k,
                         uint8_t *r_octets, uint8_t *s_octets, const struct cpu *cpu)
{
    uint64_t r[CURVE_LIMBS], s[CURVE_LIMBS], t[CURVE_LIMBS];
    curve_form(c, cpu)->multiply(c, NULL, k, r_octets, NULL);
    bn_read(r, c->limbs, r_octets, c->octets);
    reduce(c, r, r_octets);

    c->mod_n->mul(s, r, d);
    c->mod_n->add(s, s, z);
    c->mod_n->invert(t, k);
    c->mod_n->mul(s, s, t);
    bn_write(s, c->limbs, s_octets, c->octets);
    ct_mask good = ~bn_zero(r, c->limbs) & ~bn_zero(s, c->limbs);
    sodium_memzero(s, sizeof s);
    sodium_memzero(t, sizeof t);
    return good;
}

void ecdsa_sign(const struct curve *c, const uint8_t *scalar, struct chance *chance, enum hash_kind hash,
                const uint8_t *digest, uint8_t *r, uint8_t *s, const struct cpu *cpu)
{
    struct nonces nonces;
    uint64_t d[CURVE_LIMBS], z[CURVE_LIMBS], k[CURVE_LIMBS];
    uint8_t reduced[CURVE_SCALAR_MAX];
    bn_read(d, c->limbs, scalar, c->octets);
    digest_number(c, z, hash, digest);
    reduce(c, z, reduced);                 /* §2.3.4 bits2octets */
    nonces_start(&nonces, c, hash, scalar, reduced, chance, cpu);
    ct_mask good;
    do {
        nonces_next(&nonces, k);
        good = sign_with(c, d, z, k, r, s, cpu);
    } while (!ct_tell(good));                          /* that r and s are not 0 is seen in the signature */
    sodium_memzero(&nonces, sizeof nonces);
    sodium_memzero(d, sizeof d);
    sodium_memzero(k, sizeof k);
}

/* FIPS 186-5 §6.4.2: the x of (z/s) G + (r/s) Q, modulo n, must be r. All of it is public. */
bool ecdsa_verify(const struct curve *c, const uint8_t *point, enum hash_kind hash, const uint8_t *digest,
                  const uint8_t *r_octets, const uint8_t *s_octets, const struct cpu *cpu)
{
    uint64_t r[CURVE_LIMBS], s[CURVE_LIMBS], times[2][CURVE_LIMBS] = { { 0 } };
    uint8_t octets[CURVE_SCALAR_MAX];
    if (!curve_scalar_valid(c, r_octets) || !curve_scalar_valid(c, s_octets) || !curve_form(c, cpu)->valid(point))
        return false;
    bn_read(r, c->limbs, r_octets, c->octets);
    bn_read(s, c->limbs, s_octets, c->octets);
    digest_number(c, times[0], hash, digest);
    reduce(c, times[0], octets);
    c->mod_n->invert(s, s);
    c->mod_n->mul(times[0], times[0], s);
    c->mod_n->mul(times[1], r, s);

    return curve_form(c, cpu)->sum_has_x(c, (const uint64_t (*)[CURVE_LIMBS])times, point, r);
}
