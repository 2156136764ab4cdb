#include "crypto/camellia.h"
#include "crypto/octets.h"

#include <string.h>

/* RFC 3713 §2.4.1 */
static const uint8_t sbox1[256] = {
    112, 130,  44, 236, 179,  39, 192, 229, 228, 133,  87,  53, 234,  12, 174,  65,
     35, 239, 107, 147,  69,  25, 165,  33, 237,  14,  79,  78,  29, 101, 146, 189,
    134, 184, 175, 143, 124, 235,  31, 206,  62,  48, 220,  95,  94, 197,  11,  26,
    166, 225,  57, 202, 213,  71,  93,  61, 217,   1,  90, 214,  81,  86, 108,  77,
    139,  13, 154, 102, 251, 204, 176,  45, 116,  18,  43,  32, 240, 177, 132, 153,
    223,  76, 203, 194,  52, 126, 118,   5, 109, 183, 169,  49, 209,  23,   4, 215,
     20,  88,  58,  97, 222,  27,  17,  28,  50,  15, 156,  22,  83,  24, 242,  34,
    254,  68, 207, 178, 195, 181, 122, 145,  36,   8, 232, 168,  96, 252, 105,  80,
    170, 208, 160, 125, 161, 137,  98, 151,  84,  91,  30, 149, 224, 255, 100, 210,
     16, 196,   0,  72, 163, 247, 117, 219, 138,   3, 230, 218,   9,  63, 221, 148,
    135,  92, 131,   2, 205,  74, 144,  51, 115, 103, 246, 243, 157, 127, 191, 226,
     82, 155, 216,  38, 200,  55, 198,  59, 129, 150, 111,  75,  19, 190,  99,  46,
    233, 121, 167, 140, 159, 110, 188, 142,  41, 245, 249, 182,  47, 253, 180,  89,
    120, 152,   6, 106, 231,  70, 113, 186, 212,  37, 171,  66, 136, 162, 141, 250,
    114,   7, 185,  85, 248, 238, 172,  10,  54,  73,  42, 104,  60,  56, 241, 164,
     64,  40, 211, 123, 187, 201,  67, 193,  21, 227, 173, 244, 119, 199, 128, 158 };

/* §2.2: where the keys of the schedule begin */
static const uint64_t sigma[6] = { 0xa09e667f3bcc908b, 0xb67ae8584caa73b2, 0xc6ef372fe94f82be,
                                   0x54ff53a5f1d36f1c, 0x10e527fade682d1d, 0xb05688c2b3e6c1fd };

static uint8_t turned(unsigned x, unsigned by) { return (uint8_t)(x << by | x >> (8 - by)); }

enum { ROW = 16 };                                    /* SBOX1 as a square */

/* For each octet of x, which is below 16: all its bits where it is `value`, none elsewhere. */
static uint64_t which_are(uint64_t x, unsigned value)
{
    const uint64_t ones = 0x0101010101010101;
    return (~((x ^ value * ones) + 0x7f * ones) >> 7 & ones) * 0xff;
}

/* What SBOX1 has for each of the eight octets of x: in each row what stands in their columns, by a look at all of them,
 * and then of all rows their own. */
static uint64_t look_up(uint64_t x)
{
    const uint64_t ones = 0x0101010101010101, nibbles = 0x0f * ones;
    uint64_t column[ROW], found = 0;
    for (unsigned i = 0; i < ROW; i++)
        column[i] = which_are(x & nibbles, i);
    for (unsigned row = 0; row < ROW; row++) {
        uint64_t here = 0;
        for (unsigned i = 0; i < ROW; i++)
            here |= column[i] & (sbox1[row * ROW + i] * ones);
        found |= here & which_are(x >> 4 & nibbles, row);
    }
    return found;
}

/* §2.4.1. SBOX2 and SBOX3 turn what SBOX1 gives, SBOX4 what it is asked. */
static uint64_t f(uint64_t in, uint64_t key)
{
    uint8_t t[8];
    store_be64(t, in ^ key);
    t[3] = turned(t[3], 1);
    t[6] = turned(t[6], 1);
    store_be64(t, look_up(load_be64(t)));
    const uint8_t t1 = t[0], t2 = turned(t[1], 1), t3 = turned(t[2], 7), t4 = t[3], t5 = turned(t[4], 1),
                  t6 = turned(t[5], 7), t7 = t[6], t8 = t[7];
    const uint8_t y[8] = {
        t1 ^ t3 ^ t4 ^ t6 ^ t7 ^ t8, t1 ^ t2 ^ t4 ^ t5 ^ t7 ^ t8, t1 ^ t2 ^ t3 ^ t5 ^ t6 ^ t8,
        t2 ^ t3 ^ t4 ^ t5 ^ t6 ^ t7, t1 ^ t2 ^ t6 ^ t7 ^ t8, t2 ^ t3 ^ t5 ^ t7 ^ t8, t3 ^ t4 ^ t5 ^ t6 ^ t8,
        t1 ^ t4 ^ t5 ^ t6 ^ t7 };
    return load_be64(y);
}

static uint32_t turned32(uint32_t x) { return x << 1 | x >> 31; }

/* §2.4.2 */
static uint64_t fl(uint64_t in, uint64_t key)
{
    uint32_t x1 = (uint32_t)(in >> 32), x2 = (uint32_t)in;
    x2 ^= turned32(x1 & (uint32_t)(key >> 32));
    x1 ^= x2 | (uint32_t)key;
    return (uint64_t)x1 << 32 | x2;
}

/* §2.4.3 */
static uint64_t fl_inverse(uint64_t in, uint64_t key)
{
    uint32_t y1 = (uint32_t)(in >> 32), y2 = (uint32_t)in;
    y1 ^= y2 | (uint32_t)key;
    y2 ^= turned32(y1 & (uint32_t)(key >> 32));
    return (uint64_t)y1 << 32 | y2;
}

struct wide { uint64_t left, right; };                /* 128 bits */

static struct wide rotated(struct wide a, unsigned by)
{
    if (by >= 64) {
        a = (struct wide){ a.right, a.left };
        by -= 64;
    }
    return by ? (struct wide){ a.left << by | a.right >> (64 - by), a.right << by | a.left >> (64 - by) } : a;
}

static void put(uint64_t *at, struct wide from, unsigned by)
{
    struct wide w = rotated(from, by);
    at[0] = w.left;
    at[1] = w.right;
}

/* The keys of 18 rounds (§2.2). Two of them are halves of what the others are pairs of. */
static void schedule_18(struct camellia_key *key, struct wide kl, struct wide ka)
{
    uint64_t *k = key->k;
    put(key->kw, kl, 0);
    put(k, ka, 0);
    put(k + 2, kl, 15);
    put(k + 4, ka, 15);
    put(key->ke, ka, 30);
    put(k + 6, kl, 45);
    k[8] = rotated(ka, 45).left;
    k[9] = rotated(kl, 60).right;
    put(k + 10, ka, 60);
    put(key->ke + 2, kl, 77);
    put(k + 12, kl, 94);
    put(k + 14, ka, 94);
    put(k + 16, kl, 111);
    put(key->kw + 2, ka, 111);
}

static void schedule_24(struct camellia_key *key, struct wide kl, struct wide kr, struct wide ka, struct wide kb)
{
    uint64_t *k = key->k;
    put(key->kw, kl, 0);
    put(k, kb, 0);
    put(k + 2, kr, 15);
    put(k + 4, ka, 15);
    put(key->ke, kr, 30);
    put(k + 6, kb, 30);
    put(k + 8, kl, 45);
    put(k + 10, ka, 45);
    put(key->ke + 2, kl, 60);
    put(k + 12, kr, 60);
    put(k + 14, kb, 60);
    put(k + 16, kl, 77);
    put(key->ke + 4, ka, 77);
    put(k + 18, kr, 94);
    put(k + 20, ka, 94);
    put(k + 22, kl, 111);
    put(key->kw + 2, kb, 111);
}

void camellia_set_key(struct camellia_key *key, const uint8_t *octets, size_t n)
{
    const struct wide kl = { load_be64(octets), load_be64(octets + 8) };
    struct wide kr = { 0, 0 };
    if (n == 32)
        kr = (struct wide){ load_be64(octets + 16), load_be64(octets + 24) };
    struct wide d = { kl.left ^ kr.left, kl.right ^ kr.right };
    d.right ^= f(d.left, sigma[0]);
    d.left ^= f(d.right, sigma[1]);
    d.left ^= kl.left;
    d.right ^= kl.right;
    d.right ^= f(d.left, sigma[2]);
    d.left ^= f(d.right, sigma[3]);
    const struct wide ka = d;
    d = (struct wide){ ka.left ^ kr.left, ka.right ^ kr.right };
    d.right ^= f(d.left, sigma[4]);
    d.left ^= f(d.right, sigma[5]);
    *key = (struct camellia_key){ .rounds = n == 32 ? 24 : 18 };
    if (n == 32)
        schedule_24(key, kl, kr, ka, d);
    else
        schedule_18(key, kl, ka);
}

/* §2.3.1, §2.3.2: deciphering is enciphering with the keys in the opposite order. */
static void run(const struct camellia_key *key, bool back, const uint8_t in[16], uint8_t out[16])
{
    const unsigned last = key->rounds - 1, last_ke = key->rounds / 6 * 2 - 3;
    const uint64_t *before = key->kw + (back ? 2 : 0), *behind = key->kw + (back ? 0 : 2);
    uint64_t d1 = load_be64(in) ^ before[0], d2 = load_be64(in + 8) ^ before[1];
    for (unsigned i = 0; i <= last; i += 2) {
        if (i && i % 6 == 0) {
            unsigned j = i / 6 * 2 - 2;
            d1 = fl(d1, key->ke[back ? last_ke - j : j]);
            d2 = fl_inverse(d2, key->ke[back ? last_ke - j - 1 : j + 1]);
        }
        d2 ^= f(d1, key->k[back ? last - i : i]);
        d1 ^= f(d2, key->k[back ? last - i - 1 : i + 1]);
    }
    store_be64(out, d2 ^ behind[0]);
    store_be64(out + 8, d1 ^ behind[1]);
}

void camellia_encrypt(const struct camellia_key *key, const uint8_t in[16], uint8_t out[16])
{
    run(key, false, in, out);
}

void camellia_decrypt(const struct camellia_key *key, const uint8_t in[16], uint8_t out[16])
{
    run(key, true, in, out);
}

void camellia_cbc_decrypt(const struct camellia_key *key, const uint8_t iv[16], void *data, size_t n)
{
    uint8_t before[CAMELLIA_BLOCK], sealed[CAMELLIA_BLOCK], *at = data;
    memcpy(before, iv, sizeof before);
    for (; n >= CAMELLIA_BLOCK; at += CAMELLIA_BLOCK, n -= CAMELLIA_BLOCK) {
        memcpy(sealed, at, sizeof sealed);
        camellia_decrypt(key, at, at);
        for (unsigned i = 0; i < CAMELLIA_BLOCK; i++)
            at[i] ^= before[i];
        memcpy(before, sealed, sizeof before);
    }
}
