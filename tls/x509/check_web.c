#include "tls/x509/check.h"

#include <stdio.h>
#include <string.h>

/* What is asked beyond RFC 5280 §6, by profile (verify.h): rules of its §4 for who issues, which bind nobody who
 * verifies; and the Baseline Requirements of the CA/Browser Forum (BR). An anchor is no exception. How long a
 * certificate may live by the BR is not asked: the number changes from year to year, and older ones live on. */

static bool strict(const struct x509_path *p) { return p->ask->profile != X509_PKIX; }
static bool web(const struct x509_path *p) { return p->ask->profile == X509_WEB || p->ask->profile == X509_BR; }
static bool server(const struct x509_path *p, size_t i) { return i == 0 && p->ask->purpose == X509_SERVER; }

/* An anchor that names itself as its issuer. */
static bool is_root(const struct x509_path *p, size_t i)
{
    return x509_is_top(p, i) && x509_self_issued(p->certs[i]);
}

/* ---- form ---- */

enum x509_verdict x509_judge_web_version(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    if (!web(p))
        return X509_UNASKED;
    x509_say(f, "a certificate of version 3", "version %u", p->certs[i]->version);
    return x509_verdict_of(p->certs[i]->version == 3);
}

/* basicConstraints of a CA (RFC 5280 §4.2.1.9), nameConstraints (§4.2.1.10), policyConstraints (§4.2.1.11) and
 * inhibitAnyPolicy (§4.2.1.14) narrow what else would hold, and subjectAltName is all the name there is where the
 * subject is empty (§4.2.1.6): who does not understand them must not go on. BR §7.1.2.5.2 excepts nameConstraints. */
enum x509_verdict x509_judge_critical(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    static const struct { enum x509_extension which; const char *name; } narrow[] = {
        { X509_EXT_BASIC_CONSTRAINTS, "basicConstraints" }, { X509_EXT_NAME_CONSTRAINTS, "nameConstraints" },
        { X509_EXT_POLICY_CONSTRAINTS, "policyConstraints" }, { X509_EXT_INHIBIT_ANY_POLICY, "inhibitAnyPolicy" },
        { X509_EXT_SUBJECT_ALT_NAME, "subjectAltName" },
    };
    const struct x509_cert *c = p->certs[i];
    if (!strict(p) || !c->has_extensions)
        return X509_UNASKED;
    for (size_t k = 0; k < sizeof narrow / sizeof *narrow; k++) {
        enum x509_extension which = narrow[k].which;
        bool meant = which == X509_EXT_BASIC_CONSTRAINTS ? c->is_ca
                   : which == X509_EXT_SUBJECT_ALT_NAME ? x509_name_empty(&c->subject)
                   : which != X509_EXT_NAME_CONSTRAINTS || p->ask->profile != X509_BR;
        if (!meant || !(c->present & which) || (c->critical & which))
            continue;
        char expected[X509_SAY];
        bool names = which == X509_EXT_SUBJECT_ALT_NAME;
        snprintf(expected, sizeof expected,
                 names ? "%s marked critical, for the subject is empty" : "%s marked critical", narrow[k].name);
        x509_say(f, expected, "it is not");
        return X509_REFUSED;
    }
    x509_say(f, "extensions that restrict marked critical", "they are");
    return X509_ACCEPTED;
}

/* And the other way round: a client that does not know them may do without. */
enum x509_verdict x509_judge_web_not_critical(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    bool purpose = c->critical & X509_EXT_EXTENDED_KEY_USAGE;
    bool names = (c->critical & X509_EXT_SUBJECT_ALT_NAME) && !x509_name_empty(&c->subject);
    if (!web(p) || !server(p, i))
        return X509_UNASKED;
    x509_say(f, "extKeyUsage not marked critical, nor subjectAltName beside a subject", "%s",
        purpose ? "extKeyUsage is critical" : names ? "subjectAltName is critical" : "neither is");
    return x509_verdict_of(!purpose && !names);
}

/* ---- who is a CA ---- */

enum x509_verdict x509_judge_web_leaf(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    if (!web(p) || i > 0)
        return X509_UNASKED;
    x509_say(f, "a leaf whose basicConstraints do not say CA", "%s", p->certs[0]->is_ca ? "CA" : "not a CA");
    return x509_verdict_of(!p->certs[0]->is_ca);
}

enum x509_verdict x509_judge_ca_bit(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    bool signs = c->has_usage && (c->usage & X509_KEY_CERT_SIGN);
    if (!strict(p) || c->is_ca)
        return X509_UNASKED;
    x509_say(f, "no keyCertSign and no path length where basicConstraints do not say CA", "%s",
        signs ? "keyCertSign" : c->has_path_len ? "a path length" : "neither");
    return x509_verdict_of(!signs && !c->has_path_len);
}

/* ---- key identifiers ---- */

enum x509_verdict x509_judge_subject_key_id(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    if (!strict(p) || !c->is_ca)
        return X509_UNASKED;
    x509_say(f, "a CA's subjectKeyIdentifier, by which to find its key", "%s",
        c->subject_key_id.n ? "it has one" : "it has none");
    return x509_verdict_of(c->subject_key_id.n > 0);
}

static bool self_signed(const struct x509_path *p, const struct x509_cert *c)
{
    return c->outer.known && c->key.kind != KEY_NONE && x509_may_verify(p)
        && key_verify(&c->key, c->outer.scheme, c->tbs.at, c->tbs.n, c->signature.at, c->signature.n,
                      p->ask->cpu);
}

/* Only who signed himself may leave it out (§4.2.1.1). */
enum x509_verdict x509_judge_authority_key_id(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    if (!strict(p) || is_root(p, i))
        return X509_UNASKED;
    x509_say(f, "an authorityKeyIdentifier, by which to find who signed", "%s",
        c->authority_key_id.n ? "it has one" : c->present & X509_EXT_AUTHORITY_KEY_ID ? "one without keyIdentifier"
                                                                                : "it has none");
    return x509_verdict_of(c->authority_key_id.n > 0 || (x509_is_top(p, i) && self_signed(p, c)));
}

/* What a root says all the same must be about itself. */
enum x509_verdict x509_judge_web_root_key_id(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    const struct bytes *id = &c->authority_key_id, *own = &c->subject_key_id;
    bool other = c->aki_has_issuer || c->aki_has_serial;
    bool same = id->n > 0 && id->n == own->n && memcmp(id->at, own->at, id->n) == 0;
    if (!web(p) || !is_root(p, i) || !(c->present & X509_EXT_AUTHORITY_KEY_ID))
        return X509_UNASKED;
    x509_say(f, "a root's authorityKeyIdentifier that is its own subjectKeyIdentifier alone", "%s",
        other ? "one with an issuer's name or serial number" : id->n == 0 ? "an empty one"
              : same ? "its own" : "another one");
    return x509_verdict_of(same && !other);
}

/* ---- keys and their purposes ---- */

enum x509_verdict x509_judge_web_rsa_size(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    if (!web(p) || c->rsa_bits == 0)
        return X509_UNASKED;
    x509_say(f, "an RSA modulus of whole octets", "RSA %u bits", c->rsa_bits);
    return x509_verdict_of(c->rsa_bits % 8 == 0);
}

/* A root is for all that it signs. */
enum x509_verdict x509_judge_web_root_purpose(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    if (!web(p) || i == 0 || !is_root(p, i))
        return X509_UNASKED;
    x509_say(f, "a root without extKeyUsage", "%s", p->certs[i]->has_purposes ? "it has one" : "it has none");
    return x509_verdict_of(!p->certs[i]->has_purposes);
}

static const struct ground no_purpose = { "x509.web_no_purpose", "BR §7.1.2.7.6" };

/* A server's certificate names what it is for. Browsers take one that names nothing; the BR do not. */
enum x509_verdict x509_judge_web_purpose(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    bool any = c->purposes & X509_ANY_PURPOSE;
    if (!web(p) || !server(p, i) || (!c->has_purposes && p->ask->profile != X509_BR))
        return X509_UNASKED;
    x509_say(f, "an extKeyUsage that names serverAuth, and not anyExtendedKeyUsage", "%s",
        any ? "anyExtendedKeyUsage" : c->has_purposes ? "it has one" : "it has none");
    return c->has_purposes ? x509_verdict_of(!any) : x509_refused_as(f, &no_purpose);
}

/* ---- the names of a server ---- */

/* What stands in a dNSName, RFC 5280 §4.2.1.6: letters, digits, hyphens, and a star for the whole first label. */
static const char *flaw_of(const struct bytes *name)
{
    const char *s = (const char *)name->at;
    size_t star = name->n > 1 && s[0] == '*' && s[1] == '.' ? 2 : 0;
    size_t labels = x509_host_labels(s + star, name->n - star);
    if (labels == 0)
        return name->n && memchr(s + star, '*', name->n - star) ? "a star that is not the whole first label"
                                                                : "no host's name";
    if (memchr(s, '_', name->n))
        return "an underscore in it";
    return star && labels < 2 ? "a star too wide" : NULL;
}

enum x509_verdict x509_judge_alt_name(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    char text[X509_SAY];
    bool any = false;
    if (!strict(p) || !server(p, i))
        return X509_UNASKED;
    for (struct wire_in in = wire_over(p->certs[0]->alt_names.at, p->certs[0]->alt_names.n, NULL); in.at < in.end;) {
        struct general_name name = x509_take_general_name(&in);
        const char *flaw = name.choice == NAME_DNS ? flaw_of(&name.value) : NULL;
        any |= name.choice == NAME_DNS;
        if (flaw) {
            x509_say(f, "DNS names of letters, digits and hyphens, or with a first label *", "%.45s: %s",
                x509_general_text(&name, text), flaw);
            return X509_REFUSED;
        }
    }
    x509_say(f, "DNS names of letters, digits and hyphens, or with a first label *", "all are");
    return any ? X509_ACCEPTED : X509_UNASKED;
}

/* Does one name say what the CN says? `beneath`: it lies in the CN's domain. */
static bool same_as(const struct bytes *cn, const struct general_name *name, bool *beneath)
{
    char text[X509_SAY];
    const char *s = (const char *)name->value.at;
    if (name->choice == NAME_IP) {
        x509_ip_text(&name->value, text);
        return strlen(text) == cn->n && memcmp(text, cn->at, cn->n) == 0;
    }
    size_t n = name->value.n;
    *beneath |= n > cn->n && cn->n > 0 && s[n - cn->n - 1] == '.' && memcmp(s + (n - cn->n), cn->at, cn->n) == 0;
    return n == cn->n && n > 0 && memcmp(s, cn->at, n) == 0;
}

/* The CN of a server is a copy of one of its subjectAltNames, to the character: people read it as the server's name,
 * though programs do not. What is let pass is the domain that such a name lies in (as example.test of
 * www.example.test), which does not mislead; and where there are addresses only, a host's name. */
enum x509_verdict x509_judge_web_common_name(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    struct bytes cn;
    char text[X509_SAY];
    bool asked = false;
    for (size_t nth = 0; web(p) && server(p, i) && x509_name_attribute(&c->subject, OID_COMMON_NAME, nth, &cn); nth++) {
        bool copy = false, beneath = false, dns = false, ip = false;
        for (struct wire_in in = wire_over(c->alt_names.at, c->alt_names.n, NULL); in.at < in.end;) {
            struct general_name name = x509_take_general_name(&in);
            dns |= name.choice == NAME_DNS;
            ip |= name.choice == NAME_IP;
            copy |= (name.choice == NAME_DNS || name.choice == NAME_IP) && same_as(&cn, &name, &beneath);
        }
        if (!dns && !ip)
            return X509_UNASKED;
        asked = true;
        struct general_name told = { NAME_DNS, cn };
        x509_say(f, "a CN that is one of the subjectAltNames, to the character", "%.80s",
            x509_general_text(&told, text));
        if (!copy && !beneath && (dns || x509_host_labels((const char *)cn.at, cn.n) < 2))
            return X509_REFUSED;
    }
    return asked ? X509_ACCEPTED : X509_UNASKED;
}
