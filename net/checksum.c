#include "net/checksum.h"

#include <string.h>

/* One's complement sums do not care about byte order (RFC 1071 §2 B): words are added as the machine loads
 * them, and only the end result is put in order. Nor do they care about the size of the step, as long as
 * every carry is added in again. */
uint64_t checksum_add(uint64_t sum, const void *octets, size_t n)
{
    const uint8_t *at = octets;
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
