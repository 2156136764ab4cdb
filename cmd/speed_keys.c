/* Signatures, key exchanges and the PRF for `vitrine speed`. */
#include "cmd/speed_keys.h"
#include "cmd/speed.h"
#include "cmd/speed_chance.h"
#include "crypto/exchange.h"
#include "crypto/prf.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRE_MASTER_SECRET = 48, VERSION = 0x0303, SEED = 64 };

static struct named_key {
    const char *name, *family;
    enum key_kind kind;
    unsigned bits;                                    /* of RSA */
    struct sign_scheme scheme;
    bool made;
    struct private_key key;
} keys[] = {
    { "rsa2048", "rsa", KEY_RSA, 2048, { SIGN_PKCS1, HASH_SHA256 }, .made = false },
    { "rsa3072", "rsa", KEY_RSA, 3072, { SIGN_PKCS1, HASH_SHA256 }, .made = false },
    { "rsa4096", "rsa", KEY_RSA, 4096, { SIGN_PKCS1, HASH_SHA256 }, .made = false },
    { "ecdsap256", "ecdsa", KEY_P256, 0, { SIGN_ECDSA, HASH_SHA256 }, .made = false },
    { "ecdsap384", "ecdsa", KEY_P384, 0, { SIGN_ECDSA, HASH_SHA384 }, .made = false },
    { "ecdsap521", "ecdsa", KEY_P521, 0, { SIGN_ECDSA, HASH_SHA512 }, .made = false },
    { "ed25519", "ed25519", KEY_ED25519, 0, { SIGN_ED25519, HASH_SHA512 }, .made = false },
};
enum { KEYS = sizeof keys / sizeof *keys };

static const struct named_key *key_of(struct named_key *k)
{
    const struct cpu cpu = cpu_found();
    if (!k->made)
        k->made = k->bits ? key_make_rsa(&k->key, k->bits, &speed_chance, &cpu)
                          : key_make(&k->key, k->kind, &speed_chance, "speed_key", &cpu);
    return k->made ? k : NULL;
}

const struct private_key *speed_key(const char *name)
{
    for (unsigned i = 0; i < KEYS; i++)
        if (strcmp(keys[i].name, name) == 0)
            return key_of(&keys[i]) ? &keys[i].key : NULL;
    return NULL;
}

void speed_keys_wipe(void)
{
    for (unsigned i = 0; i < KEYS; i++) {
        key_wipe(&keys[i].key);
        keys[i].made = false;
    }
}

/* ---- signatures and RSA encryption ---- */

struct keyed {
    struct cpu cpu;
    struct private_key key, fresh;
    enum key_kind kind;
    struct sign_scheme scheme;
    uint8_t digest[HASH_MAX], signature[SIGNATURE_MAX], out[SIGNATURE_MAX], encoded[RSA_MAX];
    size_t signature_n;
    enum exchange way;
    uint8_t scalar[EXCHANGE_SCALAR_MAX], value[EXCHANGE_PUBLIC_MAX], peer[EXCHANGE_PUBLIC_MAX];
    uint8_t secret[EXCHANGE_SECRET_MAX];
    enum hash_kind prf;
};

static void key_form(unsigned which, const struct cpu *cpu, char form[SPEED_FORM])
{
    snprintf(form, SPEED_FORM, "%s", key_form_name(keys[which].kind, cpu));
}

static size_t sign(struct keyed *k, uint8_t *out)
{
    return k->kind == KEY_ED25519
         ? key_sign(&k->key, &speed_chance, k->scheme, k->digest, hash_size(HASH_SHA256), out, &k->cpu)
         : key_sign_digest(&k->key, &speed_chance, k->scheme, k->digest, out, &k->cpu);
}

static unsigned sign_run(void *of)
{
    struct keyed *k = of;
    return sign(k, k->out) > 0;
}

static unsigned verify_run(void *of)
{
    struct keyed *k = of;
    return k->kind == KEY_ED25519
         ? key_verify(&k->key.pub, k->scheme, k->digest, hash_size(HASH_SHA256), k->signature, k->signature_n,
                      &k->cpu)
         : key_verify_digest(&k->key.pub, k->scheme, k->digest, k->signature, k->signature_n, &k->cpu);
}

static unsigned key_run(void *of)
{
    struct keyed *k = of;
    return key_make(&k->fresh, k->kind, &speed_chance, "speed_key", &k->cpu);
}

static unsigned encrypt_run(void *of)
{
    struct keyed *k = of;
    return rsa_encrypt(&k->key.pub.u.rsa, &speed_chance, k->digest, PRE_MASTER_SECRET, k->encoded, k->out, &k->cpu);
}

static unsigned decrypt_run(void *of)
{
    struct keyed *k = of;
    return rsa_decrypt_premaster(&k->key.u.rsa, &speed_chance, VERSION, k->out, k->key.pub.u.rsa.n_size, k->secret,
                                 &k->cpu);
}

static struct keyed *begin(const struct speed_row *r)
{
    struct keyed *k = calloc(1, sizeof *k);
    if (k) {
        k->cpu = r->cpu;
        randombytes_buf(k->digest, sizeof k->digest);
    }
    return k;
}

static void end(void *of)
{
    sodium_memzero(of, sizeof(struct keyed));
    free(of);
}

/* With a signature to verify, and something to decrypt. */
static void *key_begin(const struct speed_row *r)
{
    const struct named_key *named = key_of(&keys[r->which]);
    struct keyed *k = named ? begin(r) : NULL;
    if (!k)
        return NULL;
    k->key = named->key;
    k->kind = named->kind;
    k->scheme = named->scheme;
    k->signature_n = sign(k, k->signature);
    if (k->kind == KEY_RSA)
        encrypt_run(k);
    return k;
}

static const struct speed_work sign_work = { key_begin, NULL, sign_run, end, NULL },
    verify_work = { key_begin, NULL, verify_run, end, NULL }, key_work = { key_begin, NULL, key_run, end, NULL },
    encrypt_work = { key_begin, NULL, encrypt_run, end, NULL },
    decrypt_work = { key_begin, NULL, decrypt_run, end, NULL };

/* ---- exchanges ---- */

static const struct { const char *name, *family; enum exchange way; } ways[] = {
    { "ecdhp256", "ecdh", EXCHANGE_P256 }, { "ecdhp384", "ecdh", EXCHANGE_P384 },
    { "ecdhp521", "ecdh", EXCHANGE_P521 }, { "x25519", "x25519", EXCHANGE_X25519 },
    { "ffdhe2048", "ffdhe", EXCHANGE_FFDHE2048 }, { "ffdhe3072", "ffdhe", EXCHANGE_FFDHE3072 },
    { "ffdhe4096", "ffdhe", EXCHANGE_FFDHE4096 },
};

static void way_form(unsigned which, const struct cpu *cpu, char form[SPEED_FORM])
{
    snprintf(form, SPEED_FORM, "%s", exchange_form_name(ways[which].way, cpu));
}

static unsigned half_run(void *of)
{
    struct keyed *k = of;
    exchange_make(k->way, &speed_chance, "speed_half", k->scalar);
    return exchange_public(k->way, k->scalar, k->value, &k->cpu);
}

static unsigned derive_run(void *of)
{
    struct keyed *k = of;
    return exchange_shared(k->way, k->scalar, k->peer, exchange_public_size(k->way), k->secret, &k->cpu);
}

static void *way_begin(const struct speed_row *r)
{
    struct keyed *k = begin(r);
    if (!k)
        return NULL;
    k->way = ways[r->which].way;
    half_run(k);
    memcpy(k->peer, k->value, sizeof k->peer);
    half_run(k);
    return k;
}

static const struct speed_work half_work = { way_begin, NULL, half_run, end, NULL },
    derive_work = { way_begin, NULL, derive_run, end, NULL };

/* ---- the PRF: a master secret, as RFC 7627 §4 has it of a session hash, and RFC 5246 §8.1 of two randoms ---- */

static const struct { const char *name; enum hash_kind hash; } prfs[] = {
    { "prf(sha256)", HASH_SHA256 }, { "prf(sha384)", HASH_SHA384 },
};

static void prf_form(unsigned which, const struct cpu *cpu, char form[SPEED_FORM])
{
    snprintf(form, SPEED_FORM, "%s", hash_form_name(prfs[which].hash, cpu));
}

static unsigned prf_run(void *of)
{
    struct keyed *k = of;
    tls_prf(k->prf, k->secret, PRE_MASTER_SECRET, "master secret", k->peer, SEED / 2, k->peer + SEED / 2, SEED / 2,
            k->secret, PRE_MASTER_SECRET, &k->cpu);
    return 1;
}

static void *prf_begin(const struct speed_row *r)
{
    struct keyed *k = begin(r);
    if (k)
        k->prf = prfs[r->which].hash;
    return k;
}

static const struct speed_work prf_work = { prf_begin, NULL, prf_run, end, NULL };

/* ---- all of them ---- */

static const struct speed_column rsa_columns[] = { { "sign", &sign_work, 0 }, { "verify", &verify_work, 0 },
                                                   { "encrypt", &encrypt_work, 0 }, { "decrypt", &decrypt_work, 0 },
                                                   { NULL, NULL, 0 } },
    sign_columns[] = { { "sign", &sign_work, 0 }, { "verify", &verify_work, 0 }, { "key", &key_work, 0 },
                       { NULL, NULL, 0 } },
    way_columns[] = { { "derive", &derive_work, 0 }, { "key", &half_work, 0 }, { NULL, NULL, 0 } },
    prf_columns[] = { { "derive", &prf_work, 0 }, { NULL, NULL, 0 } };

void speed_add_keys(struct speed_list *l)
{
    for (unsigned i = 0; i < KEYS; i++)
        speed_add_forms(l, (struct speed_row){ keys[i].family, keys[i].name, .which = i }, key_form,
                        keys[i].kind == KEY_RSA ? rsa_columns : sign_columns);
    for (unsigned i = 0; i < sizeof ways / sizeof *ways; i++)
        speed_add_forms(l, (struct speed_row){ ways[i].family, ways[i].name, .which = i }, way_form, way_columns);
    for (unsigned i = 0; i < sizeof prfs / sizeof *prfs; i++)
        speed_add_forms(l, (struct speed_row){ "prf", prfs[i].name, .which = i }, prf_form, prf_columns);
}
