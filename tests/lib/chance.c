#include "tests/lib/chance.h"

#include <sodium.h>
#include <string.h>

static void fill(struct chance *chance, const char *purpose, void *out, size_t n)
{
    struct test_chance *c = (struct test_chance *)(void *)chance;
    uint8_t seed[randombytes_SEEDBYTES] = { 0 };
    (void)purpose;
    if (c->first_n > 0 && n == 32) {
        memcpy(out, *c->first++, n);
        c->first_n--;
        return;
    }
    c->draws++;
    for (int i = 0; i < 8; i++) {
        seed[i] = (uint8_t)(c->seed >> 8 * i);
        seed[8 + i] = (uint8_t)(c->draws >> 8 * i);
    }
    randombytes_buf_deterministic(out, n, seed);
}

struct test_chance test_chance(uint64_t seed)
{
    return (struct test_chance){ .chance = { fill }, .seed = seed };
}
