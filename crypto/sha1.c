#include "crypto/sha1.h"

#include <sodium.h>
#include <string.h>

static uint32_t rotate_left(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

void sha1_start(struct sha1_state *s)
{
    static const struct sha1_state initial = {                     /* §5.3.1 */
        .h = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 },
    };
    *s = initial;
}

/* The message schedule (§6.1.2 step 1): the block's 16 words, stretched to 80. */
static void stretch(const uint8_t block[64], uint32_t w[80])
{
    for (unsigned t = 0; t < 16; t++, block += 4)
        w[t] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 | block[3];
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

static void hash_block_into(uint32_t h[5], const uint8_t block[64])
{
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
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
    sodium_memzero(w, sizeof w);                                   /* under HMAC a block can be the key */
}

void sha1_add(struct sha1_state *s, const void *data, size_t n)
{
    const uint8_t *from = data;
    while (n > 0) {
        size_t have = s->octets % 64, take = n < 64 - have ? n : 64 - have;
        if (take == 64) {
            hash_block_into(s->h, from);
        } else {
            memcpy(s->block + have, from, take);
            if (have + take == 64)
                hash_block_into(s->h, s->block);
        }
        s->octets += take;
        from += take;
        n -= take;
    }
}

/* §5.1.1: a one bit, zeros, and the length in bits as the last eight octets of a block. */
void sha1_end(struct sha1_state *s, uint8_t digest[20])
{
    static const uint8_t one_then_zeros[64] = { 0x80 };
    uint64_t bits = s->octets * 8;
    uint8_t length[8];
    for (unsigned i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    sha1_add(s, one_then_zeros, 1 + (119 - s->octets % 64) % 64);  /* up to 56 octets of a block */
    sha1_add(s, length, sizeof length);
    for (unsigned i = 0; i < 20; i++)
        digest[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}
