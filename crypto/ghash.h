/* ghash.h - GHASH, the polynomial hash of GCM (NIST SP 800-38D §6.4), in constant time without tables.
 *
 * y, 16 octets, starts as zeros. Each 16 octets of data are xored into it, then it is multiplied by the key H
 * in GF(2^128).
 *
 *     uint8_t y[16] = { 0 };
 *     ghash_set_key(&k, h);
 *     ghash_add(&k, y, aad, aad_n);                   // each piece is zero-filled to whole blocks, as in GCM
 *     ghash_add(&k, y, data, n);
 *
 * A key is a plain value; whoever holds one wipes it. */
#ifndef CRYPTO_GHASH_H
#define CRYPTO_GHASH_H

#include <stddef.h>
#include <stdint.h>

struct ghash_key { uint64_t high, low; };              /* H read as one big-endian number */

void ghash_set_key(struct ghash_key *, const uint8_t h[16]);
void ghash_add(const struct ghash_key *, uint8_t y[16], const void *data, size_t n);

#endif
