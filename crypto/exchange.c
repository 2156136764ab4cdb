#include "crypto/exchange.h"
#include "crypto/bignum.h"
#include "crypto/curve.h"
#include "crypto/dh.h"
#include "crypto/x25519.h"

#include <sodium.h>
#include <string.h>

enum { X25519 = 32, STACK = 8192 };

struct way {
    const struct curve *curve;                         /* these two NULL: X25519 */
    const struct dh_group *group;
    size_t scalar, value, secret;                      /* octets */
};

static const struct way ways[EXCHANGE_WAYS] = {
    [EXCHANGE_X25519]    = { NULL, NULL, X25519, X25519, X25519 },
    [EXCHANGE_P256]      = { &curve_p256, NULL, 32, 65, 32 },
    [EXCHANGE_P384]      = { &curve_p384, NULL, 48, 97, 48 },
    [EXCHANGE_P521]      = { &curve_p521, NULL, 66, 133, 66 },
    [EXCHANGE_FFDHE2048] = { NULL, &dh_groups[DH_FFDHE2048], 32, 256, 256 },
    [EXCHANGE_FFDHE3072] = { NULL, &dh_groups[DH_FFDHE3072], 40, 384, 384 },
    [EXCHANGE_FFDHE4096] = { NULL, &dh_groups[DH_FFDHE4096], 48, 512, 512 },
    [EXCHANGE_MODP2048]  = { NULL, &dh_groups[DH_MODP2048], 32, 256, 256 },
    [EXCHANGE_MODP3072]  = { NULL, &dh_groups[DH_MODP3072], 40, 384, 384 },
    [EXCHANGE_MODP4096]  = { NULL, &dh_groups[DH_MODP4096], 48, 512, 512 },
};

bool   exchange_known(enum exchange way)       { return ways[way].value > 0; }
bool   exchange_modular(enum exchange way)     { return ways[way].group != NULL; }
size_t exchange_scalar_size(enum exchange way) { return ways[way].scalar; }
size_t exchange_public_size(enum exchange way) { return ways[way].value; }
size_t exchange_secret_size(enum exchange way) { return ways[way].secret; }

void exchange_make(enum exchange way, struct chance *chance, const char *purpose, uint8_t *scalar)
{
    if (ways[way].curve)
        curve_make_key(ways[way].curve, chance, purpose, scalar);
    else
        chance_fill(chance, purpose, scalar, ways[way].scalar);
}

bool exchange_public(enum exchange way, const uint8_t *scalar, uint8_t *value, const struct cpu *cpu)
{
    const struct way *w = &ways[way];
    if (w->curve)
        return curve_public(w->curve, scalar, value, cpu);
    if (w->group)
        dh_public(w->group, scalar, w->scalar, value, cpu);
    else if (way == EXCHANGE_X25519)
        x25519_public(scalar, value, cpu);
    return exchange_known(way);
}

bool exchange_valid(enum exchange way, const uint8_t *value, size_t n)
{
    const struct way *w = &ways[way];
    if (w->curve)
        return curve_point_valid(w->curve, value, n);
    return w->group ? dh_valid(w->group, value, n) : way == EXCHANGE_X25519 && n == X25519;
}

bool exchange_shared(enum exchange way, const uint8_t *scalar, const uint8_t *value, size_t n, uint8_t *secret,
                     const struct cpu *cpu)
{
    const struct way *w = &ways[way];
    bool good;
    memset(secret, 0, w->secret);
    if (w->curve)                                      /* looks itself whether it is a point */
        good = curve_shared(w->curve, scalar, value, n, secret, cpu);
    else if (w->group) {
        good = dh_valid(w->group, value, n);
        if (good)
            dh_shared(w->group, scalar, w->scalar, value, n, secret, cpu);
    } else
        good = exchange_valid(way, value, n) && x25519_shared(scalar, value, secret, cpu);
    if (!good)
        sodium_memzero(secret, w->secret);
    sodium_stackzero(STACK);                           /* limbs of it for which the compiler had no register */
    return good;
}

size_t exchange_zeros(enum exchange way, const uint8_t *secret)
{
    size_t zeros = 0;
    while (exchange_modular(way) && zeros < ways[way].secret && ct_tell(ct_zero(secret[zeros])))
        zeros++;                                       /* what it tells, exchange.h says */
    return zeros;
}

const uint8_t *exchange_prime(enum exchange way)
{
    return ways[way].group ? ways[way].group->p : NULL;
}

static void skip_zeros(const uint8_t **number, size_t *n)
{
    for (; *n > 0 && **number == 0; (*n)--)
        (*number)++;
}

enum exchange exchange_of_group(const uint8_t *p, size_t p_n, const uint8_t *g, size_t g_n)
{
    skip_zeros(&p, &p_n);
    skip_zeros(&g, &g_n);
    if (g_n != 1 || g[0] != EXCHANGE_GENERATOR)
        return EXCHANGE_NONE;
    for (enum exchange way = EXCHANGE_FFDHE2048; way < EXCHANGE_WAYS; way++)
        if (ways[way].group->size == p_n && memcmp(ways[way].group->p, p, p_n) == 0)
            return way;
    return EXCHANGE_NONE;
}

const char *exchange_form_name(enum exchange way, const struct cpu *cpu)
{
    if (ways[way].curve)
        return curve_form_name(ways[way].curve, cpu);
    return ways[way].group ? bn_form_name(cpu) : x25519_form_name(cpu);
}
