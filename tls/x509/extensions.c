#include "tls/x509/names.h"
#include "tls/x509/parts.h"

#include <stdio.h>
#include <string.h>

/* Each reader gets the content of one extnValue and reads it to its end; x509_take_extensions closes it. */

static const char default_unwritten[] = "a default that is not written (X.690 §11.5)";

/* SEQUENCE SIZE (1..MAX) OF GeneralName; its content. */
static struct bytes take_general_names(struct wire_in *in, const char *name, unsigned tag)
{
    struct wire_in names = der_open(in, name, tag);
    struct bytes whole = { names.at, wire_left(&names) };
    do {
        const uint8_t *start = names.at;
        struct general_name g = x509_take_general_name(&names);
        if (g.choice == NAME_IP && g.value.n != 4 && g.value.n != 16)
            wire_fail_at(&names, start, "ip_address", "4 or 16 octets of an address (RFC 5280 §4.2.1.6)", "%zu octets",
                         g.value.n);
    } while (names.at < names.end);
    wire_close(in, &names);
    return in->failed ? (struct bytes){ in->at, 0 } : whole;
}

static void read_alt_names(struct wire_in *in, struct x509_cert *c)
{
    c->alt_names = take_general_names(in, "subject_alt_name", DER_SEQUENCE);
}

static void read_issuer_alt_names(struct wire_in *in, struct x509_cert *c)
{
    (void)c;
    take_general_names(in, "issuer_alt_name", DER_SEQUENCE);
}

/* RFC 5280 §4.2.1.9. cA is FALSE by default, and a default is not written. */
static void read_basic_constraints(struct wire_in *in, struct x509_cert *c)
{
    struct wire_in basic = der_open(in, "basic_constraints", DER_SEQUENCE);
    const uint8_t *start = basic.at;
    c->has_basic = true;
    if (der_next_is(&basic, DER_BOOLEAN)) {
        c->is_ca = der_take_bool(&basic, "ca");
        if (!c->is_ca)
            wire_fail_at(&basic, start, "ca", default_unwritten, "FALSE, which is the default");
    }
    if (der_next_is(&basic, DER_INTEGER)) {
        c->has_path_len = true;
        c->path_len = der_take_small(&basic, "path_len_constraint");
    }
    wire_close(in, &basic);
}

/* RFC 5280 §4.2.1.3. Bit 0 is the first octet's highest. That the last bit written be a 1 (X.690 §11.2.2) is
 * too much to ask: there are roots in use that have zeros behind it. */
static void read_key_usage(struct wire_in *in, struct x509_cert *c)
{
    static const char *const names[] = { "digital_signature", "non_repudiation", "key_encipherment",
                                         "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
                                         "encipher_only", "decipher_only" };
    unsigned unused;
    const uint8_t *start = in->at;
    struct bytes bits = der_take_bits(in, "key_usage", &unused);
    c->has_usage = true;
    for (unsigned i = 0; i < 9 && i / 8 < bits.n; i++)
        if (bits.at[i / 8] >> (7 - i % 8) & 1) {
            c->usage |= 1u << i;
            wire_bits(in, names[i], bits.n, 1, NULL);
        }
    if (c->usage == 0 || bits.n > 2)
        wire_fail_at(in, start, "key_usage", "one of nine uses at least (RFC 5280 §4.2.1.3)",
                     c->usage ? "more bits than there are uses" : "no use");
}

/* RFC 5280 §4.2.1.12 */
static void read_purposes(struct wire_in *in, struct x509_cert *c)
{
    struct wire_in list = der_open(in, "ext_key_usage", DER_SEQUENCE);
    c->has_purposes = true;
    do {
        struct bytes oid = der_take_oid(&list, "key_purpose_id");
        enum x509_oid which = x509_oid_of(&oid);
        c->purposes |= which == OID_SERVER_AUTH ? X509_SERVER : which == OID_CLIENT_AUTH ? X509_CLIENT
                     : which == OID_ANY_PURPOSE ? X509_ANY_PURPOSE
                     : X509_OTHER_PURPOSE | (which == OID_OCSP_SIGNING ? X509_OCSP_SIGNING : 0u);
    } while (list.at < list.end);
    wire_close(in, &list);
}

/* GeneralSubtrees, RFC 5280 §4.2.1.10: minimum is 0 (a default, not written), maximum absent; so a subtree is
 * its base. */
static void read_subtrees(struct wire_in *in, const char *name, unsigned tag)
{
    struct wire_in subtrees = der_open(in, name, tag);
    do {
        struct wire_in subtree = der_open(&subtrees, "general_subtree", DER_SEQUENCE);
        const uint8_t *start = subtree.at;
        struct general_name g = x509_take_general_name(&subtree);
        if (g.choice == NAME_IP && g.value.n != 8 && g.value.n != 32)
            wire_fail_at(&subtree, start, "ip_address", "8 or 32 octets of an address with its mask", "%zu octets",
                         g.value.n);
        else if (g.choice == NAME_IP && x509_mask_bits(g.value.at + g.value.n / 2, g.value.n / 2) < 0)
            wire_fail_at(&subtree, start, "ip_address", "a mask of ones and then zeros (RFC 4632 §3.1)",
                         "one with a one behind a zero");
        wire_close(&subtrees, &subtree);
    } while (subtrees.at < subtrees.end);
    wire_close(in, &subtrees);
}

static void read_name_constraints(struct wire_in *in, struct x509_cert *c)
{
    struct wire_in constraints = der_open(in, "name_constraints", DER_SEQUENCE);
    c->name_constraints = (struct bytes){ constraints.at, wire_left(&constraints) };
    if (constraints.at == constraints.end)
        wire_fail_at(&constraints, NULL, "name_constraints", "a list at least (RFC 5280 §4.2.1.10)", "none");
    if (der_next_is(&constraints, DER_CONTEXT_CONSTRUCTED | 0))
        read_subtrees(&constraints, "permitted_subtrees", DER_CONTEXT_CONSTRUCTED | 0);
    if (der_next_is(&constraints, DER_CONTEXT_CONSTRUCTED | 1))
        read_subtrees(&constraints, "excluded_subtrees", DER_CONTEXT_CONSTRUCTED | 1);
    wire_close(in, &constraints);
}

static void read_subject_key_id(struct wire_in *in, struct x509_cert *c)
{
    c->subject_key_id = der_take(in, "subject_key_identifier", DER_OCTET_STRING);
}

/* RFC 5280 §4.2.1.1 */
static void read_authority_key_id(struct wire_in *in, struct x509_cert *c)
{
    struct wire_in id = der_open(in, "authority_key_identifier", DER_SEQUENCE);
    if (der_next_is(&id, DER_CONTEXT | 0))
        c->authority_key_id = der_take(&id, "key_identifier", DER_CONTEXT | 0);
    if (der_next_is(&id, DER_CONTEXT_CONSTRUCTED | 1))
        c->aki_has_issuer = take_general_names(&id, "authority_cert_issuer", DER_CONTEXT_CONSTRUCTED | 1).n > 0;
    if (der_next_is(&id, DER_CONTEXT | 2)) {
        const uint8_t *start = id.at;
        struct bytes serial = der_take(&id, "authority_cert_serial_number", DER_CONTEXT | 2);
        c->aki_has_serial = der_int_sound(&serial, &id, start, "authority_cert_serial_number");
    }
    wire_close(in, &id);
}

/* AuthorityInfoAccess and SubjectInfoAccess, RFC 5280 §4.2.2 */
static void read_info_access(struct wire_in *in, struct x509_cert *c)
{
    struct wire_in list = der_open(in, "info_access", DER_SEQUENCE);
    c->info_access = (struct bytes){ list.at, wire_left(&list) };
    do {
        struct wire_in one = der_open(&list, "access_description", DER_SEQUENCE);
        der_take_oid(&one, "access_method");
        x509_take_general_name(&one);
        wire_close(&list, &one);
    } while (list.at < list.end);
    wire_close(in, &list);
}

static void read_subject_info(struct wire_in *in, struct x509_cert *c)
{
    struct bytes authority = c->info_access;
    read_info_access(in, c);
    c->info_access = authority;
}

/* DistributionPointName, RFC 5280 §4.2.1.13: names of the list, or what to add to its issuer's name. */
static void read_point_name(struct wire_in *point)
{
    struct wire_in choice = der_open(point, "distribution_point", DER_CONTEXT_CONSTRUCTED | 0);
    if (der_next_is(&choice, DER_CONTEXT_CONSTRUCTED | 0))
        take_general_names(&choice, "full_name", DER_CONTEXT_CONSTRUCTED | 0);
    else
        x509_take_rdn(&choice, "name_relative_to_crl_issuer", DER_CONTEXT_CONSTRUCTED | 1);
    wire_close(point, &choice);
}

static void read_crl_points(struct wire_in *in, struct x509_cert *c)
{
    struct wire_in list = der_open(in, "crl_distribution_points", DER_SEQUENCE);
    c->crl_points = (struct bytes){ list.at, wire_left(&list) };
    do {
        struct wire_in point = der_open(&list, "distribution_point", DER_SEQUENCE);
        const uint8_t *start = point.at;
        unsigned unused;
        bool named = der_next_is(&point, DER_CONTEXT_CONSTRUCTED | 0);
        if (named)
            read_point_name(&point);
        if (der_next_is(&point, DER_CONTEXT | 1))
            der_take_bits_as(&point, "reasons", DER_CONTEXT | 1, &unused);
        bool issued = der_next_is(&point, DER_CONTEXT_CONSTRUCTED | 2);
        if (issued)
            take_general_names(&point, "crl_issuer", DER_CONTEXT_CONSTRUCTED | 2);
        if (!named && !issued)
            wire_fail_at(&point, start, "distribution_point", "a point or who issues it (RFC 5280 §4.2.1.13)",
                         "neither");
        wire_close(&list, &point);
    } while (list.at < list.end);
    wire_close(in, &list);
}

static const unsigned ia5[] = { DER_IA5, 0 }, display_text[] = { DER_IA5, DER_VISIBLE, DER_BMP, DER_UTF8, 0 };

/* UserNotice: a text, or where somebody else's stands. */
static void read_notice(struct wire_in *in)
{
    struct wire_in notice = der_open(in, "user_notice", DER_SEQUENCE);
    if (der_next_is(&notice, DER_SEQUENCE)) {
        struct wire_in ref = der_open(&notice, "notice_ref", DER_SEQUENCE);
        x509_take_string(&ref, "organization", display_text);
        struct wire_in numbers = der_open(&ref, "notice_numbers", DER_SEQUENCE);
        while (numbers.at < numbers.end)
            der_take_int(&numbers, "notice_number");
        wire_close(&ref, &numbers);
        wire_close(&notice, &ref);
    }
    if (notice.at < notice.end)
        x509_take_string(&notice, "explicit_text", display_text);
    wire_close(in, &notice);
}

/* PolicyQualifierInfo's two members */
static void read_qualifier(struct wire_in *in)
{
    struct bytes oid = der_take_oid(in, "policy_qualifier_id");
    switch (x509_oid_of(&oid)) {
    case OID_CPS:         x509_take_string(in, "cps_uri", ia5); break;
    case OID_USER_NOTICE: read_notice(in); break;
    default:              der_skip(in, "qualifier", NULL); break;
    }
}

/* RFC 5280 §4.2.1.4 */
static void read_policies(struct wire_in *in, struct x509_cert *c)
{
    struct wire_in list = der_open(in, "certificate_policies", DER_SEQUENCE);
    c->policies = (struct bytes){ list.at, wire_left(&list) };
    do {
        struct wire_in policy = der_open(&list, "policy_information", DER_SEQUENCE);
        der_take_oid(&policy, "policy_identifier");
        if (policy.at < policy.end) {
            struct wire_in qualifiers = der_open(&policy, "policy_qualifiers", DER_SEQUENCE);
            do {
                struct wire_in one = der_open(&qualifiers, "policy_qualifier_info", DER_SEQUENCE);
                read_qualifier(&one);
                wire_close(&qualifiers, &one);
            } while (qualifiers.at < qualifiers.end);
            wire_close(&policy, &qualifiers);
        }
        wire_close(&list, &policy);
    } while (list.at < list.end);
    wire_close(in, &list);
}

/* RFC 5280 §4.2.1.5 */
static void read_policy_mappings(struct wire_in *in, struct x509_cert *c)
{
    struct wire_in list = der_open(in, "policy_mappings", DER_SEQUENCE);
    c->policy_mappings = (struct bytes){ list.at, wire_left(&list) };
    do {
        struct wire_in pair = der_open(&list, "policy_mapping", DER_SEQUENCE);
        der_take_oid(&pair, "issuer_domain_policy");
        der_take_oid(&pair, "subject_domain_policy");
        wire_close(&list, &pair);
    } while (list.at < list.end);
    wire_close(in, &list);
}

/* SkipCerts ::= INTEGER (0..MAX), here IMPLICIT under `tag`. More than fits is as good as never. */
static uint32_t take_skip(struct wire_in *in, const char *name, unsigned tag)
{
    const uint8_t *start = in->at;
    struct bytes b = der_take(in, name, tag);
    uint32_t v = 0;
    if (der_int_sound(&b, in, start, name) && (b.at[0] & 0x80))
        wire_fail_at(in, start, name, "a number not below 0", "a negative number");
    for (size_t i = 0; i < b.n; i++)
        v = v > 0xffffff ? X509_NO_SKIP - 1 : v << 8 | b.at[i];
    return in->failed ? 0 : v;
}

/* RFC 5280 §4.2.1.11: one of both at least */
static void read_policy_constraints(struct wire_in *in, struct x509_cert *c)
{
    struct wire_in seq = der_open(in, "policy_constraints", DER_SEQUENCE);
    if (seq.at == seq.end)
        wire_fail_at(&seq, NULL, "policy_constraints", "a constraint at least (RFC 5280 §4.2.1.11)", "none");
    if (der_next_is(&seq, DER_CONTEXT | 0))
        c->require_explicit_policy = take_skip(&seq, "require_explicit_policy", DER_CONTEXT | 0);
    if (der_next_is(&seq, DER_CONTEXT | 1))
        c->inhibit_policy_mapping = take_skip(&seq, "inhibit_policy_mapping", DER_CONTEXT | 1);
    wire_close(in, &seq);
}

/* RFC 5280 §4.2.1.14 */
static void read_inhibit_any(struct wire_in *in, struct x509_cert *c)
{
    c->inhibit_any_policy = take_skip(in, "inhibit_any_policy", DER_INTEGER);
}

/* RFC 7633 §4: the TLS extensions that the server must answer with; 5 is status_request. */
static void read_tls_feature(struct wire_in *in, struct x509_cert *c)
{
    struct wire_in list = der_open(in, "tls_feature", DER_SEQUENCE);
    do
        c->must_staple |= der_take_small(&list, "tls_extension") == 5;
    while (list.at < list.end);
    wire_close(in, &list);
}

static void read_freshest_crl(struct wire_in *in, struct x509_cert *c)
{
    struct bytes points = c->crl_points;
    read_crl_points(in, c);
    c->freshest_crl = c->crl_points;
    c->crl_points = points;
}

static const char *sct_hash_words(unsigned v) { return v == 4 ? "SHA-256" : NULL; }
static const char *sct_key_words(unsigned v) { return v == 1 ? "RSA" : v == 3 ? "ECDSA" : NULL; }

/* SignedCertificateTimestampList, RFC 6962 §3.3: in an OCTET STRING, in the presentation language of TLS. */
static void read_timestamps(struct wire_in *in, struct x509_cert *c)
{
    (void)c;
    struct wire_in string = der_open(in, "signed_certificate_timestamp_list", DER_OCTET_STRING);
    struct wire_in list = take_vec16(&string, "sct_list");
    while (list.at < list.end) {
        struct wire_in sct = take_vec16(&list, "serialized_sct");
        uint8_t version = take_u8(&sct, "sct_version");
        if (version == 0) {
            take_ref(&sct, "log_id", 32);
            take_u64(&sct, "timestamp");
            struct wire_in extensions = take_vec16(&sct, "ct_extensions");
            take_rest(&extensions, "data");
            take_code8(&sct, "hash_algorithm", sct_hash_words);
            take_code8(&sct, "signature_algorithm", sct_key_words);
            struct wire_in signature = take_vec16(&sct, "signature");
            take_rest(&signature, "signature");
            wire_close(&sct, &signature);
        } else
            take_rest(&sct, "data");
        wire_close(&list, &sct);
    }
    wire_close(&string, &list);
    wire_close(in, &string);
}

/* Netscape's, as OpenSSL writes them */
static void read_comment(struct wire_in *in, struct x509_cert *c)
{
    (void)c;
    x509_take_string(in, "netscape_comment", ia5);
}

static void read_netscape_type(struct wire_in *in, struct x509_cert *c)
{
    (void)c;
    unsigned unused;
    der_take_bits(in, "netscape_cert_type", &unused);
}

/* Of no weight here: named as deep as its tags tell. */
static void read_tree(struct wire_in *in, struct x509_cert *c)
{
    (void)c;
    der_skip(in, "value", NULL);
}

/* Not known: nobody can say that it is DER. */
static void read_data(struct wire_in *in, struct x509_cert *c)
{
    (void)c;
    take_rest(in, "data");
}

/* `processed`: the judgement takes note of it, so it may be critical (§4.2). */
static const struct kind {
    enum x509_oid oid;
    enum x509_extension bit;
    bool processed;
    void (*read)(struct wire_in *, struct x509_cert *);
} kinds[] = {
    { OID_BASIC_CONSTRAINTS,  X509_EXT_BASIC_CONSTRAINTS,  true,  read_basic_constraints },
    { OID_KEY_USAGE,          X509_EXT_KEY_USAGE,          true,  read_key_usage },
    { OID_EXTENDED_KEY_USAGE, X509_EXT_EXTENDED_KEY_USAGE, true,  read_purposes },
    { OID_SUBJECT_ALT_NAME,   X509_EXT_SUBJECT_ALT_NAME,   true,  read_alt_names },
    { OID_NAME_CONSTRAINTS,   X509_EXT_NAME_CONSTRAINTS,   true,  read_name_constraints },
    { OID_POLICIES,           X509_EXT_POLICIES,           true,  read_policies },
    { OID_POLICY_MAPPINGS,    X509_EXT_POLICY_MAPPINGS,    true,  read_policy_mappings },
    { OID_POLICY_CONSTRAINTS, X509_EXT_POLICY_CONSTRAINTS, true,  read_policy_constraints },
    { OID_INHIBIT_ANY_POLICY, X509_EXT_INHIBIT_ANY_POLICY, true,  read_inhibit_any },
    { OID_SUBJECT_KEY_ID,     X509_EXT_SUBJECT_KEY_ID,     false, read_subject_key_id },
    { OID_AUTHORITY_KEY_ID,   X509_EXT_AUTHORITY_KEY_ID,   false, read_authority_key_id },
    { OID_ISSUER_ALT_NAME,    X509_EXT_ISSUER_ALT_NAME,    false, read_issuer_alt_names },
    { OID_AUTHORITY_INFO,     X509_EXT_AUTHORITY_INFO,     false, read_info_access },
    { OID_SUBJECT_INFO,       X509_EXT_SUBJECT_INFO,       false, read_subject_info },
    { OID_CRL_POINTS,         X509_EXT_CRL_POINTS,         false, read_crl_points },
    { OID_FRESHEST_CRL,       X509_EXT_FRESHEST_CRL,       false, read_freshest_crl },
    { OID_TLS_FEATURE,        X509_EXT_TLS_FEATURE,        false, read_tls_feature },
    { OID_SCT_LIST,           X509_EXT_OTHER,              false, read_timestamps },
    { OID_NETSCAPE_TYPE,      X509_EXT_OTHER,              false, read_netscape_type },
    { OID_NETSCAPE_COMMENT,   X509_EXT_OTHER,              false, read_comment },
    { OID_QC_STATEMENTS,      X509_EXT_OTHER,              false, read_tree },
    { OID_UNKNOWN,            X509_EXT_OTHER,              false, read_data },   /* the last: whatever has no row */
};

static const struct kind *kind_of(const struct bytes *oid)
{
    enum x509_oid which = x509_oid_of(oid);
    const struct kind *k = kinds;
    while (k->oid != which && k->oid != OID_UNKNOWN)
        k++;
    return k;
}

static bool seen_before(const struct bytes *seen, size_t n, const struct bytes *oid)
{
    for (size_t i = 0; i < n; i++)
        if (seen[i].n == oid->n && memcmp(seen[i].at, oid->at, oid->n) == 0)
            return true;
    return false;
}

static struct bytes take_extension(struct wire_in *list, struct x509_cert *c)
{
    struct wire_in extension = der_open(list, "extension", DER_SEQUENCE);
    struct bytes oid = der_take_oid(&extension, "extn_id");
    bool critical = false;
    if (der_next_is(&extension, DER_BOOLEAN)) {
        const uint8_t *start = extension.at;
        critical = der_take_bool(&extension, "critical");
        if (!critical)
            wire_fail_at(&extension, start, "critical", default_unwritten, "FALSE, which is the default");
    }
    struct wire_in value = der_open(&extension, "extn_value", DER_OCTET_STRING);
    const struct kind *kind = kind_of(&oid);
    if (!value.failed)
        kind->read(&value, c);
    wire_close(&extension, &value);
    wire_close(list, &extension);
    c->present |= (uint32_t)kind->bit;
    c->critical |= critical ? (uint32_t)kind->bit : 0;
    if (critical && !kind->processed && !c->unknown_critical) {
        c->unknown_critical = true;
        x509_oid_text(&oid, c->unknown_oid);
    }
    return oid;
}

void x509_take_extensions(struct wire_in *in, struct x509_cert *c)
{
    struct bytes seen[X509_EXTENSIONS_MAX];
    char text[OID_TEXT];
    size_t n = 0;
    struct wire_in list = der_open(in, "extensions", DER_SEQUENCE);
    c->has_extensions = true;
    c->extensions = (struct bytes){ list.at, wire_left(&list) };
    do {
        const uint8_t *start = list.at;
        struct bytes oid = take_extension(&list, c);
        if (n == X509_EXTENSIONS_MAX)
            wire_fail_at(&list, start, "extension", "at most 32 extensions", "one more");
        else if (seen_before(seen, n, &oid))
            wire_fail_at(&list, start, "extension", "each extension once (RFC 5280 §4.2)", "%s twice",
                         x509_oid_text(&oid, text));
        else
            seen[n++] = oid;
    } while (list.at < list.end);
    wire_close(in, &list);
}
