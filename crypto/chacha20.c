/* ChaCha20-Poly1305 (RFC 8439), portable, in little room: for a build that has no libsodium (crypto/cpu.h). */
#include "crypto/chacha20_form.h"
#include "crypto/ct.h"
#include "crypto/octets.h"
#include "crypto/poly1305.h"

#include <sodium.h>
#include <string.h>

enum { WORDS = 16, BLOCK = 4 * WORDS };

static uint32_t left(uint32_t x, unsigned n) { return x << n | x >> (32 - n); }

/* §2.1 */
static void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
    static const uint8_t by[4] = { 16, 12, 8, 7 };
    for (unsigned i = 0; i < 4; i += 2) {
        *a += *b;
        *d = left(*d ^ *a, by[i]);
        *c += *d;
        *b = left(*b ^ *c, by[i + 1]);
    }
}

/* §2.3: a block of the key stream. Ten times the columns, then the diagonals. */
struct state { uint32_t start[WORDS], s[WORDS]; uint8_t stream[BLOCK]; };

static void next_block(struct state *c)
{
    memcpy(c->s, c->start, sizeof c->s);
    for (unsigned i = 0; i < 80; i++) {
        const unsigned column = i % 4, turn = i / 4 % 2;
        quarter_round(&c->s[column], &c->s[4 + (column + turn) % 4], &c->s[8 + (column + 2 * turn) % 4],
                      &c->s[12 + (column + 3 * turn) % 4]);
    }
    for (unsigned i = 0; i < WORDS; i++)
        store_le32(c->stream + 4 * i, c->s[i] + c->start[i]);
    c->start[12]++;
}

static void begin(struct state *c, const uint8_t key[32], const uint8_t nonce[12])
{
    static const char constants[] = "expand 32-byte k";
    for (unsigned i = 0; i < 4; i++)
        c->start[i] = load_le32((const uint8_t *)constants + 4 * i);
    for (unsigned i = 0; i < 8; i++)
        c->start[4 + i] = load_le32(key + 4 * i);
    c->start[12] = 0;
    for (unsigned i = 0; i < 3; i++)
        c->start[13 + i] = load_le32(nonce + 4 * i);
}

/* §2.4: from block 1 on. */
static void xor_stream(struct state *c, uint8_t *at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i % BLOCK == 0)
            next_block(c);
        at[i] ^= c->stream[i % BLOCK];
    }
}

/* §2.8: the key of Poly1305 is block 0; the tag covers what goes over the wire. */
static void crypt(const uint8_t key[32], const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                  uint8_t tag[16], bool opening)
{
    struct state c;
    struct poly1305 p;
    uint8_t lengths[16];
    begin(&c, key, nonce);
    next_block(&c);
    poly1305_start(&p, c.stream);
    poly1305_add(&p, aad, aad_n);
    if (!opening)
        xor_stream(&c, data, n);
    poly1305_add(&p, data, n);
    if (opening)
        xor_stream(&c, data, n);
    store_le64(lengths, aad_n);
    store_le64(lengths + 8, n);
    poly1305_add(&p, lengths, sizeof lengths);
    poly1305_end(&p, tag);
    sodium_memzero(&c, sizeof c);
}

static void seal(const uint8_t key[32], const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                 uint8_t tag[16])
{
    crypt(key, nonce, aad, aad_n, data, n, tag, false);
}

static bool open(const uint8_t key[32], const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                 const uint8_t tag[16])
{
    uint8_t right[16];
    crypt(key, nonce, aad, aad_n, data, n, right, true);
    bool good = ct_tell(ct_same(right, tag, sizeof right));
    sodium_memzero(right, sizeof right);
    return good;
}

const struct chacha20_form chacha20_portable = { "portable", seal, open };
