#include "crypto/poly1305.h"
#include "crypto/ct.h"
#include "crypto/octets.h"

#include <sodium.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;
static const uint64_t limb = ((uint64_t)1 << POLY1305_LIMB) - 1, top = ((uint64_t)1 << POLY1305_TOP) - 1;

/* Sums of three products, two of them 20 times as large, stay below 2^97; what they carry, below 2^64. */
static inline void multiply(uint64_t h[3], const uint64_t r[3])
{
    const uint64_t r1_20 = 20 * r[1], r2_20 = 20 * r[2];
    wide d0 = (wide)h[0] * r[0] + (wide)h[1] * r2_20 + (wide)h[2] * r1_20;
    wide d1 = (wide)h[0] * r[1] + (wide)h[1] * r[0] + (wide)h[2] * r2_20;
    wide d2 = (wide)h[0] * r[2] + (wide)h[1] * r[1] + (wide)h[2] * r[0];
    d1 += (uint64_t)(d0 >> POLY1305_LIMB);
    d2 += (uint64_t)(d1 >> POLY1305_LIMB);
    h[0] = ((uint64_t)d0 & limb) + 5 * (uint64_t)(d2 >> POLY1305_TOP);
    h[1] = ((uint64_t)d1 & limb) + (h[0] >> POLY1305_LIMB);
    h[0] &= limb;
    h[2] = (uint64_t)d2 & top;
}

void poly1305_multiply(uint64_t h[3], const uint64_t r[3]) { multiply(h, r); }

/* RFC 8439 §2.5: some bits of r are zero, so that products stay small. */
void poly1305_start(struct poly1305 *p, const uint8_t key[32])
{
    const uint64_t low = load_le64(key) & 0x0ffffffc0fffffff, high = load_le64(key + 8) & 0x0ffffffc0ffffffc;
    *p = (struct poly1305){ .r = { low & limb, (low >> 44 | high << 20) & limb, high >> 24 },
                            .s = { load_le64(key + 16), load_le64(key + 24) } };
}

/* A block is a number, with a 1 above its 128 bits. */
static inline void add_block(struct poly1305 *p, const uint8_t block[POLY1305_BLOCK])
{
    const uint64_t low = load_le64(block), high = load_le64(block + 8);
    p->h[0] += low & limb;
    p->h[1] += (low >> 44 | high << 20) & limb;
    p->h[2] += high >> 24 | (uint64_t)1 << 40;
    multiply(p->h, p->r);
}

void poly1305_add(struct poly1305 *p, const void *data, size_t n)
{
    const uint8_t *at = data;
    for (; n >= POLY1305_BLOCK; n -= POLY1305_BLOCK, at += POLY1305_BLOCK)
        add_block(p, at);
    if (n > 0) {
        uint8_t last[POLY1305_BLOCK] = { 0 };
        memcpy(last, at, n);
        add_block(p, last);
        sodium_memzero(last, sizeof last);
    }
}

void poly1305_carry(uint64_t h[3])
{
    h[1] += h[0] >> POLY1305_LIMB;
    h[0] &= limb;
    h[2] += h[1] >> POLY1305_LIMB;
    h[1] &= limb;
    h[0] += 5 * (h[2] >> POLY1305_TOP);
    h[2] &= top;
}

/* h mod p is h, or h - p = h + 5 - 2^130 where that is not negative. Plus s, mod 2^128. */
void poly1305_end(struct poly1305 *p, uint8_t tag[16])
{
    uint64_t *h = p->h, g[3];
    poly1305_carry(h);
    poly1305_carry(h);
    g[0] = h[0] + 5;
    g[1] = h[1] + (g[0] >> POLY1305_LIMB);
    g[2] = h[2] + (g[1] >> POLY1305_LIMB);
    const uint64_t more = ct_nonzero(g[2] >> POLY1305_TOP);
    for (unsigned i = 0; i < 3; i++)
        h[i] = ct_select(more, g[i] & limb, h[i]);
    wide low = (wide)(h[0] | h[1] << 44) + p->s[0];
    store_le64(tag, (uint64_t)low);
    store_le64(tag + 8, (h[1] >> 20 | h[2] << 24) + p->s[1] + (uint64_t)(low >> 64));
    sodium_memzero(p, sizeof *p);
    sodium_memzero(g, sizeof g);
}
