/* algorithms.c - AlgorithmIdentifier and SubjectPublicKeyInfo (RFC 5280 §4.1.1.2, §4.1.2.7): which scheme signed, which
 * key is certified. */
#include "tls/x509/parts.h"

#include <stdio.h>
#include <string.h>

static const struct { enum x509_oid oid; struct sign_scheme scheme; } signatures[] = {
    { OID_SHA256_RSA,   { SIGN_PKCS1, HASH_SHA256 } },
    { OID_SHA384_RSA,   { SIGN_PKCS1, HASH_SHA384 } },
    { OID_SHA512_RSA,   { SIGN_PKCS1, HASH_SHA512 } },
    { OID_SHA256_ECDSA, { SIGN_ECDSA, HASH_SHA256 } },
    { OID_SHA384_ECDSA, { SIGN_ECDSA, HASH_SHA384 } },
    { OID_SHA512_ECDSA, { SIGN_ECDSA, HASH_SHA512 } },
    { OID_ED25519,      { SIGN_ED25519, HASH_SHA512 } },
};

/* X.690 §8.8.2: NULL has no content. */
static void take_null(struct wire_in *in, const char *name)
{
    struct wire_in nothing = der_open(in, name, DER_NULL);
    wire_close(in, &nothing);
}

/* A hash function as RSASSA-PSS names it; parameters are NULL or absent (RFC 4055 §2.1). */
static enum x509_oid take_hash(struct wire_in *in)
{
    struct wire_in algorithm = der_open(in, "hash_algorithm", DER_SEQUENCE);
    struct bytes oid = der_take_oid(&algorithm, "algorithm");
    if (algorithm.at < algorithm.end)
        take_null(&algorithm, "parameters");
    wire_close(in, &algorithm);
    return x509_oid_of(&oid);
}

/* RSASSA-PSS-params, RFC 4055 §3.1. Each of the four may be left out and then means SHA-1, MGF1 with SHA-1, 20 and 1;
 * the third and fourth stand for themselves. Known is what TLS 1.2 signs with (RFC 8446 §4.2.3): one of our hashes,
 * MGF1 over the same, a salt as long as the digest, and nothing said about the trailer, since DER leaves out what is
 * the default. CVE-2015-3194: what is absent is no pointer here, and no success. */
static bool take_pss(struct wire_in *in, enum hash_kind *hash, bool *weak)
{
    static const enum x509_oid hashes[] = { [HASH_SHA1] = OID_SHA1, [HASH_SHA256] = OID_SHA256,
                                            [HASH_SHA384] = OID_SHA384, [HASH_SHA512] = OID_SHA512 };
    enum x509_oid digest = OID_SHA1, mask = OID_MGF1, mask_digest = OID_SHA1;
    uint32_t salt = 20, trailer = 1;
    struct wire_in params = der_open(in, "parameters", DER_SEQUENCE);
    if (der_next_is(&params, DER_CONTEXT_CONSTRUCTED | 0)) {
        struct wire_in choice = der_open(&params, "hash", DER_CONTEXT_CONSTRUCTED | 0);
        digest = take_hash(&choice);
        wire_close(&params, &choice);
    }
    if (der_next_is(&params, DER_CONTEXT_CONSTRUCTED | 1)) {
        struct wire_in choice = der_open(&params, "mask_gen", DER_CONTEXT_CONSTRUCTED | 1),
            algorithm = der_open(&choice, "mask_gen_algorithm", DER_SEQUENCE);
        struct bytes oid = der_take_oid(&algorithm, "algorithm");
        mask = x509_oid_of(&oid);
        if (mask == OID_MGF1)
            mask_digest = take_hash(&algorithm);
        else if (algorithm.at < algorithm.end)
            der_skip(&algorithm, "parameters", NULL);
        wire_close(&choice, &algorithm);
        wire_close(&params, &choice);
    }
    if (der_next_is(&params, DER_CONTEXT_CONSTRUCTED | 2)) {
        struct wire_in choice = der_open(&params, "salt", DER_CONTEXT_CONSTRUCTED | 2);
        salt = der_take_small(&choice, "salt_length");
        wire_close(&params, &choice);
    }
    if (der_next_is(&params, DER_CONTEXT_CONSTRUCTED | 3)) {
        struct wire_in choice = der_open(&params, "trailer", DER_CONTEXT_CONSTRUCTED | 3);
        trailer = der_take_small(&choice, "trailer_field") == 1 ? 1 : 0;
        wire_close(&params, &choice);
    }
    wire_close(in, &params);
    *weak = digest == OID_SHA1;
    for (*hash = HASH_SHA256; *hash < HASH_SHA512 && hashes[*hash] != digest; (*hash)++)
        ;
    return !in->failed && hashes[*hash] == digest && mask == OID_MGF1 && mask_digest == digest
        && salt == hash_size(*hash) && trailer == 1;
}

bool x509_take_pss_key(struct wire_in *in, struct public_key *key)
{
    bool weak;
    key->pss_bound = in->at < in->end;
    return !key->pss_bound || take_pss(in, &key->pss_hash, &weak);
}

/* AlgorithmIdentifier of a signature. Parameters: NULL or none for RSA (RFC 4055 §5), none for ECDSA and Ed25519 (RFC
 * 5758 §3.2, RFC 8410 §3), and those of RSASSA-PSS. */
struct x509_signature x509_take_algorithm(struct wire_in *in, const char *name)
{
    const uint8_t *start = in->at;
    struct x509_signature s = { 0 };
    struct wire_in algorithm = der_open(in, name, DER_SEQUENCE);
    s.oid = der_take_oid(&algorithm, "algorithm");
    enum x509_oid oid = x509_oid_of(&s.oid);
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (signatures[i].oid == oid) {
            s.known = true;
            s.scheme = signatures[i].scheme;
        }
    s.weak = oid == OID_MD2_RSA || oid == OID_MD5_RSA || oid == OID_SHA1_RSA || oid == OID_SHA1_ECDSA
        || oid == OID_SHA1_DSA;
    if (s.known && s.scheme.kind == SIGN_PKCS1 && algorithm.at < algorithm.end)
        take_null(&algorithm, "parameters");
    else if (oid == OID_PSS_RSA) {
        s.scheme.kind = SIGN_PSS;
        s.known = take_pss(&algorithm, &s.scheme.hash, &s.weak);
    } else if (!s.known && algorithm.at < algorithm.end)
        der_skip(&algorithm, "parameters", NULL);
    wire_close(in, &algorithm);
    if (!in->failed)
        s.whole = (struct bytes){ start, (size_t)(in->at - start) };
    return s;
}

/* ---- keys ---- */

static const struct { enum x509_oid oid; enum key_kind kind; } curves[] = {
    { OID_P256, KEY_P256 }, { OID_P384, KEY_P384 }, { OID_P521, KEY_P521 } };
enum { CURVES = sizeof curves / sizeof *curves };

enum key_kind x509_curve_key(enum x509_oid curve)
{
    for (size_t i = 0; i < CURVES; i++)
        if (curves[i].oid == curve)
            return curves[i].kind;
    return KEY_NONE;
}

enum x509_oid x509_curve_oid(enum key_kind kind)
{
    for (size_t i = 0; i < CURVES; i++)
        if (curves[i].kind == kind)
            return curves[i].oid;
    return OID_UNKNOWN;
}

static unsigned bits_of(struct bytes number)
{
    unsigned bits = 8 * (unsigned)number.n;
    for (unsigned top = number.n ? number.at[0] : 0; bits && !(top & 0x80); top = top << 1)
        bits--;
    return bits;
}

static void say_key(struct x509_cert *c, const char *what, const char *flaw)
{
    snprintf(c->key_words, sizeof c->key_words, "%.24s%s%s", what, flaw,
             c->key.kind == KEY_NONE ? " (not known here)" : "");
}

/* RSAPublicKey, RFC 8017 §A.1.1; `kind`: what it is if it is good. */
static void take_rsa_key(struct wire_in *in, enum key_kind kind, struct x509_cert *c)
{
    struct wire_in key = der_open(in, "rsa_public_key", DER_SEQUENCE);
    struct bytes n = der_take_uint(&key, "modulus"), e = der_take_uint(&key, "public_exponent");
    wire_close(in, &key);
    if (in->failed)
        return;
    char words[24];
    struct rsa_public *rsa = &c->key.u.rsa;
    c->rsa_bits = n.n == 1 && n.at[0] == 0 ? 0 : bits_of(n);
    if (n.n <= sizeof rsa->n && e.n <= sizeof rsa->e) {
        memcpy(rsa->n, n.at, rsa->n_size = n.n);
        memcpy(rsa->e, e.at, rsa->e_size = e.n);
        c->key.kind = rsa_public_valid(rsa) ? kind : KEY_NONE;
    }
    snprintf(words, sizeof words, "RSA %u bits", c->rsa_bits);
    say_key(c, words, kind == KEY_RSA ? "" : ", for PSS alone");
}

/* RFC 5480 §2.2; compressed points are optional there, and forbidden in TLS (RFC 8422 §5.1.2). */
static void take_ec_key(struct bytes point, const struct bytes *oid, struct x509_cert *c)
{
    const char *flaw = "";
    char name[OID_TEXT], words[OID_TEXT + 3];
    enum key_kind kind = x509_curve_key(x509_oid_of(oid));
    if (kind != KEY_NONE && (point.n != key_point_size(kind) || point.at[0] != 4))
        flaw = ", not an uncompressed point";
    else if (kind != KEY_NONE && !curve_point_valid(key_curve(kind), point.at, point.n))
        flaw = ", a point not on the curve";
    else if (kind != KEY_NONE) {
        c->key.kind = kind;
        memcpy(c->key.u.ec, point.at, point.n);
    }
    snprintf(words, sizeof words, "EC %s", x509_oid_words(oid) ? x509_oid_text(oid, name) : "curve");
    say_key(c, words, flaw);
}

/* RFC 8410 §4: the key is its 32 octets. */
static void take_ed25519_key(struct bytes key, struct x509_cert *c)
{
    if (key.n == ED25519_KEY) {
        c->key.kind = KEY_ED25519;
        memcpy(c->key.u.ed25519, key.at, ED25519_KEY);
    }
    say_key(c, "Ed25519", key.n == ED25519_KEY ? "" : ", not 32 octets");
}

/* The parameters of a key. Curves come by name: explicit parameters let a forger choose the generator
 * (CVE-2020-0601). False: it is none that is known here. */
static bool take_key_parameters(struct wire_in *in, enum x509_oid kind, struct bytes *curve, struct public_key *key)
{
    *curve = (struct bytes){ in->at, 0 };
    if (kind == OID_RSA) {
        take_null(in, "parameters");                   /* RFC 3279 §2.3.1: it MUST be there */
        return true;
    }
    if (kind == OID_EC_PUBLIC_KEY && der_next_is(in, DER_OID)) {
        *curve = der_take_oid(in, "named_curve");
        return true;
    }
    if (kind == OID_PSS_RSA)
        return x509_take_pss_key(in, key);
    if (kind == OID_ED25519)                           /* RFC 8410 §3: absent; wire_close sees that */
        return true;
    if (in->at < in->end)
        der_skip(in, "parameters", NULL);
    return false;
}

/* SubjectPublicKeyInfo, RFC 5280 §4.1.2.7, RFC 3279 §2.3. */
void x509_take_key(struct wire_in *in, struct x509_cert *c)
{
    const uint8_t *start = in->at;
    char words[OID_TEXT];
    struct wire_in spki = der_open(in, "subject_public_key_info", DER_SEQUENCE);
    struct wire_in algorithm = der_open(&spki, "algorithm", DER_SEQUENCE);
    struct bytes oid = der_take_oid(&algorithm, "algorithm"), curve;
    enum x509_oid kind = x509_oid_of(&oid);
    bool known = take_key_parameters(&algorithm, kind, &curve, &c->key);
    wire_close(&spki, &algorithm);
    c->key.kind = KEY_NONE;
    struct wire_in key = der_open_bits(&spki, "subject_public_key");
    if (known && (kind == OID_RSA || kind == OID_PSS_RSA))
        take_rsa_key(&key, kind == OID_RSA ? KEY_RSA : KEY_RSA_PSS, c);
    else if (known && kind == OID_EC_PUBLIC_KEY)
        take_ec_key(take_rest(&key, "public_key"), &curve, c);
    else if (known)
        take_ed25519_key(take_rest(&key, "public_key"), c);
    else {
        take_rest(&key, "public_key");
        say_key(c, kind == OID_EC_PUBLIC_KEY ? "EC, explicit curve" : x509_oid_text(&oid, words), "");
    }
    wire_close(&spki, &key);
    wire_close(in, &spki);
    if (!in->failed)
        c->spki = (struct bytes){ start, (size_t)(in->at - start) };
}
