/* ends_hash.h - the hash of a table that is asked for each segment: two addresses and two ports under a key that nobody
 * else knows. The cheapest one that a stranger, who does not see its values, cannot make collide: NH of RFC 4418
 * §5.2.2, two words a multiplication. What it yields is stirred, since neighbours have near values. Not the same
 * on machines of another byte order: nothing that is written may depend on it. */
#ifndef NET_ENDS_HASH_H
#define NET_ENDS_HASH_H

#include "net/addr.h"

#include <string.h>

enum { ENDS_KEY = 10 };                               /* words of the key */

static inline uint32_t ends_word(const uint8_t *octets)
{
    uint32_t word;
    memcpy(&word, octets, sizeof word);
    return word;
}

static inline uint64_t ends_pair(const uint32_t key[2], uint32_t a, uint32_t b)
{
    return (uint64_t)(a + key[0]) * (b + key[1]);
}

static inline uint32_t ends_hash(const uint32_t key[ENDS_KEY], const struct addr *a, const struct addr *b,
                                 uint16_t a_port, uint16_t b_port)
{
    uint64_t sum = ends_pair(key, (uint32_t)a_port << 16 | b_port, b->len);
    for (unsigned i = 0; i < b->len; i += 4)
        sum += ends_pair(key += 2, ends_word(a->octets + i), ends_word(b->octets + i));
    sum = (sum ^ sum >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(sum >> 32);
}

#endif
