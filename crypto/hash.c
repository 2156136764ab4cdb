#include "crypto/hash.h"

#include <string.h>

static const struct { const char *name; size_t size, block; } facts[] = {
    [HASH_SHA1]   = { "SHA-1",   20, 64 },
    [HASH_SHA256] = { "SHA-256", 32, 64 },
    [HASH_SHA384] = { "SHA-384", 48, 128 },
    [HASH_SHA512] = { "SHA-512", 64, 128 },
};

size_t      hash_size(enum hash_kind kind)  { return facts[kind].size; }
size_t      hash_block(enum hash_kind kind) { return facts[kind].block; }
const char *hash_name(enum hash_kind kind)  { return facts[kind].name; }

/* SHA-384 is SHA-512 from another initial hash value, cut to 48 octets (FIPS 180-4 §6.5). libsodium keeps the
 * hash value in the public member `state` of its state and reads the initial value nowhere but in init, so
 * setting it after init is all there is to it. */
static void start_sha384(crypto_hash_sha512_state *s)
{
    static const uint64_t initial[8] = {                           /* FIPS 180-4 §5.3.4 */
        0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
        0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
    };
    crypto_hash_sha512_init(s);
    memcpy(s->state, initial, sizeof initial);
}

void hash_start(struct hash *h, enum hash_kind kind)
{
    h->kind = kind;
    switch (kind) {
    case HASH_SHA1:   sha1_start(&h->u.sha1); break;
    case HASH_SHA256: crypto_hash_sha256_init(&h->u.sha256); break;
    case HASH_SHA384: start_sha384(&h->u.sha512); break;
    case HASH_SHA512: crypto_hash_sha512_init(&h->u.sha512); break;
    }
}

void hash_add(struct hash *h, const void *data, size_t n)
{
    if (n == 0)                                                    /* data may be NULL then */
        return;
    switch (h->kind) {
    case HASH_SHA1:   sha1_add(&h->u.sha1, data, n); break;
    case HASH_SHA256: crypto_hash_sha256_update(&h->u.sha256, data, n); break;
    case HASH_SHA384:
    case HASH_SHA512: crypto_hash_sha512_update(&h->u.sha512, data, n); break;
    }
}

void hash_end(struct hash *h, uint8_t *digest)
{
    uint8_t whole[HASH_MAX];
    switch (h->kind) {
    case HASH_SHA1:   sha1_end(&h->u.sha1, whole); break;
    case HASH_SHA256: crypto_hash_sha256_final(&h->u.sha256, whole); break;
    case HASH_SHA384:
    case HASH_SHA512: crypto_hash_sha512_final(&h->u.sha512, whole); break;
    }
    memcpy(digest, whole, hash_size(h->kind));
    sodium_memzero(whole, sizeof whole);
    sodium_memzero(h, sizeof *h);
}

void hash_of(enum hash_kind kind, const void *data, size_t n, uint8_t *digest)
{
    struct hash h;
    hash_start(&h, kind);
    hash_add(&h, data, n);
    hash_end(&h, digest);
}
