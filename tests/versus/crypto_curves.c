/* Curves: ECDH and ECDSA on P-256, P-384 and P-521, X25519, Ed25519. */
#define OPENSSL_API_COMPAT 0x10100000L
#include "crypto/bignum.h"
#include "crypto/exchange.h"
#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "tests/versus/crypto.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <string.h>

static BN_CTX *bn;                                     /* room for libcrypto's numbers, made once */

static const EC_GROUP *group_of(int kind)
{
    static EC_GROUP *groups[3];
    static const int nids[] = { NID_X9_62_prime256v1, NID_secp384r1, NID_secp521r1 };
    const int i = kind - KEY_P256;
    if (!bn)
        bn = BN_CTX_new();
    if (!groups[i])
        groups[i] = EC_GROUP_new_by_curve_name(nids[i]);
    return groups[i];
}

static size_t point_octets(const EC_GROUP *g, const EC_POINT *p, uint8_t *out)
{
    return EC_POINT_point2oct(g, p, POINT_CONVERSION_UNCOMPRESSED, out, CURVE_POINT_MAX, bn);
}

/* k G, small multiples (of which tables are made) often. */
static EC_POINT *some_point(struct versus *v, const EC_GROUP *g, size_t octets)
{
    uint8_t k[CURVE_SCALAR_MAX];
    EC_POINT *p = EC_POINT_new(g);
    BIGNUM *scalar = BN_new();
    do {
        edge_below(v, EC_GROUP_get0_order(g), k, octets);
        BN_bin2bn(k, (int)octets, scalar);
        if (one_time_in(v, 3)) {
            BN_set_word(scalar, 1 + dice(v, 200));
            BN_lshift(scalar, scalar, one_time_in(v, 2) ? (int)dice(v, 8 * octets - 8) : 0);
            BN_nnmod(scalar, scalar, EC_GROUP_get0_order(g), bn);
        }
    } while (BN_is_zero(scalar));
    EC_POINT_mul(g, p, scalar, NULL, NULL, bn);
    if (one_time_in(v, 4))
        EC_POINT_invert(g, p, bn);
    BN_free(scalar);
    return p;
}

/* x and y of it, where it is not infinity. */
static void affine(const EC_GROUP *g, const EC_POINT *p, uint8_t *x, uint8_t *y, size_t octets)
{
    BIGNUM *a = BN_new(), *b = BN_new();
    EC_POINT_get_affine_coordinates(g, p, a, b, bn);
    BN_bn2binpad(a, x, (int)octets);
    if (y)
        BN_bn2binpad(b, y, (int)octets);
    BN_free(a);
    BN_free(b);
}

/* A point as octets, spoiled one time in four. */
static size_t some_value(struct versus *v, const EC_GROUP *g, size_t octets, uint8_t *value)
{
    EC_POINT *p = some_point(v, g, octets);
    size_t n = point_octets(g, p, value);
    EC_POINT_free(p);
    switch (dice(v, 24)) {
    case 0: flip_a_bit(v, value + 1, n - 1); break;
    case 1: flip_a_bit(v, value, 1); break;
    case 2: n = (size_t)dice(v, n); break;
    case 3: edge_octets(v, value + 1, n - 1); break;
    case 4: memset(value + 1 + dice(v, 2) * octets, one_time_in(v, 2) ? 0 : 0xff, octets); break;
    case 5: value[0] = (uint8_t)(2 + (value[n - 1] & 1)); n = 1 + octets; break;
    }
    return n;
}

static void try_ecdh(struct versus *v, int kind)
{
    const EC_GROUP *g = group_of(kind);
    const struct curve *c = key_curve((enum key_kind)kind);
    uint8_t scalar[CURVE_SCALAR_MAX], value[CURVE_POINT_MAX], public[CURVE_POINT_MAX], mine[CURVE_POINT_MAX],
        secret[CURVE_SCALAR_MAX] = { 0 }, x[CURVE_SCALAR_MAX];
    const size_t n = some_value(v, g, c->octets, value);
    EC_POINT *theirs = EC_POINT_new(g), *product = EC_POINT_new(g);
    const bool good = n && value[0] == 4 && EC_POINT_oct2point(g, theirs, value, n, bn);
    edge_below(v, EC_GROUP_get0_order(g), scalar, c->octets);
    note(v, "scalar", scalar, c->octets);
    note(v, "value", value, n);
    BIGNUM *k = BN_bin2bn(scalar, (int)c->octets, NULL);
    const bool zero = BN_is_zero(k);
    EC_POINT_mul(g, product, k, NULL, NULL, bn);
    if (!zero)
        point_octets(g, product, public);
    if (good && !zero) {
        EC_POINT_mul(g, product, NULL, theirs, k, bn);
        affine(g, product, secret, NULL, c->octets);
    }
    for (EACH_FORM(v, i)) {
        const struct cpu *cpu = &v->forms.cpu[i];
        must(v, curve_public(c, scalar, mine, cpu) == !zero, "scalar");
        if (!zero)
            must_same(v, mine, public, 1 + 2 * c->octets, "public value");
        must(v, curve_point_valid(c, value, n) == good, good ? "a good point is refused" : "a bad point is taken");
        must(v, curve_shared(c, scalar, value, n, x, cpu) == (good && !zero), "whether there is a secret");
        if (good && !zero)
            must_same(v, x, secret, c->octets, "secret");
    }
    ERR_clear_error();
    BN_free(k);
    EC_POINT_free(theirs);
    EC_POINT_free(product);
}

/* --- Numbers modulo the order, ECDSA --- */

/* Signatures alone come to no edges: their numbers look as if drawn. */
static void try_order(struct versus *v, int kind)
{
    const struct curve *c = key_curve((enum key_kind)kind);
    const BIGNUM *order = EC_GROUP_get0_order(group_of(kind));
    uint8_t a[CURVE_SCALAR_MAX], b[CURVE_SCALAR_MAX], want[CURVE_SCALAR_MAX], have[CURVE_SCALAR_MAX];
    uint64_t x[CURVE_LIMBS], y[CURVE_LIMBS], z[CURVE_LIMBS];
    edge_below(v, order, a, c->octets);
    edge_below(v, order, b, c->octets);
    note(v, "a", a, c->octets);
    note(v, "b", b, c->octets);
    BIGNUM *p = BN_bin2bn(a, (int)c->octets, NULL), *q = BN_bin2bn(b, (int)c->octets, NULL), *r = BN_new();
    bn_read(x, c->limbs, a, c->octets);
    bn_read(y, c->limbs, b, c->octets);
    for (int i = 0; i < 3; i++) {
        switch (i) {
        case 0: BN_mod_mul(r, p, q, order, bn); c->mod_n->mul(z, x, y); break;
        case 1: BN_mod_add(r, p, q, order, bn); c->mod_n->add(z, x, y); break;
        default:
            if (!BN_mod_inverse(r, p, order, bn))
                BN_zero(r);
            c->mod_n->invert(z, x);
        }
        BN_bn2binpad(r, want, (int)c->octets);
        bn_write(z, c->limbs, have, c->octets);
        must_same(v, have, want, c->octets, i == 0 ? "product" : i == 1 ? "sum" : "inverse");
    }
    ERR_clear_error();
    BN_free(p);
    BN_free(q);
    BN_free(r);
}


/* Scalars 1 to n - 1, and the point that is G times it. */
static EC_KEY *some_key(struct versus *v, int kind, uint8_t *scalar, uint8_t *point)
{
    const EC_GROUP *g = group_of(kind);
    const size_t octets = key_scalar_size((enum key_kind)kind);
    EC_KEY *key = EC_KEY_new();
    EC_POINT *p = EC_POINT_new(g);
    BIGNUM *d = BN_new();
    do {
        edge_below(v, EC_GROUP_get0_order(g), scalar, octets);
        BN_bin2bn(scalar, (int)octets, d);
    } while (BN_is_zero(d));
    EC_POINT_mul(g, p, d, NULL, NULL, bn);
    point_octets(g, p, point);
    EC_KEY_set_group(key, g);
    EC_KEY_set_private_key(key, d);
    EC_KEY_set_public_key(key, p);
    EC_POINT_free(p);
    BN_free(d);
    return key;
}

/* Not in the low-level functions of libcrypto: 1 where r and s sign the digest. */
static bool they_verify(EC_KEY *key, const uint8_t *digest, size_t n, const uint8_t *r, const uint8_t *s, size_t octets)
{
    ECDSA_SIG *sig = ECDSA_SIG_new();
    ECDSA_SIG_set0(sig, BN_bin2bn(r, (int)octets, NULL), BN_bin2bn(s, (int)octets, NULL));
    const bool good = ECDSA_do_verify(digest, (int)n, sig, key) == 1;
    ECDSA_SIG_free(sig);
    ERR_clear_error();
    return good;
}

static void try_ecdsa_sign(struct versus *v, int kind)
{
    const struct curve *c = key_curve((enum key_kind)kind);
    const enum hash_kind hash = (enum hash_kind)dice(v, 4);
    uint8_t scalar[CURVE_SCALAR_MAX], point[CURVE_POINT_MAX], digest[HASH_MAX], r[2][CURVE_SCALAR_MAX],
        s[2][CURVE_SCALAR_MAX];
    EC_KEY *key = some_key(v, kind, scalar, point);
    edge_octets(v, digest, hash_size(hash));
    note(v, "scalar", scalar, c->octets);
    note(v, "digest", digest, hash_size(hash));
    const bool noise = one_time_in(v, 2);
    for (EACH_FORM(v, i)) {
        ecdsa_sign(c, scalar, noise ? same_chance(v, 0) : NULL, hash, digest, r[i > 0], s[i > 0], &v->forms.cpu[i]);
        if (i == 0)
            must(v, they_verify(key, digest, hash_size(hash), r[0], s[0], c->octets), "they refuse our signature");
        must_same(v, r[i > 0], r[0], c->octets, "r is not that of the portable form");
        must_same(v, s[i > 0], s[0], c->octets, "s is not that of the portable form");
    }
    EC_KEY_free(key);
}

/* s = r / u2 and the digest u1 s, with which verification computes just u1 G + u2 Q. False: there is no such digest. */
static bool finish_backwards(const EC_GROUP *g, const BIGNUM *r, const BIGNUM *u1, const BIGNUM *u2, uint8_t *digest,
                             uint8_t *r_octets, uint8_t *s_octets, size_t octets)
{
    const BIGNUM *order = EC_GROUP_get0_order(g);
    BIGNUM *s = BN_new();
    BN_bn2binpad(r, r_octets, (int)octets);
    bool good = !BN_is_zero(u2) && BN_mod_inverse(s, u2, order, bn) != NULL;
    if (good) {
        BN_mod_mul(s, s, r, order, bn);
        BN_bn2binpad(s, s_octets, (int)octets);
        BN_mod_mul(s, s, u1, order, bn);
        BN_bn2binpad(s, digest, (int)octets);
    }
    BN_free(s);
    return good;
}

/* r is the x of the sum; infinity has none. */
static bool sign_backwards(const EC_GROUP *g, EC_KEY *key, const BIGNUM *u1, const BIGNUM *u2, uint8_t *digest, uint8_t *r,
                           uint8_t *s, size_t octets)
{
    EC_POINT *sum = EC_POINT_new(g);
    BIGNUM *x = BN_new(), *y = BN_new();
    EC_POINT_mul(g, sum, u1, EC_KEY_get0_public_key(key), u2, bn);
    bool good = !EC_POINT_is_at_infinity(g, sum) && EC_POINT_get_affine_coordinates(g, sum, x, y, bn);
    BN_nnmod(x, x, EC_GROUP_get0_order(g), bn);
    good = good && !BN_is_zero(x) && finish_backwards(g, x, u1, u2, digest, r, s, octets);
    EC_POINT_free(sum);
    BN_free(x);
    BN_free(y);
    return good;
}

/* An x from n to p - 1, of which r is the remainder: whoever compares r with x has to think of r + n. Or a small x, and
 * r = x + p - n: this is no signature, though r + n is x modulo p. No key has such a sum but by design: the sum is
 * chosen, and the key is (sum - u1 G) / u2, whose private half nobody knows. */
static bool sign_beyond_order(struct versus *v, const EC_GROUP *g, EC_KEY *key, uint8_t *digest, uint8_t *r, uint8_t *s,
                              size_t octets)
{
    const BIGNUM *order = EC_GROUP_get0_order(g), *p = EC_GROUP_get0_field(g);
    const bool small = one_time_in(v, 2);
    uint8_t u[2][CURVE_SCALAR_MAX];
    BIGNUM *x = BN_new(), *u1 = BN_new(), *u2 = BN_new();
    EC_POINT *sum = EC_POINT_new(g), *part = EC_POINT_new(g);
    for (size_t i = 0; i < 2; i++)
        edge_below(v, order, u[i], octets);
    BN_bin2bn(u[0], (int)octets, u1);
    BN_bin2bn(u[1], (int)octets, u2);
    if (!small)
        BN_copy(x, order);
    BN_add_word(x, 1 + dice(v, 60));
    bool good = !BN_is_zero(u2) && EC_POINT_set_compressed_coordinates(g, sum, x, (int)dice(v, 2), bn);
    if (good) {
        EC_POINT_mul(g, part, u1, NULL, NULL, bn);
        EC_POINT_invert(g, part, bn);
        EC_POINT_add(g, part, sum, part, bn);
        BIGNUM *inverse = BN_mod_inverse(NULL, u2, order, bn);
        EC_POINT_mul(g, part, NULL, part, inverse, bn);
        BN_free(inverse);
        if (small)
            BN_add(x, x, p);
        BN_sub(x, x, order);
        good = !EC_POINT_is_at_infinity(g, part) && EC_KEY_set_public_key(key, part)
               && finish_backwards(g, x, u1, u2, digest, r, s, octets);
    }
    ERR_clear_error();
    EC_POINT_free(sum);
    EC_POINT_free(part);
    BIGNUM *const all[] = { x, u1, u2 };
    for (size_t i = 0; i < 3; i++)
        BN_free(all[i]);
    return good;
}

/* u1 and u2 at edges, or such that both addends are the same point, or opposite ones: there the usual formulas for the
 * sum have an exception. */
static bool some_sum(struct versus *v, const EC_GROUP *g, EC_KEY *key, uint8_t *digest, uint8_t *r, uint8_t *s,
                     size_t octets)
{
    const BIGNUM *order = EC_GROUP_get0_order(g);
    uint8_t u[CURVE_SCALAR_MAX];
    BIGNUM *u1 = BN_new(), *u2 = BN_new();
    edge_below(v, order, u, octets);
    BN_bin2bn(u, (int)octets, u2);
    edge_below(v, order, u, octets);
    BN_bin2bn(u, (int)octets, u1);
    if (one_time_in(v, 3))
        BN_mod_mul(u1, u2, EC_KEY_get0_private_key(key), order, bn);
    if (one_time_in(v, 6))
        BN_mod_sub(u1, order, u1, order, bn);
    const bool good = sign_backwards(g, key, u1, u2, digest, r, s, octets);
    BN_free(u1);
    BN_free(u2);
    return good;
}

static void their_signature(EC_KEY *key, const uint8_t *digest, size_t n, uint8_t *r, uint8_t *s, size_t octets)
{
    ECDSA_SIG *sig = ECDSA_do_sign(digest, (int)n, key);
    BN_bn2binpad(ECDSA_SIG_get0_r(sig), r, (int)octets);
    BN_bn2binpad(ECDSA_SIG_get0_s(sig), s, (int)octets);
    ECDSA_SIG_free(sig);
}

/* Numbers from 0 up to all octets ones. */
static void some_number(struct versus *v, const EC_GROUP *g, uint8_t *x, size_t octets)
{
    BIGNUM *n = BN_dup(EC_GROUP_get0_order(g));
    if (one_time_in(v, 2))
        edge_octets(v, x, octets);
    else {
        BN_add_word(n, dice(v, 4));
        BN_sub_word(n, dice(v, 4));
        BN_bn2binpad(n, x, (int)octets);
    }
    BN_free(n);
}

static void try_ecdsa_verify(struct versus *v, int kind)
{
    const EC_GROUP *g = group_of(kind);
    const struct curve *c = key_curve((enum key_kind)kind);
    /* A digest to our liking is as long as the order, so that all of it counts; for P-521, 66 octets, none is. */
    const enum hash_kind hash = kind == KEY_P256 ? HASH_SHA256 : kind == KEY_P384 ? HASH_SHA384 : HASH_SHA512;
    const size_t n = hash_size(hash);
    uint8_t scalar[CURVE_SCALAR_MAX], point[CURVE_POINT_MAX], digest[CURVE_SCALAR_MAX], r[CURVE_SCALAR_MAX],
        s[CURVE_SCALAR_MAX];
    EC_KEY *key = some_key(v, kind, scalar, point);
    const uint64_t way = kind == KEY_P521 ? 0 : dice(v, 4);
    if (way == 1 && sign_beyond_order(v, g, key, digest, r, s, c->octets))
        point_octets(g, EC_KEY_get0_public_key(key), point);
    else if (way < 2 || !some_sum(v, g, key, digest, r, s, c->octets)) {
        edge_octets(v, digest, n);
        their_signature(key, digest, n, r, s, c->octets);
    }
    switch (dice(v, 12)) {
    case 0: flip_a_bit(v, digest, n); break;
    case 1: flip_a_bit(v, r, c->octets); break;
    case 2: flip_a_bit(v, s, c->octets); break;
    case 3: some_number(v, g, r, c->octets); break;
    case 4: some_number(v, g, s, c->octets); break;
    }
    note(v, "point", point, 1 + 2 * c->octets);
    note(v, "digest", digest, n);
    note(v, "r", r, c->octets);
    note(v, "s", s, c->octets);
    const bool good = they_verify(key, digest, n, r, s, c->octets);
    for (EACH_FORM(v, i))
        must(v, ecdsa_verify(c, point, hash, digest, r, s, &v->forms.cpu[i]) == good, good ? "refused" : "accepted");
    EC_KEY_free(key);
}

/* --- The curves of Bernstein --- */

/* u = 0, 1, points of small order, the prime and about it. */
static void some_u(struct versus *v, uint8_t u[32])
{
    static const uint8_t small[][32] = {
        { 0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
          0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00 },
        { 0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b,
          0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57 },
    };
    edge_octets(v, u, 32);
    switch (dice(v, 8)) {
    case 0: memset(u, 0, 32); u[0] = (uint8_t)dice(v, 20); break;
    case 1: memset(u, 0xff, 32); u[0] = (uint8_t)(0xe0 + dice(v, 32)); u[31] = (uint8_t)(0x7f + 0x80 * dice(v, 2)); break;
    case 2: if (one_time_in(v, 8)) memcpy(u, small[dice(v, 2)], 32); break;
    }
}

static void try_x25519(struct versus *v, int kind)
{
    (void)kind;
    uint8_t scalar[32], u[32], public[32], secret[32] = { 0 }, mine[32];
    size_t n = 32;
    edge_octets(v, scalar, 32);
    some_u(v, u);
    note(v, "scalar", scalar, 32);
    note(v, "u", u, 32);
    EVP_PKEY *ours = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, scalar, 32),
             *theirs = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, u, 32);
    EVP_PKEY_get_raw_public_key(ours, public, &n);
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(ours, NULL);
    EVP_PKEY_derive_init(c);
    EVP_PKEY_derive_set_peer(c, theirs);
    const bool good = EVP_PKEY_derive(c, secret, &n) == 1;
    for (EACH_FORM(v, i)) {
        x25519_public(scalar, mine, &v->forms.cpu[i]);
        must_same(v, mine, public, 32, "public value");
        must(v, x25519_shared(scalar, u, mine, &v->forms.cpu[i]) == good, "whether there is a secret");
        if (good)
            must_same(v, mine, secret, 32, "secret");
    }
    ERR_clear_error();
    EVP_PKEY_CTX_free(c);
    EVP_PKEY_free(ours);
    EVP_PKEY_free(theirs);
}

static bool they_verify_ed25519(const uint8_t *key, const uint8_t *text, size_t n, const uint8_t *sig)
{
    EVP_PKEY *public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    const bool good = public && EVP_DigestVerifyInit(c, NULL, NULL, NULL, public) == 1
                      && EVP_DigestVerify(c, sig, 64, text, n) == 1;
    ERR_clear_error();
    EVP_MD_CTX_free(c);
    EVP_PKEY_free(public);
    return good;
}

/* s + L: the same modulo the order L of the group (RFC 8032 §5.1.7: s is below L). */
static void add_order(uint8_t s[32])
{
    static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9,
                                       0xde, 0x14, [31] = 0x10 };
    for (unsigned i = 0, carry = 0; i < 32; i++) {
        carry += (unsigned)s[i] + order[i];
        s[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

static void try_ed25519(struct versus *v, int kind)
{
    (void)kind;
    static uint8_t text[2000];
    uint8_t seed[32], key[32], mine[64], sig[64], made[32];
    size_t n = edge_length(v, sizeof text, 128), sig_n = sizeof sig, key_n = sizeof key;
    edge_octets(v, seed, sizeof seed);
    edge_octets(v, text, n);
    note(v, "seed", seed, sizeof seed);
    note(v, "text", text, n);
    EVP_PKEY *theirs = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    EVP_PKEY_get_raw_public_key(theirs, key, &key_n);
    EVP_DigestSignInit(c, NULL, NULL, NULL, theirs);
    EVP_DigestSign(c, sig, &sig_n, text, n);
    EVP_MD_CTX_free(c);
    EVP_PKEY_free(theirs);
    ed25519_public(seed, made);
    must_same(v, made, key, 32, "public key");
    ed25519_sign(seed, text, n, mine);
    must_same(v, mine, sig, 64, "signature");
    must(v, ed25519_verify(key, text, n, sig), "a good signature is refused");
    switch (dice(v, 5)) {
    case 0: flip_a_bit(v, sig, 32); break;
    case 1: flip_a_bit(v, sig + 32, 32); break;
    case 2: flip_a_bit(v, key, 32); break;
    case 3: add_order(sig + 32); break;
    default: text[n++] ^= 1; break;
    }
    note(v, "signature", sig, sizeof sig);
    note(v, "key", key, sizeof key);
    must(v, ed25519_verify(key, text, n, sig) == they_verify_ed25519(key, text, n, sig), "another verdict than theirs");
}

const struct versus_row versus_curves[] = {
    { "ecdh-p256", try_ecdh, form_ecdh, KEY_P256, 300 },
    { "ecdh-p384", try_ecdh, form_ecdh, KEY_P384, 100 },
    { "ecdh-p521", try_ecdh, form_ecdh, KEY_P521, 60 },
    { "order-p256", try_order, form_key, KEY_P256, 1000 },
    { "order-p384", try_order, form_key, KEY_P384, 1000 },
    { "order-p521", try_order, form_key, KEY_P521, 1000 },
    { "ecdsa-sign-p256", try_ecdsa_sign, form_key, KEY_P256, 300 },
    { "ecdsa-sign-p384", try_ecdsa_sign, form_key, KEY_P384, 100 },
    { "ecdsa-sign-p521", try_ecdsa_sign, form_key, KEY_P521, 60 },
    { "ecdsa-verify-p256", try_ecdsa_verify, form_key, KEY_P256, 300 },
    { "ecdsa-verify-p384", try_ecdsa_verify, form_key, KEY_P384, 100 },
    { "ecdsa-verify-p521", try_ecdsa_verify, form_key, KEY_P521, 60 },
    { "x25519", try_x25519, form_exchange, EXCHANGE_X25519, 1000 },
    { "ed25519", try_ed25519, form_key, KEY_ED25519, 1000 },
    { NULL, NULL, NULL, 0, 0 }
};
