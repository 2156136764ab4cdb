#include "crypto/hmac.h"

#include <string.h>

/* A hash that has taken in one block: the key, zero-filled, with every octet xored with `pad` (RFC 2104
 * §2). */
static void start_half(struct hash *half, enum hash_kind kind, const uint8_t key[HASH_BLOCK_MAX], uint8_t pad)
{
    uint8_t block[HASH_BLOCK_MAX];
    for (size_t i = 0; i < hash_block(kind); i++)
        block[i] = key[i] ^ pad;
    hash_start(half, kind);
    hash_add(half, block, hash_block(kind));
    sodium_memzero(block, sizeof block);
}

void hmac_start(struct hmac *m, enum hash_kind kind, const void *key, size_t n)
{
    uint8_t block[HASH_BLOCK_MAX] = { 0 };
    if (n > hash_block(kind))                                      /* too long a key is hashed first */
        hash_of(kind, key, n, block);
    else if (n > 0)
        memcpy(block, key, n);
    start_half(&m->inner, kind, block, 0x36);                      /* ipad */
    start_half(&m->outer, kind, block, 0x5c);                      /* opad */
    sodium_memzero(block, sizeof block);
}

void hmac_add(struct hmac *m, const void *data, size_t n)
{
    hash_add(&m->inner, data, n);
}

/* H(K ^ opad, H(K ^ ipad, text)) */
void hmac_end(struct hmac *m, uint8_t *mac)
{
    uint8_t digest[HASH_MAX];
    size_t size = hash_size(m->inner.kind);
    hash_end(&m->inner, digest);
    hash_add(&m->outer, digest, size);
    hash_end(&m->outer, mac);
    sodium_memzero(digest, sizeof digest);
}

void hmac_of(enum hash_kind kind, const void *key, size_t key_n, const void *data, size_t n, uint8_t *mac)
{
    struct hmac m;
    hmac_start(&m, kind, key, key_n);
    hmac_add(&m, data, n);
    hmac_end(&m, mac);
}
