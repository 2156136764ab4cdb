/* SHA-1 (FIPS 180-4 §6.1.2), portable. */
#include "crypto/hash_form.h"
#include "crypto/octets.h"

static uint32_t rotate_left(uint32_t x, unsigned n) { return x << n | x >> (32 - n); }

/* The message schedule (step 1): the block's 16 words, stretched to 80. */
static void stretch(const uint8_t block[64], uint32_t w[80])
{
    for (unsigned t = 0; t < 16; t++)
        w[t] = load_be32(block + 4 * t);
    for (unsigned t = 16; t < 80; t++)
        w[t] = rotate_left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
}

/* The function f_t of §4.1.1 plus the constant K_t of §4.2.1: one pair for each quarter of the 80 steps. */
static uint32_t mix(unsigned quarter, uint32_t b, uint32_t c, uint32_t d)
{
    switch (quarter) {
    case 0:  return (d ^ (b & (c ^ d))) + 0x5a827999;              /* Ch: where b says c, else d */
    case 1:  return (b ^ c ^ d) + 0x6ed9eba1;                      /* Parity */
    case 2:  return ((b & c) | (d & (b | c))) + 0x8f1bbcdc;        /* Maj: what two of three say */
    default: return (b ^ c ^ d) + 0xca62c1d6;
    }
}

static void one_block(uint32_t h[5], const uint8_t block[64], uint32_t w[80])
{
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    stretch(block, w);
    for (unsigned t = 0; t < 80; t++) {
        uint32_t next = rotate_left(a, 5) + mix(t / 20, b, c, d) + e + w[t];
        e = d;
        d = c;
        c = rotate_left(b, 30);
        b = a;
        a = next;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
    h[4] += e;
}

static void blocks(union hash_value *v, const uint8_t *data, size_t n)
{
    uint32_t w[80];
    for (; n > 0; n--, data += 64)
        one_block(v->w32, data, w);
    sodium_memzero(w, sizeof w);                                   /* under HMAC a block can be the key */
}

const struct hash_form sha1_portable = { "portable", blocks };
