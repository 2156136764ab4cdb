#include "crypto/curve.h"
#include "crypto/bignum.h"

#include <sodium.h>

static ct_mask scalar_read(const struct curve *c, uint64_t scalar[CURVE_LIMBS], const uint8_t *octets)
{
    bn_read(scalar, CURVE_LIMBS, octets, c->octets);
    return ~bn_zero(scalar, c->limbs) & bn_less(scalar, c->order, c->limbs);
}

bool curve_scalar_valid(const struct curve *c, const uint8_t *octets)
{
    uint64_t scalar[CURVE_LIMBS];
    ct_mask valid = scalar_read(c, scalar, octets);
    sodium_memzero(scalar, sizeof scalar);
    return ct_tell(valid);                             /* a good key is no news, a bad one is not used */
}

bool curve_point_valid(const struct curve *c, const uint8_t *point, size_t n)
{
    return n == 1 + 2 * c->octets && c->portable->valid(point);
}

/* Numbers that are not in the range are drawn again, not reduced: a remainder would be uneven. */
void curve_make_key(const struct curve *c, struct chance *chance, const char *purpose, uint8_t *scalar)
{
    do {
        chance_fill(chance, purpose, scalar, c->octets);
        scalar[0] &= (uint8_t)(0xff >> (8 * c->octets - c->bits));
    } while (!curve_scalar_valid(c, scalar));
}

static bool multiply(const struct curve *c, const uint8_t *octets, const uint8_t *point, uint8_t *x, uint8_t *y,
                     const struct cpu *cpu)
{
    uint64_t scalar[CURVE_LIMBS];
    ct_mask valid = scalar_read(c, scalar, octets);
    curve_form(c, cpu)->multiply(c, point, scalar, x, y);
    sodium_memzero(scalar, sizeof scalar);
    return ct_tell(valid);                             /* as in curve_scalar_valid */
}

bool curve_public(const struct curve *c, const uint8_t *scalar, uint8_t *point, const struct cpu *cpu)
{
    point[0] = 4;
    return multiply(c, scalar, NULL, point + 1, point + 1 + c->octets, cpu);
}

/* All points are multiples of G, and their number is prime: none of them, times 1 to n-1, is infinity. */
bool curve_shared(const struct curve *c, const uint8_t *scalar, const uint8_t *peer, size_t n, uint8_t *x,
                  const struct cpu *cpu)
{
    return curve_point_valid(c, peer, n) && multiply(c, scalar, peer, x, NULL, cpu);
}

const struct curve_form *curve_form(const struct curve *c, const struct cpu *cpu)
{
    if (c->ifma && cpu_may(cpu, CPU_IFMA | CPU_ADX))
        return c->ifma;
    return c->adx && cpu_may(cpu, CPU_ADX) ? c->adx : c->portable;
}

const char *curve_form_name(const struct curve *c, const struct cpu *cpu) { return curve_form(c, cpu)->name; }
