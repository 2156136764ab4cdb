#include "crypto/x25519.h"
#include "crypto/bignum.h"
#include "crypto/inverse.h"
#include "crypto/x25519_form.h"

#include <sodium.h>

/* NULL: libsodium's. */
static const struct x25519_form *form_for(const struct cpu *cpu)
{
    return cpu_may(cpu, CPU_IFMA) && x25519_ifma ? x25519_ifma : CPU_SMALL ? &x25519_portable : NULL;
}

/* Where libsodium finds AVX, its way to the point of a scalar is a ladder from u = 9. The same point of the Edwards
 * form it makes from a table, for Ed25519, in less than half the time; and u = (1 + y) / (1 - y) = 2 / (1 - y) - 1
 * (RFC 7748 §4.1). The points y = 1 and y = 0 have orders 1 and 4: a multiple of the base point is one of them only
 * where the number is 0 modulo its order, which no clamped scalar is. */
static void public_of_edwards(const uint8_t scalar[32], uint8_t point[32])
{
    enum { WORDS = 4 };
    static const uint64_t p[WORDS] = { UINT64_MAX - 18, UINT64_MAX, UINT64_MAX, UINT64_MAX >> 1 }, one[WORDS] = { 1 };
    uint64_t y[WORDS], u[WORDS], less[WORDS];
    crypto_scalarmult_ed25519_base(point, scalar);                 /* clamps as X25519 does */
    point[31] &= 0x7f;                                             /* the sign of x */
    sodium_memzero(y, sizeof y);
    for (unsigned i = 0; i < 32; i++)
        y[i / 8] |= (uint64_t)point[i] << i % 8 * 8;
    bn_sub(u, p, y, WORDS);
    bn_add(u, u, one, WORDS);
    inverse_mod(u, u, p, WORDS, 255);
    bn_add(u, u, u, WORDS);
    bn_sub(u, u, one, WORDS);                                      /* below 2p */
    ct_mask below = (ct_mask)0 - bn_sub(less, u, p, WORDS);
    bn_copy_if(~below, u, less, WORDS);
    for (unsigned i = 0; i < 32; i++)
        point[i] = (uint8_t)(u[i / 8] >> i % 8 * 8);
}

void x25519_public(const uint8_t scalar[32], uint8_t point[32], const struct cpu *cpu)
{
    const struct x25519_form *form = form_for(cpu);
    if (form)
        form->public(scalar, point);
    else if (cpu_may(cpu, CPU_AVX2))
        public_of_edwards(scalar, point);
    else
        crypto_scalarmult_curve25519_base(point, scalar);          /* clamps the scalar; always succeeds */
}

bool x25519_shared(const uint8_t scalar[32], const uint8_t peer[32], uint8_t secret[32], const struct cpu *cpu)
{
    const struct x25519_form *form = form_for(cpu);
    uint64_t any = 0;
    if (!form) {
        sodium_memzero(secret, 32);                                /* some points are refused unwritten */
        return ct_tell(ct_zero((uint64_t)crypto_scalarmult_curve25519(secret, scalar, peer)));
    }
    form->shared(scalar, peer, secret);
    for (int i = 0; i < 32; i++)
        any |= secret[i];
    return ct_tell(ct_nonzero(any));
}

const char *x25519_form_name(const struct cpu *cpu)
{
    const struct x25519_form *form = form_for(cpu);
    return !form ? "libsodium" : form == &x25519_portable ? "portable" : "ifma";
}
