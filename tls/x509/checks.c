#include "tls/x509/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* In parentheses: a small build has a macro of this name. */
void (x509_say)(struct x509_finding *f, const char *expected, const char *found, ...)
{
    va_list args;
    if (f->quiet)
        return;
    va_start(args, found);
    snprintf(f->expected, sizeof f->expected, "%s", expected);
    vsnprintf(f->found, sizeof f->found, found, args);
    va_end(args);
}

enum x509_verdict x509_refused_as(struct x509_finding *f, const struct ground *ground)
{
    f->ground = ground;
    return X509_REFUSED;
}

enum x509_verdict x509_verdict_of(bool fine)
{
    return fine ? X509_ACCEPTED : X509_REFUSED;
}

bool x509_may_verify(const struct x509_path *p)
{
    if (!p->cost)
        return true;
    return p->cost->signatures < X509_SIGNATURES && ++p->cost->signatures;
}

bool x509_may_compare(const struct x509_path *p, size_t n)
{
    if (!p->cost)
        return n <= X509_COMPARISONS;
    if (n > X509_COMPARISONS - p->cost->comparisons)
        return false;
    p->cost->comparisons += (unsigned)n;
    return true;
}

bool x509_self_issued(const struct x509_cert *c)
{
    return x509_name_same(&c->subject, &c->issuer);
}

bool x509_is_top(const struct x509_path *p, size_t i)
{
    return i == p->n - 1;
}

bool x509_is_anchor(const struct x509_path *p, size_t i)
{
    return p->anchored && x509_is_top(p, i);
}

static const char *const profiles[] = { [X509_PKIX] = "pkix", [X509_WEB] = "web", [X509_RFC5280] = "rfc5280",
                                        [X509_BR] = "br" };

const char *x509_profile_name(enum x509_profile p) { return profiles[p]; }

enum x509_profile x509_profile_named(const char *name)
{
    for (unsigned p = X509_PKIX; p <= X509_BR; p++)
        if (strcmp(profiles[p], name) == 0)
            return (enum x509_profile)p;
    return X509_PKIX;
}

const struct x509_check x509_checks[] = {
    { "trust",          X509_AT_TOP,     x509_judge_trust,          { "x509.unknown_root", "RFC 5280 §6.1.1" } },
    { "depth",          X509_NO_MUST,    x509_judge_depth,          { "x509.max_depth", "RFC 5280 §6.1" } },
    { "distrust",       X509_NO_MUST,    x509_judge_distrust,       { "x509.distrusted", "RFC 5280 §6.1.1" } },
    { "algorithm",      X509_BELOW_TOP,  x509_judge_algorithm,      { "x509.algorithm", "RFC 5280 §4.1.1.2" } },
    { "signature",      X509_BELOW_TOP,  x509_judge_signature,      { "x509.bad_signature", "RFC 5280 §6.1.3" } },
    { "key",            X509_ALWAYS,     x509_judge_key,            { "x509.key_algorithm", "RFC 5280 §4.1.2.7" } },
    { "version",        X509_ALWAYS,     x509_judge_version,        { "x509.version", "RFC 5280 §4.1.2.1" } },
    { "serial_number",  X509_BELOW_TOP,  x509_judge_serial,         { "x509.serial", "RFC 5280 §4.1.2.2" } },
    { "issuer",         X509_ALWAYS,     x509_judge_issuer,         { "x509.issuer", "RFC 5280 §4.1.2.4" } },
    { "validity",       X509_ALWAYS,     x509_judge_validity,       { "x509.expired", "RFC 5280 §4.1.2.5" } },
    { "extensions",     X509_NO_MUST,    x509_judge_extensions,     { "x509.unknown_critical", "RFC 5280 §4.2" } },
    { "basic_constraints", X509_ABOVE_LEAF, x509_judge_basic_constraints, { "x509.not_ca", "RFC 5280 §4.2.1.9" } },
    { "path_length",    X509_NO_MUST,    x509_judge_path_length,    { "x509.path_len", "RFC 5280 §4.2.1.9" } },
    { "key_usage",      X509_NO_MUST,    x509_judge_key_usage,      { "x509.key_usage", "RFC 5280 §4.2.1.3" } },
    { "purpose",        X509_NO_MUST,    x509_judge_purpose,        { "x509.purpose", "RFC 5280 §4.2.1.12" } },
    { "name_constraints", X509_NO_MUST, x509_judge_name_constraints, { "x509.name_constraint", "RFC 5280 §4.2.1.10" } },
    { "policy",         X509_NO_MUST,    x509_judge_policy,         { "x509.policy", "RFC 9618 §5" } },
    { "host_name",      X509_FOR_HOST,   x509_judge_host_name,      { "x509.wrong_name", "RFC 9525 §6" } },
    /* not in the profile X509_PKIX */
    { "critical",       X509_NO_MUST,    x509_judge_critical,       { "x509.must_be_critical", "RFC 5280 §4.2.1" } },
    { "ca_bit",         X509_NO_MUST,    x509_judge_ca_bit,         { "x509.ca_bit", "RFC 5280 §4.2.1.9" } },
    { "subject_key_id", X509_NO_MUST,    x509_judge_subject_key_id, { "x509.subject_key_id", "RFC 5280 §4.2.1.2" } },
    { "authority_key_id", X509_NO_MUST, x509_judge_authority_key_id, { "x509.authority_key_id", "RFC 5280 §4.2.1.1" } },
    { "alt_name",       X509_NO_MUST,    x509_judge_alt_name,       { "x509.alt_name", "RFC 5280 §4.2.1.6" } },
    /* in X509_WEB and X509_BR alone; BR: the Baseline Requirements of the CA/Browser Forum */
    { "web_version",    X509_NO_MUST,    x509_judge_web_version,    { "x509.web_version", "BR §7.1.1" } },
    { "web_not_critical", X509_NO_MUST, x509_judge_web_not_critical, { "x509.web_not_critical", "BR §7.1.2.7.6" } },
    { "web_leaf",       X509_NO_MUST,    x509_judge_web_leaf,       { "x509.web_leaf_is_ca", "BR §7.1.2.7.8" } },
    { "web_root_key_id", X509_NO_MUST, x509_judge_web_root_key_id, { "x509.web_root_key_id", "BR §7.1.2.1.3" } },
    { "web_rsa_size",   X509_NO_MUST,    x509_judge_web_rsa_size,   { "x509.web_rsa_size", "BR §6.1.5" } },
    { "web_root_purpose", X509_NO_MUST, x509_judge_web_root_purpose, { "x509.web_root_purpose", "BR §7.1.2.1.2" } },
    { "web_purpose",    X509_NO_MUST,    x509_judge_web_purpose,    { "x509.web_any_purpose", "BR §7.1.2.7.10" } },
    { "web_common_name", X509_NO_MUST, x509_judge_web_common_name, { "x509.web_common_name", "BR §7.1.4.3" } },
    /* revoked? */
    { "ocsp",           X509_NO_MUST,    x509_judge_ocsp,           { "x509.ocsp", "RFC 6960 §3.2" } },
    { "crl",            X509_NO_MUST,    x509_judge_crl,            { "x509.crl", "RFC 5280 §6.3" } },
    { "status",         X509_NO_MUST,    x509_judge_status,         { "x509.status", "RFC 5280 §6.3.3" } },
    { "must_staple",    X509_NO_MUST,    x509_judge_must_staple,    { "x509.must_staple", "RFC 7633 §4" } },
    { NULL, X509_ALWAYS, NULL, { NULL, NULL } }
};
