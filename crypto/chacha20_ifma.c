/* ChaCha20-Poly1305 (RFC 8439) with AVX-512 and IFMA.
 *
 * ChaCha20 adds, xors and rotates words of 32 bits. Sixteen blocks go side by side, word i of each in register i: a
 * quarter round is then twelve instructions, and four quarter rounds do not wait for each other. Still they wait for
 * themselves; so Poly1305 goes on between the rounds, over 1,024 octets of ciphertext while 1,024 of stream are made: a
 * sealer's are what it made before, an opener's what it is about to open.
 *
 * A record begins with four blocks whose rows lie side by side, a row of each in a register: the first block has
 * Poly1305's key, the others are the stream of the first 192 octets. So a short record needs no more. */
#include "crypto/chacha20_form.h"
#include "crypto/cpu.h"

#ifdef CPU_FORMS
#include "crypto/ct.h"
#include "crypto/octets.h"
#include "crypto/poly1305_ifma.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#define TARGET WITH_IFMA
#define INLINE WITH_IFMA_INLINE
typedef __m512i wide;
enum { BLOCK = 64, FOUR = 4 * BLOCK, SIXTEEN = 16 * BLOCK, DOUBLE_ROUNDS = 10 };
/* the stream beside Poly1305's key; from where on the wide hash is faster */
enum { HEAD = FOUR - BLOCK, WORTH = 2 * POLY1305_STEP };
enum { STACK = 3072 };                                 /* where the compiler keeps what it has no register for */

INLINE size_t lesser(size_t a, size_t b) { return a < b ? a : b; }
INLINE wide add(wide a, wide b) { return _mm512_add_epi32(a, b); }
INLINE void store_wide(uint8_t *p, wide v) { _mm512_storeu_si512((void *)p, v); }
INLINE wide everywhere(__m128i v) { return _mm512_broadcast_i32x4(v); }

/* RFC 8439 §2.1, on sixteen of each at once. */
INLINE void quarter_round(wide *a, wide *b, wide *c, wide *d)
{
    *a = add(*a, *b);
    *d = _mm512_rol_epi32(*d ^ *a, 16);
    *c = add(*c, *d);
    *b = _mm512_rol_epi32(*b ^ *c, 12);
    *a = add(*a, *b);
    *d = _mm512_rol_epi32(*d ^ *a, 8);
    *c = add(*c, *d);
    *b = _mm512_rol_epi32(*b ^ *c, 7);
}

/* --- Four blocks, row by row --- */

/* The 4 x 4 blocks of 128 bits of four registers, rows for columns. */
INLINE void transpose_quarters(wide v[4])
{
    wide a = _mm512_shuffle_i32x4(v[0], v[1], 0x44), b = _mm512_shuffle_i32x4(v[0], v[1], 0xee);
    wide c = _mm512_shuffle_i32x4(v[2], v[3], 0x44), d = _mm512_shuffle_i32x4(v[2], v[3], 0xee);
    v[0] = _mm512_shuffle_i32x4(a, c, 0x88);
    v[1] = _mm512_shuffle_i32x4(a, c, 0xdd);
    v[2] = _mm512_shuffle_i32x4(b, d, 0x88);
    v[3] = _mm512_shuffle_i32x4(b, d, 0xdd);
}

/* Blocks `counter` to `counter` + 3 of the stream, a register each. The diagonals become columns when the rows turn. */
INLINE void four_blocks(const uint8_t key[32], const uint8_t nonce[12], uint32_t counter, wide v[4])
{
    const __m128i front = _mm_set_epi32((int)load_le32(nonce + 8), (int)load_le32(nonce + 4), (int)load_le32(nonce), 0);
    const wide start[4] = {
        everywhere(_mm_set_epi32(0x6b206574, 0x79622d32, 0x3320646e, 0x61707865)),    /* "expand 32-byte k" */
        everywhere(_mm_loadu_si128((const void *)key)), everywhere(_mm_loadu_si128((const void *)(key + 16))),
        add(everywhere(_mm_insert_epi32(front, (int)counter, 0)), _mm512_set_epi32(0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 1,
                                                                                   0, 0, 0, 0)) };
#pragma GCC unroll 4
    for (unsigned i = 0; i < 4; i++)
        v[i] = start[i];
    for (unsigned i = 0; i < DOUBLE_ROUNDS; i++) {
        quarter_round(&v[0], &v[1], &v[2], &v[3]);
        v[1] = _mm512_shuffle_epi32(v[1], 0x39);
        v[2] = _mm512_shuffle_epi32(v[2], 0x4e);
        v[3] = _mm512_shuffle_epi32(v[3], 0x93);
        quarter_round(&v[0], &v[1], &v[2], &v[3]);
        v[1] = _mm512_shuffle_epi32(v[1], 0x93);
        v[2] = _mm512_shuffle_epi32(v[2], 0x4e);
        v[3] = _mm512_shuffle_epi32(v[3], 0x39);
    }
#pragma GCC unroll 4
    for (unsigned i = 0; i < 4; i++)
        v[i] = add(v[i], start[i]);
    transpose_quarters(v);
}

/* --- Sixteen blocks, word by word --- */

INLINE wide word(const uint8_t *p) { return _mm512_set1_epi32((int)load_le32(p)); }

/* Word i of the state that a block starts from (RFC 8439 §2.3), in sixteen blocks. */
INLINE wide start_of(unsigned i, const uint8_t key[32], const uint8_t nonce[12], uint32_t counter)
{
    static const int constants[4] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
    const wide places = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    return i < 4 ? _mm512_set1_epi32(constants[i]) : i < 12 ? word(key + 4 * (i - 4))
         : i > 12 ? word(nonce + 4 * (i - 13)) : add(_mm512_set1_epi32((int)counter), places);
}

INLINE void double_round(wide v[16])
{
#pragma GCC unroll 4
    for (unsigned i = 0; i < 4; i++)                               /* columns */
        quarter_round(&v[i], &v[4 + i], &v[8 + i], &v[12 + i]);
#pragma GCC unroll 4
    for (unsigned i = 0; i < 4; i++)                               /* diagonals */
        quarter_round(&v[i], &v[4 + (i + 1) % 4], &v[8 + (i + 2) % 4], &v[12 + (i + 3) % 4]);
}

/* Words 4i to 4i + 3 of sixteen blocks become quarter i of the blocks 0, 4, 8, 12; 1, 5, 9, 13; and so on. */
INLINE void transpose_words(wide v[4])
{
    wide a = _mm512_unpacklo_epi32(v[0], v[1]), b = _mm512_unpackhi_epi32(v[0], v[1]);
    wide c = _mm512_unpacklo_epi32(v[2], v[3]), d = _mm512_unpackhi_epi32(v[2], v[3]);
    v[0] = _mm512_unpacklo_epi64(a, c);
    v[1] = _mm512_unpackhi_epi64(a, c);
    v[2] = _mm512_unpacklo_epi64(b, d);
    v[3] = _mm512_unpackhi_epi64(b, d);
}

/* The last steps of sixteen blocks: the start added, words in order; v[i] is then block i. */
INLINE void finish_sixteen(const uint8_t key[32], const uint8_t nonce[12], uint32_t counter, wide v[16])
{
#pragma GCC unroll 16
    for (unsigned i = 0; i < 16; i++)
        v[i] = add(v[i], start_of(i, key, nonce, counter));
#pragma GCC unroll 4
    for (unsigned i = 0; i < 4; i++)
        transpose_words(v + 4 * i);
#pragma GCC unroll 4
    for (unsigned i = 0; i < 4; i++) {
        wide quarters[4] = { v[i], v[4 + i], v[8 + i], v[12 + i] };
        transpose_quarters(quarters);
        v[i] = quarters[0];
        v[4 + i] = quarters[1];
        v[8 + i] = quarters[2];
        v[12 + i] = quarters[3];
    }
}

/* --- Into the data --- */

INLINE __mmask64 first(size_t n) { return n < BLOCK ? ((__mmask64)1 << n) - 1 : ~(__mmask64)0; }

/* n octets, or as many as there are blocks for. */
INLINE void xor_blocks(uint8_t *at, size_t n, const wide *blocks, unsigned count)
{
#pragma GCC unroll 16
    for (unsigned i = 0; i < count; i++)
        if (n > BLOCK * i) {
            const __mmask64 there = first(n - BLOCK * i);
            _mm512_mask_storeu_epi8(at + BLOCK * i, there,
                                    blocks[i] ^ _mm512_maskz_loadu_epi8(there, at + BLOCK * i));
        }
}

struct stream { const uint8_t *key, *nonce; uint32_t counter; };

/* Up to SIXTEEN octets; and as many as that, at `hashed`, into p, if it is not NULL. */
TARGET static void xor_sixteen(struct stream *s, uint8_t *at, size_t n, struct poly1305_ifma *p, const uint8_t *hashed)
{
    wide v[16];
#pragma GCC unroll 16
    for (unsigned i = 0; i < 16; i++)
        v[i] = start_of(i, s->key, s->nonce, s->counter);
    for (unsigned i = 0; i < DOUBLE_ROUNDS; i++) {
        double_round(v);
        if (hashed && i % 2 == 0 && i / 2 < SIXTEEN / POLY1305_STEP)
            ifma_step(p, hashed + POLY1305_STEP * (i / 2));
    }
    finish_sixteen(s->key, s->nonce, s->counter, v);
    xor_blocks(at, n, v, 16);
    s->counter += 16;
}

/* The last octets. An opener has up to two chunks: its hash is ahead. */
TARGET static void xor_rest(struct stream *s, uint8_t *at, size_t n)
{
    wide v[4];
    for (; n > FOUR; at += lesser(n, SIXTEEN), n -= lesser(n, SIXTEEN))
        xor_sixteen(s, at, n, NULL, NULL);
    if (n > 0) {
        four_blocks(s->key, s->nonce, s->counter, v);
        xor_blocks(at, n, v, 4);
    }
}

/* --- Both --- */

/* RFC 8439 §2.8: associated data, ciphertext and both lengths, each filled up to whole blocks; the length is all that
 * is left of it here. */
static void end_hash(struct poly1305 *p, size_t aad_n, size_t n, uint8_t tag[16])
{
    uint8_t lengths[16];
    store_le64(lengths, aad_n);
    store_le64(lengths + 8, n);
    poly1305_add(p, lengths, sizeof lengths);
    poly1305_end(p, tag);
}

/* All of a record that is worth the wide hash; `ahead` octets of it are ciphertext, for a sealer, and for an opener
 * still are. */
TARGET static void crypt_long(struct stream *s, struct poly1305 *p, uint8_t *data, size_t n, const wide head[3],
                              bool opening)
{
    uint8_t *at = data + HEAD, *const end = data + n;
    const uint8_t *hashed = data;
    struct poly1305_ifma w;
    poly1305_ifma_start(&w, p);
    if (opening) {                                                 /* the hash goes ahead */
        ifma_step(&w, hashed);
        hashed += POLY1305_STEP;
    }
    xor_blocks(data, HEAD, head, 3);
    if (!opening && end - at >= SIXTEEN) {                         /* the hash goes behind */
        xor_sixteen(s, at, SIXTEEN, NULL, NULL);
        at += SIXTEEN;
    }
    for (; end - (opening ? hashed : at) >= SIXTEEN; at += SIXTEEN, hashed += SIXTEEN)
        xor_sixteen(s, at, SIXTEEN, &w, hashed);
    if (!opening)
        xor_rest(s, at, (size_t)(end - at));
    for (; end - hashed >= POLY1305_STEP; hashed += POLY1305_STEP)
        ifma_step(&w, hashed);
    poly1305_ifma_end(&w, p);
    poly1305_add(p, hashed, (size_t)(end - hashed));
    if (opening)
        xor_rest(s, at, (size_t)(end - at));
}

TARGET static void crypt(const uint8_t key[32], const uint8_t nonce[12], const void *aad, size_t aad_n, void *data,
                         size_t n, uint8_t tag[16], bool opening)
{
    struct stream s = { key, nonce, 4 };
    struct poly1305 p;
    wide v[4];
    uint8_t poly_key[BLOCK], *at = data;
    four_blocks(key, nonce, 0, v);
    store_wide(poly_key, v[0]);
    poly1305_start(&p, poly_key);
    sodium_memzero(poly_key, sizeof poly_key);
    poly1305_add(&p, aad, aad_n);
    if (n >= WORTH) {
        crypt_long(&s, &p, at, n, v + 1, opening);
    } else {
        const size_t head = lesser(n, HEAD);
        if (opening)
            poly1305_add(&p, at, n);
        xor_blocks(at, head, v + 1, 3);
        xor_rest(&s, at + head, n - head);
        if (!opening)
            poly1305_add(&p, at, n);
    }
    end_hash(&p, aad_n, n, tag);
    sodium_memzero(v, sizeof v);
}

static void seal(const uint8_t key[32], const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                 uint8_t tag[16])
{
    crypt(key, nonce, aad, aad_n, data, n, tag, false);
    sodium_stackzero(STACK);
}

static bool open(const uint8_t key[32], const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                 const uint8_t tag[16])
{
    uint8_t right[POLY1305_BLOCK];
    crypt(key, nonce, aad, aad_n, data, n, right, true);
    sodium_stackzero(STACK);
    bool good = ct_tell(ct_same(right, tag, sizeof right));
    sodium_memzero(right, sizeof right);
    return good;
}

static const struct chacha20_form form = { "ifma", seal, open };
const struct chacha20_form *const chacha20_ifma = &form;
#else
const struct chacha20_form *const chacha20_ifma = NULL;
#endif
