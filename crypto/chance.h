/* chance.h - where random octets come from.
 *
 * Nothing below cmd/ asks the machine for randomness: whoever needs some is handed a `struct chance`. The
 * live world has one over the system's generator (net/live.h); the sealed world derives each octet from
 * its seed, the purpose, the host and the connection (net/sealed.h), so that one draw more shifts no
 * other. `purpose` is a constant string that names the draw ("client_random"); the same purpose may be
 * drawn again and then gives other octets. Not owned, outlives its users. */
#ifndef CRYPTO_CHANCE_H
#define CRYPTO_CHANCE_H

#include <stddef.h>

struct chance {
    void (*fill)(struct chance *, const char *purpose, void *out, size_t n);
};

static inline void chance_fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    c->fill(c, purpose, out, n);
}

#endif
