#include "tls/x509/put_parts.h"

#include <string.h>

void x509_put_oid(struct wire_out *out, enum x509_oid oid)
{
    put_der_oid(out, x509_oid_dotted(oid));
}

/* ---- algorithms ---- */

static const struct sign_scheme usual[] = {
    [KEY_RSA]     = { SIGN_PKCS1, HASH_SHA256 },   [KEY_RSA_PSS] = { SIGN_PSS, HASH_SHA256 },
    [KEY_P256]    = { SIGN_ECDSA, HASH_SHA256 },   [KEY_P384]    = { SIGN_ECDSA, HASH_SHA384 },
    [KEY_P521]    = { SIGN_ECDSA, HASH_SHA512 },   [KEY_ED25519] = { SIGN_ED25519, HASH_SHA512 },
};

struct sign_scheme x509_scheme_of(const struct public_key *key)
{
    struct sign_scheme scheme = usual[key->kind];
    if (key->pss_bound)
        scheme.hash = key->pss_hash;
    return scheme;
}

static const struct { struct sign_scheme scheme; enum x509_oid oid; } names[] = {
    { { SIGN_PKCS1, HASH_SHA1 }, OID_SHA1_RSA },       { { SIGN_PKCS1, HASH_SHA256 }, OID_SHA256_RSA },
    { { SIGN_PKCS1, HASH_SHA384 }, OID_SHA384_RSA },   { { SIGN_PKCS1, HASH_SHA512 }, OID_SHA512_RSA },
    { { SIGN_PSS, HASH_SHA256 }, OID_PSS_RSA },        { { SIGN_PSS, HASH_SHA384 }, OID_PSS_RSA },
    { { SIGN_PSS, HASH_SHA512 }, OID_PSS_RSA },
    { { SIGN_ECDSA, HASH_SHA1 }, OID_SHA1_ECDSA },     { { SIGN_ECDSA, HASH_SHA256 }, OID_SHA256_ECDSA },
    { { SIGN_ECDSA, HASH_SHA384 }, OID_SHA384_ECDSA }, { { SIGN_ECDSA, HASH_SHA512 }, OID_SHA512_ECDSA },
    { { SIGN_ED25519, HASH_SHA512 }, OID_ED25519 },
};

static enum x509_oid oid_of(struct sign_scheme scheme)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].scheme.kind == scheme.kind && names[i].scheme.hash == scheme.hash)
            return names[i].oid;
    return OID_UNKNOWN;
}

/* SEQUENCE { oid, NULL } */
static void put_with_null(struct wire_out *out, enum x509_oid oid)
{
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    x509_put_oid(out, oid);
    put_der_bytes(out, DER_NULL, NULL, 0);
    put_der_close(out, seq);
}

/* RSASSA-PSS-params, RFC 4055 §3.1: hash, MGF1 over the same, a salt as long as the digest. */
static void put_pss(struct wire_out *out, enum hash_kind hash)
{
    const enum x509_oid oid = hash == HASH_SHA256 ? OID_SHA256 : hash == HASH_SHA384 ? OID_SHA384 : OID_SHA512;
    const uint8_t salt = (uint8_t)hash_size(hash);
    struct put_der params = put_der_open(out, DER_SEQUENCE), choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0);
    put_with_null(out, oid);
    put_der_close(out, choice);
    choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 1);
    struct put_der mask = put_der_open(out, DER_SEQUENCE);
    x509_put_oid(out, OID_MGF1);
    put_with_null(out, oid);
    put_der_close(out, mask);
    put_der_close(out, choice);
    choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 2);
    put_der_uint(out, &salt, 1);
    put_der_close(out, choice);
    put_der_close(out, params);
}

void x509_put_algorithm(struct wire_out *out, struct sign_scheme scheme)
{
    const enum x509_oid oid = oid_of(scheme);
    if (oid == OID_UNKNOWN) {
        out->failed = out->failed ? out->failed : "algorithm";
        return;
    }
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    x509_put_oid(out, oid);
    if (scheme.kind == SIGN_PKCS1)
        put_der_bytes(out, DER_NULL, NULL, 0);
    if (scheme.kind == SIGN_PSS)
        put_pss(out, scheme.hash);
    put_der_close(out, seq);
}

bool x509_put_signature(struct wire_out *out, const uint8_t *start, const struct private_key *key,
                        struct sign_scheme scheme, struct chance *chance)
{
    uint8_t signature[SIGNATURE_MAX];
    if (out->failed)
        return false;
    size_t n = key_sign(key, chance, scheme, start, (size_t)(out->at - start), signature, NULL);
    x509_put_algorithm(out, scheme);
    struct put_der bits = put_der_open(out, DER_BIT_STRING);
    put_u8(out, "unused_bits", 0);
    put_bytes(out, "signature_value", signature, n);
    put_der_close(out, bits);
    return n > 0 && !out->failed;
}

/* ---- keys ---- */

void x509_put_key_bits(struct wire_out *out, const struct public_key *key)
{
    if (key->kind != KEY_RSA && key->kind != KEY_RSA_PSS) {
        put_bytes(out, "public_key", key->kind == KEY_ED25519 ? key->u.ed25519 : key->u.ec, key_point_size(key->kind));
        return;
    }
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_der_uint(out, key->u.rsa.n, key->u.rsa.n_size);
    put_der_uint(out, key->u.rsa.e, key->u.rsa.e_size);
    put_der_close(out, seq);
}

void x509_put_key_algorithm(struct wire_out *out, const struct public_key *key)
{
    struct put_der algorithm = put_der_open(out, DER_SEQUENCE);
    x509_put_oid(out, key->kind == KEY_RSA ? OID_RSA : key->kind == KEY_RSA_PSS ? OID_PSS_RSA
                    : key->kind == KEY_ED25519 ? OID_ED25519 : OID_EC_PUBLIC_KEY);
    if (key->kind == KEY_RSA)
        put_der_bytes(out, DER_NULL, NULL, 0);
    else if (key->pss_bound)
        put_pss(out, key->pss_hash);
    else if (key_curve(key->kind))
        x509_put_oid(out, x509_curve_oid(key->kind));
    put_der_close(out, algorithm);
}

void x509_put_key(struct wire_out *out, const struct public_key *key)
{
    struct put_der spki = put_der_open(out, DER_SEQUENCE);
    x509_put_key_algorithm(out, key);
    struct put_der bits = put_der_open(out, DER_BIT_STRING);
    put_u8(out, "unused_bits", 0);
    x509_put_key_bits(out, key);
    put_der_close(out, bits);
    put_der_close(out, spki);
}

void x509_key_id(const struct public_key *key, uint8_t id[X509_KEY_ID])
{
    uint8_t bits[RSA_MAX + 32], digest[HASH_MAX];
    struct wire_out out = wire_into(bits, sizeof bits);
    x509_put_key_bits(&out, key);
    hash_of(HASH_SHA256, bits, wire_written(&out), digest, NULL);
    memcpy(id, digest, X509_KEY_ID);
}

/* ---- names and extensions ---- */

void x509_put_general_name(struct wire_out *out, const struct general_name *name)
{
    const bool inside = name->choice == NAME_OTHER || name->choice == NAME_X400 || name->choice == NAME_DIRECTORY
                     || name->choice == NAME_EDI;
    put_der_bytes(out, (inside ? DER_CONTEXT_CONSTRUCTED : DER_CONTEXT) | (unsigned)name->choice, name->value.at,
                  name->value.n);
}

struct put_extension x509_open_extension(struct wire_out *out, const char *oid, bool critical)
{
    static const uint8_t yes = 0xff;
    struct put_extension e = { .whole = put_der_open(out, DER_SEQUENCE) };
    put_der_oid(out, oid);
    if (critical)
        put_der_bytes(out, DER_BOOLEAN, &yes, 1);
    e.value = put_der_open(out, DER_OCTET_STRING);
    return e;
}

void x509_close_extension(struct wire_out *out, struct put_extension e)
{
    put_der_close(out, e.value);
    put_der_close(out, e.whole);
}
