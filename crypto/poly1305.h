/* poly1305.h - Poly1305 (RFC 8439 §2.5): a polynomial over the message's blocks, modulo p = 2^130 - 5, at the secret
 * place r; for the forms of ChaCha20-Poly1305 that are ours. A key is good for one message.
 *
 *     poly1305_start(&p, key);                        // 32 octets: r, clamped here, and s
 *     poly1305_add(&p, aad, aad_n);                   // each piece is zero-filled to whole blocks (RFC 8439 §2.8)
 *     poly1305_end(&p, tag);                          // and wipes p
 *
 * A number is three limbs, a0 + a1 2^44 + a2 2^88: a product of two limbs then leaves room for sums in 128 bits, and
 * in the 104 bits that poly1305_ifma.c has. Since 2^130 = 5, 2^132 = 20: what leaves at the top comes back 20 times.
 * Limbs may be some bits too large in between; bounds stand where they matter. */
#ifndef CRYPTO_POLY1305_H
#define CRYPTO_POLY1305_H

#include <stddef.h>
#include <stdint.h>

enum { POLY1305_BLOCK = 16, POLY1305_LIMB = 44, POLY1305_TOP = 42 };           /* bits of limbs 0 and 1, and of 2 */
struct poly1305 { uint64_t h[3], r[3], s[2]; };

void poly1305_start(struct poly1305 *, const uint8_t key[32]);
void poly1305_add(struct poly1305 *, const void *data, size_t n);
void poly1305_end(struct poly1305 *, uint8_t tag[16]);

/* h = h r mod p, but for some bits: limbs below 2^46 become limbs below 2^44 + 2^14. r: clamped, or such a product. */
void poly1305_multiply(uint64_t h[3], const uint64_t r[3]);
/* Carries from limb to limb, and from the top to the bottom, once. */
void poly1305_carry(uint64_t h[3]);

#endif
