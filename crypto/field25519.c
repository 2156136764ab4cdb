#include "crypto/field25519.h"
#include "crypto/octets.h"

#include <sodium.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;
enum { BITS = 51 };
static const uint64_t limb = ((uint64_t)1 << BITS) - 1;

/* What leaves a limb goes into the next; what leaves the highest comes back 19 times, since 2^255 = 19. Once round is
 * enough for sums of some elements. */
static void carry(struct f25519 *x)
{
    uint64_t over = 0;
    for (int i = 0; i < 5; i++) {
        x->limb[i] += over;
        over = x->limb[i] >> BITS;
        x->limb[i] &= limb;
    }
    x->limb[0] += 19 * over;
}

void f25519_read(struct f25519 *x, const uint8_t octets[32])
{
    for (unsigned i = 0; i < 5; i++) {
        const unsigned bit = BITS * i;
        x->limb[i] = load_le64(octets + (i < 4 ? bit / 8 : 24)) >> (i < 4 ? bit % 8 : 12) & limb;
    }
}

/* With limbs of 51 bits it is below p + 19: p goes off where 19 more would reach 2^255. */
void f25519_write(const struct f25519 *a, uint8_t octets[32])
{
    struct f25519 x = *a;
    carry(&x);
    carry(&x);
    uint64_t over = 19;
    for (int i = 0; i < 5; i++)
        over = (x.limb[i] + over) >> BITS;
    x.limb[0] += 19 * over;
    carry(&x);                                         /* 2^255, if it comes out, was p: it brings its 19 again */
    x.limb[0] -= 19 * over;
    memset(octets, 0, 32);
    for (unsigned bit = 0; bit < 255; bit++)
        octets[bit / 8] |= (uint8_t)((x.limb[bit / BITS] >> bit % BITS & 1) << bit % 8);
    sodium_memzero(&x, sizeof x);
}

void f25519_add(struct f25519 *x, const struct f25519 *a, const struct f25519 *b)
{
    for (int i = 0; i < 5; i++)
        x->limb[i] = a->limb[i] + b->limb[i];
    carry(x);
}

/* 4p more, so that no limb gets below zero. */
void f25519_sub(struct f25519 *x, const struct f25519 *a, const struct f25519 *b)
{
    for (int i = 0; i < 5; i++)
        x->limb[i] = a->limb[i] + 4 * (limb - (i ? 0 : 18)) - b->limb[i];
    carry(x);
}

/* Sums stay below 5 * 19 * 2^104; what they carry, 19 times, below 2^65: after twice round it is as after a sum. */
void f25519_mul(struct f25519 *x, const struct f25519 *a, const struct f25519 *b)
{
    wide t[5] = { 0 };
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++)
            t[(i + j) % 5] += (wide)a->limb[i] * (b->limb[j] * (i + j < 5 ? 1 : 19));
    for (int i = 0; i < 10; i++) {
        const wide over = t[i % 5] >> BITS;
        t[i % 5] &= limb;
        t[(i + 1) % 5] += over * (i % 5 < 4 ? 1 : 19);
    }
    for (int i = 0; i < 5; i++)
        x->limb[i] = (uint64_t)t[i];
}

void f25519_power(struct f25519 *x, const struct f25519 *a, int bits, unsigned without)
{
    struct f25519 power = *a;
    for (int i = bits - 2; i >= 0; i--) {
        f25519_mul(&power, &power, &power);
        if (i > 31 || !(without >> i & 1))
            f25519_mul(&power, &power, a);
    }
    *x = power;
    sodium_memzero(&power, sizeof power);
}

/* a^(p - 2), and p - 2 = 2^255 - 1 - 4 - 16. */
void f25519_invert(struct f25519 *x, const struct f25519 *a) { f25519_power(x, a, 255, 4 + 16); }

ct_mask f25519_equal(const struct f25519 *a, const struct f25519 *b)
{
    uint8_t octets[2][32];
    f25519_write(a, octets[0]);
    f25519_write(b, octets[1]);
    return ct_same(octets[0], octets[1], 32);
}
