/* chance.h - a `struct chance` for tests: the same octets in every run, other ones at every draw.
 *
 *     struct test_chance c = test_chance(7);          7: the seed
 *     rsa_sign(&key, &c.chance, ...);
 *
 * `first`, if set, is what the first draws give, 32 octets each, until `first_n` are used up. */
#ifndef TESTS_LIB_CHANCE_H
#define TESTS_LIB_CHANCE_H

#include "crypto/chance.h"
#include <stdint.h>

struct test_chance {
    struct chance chance;  /* stands first: a pointer to it is a pointer to the whole */
    uint64_t seed, draws;
    const uint8_t (*first)[32];
    size_t first_n;
};

struct test_chance test_chance(uint64_t seed);

#endif
