/* GHASH multiplies polynomials whose coefficients are bits: a product "without carries". Some machines have
 * an instruction for it; the others multiply integers, with carries. The trick is to leave room for the
 * carries:
 *
 *     of x keep every fourth bit only, so that between two bits lie three zeros, a hole; likewise of y. In
 *     the integer product x * y, bit position p holds the *number* of pairs of bits that meet at p, and grows
 *     into the hole above it. Up to 15 pairs fit; the lowest bit of the number is their sum without carries.
 *     Masking the holes away leaves it.
 *
 * A word has four such sets of bits, so 16 multiplications make a whole product. In 64 bits there are 16 bits
 * in each set, so 16 pairs can meet, but only at positions from 60 on, where the number grows out of the word
 * and does no harm. So the *low* 64 bits of the product of two words are right. The high half of the product
 * is had by mirrors: read backwards, the product of x and y is the product of x read backwards and y read
 * backwards.
 *
 * That integer multiplication takes the same time for all numbers is true for the machines of our day with
 * 64-bit registers; some small 32-bit ones (ARM Cortex-M3) are excepted. No table and no branch depends on a
 * secret anywhere. The trick is old; Thomas Pornin wrote it up for TLS (bearssl.org/constanttime.html,
 * "GHASH"). */
#include "crypto/ghash.h"
#include "crypto/octets.h"

#include <string.h>

/* The low 64 bits of the product of x and y without carries. */
static inline uint64_t multiply_low(uint64_t x, uint64_t y)
{
    const uint64_t m0 = 0x1111111111111111, m1 = m0 << 1, m2 = m0 << 2, m3 = m0 << 3;
    const uint64_t x0 = x & m0, x1 = x & m1, x2 = x & m2, x3 = x & m3;
    const uint64_t y0 = y & m0, y1 = y & m1, y2 = y & m2, y3 = y & m3;
    return (((x0 * y0) ^ (x1 * y3) ^ (x2 * y2) ^ (x3 * y1)) & m0)
         | (((x0 * y1) ^ (x1 * y0) ^ (x2 * y3) ^ (x3 * y2)) & m1)
         | (((x0 * y2) ^ (x1 * y1) ^ (x2 * y0) ^ (x3 * y3)) & m2)
         | (((x0 * y3) ^ (x1 * y2) ^ (x2 * y1) ^ (x3 * y0)) & m3);
}

/* A word read backwards: neighbours change places, then pairs, nibbles, octets ... */
static inline uint64_t mirror(uint64_t x)
{
    x = (x >> 1 & 0x5555555555555555) | (x & 0x5555555555555555) << 1;
    x = (x >> 2 & 0x3333333333333333) | (x & 0x3333333333333333) << 2;
    x = (x >> 4 & 0x0f0f0f0f0f0f0f0f) | (x & 0x0f0f0f0f0f0f0f0f) << 4;
    x = (x >> 8 & 0x00ff00ff00ff00ff) | (x & 0x00ff00ff00ff00ff) << 8;
    x = (x >> 16 & 0x0000ffff0000ffff) | (x & 0x0000ffff0000ffff) << 16;
    return x >> 32 | x << 32;
}

/* An element of GCM's field, 128 bits: the highest bit is the coefficient of x^0, the lowest that of x^127
 * (SP 800-38D §6.3). */
struct element { uint64_t high, low; };

/* y * h without carries, 255 bits, in four words (p[0] lowest). Karatsuba: three products of words instead of
 * four. The middle one, (high + low)(high + low), contains the outer two, which are taken off again. */
static inline void multiply(struct element y, struct element h, struct element h_mirrored, uint64_t p[4])
{
    struct element m = { mirror(y.high), mirror(y.low) };
    uint64_t high = multiply_low(y.high, h.high), low = multiply_low(y.low, h.low);
    uint64_t middle = multiply_low(y.high ^ y.low, h.high ^ h.low) ^ high ^ low;

    /* The upper halves come out backwards, and one bit too high: a product of 64 by 64 bits has 127. */
    uint64_t high_up = multiply_low(m.high, h_mirrored.high), low_up = multiply_low(m.low, h_mirrored.low);
    uint64_t middle_up = multiply_low(m.high ^ m.low, h_mirrored.high ^ h_mirrored.low) ^ high_up ^ low_up;

    p[0] = low;
    p[1] = (mirror(low_up) >> 1) ^ middle;
    p[2] = high ^ (mirror(middle_up) >> 1);
    p[3] = mirror(high_up) >> 1;
}

/* Brings 255 bits back to 128 (SP 800-38D §6.3): x^128 = x^7 + x^2 + x + 1. Bits run backwards here, x^0 is
 * the highest. Shifted left by one, so that x^0 is bit 255, the lower two words are x^128 to x^255. Each of
 * them is added two words further up, where x^128 stands for 1: as it is, and shifted right by 1, 2 and 7 (x,
 * x^2, x^7); what falls off the end goes to the word below. */
static inline struct element reduce(const uint64_t p[4])
{
    uint64_t v0 = p[0] << 1, v1 = p[1] << 1 | p[0] >> 63;
    uint64_t v2 = p[2] << 1 | p[1] >> 63, v3 = p[3] << 1 | p[2] >> 63;
    v2 ^= v0 ^ v0 >> 1 ^ v0 >> 2 ^ v0 >> 7;
    v1 ^= v0 << 63 ^ v0 << 62 ^ v0 << 57;
    v3 ^= v1 ^ v1 >> 1 ^ v1 >> 2 ^ v1 >> 7;
    v2 ^= v1 << 63 ^ v1 << 62 ^ v1 << 57;
    return (struct element){ v3, v2 };
}

void ghash_set_key(struct ghash_key *k, const uint8_t h[16])
{
    *k = (struct ghash_key){ load_be64(h), load_be64(h + 8) };
}

void ghash_add(const struct ghash_key *k, uint8_t y[16], const void *data, size_t n)
{
    const struct element h = { k->high, k->low }, h_mirrored = { mirror(h.high), mirror(h.low) };
    struct element sum = { load_be64(y), load_be64(y + 8) };
    const uint8_t *at = data;
    while (n > 0) {
        uint8_t last[16] = { 0 };
        const uint8_t *block = at;
        size_t take = n < 16 ? n : 16;
        if (take < 16)
            block = memcpy(last, at, take);
        sum.high ^= load_be64(block);
        sum.low ^= load_be64(block + 8);
        uint64_t product[4];
        multiply(sum, h, h_mirrored, product);
        sum = reduce(product);
        at += take;
        n -= take;
    }
    store_be64(y, sum.high);
    store_be64(y + 8, sum.low);
}
