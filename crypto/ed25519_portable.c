/* Ed25519 (RFC 8032 §5.1), portable, in little room: for a build that has no libsodium (crypto/cpu.h). Points are added
 * by one formula that is right for all of them, and multiplied a bit at a time. */
#include "crypto/bignum.h"
#include "crypto/ed25519_form.h"
#include "crypto/field25519.h"
#include "crypto/hash.h"
#include "crypto/octets.h"

#include <sodium.h>
#include <string.h>

enum { HALF = 32, WORDS = 4 };

/* --- Numbers modulo the order L of the base point --- */

static const uint64_t order[WORDS] = { 0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000 };

static void add_mod(uint64_t x[WORDS], const uint64_t a[WORDS])
{
    uint64_t less[WORDS];
    bn_add(x, x, a, WORDS);
    ct_mask below = (ct_mask)0 - bn_sub(less, x, order, WORDS);
    bn_copy_if(~below, x, less, WORDS);
    sodium_memzero(less, sizeof less);
}

static ct_mask bit_of(const uint8_t *octets, size_t i) { return ct_nonzero(octets[i / 8] >> i % 8 & 1); }

/* x = octets a, the octets being a number of any size, lowest first; a is below L. */
static void multiply_mod(uint64_t x[WORDS], const uint8_t *octets, size_t n, const uint64_t a[WORDS])
{
    uint64_t sum[WORDS] = { 0 }, more[WORDS];
    for (size_t i = 8 * n; i-- > 0;) {
        add_mod(sum, sum);
        memcpy(more, sum, sizeof more);
        add_mod(more, a);
        bn_copy_if(bit_of(octets, i), sum, more, WORDS);
    }
    memcpy(x, sum, sizeof sum);
    sodium_memzero(sum, sizeof sum);
    sodium_memzero(more, sizeof more);
}

static void number_write(const uint64_t a[WORDS], uint8_t octets[HALF])
{
    for (unsigned i = 0; i < WORDS; i++)
        store_le64(octets + 8 * i, a[i]);
}

/* SHA-512 of the parts as a number modulo L. */
struct part { const void *at; size_t n; };

static void hash_number(const struct part part[3], uint8_t octets[HALF])
{
    static const uint64_t one[WORDS] = { 1 };
    uint8_t digest[HASH_MAX];
    uint64_t number[WORDS];
    struct hash h;
    hash_start(&h, HASH_SHA512, NULL);
    for (int i = 0; i < 3; i++)
        hash_add(&h, part[i].at, part[i].n);
    hash_end(&h, digest);
    multiply_mod(number, digest, sizeof digest, one);
    number_write(number, octets);
    sodium_memzero(digest, sizeof digest);
    sodium_memzero(number, sizeof number);
}

/* --- Points: x = X/Z, y = Y/Z, x y = T/Z (§5.1.4) --- */

struct point { struct f25519 x, y, z, t; };
static const struct f25519 zero, one = { { 1 } };
static const struct point neutral = { .y = { { 1 } }, .z = { { 1 } } };

/* d = -121665/121666 */
static const uint8_t d_octets[HALF] = {
    0xa3, 0x78, 0x59, 0x13, 0xca, 0x4d, 0xeb, 0x75, 0xab, 0xd8, 0x41, 0x41, 0x4d, 0x0a, 0x70, 0x00,
    0x98, 0xe8, 0x79, 0x77, 0x79, 0x40, 0xc7, 0x8c, 0x73, 0xfe, 0x6f, 0x2b, 0xee, 0x6c, 0x03, 0x52 };

static void point_add(struct point *sum, const struct point *p, const struct point *q)
{
    struct { struct f25519 a, b, c, d, e; } t;
    f25519_sub(&t.a, &p->y, &p->x);
    f25519_sub(&t.e, &q->y, &q->x);
    f25519_mul(&t.a, &t.a, &t.e);
    f25519_add(&t.b, &p->y, &p->x);
    f25519_add(&t.e, &q->y, &q->x);
    f25519_mul(&t.b, &t.b, &t.e);
    f25519_read(&t.e, d_octets);
    f25519_mul(&t.c, &p->t, &q->t);
    f25519_mul(&t.c, &t.c, &t.e);
    f25519_add(&t.c, &t.c, &t.c);
    f25519_mul(&t.d, &p->z, &q->z);
    f25519_add(&t.d, &t.d, &t.d);
    f25519_sub(&t.e, &t.b, &t.a);                      /* E */
    f25519_add(&t.b, &t.b, &t.a);                      /* H */
    f25519_sub(&t.a, &t.d, &t.c);                      /* F */
    f25519_add(&t.d, &t.d, &t.c);                      /* G */
    f25519_mul(&sum->x, &t.e, &t.a);
    f25519_mul(&sum->y, &t.d, &t.b);
    f25519_mul(&sum->t, &t.e, &t.b);
    f25519_mul(&sum->z, &t.a, &t.d);
    sodium_memzero(&t, sizeof t);
}

static void point_multiply(struct point *x, const uint8_t number[HALF], const struct point *p)
{
    struct point product = neutral, more;
    for (size_t i = 8 * HALF; i-- > 0;) {
        point_add(&product, &product, &product);
        point_add(&more, &product, p);
        ct_copy_if(bit_of(number, i), &product, &more, sizeof product);
    }
    *x = product;
    sodium_memzero(&product, sizeof product);
    sodium_memzero(&more, sizeof more);
}

/* §5.1.2: y, and the lowest bit of x above it. */
static void point_write(const struct point *p, uint8_t octets[HALF])
{
    struct { struct f25519 inverse, x, y; uint8_t octets[HALF]; } t;
    f25519_invert(&t.inverse, &p->z);
    f25519_mul(&t.x, &p->x, &t.inverse);
    f25519_mul(&t.y, &p->y, &t.inverse);
    f25519_write(&t.x, t.octets);
    f25519_write(&t.y, octets);
    octets[HALF - 1] |= (uint8_t)(t.octets[0] << 7);
    sodium_memzero(&t, sizeof t);
}

/* §5.1.3, of public octets: x = u v³ (u v⁷)^((p-5)/8) is a root of u/v, or one times the root of -1 = 2^((p-1)/2), or
 * there is none. False: there is none, or y is not in its one form. */
static bool point_read(struct point *p, const uint8_t octets[HALF])
{
    struct f25519 u, v, w, root;
    uint8_t again[HALF];
    f25519_read(&p->y, octets);
    f25519_write(&p->y, again);
    again[HALF - 1] |= octets[HALF - 1] & 0x80;
    f25519_mul(&u, &p->y, &p->y);
    f25519_read(&v, d_octets);
    f25519_mul(&v, &v, &u);
    f25519_add(&v, &v, &one);
    f25519_sub(&u, &u, &one);

    f25519_mul(&w, &v, &v);
    f25519_mul(&w, &w, &v);
    f25519_mul(&root, &u, &w);                         /* u v³ */
    f25519_mul(&w, &w, &root);
    f25519_mul(&w, &w, &v);                            /* u v⁷ */
    f25519_power(&w, &w, 252, 2);
    f25519_mul(&p->x, &root, &w);
    f25519_add(&w, &one, &one);
    f25519_power(&root, &w, 253, 4);                   /* of -1 */

    f25519_mul(&w, &p->x, &p->x);
    f25519_mul(&w, &w, &v);
    if (!ct_tell(f25519_equal(&w, &u))) {
        f25519_mul(&p->x, &p->x, &root);
        f25519_add(&w, &w, &u);
        if (!ct_tell(f25519_equal(&w, &zero)))
            return false;
    }
    p->z = one;
    f25519_mul(&p->t, &p->x, &p->y);
    point_write(p, again);
    if (again[HALF - 1] != octets[HALF - 1]) {
        f25519_sub(&p->x, &zero, &p->x);
        f25519_sub(&p->t, &zero, &p->t);
        point_write(p, again);
    }
    return memcmp(again, octets, HALF) == 0;
}

static void multiply_base(struct point *x, const uint8_t number[HALF])
{
    struct point base;
    uint8_t octets[HALF];
    memset(octets, 0x66, sizeof octets);               /* y = 4/5, x even */
    octets[0] = 0x58;
    point_read(&base, octets);
    point_multiply(x, number, &base);
}

/* Eight times a point is neutral where its order divides 8. */
static bool is_small(const struct point *p)
{
    struct point q = *p;
    for (int i = 0; i < 3; i++)
        point_add(&q, &q, &q);
    return ct_tell(f25519_equal(&q.x, &zero)) && ct_tell(f25519_equal(&q.y, &q.z));
}

/* --- §5.1.5 to §5.1.7 --- */

struct secret { uint8_t scalar[HALF], prefix[HALF]; };

static void open_seed(const uint8_t seed[ED25519_KEY], struct secret *s)
{
    hash_of(HASH_SHA512, seed, ED25519_KEY, s->scalar, NULL);
    s->scalar[0] &= 0xf8;
    s->scalar[HALF - 1] = (uint8_t)((s->scalar[HALF - 1] & 0x7f) | 0x40);
}

static void public_of(const struct secret *s, uint8_t key[ED25519_KEY])
{
    struct point p;
    multiply_base(&p, s->scalar);
    point_write(&p, key);
    sodium_memzero(&p, sizeof p);
}

static void public(const uint8_t seed[ED25519_KEY], uint8_t key[ED25519_KEY])
{
    struct secret s;
    open_seed(seed, &s);
    public_of(&s, key);
    sodium_memzero(&s, sizeof s);
}

static void sign(const uint8_t seed[ED25519_KEY], const void *message, size_t n, uint8_t sig[ED25519_SIGNATURE])
{
    static const uint64_t unit[WORDS] = { 1 };
    struct { struct secret s; uint8_t r[HALF]; uint64_t a[WORDS], sum[WORDS]; struct point p; } t;
    uint8_t key[ED25519_KEY], k[HALF];
    open_seed(seed, &t.s);
    public_of(&t.s, key);
    hash_number((const struct part[3]){ { t.s.prefix, HALF }, { message, n } }, t.r);
    multiply_base(&t.p, t.r);
    point_write(&t.p, sig);
    hash_number((const struct part[3]){ { sig, HALF }, { key, HALF }, { message, n } }, k);
    multiply_mod(t.a, t.s.scalar, HALF, unit);
    multiply_mod(t.sum, k, HALF, t.a);
    multiply_mod(t.a, t.r, HALF, unit);
    add_mod(t.sum, t.a);                               /* S = r + k a */
    number_write(t.sum, sig + HALF);
    sodium_memzero(&t, sizeof t);
}

/* R = S B - k A, in octets: so R, too, has its one form. */
static bool verify(const uint8_t key[ED25519_KEY], const void *message, size_t n, const uint8_t sig[ED25519_SIGNATURE])
{
    struct point a, r;
    uint64_t s[WORDS];
    uint8_t k[HALF], octets[HALF];
    for (unsigned i = 0; i < WORDS; i++)
        s[i] = load_le64(sig + HALF + 8 * i);
    if (!ct_tell(bn_less(s, order, WORDS)) || !point_read(&a, key) || is_small(&a))
        return false;
    hash_number((const struct part[3]){ { sig, HALF }, { key, HALF }, { message, n } }, k);
    f25519_sub(&a.x, &zero, &a.x);
    f25519_sub(&a.t, &zero, &a.t);
    point_multiply(&a, k, &a);
    multiply_base(&r, sig + HALF);
    point_add(&r, &r, &a);
    point_write(&r, octets);
    return memcmp(octets, sig, HALF) == 0 && !is_small(&r);
}

const struct ed25519_form ed25519_portable = { "portable", public, sign, verify };
