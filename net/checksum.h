/* checksum.h - the internet checksum of IP, ICMP, UDP and TCP (RFC 1071): the one's complement of the one's
 * complement sum of all 16-bit words.
 *
 * A sum may be made in pieces, each but the last of even length:
 *
 *     uint16_t c = checksum_end(checksum_add(checksum_add(0, head, 12), body, n));
 *
 * Over octets that hold their own right checksum the result is 0: that is how a receiver checks. */
#ifndef NET_CHECKSUM_H
#define NET_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

uint64_t checksum_add(uint64_t sum, const void *octets, size_t n);     /* good for 2^32 octets together */
uint16_t checksum_end(uint64_t sum);

#endif
