#include "crypto/bignum.h"
#include "crypto/bignum_form.h"
#include "crypto/limbs.h"

#include <sodium.h>
#include <string.h>

enum { WINDOW = 4, TABLE = 1 << WINDOW };  /* bn_mod_exp takes four bits of the exponent at once */

void bn_read(uint64_t *x, size_t limbs, const uint8_t *octets, size_t n)
{
    memset(x, 0, limbs * sizeof *x);
    for (size_t i = 0; i < n; i++)                     /* i counts from the last octet, the lowest */
        x[i / 8] |= (uint64_t)octets[n - 1 - i] << i % 8 * 8;
}

void bn_write(const uint64_t *x, size_t limbs, uint8_t *octets, size_t n)
{
    for (size_t i = 0; i < n; i++)
        octets[n - 1 - i] = (uint8_t)(i / 8 < limbs ? x[i / 8] >> i % 8 * 8 : 0);
}

uint64_t bn_add(uint64_t *x, const uint64_t *a, const uint64_t *b, size_t limbs)
{
    carry c = 0;
    UNROLLED
    for (size_t i = 0; i < limbs; i++)
        x[i] = limb_add(&c, a[i], b[i]);
    return c;
}

uint64_t bn_sub(uint64_t *x, const uint64_t *a, const uint64_t *b, size_t limbs)
{
    carry borrow = 0;
    UNROLLED
    for (size_t i = 0; i < limbs; i++)
        x[i] = limb_sub(&borrow, a[i], b[i]);
    return borrow;
}

/* t = t + a b + c for one limb; what is above it comes back. */
static inline uint64_t add_limb(uint64_t *t, uint64_t a, uint64_t b, uint64_t c)
{
    wide sum = (wide)a * b + *t + c;
    *t = (uint64_t)sum;
    return (uint64_t)(sum >> 64);
}

/* The same for eight limbs of t and a, all products before all sums. Never more than a limb comes back:
 * (2^512 - 1)(2^64 - 1) + 2^512 - 1 + 2^64 - 1 = 2^576 - 1. */
static inline uint64_t add_product_8(uint64_t *t, const uint64_t *a, uint64_t b, uint64_t c)
{
    uint64_t low[8], high[8];
    carry in_product = 0, in_sum = 0;
    UNROLLED
    for (int j = 0; j < 8; j++) {
        wide product = (wide)a[j] * b;
        low[j] = (uint64_t)product;
        high[j] = (uint64_t)(product >> 64);
    }
    UNROLLED
    for (int j = 0; j < 8; j++)
        low[j] = limb_add(&in_product, low[j], j > 0 ? high[j - 1] : c);
    UNROLLED
    for (int j = 0; j < 8; j++)
        t[j] = limb_add(&in_sum, t[j], low[j]);
    return high[7] + in_product + in_sum;
}

uint64_t bn_add_product(uint64_t *t, const uint64_t *a, uint64_t b, size_t limbs)
{
    uint64_t above = 0;
    for (; limbs >= 8; limbs -= 8, t += 8, a += 8)
        above = add_product_8(t, a, b, above);
    for (size_t i = 0; i < limbs; i++)
        above = add_limb(&t[i], a[i], b, above);
    return above;
}

void bn_mul(uint64_t *x, const uint64_t *a, size_t limbs_a, const uint64_t *b, size_t limbs_b)
{
    memset(x, 0, limbs_a * sizeof *x);
    for (size_t i = 0; i < limbs_b; i++)
        x[i + limbs_a] = bn_add_product(x + i, a, b[i], limbs_a);
}

static void mul(uint64_t *x, const uint64_t *a, const uint64_t *b, size_t limbs)
{
    bn_mul(x, a, limbs, b, limbs);
}

void bn_double_and_squares(uint64_t *t, const uint64_t *a, size_t limbs)
{
    uint64_t shifted = 0;
    carry c = 0;
    UNROLLED
    for (size_t i = 0; i < limbs; i++) {
        wide product = (wide)a[i] * a[i];
        uint64_t low = t[2 * i] << 1 | shifted, high = t[2 * i + 1] << 1 | t[2 * i] >> 63;
        shifted = t[2 * i + 1] >> 63;
        t[2 * i] = limb_add(&c, low, (uint64_t)product);
        t[2 * i + 1] = limb_add(&c, high, (uint64_t)(product >> 64));
    }
}

/* The products of two different limbs once, twice that, and the squares. */
static void square(uint64_t *t, const uint64_t *a, size_t limbs)
{
    memset(t, 0, 2 * limbs * sizeof *t);
    for (size_t i = 0; i < limbs; i++)
        t[i + limbs] = bn_add_product(t + 2 * i + 1, a + i + 1, a[i], limbs - i - 1);
    bn_double_and_squares(t, a, limbs);
}

ct_mask bn_less(const uint64_t *a, const uint64_t *b, size_t limbs)
{
    carry borrow = 0;                                  /* as in bn_sub, without the difference */
    UNROLLED
    for (size_t i = 0; i < limbs; i++)
        limb_sub(&borrow, a[i], b[i]);
    return ct_nonzero(borrow);
}

ct_mask bn_equal(const uint64_t *a, const uint64_t *b, size_t limbs)
{
    uint64_t differ = 0;
    for (size_t i = 0; i < limbs; i++)
        differ |= a[i] ^ b[i];
    return ct_zero(differ);
}

ct_mask bn_zero(const uint64_t *a, size_t limbs)
{
    uint64_t any = 0;
    for (size_t i = 0; i < limbs; i++)
        any |= a[i];
    return ct_zero(any);
}

void bn_copy_if(ct_mask mask, uint64_t *x, const uint64_t *a, size_t limbs)
{
    for (size_t i = 0; i < limbs; i++)
        x[i] = ct_select(mask, a[i], x[i]);
}

size_t bn_bits_public(const uint64_t *a, size_t limbs)
{
    size_t bits = 64 * limbs;
    while (bits > 0 && !(a[(bits - 1) / 64] >> (bits - 1) % 64 & 1))
        bits--;
    return bits;
}

/* x = a - n where that is not below zero, `top` being the limb above a. What is asked: a < 2n. */
static void subtract_once(const struct bn_mod *m, uint64_t *x, const uint64_t *a, uint64_t top)
{
    ct_mask fits = ct_nonzero(top) | ~bn_less(a, m->n, m->limbs);
    carry borrow = 0;
    UNROLLED
    for (size_t i = 0; i < m->limbs; i++)
        x[i] = limb_sub(&borrow, a[i], m->n[i] & fits);
}

void bn_mod_add(const struct bn_mod *m, uint64_t *x, const uint64_t *a, const uint64_t *b)
{
    uint64_t top = bn_add(x, a, b, m->limbs);
    subtract_once(m, x, x, top);
}

void bn_mod_sub(const struct bn_mod *m, uint64_t *x, const uint64_t *a, const uint64_t *b)
{
    ct_mask below = ct_nonzero(bn_sub(x, a, b, m->limbs));
    carry c = 0;
    UNROLLED
    for (size_t i = 0; i < m->limbs; i++)
        x[i] = limb_add(&c, x[i], m->n[i] & below);
}

/* Montgomery's reduction (Koç, Acar, Kaliski 1996, "separated"): to t, of twice the limbs, is added for each limb the
 * multiple of n that makes it zero; what is left above is t / R modulo n. */
static uint64_t reduce(uint64_t *t, const uint64_t *n, uint64_t minus_inverse, size_t limbs)
{
    carry top = 0;
    for (size_t i = 0; i < limbs; i++) {
        uint64_t above = bn_add_product(t + i, n, t[i] * minus_inverse, limbs);
        t[i + limbs] = limb_add(&top, t[i + limbs], above);
    }
    return top;
}

static const struct bn_products portable = { "portable", 1, mul, square, reduce };

/* t / R is below 2n, if t was below R n: one subtraction is enough, for which the lower half is free by now. Who gave t
 * wipes it. */
void bn_mod_reduce(const struct bn_mod *m, uint64_t *x, uint64_t *t)
{
    const size_t limbs = m->limbs;
    uint64_t top = m->products->reduce(t, m->n, m->minus_inverse, limbs);
    carry borrow = 0;
    UNROLLED
    for (size_t i = 0; i < limbs; i++)
        t[i] = limb_sub(&borrow, t[i + limbs], m->n[i]);
    limb_sub(&borrow, top, 0);
    ct_mask below = (ct_mask)0 - ct_hide(borrow);
    for (size_t i = 0; i < limbs; i++)
        x[i] = t[i] ^ ((t[i] ^ t[i + limbs]) & below);
}

static void mod_mul(const struct bn_mod *m, uint64_t *x, const uint64_t *a, const uint64_t *b, uint64_t *t)
{
    m->products->mul(t, a, b, m->limbs);
    bn_mod_reduce(m, x, t);
}

static void mod_square(const struct bn_mod *m, uint64_t *x, const uint64_t *a, uint64_t *t)
{
    m->products->square(t, a, m->limbs);
    bn_mod_reduce(m, x, t);
}

void bn_mod_mul(const struct bn_mod *m, uint64_t *x, const uint64_t *a, const uint64_t *b)
{
    uint64_t product[2 * BN_LIMBS];
    mod_mul(m, x, a, b, product);
    sodium_memzero(product, 2 * m->limbs * sizeof *product);
}

void bn_mod_square(const struct bn_mod *m, uint64_t *x, const uint64_t *a)
{
    uint64_t product[2 * BN_LIMBS];
    mod_square(m, x, a, product);
    sodium_memzero(product, 2 * m->limbs * sizeof *product);
}

/* Newton's step doubles the bits for which n times the inverse is 1. An odd n is its own inverse in three. */
static uint64_t minus_inverse(uint64_t n)
{
    uint64_t inverse = n;
    for (int bits = 3; bits < 64; bits *= 2)
        inverse *= 2 - n * inverse;
    return 0 - inverse;
}

void bn_mod_begin(struct bn_mod *m, const uint64_t *n, size_t limbs, const struct cpu *cpu)
{
    m->limbs = limbs;
    m->products = &portable;
    if (bn_products_adx && cpu_may(cpu, CPU_ADX) && limbs % bn_products_adx->step == 0)
        m->products = bn_products_adx;
    m->powers = cpu_may(cpu, CPU_IFMA) ? bn_powers_ifma : NULL;
    m->minus_inverse = minus_inverse(n[0]);
    memcpy(m->n, n, limbs * sizeof *n);
}

void bn_mod_set(struct bn_mod *m, const uint64_t *n, size_t limbs, size_t floor, const struct cpu *cpu)
{
    bn_mod_begin(m, n, limbs, cpu);

    memset(m->one, 0, limbs * sizeof *m->one);         /* 2^floor < n, doubled until it is R */
    m->one[floor / 64] = (uint64_t)1 << floor % 64;
    for (size_t i = floor; i < 64 * limbs; i++)
        bn_mod_add(m, m->one, m->one, m->one);

    memcpy(m->rr, m->one, limbs * sizeof *m->rr);      /* R = (2^limbs)^64: doublings, then squares */
    for (size_t i = 0; i < limbs; i++)
        bn_mod_add(m, m->rr, m->rr, m->rr);
    for (int i = 0; i < 6; i++)
        bn_mod_square(m, m->rr, m->rr);
}

/* a = high R + low. Each half is below R, which is all that bn_mod_mul asks; high takes on R twice. */
void bn_mod_in(const struct bn_mod *m, uint64_t *x, const uint64_t *a, size_t limbs_a)
{
    uint64_t low[BN_LIMBS] = { 0 }, high[BN_LIMBS] = { 0 };
    size_t low_limbs = limbs_a < m->limbs ? limbs_a : m->limbs;
    memcpy(low, a, low_limbs * sizeof *a);
    memcpy(high, a + low_limbs, (limbs_a - low_limbs) * sizeof *a);
    bn_mod_mul(m, x, low, m->rr);
    if (limbs_a > m->limbs) {
        bn_mod_mul(m, high, high, m->rr);
        bn_mod_mul(m, high, high, m->rr);
        bn_mod_add(m, x, x, high);
    }
    sodium_memzero(low, m->limbs * sizeof *low);
    sodium_memzero(high, m->limbs * sizeof *high);
}

void bn_mod_out(const struct bn_mod *m, uint64_t *x, const uint64_t *a)
{
    uint64_t plain_one[BN_LIMBS] = { 1 };
    bn_mod_mul(m, x, a, plain_one);
}

/* Fixed windows: four squarings, then one product with a power from the table, whatever the bits are. Every
 * power is read every time: which one was wanted would show in the cache. */
static void exp_portable(const struct bn_mod *m, uint64_t *x, const uint64_t *a, const uint64_t *e, size_t limbs_e)
{
    struct { uint64_t powers[TABLE][BN_LIMBS], power[BN_LIMBS], result[BN_LIMBS], product[2 * BN_LIMBS]; } t;
    size_t limb_octets = m->limbs * sizeof *x;
    memcpy(t.powers[0], m->one, limb_octets);
    for (size_t i = 1; i < TABLE; i++)
        mod_mul(m, t.powers[i], t.powers[i - 1], a, t.product);

    memcpy(t.result, m->one, limb_octets);
    for (size_t bit = 64 * limbs_e; bit > 0; ) {
        bit -= WINDOW;
        for (int i = 0; i < WINDOW; i++)
            mod_square(m, t.result, t.result, t.product);
        uint64_t digit = e[bit / 64] >> bit % 64 & (TABLE - 1);
        memset(t.power, 0, limb_octets);
        for (size_t i = 0; i < TABLE; i++) {
            ct_mask here = ct_equal(i, digit);
            for (size_t j = 0; j < m->limbs; j++)
                t.power[j] |= t.powers[i][j] & here;
        }
        mod_mul(m, t.result, t.result, t.power, t.product);
    }
    memcpy(x, t.result, limb_octets);
    sodium_memzero(&t, sizeof t);
}

/* From the second highest bit on. */
static void exp_public_portable(const struct bn_mod *m, uint64_t *x, const uint64_t *a, uint64_t e)
{
    struct { uint64_t base[BN_LIMBS], product[2 * BN_LIMBS]; } t;
    memcpy(t.base, a, m->limbs * sizeof *x);
    memcpy(x, e ? t.base : m->one, m->limbs * sizeof *x);
    for (size_t bit = bn_bits_public(&e, 1); bit > 1; bit--) {
        mod_square(m, x, x, t.product);
        if (e >> (bit - 2) & 1)
            mod_mul(m, x, x, t.base, t.product);
    }
    sodium_memzero(&t, sizeof t);
}

void bn_mod_exp(const struct bn_mod *m, uint64_t *x, const uint64_t *a, const uint64_t *e, size_t limbs_e)
{
    if (bn_powers_taken(m))
        m->powers->exp(&(struct bn_power){ m, x, a, e }, 1, limbs_e);
    else
        exp_portable(m, x, a, e, limbs_e);
}

void bn_mod_exp_both(const struct bn_power p[2], size_t limbs_e)
{
    if (bn_powers_taken(p->m))
        p->m->powers->exp(p, 2, limbs_e);
    else
        for (int i = 0; i < 2; i++)
            exp_portable(p[i].m, p[i].x, p[i].a, p[i].e, limbs_e);
}

void bn_mod_exp_public(const struct bn_mod *m, uint64_t *x, const uint64_t *a, uint64_t e)
{
    if (bn_powers_taken(m))
        m->powers->exp_public(m, x, a, e);
    else
        exp_public_portable(m, x, a, e);
}

const char *bn_form_name(const struct cpu *cpu)
{
    if (bn_powers_ifma && cpu_may(cpu, CPU_IFMA))
        return bn_powers_ifma->name;
    return (bn_products_adx && cpu_may(cpu, CPU_ADX) ? bn_products_adx : &portable)->name;
}
