#include "crypto/bignum.h"

#include <sodium.h>
#include <string.h>

/* Holds the product of two limbs with two more limbs added. */
__extension__ typedef unsigned __int128 wide;

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
    wide sum = 0;
    for (size_t i = 0; i < limbs; i++) {
        sum += (wide)a[i] + b[i];
        x[i] = (uint64_t)sum;
        sum >>= 64;
    }
    return (uint64_t)sum;
}

uint64_t bn_sub(uint64_t *x, const uint64_t *a, const uint64_t *b, size_t limbs)
{
    uint64_t borrow = 0;
    for (size_t i = 0; i < limbs; i++) {
        wide difference = (wide)a[i] - b[i] - borrow;
        x[i] = (uint64_t)difference;
        borrow = (uint64_t)(difference >> 64) & 1;     /* below zero, the upper half is all ones */
    }
    return borrow;
}

void bn_mul(uint64_t *x, const uint64_t *a, size_t limbs_a, const uint64_t *b, size_t limbs_b)
{
    memset(x, 0, (limbs_a + limbs_b) * sizeof *x);
    for (size_t i = 0; i < limbs_b; i++) {
        uint64_t carry = 0;
        for (size_t j = 0; j < limbs_a; j++) {
            wide sum = (wide)a[j] * b[i] + x[i + j] + carry;
            x[i + j] = (uint64_t)sum;
            carry = (uint64_t)(sum >> 64);
        }
        x[i + limbs_a] = carry;
    }
}

ct_mask bn_less(const uint64_t *a, const uint64_t *b, size_t limbs)
{
    uint64_t borrow = 0;                               /* as in bn_sub, without the difference */
    for (size_t i = 0; i < limbs; i++)
        borrow = (uint64_t)(((wide)a[i] - b[i] - borrow) >> 64) & 1;
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
    uint64_t less[BN_LIMBS];
    uint64_t borrow = bn_sub(less, a, m->n, m->limbs);
    ct_mask fits = ct_nonzero(top) | ct_zero(borrow);
    if (x != a)
        memcpy(x, a, m->limbs * sizeof *x);
    bn_copy_if(fits, x, less, m->limbs);
    sodium_memzero(less, m->limbs * sizeof *less);
}

void bn_mod_add(const struct bn_mod *m, uint64_t *x, const uint64_t *a, const uint64_t *b)
{
    uint64_t carry = bn_add(x, a, b, m->limbs);
    subtract_once(m, x, x, carry);
}

void bn_mod_sub(const struct bn_mod *m, uint64_t *x, const uint64_t *a, const uint64_t *b)
{
    ct_mask below = ct_nonzero(bn_sub(x, a, b, m->limbs));
    uint64_t back[BN_LIMBS];
    for (size_t i = 0; i < m->limbs; i++)
        back[i] = m->n[i] & below;
    bn_add(x, x, back, m->limbs);
    sodium_memzero(back, m->limbs * sizeof *back);
}

/* Montgomery's product (Koç, Acar, Kaliski 1996, "finely integrated"). For each limb of b: add a times that
 * limb, then add the multiple of n which makes the lowest limb zero, and drop that limb. Each drop divides
 * by 2^64, all together by R. The sum stays below 2n (a b < R n): one subtraction at the end is enough. */
void bn_mod_mul(const struct bn_mod *m, uint64_t *x, const uint64_t *a, const uint64_t *b)
{
    uint64_t sum[BN_LIMBS], top = 0;
    memset(sum, 0, m->limbs * sizeof *sum);
    for (size_t i = 0; i < m->limbs; i++) {
        wide product = (wide)a[0] * b[i] + sum[0];
        uint64_t times = (uint64_t)product * m->minus_inverse;
        wide reduced = (wide)times * m->n[0] + (uint64_t)product;           /* its lower half is zero */
        for (size_t j = 1; j < m->limbs; j++) {
            product = (wide)a[j] * b[i] + sum[j] + (uint64_t)(product >> 64);
            reduced = (wide)times * m->n[j] + (uint64_t)product + (uint64_t)(reduced >> 64);
            sum[j - 1] = (uint64_t)reduced;
        }
        wide rest = (product >> 64) + (reduced >> 64) + top;
        sum[m->limbs - 1] = (uint64_t)rest;
        top = (uint64_t)(rest >> 64);
    }
    subtract_once(m, x, sum, top);
    sodium_memzero(sum, m->limbs * sizeof *sum);
}

/* Newton's step doubles the bits for which n times the inverse is 1. An odd n is its own inverse in three. */
static uint64_t minus_inverse(uint64_t n)
{
    uint64_t inverse = n;
    for (int bits = 3; bits < 64; bits *= 2)
        inverse *= 2 - n * inverse;
    return 0 - inverse;
}

void bn_mod_set(struct bn_mod *m, const uint64_t *n, size_t limbs, size_t floor)
{
    m->limbs = limbs;
    m->minus_inverse = minus_inverse(n[0]);
    memcpy(m->n, n, limbs * sizeof *n);

    memset(m->one, 0, limbs * sizeof *m->one);         /* 2^floor < n, doubled until it is R */
    m->one[floor / 64] = (uint64_t)1 << floor % 64;
    for (size_t i = floor; i < 64 * limbs; i++)
        bn_mod_add(m, m->one, m->one, m->one);

    memcpy(m->rr, m->one, limbs * sizeof *m->rr);      /* R = (2^limbs)^64: doublings, then squares */
    for (size_t i = 0; i < limbs; i++)
        bn_mod_add(m, m->rr, m->rr, m->rr);
    for (int i = 0; i < 6; i++)
        bn_mod_mul(m, m->rr, m->rr, m->rr);
}

/* a = high R + low. Each half is below R, which is all that bn_mod_mul asks; high takes on R twice. */
void bn_mod_in(const struct bn_mod *m, uint64_t *x, const uint64_t *a, size_t limbs_a)
{
    uint64_t half[BN_LIMBS] = { 0 }, high[BN_LIMBS];
    size_t low_limbs = limbs_a < m->limbs ? limbs_a : m->limbs;
    memcpy(half, a + low_limbs, (limbs_a - low_limbs) * sizeof *a);
    bn_mod_mul(m, high, half, m->rr);
    bn_mod_mul(m, high, high, m->rr);
    memset(half, 0, sizeof half);
    memcpy(half, a, low_limbs * sizeof *a);
    bn_mod_mul(m, x, half, m->rr);
    bn_mod_add(m, x, x, high);
    sodium_memzero(half, sizeof half);
    sodium_memzero(high, sizeof high);
}

void bn_mod_out(const struct bn_mod *m, uint64_t *x, const uint64_t *a)
{
    uint64_t plain_one[BN_LIMBS] = { 1 };
    bn_mod_mul(m, x, a, plain_one);
}

/* Fixed windows: four squarings, then one product with a power from the table, whatever the bits are. Every
 * power is read every time: which one was wanted would show in the cache. */
void bn_mod_exp(const struct bn_mod *m, uint64_t *x, const uint64_t *a, const uint64_t *e, size_t limbs_e)
{
    uint64_t powers[TABLE][BN_LIMBS], power[BN_LIMBS], result[BN_LIMBS];
    size_t limb_octets = m->limbs * sizeof *x;
    memcpy(powers[0], m->one, limb_octets);
    for (size_t i = 1; i < TABLE; i++)
        bn_mod_mul(m, powers[i], powers[i - 1], a);

    memcpy(result, m->one, limb_octets);
    for (size_t bit = 64 * limbs_e; bit > 0; ) {
        bit -= WINDOW;
        for (int i = 0; i < WINDOW; i++)
            bn_mod_mul(m, result, result, result);
        uint64_t digit = e[bit / 64] >> bit % 64 & (TABLE - 1);
        memset(power, 0, limb_octets);
        for (size_t i = 0; i < TABLE; i++)
            bn_copy_if(ct_equal(i, digit), power, powers[i], m->limbs);
        bn_mod_mul(m, result, result, power);
    }
    memcpy(x, result, limb_octets);
    sodium_memzero(powers, sizeof powers);
    sodium_memzero(power, sizeof power);
    sodium_memzero(result, sizeof result);
}

void bn_mod_exp_public(const struct bn_mod *m, uint64_t *x, const uint64_t *a, uint64_t e)
{
    uint64_t base[BN_LIMBS];
    memcpy(base, a, m->limbs * sizeof *base);
    memcpy(x, m->one, m->limbs * sizeof *x);
    for (size_t bit = bn_bits_public(&e, 1); bit > 0; bit--) {
        bn_mod_mul(m, x, x, x);
        if (e >> (bit - 1) & 1)
            bn_mod_mul(m, x, x, base);
    }
    sodium_memzero(base, m->limbs * sizeof *base);
}
