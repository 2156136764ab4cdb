/* ECDSA over P-256 (FIPS 186-5 §6.4), with the nonce that RFC 6979 derives from key and digest: a nonce
 * that is used for two digests, or is known by a few bits, gives the key away, and no generator has to be
 * trusted for it here. */
#include "crypto/bignum.h"
#include "crypto/hmac.h"
#include "crypto/p256.h"
#include "crypto/p256_point.h"

#include <sodium.h>
#include <string.h>

enum { LIMBS = 4, OCTETS = 32 };

/* HMAC_DRBG with SHA-256, as RFC 6979 §3.2 uses it; K and V are its names. */
struct nonces { uint8_t K[OCTETS], V[OCTETS]; };

static void order_start(struct bn_mod *order)
{
    bn_mod_set(order, p256_order, LIMBS, 255);
}

/* RFC 6979 §2.3.2 bits2int: the leftmost 256 bits of the digest; a shorter one is a number as it is. */
static void digest_number(uint64_t z[LIMBS], const uint8_t *digest, size_t n)
{
    bn_read(z, LIMBS, digest, n < OCTETS ? n : OCTETS);
}

/* x = a mod n, as octets too. */
static void reduce(const struct bn_mod *order, uint64_t x[LIMBS], const uint64_t a[LIMBS],
                   uint8_t octets[OCTETS])
{
    bn_mod_in(order, x, a, LIMBS);
    bn_mod_out(order, x, x);
    bn_write(x, LIMBS, octets, OCTETS);
}

/* x = 1/a = a^(n-2), in form as a is. */
static void invert(const struct bn_mod *order, uint64_t x[LIMBS], const uint64_t a[LIMBS])
{
    static const uint64_t two[LIMBS] = { 2 };
    uint64_t exponent[LIMBS];
    bn_sub(exponent, p256_order, two, LIMBS);
    bn_mod_exp(order, x, a, exponent, LIMBS);
}

/* K = HMAC_K(V || tag || data), V = HMAC_K(V): §3.2 d to g, and h.3 with no data. */
static void nonces_mix(struct nonces *g, uint8_t tag, const uint8_t *data, size_t n)
{
    struct hmac h;
    hmac_start(&h, HASH_SHA256, g->K, OCTETS);
    hmac_add(&h, g->V, OCTETS);
    hmac_add(&h, &tag, 1);
    hmac_add(&h, data, n);
    hmac_end(&h, g->K);
    hmac_of(HASH_SHA256, g->K, OCTETS, g->V, OCTETS, g->V);
}

static void nonces_start(struct nonces *g, const uint8_t scalar[OCTETS], const uint8_t digest[OCTETS])
{
    uint8_t both[2 * OCTETS];
    memcpy(both, scalar, OCTETS);
    memcpy(both + OCTETS, digest, OCTETS);
    memset(g->K, 0, OCTETS);
    memset(g->V, 1, OCTETS);
    nonces_mix(g, 0, both, sizeof both);
    nonces_mix(g, 1, both, sizeof both);
    sodium_memzero(both, sizeof both);
}

/* The next k of 1 to n - 1 (§3.2 h). */
static void nonces_next(struct nonces *g, uint64_t k[LIMBS])
{
    for (;;) {
        hmac_of(HASH_SHA256, g->K, OCTETS, g->V, OCTETS, g->V);
        bn_read(k, LIMBS, g->V, OCTETS);
        ct_mask valid = ~bn_zero(k, LIMBS) & bn_less(k, p256_order, LIMBS);
        if (ct_tell(valid))                            /* says nothing on the one that is kept */
            return;
        nonces_mix(g, 0, NULL, 0);
    }
}

/* r = (k G).x mod n, s = (z + r d) / k. The mask: neither is 0. */
static ct_mask sign_with(const struct bn_mod *order, const uint64_t d[LIMBS], const uint64_t z[LIMBS],
                         const uint64_t k[1][LIMBS], uint8_t r_octets[OCTETS], uint8_t s_octets[OCTETS])
{
    struct point at;
    uint64_t r[LIMBS], s[LIMBS], t[LIMBS];
    point_generator(&at);
    point_multiply(&at, &at, k, 1);
    point_write(&at, r_octets, NULL);
    bn_read(r, LIMBS, r_octets, OCTETS);
    reduce(order, r, r, r_octets);

    bn_mod_in(order, t, r, LIMBS);
    bn_mod_in(order, s, d, LIMBS);
    bn_mod_mul(order, s, s, t);                        /* r d */
    bn_mod_in(order, t, z, LIMBS);
    bn_mod_add(order, s, s, t);                        /* z + r d */
    bn_mod_in(order, t, k[0], LIMBS);
    invert(order, t, t);
    bn_mod_mul(order, s, s, t);
    bn_mod_out(order, s, s);
    bn_write(s, LIMBS, s_octets, OCTETS);
    ct_mask good = ~bn_zero(r, LIMBS) & ~bn_zero(s, LIMBS);
    sodium_memzero(&at, sizeof at);
    sodium_memzero(s, sizeof s);
    sodium_memzero(t, sizeof t);
    return good;
}

void p256_sign(const uint8_t scalar[32], const uint8_t *digest, size_t n, uint8_t r[32], uint8_t s[32])
{
    struct bn_mod order;
    struct nonces nonces;
    uint64_t d[LIMBS], z[LIMBS], k[1][LIMBS];
    uint8_t reduced[OCTETS];
    order_start(&order);
    bn_read(d, LIMBS, scalar, P256_SCALAR);
    digest_number(z, digest, n);
    reduce(&order, z, z, reduced);                     /* §2.3.4 bits2octets */
    nonces_start(&nonces, scalar, reduced);
    ct_mask good;
    do {
        nonces_next(&nonces, k[0]);
        good = sign_with(&order, d, z, k, r, s);
    } while (!ct_tell(good));                          /* that r and s are not 0 is seen in the signature */
    sodium_memzero(&nonces, sizeof nonces);
    sodium_memzero(d, sizeof d);
    sodium_memzero(k, sizeof k);
}

/* FIPS 186-5 §6.4.2: the x of (z/s) G + (r/s) Q, modulo n, must be r. All of it is public. */
bool p256_verify(const uint8_t point[65], const uint8_t *digest, size_t n, const uint8_t r_octets[32],
                 const uint8_t s_octets[32])
{
    struct bn_mod order;
    struct point at[2];
    uint64_t r[LIMBS], s[LIMBS], z[LIMBS], times[2][LIMBS];
    if (!p256_scalar_valid(r_octets) || !p256_scalar_valid(s_octets) || !point_read(&at[1], point))
        return false;
    point_generator(&at[0]);
    order_start(&order);
    bn_read(r, LIMBS, r_octets, OCTETS);
    bn_read(s, LIMBS, s_octets, OCTETS);
    digest_number(z, digest, n);

    bn_mod_in(&order, s, s, LIMBS);
    invert(&order, s, s);
    bn_mod_in(&order, z, z, LIMBS);
    bn_mod_mul(&order, times[0], s, z);
    bn_mod_out(&order, times[0], times[0]);
    bn_mod_in(&order, times[1], r, LIMBS);
    bn_mod_mul(&order, times[1], s, times[1]);
    bn_mod_out(&order, times[1], times[1]);
    point_multiply(&at[0], at, times, 2);

    uint8_t x_octets[OCTETS];
    uint64_t x[LIMBS];
    ct_mask finite = point_write(&at[0], x_octets, NULL);
    bn_read(x, LIMBS, x_octets, OCTETS);
    reduce(&order, x, x, x_octets);
    return ct_tell(finite & bn_equal(x, r, LIMBS));    /* the answer */
}
