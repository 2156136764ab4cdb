/* Numbers: products and powers, RSA in all that TLS does with it, Diffie and Hellman modulo a prime. */
#define OPENSSL_API_COMPAT 0x10100000L
#include "crypto/bignum.h"
#include "crypto/exchange.h"
#include "crypto/rsa_make.h"
#include "crypto/rsa_number.h"
#include "crypto/sign.h"
#include "tests/lib/chance.h"
#include "tests/versus/crypto.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OCTETS = 8 * BN_LIMBS };

static BN_CTX *context(void)
{
    static BN_CTX *c;
    return c ? c : (c = BN_CTX_new());
}

static BIGNUM *number(const uint8_t *octets, size_t n) { return BN_bin2bn(octets, (int)n, NULL); }

/* --- Arithmetic --- */

/* Mostly few limbs. */
static size_t some_limbs(struct versus *v, size_t most)
{
    return 1 + (size_t)dice(v, one_time_in(v, 4) ? most : one_time_in(v, 2) ? most / 2 : most / 4 ? most / 4 : 1);
}

static void try_product(struct versus *v, int kind)
{
    (void)kind;
    const size_t n = some_limbs(v, BN_LIMBS), m = some_limbs(v, BN_LIMBS);
    uint8_t a[OCTETS], b[OCTETS], want[2 * OCTETS], have[2 * OCTETS];
    uint64_t x[BN_LIMBS], y[BN_LIMBS], z[2 * BN_LIMBS];
    edge_octets(v, a, 8 * n);
    edge_octets(v, b, 8 * m);
    note(v, "a", a, 8 * n);
    note(v, "b", b, 8 * m);
    BIGNUM *p = number(a, 8 * n), *q = number(b, 8 * m);
    BN_mul(p, p, q, context());
    BN_bn2binpad(p, want, (int)(8 * (n + m)));
    bn_read(x, n, a, 8 * n);
    bn_read(y, m, b, 8 * m);
    bn_mul(z, x, n, y, m);
    bn_write(z, n + m, have, 8 * (n + m));
    must_same(v, have, want, 8 * (n + m), "product");
    BN_free(p);
    BN_free(q);
}

struct remainders { uint8_t n[OCTETS], a[OCTETS], b[OCTETS], e[OCTETS]; size_t size, e_limbs; uint64_t small; };

/* What must come out of a, b and e modulo n, in order: product, square, sum, difference, power, small power. */
static void their_remainders(const struct remainders *r, uint8_t want[6][OCTETS])
{
    BIGNUM *n = number(r->n, r->size), *a = number(r->a, r->size), *b = number(r->b, r->size),
           *e = number(r->e, 8 * r->e_limbs), *x = BN_new();
    for (int i = 0; i < 6; i++) {
        switch (i) {
        case 0: BN_mod_mul(x, a, b, n, context()); break;
        case 1: BN_mod_sqr(x, a, n, context()); break;
        case 2: BN_mod_add(x, a, b, n, context()); break;
        case 3: BN_mod_sub(x, a, b, n, context()); break;
        case 4: BN_mod_exp(x, a, e, n, context()); break;
        default: BN_set_word(e, r->small); BN_mod_exp(x, a, e, n, context()); break;
        }
        BN_bn2binpad(x, want[i], (int)r->size);
    }
    BIGNUM *const all[] = { n, a, b, e, x };
    for (size_t i = 0; i < 5; i++)
        BN_free(all[i]);
}

static void our_remainders(struct versus *v, const struct remainders *r, const struct bn_mod *m,
                           const uint8_t want[6][OCTETS])
{
    static const char *const names[] = { "product", "square", "sum", "difference", "power", "small power" };
    uint64_t a[BN_LIMBS], b[BN_LIMBS], e[BN_LIMBS], x[BN_LIMBS];
    uint8_t have[OCTETS];
    bn_read(a, m->limbs, r->a, r->size);
    bn_read(b, m->limbs, r->b, r->size);
    bn_read(e, r->e_limbs, r->e, 8 * r->e_limbs);
    bn_mod_in(m, a, a, m->limbs);
    bn_mod_in(m, b, b, m->limbs);
    for (int i = 0; i < 6; i++) {
        switch (i) {
        case 0: bn_mod_mul(m, x, a, b); break;
        case 1: bn_mod_square(m, x, a); break;
        case 2: bn_mod_add(m, x, a, b); break;
        case 3: bn_mod_sub(m, x, a, b); break;
        case 4: bn_mod_exp(m, x, a, e, r->e_limbs); break;
        default: bn_mod_exp_public(m, x, a, r->small); break;
        }
        bn_mod_out(m, x, x);
        bn_write(x, m->limbs, have, r->size);
        must_same(v, have, want[i], r->size, names[i]);
    }
}

/* Modulo any odd number of any number of limbs; the highest may be short of bits. */
static void try_remainders(struct versus *v, int kind)
{
    (void)kind;
    static struct remainders r;
    static struct bn_mod m;
    static uint8_t want[6][OCTETS];
    uint64_t n[BN_LIMBS];
    const size_t limbs = some_limbs(v, BN_LIMBS);
    r.size = 8 * limbs;
    edge_octets(v, r.n, r.size);
    r.n[r.size - 1] |= 1;
    r.n[0] |= one_time_in(v, 2) ? 0x80 : 1;
    BIGNUM *modulus = number(r.n, r.size);
    edge_below(v, modulus, r.a, r.size);
    edge_below(v, modulus, r.b, r.size);
    r.e_limbs = 1 + (size_t)dice(v, one_time_in(v, 10) ? limbs : 2);
    r.small = 1 + dice(v, one_time_in(v, 2) ? 20 : 1 << 20);
    edge_octets(v, r.e, 8 * r.e_limbs);
    note(v, "n", r.n, r.size);
    note(v, "a", r.a, r.size);
    note(v, "b", r.b, r.size);
    note(v, "e", r.e, 8 * r.e_limbs);
    note(v, "small e", &r.small, sizeof r.small);
    their_remainders(&r, want);
    bn_read(n, limbs, r.n, r.size);
    const size_t floor = bn_bits_public(n, limbs) - 1;
    for (EACH_FORM(v, i)) {
        bn_mod_set(&m, n, limbs, floor - (floor ? (size_t)dice(v, 64) % floor : 0), &v->forms.cpu[i]);
        our_remainders(v, &r, &m, (const uint8_t(*)[OCTETS])want);
        bn_mod_set_public(&m, n, limbs, &v->forms.cpu[i]);
        our_remainders(v, &r, &m, (const uint8_t(*)[OCTETS])want);
    }
    BN_free(modulus);
}

/* --- RSA keys: those of rsa-keys.txt, which have odd sizes, and some of our own; the small ones often --- */

enum { KEYS = 24 };
static struct pair { struct rsa_private ours; RSA *theirs; } keys[KEYS];
static size_t n_keys;

static RSA *their_key(const struct rsa_private *k)
{
    RSA *rsa = RSA_new();
    BIGNUM *p = number(k->p, k->half), *q = number(k->q, k->half), *e = number(k->pub.e, k->pub.e_size), *d = BN_new(),
           *p1 = BN_dup(p), *q1 = BN_dup(q);
    BN_sub_word(p1, 1);
    BN_sub_word(q1, 1);
    BN_mul(p1, p1, q1, context());
    BN_mod_inverse(d, e, p1, context());
    RSA_set0_key(rsa, number(k->pub.n, k->pub.n_size), e, d);
    RSA_set0_factors(rsa, p, q);
    RSA_set0_crt_params(rsa, number(k->dp, k->half), number(k->dq, k->half), number(k->qinv, k->half));
    BN_free(p1);
    BN_free(q1);
    return rsa;
}

/* The hex digits in a word of the file, as n octets, or, n being 0, as many as the number has; how many. */
static size_t put_number(const char *word, uint8_t *out, size_t n)
{
    BIGNUM *x = NULL;
    BN_hex2bn(&x, word);
    n = n ? n : (size_t)BN_num_bytes(x);
    BN_bn2binpad(x, out, (int)n);
    BN_free(x);
    return n;
}

/* bits n e d p q dp dq qinv, in words, and a remark. */
static void read_keys(const char *path)
{
    enum { BITS, N, E, D, P, Q, DP, DQ, QINV, WORDS };
    static char line[8192];
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f) && n_keys < KEYS) {
        char *words[WORDS] = { strtok(line, " ") };
        struct rsa_private *k = &keys[n_keys].ours;
        for (size_t i = 1; i < WORDS && words[i - 1]; i++)
            words[i] = strtok(NULL, " ");
        if (!words[QINV] || atoi(words[BITS]) == 0)
            continue;
        const size_t p = strlen(words[P]), q = strlen(words[Q]);
        k->half = (p > q ? p : q) / 2;
        k->pub.n_size = put_number(words[N], k->pub.n, 0);
        k->pub.e_size = put_number(words[E], k->pub.e, 0);
        uint8_t *const parts[] = { k->p, k->q, k->dp, k->dq, k->qinv };
        for (size_t i = 0; i < 5; i++)
            put_number(words[P + i], parts[i], k->half);
        n_keys++;
    }
    if (f)
        fclose(f);
}

static int by_size(const void *a, const void *b)
{
    const size_t n = ((const struct pair *)a)->ours.pub.n_size, m = ((const struct pair *)b)->ours.pub.n_size;
    return n < m ? -1 : n > m;
}

static void make_keys(void)
{
    static const unsigned bits[] = { 1024, 1152, 1280, 1536, 1664, 2048, 2048, 2176, 3072 };
    struct test_chance c = test_chance(9);
    read_keys("tests/vectors/rsa-keys.txt");
    for (size_t i = 0; i < sizeof bits / sizeof *bits && n_keys < KEYS; i++)
        if (rsa_make(&keys[n_keys].ours, bits[i], &c.chance, NULL))
            n_keys++;
    for (size_t i = 0; i < n_keys; i++)
        keys[i].theirs = their_key(&keys[i].ours);
    qsort(keys, n_keys, sizeof *keys, by_size);
}

static const struct pair *some_key(struct versus *v)
{
    if (!n_keys)
        make_keys();
    const size_t i = (size_t)dice(v, n_keys), j = (size_t)dice(v, n_keys), k = (size_t)dice(v, n_keys),
                 least = i < j ? i : j;
    const struct pair *key = &keys[least < k ? least : k];
    note(v, "n", key->ours.pub.n, key->ours.pub.n_size);
    note(v, "e", key->ours.pub.e, key->ours.pub.e_size);
    return key;
}

static int nid_of(enum hash_kind hash)
{
    static const int nids[] = { NID_sha1, NID_sha256, NID_sha384, NID_sha512 };
    return nids[hash];
}

static const EVP_MD *md_of(enum hash_kind hash) { return EVP_get_digestbynid(nid_of(hash)); }

/* --- RSA --- */

/* Any odd modulus that is allowed, any exponent: only the power counts. */
static void try_raise(struct versus *v, int kind)
{
    (void)kind;
    static struct rsa_public k;
    static const uint8_t exponents[][5] = { { 0, 0, 0, 0, 3 }, { 0, 0, 1, 0, 1 }, { 0, 0, 0, 0, 17 }, { 1, 0, 0, 0, 1 } };
    uint8_t in[RSA_MAX], want[RSA_MAX], have[RSA_MAX];
    k = (struct rsa_public){ .n_size = 128 + (size_t)dice(v, one_time_in(v, 3) ? 385 : 130) };
    edge_octets(v, k.n, k.n_size);
    k.n[0] |= (uint8_t)(1 << dice(v, 8));
    k.n[k.n_size - 1] |= 1;
    const uint8_t *e = exponents[dice(v, 4)];
    for (size_t i = 0; i < 5; i++)
        if (k.e_size || e[i])
            k.e[k.e_size++] = e[i];
    const bool known = rsa_public_valid(&k);           /* 1024 bits or more: the first octet may be short of some */
    BIGNUM *n = number(k.n, k.n_size), *power = number(k.e, k.e_size), *x = BN_new();
    if (one_time_in(v, 10))
        edge_octets(v, in, k.n_size);                  /* perhaps above n */
    else
        edge_below(v, n, in, k.n_size);
    note(v, "n", k.n, k.n_size);
    note(v, "e", k.e, k.e_size);
    note(v, "in", in, k.n_size);
    BN_bin2bn(in, (int)k.n_size, x);
    const bool below = BN_cmp(x, n) < 0;
    BN_mod_exp(x, x, power, n, context());
    BN_bn2binpad(x, want, (int)k.n_size);
    for (EACH_FORM(v, i)) {
        if (!known)
            break;
        const bool said = ct_tell(rsa_raise(&k, in, have, &v->forms.cpu[i]));
        must(v, said == below, "whether it is below n");
        if (below)
            must_same(v, have, want, k.n_size, "power");
    }
    BN_free(n);
    BN_free(power);
    BN_free(x);
}

static void try_undo(struct versus *v, int kind)
{
    (void)kind;
    const struct pair *key = some_key(v);
    const size_t n = key->ours.pub.n_size;
    uint8_t in[RSA_MAX], want[RSA_MAX], have[RSA_MAX];
    edge_below(v, RSA_get0_n(key->theirs), in, n);
    note(v, "in", in, n);
    RSA_private_decrypt((int)n, in, want, key->theirs, RSA_NO_PADDING);
    for (EACH_FORM(v, i)) {
        must(v, ct_tell(rsa_undo(&key->ours, same_chance(v, i), in, have, &v->forms.cpu[i])), "no answer");
        must_same(v, have, want, n, "answer");
    }
}

/* A padded digest, signed by libcrypto; one octet of the padding may be another. */
static void their_signature(struct versus *v, const struct pair *key, enum sign_kind scheme, enum hash_kind hash,
                            const uint8_t *digest, uint8_t *sig)
{
    static uint8_t em[RSA_MAX];
    const size_t n = key->ours.pub.n_size;
    if (scheme == SIGN_PSS)
        RSA_padding_add_PKCS1_PSS_mgf1(key->theirs, em, digest, md_of(hash), md_of(hash), RSA_PSS_SALTLEN_DIGEST);
    else {
        unsigned sig_n;
        RSA_sign(nid_of(hash), digest, (unsigned)hash_size(hash), sig, &sig_n, key->theirs);
        RSA_public_decrypt((int)n, sig, em, key->theirs, RSA_NO_PADDING);
    }
    if (one_time_in(v, 3))
        flip_a_bit(v, em + 1, n - 1);
    if (RSA_private_encrypt((int)n, em, sig, key->theirs, RSA_NO_PADDING) <= 0)
        memset(sig, 0, n);
    if (one_time_in(v, 10))
        flip_a_bit(v, sig, n);
}

static bool they_accept(const struct pair *key, enum sign_kind scheme, enum hash_kind hash, const uint8_t *digest,
                        const uint8_t *sig)
{
    static uint8_t em[RSA_MAX];
    const size_t n = key->ours.pub.n_size;
    bool good = scheme == SIGN_PKCS1
                    ? RSA_verify(nid_of(hash), digest, (unsigned)hash_size(hash), sig, (unsigned)n, key->theirs) == 1
                    : RSA_public_decrypt((int)n, sig, em, key->theirs, RSA_NO_PADDING) > 0
                          && RSA_verify_PKCS1_PSS_mgf1(key->theirs, digest, md_of(hash), md_of(hash), em,
                                                       RSA_PSS_SALTLEN_DIGEST) == 1;
    ERR_clear_error();
    return good;
}

static void try_verify(struct versus *v, int kind)
{
    const enum sign_kind scheme = (enum sign_kind)kind;
    const struct pair *key = some_key(v);
    enum hash_kind hash = (enum hash_kind)dice(v, 4);
    const size_t n = key->ours.pub.n_size;
    uint8_t digest[HASH_MAX], sig[RSA_MAX];
    if (scheme == SIGN_PSS && hash == HASH_SHA512 && n < 2 * HASH_MAX + 4)
        hash = HASH_SHA256;                            /* no room for two digests */
    edge_octets(v, digest, hash_size(hash));
    their_signature(v, key, scheme, hash, digest, sig);
    note(v, "digest", digest, hash_size(hash));
    note(v, "signature", sig, n);
    const bool good = they_accept(key, scheme, hash, digest, sig);
    for (EACH_FORM(v, i))
        must(v, (scheme == SIGN_PSS ? rsa_verify_pss : rsa_verify)(&key->ours.pub, hash, digest, sig, n,
                                                                  &v->forms.cpu[i]) == good,
             good ? "refused" : "accepted");
}

static void try_sign(struct versus *v, int kind)
{
    const enum sign_kind scheme = (enum sign_kind)kind;
    const struct pair *key = some_key(v);
    const enum hash_kind hash = (enum hash_kind)dice(v, 3);
    const size_t n = key->ours.pub.n_size;
    uint8_t digest[HASH_MAX], sig[RSA_MAX], first[RSA_MAX];
    edge_octets(v, digest, hash_size(hash));
    note(v, "digest", digest, hash_size(hash));
    for (EACH_FORM(v, i)) {
        must(v, (scheme == SIGN_PSS ? rsa_sign_pss : rsa_sign)(&key->ours, same_chance(v, 0), hash, digest,
                                                               i ? sig : first, &v->forms.cpu[i]), "no signature");
        if (i > 0)
            must_same(v, sig, first, n, "not that of the portable form");
        else
            must(v, they_accept(key, scheme, hash, digest, first), "they refuse our signature");
    }
}

/* --- The RSA key exchange --- */

enum { PREMASTER = 48, TLS_1_2 = 0x0303 };

/* As RFC 5246 §7.4.7.1 wants it, or with something wrong: whether it is sound is found by its octets alone. */
static void some_padded(struct versus *v, uint8_t *em, size_t n)
{
    dice_octets(v, em, n);
    for (size_t i = 0; i < n; i++)
        em[i] |= em[i] == 0;
    em[0] = 0;
    em[1] = 2;
    em[n - PREMASTER - 1] = 0;
    em[n - PREMASTER] = em[n - PREMASTER + 1] = 3;
    edge_octets(v, em + n - PREMASTER + 2, PREMASTER - 2);
    switch (dice(v, 8)) {
    case 0: em[1 + dice(v, n - 1)] = 0; break;
    case 1: em[1] = (uint8_t)dice(v, 4); break;
    case 2: em[n - PREMASTER - 1] = 1; break;
    case 3: em[n - PREMASTER + dice(v, 2)] ^= (uint8_t)(1 << dice(v, 3)); break;
    case 4: em[2 + dice(v, 10)] = 0; break;
    case 5: memset(em + 2, 0, n - PREMASTER - 2); break;
    }
}

static bool sound(const uint8_t *em, size_t n)
{
    bool good = em[0] == 0 && em[1] == 2 && em[n - PREMASTER - 1] == 0 && em[n - PREMASTER] == 3 && em[n - PREMASTER + 1] == 3;
    for (size_t i = 2; i < n - PREMASTER - 1; i++)
        good = good && em[i] != 0;
    return good;
}

static void try_premaster(struct versus *v, int kind)
{
    (void)kind;
    const struct pair *key = some_key(v);
    const size_t n = key->ours.pub.n_size;
    uint8_t em[RSA_MAX], in[RSA_MAX], secret[2][PREMASTER];
    some_padded(v, em, n);
    note(v, "padded", em, n);
    must(v, RSA_public_encrypt((int)n, em, in, key->theirs, RSA_NO_PADDING) > 0, "they do not encrypt");
    for (EACH_FORM(v, i)) {
        must(v, rsa_decrypt_premaster(&key->ours, same_chance(v, 0), TLS_1_2, in, n, secret[i > 0], &v->forms.cpu[i]),
             "refused");
        must_same(v, secret[i > 0], secret[0], PREMASTER, "not that of the portable form");
        must(v, (memcmp(secret[i > 0], em + n - PREMASTER, PREMASTER) == 0) == sound(em, n),
             sound(em, n) ? "not the secret" : "the secret out of a bad padding");
    }
}

static void try_encrypt(struct versus *v, int kind)
{
    (void)kind;
    const struct pair *key = some_key(v);
    const size_t n = key->ours.pub.n_size, size = (size_t)dice(v, n - 10);
    uint8_t data[RSA_MAX], em[RSA_MAX], out[RSA_MAX], back[RSA_MAX];
    edge_octets(v, data, size);
    note(v, "data", data, size);
    for (EACH_FORM(v, i)) {
        must(v, rsa_encrypt(&key->ours.pub, same_chance(v, 0), data, size, em, out, &v->forms.cpu[i]), "not encrypted");
        if (i == 0)
            must(v, RSA_private_decrypt((int)n, out, back, key->theirs, RSA_PKCS1_PADDING) == (int)size
                        && memcmp(back, data, size) == 0, "they cannot read it");
        must(v, RSA_public_encrypt((int)n, em, back, key->theirs, RSA_NO_PADDING) > 0, "they do not encrypt");
        must_same(v, out, back, n, "power");
    }
}

/* --- Diffie and Hellman --- */

static void try_dh(struct versus *v, int way)
{
    const enum exchange group = (enum exchange)way;
    const size_t n = exchange_public_size(group), scalar_n = exchange_scalar_size(group);
    uint8_t scalar[EXCHANGE_SCALAR_MAX], value[EXCHANGE_PUBLIC_MAX], public[EXCHANGE_PUBLIC_MAX],
        secret[EXCHANGE_SECRET_MAX], mine[EXCHANGE_SECRET_MAX];
    BIGNUM *p = number(exchange_prime(group), n), *x = BN_new();
    edge_octets(v, scalar, scalar_n);
    edge_below(v, p, value, n);
    if (one_time_in(v, 20))
        edge_octets(v, value, n);
    note(v, "exponent", scalar, scalar_n);
    note(v, "value", value, n);
    BIGNUM *e = number(scalar, scalar_n), *their = number(value, n);
    BN_set_word(x, 2);
    BN_mod_exp(x, x, e, p, context());
    BN_bn2binpad(x, public, (int)n);
    BN_mod_exp(x, their, e, p, context());
    BN_bn2binpad(x, secret, (int)n);
    BN_copy(x, p);
    BN_sub_word(x, 1);
    const bool good = BN_cmp(their, x) < 0 && BN_num_bits(their) > 1;       /* 2 .. p - 2 */
    for (EACH_FORM(v, i)) {
        must(v, exchange_public(group, scalar, mine, &v->forms.cpu[i]), "no public value");
        must_same(v, mine, public, n, "public value");
        must(v, exchange_shared(group, scalar, value, n, mine, &v->forms.cpu[i]) == good, "whether there is a secret");
        if (good)
            must_same(v, mine, secret, n, "secret");
    }
    BIGNUM *const all[] = { p, x, e, their };
    for (size_t i = 0; i < 4; i++)
        BN_free(all[i]);
}

const struct versus_row versus_numbers[] = {
    { "product", try_product, form_number, 0, 1000 },
    { "remainders", try_remainders, form_number, 0, 500 },
    { "rsa-raise", try_raise, form_key, KEY_RSA, 500 },
    { "rsa-undo", try_undo, form_key, KEY_RSA, 60 },
    { "rsa-verify-pkcs1", try_verify, form_rsa, SIGN_PKCS1, 100 },
    { "rsa-verify-pss", try_verify, form_rsa, SIGN_PSS, 100 },
    { "rsa-sign-pkcs1", try_sign, form_rsa, SIGN_PKCS1, 60 },
    { "rsa-sign-pss", try_sign, form_rsa, SIGN_PSS, 60 },
    { "rsa-premaster", try_premaster, form_key, KEY_RSA, 60 },
    { "rsa-encrypt", try_encrypt, form_key, KEY_RSA, 60 },
    { NULL, NULL, NULL, 0, 0 }
};

const struct versus_row versus_groups[] = {
    { "ffdhe2048", try_dh, form_exchange, EXCHANGE_FFDHE2048, 40 },
    { "ffdhe3072", try_dh, form_exchange, EXCHANGE_FFDHE3072, 20 },
    { "ffdhe4096", try_dh, form_exchange, EXCHANGE_FFDHE4096, 10 },
    { "modp2048", try_dh, form_exchange, EXCHANGE_MODP2048, 20 },
    { "modp3072", try_dh, form_exchange, EXCHANGE_MODP3072, 10 },
    { "modp4096", try_dh, form_exchange, EXCHANGE_MODP4096, 10 },
    { NULL, NULL, NULL, 0, 0 }
};
