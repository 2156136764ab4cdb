#include "tls/x509/parts.h"

#include <stdio.h>
#include <string.h>

static struct bytes take_other_name(struct wire_in *in)
{
    struct wire_in other = der_open(in, "other_name", DER_CONTEXT_CONSTRUCTED | NAME_OTHER);
    struct bytes whole = { other.at, wire_left(&other) };
    der_take_oid(&other, "type_id");
    der_skip(&other, "value", NULL);
    wire_close(in, &other);
    return whole;
}

static struct bytes take_directory_name(struct wire_in *in)
{
    struct wire_in choice = der_open(in, "directory_name", DER_CONTEXT_CONSTRUCTED | NAME_DIRECTORY);
    struct bytes name = x509_take_name(&choice, "name");
    wire_close(in, &choice);
    return name;
}

struct general_name x509_take_general_name(struct wire_in *in)
{
    struct general_name g = { .choice = NAME_OTHER, .value = { in->at, 0 } };
    if (in->at == in->end || (in->at[0] & 0xc0) != DER_CONTEXT || (in->at[0] & 0x1f) > NAME_OID) {
        wire_fail(in, "general_name");
        return g;
    }
    g.choice = (enum general_choice)(in->at[0] & 0x1f);
    unsigned tag = DER_CONTEXT | (unsigned)g.choice;
    switch (g.choice) {
    case NAME_OTHER:     g.value = take_other_name(in); break;
    case NAME_EMAIL:     g.value = der_take_text(in, "rfc822_name", tag); break;
    case NAME_DNS:       g.value = der_take_text(in, "dns_name", tag); break;
    case NAME_DIRECTORY: g.value = take_directory_name(in); break;
    case NAME_URI:       g.value = der_take_text(in, "uniform_resource_identifier", tag); break;
    case NAME_IP:        g.value = der_take(in, "ip_address", tag); break;
    case NAME_OID:       g.value = der_take(in, "registered_id", tag); break;
    case NAME_X400: case NAME_EDI:
        g.value = der_skip(in, g.choice == NAME_X400 ? "x400_address" : "edi_party_name", NULL);
        break;
    }
    return g;
}

/* ---- algorithms ---- */

static const struct { enum x509_oid oid; struct sign_scheme scheme; } signatures[] = {
    { OID_SHA256_RSA,   { SIGN_PKCS1, HASH_SHA256 } },
    { OID_SHA384_RSA,   { SIGN_PKCS1, HASH_SHA384 } },
    { OID_SHA512_RSA,   { SIGN_PKCS1, HASH_SHA512 } },
    { OID_SHA256_ECDSA, { SIGN_ECDSA, HASH_SHA256 } },
    { OID_SHA384_ECDSA, { SIGN_ECDSA, HASH_SHA384 } },
    { OID_SHA512_ECDSA, { SIGN_ECDSA, HASH_SHA512 } },
};

/* X.690 §8.8.2: NULL has no content. */
static void take_null(struct wire_in *in, const char *name)
{
    struct wire_in nothing = der_open(in, name, DER_NULL);
    wire_close(in, &nothing);
}

/* AlgorithmIdentifier of a signature. Parameters: NULL or none for RSA (RFC 4055 §5), none for ECDSA (RFC
 * 5758 §3.2). */
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
    else if (!s.known && algorithm.at < algorithm.end)
        der_skip(&algorithm, "parameters", NULL);
    wire_close(in, &algorithm);
    if (!in->failed)
        s.whole = (struct bytes){ start, (size_t)(in->at - start) };
    return s;
}

/* ---- keys ---- */

static unsigned bits_of(struct bytes number)
{
    unsigned bits = 8 * (unsigned)number.n;
    for (unsigned top = number.n ? number.at[0] : 0; bits && !(top & 0x80); top = top << 1)
        bits--;
    return bits;
}

/* RSAPublicKey, RFC 8017 §A.1.1 */
static void take_rsa_key(struct wire_in *in, struct x509_cert *c)
{
    struct wire_in key = der_open(in, "rsa_public_key", DER_SEQUENCE);
    struct bytes n = der_take_uint(&key, "modulus"), e = der_take_uint(&key, "public_exponent");
    wire_close(in, &key);
    if (in->failed)
        return;
    struct rsa_public *rsa = &c->key.u.rsa;
    c->rsa_bits = n.n == 1 && n.at[0] == 0 ? 0 : bits_of(n);
    bool fits = n.n <= sizeof rsa->n && e.n <= sizeof rsa->e;
    if (fits) {
        memcpy(rsa->n, n.at, rsa->n_size = n.n);
        memcpy(rsa->e, e.at, rsa->e_size = e.n);
        c->key.kind = rsa_public_valid(rsa) ? KEY_RSA : KEY_NONE;
    }
    snprintf(c->key_words, sizeof c->key_words, "RSA %u bits%s", c->rsa_bits,
             c->key.kind == KEY_RSA ? "" : " (not known here)");
}

static void take_ec_key(struct bytes point, enum x509_oid curve, struct x509_cert *c)
{
    const char *flaw = "";
    if (point.n != P256_POINT || point.at[0] != 4)  /* RFC 5480 §2.2; compressed points are optional there */
        flaw = ", not an uncompressed point";
    else if (!p256_point_valid(point.at))
        flaw = ", a point not on the curve";
    if (curve == OID_P256 && !*flaw) {
        c->key.kind = KEY_P256;
        memcpy(c->key.u.ec, point.at, P256_POINT);
    }
    const char *name = curve == OID_P256 ? "P-256" : curve == OID_P384 ? "P-384" : curve == OID_P521 ? "P-521"
                     : curve == OID_SECP256K1 ? "secp256k1" : "curve";
    snprintf(c->key_words, sizeof c->key_words, "EC %s%s%s", name, curve == OID_P256 ? flaw : "",
             c->key.kind == KEY_P256 ? "" : " (not known here)");
}

/* SubjectPublicKeyInfo, RFC 5280 §4.1.2.7, RFC 3279 §2.3. Curves come by name: explicit parameters let a
 * forger choose the generator (CVE-2020-0601). */
void x509_take_key(struct wire_in *in, struct x509_cert *c)
{
    const uint8_t *start = in->at;
    char words[OID_TEXT];
    struct wire_in spki = der_open(in, "subject_public_key_info", DER_SEQUENCE);
    struct wire_in algorithm = der_open(&spki, "algorithm", DER_SEQUENCE);
    struct bytes oid = der_take_oid(&algorithm, "algorithm"), curve = { algorithm.at, 0 };
    enum x509_oid kind = x509_oid_of(&oid);
    if (kind == OID_RSA)
        take_null(&algorithm, "parameters");                       /* RFC 3279 §2.3.1: it MUST be there */
    else if (kind == OID_EC_PUBLIC_KEY && der_next_is(&algorithm, DER_OID))
        curve = der_take_oid(&algorithm, "named_curve");
    else if (algorithm.at < algorithm.end)
        der_skip(&algorithm, "parameters", NULL);
    wire_close(&spki, &algorithm);
    c->key.kind = KEY_NONE;
    struct wire_in key = der_open_bits(&spki, "subject_public_key");
    if (kind == OID_RSA)
        take_rsa_key(&key, c);
    else if (curve.n)
        take_ec_key(take_rest(&key, "public_key"), x509_oid_of(&curve), c);
    else {
        take_rest(&key, "public_key");
        snprintf(c->key_words, sizeof c->key_words, "%.24s (not known here)",
                 kind == OID_EC_PUBLIC_KEY ? "EC, explicit curve" : x509_oid_text(&oid, words));
    }
    wire_close(&spki, &key);
    wire_close(in, &spki);
    if (!in->failed)
        c->spki = (struct bytes){ start, (size_t)(in->at - start) };
}
