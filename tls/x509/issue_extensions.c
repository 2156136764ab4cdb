/* The extensions of a certificate that is made (RFC 5280 §4.2). */
#include "tls/x509/issue_inside.h"
#include "tls/x509/put_parts.h"

#include <string.h>

static struct put_extension open_as(struct wire_out *out, const struct x509_issue *i, enum x509_oid oid,
                                    enum x509_extension bit, bool critical)
{
    return x509_open_extension(out, x509_oid_dotted(oid), critical != ((i->turn_critical & bit) != 0));
}

static void put_small(struct wire_out *out, unsigned n)
{
    const uint8_t octets[] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };
    put_der_uint(out, octets, sizeof octets);
}

static void put_basic_constraints(struct wire_out *out, const struct x509_issue *i)
{
    static const uint8_t yes = 0xff;
    struct put_extension e = open_as(out, i, OID_BASIC_CONSTRAINTS, X509_EXT_BASIC_CONSTRAINTS, true);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    if (i->ca)
        put_der_bytes(out, DER_BOOLEAN, &yes, 1);
    if (i->ca && i->path_len >= 0)
        put_small(out, (unsigned)i->path_len);
    put_der_close(out, seq);
    x509_close_extension(out, e);
}

/* A list of named bits: bit 0 is the highest, zeros at the end are not written (X.690 §11.2.2). */
static void put_key_usage(struct wire_out *out, const struct x509_issue *i)
{
    uint8_t bits[3] = { 0 };
    unsigned last = 0;
    if (!i->usage)
        return;
    for (unsigned k = 0; k < 9; k++)
        if (i->usage >> k & 1) {
            bits[1 + k / 8] |= (uint8_t)(0x80 >> k % 8);
            last = k;
        }
    bits[0] = (uint8_t)(7 - last % 8);
    struct put_extension e = open_as(out, i, OID_KEY_USAGE, X509_EXT_KEY_USAGE, true);
    put_der_bytes(out, DER_BIT_STRING, bits, 2 + last / 8);
    x509_close_extension(out, e);
}

static void put_purposes(struct wire_out *out, const struct x509_issue *i)
{
    if (!i->server_auth && i->n_purposes == 0)
        return;
    struct put_extension e = open_as(out, i, OID_EXTENDED_KEY_USAGE, X509_EXT_EXTENDED_KEY_USAGE, false);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    if (i->server_auth)
        x509_put_oid(out, OID_SERVER_AUTH);
    for (size_t k = 0; k < i->n_purposes; k++)
        put_der_oid(out, i->purposes[k]);
    put_der_close(out, seq);
    x509_close_extension(out, e);
}

/* ---- names ---- */

static struct general_name dns_name(const char *name)
{
    return (struct general_name){ NAME_DNS, { (const uint8_t *)name, strlen(name) } };
}

static void put_alt_names(struct wire_out *out, const struct x509_issue *i)
{
    if (i->n_dns + i->n_ips + i->n_alt_names == 0)
        return;
    struct put_extension e = open_as(out, i, OID_SUBJECT_ALT_NAME, X509_EXT_SUBJECT_ALT_NAME, x509_issue_nameless(i));
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    for (size_t k = 0; k < i->n_dns; k++) {
        const struct general_name name = dns_name(i->dns[k]);
        x509_put_general_name(out, &name);
    }
    for (size_t k = 0; k < i->n_ips; k++)
        x509_put_general_name(out, &(struct general_name){ NAME_IP, i->ips[k] });
    for (size_t k = 0; k < i->n_alt_names; k++)
        x509_put_general_name(out, &i->alt_names[k]);
    put_der_close(out, seq);
    x509_close_extension(out, e);
}

static void put_subtree(struct wire_out *out, struct general_name base)
{
    struct put_der subtree = put_der_open(out, DER_SEQUENCE);
    x509_put_general_name(out, &base);
    put_der_close(out, subtree);
}

/* One address exactly: itself and a mask of all ones (RFC 5280 §4.2.1.10). */
static void put_permitted_ip(struct wire_out *out, const struct bytes *ip)
{
    uint8_t subtree[32];
    if (ip->n > sizeof subtree / 2)
        return;
    memcpy(subtree, ip->at, ip->n);
    memset(subtree + ip->n, 0xff, ip->n);
    put_subtree(out, (struct general_name){ NAME_IP, { subtree, 2 * ip->n } });
}

static void put_permitted(struct wire_out *out, const struct x509_issue *i)
{
    if (!i->permitted_dns && i->n_permitted_ips + i->n_permitted == 0)
        return;
    struct put_der list = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0);
    if (i->permitted_dns)
        put_subtree(out, dns_name(i->permitted_dns));
    for (size_t k = 0; k < i->n_permitted_ips; k++)
        put_permitted_ip(out, &i->permitted_ips[k]);
    for (size_t k = 0; k < i->n_permitted; k++)
        put_subtree(out, i->permitted[k]);
    put_der_close(out, list);
}

/* An address with a mask of zeros holds every address: in 8 octets those of IPv4, in 32 those of IPv6. */
static void put_excluded(struct wire_out *out, const struct x509_issue *i)
{
    static const uint8_t zeros[32] = { 0 };
    if (!i->exclude_all_ip && i->n_excluded == 0)
        return;
    struct put_der list = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 1);
    if (i->exclude_all_ip) {
        put_subtree(out, (struct general_name){ NAME_IP, { zeros, 8 } });
        put_subtree(out, (struct general_name){ NAME_IP, { zeros, 32 } });
    }
    for (size_t k = 0; k < i->n_excluded; k++)
        put_subtree(out, i->excluded[k]);
    put_der_close(out, list);
}

static void put_name_constraints(struct wire_out *out, const struct x509_issue *i)
{
    if (!i->permitted_dns && !i->exclude_all_ip && i->n_permitted_ips + i->n_permitted + i->n_excluded == 0)
        return;
    struct put_extension e = open_as(out, i, OID_NAME_CONSTRAINTS, X509_EXT_NAME_CONSTRAINTS, true);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_permitted(out, i);
    put_excluded(out, i);
    put_der_close(out, seq);
    x509_close_extension(out, e);
}

/* ---- key identifiers ---- */

static void put_subject_key_id(struct wire_out *out, const struct x509_issue *i)
{
    uint8_t own[X509_KEY_ID];
    x509_key_id(i->key, own);
    struct put_extension e = open_as(out, i, OID_SUBJECT_KEY_ID, X509_EXT_SUBJECT_KEY_ID, false);
    put_der_bytes(out, DER_OCTET_STRING, own, X509_KEY_ID);
    x509_close_extension(out, e);
}

/* What the issuer calls its key (§4.2.1.1), else what we would. */
static void put_authority_key_id(struct wire_out *out, const struct x509_issue *i)
{
    uint8_t signers[X509_KEY_ID];
    x509_key_id(&i->signer->pub, signers);
    struct bytes id = { signers, sizeof signers };
    if (i->issuer && i->issuer->subject_key_id.n)
        id = i->issuer->subject_key_id;
    struct put_extension e = open_as(out, i, OID_AUTHORITY_KEY_ID, X509_EXT_AUTHORITY_KEY_ID, false);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_der_bytes(out, DER_CONTEXT | 0, id.at, id.n);
    put_der_close(out, seq);
    x509_close_extension(out, e);
}

/* ---- policies ---- */

static void put_policies(struct wire_out *out, const struct x509_issue *i)
{
    if (i->n_policies == 0)
        return;
    struct put_extension e = open_as(out, i, OID_POLICIES, X509_EXT_POLICIES, false);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    for (size_t k = 0; k < i->n_policies; k++) {
        struct put_der information = put_der_open(out, DER_SEQUENCE);
        put_der_oid(out, i->policies[k]);
        put_der_close(out, information);
    }
    put_der_close(out, seq);
    x509_close_extension(out, e);
}

static void put_mappings(struct wire_out *out, const struct x509_issue *i)
{
    if (i->n_mappings == 0)
        return;
    struct put_extension e = open_as(out, i, OID_POLICY_MAPPINGS, X509_EXT_POLICY_MAPPINGS, true);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    for (size_t k = 0; k < i->n_mappings; k++) {
        struct put_der pair = put_der_open(out, DER_SEQUENCE);
        put_der_oid(out, i->mappings[k].issuer);
        put_der_oid(out, i->mappings[k].subject);
        put_der_close(out, pair);
    }
    put_der_close(out, seq);
    x509_close_extension(out, e);
}

/* [tag] IMPLICIT INTEGER */
static void put_skip(struct wire_out *out, unsigned tag, struct x509_skip skip)
{
    const uint8_t octets[] = { 0, (uint8_t)(skip.certs >> 8), (uint8_t)skip.certs };
    const size_t n = skip.certs < 0x80 ? 1 : skip.certs < 0x8000 ? 2 : 3;
    if (skip.said)
        put_der_bytes(out, DER_CONTEXT | tag, octets + sizeof octets - n, n);
}

static void put_policy_constraints(struct wire_out *out, const struct x509_issue *i)
{
    if (!i->require_explicit.said && !i->inhibit_mapping.said)
        return;
    struct put_extension e = open_as(out, i, OID_POLICY_CONSTRAINTS, X509_EXT_POLICY_CONSTRAINTS, true);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_skip(out, 0, i->require_explicit);
    put_skip(out, 1, i->inhibit_mapping);
    put_der_close(out, seq);
    x509_close_extension(out, e);
}

static void put_inhibit_any(struct wire_out *out, const struct x509_issue *i)
{
    if (!i->inhibit_any.said)
        return;
    struct put_extension e = open_as(out, i, OID_INHIBIT_ANY_POLICY, X509_EXT_INHIBIT_ANY_POLICY, true);
    put_small(out, i->inhibit_any.certs);
    x509_close_extension(out, e);
}

/* ---- where to ask ---- */

static void put_uri(struct wire_out *out, const char *uri)
{
    x509_put_general_name(out, &(struct general_name){ NAME_URI, { (const uint8_t *)uri, strlen(uri) } });
}

static void put_crl_points(struct wire_out *out, const struct x509_issue *i)
{
    if (!i->crl_uri)
        return;
    struct put_extension e = open_as(out, i, OID_CRL_POINTS, X509_EXT_CRL_POINTS, false);
    struct put_der points = put_der_open(out, DER_SEQUENCE), point = put_der_open(out, DER_SEQUENCE),
        name = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0), full = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0);
    put_uri(out, i->crl_uri);
    put_der_close(out, full);
    put_der_close(out, name);
    put_der_close(out, point);
    put_der_close(out, points);
    x509_close_extension(out, e);
}

static void put_access(struct wire_out *out, enum x509_oid method, const char *uri)
{
    if (!uri)
        return;
    struct put_der description = put_der_open(out, DER_SEQUENCE);
    x509_put_oid(out, method);
    put_uri(out, uri);
    put_der_close(out, description);
}

static void put_authority_info(struct wire_out *out, const struct x509_issue *i)
{
    if (!i->ocsp_uri && !i->issuer_uri)
        return;
    struct put_extension e = open_as(out, i, OID_AUTHORITY_INFO, X509_EXT_AUTHORITY_INFO, false);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_access(out, OID_OCSP, i->ocsp_uri);
    put_access(out, OID_CA_ISSUERS, i->issuer_uri);
    put_der_close(out, seq);
    x509_close_extension(out, e);
}

/* RFC 7633 §4.1: a SEQUENCE of numbers of TLS extensions. */
static void put_tls_feature(struct wire_out *out, const struct x509_issue *i)
{
    enum { STATUS_REQUEST = 5 };
    if (!i->must_staple)
        return;
    struct put_extension e = open_as(out, i, OID_TLS_FEATURE, X509_EXT_TLS_FEATURE, false);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_small(out, STATUS_REQUEST);
    put_der_close(out, seq);
    x509_close_extension(out, e);
}

static void put_extras(struct wire_out *out, const struct x509_issue *i)
{
    for (size_t k = 0; k < i->n_extras; k++) {
        const struct x509_extra *extra = &i->extras[k];
        struct put_extension e = x509_open_extension(out, extra->oid, extra->critical);
        put_bytes(out, "extn_value", extra->value.at, extra->value.n);
        x509_close_extension(out, e);
    }
}

static const struct {
    enum x509_extension bit; void (*put)(struct wire_out *, const struct x509_issue *);
} writers[] = {
    { X509_EXT_BASIC_CONSTRAINTS, put_basic_constraints },   { X509_EXT_KEY_USAGE, put_key_usage },
    { X509_EXT_EXTENDED_KEY_USAGE, put_purposes },           { X509_EXT_SUBJECT_ALT_NAME, put_alt_names },
    { X509_EXT_NAME_CONSTRAINTS, put_name_constraints },     { X509_EXT_SUBJECT_KEY_ID, put_subject_key_id },
    { X509_EXT_AUTHORITY_KEY_ID, put_authority_key_id },     { X509_EXT_POLICIES, put_policies },
    { X509_EXT_POLICY_MAPPINGS, put_mappings },              { X509_EXT_POLICY_CONSTRAINTS, put_policy_constraints },
    { X509_EXT_INHIBIT_ANY_POLICY, put_inhibit_any },        { X509_EXT_CRL_POINTS, put_crl_points },
    { X509_EXT_AUTHORITY_INFO, put_authority_info },         { X509_EXT_TLS_FEATURE, put_tls_feature },
    { X509_EXT_OTHER, put_extras },
};

void x509_put_issued_extensions(struct wire_out *out, const struct x509_issue *i)
{
    struct put_der choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 3), list = put_der_open(out, DER_SEQUENCE);
    for (size_t k = 0; k < sizeof writers / sizeof *writers; k++)
        if (!(i->leave_out & writers[k].bit))
            writers[k].put(out, i);
    put_der_close(out, list);
    put_der_close(out, choice);
}
