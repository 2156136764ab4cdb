#include "net/checksum.h"

#include <string.h>

/* One's complement sums do not care about byte order (RFC 1071 §2 B): words are added as the machine loads
 * them, and only the end result is put in order. Nor do they care about the size of the step, as long as
 * every carry is added in again; so four words are added at once, each to a sum of 64 bits that no packet can
 * overflow. */
typedef uint64_t lanes __attribute__((vector_size(16)));
enum { LANES = 2, PIECE = 4 * sizeof(lanes) };

static inline lanes low_and_high(lanes words) { return (words & 0xffffffff) + (words >> 32); }

static inline lanes load(const uint8_t *at)
{
    lanes words;
    memcpy(&words, at, sizeof words);
    return words;
}

/* Of all whole pieces. Four sums run beside each other, so that none waits for the one before. */
static uint64_t add_pieces(uint64_t sum, const uint8_t *at, size_t n)
{
    lanes a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };
    for (; n >= PIECE; at += PIECE, n -= PIECE) {
        a += low_and_high(load(at));
        b += low_and_high(load(at + 16));
        c += low_and_high(load(at + 32));
        d += low_and_high(load(at + 48));
    }
    a += b + c + d;
    for (unsigned i = 0; i < LANES; i++)
        sum += a[i];
    return sum;
}

uint64_t checksum_add(uint64_t sum, const void *octets, size_t n)
{
    const uint8_t *at = octets;
    if (n >= PIECE) {
        sum = add_pieces(sum, at, n);
        at += n / PIECE * PIECE;
        n %= PIECE;
    }
    for (; n >= 4; at += 4, n -= 4) {
        uint32_t word;
        memcpy(&word, at, 4);
        sum += word;
    }
    if (n) {
        uint32_t word = 0;                             /* an odd octet is padded with zeros on the right */
        memcpy(&word, at, n);
        sum += word;
    }
    return sum;
}

uint16_t checksum_end(uint64_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    uint16_t loaded = (uint16_t)sum;
    uint8_t octets[2];
    memcpy(octets, &loaded, 2);
    return (uint16_t)~(octets[0] << 8 | octets[1]);
}
