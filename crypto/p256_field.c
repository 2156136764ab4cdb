#include "crypto/p256_field.h"
#include "crypto/bignum.h"

#include <sodium.h>

__extension__ typedef unsigned __int128 wide;

static const uint64_t prime[4] = {
    0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000, 0xffffffff00000001 };

/* 2^256 mod p, which is 2^256 - p, and its square. */
const struct field field_one = { {
    0x0000000000000001, 0xffffffff00000000, 0xffffffffffffffff, 0x00000000fffffffe } };
static const struct field square_of_r = { {
    0x0000000000000003, 0xfffffffbffffffff, 0xfffffffffffffffe, 0x00000004fffffffd } };

/* x = a - p where that is not below zero; `top` is the limb above a, and a < 2p. */
static void subtract_once(struct field *x, const uint64_t a[4], uint64_t top)
{
    uint64_t less[4], borrow = 0;
    for (int i = 0; i < 4; i++) {
        wide difference = (wide)a[i] - prime[i] - borrow;
        less[i] = (uint64_t)difference;
        borrow = (uint64_t)(difference >> 64) & 1;
    }
    ct_mask fits = ct_nonzero(top | (borrow ^ 1));
    for (int i = 0; i < 4; i++)
        x->limb[i] = ct_select(fits, less[i], a[i]);
}

void field_add(struct field *x, const struct field *a, const struct field *b)
{
    uint64_t sum[4], carry = bn_add(sum, a->limb, b->limb, 4);
    subtract_once(x, sum, carry);
}

void field_sub(struct field *x, const struct field *a, const struct field *b)
{
    uint64_t borrow = 0;
    wide sum = 0;
    for (int i = 0; i < 4; i++) {
        wide difference = (wide)a->limb[i] - b->limb[i] - borrow;
        x->limb[i] = (uint64_t)difference;
        borrow = (uint64_t)(difference >> 64) & 1;
    }
    ct_mask below = ct_nonzero(borrow);
    for (int i = 0; i < 4; i++) {
        sum += (wide)x->limb[i] + (prime[i] & below);
        x->limb[i] = (uint64_t)sum;
        sum >>= 64;
    }
}

/* One step of Montgomery's product: t = (t + a b + m p) / 2^64, with the m that makes the lowest limb zero.
 * As p = -1 mod 2^64, m is just that limb, and the rest of p is kind too:
 *     m p  =  -m + 2^96 m + 2^192 (2^64 - 2^32 + 1) m
 * so that -m takes the lowest limb away, 2^96 m is two shifts, and one product remains. */
static inline void step(uint64_t t[5], const uint64_t a[4], uint64_t b)
{
    wide sum = (wide)a[0] * b + t[0];
    uint64_t m = (uint64_t)sum;
    sum = (wide)a[1] * b + t[1] + (uint64_t)(sum >> 64);
    uint64_t t1 = (uint64_t)sum;
    sum = (wide)a[2] * b + t[2] + (uint64_t)(sum >> 64);
    uint64_t t2 = (uint64_t)sum;
    sum = (wide)a[3] * b + t[3] + (uint64_t)(sum >> 64);
    uint64_t t3 = (uint64_t)sum;
    wide t4 = (sum >> 64) + t[4];

    sum = (wide)t1 + (m << 32);
    t[0] = (uint64_t)sum;
    sum = (wide)t2 + (m >> 32) + (uint64_t)(sum >> 64);
    t[1] = (uint64_t)sum;
    sum = (wide)m * prime[3] + t3 + (uint64_t)(sum >> 64);
    t[2] = (uint64_t)sum;
    sum = t4 + (uint64_t)(sum >> 64);
    t[3] = (uint64_t)sum;
    t[4] = (uint64_t)(sum >> 64);
}

void field_mul(struct field *x, const struct field *a, const struct field *b)
{
    uint64_t t[5] = { 0 };
    step(t, a->limb, b->limb[0]);
    step(t, a->limb, b->limb[1]);
    step(t, a->limb, b->limb[2]);
    step(t, a->limb, b->limb[3]);
    subtract_once(x, t, t[4]);
}

/* a^(p-2) = 1/a (Fermat). The exponent is public: its bits may be branched on. */
void field_invert(struct field *x, const struct field *a)
{
    struct field power = field_one, base = *a;
    for (int bit = 255; bit >= 0; bit--) {
        uint64_t limb = prime[bit / 64] - (bit / 64 == 0 ? 2 : 0);
        field_mul(&power, &power, &power);
        if (limb >> bit % 64 & 1)
            field_mul(&power, &power, &base);
    }
    *x = power;
    sodium_memzero(&power, sizeof power);              /* how a point lies in Z tells of the scalar */
    sodium_memzero(&base, sizeof base);
}

ct_mask field_read(struct field *x, const uint8_t octets[32])
{
    bn_read(x->limb, 4, octets, 32);
    ct_mask below = bn_less(x->limb, prime, 4);
    field_mul(x, x, &square_of_r);
    return below;
}

void field_write(const struct field *a, uint8_t octets[32])
{
    static const struct field plain_one = { { 1, 0, 0, 0 } };
    struct field plain;
    field_mul(&plain, a, &plain_one);
    bn_write(plain.limb, 4, octets, 32);
    sodium_memzero(&plain, sizeof plain);              /* the x of an ECDH secret, maybe */
}

ct_mask field_equal(const struct field *a, const struct field *b)
{
    return bn_equal(a->limb, b->limb, 4);
}

void field_copy_if(ct_mask mask, struct field *x, const struct field *a)
{
    bn_copy_if(mask, x->limb, a->limb, 4);
}
