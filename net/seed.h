/* seed.h - every random octet of a sealed world, from one number.
 *
 * What is drawn is a hash of the seed and of what it is for, never the next piece of a shared sequence: one
 * draw more or less shifts no other, so that a visit with one packet lost has the same keys as the one
 * without. The same on machines of either byte order.
 *
 * A seed_chance is a source of octets (crypto/chance.h) for one host and connection. It counts how often each
 * purpose was drawn, so that the second ISN of a host differs from its first. Nothing here is secret: whoever
 * knows the seed knows it all. */
#ifndef NET_SEED_H
#define NET_SEED_H

#include "crypto/chance.h"

#include <stdint.h>

/* 64 bits by seed, purpose and number. */
uint64_t seed_draw(uint64_t seed, const char *purpose, uint64_t number);

enum { SEED_PURPOSES = 48 };                     /* more than the program has; those beyond share one count */

struct seed_chance {
    struct chance chance;
    uint64_t seed;
    uint16_t host;
    uint32_t conn;
    struct { const char *purpose; uint64_t drawn; } count[SEED_PURPOSES];
    struct seed_chance *next;                         /* the owner's */
};

void seed_chance_start(struct seed_chance *, uint64_t seed, uint16_t host, uint32_t conn);

#endif
