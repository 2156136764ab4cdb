/* X25519 (RFC 7748 §5), portable, in little room: the ladder as the RFC has it; for a build that has no libsodium
 * (crypto/cpu.h). */
#include "crypto/field25519.h"
#include "crypto/x25519_form.h"

#include <sodium.h>
#include <string.h>

struct ladder { struct f25519 x1, x2, z2, x3, z3, a, b, c, d, e; uint8_t scalar[32]; };

static void swap_if(ct_mask mask, struct f25519 *p, struct f25519 *q)
{
    for (int i = 0; i < 5; i++) {
        const uint64_t change = (p->limb[i] ^ q->limb[i]) & mask;
        p->limb[i] ^= change;
        q->limb[i] ^= change;
    }
}

/* (x2, z2) is doubled, (x3, z3) becomes the sum of both; x1 is how far apart they are. A, B, ... as in the RFC. */
static void step(struct ladder *l)
{
    static const struct f25519 a24 = { { 121665 } };
    f25519_add(&l->a, &l->x2, &l->z2);
    f25519_sub(&l->b, &l->x2, &l->z2);
    f25519_add(&l->c, &l->x3, &l->z3);
    f25519_sub(&l->d, &l->x3, &l->z3);
    f25519_mul(&l->d, &l->d, &l->a);                   /* DA */
    f25519_mul(&l->c, &l->c, &l->b);                   /* CB */
    f25519_add(&l->x3, &l->d, &l->c);
    f25519_mul(&l->x3, &l->x3, &l->x3);
    f25519_sub(&l->z3, &l->d, &l->c);
    f25519_mul(&l->z3, &l->z3, &l->z3);
    f25519_mul(&l->z3, &l->z3, &l->x1);
    f25519_mul(&l->a, &l->a, &l->a);                   /* AA */
    f25519_mul(&l->b, &l->b, &l->b);                   /* BB */
    f25519_sub(&l->e, &l->a, &l->b);
    f25519_mul(&l->x2, &l->a, &l->b);
    f25519_mul(&l->z2, &l->e, &a24);
    f25519_add(&l->z2, &l->z2, &l->a);
    f25519_mul(&l->z2, &l->z2, &l->e);
}

static void shared(const uint8_t scalar[32], const uint8_t peer[32], uint8_t secret[32])
{
    struct ladder l = { .x2 = { { 1 } }, .z3 = { { 1 } } };
    memcpy(l.scalar, scalar, 32);
    l.scalar[0] &= 0xf8;
    l.scalar[31] = (uint8_t)((l.scalar[31] & 0x7f) | 0x40);
    f25519_read(&l.x1, peer);
    l.x3 = l.x1;
    for (int t = 254; t >= 0; t--) {
        const ct_mask bit = ct_nonzero(l.scalar[t / 8] >> t % 8 & 1);
        swap_if(bit, &l.x2, &l.x3);
        swap_if(bit, &l.z2, &l.z3);
        step(&l);
        swap_if(bit, &l.x2, &l.x3);
        swap_if(bit, &l.z2, &l.z3);
    }
    f25519_invert(&l.z2, &l.z2);
    f25519_mul(&l.x2, &l.x2, &l.z2);
    f25519_write(&l.x2, secret);
    sodium_memzero(&l, sizeof l);
}

static void public(const uint8_t scalar[32], uint8_t point[32])
{
    static const uint8_t base[32] = { 9 };
    shared(scalar, base, point);
}

const struct x25519_form x25519_portable = { public, shared };
