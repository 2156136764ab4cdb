#include "crypto/hash_form.h"
#include "crypto/octets.h"

#include <string.h>

static const struct { const char *name; size_t size, block; } facts[] = {
    [HASH_SHA1]   = { "SHA-1",   20, 64 },
    [HASH_SHA256] = { "SHA-256", 32, 64 },
    [HASH_SHA384] = { "SHA-384", 48, 128 },
    [HASH_SHA512] = { "SHA-512", 64, 128 },
};

/* FIPS 180-4 §5.3 */
static const union hash_value initial[] = {
    [HASH_SHA1]   = { .w32 = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 } },
    [HASH_SHA256] = { .w32 = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } },
    [HASH_SHA384] = { .w64 = { 0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
                               0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4 } },
    [HASH_SHA512] = { .w64 = { 0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                               0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179 } },
};

size_t      hash_size(enum hash_kind kind)  { return facts[kind].size; }
size_t      hash_block(enum hash_kind kind) { return facts[kind].block; }
const char *hash_name(enum hash_kind kind)  { return facts[kind].name; }

static const struct hash_form *form_of(enum hash_kind kind, const struct cpu *cpu)
{
    const bool has = cpu_may(cpu, CPU_SHA);
    switch (kind) {
    case HASH_SHA1:   return has && sha1_ni ? sha1_ni : &sha1_portable;
    case HASH_SHA256: return has && sha256_ni ? sha256_ni : CPU_SMALL ? &sha256_portable : &sha256_sodium;
    default:
        return cpu_may(cpu, CPU_AVX512) && sha512_avx512 ? sha512_avx512
             : CPU_SMALL ? &sha512_portable : &sha512_sodium;
    }
}

const char *hash_form_name(enum hash_kind kind, const struct cpu *cpu) { return form_of(kind, cpu)->name; }

void hash_start(struct hash *h, enum hash_kind kind, const struct cpu *cpu)
{
    h->kind = kind;
    h->form = form_of(kind, cpu);
    h->octets = 0;
    h->value = initial[kind];
}

void hash_add(struct hash *h, const void *data, size_t n)
{
    const uint8_t *from = data;
    const size_t size = facts[h->kind].block, have = h->octets & (size - 1);
    if (n == 0)                                        /* data may be NULL then */
        return;
    h->octets += n;
    if (have) {
        const size_t take = n < size - have ? n : size - have;
        memcpy(h->block + have, from, take);
        if (have + take < size)
            return;
        h->form->blocks(&h->value, h->block, 1);
        from += take;
        n -= take;
    }
    if (n >= size)
        h->form->blocks(&h->value, from, n / size);
    memcpy(h->block, from + (n & ~(size - 1)), n & (size - 1));
}

/* §5.1: a one bit, zeros, and the length in bits as the last 8 or 16 octets of a block. */
static void pad(struct hash *h)
{
    const size_t size = facts[h->kind].block, length = size / 8;
    size_t have = h->octets & (size - 1);
    h->block[have++] = 0x80;
    if (have > size - length) {
        memset(h->block + have, 0, size - have);
        h->form->blocks(&h->value, h->block, 1);
        have = 0;
    }
    memset(h->block + have, 0, size - have);
    if (length == 16)
        store_be64(h->block + size - 16, h->octets >> 61);
    store_be64(h->block + size - 8, h->octets << 3);
    h->form->blocks(&h->value, h->block, 1);
}

void hash_chain(const struct hash *h, uint8_t *value)
{
    const size_t size = facts[h->kind].size;
    if (facts[h->kind].block == 64)
        for (size_t i = 0; i < size / 4; i++)
            store_be32(value + 4 * i, h->value.w32[i]);
    else
        for (size_t i = 0; i < size / 8; i++)
            store_be64(value + 8 * i, h->value.w64[i]);
}

void hash_finish(struct hash *h, uint8_t *digest)
{
    pad(h);
    hash_chain(h, digest);
}

void hash_end(struct hash *h, uint8_t *digest)
{
    hash_finish(h, digest);
    sodium_memzero(h, sizeof *h);
}

void hash_of(enum hash_kind kind, const void *data, size_t n, uint8_t *digest, const struct cpu *cpu)
{
    struct hash h;
    hash_start(&h, kind, cpu);
    hash_add(&h, data, n);
    hash_end(&h, digest);
}
