/* curve.h - the NIST curves P-256, P-384 and P-521 (SP 800-186 §3.2.1, SEC 2): ECDH and ECDSA, one interface.
 *
 * Scalars and coordinates are `octets` long (32, 48, 66), big-endian; a point is 04 x y (RFC 8422 §5.4.1), 1 + 2
 * octets of them, and is checked to lie on the curve whenever it comes in. Scalars are secret: no branch and no index
 * depends on one. What a curve knows how to do itself - its field, its points - is in a file of its own, as constants
 * around code that is written once (curve_field.h, curve_group.h); what needs only numbers modulo the order is here. */
#ifndef CRYPTO_CURVE_H
#define CRYPTO_CURVE_H

#include "crypto/chance.h"
#include "crypto/ct.h"
#include "crypto/hash.h"

enum { CURVE_LIMBS = 9, CURVE_SCALAR_MAX = 66, CURVE_POINT_MAX = 133 };

/* Modulo the order n of a curve; arguments and results are below n, lowest limb first, and may be the same. */
struct curve_order {
    void (*mul)(uint64_t *x, const uint64_t *a, const uint64_t *b);
    void (*add)(uint64_t *x, const uint64_t *a, const uint64_t *b);
    void (*invert)(uint64_t *x, const uint64_t *a);   /* 0 for 0 */
};
extern const struct curve_order p256_order, p384_order, p521_order;
extern const struct curve_order p256_order_small, p384_order_small, p521_order_small;      /* which: CPU_SMALL */

/* What a curve does itself, in the instructions of one form. */
struct curve;
struct curve_form {
    const char *name;                                 /* "portable" */
    bool (*valid)(const uint8_t *point);
    /* x and y (where not NULL) of scalar times point, or times the generator where that is NULL. The point is valid,
     * the scalar 1 to n-1, and secret; any other gives numbers without meaning. */
    void (*multiply)(const struct curve *, const uint8_t *point, const uint64_t scalar[CURVE_LIMBS], uint8_t *x,
                     uint8_t *y);
    /* scalar[0] G + scalar[1] point. All of it is public, and takes its time accordingly; the point is valid, the
     * scalars are below n. False: infinity, which has neither x nor y (zeros are written). */
    bool (*sum_public)(const struct curve *, const uint64_t scalar[2][CURVE_LIMBS], const uint8_t *point, uint8_t *x,
                       uint8_t *y);
    /* Is the x of that, modulo n, the number r? Of infinity it is not. */
    bool (*sum_has_x)(const struct curve *, const uint64_t scalar[2][CURVE_LIMBS], const uint8_t *point,
                      const uint64_t r[CURVE_LIMBS]);
};
extern const struct curve_form p256_form_adx, p384_form_adx, p256_form_ifma;
/* Where room is short (crypto/cpu.h) they are the portable ones. */
extern const struct curve_form p256_form_small, p384_form_small, p521_form_small;

struct curve {
    const char *name;                                 /* "P-256" */
    size_t octets, limbs, bits;                       /* of the order n, and of the prime */
    uint64_t order[CURVE_LIMBS];                      /* n: how many points there are; a prime */
    const uint64_t *prime, *b;                        /* p; and b of y² = x³ - 3x + b, times 2^(64 limbs), mod p */
    const uint8_t *generator;                         /* 04 x y */
    const struct curve_order *mod_n;
    const struct curve_form *portable, *adx, *ifma;   /* NULL: there is none */
};
extern const struct curve curve_p256, curve_p384, curve_p521;

bool curve_scalar_valid(const struct curve *, const uint8_t *scalar);                  /* 1 .. n-1 */
bool curve_point_valid(const struct curve *, const uint8_t *point, size_t n);
void curve_make_key(const struct curve *, struct chance *, const char *purpose, uint8_t *scalar); /* evenly */
bool curve_public(const struct curve *, const uint8_t *scalar, uint8_t *point,
                  const struct cpu *);        /* false: scalar 0 or >= n */
/* x of the product, `octets` long. False: the peer is not on the curve, or as above. */
bool curve_shared(const struct curve *, const uint8_t *scalar, const uint8_t *peer, size_t n, uint8_t *x,
                  const struct cpu *);

/* FIPS 186-5 §6.4; r and s are `octets` each (their DER: crypto/sign.h). Of a digest longer than the order the
 * leftmost bits count. The nonce is RFC 6979's with the hash that made the digest: a nonce that is used for two
 * digests, or is known by a few bits, gives the key away, and no generator has to be trusted for it here. With a
 * `chance` 32 octets of it go into the nonce as well (§3.6), so that no two signatures go the same way: who can
 * disturb the machine, or listen to it, needs many that do. Without (NULL) it is RFC 6979 to the bit. The scalar is
 * valid. */
void ecdsa_sign(const struct curve *, const uint8_t *scalar, struct chance *, enum hash_kind, const uint8_t *digest,
                uint8_t *r, uint8_t *s, const struct cpu *);
bool ecdsa_verify(const struct curve *, const uint8_t *point, enum hash_kind, const uint8_t *digest, const uint8_t *r,
                  const uint8_t *s, const struct cpu *);
/* The form that serves with these instructions; its name is for people and measurements, too: "adx". */
const struct curve_form *curve_form(const struct curve *, const struct cpu *);
const char *curve_form_name(const struct curve *, const struct cpu *);

#endif
