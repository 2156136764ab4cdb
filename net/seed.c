#include "net/seed.h"

#include <sodium.h>
#include <string.h>

/* Big-endian, so that every machine hashes the same octets. */
static uint8_t *put_number(uint8_t *at, uint64_t v, unsigned octets)
{
    for (unsigned i = 0; i < octets; i++)
        at[i] = (uint8_t)(v >> (8 * (octets - 1 - i)));
    return at + octets;
}

/* The numbers have fixed sizes and the purpose comes last: two different draws never hash the same octets. */
static void seed_hash(uint64_t seed, uint16_t host, uint32_t conn, uint64_t number, const char *purpose,
                      uint8_t out[32])
{
    uint8_t numbers[22];
    uint8_t *at = put_number(numbers, seed, 8);
    at = put_number(at, host, 2);
    at = put_number(at, conn, 4);
    put_number(at, number, 8);
    crypto_hash_sha256_state h;
    crypto_hash_sha256_init(&h);
    crypto_hash_sha256_update(&h, numbers, sizeof numbers);
    crypto_hash_sha256_update(&h, (const unsigned char *)purpose, strlen(purpose));
    crypto_hash_sha256_final(&h, out);
}

uint64_t seed_draw(uint64_t seed, const char *purpose, uint64_t number)
{
    uint8_t hash[32];
    uint64_t v = 0;
    seed_hash(seed, 0, 0, number, purpose, hash);         /* host 0: nobody's chance (hosts count from 1) */
    for (unsigned i = 0; i < 8; i++)
        v = v << 8 | hash[i];
    return v;
}

/* How often this purpose was drawn before; counts this draw. */
static uint64_t count_draw(struct seed_chance *c, const char *purpose)
{
    unsigned i = 0;
    while (i < SEED_PURPOSES - 1 && c->count[i].purpose && strcmp(c->count[i].purpose, purpose) != 0)
        i++;
    c->count[i].purpose = purpose;
    return c->count[i].drawn++;
}

/* One hash makes a key, ChaCha20 stretches it to as many octets as are wanted. */
static void fill(struct chance *chance, const char *purpose, void *out, size_t n)
{
    static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
    struct seed_chance *c = (struct seed_chance *)chance;
    uint8_t key[crypto_stream_chacha20_KEYBYTES];
    seed_hash(c->seed, c->host, c->conn, count_draw(c, purpose), purpose, key);
    crypto_stream_chacha20(out, n, nonce, key);
    sodium_memzero(key, sizeof key);
}

void seed_chance_start(struct seed_chance *c, uint64_t seed, uint16_t host, uint32_t conn)
{
    *c = (struct seed_chance){ .chance = { .fill = fill }, .seed = seed, .host = host, .conn = conn };
}
