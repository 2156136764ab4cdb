/* NIST's test vectors (tests/vectors/nist), RSA Laboratories' and RFC 6979's, in every form that this processor has, each
 * counted: what Wycheproof (wycheproof.c) has not. */
#include "crypto/aes.h"
#include "crypto/prf.h"
#include "crypto/sign.h"
#include "tests/lib/check.h"
#include "tests/lib/forms.h"
#include "tests/lib/rsa_keys.h"

#include <string.h>

enum { ROOM = 8192 };
static uint8_t text[ROOM];

/* How many tests a file has; of those that say so, how many are valid, and how many do not apply. */
struct counts { unsigned tests, valid, beside; };

static enum hash_kind hash_of_test(const struct vectors *v)
{
    enum hash_kind kind = HASH_SHA1;
    while (kind < HASH_SHA512 && !vectors_is(v, "hash", hash_name(kind)))
        kind++;
    return kind;
}

static enum key_kind curve_of_test(const struct vectors *v)
{
    return vectors_is(v, "curve", "P-256") ? KEY_P256 : vectors_is(v, "curve", "P-384") ? KEY_P384 : KEY_P521;
}

/* A judge looks at one test: 1, it is good; 0, it is bad; -1, it does not apply. */
static int judge_hash(const struct vectors *v, const struct cpu *cpu)
{
    uint8_t digest[HASH_MAX];
    const enum hash_kind kind = hash_of_test(v);
    hash_of(kind, text, vectors_hex(v, "message", text, ROOM), digest, cpu);
    check_is_hex(digest, hash_size(kind), vectors_word(v, "digest"));
    return 1;
}

/* FIPS 180's Monte Carlo test: digests of the three digests before, a thousand times a count. */
static int judge_chain(const struct vectors *v, const struct cpu *cpu)
{
    const enum hash_kind kind = hash_of_test(v);
    const size_t n = hash_size(kind);
    uint8_t seed[HASH_MAX], three[3 * HASH_MAX];
    vectors_hex(v, "seed", seed, sizeof seed);
    ck_assert(vectors_is(v, "counts", "100"));
    for (unsigned count = 0; count < 100; count++) {
        for (size_t i = 0; i < 3; i++)
            memcpy(three + i * n, seed, n);
        for (unsigned i = 0; i < 1000; i++) {
            hash_of(kind, three, 3 * n, seed, cpu);
            memmove(three, three + n, 2 * n);
            memcpy(three + 2 * n, seed, n);
        }
        if (count == 0)
            check_is_hex(seed, n, vectors_word(v, "first"));
    }
    check_is_hex(seed, n, vectors_word(v, "last"));
    return 1;
}

static int judge_cbc(const struct vectors *v, const struct cpu *cpu)
{
    struct aes_key k;
    uint8_t key[32], iv[AES_BLOCK];
    const size_t n = vectors_hex(v, "plain", text, ROOM);
    aes_set_key(&k, key, vectors_hex(v, "key", key, sizeof key), cpu);
    vectors_hex(v, "iv", iv, sizeof iv);
    aes_cbc_encrypt(&k, iv, text, n);
    check_is_hex(text, n, vectors_word(v, "sealed"));
    aes_cbc_decrypt(&k, iv, text, n);
    check_is_hex(text, n, vectors_word(v, "plain"));
    return 1;
}

/* RFC 5246 §8.1, §6.3. */
static int judge_prf(const struct vectors *v, const struct cpu *cpu)
{
    uint8_t secret[48], random[2][32], out[128];
    const enum hash_kind kind = hash_of_test(v);
    vectors_hex(v, "pre_master_secret", secret, sizeof secret);
    vectors_hex(v, "client_hello_random", random[0], 32);
    vectors_hex(v, "server_hello_random", random[1], 32);
    tls_prf(kind, secret, sizeof secret, "master secret", random[0], 32, random[1], 32, out, 48, cpu);
    check_is_hex(out, 48, vectors_word(v, "master_secret"));
    memcpy(secret, out, sizeof secret);
    vectors_hex(v, "client_random", random[0], 32);
    vectors_hex(v, "server_random", random[1], 32);
    tls_prf(kind, secret, sizeof secret, "key expansion", random[1], 32, random[0], 32, out, sizeof out, cpu);
    check_is_hex(out, sizeof out, vectors_word(v, "key_block"));
    return 1;
}

/* --- RSA --- */

static int judge_rsa_verify(const struct vectors *v, const struct cpu *cpu)
{
    static struct public_key key;
    uint8_t e[RSA_MAX], sig[RSA_MAX];
    key = (struct public_key){ .kind = KEY_RSA };
    key.u.rsa.n_size = test_number(v, "n", key.u.rsa.n, sizeof key.u.rsa.n);
    key.u.rsa.e_size = test_number(v, "e", e, sizeof e);
    if (key.u.rsa.e_size > sizeof key.u.rsa.e)
        return -1;                                     /* longer than any that is used (rsa.h) */
    memcpy(key.u.rsa.e, e, key.u.rsa.e_size);
    if (!rsa_public_valid(&key.u.rsa))
        return -1;
    const size_t n = vectors_hex(v, "message", text, ROOM), sig_n = vectors_hex(v, "signature", sig, sizeof sig);
    return key_verify(&key, (struct sign_scheme){ SIGN_PKCS1, hash_of_test(v) }, text, n, sig, sig_n, cpu);
}

/* The salt of a test first, then whatever blinding wants. */
struct salted { struct chance chance; const uint8_t *salt; size_t n; };

static void fill_salt(struct chance *c, const char *purpose, void *out, size_t n)
{
    const struct salted *s = (struct salted *)c;
    if (strcmp(purpose, "pss_salt") == 0) {
        ck_assert_uint_eq(n, s->n);
        memcpy(out, s->salt, n);
    } else
        memset(out, 0x55, n);
}

static int judge_rsa_sign(const struct vectors *v, const struct cpu *cpu)
{
    static struct rsa_private key;
    uint8_t salt[HASH_MAX], digest[HASH_MAX], sig[RSA_MAX];
    struct salted salted = { { fill_salt }, salt, vectors_hex(v, "salt", salt, sizeof salt) };
    const bool pss = vectors_is(v, "scheme", "PSS");
    test_rsa_key(v, &key);
    hash_of(HASH_SHA1, text, vectors_hex(v, "message", text, ROOM), digest, cpu);
    ck_assert((pss ? rsa_sign_pss : rsa_sign)(&key, &salted.chance, HASH_SHA1, digest, sig, cpu));
    check_is_hex(sig, key.pub.n_size, vectors_word(v, "signature"));
    return (pss ? rsa_verify_pss : rsa_verify)(&key.pub, HASH_SHA1, digest, sig, key.pub.n_size, cpu);
}

/* --- Curves --- */

static int judge_ecdsa_verify(const struct vectors *v, const struct cpu *cpu)
{
    const struct curve *c = key_curve(curve_of_test(v));
    const enum hash_kind hash = hash_of_test(v);
    uint8_t point[CURVE_POINT_MAX], digest[HASH_MAX], r[CURVE_SCALAR_MAX], s[CURVE_SCALAR_MAX];
    hash_of(hash, text, vectors_hex(v, "message", text, ROOM), digest, cpu);
    ck_assert_uint_eq(vectors_hex(v, "public", point, sizeof point), 1 + 2 * c->octets);
    vectors_hex(v, "r", r, sizeof r);
    vectors_hex(v, "s", s, sizeof s);
    return ecdsa_verify(c, point, hash, digest, r, s, cpu);
}

static int judge_curve_keys(const struct vectors *v, const struct cpu *cpu)
{
    const struct curve *c = key_curve(curve_of_test(v));
    uint8_t point[2 * CURVE_POINT_MAX], scalar[CURVE_SCALAR_MAX], made[CURVE_POINT_MAX];
    const size_t n = vectors_hex(v, "public", point, sizeof point);
    if (vectors_hex(v, "private", scalar, sizeof scalar)) {
        ck_assert(curve_public(c, scalar, made, cpu));
        ck_assert_msg(memcmp(made, point, n) == 0, "%s", vectors_where(v));
    }
    return curve_point_valid(c, point, n);
}

static int judge_ecdh(const struct vectors *v, const struct cpu *cpu)
{
    const struct curve *c = key_curve(curve_of_test(v));
    uint8_t point[CURVE_POINT_MAX], scalar[CURVE_SCALAR_MAX], x[CURVE_SCALAR_MAX];
    vectors_hex(v, "private", scalar, sizeof scalar);
    if (!curve_shared(c, scalar, point, vectors_hex(v, "public", point, sizeof point), x, cpu))
        return 0;
    check_is_hex(x, c->octets, vectors_word(v, "secret"));
    return 1;
}

static int judge_rfc6979(const struct vectors *v, const struct cpu *cpu)
{
    const struct curve *c = key_curve(curve_of_test(v));
    const enum hash_kind hash = hash_of_test(v);
    const char *message = vectors_word(v, "message");
    uint8_t scalar[CURVE_SCALAR_MAX], digest[HASH_MAX], r[CURVE_SCALAR_MAX], s[CURVE_SCALAR_MAX];
    vectors_hex(v, "private", scalar, sizeof scalar);
    hash_of(hash, message, strlen(message), digest, cpu);
    ecdsa_sign(c, scalar, NULL, hash, digest, r, s, cpu);
    check_is_hex(r, c->octets, vectors_word(v, "r"));
    check_is_hex(s, c->octets, vectors_word(v, "s"));
    return 1;
}

/* --- All of them --- */

/* `columns`: what of a test decides which forms there are; a file may have several hashes or curves in it. */
static const struct row {
    const char *path;
    int (*judge)(const struct vectors *, const struct cpu *);
    test_form_name *form;
    struct { int first, last; } kinds;
    struct counts want;
} rows[] = {
    { "nist/hash", judge_hash, form_hash, { HASH_SHA1, HASH_SHA512 }, { 420, 420, 0 } },
    { "nist/hash-chain", judge_chain, form_hash, { HASH_SHA1, HASH_SHA512 }, { 4, 4, 0 } },
    { "nist/aes-cbc", judge_cbc, form_cbc, { 0, 0 }, { 729, 729, 0 } },
    { "nist/prf", judge_prf, form_hash, { HASH_SHA384, HASH_SHA384 }, { 2, 2, 0 } },
    { "nist/rsa-verify", judge_rsa_verify, form_key, { KEY_RSA, KEY_RSA }, { 360, 60, 0 } },
    { "nist/rsa-sign", judge_rsa_sign, form_key, { KEY_RSA, KEY_RSA }, { 360, 360, 0 } },
    { "nist/ecdsa-verify", judge_ecdsa_verify, form_key, { KEY_P256, KEY_P521 }, { 180, 36, 0 } },
    { "nist/curve-keys", judge_curve_keys, form_key, { KEY_P256, KEY_P521 }, { 66, 42, 0 } },
    { "nist/ecdh", judge_ecdh, form_ecdh, { KEY_P256, KEY_P521 }, { 132, 108, 0 } },
    { "rfc6979-ecdsa", judge_rfc6979, form_key, { KEY_P256, KEY_P521 }, { 24, 24, 0 } },
};
enum { ROWS = sizeof rows / sizeof *rows };

static struct counts judge_file(const struct row *row, const struct cpu *cpu, const char *form)
{
    struct vectors v;
    struct counts have = { 0 };
    char path[128];
    snprintf(path, sizeof path, "tests/vectors/%s.txt", row->path);
    vectors_open(&v, path);
    const bool judged = vectors_column(&v, "result");
    while (vectors_next(&v)) {
        const int good = row->judge(&v, cpu);
        have.tests++;
        have.beside += good < 0;
        have.valid += good == 1;
        if (good >= 0)
            ck_assert_msg(good == (!judged || vectors_is(&v, "result", "valid")), "%s, form %s", vectors_where(&v), form);
    }
    return have;
}

/* Each form of each kind in the file runs the whole file: most have one kind of form for all. */
START_TEST(a_file_in_every_form)
{
    const struct row *row = &rows[_i];
    struct test_forms all = test_forms(row->form, row->kinds.first);
    for (int kind = row->kinds.first + 1; kind <= row->kinds.last; kind++)
        test_forms_add(&all, row->form, kind);
    for (size_t i = 0; i < all.n; i++) {
        const struct counts have = judge_file(row, &all.cpu[i], all.name[i]);
        ck_assert_msg(memcmp(&have, &row->want, sizeof have) == 0, "%s, form %s: %u tests, %u valid, %u beside", row->path,
                      all.name[i], have.tests, have.valid, have.beside);
    }
    printf("%s: %u tests, %u do not apply; forms:", row->path, row->want.tests, row->want.beside);
    for (size_t i = 0; i < all.n; i++)
        printf(" %s", all.name[i]);
    printf("\n");
}
END_TEST

int main(void) { return check_run_rows("nist", a_file_in_every_form, ROWS, (const TTest *[]){ NULL }); }
