#include "crypto/dh.h"
#include "crypto/bignum.h"

#include <sodium.h>

bool dh_valid(const struct dh_group *g, const uint8_t *value, size_t n)
{
    static const uint64_t one[BN_LIMBS] = { 1 };
    const size_t limbs = g->size / 8;
    uint64_t y[BN_LIMBS], least[BN_LIMBS];
    if (n > g->size)
        return false;
    bn_read(y, limbs, value, n);
    bn_read(least, limbs, g->p, g->size);
    bn_sub(least, least, one, limbs);                  /* p - 1 */
    return ct_tell(bn_less(one, y, limbs) & bn_less(y, least, limbs));  /* it came over the wire */
}

void dh_shared(const struct dh_group *g, const uint8_t *exponent, size_t exponent_n, const uint8_t *peer, size_t n,
               uint8_t *secret, const struct cpu *cpu)
{
    const size_t limbs = g->size / 8;
    uint64_t p[BN_LIMBS], y[BN_LIMBS], x[BN_LIMBS];
    struct bn_mod m;
    bn_read(p, limbs, g->p, g->size);
    bn_mod_set_public(&m, p, limbs, cpu);
    bn_read(x, exponent_n / 8, exponent, exponent_n);
    bn_read(y, limbs, peer, n);
    bn_mod_in(&m, y, y, limbs);
    bn_mod_exp(&m, y, y, x, exponent_n / 8);
    bn_mod_out(&m, y, y);
    bn_write(y, limbs, secret, g->size);
    sodium_memzero(x, sizeof x);
    sodium_memzero(y, sizeof y);
}

void dh_public(const struct dh_group *g, const uint8_t *exponent, size_t exponent_n, uint8_t *value,
               const struct cpu *cpu)
{
    static const uint8_t generator[] = { DH_GENERATOR };
    dh_shared(g, exponent, exponent_n, generator, sizeof generator, value, cpu);
}
