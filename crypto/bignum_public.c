/* What goes faster when all numbers are public: division instead of doublings and squares. */
#include "crypto/bignum_form.h"
#include "crypto/limbs.h"

#include <sodium.h>
#include <string.h>

static bool full(const uint64_t *n, size_t limbs)
{
    return n[limbs - 1] >> 63;
}

static void begin(struct bn_mod *m, const uint64_t *n, size_t limbs, const struct cpu *cpu)
{
    bn_mod_begin(m, n, limbs, cpu);
    for (size_t i = 0; i < limbs; i++)
        m->one[i] = ~n[i] + (i == 0);                  /* R - n; n is odd, so nothing is carried */
}

/* x and the limb above it, less n as often as it is in there: as at school (Knuth, volume 2, §4.3.1, algorithm D). The
 * quotient is guessed from the highest limbs, of which n's is full, and at most 2 too large. q is multiplied by R - n,
 * instead of by -n: that is R mod n. What is asked: both together are below 2^64 n. */
static void divide(const struct bn_mod *m, uint64_t *x, uint64_t above)
{
    const size_t top = m->limbs - 1;
    uint64_t q = UINT64_MAX;
    if (above < m->n[top])
        q = (uint64_t)(((wide)above << 64 | x[top]) / m->n[top]);
    above += bn_add_product(x, m->one, q, m->limbs) - q;
    while (above != 0)
        above += bn_add(x, x, m->n, m->limbs);
}

/* x = 2^64 x + low mod n; x < n. */
static void shift_limb(const struct bn_mod *m, uint64_t *x, uint64_t low)
{
    uint64_t above = x[m->limbs - 1];
    memmove(x + 1, x, (m->limbs - 1) * sizeof *x);
    x[0] = low;
    divide(m, x, above);
}

/* x = 2^bits x mod n, x < n, bits < 64. */
static void shift_bits(const struct bn_mod *m, uint64_t *x, size_t bits)
{
    uint64_t out = 0;
    for (size_t i = 0; i < m->limbs && bits > 0; i++) {
        uint64_t limb = x[i];
        x[i] = limb << bits | out;
        out = limb >> (64 - bits);
    }
    divide(m, x, out);
}

static void shift_far(const struct bn_mod *m, uint64_t *x, size_t bits)
{
    for (; bits >= 64; bits -= 64)
        shift_limb(m, x, 0);
    shift_bits(m, x, bits);
}

void bn_mod_set_public(struct bn_mod *m, const uint64_t *n, size_t limbs, const struct cpu *cpu)
{
    if (!full(n, limbs)) {
        bn_mod_set(m, n, limbs, bn_bits_public(n, limbs) - 1, cpu);
        return;
    }
    begin(m, n, limbs, cpu);
    memcpy(m->rr, m->one, limbs * sizeof *m->rr);
    shift_far(m, m->rr, 32 * limbs);                   /* R = (2^(32 limbs))^2 */
    bn_mod_square(m, m->rr, m->rr);
}

/* a^e = a^(e-1) a, where x is a in form: the last product has only one number in form, and so is none. */
static void by_products(const struct bn_mod *m, uint64_t *x, const uint64_t *a, uint64_t e)
{
    bn_mod_exp_public(m, x, x, e - 1);
    bn_mod_mul(m, x, x, a);
}

static void by_form(uint64_t *x, const uint64_t *a, uint64_t e, const uint64_t *n, size_t limbs, const struct cpu *cpu)
{
    struct bn_mod m;
    uint64_t base[BN_LIMBS];
    bn_mod_set_public(&m, n, limbs, cpu);
    memcpy(base, a, limbs * sizeof *a);
    bn_mod_in(&m, x, base, limbs);
    by_products(&m, x, base, e);
    sodium_memzero(base, limbs * sizeof *base);
}

void bn_power(uint64_t *x, const uint64_t *a, uint64_t e, const uint64_t *n, size_t limbs, const struct cpu *cpu)
{
    struct bn_mod m;
    begin(&m, n, limbs, cpu);
    if (!full(n, limbs) || !bn_powers_taken(&m)) {
        by_form(x, a, e, n, limbs, cpu);
        return;
    }
    uint64_t twice[BN_LIMBS];                          /* 2^(2 shift) */
    memcpy(twice, m.one, limbs * sizeof *twice);
    shift_far(&m, twice, 2 * m.powers->shift(limbs) - 64 * limbs);
    m.powers->power(&m, x, a, twice, e);
}

void bn_power_public(uint64_t *x, const uint64_t *a, uint64_t e, const uint64_t *n, size_t limbs, const struct cpu *cpu)
{
    uint64_t shifted[BN_LIMBS], power[BN_LIMBS + 1];
    struct bn_mod m;
    if (!full(n, limbs) || e == 1) {                   /* below, e - 1 must not be 0 */
        by_form(x, a, e, n, limbs, cpu);
        return;
    }
    begin(&m, n, limbs, cpu);
    memcpy(shifted, a, limbs * sizeof *a);
    if (!bn_powers_taken(&m)) {
        memcpy(power, a, limbs * sizeof *a);
        shift_far(&m, shifted, 64 * limbs);
        memcpy(x, shifted, limbs * sizeof *x);
        by_products(&m, x, power, e);
        return;
    }
    shift_far(&m, shifted, m.powers->shift(limbs));
    m.powers->power_public(&m, power, a, shifted, e);
    memcpy(x, power + 1, limbs * sizeof *x);
    shift_limb(&m, x, power[0]);
}
