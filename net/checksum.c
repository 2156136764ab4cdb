#include "net/checksum.h"

#include <string.h>

/* One's complement sums do not care about byte order (RFC 1071 §2 B): words are added as the machine loads
 * them, and only the end result is put in order. Nor do they care about the size of the step, as long as
 * every carry is added in again; so four words are added at once, each to a sum of 64 bits that no packet can
 * overflow. */
typedef uint64_t lanes __attribute__((vector_size(32)));
enum { LANES = 4, PIECE = 4 * sizeof(lanes) };

static inline __attribute__((always_inline)) void add_one(lanes *sum, const uint8_t *at)
{
    lanes words;
    memcpy(&words, at, sizeof words);
    *sum += (words & 0xffffffff) + (words >> 32);
}

/* Of all whole pieces. Four sums run beside each other, so that none waits for the one before. */
static inline __attribute__((always_inline)) uint64_t add_all(uint64_t sum, const uint8_t *at, size_t n)
{
    lanes a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };
    for (; n >= PIECE; at += PIECE, n -= PIECE) {
        add_one(&a, at);
        add_one(&b, at + 32);
        add_one(&c, at + 64);
        add_one(&d, at + 96);
    }
    a += b + c + d;
    for (unsigned i = 0; i < LANES; i++)
        sum += a[i];
    return sum;
}

static uint64_t add_plain(uint64_t sum, const uint8_t *at, size_t n) { return add_all(sum, at, n); }

/* Where the processor has registers of that size, which not all of one kind have. */
#ifdef __x86_64__
__attribute__((target("avx2"))) static uint64_t add_wide(uint64_t sum, const uint8_t *at, size_t n)
{
    return add_all(sum, at, n);
}
static uint64_t add_pieces(uint64_t sum, const uint8_t *at, size_t n)
{
    return __builtin_cpu_supports("avx2") ? add_wide(sum, at, n) : add_plain(sum, at, n);
}
#else
static uint64_t add_pieces(uint64_t sum, const uint8_t *at, size_t n) { return add_plain(sum, at, n); }
#endif

uint64_t checksum_add(uint64_t sum, const void *octets, size_t n)
{
    const uint8_t *at = octets;
    if (n >= PIECE) {
        sum = add_pieces(sum, at, n);
        at += n / PIECE * PIECE;
        n %= PIECE;
    }
    for (; n >= 8; at += 8, n -= 8) {
        uint64_t words;
        memcpy(&words, at, 8);
        sum += (words & 0xffffffff) + (words >> 32);
    }
    if (n & 4) {
        uint32_t word;
        memcpy(&word, at, 4);
        sum += word;
        at += 4;
    }
    if (n & 3) {
        uint32_t word = 0;                             /* an odd octet is padded with zeros on the right */
        memcpy(&word, at, n & 3);
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
