#include "crypto/hmac.h"
#include "crypto/hash_form.h"

#include <string.h>

/* Takes in one block: the key, zero-filled, with every octet xored with `pad` (RFC 2104 §2). */
static void add_key(struct hash *h, const uint8_t key[HASH_BLOCK_MAX], uint8_t pad)
{
    uint8_t block[HASH_BLOCK_MAX];
    for (size_t i = 0; i < HASH_BLOCK_MAX; i++)
        block[i] = key[i] ^ pad;
    hash_add(h, block, hash_block(h->kind));
    sodium_memzero(block, sizeof block);
}

void hmac_start(struct hmac *m, enum hash_kind kind, const void *key, size_t n, const struct cpu *cpu)
{
    uint8_t block[HASH_BLOCK_MAX] = { 0 };
    if (n > hash_block(kind))                                      /* too long a key is hashed first */
        hash_of(kind, key, n, block, cpu);
    else if (n > 0)
        memcpy(block, key, n);
    hash_start(&m->inner, kind, cpu);
    add_key(&m->inner, block, 0x5c);                               /* opad */
    m->outer = m->inner.value;
    hash_start(&m->inner, kind, cpu);
    add_key(&m->inner, block, 0x36);                               /* ipad */
    sodium_memzero(block, sizeof block);
}

void hmac_add(struct hmac *m, const void *data, size_t n)
{
    hash_add(&m->inner, data, n);
}

void hmac_finish_with(struct hmac *m, const uint8_t *inner_digest, uint8_t *mac)
{
    m->inner.value = m->outer;
    m->inner.octets = hash_block(m->inner.kind);
    hash_add(&m->inner, inner_digest, hash_size(m->inner.kind));
    hash_finish(&m->inner, mac);
}

/* H(K ^ opad, H(K ^ ipad, text)). The inner digest stays in the block of the outer hash. */
void hmac_finish(struct hmac *m, uint8_t *mac)
{
    hash_finish(&m->inner, mac);
    hmac_finish_with(m, mac, mac);
}

void hmac_end(struct hmac *m, uint8_t *mac)
{
    hmac_finish(m, mac);
    sodium_memzero(m, sizeof *m);
}

void hmac_of(enum hash_kind kind, const void *key, size_t key_n, const void *data, size_t n, uint8_t *mac,
             const struct cpu *cpu)
{
    struct hmac m;
    hmac_start(&m, kind, key, key_n, cpu);
    hmac_add(&m, data, n);
    hmac_end(&m, mac);
}
