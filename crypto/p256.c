#include "crypto/p256.h"
#include "crypto/bignum.h"
#include "crypto/p256_point.h"

#include <sodium.h>

enum { LIMBS = 4 };

/* A scalar of 1 to n - 1. */
static ct_mask scalar_read(uint64_t scalar[LIMBS], const uint8_t octets[32])
{
    bn_read(scalar, LIMBS, octets, P256_SCALAR);
    return ~bn_zero(scalar, LIMBS) & bn_less(scalar, p256_order, LIMBS);
}

bool p256_scalar_valid(const uint8_t octets[32])
{
    uint64_t scalar[LIMBS];
    ct_mask valid = scalar_read(scalar, octets);
    sodium_memzero(scalar, sizeof scalar);
    return ct_tell(valid);                             /* a good key is no news, a bad one is not used */
}

bool p256_point_valid(const uint8_t octets[65])
{
    struct point p;
    return point_read(&p, octets);
}

/* Numbers that are not in the range are drawn again, not reduced: a remainder would be uneven. */
void p256_make_key(struct chance *chance, const char *purpose, uint8_t scalar[32])
{
    do
        chance_fill(chance, purpose, scalar, P256_SCALAR);
    while (!p256_scalar_valid(scalar));
}

static bool multiply(struct point *p, const uint8_t octets[32])
{
    uint64_t scalar[1][LIMBS];
    ct_mask valid = scalar_read(scalar[0], octets);
    point_multiply(p, p, scalar, 1);
    sodium_memzero(scalar, sizeof scalar);
    return ct_tell(valid);                             /* as in p256_scalar_valid */
}

bool p256_public(const uint8_t scalar[32], uint8_t octets[65])
{
    struct point p;
    point_generator(&p);
    bool valid = multiply(&p, scalar);
    octets[0] = 4;
    point_write(&p, octets + 1, octets + 33);
    sodium_memzero(&p, sizeof p);
    return valid;
}

/* All points are multiples of G, and their number is prime: none of them, times 1 to n-1, is infinity. */
bool p256_shared(const uint8_t scalar[32], const uint8_t peer[65], uint8_t x[32])
{
    struct point p;
    if (!point_read(&p, peer))
        return false;
    bool valid = multiply(&p, scalar);
    point_write(&p, x, NULL);
    sodium_memzero(&p, sizeof p);
    return valid;
}
