#include "crypto/stretch.h"
#include "crypto/hmac.h"

#include <string.h>

static uint64_t times(uint64_t a, uint64_t b)
{
    return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static size_t blocks_of(enum hash_kind hash, size_t key_n)
{
    return (key_n + hash_size(hash) - 1) / hash_size(hash);
}

uint64_t stretch_work(const struct stretch *s, size_t key_n)
{
    return s->scrypt ? times(times(s->n, s->r), s->p) : times(s->iterations, blocks_of(s->hash, key_n));
}

/* V is the largest: N blocks of 128 r octets (RFC 7914 §5). */
uint64_t stretch_memory(const struct stretch *s)
{
    return s->scrypt ? times(times(s->n, s->r), 128) : 0;
}

/* U_1 = PRF(P, S || INT(i)), U_k = PRF(P, U_(k-1)); the block is all of them, xored (RFC 8018 §5.2). */
static void block(const struct hmac *keyed, const struct stretch *s, uint32_t number, uint8_t sum[HASH_MAX])
{
    const size_t size = hash_size(s->hash);
    const uint8_t counter[4] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8),
                                 (uint8_t)number };
    uint8_t u[HASH_MAX];
    struct hmac m = *keyed;
    hmac_add(&m, s->salt, s->salt_n);
    hmac_add(&m, counter, sizeof counter);
    hmac_end(&m, u);
    memcpy(sum, u, size);
    for (uint64_t i = 1; i < s->iterations; i++) {
        m = *keyed;
        hmac_add(&m, u, size);
        hmac_finish(&m, u);
        for (size_t k = 0; k < size; k++)
            sum[k] ^= u[k];
    }
    sodium_memzero(u, sizeof u);
    sodium_memzero(&m, sizeof m);
}

static void pbkdf2(const struct stretch *s, const void *password, size_t n, uint8_t *key, size_t key_n,
                   const struct cpu *cpu)
{
    const size_t size = hash_size(s->hash);
    struct hmac keyed;
    uint8_t sum[HASH_MAX];
    hmac_start(&keyed, s->hash, password, n, cpu);
    for (uint32_t i = 0; i < blocks_of(s->hash, key_n); i++) {
        size_t at = i * size, left = key_n - at;
        block(&keyed, s, i + 1, sum);
        memcpy(key + at, sum, left < size ? left : size);
    }
    sodium_memzero(&keyed, sizeof keyed);
    sodium_memzero(sum, sizeof sum);
}

bool stretch_key(const struct stretch *s, const void *password, size_t n, uint8_t *key, size_t key_n,
                 const struct cpu *cpu)
{
    if (s->scrypt) {
        const bool allowed = s->n >= 2 && (s->n & (s->n - 1)) == 0 && s->r >= 1 && s->p >= 1 && s->r <= UINT32_MAX
            && s->p <= UINT32_MAX && times(s->r, s->p) < (uint64_t)1 << 30;
        return allowed && crypto_pwhash_scryptsalsa208sha256_ll(password, n, s->salt, s->salt_n, s->n, (uint32_t)s->r,
                                                                (uint32_t)s->p, key, key_n) == 0;
    }
    if (s->iterations == 0)
        return false;
    pbkdf2(s, password, n, key, key_n, cpu);
    return true;
}
