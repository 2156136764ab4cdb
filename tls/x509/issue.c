#include "tls/x509/issue.h"
#include "tls/x509/parts.h"

#include <string.h>

enum { CN_MAX = 64, KEY_ID = 20 };  /* ub-common-name; RFC 7093 §2: the leftmost 160 bits of SHA-256 */

static void put_oid(struct wire_out *out, enum x509_oid oid)
{
    put_der_oid(out, x509_oid_dotted(oid));
}

/* How a key of this kind signs certificates: with the hash of its own strength (RFC 5758 §3.2). */
static const struct { struct sign_scheme scheme; enum x509_oid oid; } ways[] = {
    [KEY_RSA]     = { { SIGN_PKCS1, HASH_SHA256 }, OID_SHA256_RSA },
    [KEY_RSA_PSS] = { { SIGN_PSS, HASH_SHA256 }, OID_PSS_RSA },
    [KEY_P256]    = { { SIGN_ECDSA, HASH_SHA256 }, OID_SHA256_ECDSA },
    [KEY_P384]    = { { SIGN_ECDSA, HASH_SHA384 }, OID_SHA384_ECDSA },
    [KEY_P521]    = { { SIGN_ECDSA, HASH_SHA512 }, OID_SHA512_ECDSA },
    [KEY_ED25519] = { { SIGN_ED25519, HASH_SHA512 }, OID_ED25519 },
};

static struct sign_scheme scheme_of(const struct public_key *key)
{
    struct sign_scheme scheme = ways[key->kind].scheme;
    if (key->pss_bound)
        scheme.hash = key->pss_hash;
    return scheme;
}

/* SEQUENCE { oid, NULL } */
static void put_with_null(struct wire_out *out, enum x509_oid oid)
{
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_oid(out, oid);
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
    put_oid(out, OID_MGF1);
    put_with_null(out, oid);
    put_der_close(out, mask);
    put_der_close(out, choice);
    choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 2);
    put_der_uint(out, &salt, 1);
    put_der_close(out, choice);
    put_der_close(out, params);
}

static void put_algorithm(struct wire_out *out, const struct public_key *signer)
{
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_oid(out, ways[signer->kind].oid);
    if (signer->kind == KEY_RSA)
        put_der_bytes(out, DER_NULL, NULL, 0);
    if (signer->kind == KEY_RSA_PSS)
        put_pss(out, scheme_of(signer).hash);
    put_der_close(out, seq);
}

static void put_attribute(struct wire_out *out, enum x509_oid type, const char *value)
{
    struct put_der set = put_der_open(out, DER_SET), pair = put_der_open(out, DER_SEQUENCE);
    put_oid(out, type);
    put_der_bytes(out, DER_UTF8, value, strlen(value));
    put_der_close(out, pair);
    put_der_close(out, set);
}

static void put_subject(struct wire_out *out, const struct x509_issue *i)
{
    struct put_der name = put_der_open(out, DER_SEQUENCE);
    if (i->subject_o)
        put_attribute(out, OID_ORGANIZATION, i->subject_o);
    if (i->subject_cn)
        put_attribute(out, OID_COMMON_NAME, i->subject_cn);
    put_der_close(out, name);
}

/* What subjectPublicKey holds, without its unused_bits: the point, or RSAPublicKey. */
static void put_key_bits(struct wire_out *out, const struct public_key *key)
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

static void put_spki(struct wire_out *out, const struct public_key *key)
{
    struct put_der spki = put_der_open(out, DER_SEQUENCE), algorithm = put_der_open(out, DER_SEQUENCE);
    put_oid(out, key->kind == KEY_RSA ? OID_RSA : key->kind == KEY_RSA_PSS ? OID_PSS_RSA
               : key->kind == KEY_ED25519 ? OID_ED25519 : OID_EC_PUBLIC_KEY);
    if (key->kind == KEY_RSA)
        put_der_bytes(out, DER_NULL, NULL, 0);
    else if (key->pss_bound)
        put_pss(out, key->pss_hash);
    else if (key_curve(key->kind))
        put_oid(out, x509_curve_oid(key->kind));
    put_der_close(out, algorithm);
    struct put_der bits = put_der_open(out, DER_BIT_STRING);
    put_u8(out, "unused_bits", 0);
    put_key_bits(out, key);
    put_der_close(out, bits);
    put_der_close(out, spki);
}

size_t x509_write_key(const struct public_key *key, uint8_t *out, size_t room)
{
    struct wire_out to = wire_into(out, room);
    put_spki(&to, key);
    return to.failed ? 0 : wire_written(&to);
}

static void key_id(const struct public_key *key, uint8_t id[KEY_ID])
{
    uint8_t bits[RSA_MAX + 32], digest[HASH_MAX];
    struct wire_out out = wire_into(bits, sizeof bits);
    put_key_bits(&out, key);
    hash_of(HASH_SHA256, bits, wire_written(&out), digest);
    memcpy(id, digest, KEY_ID);
}

/* ---- extensions ---- */

struct extension { struct put_der whole, value; };

static struct extension open_extension(struct wire_out *out, enum x509_oid oid, bool critical)
{
    static const uint8_t yes = 0xff;
    struct extension e = { .whole = put_der_open(out, DER_SEQUENCE) };
    put_oid(out, oid);
    if (critical)
        put_der_bytes(out, DER_BOOLEAN, &yes, 1);
    e.value = put_der_open(out, DER_OCTET_STRING);
    return e;
}

static void close_extension(struct wire_out *out, struct extension e)
{
    put_der_close(out, e.value);
    put_der_close(out, e.whole);
}

static void put_basic_constraints(struct wire_out *out, const struct x509_issue *i)
{
    static const uint8_t yes = 0xff;
    struct extension e = open_extension(out, OID_BASIC_CONSTRAINTS, true);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    if (i->ca)
        put_der_bytes(out, DER_BOOLEAN, &yes, 1);
    if (i->ca && i->path_len >= 0) {
        uint8_t n = (uint8_t)(i->path_len > 255 ? 255 : i->path_len);
        put_der_uint(out, &n, 1);
    }
    put_der_close(out, seq);
    close_extension(out, e);
}

/* A list of named bits: bit 0 is the highest, zeros at the end are not written (X.690 §11.2.2). */
static void put_key_usage(struct wire_out *out, unsigned usage)
{
    uint8_t bits[3] = { 0 };
    unsigned last = 0;
    for (unsigned i = 0; i < 9; i++)
        if (usage >> i & 1) {
            bits[1 + i / 8] |= (uint8_t)(0x80 >> i % 8);
            last = i;
        }
    bits[0] = (uint8_t)(7 - last % 8);
    struct extension e = open_extension(out, OID_KEY_USAGE, true);
    put_der_bytes(out, DER_BIT_STRING, bits, 2 + last / 8);
    close_extension(out, e);
}

static void put_purpose(struct wire_out *out)
{
    struct extension e = open_extension(out, OID_EXTENDED_KEY_USAGE, false);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_oid(out, OID_SERVER_AUTH);
    put_der_close(out, seq);
    close_extension(out, e);
}

static void put_alt_names(struct wire_out *out, const struct x509_issue *i)
{
    struct extension e = open_extension(out, OID_SUBJECT_ALT_NAME, !i->subject_cn && !i->subject_o);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    for (size_t k = 0; k < i->n_dns; k++)
        put_der_bytes(out, DER_CONTEXT | NAME_DNS, i->dns[k], strlen(i->dns[k]));
    for (size_t k = 0; k < i->n_ips; k++)
        put_der_bytes(out, DER_CONTEXT | NAME_IP, i->ips[k].at, i->ips[k].n);
    put_der_close(out, seq);
    close_extension(out, e);
}

static void put_subtree(struct wire_out *out, enum general_choice choice, const void *base, size_t n)
{
    struct put_der subtree = put_der_open(out, DER_SEQUENCE);
    put_der_bytes(out, DER_CONTEXT | (unsigned)choice, base, n);
    put_der_close(out, subtree);
}

/* An address constraint is address and mask: all zeros hold every address, in 8 octets those of IPv4, in 32
 * those of IPv6. */
/* One address exactly: itself and a mask of all ones (RFC 5280 §4.2.1.10). */
static void put_permitted_ip(struct wire_out *out, const struct bytes *ip)
{
    uint8_t subtree[32];
    if (ip->n > sizeof subtree / 2)
        return;
    memcpy(subtree, ip->at, ip->n);
    memset(subtree + ip->n, 0xff, ip->n);
    put_subtree(out, NAME_IP, subtree, 2 * ip->n);
}

static void put_name_constraints(struct wire_out *out, const struct x509_issue *i)
{
    static const uint8_t zeros[32] = { 0 };
    struct extension e = open_extension(out, OID_NAME_CONSTRAINTS, true);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    if (i->permitted_dns || i->n_permitted_ips) {
        struct put_der list = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0);
        if (i->permitted_dns)
            put_subtree(out, NAME_DNS, i->permitted_dns, strlen(i->permitted_dns));
        for (size_t n = 0; n < i->n_permitted_ips; n++)
            put_permitted_ip(out, &i->permitted_ips[n]);
        put_der_close(out, list);
    }
    if (i->exclude_all_ip) {
        struct put_der list = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 1);
        put_subtree(out, NAME_IP, zeros, 8);
        put_subtree(out, NAME_IP, zeros, 32);
        put_der_close(out, list);
    }
    put_der_close(out, seq);
    close_extension(out, e);
}

static void put_key_ids(struct wire_out *out, const struct x509_issue *i)
{
    uint8_t own[KEY_ID], signers[KEY_ID];
    key_id(i->key, own);
    key_id(&i->signer->pub, signers);
    struct extension e = open_extension(out, OID_SUBJECT_KEY_ID, false);
    put_der_bytes(out, DER_OCTET_STRING, own, KEY_ID);
    close_extension(out, e);
    e = open_extension(out, OID_AUTHORITY_KEY_ID, false);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_der_bytes(out, DER_CONTEXT | 0, signers, KEY_ID);
    put_der_close(out, seq);
    close_extension(out, e);
}

static void put_extensions(struct wire_out *out, const struct x509_issue *i)
{
    struct put_der choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 3),
        list = put_der_open(out, DER_SEQUENCE);
    put_basic_constraints(out, i);
    if (i->usage)
        put_key_usage(out, i->usage);
    if (i->server_auth)
        put_purpose(out);
    if (i->n_dns || i->n_ips)
        put_alt_names(out, i);
    if (i->permitted_dns || i->n_permitted_ips || i->exclude_all_ip)
        put_name_constraints(out, i);
    put_key_ids(out, i);
    put_der_close(out, list);
    put_der_close(out, choice);
}

/* ---- the certificate ---- */

static void put_tbs(struct wire_out *out, const struct x509_issue *i)
{
    static const uint8_t v3 = 2;
    struct put_der tbs = put_der_open(out, DER_SEQUENCE),
        version = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0);
    put_der_uint(out, &v3, 1);
    put_der_close(out, version);
    put_der_uint(out, i->serial, i->serial_n);
    put_algorithm(out, &i->signer->pub);
    if (i->issuer)
        put_bytes(out, "issuer", i->issuer->subject.at, i->issuer->subject.n);
    else
        put_subject(out, i);
    struct put_der validity = put_der_open(out, DER_SEQUENCE);
    put_der_time(out, i->not_before);
    put_der_time(out, i->not_after);
    put_der_close(out, validity);
    put_subject(out, i);
    put_spki(out, i->key);
    put_extensions(out, i);
    put_der_close(out, tbs);
}

/* Behind the TBS, which lies at `tbs` and reaches to out->at: algorithm and signature. */
static bool put_signature(struct wire_out *out, const uint8_t *tbs, const struct private_key *key,
                          struct chance *chance)
{
    uint8_t signature[SIGNATURE_MAX];
    if (out->failed)
        return false;
    size_t n = key_sign(key, chance, scheme_of(&key->pub), tbs, (size_t)(out->at - tbs), signature);
    put_algorithm(out, &key->pub);
    struct put_der bits = put_der_open(out, DER_BIT_STRING);
    put_u8(out, "unused_bits", 0);
    put_bytes(out, "signature_value", signature, n);
    put_der_close(out, bits);
    return n > 0;
}

size_t x509_sign(const struct bytes *tbs, const struct private_key *key, struct chance *chance, uint8_t *out,
                 size_t room)
{
    struct wire_out w = wire_into(out, room);
    struct put_der cert = put_der_open(&w, DER_SEQUENCE);
    const uint8_t *start = w.at;
    put_bytes(&w, "tbs_certificate", tbs->at, tbs->n);
    bool signed_ = put_signature(&w, start, key, chance);
    put_der_close(&w, cert);
    return signed_ && !w.failed ? wire_written(&w) : 0;
}

size_t x509_issue(const struct x509_issue *i, struct chance *chance, uint8_t *out, size_t room)
{
    struct wire_out w = wire_into(out, room);
    if (i->key->kind == KEY_NONE || (i->subject_cn && strlen(i->subject_cn) > CN_MAX)
        || (i->subject_o && strlen(i->subject_o) > CN_MAX))
        return 0;
    struct put_der cert = put_der_open(&w, DER_SEQUENCE);
    const uint8_t *start = w.at;
    put_tbs(&w, i);
    bool signed_ = put_signature(&w, start, i->signer, chance);
    put_der_close(&w, cert);
    return signed_ && !w.failed ? wire_written(&w) : 0;
}

void x509_make_serial(struct x509_issue *i, struct chance *chance)
{
    chance_fill(chance, "serial_number", i->serial, X509_SERIAL);
    i->serial[0] = (uint8_t)((i->serial[0] & 0x3f) | 0x40);        /* neither negative nor shorter */
    i->serial_n = X509_SERIAL;
}
