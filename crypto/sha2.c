/* SHA-256 and SHA-512 (FIPS 180-4 §6.2, §6.4), portable, in little room: for a build that has no libsodium
 * (crypto/cpu.h). The same eight steps in words of 32 and of 64 bits, which differ in how far they rotate. */
#include "crypto/hash_form.h"
#include "crypto/octets.h"

#include <string.h>

/* §4.2.3: the fractions of the cube roots of the first 80 primes, to 64 bits. SHA-256 has the first 64 of them, to 32
 * bits (§4.2.2): the upper halves. */
static const uint64_t k[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static uint32_t right32(uint32_t x, unsigned n) { return x >> n | x << (32 - n); }
static uint64_t right64(uint64_t x, unsigned n) { return x >> n | x << (64 - n); }

/* The working variables a to h are v[0] to v[7]; w holds the last 16 words of the message schedule. */
static void sha256_block(uint32_t h[8], const uint8_t block[64], uint32_t v[8], uint32_t w[16])
{
    memcpy(v, h, 8 * sizeof *v);
    for (unsigned t = 0; t < 64; t++) {
        uint32_t *now = &w[t % 16];
        const uint32_t w15 = w[(t + 1) % 16], w2 = w[(t + 14) % 16];
        if (t < 16)
            *now = load_be32(block + 4 * t);
        else
            *now += (right32(w15, 7) ^ right32(w15, 18) ^ w15 >> 3) + w[(t + 9) % 16]
                  + (right32(w2, 17) ^ right32(w2, 19) ^ w2 >> 10);
        const uint32_t ch = v[6] ^ (v[4] & (v[5] ^ v[6])), maj = (v[0] & v[1]) | (v[2] & (v[0] | v[1]));
        const uint32_t t1 = v[7] + (right32(v[4], 6) ^ right32(v[4], 11) ^ right32(v[4], 25)) + ch
                          + (uint32_t)(k[t] >> 32) + *now;
        const uint32_t t2 = (right32(v[0], 2) ^ right32(v[0], 13) ^ right32(v[0], 22)) + maj;
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (unsigned i = 0; i < 8; i++)
        h[i] += v[i];
}

static void sha512_block(uint64_t h[8], const uint8_t block[128], uint64_t v[8], uint64_t w[16])
{
    memcpy(v, h, 8 * sizeof *v);
    for (unsigned t = 0; t < 80; t++) {
        uint64_t *now = &w[t % 16];
        const uint64_t w15 = w[(t + 1) % 16], w2 = w[(t + 14) % 16];
        if (t < 16)
            *now = load_be64(block + 8 * t);
        else
            *now += (right64(w15, 1) ^ right64(w15, 8) ^ w15 >> 7) + w[(t + 9) % 16]
                  + (right64(w2, 19) ^ right64(w2, 61) ^ w2 >> 6);
        const uint64_t ch = v[6] ^ (v[4] & (v[5] ^ v[6])), maj = (v[0] & v[1]) | (v[2] & (v[0] | v[1]));
        const uint64_t t1 = v[7] + (right64(v[4], 14) ^ right64(v[4], 18) ^ right64(v[4], 41)) + ch + k[t] + *now;
        const uint64_t t2 = (right64(v[0], 28) ^ right64(v[0], 34) ^ right64(v[0], 39)) + maj;
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (unsigned i = 0; i < 8; i++)
        h[i] += v[i];
}

static void sha256_blocks(union hash_value *h, const uint8_t *data, size_t n)
{
    struct { uint32_t v[8], w[16]; } s;
    for (; n > 0; n--, data += 64)
        sha256_block(h->w32, data, s.v, s.w);
    sodium_memzero(&s, sizeof s);                                  /* under HMAC a block can be the key */
}

static void sha512_blocks(union hash_value *h, const uint8_t *data, size_t n)
{
    struct { uint64_t v[8], w[16]; } s;
    for (; n > 0; n--, data += 128)
        sha512_block(h->w64, data, s.v, s.w);
    sodium_memzero(&s, sizeof s);
}

const struct hash_form sha256_portable = { "portable", sha256_blocks }, sha512_portable = { "portable", sha512_blocks };
