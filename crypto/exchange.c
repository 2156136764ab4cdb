#include "crypto/exchange.h"
#include "crypto/p256.h"
#include "crypto/x25519.h"

#include <sodium.h>
#include <string.h>

struct way {
    uint16_t scalar, value, secret;                    /* octets */
};

static const struct way ways[EXCHANGE_WAYS] = {
    [EXCHANGE_X25519]    = { .scalar = 32, .value = 32,  .secret = 32 },
    [EXCHANGE_P256]      = { .scalar = 32, .value = 65,  .secret = 32 },
    [EXCHANGE_P384]      = { .scalar = 48, .value = 97,  .secret = 48 },
    [EXCHANGE_P521]      = { .scalar = 66, .value = 133, .secret = 66 },
    [EXCHANGE_FFDHE2048] = { .scalar = 32, .value = 256, .secret = 256 },
    [EXCHANGE_FFDHE3072] = { .scalar = 40, .value = 384, .secret = 384 },
    [EXCHANGE_FFDHE4096] = { .scalar = 48, .value = 512, .secret = 512 },
    [EXCHANGE_MODP2048]  = { .scalar = 32, .value = 256, .secret = 256 },
    [EXCHANGE_MODP3072]  = { .scalar = 40, .value = 384, .secret = 384 },
    [EXCHANGE_MODP4096]  = { .scalar = 48, .value = 512, .secret = 512 },
};

bool   exchange_known(enum exchange way)       { return way == EXCHANGE_X25519 || way == EXCHANGE_P256; }
bool   exchange_modular(enum exchange way)     { return way >= EXCHANGE_FFDHE2048 && way < EXCHANGE_WAYS; }
size_t exchange_scalar_size(enum exchange way) { return ways[way].scalar; }
size_t exchange_public_size(enum exchange way) { return ways[way].value; }
size_t exchange_secret_size(enum exchange way) { return ways[way].secret; }

void exchange_make(enum exchange way, struct chance *chance, const char *purpose, uint8_t *scalar)
{
    if (way == EXCHANGE_P256)
        p256_make_key(chance, purpose, scalar);
    else
        chance_fill(chance, purpose, scalar, exchange_scalar_size(way));
}

bool exchange_public(enum exchange way, const uint8_t *scalar, uint8_t *value)
{
    if (way == EXCHANGE_P256)
        return p256_public(scalar, value);
    if (way != EXCHANGE_X25519)
        return false;
    x25519_public(scalar, value);
    return true;
}

bool exchange_valid(enum exchange way, const uint8_t *value, size_t n)
{
    if (way == EXCHANGE_P256)
        return n == P256_POINT && p256_point_valid(value);
    return way == EXCHANGE_X25519 && n == 32;
}

bool exchange_shared(enum exchange way, const uint8_t *scalar, const uint8_t *value, size_t n, uint8_t *secret)
{
    memset(secret, 0, exchange_secret_size(way));
    if (!exchange_valid(way, value, n))
        return false;
    return way == EXCHANGE_P256 ? p256_shared(scalar, value, secret) : x25519_shared(scalar, value, secret);
}

size_t exchange_zeros(enum exchange way, const uint8_t *secret)
{
    size_t zeros = 0;
    while (exchange_modular(way) && zeros < exchange_secret_size(way) && secret[zeros] == 0)
        zeros++;
    return zeros;
}

const uint8_t *exchange_prime(enum exchange way)
{
    (void)way;
    return NULL;
}

enum exchange exchange_of_group(const uint8_t *p, size_t p_n, const uint8_t *g, size_t g_n)
{
    (void)p;
    (void)p_n;
    (void)g;
    (void)g_n;
    return EXCHANGE_NONE;
}
