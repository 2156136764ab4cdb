#include "tls/x509/private_key.h"
#include "tls/x509/parts.h"

#include <string.h>

static const struct ground key_file = { "x509.key_file",      "RFC 5958 §2" };
static const struct ground key_kind = { "x509.key_kind",      "RFC 5958 §2" };
static const struct ground key_pair = { "x509.key_pair",      "RFC 8017 §3.2" };

/* A number right-aligned in `size` octets with zeros in front. */
static bool copy_right(uint8_t *out, size_t size, struct bytes number)
{
    if (number.n > size)
        return false;
    memset(out, 0, size - number.n);
    memcpy(out + size - number.n, number.at, number.n);
    return true;
}

static bool known_rsa_size(const struct bytes *n)
{
    return n->n >= 256 && n->n <= RSA_MAX && n->n % 2 == 0 && (n->at[0] & 0x80);
}

/* RSAPrivateKey, RFC 8017 §A.1.2: version, n, e, d, p, q, dp, dq, qinv. d is not kept: the Chinese remainders
 * do its work. */
static bool read_rsa(struct wire_in *in, struct private_key *key, struct fault *why)
{
    struct rsa_private *rsa = &key->u.rsa;
    struct wire_in seq = der_open(in, "rsa_private_key", DER_SEQUENCE);
    uint32_t version = der_take_small(&seq, "version");
    struct bytes n = der_take_uint(&seq, "modulus"), e = der_take_uint(&seq, "public_exponent");
    der_take_uint(&seq, "private_exponent");
    struct bytes p = der_take_uint(&seq, "prime1"), q = der_take_uint(&seq, "prime2");
    struct bytes dp = der_take_uint(&seq, "exponent1"), dq = der_take_uint(&seq, "exponent2"),
        qinv = der_take_uint(&seq, "coefficient");
    wire_close(in, &seq);
    if (in->failed)
        return refuse_about(why, &key_file, "private key", "an RSAPrivateKey (PKCS #1)",
                            "it breaks the rules at: %s", in->failed);
    if (version != 0)
        return refuse_about(why, &key_kind, "private key", "an RSA key of two primes", "version %u",
                            (unsigned)version);
    rsa->half = n.n / 2;
    if (!known_rsa_size(&n) || e.n > sizeof rsa->pub.e
        || !copy_right(rsa->p, rsa->half, p) || !copy_right(rsa->q, rsa->half, q)
        || !copy_right(rsa->dp, rsa->half, dp) || !copy_right(rsa->dq, rsa->half, dq)
        || !copy_right(rsa->qinv, rsa->half, qinv))
        return refuse_about(why, &key_kind, "private key",
                            "an RSA key of 2048 to 4096 bits with primes of half that size",
                            "a modulus of %zu octets, primes of %zu and %zu", n.n, p.n, q.n);
    memcpy(rsa->pub.n, n.at, rsa->pub.n_size = n.n);
    memcpy(rsa->pub.e, e.at, rsa->pub.e_size = e.n);
    key->pub.kind = KEY_RSA;
    key->pub.u.rsa = rsa->pub;
    return true;
}

/* KEY_NONE: a curve not known here, or explicit parameters. */
static enum key_kind take_curve(struct wire_in *in)
{
    if (!der_next_is(in, DER_OID))
        return KEY_NONE;
    struct bytes oid = der_take_oid(in, "named_curve");
    return x509_curve_key(x509_oid_of(&oid));
}

static bool refuse_curve(struct fault *why)
{
    return refuse_about(why, &key_kind, "private key", "an EC key on P-256, P-384 or P-521, named", "another curve");
}

static bool make_public(struct private_key *key, struct fault *why)
{
    return key_make_public(key, NULL)
        || refuse_about(why, &key_pair, "private key", "a number from 1 to the order of the curve", "another");
}

/* ECPrivateKey, RFC 5915 §3: version 1, the number, the curve (if nobody said it before: KEY_NONE), the point (if it
 * is there). */
static bool read_ec(struct wire_in *in, enum key_kind kind, struct private_key *key, struct fault *why)
{
    struct wire_in seq = der_open(in, "ec_private_key", DER_SEQUENCE);
    uint32_t version = der_take_small(&seq, "version");
    struct bytes number = der_take(&seq, "private_key", DER_OCTET_STRING), point = { 0 };
    if (der_next_is(&seq, DER_CONTEXT_CONSTRUCTED | 0)) {
        struct wire_in curve = der_open(&seq, "parameters", DER_CONTEXT_CONSTRUCTED | 0);
        enum key_kind again = take_curve(&curve);
        if (again == KEY_NONE || (kind != KEY_NONE && kind != again))
            return refuse_curve(why);
        wire_close(&seq, &curve);
        kind = again;
    }
    if (der_next_is(&seq, DER_CONTEXT_CONSTRUCTED | 1)) {
        struct wire_in choice = der_open(&seq, "public_key", DER_CONTEXT_CONSTRUCTED | 1),
            bits = der_open_bits(&choice, "public_key");
        point = take_rest(&bits, "public_key");
        wire_close(&choice, &bits);
        wire_close(&seq, &choice);
    }
    wire_close(in, &seq);
    if (in->failed || version != 1 || kind == KEY_NONE)
        return refuse_about(why, &key_file, "private key", "an ECPrivateKey (SEC 1)",
                            "it breaks the rules at: %s",
                            in->failed ? in->failed : version != 1 ? "version" : "no curve");
    /* §3 wants as many octets as the order has, with zeros in front. Some tools leave them out, and GnuTLS puts one
     * more where the first bit is set, as if it were an INTEGER; nothing is unclear either way. */
    for (; number.n > key_scalar_size(kind) && *number.at == 0; number.n--)
        number.at++;
    if (!number.n || !copy_right(key->u.ec, key_scalar_size(kind), number)
        || (point.n && point.n != key_point_size(kind)))
        return refuse_about(why, &key_kind, "private key",
                            "a number not longer than the order of its curve, and an uncompressed point",
                            "%zu octets and %zu", number.n, point.n);
    key->pub.kind = kind;
    if (!point.n)
        return make_public(key, why);
    memcpy(key->pub.u.ec, point.at, point.n);
    return true;
}

/* CurvePrivateKey, RFC 8410 §7: an OCTET STRING in the OCTET STRING. */
static bool read_ed25519(struct wire_in *in, struct private_key *key, struct fault *why)
{
    struct bytes seed = der_take(in, "private_key", DER_OCTET_STRING);
    if (in->failed || seed.n != ED25519_KEY)
        return refuse_about(why, &key_file, "private key", "an Ed25519 key of 32 octets", "one of %zu octets", seed.n);
    memcpy(key->u.ed25519, seed.at, ED25519_KEY);
    key->pub.kind = KEY_ED25519;
    return make_public(key, why);
}

/* OneAsymmetricKey, RFC 5958 §2: which algorithm, then its own form in an OCTET STRING. Attributes and a
 * public key may follow. */
static bool read_pkcs8(struct wire_in *in, struct private_key *key, struct fault *why)
{
    char words[OID_TEXT];
    struct wire_in seq = der_open(in, "private_key_info", DER_SEQUENCE);
    der_take_small(&seq, "version");
    struct wire_in algorithm = der_open(&seq, "private_key_algorithm", DER_SEQUENCE);
    struct bytes oid = der_take_oid(&algorithm, "algorithm");
    enum x509_oid kind = x509_oid_of(&oid);
    enum key_kind curve = kind == OID_EC_PUBLIC_KEY ? take_curve(&algorithm) : KEY_NONE;
    bool pss = kind == OID_PSS_RSA && x509_take_pss_key(&algorithm, &key->pub);
    struct wire_in inside = der_open(&seq, "private_key", DER_OCTET_STRING);
    if (seq.failed || algorithm.failed)
        return refuse_about(why, &key_file, "private key", "a PrivateKeyInfo (PKCS #8)",
                            "it breaks the rules at: %s", seq.failed ? seq.failed : algorithm.failed);
    if (kind == OID_EC_PUBLIC_KEY && curve == KEY_NONE)
        return refuse_curve(why);
    if (kind != OID_RSA && !pss && kind != OID_EC_PUBLIC_KEY && kind != OID_ED25519)
        return refuse_about(why, &key_kind, "private key", "an RSA, EC or Ed25519 key", "%s",
                            x509_oid_text(&oid, words));
    if (!(curve != KEY_NONE ? read_ec(&inside, curve, key, why)
          : kind == OID_ED25519 ? read_ed25519(&inside, key, why) : read_rsa(&inside, key, why)))
        return false;
    if (pss)
        key->pub.kind = KEY_RSA_PSS;
    wire_close(&seq, &inside);
    while (seq.at < seq.end)
        der_skip(&seq, "attributes", NULL);
    wire_close(in, &seq);
    return wire_end(in, &key_file, why);
}

static bool read_form(struct wire_in *in, enum key_form form, struct private_key *key, struct fault *why)
{
    switch (form) {
    case KEY_PKCS8: return read_pkcs8(in, key, why);
    case KEY_PKCS1: return read_rsa(in, key, why) && wire_end(in, &key_file, why);
    case KEY_SEC1:  return read_ec(in, KEY_NONE, key, why) && wire_end(in, &key_file, why);
    }
    return false;
}

bool private_key_read(const struct der *der, enum key_form form, struct private_key *out, struct fault *why)
{
    struct wire_in in = wire_over(der->at, der->n, NULL);
    *out = (struct private_key){ .pub = { .kind = KEY_NONE } };
    bool read = read_form(&in, form, out, why);
    if (read && key_matches(out, &out->pub, NULL))
        return true;
    key_wipe(out);
    return read && refuse_about(why, &key_pair, "private key", "halves of a key that fit together", "they do not");
}
