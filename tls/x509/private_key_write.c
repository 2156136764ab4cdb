#include "tls/x509/private_key.h"
#include "crypto/rsa_parts.h"
#include "tls/x509/put_parts.h"

#include <sodium.h>

static const uint8_t zero = 0, one = 1;               /* versions */

/* RSAPrivateKey, RFC 8017 §A.1.2 */
static void put_rsa(struct wire_out *out, const struct rsa_private *key)
{
    uint8_t d[RSA_MAX];
    if (!ct_tell(rsa_private_exponent(key, d)) && !out->failed)
        out->failed = "private_exponent";
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_der_uint(out, &zero, 1);
    put_der_uint(out, key->pub.n, key->pub.n_size);
    put_der_uint(out, key->pub.e, key->pub.e_size);
    put_der_uint(out, d, key->pub.n_size);
    put_der_uint(out, key->p, key->half);
    put_der_uint(out, key->q, key->half);
    put_der_uint(out, key->dp, key->half);
    put_der_uint(out, key->dq, key->half);
    put_der_uint(out, key->qinv, key->half);
    put_der_close(out, seq);
    sodium_memzero(d, sizeof d);
}

/* ECPrivateKey, RFC 5915 §3. Inside of PKCS #8 the curve stands outside, and is not said again. */
static void put_ec(struct wire_out *out, const struct private_key *key, bool with_curve)
{
    const enum key_kind kind = key->pub.kind;
    struct put_der ec = put_der_open(out, DER_SEQUENCE), choice;
    put_der_uint(out, &one, 1);
    put_der_bytes(out, DER_OCTET_STRING, key->u.ec, key_scalar_size(kind));
    if (with_curve) {
        choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0);
        x509_put_oid(out, x509_curve_oid(kind));
        put_der_close(out, choice);
    }
    choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 1);
    struct put_der bits = put_der_open(out, DER_BIT_STRING);
    put_u8(out, "unused_bits", 0);
    put_bytes(out, "public_key", key->pub.u.ec, key_point_size(kind));
    put_der_close(out, bits);
    put_der_close(out, choice);
    put_der_close(out, ec);
}

/* OneAsymmetricKey, RFC 5958 §2, as version 1: without the public key, which the forms of RSA and curves have inside
 * and Ed25519 does not need. */
static void put_pkcs8(struct wire_out *out, const struct private_key *key)
{
    const enum key_kind kind = key->pub.kind;
    struct put_der info = put_der_open(out, DER_SEQUENCE);
    put_der_uint(out, &zero, 1);
    x509_put_key_algorithm(out, &key->pub);
    struct put_der string = put_der_open(out, DER_OCTET_STRING);
    if (key_curve(kind))
        put_ec(out, key, false);
    else if (kind == KEY_ED25519)
        put_der_bytes(out, DER_OCTET_STRING, key->u.ed25519, ED25519_KEY);
    else
        put_rsa(out, &key->u.rsa);
    put_der_close(out, string);
    put_der_close(out, info);
}

static bool has_form(enum key_kind kind, enum key_form form)
{
    return kind != KEY_NONE && (form == KEY_PKCS8 || (form == KEY_PKCS1 ? kind == KEY_RSA : key_curve(kind) != NULL));
}

size_t private_key_write(const struct private_key *key, enum key_form form, uint8_t *out, size_t room)
{
    struct wire_out w = wire_into(out, room);
    if (!has_form(key->pub.kind, form))
        return 0;
    switch (form) {
    case KEY_PKCS8: put_pkcs8(&w, key); break;
    case KEY_PKCS1: put_rsa(&w, &key->u.rsa); break;
    case KEY_SEC1:  put_ec(&w, key, true); break;
    }
    if (!w.failed)
        return wire_written(&w);
    sodium_memzero(out, wire_written(&w));
    return 0;
}

const char *key_form_label(enum key_form form)
{
    switch (form) {
    case KEY_PKCS8: return "PRIVATE KEY";
    case KEY_PKCS1: return "RSA PRIVATE KEY";
    case KEY_SEC1:  return "EC PRIVATE KEY";
    }
    return "";
}
