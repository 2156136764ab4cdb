/* AES, bitsliced.
 *
 * The usual fast AES looks octets up in a table of 256, and a cache remembers which entries were touched:
 * whoever shares the machine can learn the key from that (Bernstein 2005; Osvik, Shamir, Tromer 2006).
 * Bitslicing has no tables. The data lie across words: word q[i], a *slice*, holds bit i of every octet, so
 * that one AND or XOR on a slice is one gate at work on 64 octets at once, which are four blocks, four
 * *lanes*. The cipher becomes a circuit, and a circuit takes the same time whatever flows through it.
 *
 * Which octet sits where in a slice is chosen so that the rest of the round is cheap too. Octet (row, column)
 * of lane b - octet 4 * column + row of that block (FIPS 197 §3.4) - is bit
 *
 *     16 * row + 4 * column + b
 *
 * of each slice. To take a whole row further is to rotate a slice by 16 (MixColumns); to shift a row by a
 * column is to rotate its 16 bits by 4 (ShiftRows). The idea of slicing is Biham's (1997, for DES); Käsper
 * and Schwabe (2009) did it to AES. */
#include "crypto/aes_form.h"
#include "crypto/aes_sbox.h"
#include "crypto/octets.h"

#include <sodium.h>
#include <string.h>

enum { GROUP = AES_BLOCK * AES_LANES };                            /* what goes through the circuit at once */

static uint64_t rotate_right(uint64_t x, unsigned n)
{
    return x >> n | x << (64 - n);
}

/* --- Into slices and out --- */

/* Swaps the bits of *b under the mask with those of *a that lie `shift` higher. */
static inline void swap_bits(uint64_t *a, uint64_t *b, uint64_t mask, unsigned shift)
{
    uint64_t differ = ((*a >> shift) ^ *b) & mask;
    *b ^= differ;
    *a ^= differ << shift;
}

/* Takes eight words as eight 8x8 squares of bits - one square of octet k of each word - and mirrors each
 * square: bit j of octet k of word i goes to bit i of octet k of word j. Mirroring twice gives back what
 * was. */
static void transpose(uint64_t q[8])
{
    for (unsigned i = 0; i < 8; i += 2)                            /* single bits, ... */
        swap_bits(&q[i], &q[i + 1], 0x5555555555555555, 1);
    for (unsigned i = 0; i < 2; i++) {                             /* ... squares of 2x2, ... */
        swap_bits(&q[i], &q[i + 2], 0x3333333333333333, 2);
        swap_bits(&q[i + 4], &q[i + 6], 0x3333333333333333, 2);
    }
    for (unsigned i = 0; i < 4; i++)                               /* ... and of 4x4 change places */
        swap_bits(&q[i], &q[i + 4], 0x0f0f0f0f0f0f0f0f, 4);
}

/* The octets 3 2 1 0 of a word as 0 3 0 2 0 1 0 0, and back. */
static uint64_t spread(uint64_t x)
{
    x = (x | x << 16) & 0x0000ffff0000ffff;
    return (x | x << 8) & 0x00ff00ff00ff00ff;
}

static uint32_t gather(uint64_t x)
{
    x &= 0x00ff00ff00ff00ff;
    x = (x | x >> 8) & 0x0000ffff0000ffff;
    return (uint32_t)(x | x >> 16);
}

/* Transposing sends octet k of word j to bit 8k + j of the slices. For 16 row + 4 column + b to come out,
 * word b takes columns 0 and 2 of lane b, word 4 + b takes columns 1 and 3, in both cases shuffled like
 * cards, rows in order. */
static void slice(uint64_t q[8], const uint8_t blocks[GROUP])
{
    for (unsigned b = 0; b < AES_LANES; b++, blocks += AES_BLOCK) {
        q[b]     = spread(load_le32(blocks))     | spread(load_le32(blocks + 8)) << 8;
        q[4 + b] = spread(load_le32(blocks + 4)) | spread(load_le32(blocks + 12)) << 8;
    }
    transpose(q);
}

static void unslice(uint64_t q[8], uint8_t blocks[GROUP])
{
    transpose(q);
    for (unsigned b = 0; b < AES_LANES; b++, blocks += AES_BLOCK) {
        store_le32(blocks,      gather(q[b]));
        store_le32(blocks + 4,  gather(q[4 + b]));
        store_le32(blocks + 8,  gather(q[b] >> 8));
        store_le32(blocks + 12, gather(q[4 + b] >> 8));
    }
}

/* --- The steps of a round (FIPS 197 §5.1, §5.3) --- */

static inline void add_round_key(uint64_t q[8], const uint64_t key[8])
{
    for (unsigned i = 0; i < 8; i++)
        q[i] ^= key[i];
}

/* Row r goes left by r columns: the 16 bits of a row rotate right by 4r. */
static inline void shift_rows(uint64_t q[8])
{
    for (unsigned i = 0; i < 8; i++) {
        uint64_t x = q[i];
        q[i] = (x & 0x000000000000ffff)
             | (x & 0x00000000fff00000) >> 4  | (x & 0x00000000000f0000) << 12
             | (x & 0x0000ff0000000000) >> 8  | (x & 0x000000ff00000000) << 8
             | (x & 0xf000000000000000) >> 12 | (x & 0x0fff000000000000) << 4;
    }
}

static void inv_shift_rows(uint64_t q[8])
{
    for (unsigned i = 0; i < 8; i++) {
        uint64_t x = q[i];
        q[i] = (x & 0x000000000000ffff)
             | (x & 0x000000000fff0000) << 4  | (x & 0x00000000f0000000) >> 12
             | (x & 0x000000ff00000000) << 8  | (x & 0x0000ff0000000000) >> 8
             | (x & 0x000f000000000000) << 12 | (x & 0xfff0000000000000) >> 4;
    }
}

/* Times x in GF(2^8): every bit moves up one slice, and x^8 becomes x^4 + x^3 + x + 1 (§4.2). */
static inline void times_x(uint64_t q[8])
{
    uint64_t x8 = q[7];
    for (unsigned i = 7; i > 0; i--)
        q[i] = q[i - 1];
    q[0] = x8;
    q[1] ^= x8;
    q[3] ^= x8;
    q[4] ^= x8;
}

/* Each octet becomes 2a + 3b + c + d = 2(a + b) + b + (c + d), where b, c, d are the next ones down its
 * column. Rotating a slice by 16 brings every octet the next one, so c + d is a + b rotated by 32. */
static inline void mix_columns(uint64_t q[8])
{
    uint64_t doubled[8];
    for (unsigned i = 0; i < 8; i++) {
        uint64_t b = rotate_right(q[i], 16), a_plus_b = q[i] ^ b;
        doubled[i] = a_plus_b;
        q[i] = b ^ rotate_right(a_plus_b, 32);
    }
    times_x(doubled);
    add_round_key(q, doubled);
}

/* The inverse matrix (14 11 13 9) is that of MixColumns (2 3 1 1) times (5 0 4 0): first every octet becomes
 * a + 4(a + c). */
static void inv_mix_columns(uint64_t q[8])
{
    uint64_t fourfold[8];
    for (unsigned i = 0; i < 8; i++)
        fourfold[i] = q[i] ^ rotate_right(q[i], 32);
    times_x(fourfold);
    times_x(fourfold);
    add_round_key(q, fourfold);
    mix_columns(q);
}

/* Round keys as the circuit takes them: the same one for every lane. */
struct sliced_keys { unsigned rounds; uint64_t at[AES_ROUND_KEYS][8]; };

static void encrypt_slices(const struct sliced_keys *k, uint64_t q[8])
{
    add_round_key(q, k->at[0]);
    for (unsigned round = 1; round < k->rounds; round++) {
        aes_sub_bytes(q);
        shift_rows(q);
        mix_columns(q);
        add_round_key(q, k->at[round]);
    }
    aes_sub_bytes(q);
    shift_rows(q);
    add_round_key(q, k->at[k->rounds]);
}

static void decrypt_slices(const struct sliced_keys *k, uint64_t q[8])
{
    add_round_key(q, k->at[k->rounds]);
    for (unsigned round = k->rounds - 1; round > 0; round--) {
        inv_shift_rows(q);
        aes_inv_sub_bytes(q);
        add_round_key(q, k->at[round]);
        inv_mix_columns(q);
    }
    inv_shift_rows(q);
    aes_inv_sub_bytes(q);
    add_round_key(q, k->at[0]);
}

/* The circuit, with four octets in it and sixty idle. */
static uint32_t sub_word(uint32_t word)
{
    uint64_t q[8] = { word };
    transpose(q);
    aes_sub_bytes(q);
    transpose(q);
    word = (uint32_t)q[0];
    sodium_memzero(q, sizeof q);
    return word;
}

/* --- Keys, blocks and modes --- */

/* Since a round key meets all four lanes, each four bits of its slices say the same. So one bit of them is kept: of
 * slice i in bit i % 4 of the four. A key takes a quarter of the room, and is spread out when there is work for it. */
static const uint64_t one_lane = 0x1111111111111111;

static void set(struct aes_key *k, const uint8_t round_keys[AES_ROUND_KEYS][AES_BLOCK])
{
    uint64_t q[8];
    uint8_t blocks[GROUP];
    for (unsigned round = 0; round <= k->rounds; round++) {
        for (unsigned b = 0; b < AES_LANES; b++)
            memcpy(blocks + AES_BLOCK * b, round_keys[round], AES_BLOCK);
        slice(q, blocks);
        for (unsigned half = 0; half < 2; half++) {
            const uint64_t *slices = q + 4 * half;
            k->u.sliced[round][half] = (slices[0] & one_lane) | (slices[1] & one_lane << 1)
                                     | (slices[2] & one_lane << 2) | (slices[3] & one_lane << 3);
        }
    }
    sodium_memzero(q, sizeof q);
    sodium_memzero(blocks, sizeof blocks);
}

static void spread_out(const struct aes_key *k, struct sliced_keys *s)
{
    s->rounds = k->rounds;
    for (unsigned round = 0; round <= k->rounds; round++)
        for (unsigned i = 0; i < 8; i++)
            s->at[round][i] = (k->u.sliced[round][i / 4] >> i % 4 & one_lane) * 15;
}

/* One block alone; the other lanes carry zeros. */
static void encrypt_block(const struct sliced_keys *k, const uint8_t in[16], uint8_t out[16])
{
    uint64_t q[8];
    uint8_t blocks[GROUP] = { 0 };
    memcpy(blocks, in, AES_BLOCK);
    slice(q, blocks);
    encrypt_slices(k, q);
    unslice(q, blocks);
    memcpy(out, blocks, AES_BLOCK);
    sodium_memzero(q, sizeof q);
    sodium_memzero(blocks, sizeof blocks);
}

static void encrypt(const struct aes_key *k, const uint8_t in[16], uint8_t out[16])
{
    struct sliced_keys keys;
    spread_out(k, &keys);
    encrypt_block(&keys, in, out);
    sodium_memzero(&keys, sizeof keys);
}

static inline void xor_into(uint8_t *restrict to, const uint8_t *restrict from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] ^= from[i];
}

static void ctr(const struct aes_key *k, const uint8_t nonce[12], uint32_t counter, void *data, size_t n)
{
    struct sliced_keys keys;
    uint64_t q[8];
    uint8_t blocks[GROUP], *at = data;
    spread_out(k, &keys);
    while (n > 0) {
        for (unsigned b = 0; b < AES_LANES; b++, counter++) {
            uint8_t *block = blocks + AES_BLOCK * b;
            memcpy(block, nonce, 12);
            for (unsigned i = 0; i < 4; i++)
                block[12 + i] = (uint8_t)(counter >> (24 - 8 * i));
        }
        slice(q, blocks);
        encrypt_slices(&keys, q);
        unslice(q, blocks);
        size_t take = n < GROUP ? n : GROUP;
        xor_into(at, blocks, take);
        at += take;
        n -= take;
    }
    sodium_memzero(&keys, sizeof keys);
    sodium_memzero(q, sizeof q);
    sodium_memzero(blocks, sizeof blocks);
}

/* SP 800-38A §6.2: C_j = AES(P_j ^ C_j-1), where C_0 is the IV. */
static void cbc_encrypt(const struct aes_key *k, const uint8_t iv[16], void *data, size_t n)
{
    struct sliced_keys keys;
    const uint8_t *before = iv;
    spread_out(k, &keys);
    for (uint8_t *at = data, *end = at + n; at < end; before = at, at += AES_BLOCK) {
        xor_into(at, before, AES_BLOCK);
        encrypt_block(&keys, at, at);
    }
    sodium_memzero(&keys, sizeof keys);
}

/* P_j = AES^-1(C_j) ^ C_j-1, four at a time. The ciphertext is kept aside, since P_j overwrites it. */
static void cbc_decrypt(const struct aes_key *k, const uint8_t iv[16], void *data, size_t n)
{
    struct sliced_keys keys;
    uint64_t q[8];
    uint8_t before[AES_BLOCK + GROUP], blocks[GROUP] = { 0 }, *at = data;    /* before: C_j-1 to C_j+3 */
    memcpy(before, iv, AES_BLOCK);
    spread_out(k, &keys);
    while (n > 0) {
        size_t take = n < GROUP ? n : GROUP;
        memcpy(before + AES_BLOCK, at, take);
        memcpy(blocks, at, take);
        slice(q, blocks);
        decrypt_slices(&keys, q);
        unslice(q, blocks);
        xor_into(blocks, before, take);
        memcpy(at, blocks, take);
        memmove(before, before + take, AES_BLOCK);
        at += take;
        n -= take;
    }
    sodium_memzero(&keys, sizeof keys);
    sodium_memzero(q, sizeof q);
    sodium_memzero(blocks, sizeof blocks);
}

const struct aes_form aes_sliced = { "portable", sub_word, set, encrypt, ctr, cbc_encrypt, cbc_decrypt };
