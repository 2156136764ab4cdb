#include "tls/x509/checks.h"
#include "tls/x509/issue.h"
#include "tls/x509/ocsp.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { RSA_BITS_MIN = 2048, SERIAL_MAX = 20 };        /* NIST SP 800-131A; RFC 5280 §4.1.2.2 */

__attribute__((format(printf, 3, 4)))
static void say(struct x509_finding *f, const char *expected, const char *found, ...)
{
    va_list args;
    va_start(args, found);
    snprintf(f->expected, sizeof f->expected, "%s", expected);
    vsnprintf(f->found, sizeof f->found, found, args);
    va_end(args);
}

static enum x509_verdict refused_as(struct x509_finding *f, const struct ground *ground)
{
    f->ground = ground;
    return X509_REFUSED;
}

static enum x509_verdict verdict(bool fine)
{
    return fine ? X509_ACCEPTED : X509_REFUSED;
}

bool x509_self_issued(const struct x509_cert *c)
{
    return x509_name_same(&c->subject, &c->issuer);
}

static bool is_top(const struct x509_path *p, size_t i)
{
    return i == p->n - 1;
}

static bool is_anchor(const struct x509_path *p, size_t i)
{
    return p->anchored && is_top(p, i);
}

/* ---- does the path reach somebody we trust? ---- */

static const struct ground self_signed          = { "x509.self_signed",          "RFC 5280 §6.1.1" };
static const struct ground missing_intermediate = { "x509.missing_intermediate", "RFC 5246 §7.4.2" };

static enum x509_verdict judge_trust(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    char issuer[X509_SAY];
    if (!is_top(p, i))
        return X509_UNASKED;
    if (p->anchored) {
        say(f, "a certificate from the store of trusted roots", "it is one of the %u there",
            (unsigned)p->ask->trust->n);
        return X509_ACCEPTED;
    }
    x509_name_text(&c->issuer, issuer, sizeof issuer);
    if (i == 0 && x509_self_issued(c)) {
        say(f, "a certificate signed by somebody who is trusted", "it vouches for itself: issued by %.60s",
            issuer);
        return refused_as(f, &self_signed);
    }
    if (i == 0) {
        say(f, "the certificate of its issuer, sent along or trusted", "%.80s is neither", issuer);
        return refused_as(f, &missing_intermediate);
    }
    say(f, "a chain that ends at a trusted root", "it ends at %.80s", issuer);
    return X509_REFUSED;
}

/* ---- algorithms, keys, signatures ---- */

static const struct ground weak_hash = { "x509.weak_hash", "RFC 9155 §2" };

/* What stands under the signature (inner) and beside it (outer) must be the same, else the outer could be
 * swapped. What signed an anchor nobody asks: it is trusted as it lies in the store. */
static enum x509_verdict judge_algorithm(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    const struct bytes *inner = &c->inner.whole, *outer = &c->outer.whole;
    char in[OID_TEXT], out[OID_TEXT];
    x509_oid_text(&c->inner.oid, in);
    x509_oid_text(&c->outer.oid, out);
    if (inner->n != outer->n || memcmp(inner->at, outer->at, inner->n) != 0) {
        say(f, "the same signature algorithm inside and outside", "inside %.32s, outside %.32s", in, out);
        return X509_REFUSED;
    }
    if (is_anchor(p, i))
        return X509_UNASKED;
    if (c->outer.weak) {
        say(f, "a signature over SHA-256 or longer", "%.60s, which can be forged", out);
        return refused_as(f, &weak_hash);
    }
    say(f, "RSA PKCS#1 or ECDSA with SHA-256, -384 or -512", "%.60s%s", out,
        c->outer.known ? "" : " (not known here)");
    return verdict(c->outer.known);
}

static const struct ground weak_key = { "x509.weak_key", "RFC 9325 §4.5" };
static const struct ground known_to_all = { "x509.known_to_all", "RFC 5280 §8" };

static enum x509_verdict judge_key(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    say(f, "RSA of 2048 to 4096 bits, EC P-256, P-384 or P-521, or Ed25519", "%s", c->key_words);
    if (c->rsa_bits > 0 && c->rsa_bits < RSA_BITS_MIN)
        return refused_as(f, &weak_key);
    if (!p->ask->classroom && classroom_key_is(&c->key)) {
        say(f, "a key whose private half is secret", "the classroom CA's: everybody has it");
        return refused_as(f, &known_to_all);
    }
    return verdict(c->key.kind != KEY_NONE);
}

static const struct ground not_known = { "x509.algorithm", "RFC 5280 §4.1.1.2" };

static enum x509_verdict judge_signature(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i], *issuer = is_top(p, i) ? c : p->certs[i + 1];
    char by[X509_SAY], expected[X509_SAY];
    x509_name_short(&issuer->subject, by, sizeof by);
    snprintf(expected, sizeof expected, "a signature by the key of %.60s", by);
    switch (is_anchor(p, i) ? SIGNED_UNTRIED : p->signed_by[i]) {
    case SIGNED_RIGHT:
        say(f, expected, "it fits");
        return X509_ACCEPTED;
    case SIGNED_WRONG:
        say(f, expected, "the signature does not fit: %s",
            !key_can(&issuer->key, c->outer.scheme) ? "made by another kind of key"
                                             : "another key made it, or the certificate was changed");
        return X509_REFUSED;
    case SIGNED_UNKNOWN:
        say(f, expected, "one that cannot be checked here (%.40s)", issuer->key_words);
        return refused_as(f, &not_known);
    case SIGNED_UNTRIED:
        break;
    }
    say(f, "the signature of its issuer", "%s",
        is_anchor(p, i) ? "not needed: it is trusted as it stands" : "its issuer is not there");
    /* below the top, what was not verified is not believed */
    return is_top(p, i) ? X509_SKIPPED : X509_REFUSED;
}

/* ---- the certificate's own form ---- */

static enum x509_verdict judge_version(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    say(f, "version 3 where there are extensions", "version %u%s", c->version,
        c->has_extensions ? " with extensions" : "");
    return verdict(c->version <= 3 && (c->version == 3 || !c->has_extensions || is_anchor(p, i)));
}

static enum x509_verdict judge_serial(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct bytes *serial = &p->certs[i]->serial;
    bool zero = serial->n == 1 && serial->at[0] == 0, negative = serial->n > 0 && (serial->at[0] & 0x80);
    if (is_anchor(p, i))
        return X509_UNASKED;
    say(f, "a serial number above 0 in at most 20 octets", "%s number in %u octets",
        zero ? "zero, a" : negative ? "a negative" : "a",
        (unsigned)serial->n);
    return verdict(!zero && !negative && serial->n <= SERIAL_MAX);
}

/* An empty Name names nobody: it would be the issuer of whoever leaves his name out. */
static enum x509_verdict judge_issuer(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    say(f, "an issuer with a name", "%s", x509_name_empty(&c->issuer) ? "an empty one" : "it has one");
    return verdict(!x509_name_empty(&c->issuer));
}

static const struct ground not_yet_valid = { "x509.not_yet_valid", "RFC 5280 §4.1.2.5" };

/* Both ends are within, to the second. */
static enum x509_verdict judge_validity(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    char now[DER_TIME_TEXT], date[DER_TIME_TEXT], expected[X509_SAY];
    nsec second = p->ask->at / SECOND;
    der_time_text(p->ask->at, now);
    if (second < c->not_before / SECOND) {
        snprintf(expected, sizeof expected, "a certificate that has begun by %s", now);
        say(f, expected, "valid from %s", der_time_text(c->not_before, date));
        return refused_as(f, &not_yet_valid);
    }
    snprintf(expected, sizeof expected, "a certificate that is still valid at %s", now);
    say(f, expected, "valid until %s", der_time_text(c->not_after, date));
    return verdict(second <= c->not_after / SECOND);
}

static enum x509_verdict judge_extensions(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    if (!c->has_extensions)
        return X509_UNASKED;
    say(f, "no critical extension that is not understood here", "%s%s",
        c->unknown_critical ? "critical " : "none", c->unknown_critical ? c->unknown_oid : "");
    return verdict(!c->unknown_critical);
}

/* ---- may it issue? ---- */

/* An anchor of version 1 has no place to say that it is a CA; its being trusted says it (§6.1.4 k). */
static enum x509_verdict judge_basic_constraints(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    if (i == 0)
        return X509_UNASKED;
    if (is_anchor(p, i) && c->version < 3) {
        say(f, "an issuer whose basicConstraints say CA", "version 1, trusted as it stands");
        return X509_ACCEPTED;
    }
    say(f, "an issuer whose basicConstraints say CA", "%s",
        !c->has_basic ? "no basicConstraints" : c->is_ca ? "CA" : "not a CA");
    return verdict(c->is_ca);
}

/* RFC 5280 §6.1.4 l, m: intermediates between it and the leaf; the self-issued ones do not count. */
static enum x509_verdict judge_path_length(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    unsigned below = 0;
    char expected[X509_SAY];
    if (i == 0 || !c->has_path_len)
        return X509_UNASKED;
    for (size_t k = 1; k < i; k++)
        below += !x509_self_issued(p->certs[k]);
    snprintf(expected, sizeof expected, "at most %u CA certificates below it (pathLenConstraint)",
             (unsigned)c->path_len);
    say(f, expected, "%u", below);
    return verdict(below <= c->path_len);
}

static const char *usage_words(unsigned bits, char out[X509_SAY])
{
    static const char *const names[] = { "digitalSignature", "nonRepudiation", "keyEncipherment",
                                         "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign",
                                         "encipherOnly", "decipherOnly" };
    size_t n = 0;
    out[0] = 0;
    for (unsigned i = 0; i < sizeof names / sizeof *names && n + 20 < X509_SAY; i++)
        if (bits >> i & 1)
            n += (size_t)snprintf(out + n, X509_SAY - n, "%s%s", n ? ", " : "", names[i]);
    return out;
}

/* Without the extension a key is for everything (§4.2.1.3). */
static enum x509_verdict judge_key_usage(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    unsigned wanted = i > 0 ? X509_KEY_CERT_SIGN : p->ask->key_usage;
    char words[X509_SAY], expected[X509_SAY];
    if (!c->has_usage || wanted == 0)
        return X509_UNASKED;
    snprintf(expected, sizeof expected, "a key for %.80s", usage_words(wanted, words));
    say(f, expected, "%s", usage_words(c->usage, words));
    return verdict((c->usage & wanted) != 0);
}

/* A leaf must name the purpose itself; a CA may be for any. Up the path it narrows what stands below, as all
 * validators in use have it. */
static enum x509_verdict judge_purpose(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    unsigned wanted = p->ask->purpose;
    if (!c->has_purposes || wanted == 0)
        return X509_UNASKED;
    say(f, wanted == X509_SERVER ? "a certificate for servers (serverAuth)" : "one for clients (clientAuth)",
        "for%s%s%s%s",
        c->purposes & X509_SERVER ? " servers" : "", c->purposes & X509_CLIENT ? " clients" : "",
        c->purposes & X509_ANY_PURPOSE ? " any purpose" : "",
        c->purposes & X509_OTHER_PURPOSE ? " something else" : "");
    return verdict((c->purposes & (wanted | (i > 0 ? X509_ANY_PURPOSE : 0u))) != 0);
}

/* ---- names ---- */

/* Against the constraints of every certificate above it; a self-issued intermediate is exempt (§6.1.4 b). */
static enum x509_verdict judge_name_constraints(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    bool constrained = false;
    if (c->name_constraints.n && i == 0 && !c->is_ca) {            /* §4.2.1.10: only in a CA certificate */
        say(f, "name constraints in certificates of CAs only", "a leaf that has some");
        return X509_REFUSED;
    }
    for (size_t k = i + 1; k < p->n; k++) {
        const struct bytes *constraints = &p->certs[k]->name_constraints;
        if (!constraints->n || (i > 0 && x509_self_issued(c)))
            continue;
        constrained = true;
        if (!x509_constraints_allow(constraints, c, f->expected, f->found))
            return X509_REFUSED;
    }
    say(f, "only names that the certificates above it allow", "all are");
    return constrained ? X509_ACCEPTED : X509_UNASKED;
}

static enum x509_verdict judge_host_name(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_ask *ask = p->ask;
    char names[X509_SAY], ip[X509_SAY], expected[X509_SAY];
    if (i > 0)
        return X509_UNASKED;
    if (!ask->host && ask->ip.n == 0) {
        say(f, "the name of the host", "not asked for");
        return X509_SKIPPED;
    }
    snprintf(expected, sizeof expected, "a certificate for %.75s",
             ask->ip.n ? x509_ip_text(&ask->ip, ip) : ask->host);
    say(f, expected, "%s", x509_cert_names(p->certs[0], names));
    return verdict(x509_cert_is_for(p->certs[0], ask->host, &ask->ip));
}

/* ---- revoked? ---- */

static const struct ground revoked = { "x509.revoked", "RFC 6960 §2.2" };

/* RFC 6066 §8: what a server staples must vouch for its certificate. An anchor that is the leaf is its own issuer. */
static enum x509_verdict judge_ocsp(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    char date[DER_TIME_TEXT];
    nsec when = 0;
    unsigned status = 0;
    if (i > 0 || !p->ask->ocsp.n)
        return X509_UNASKED;
    enum x509_ocsp says = x509_ocsp_judge(p->ask->ocsp, p->certs[0], p->certs[p->n > 1], p->ask->at, &when, &status);
    der_time_text(when, date);
    const char *expected = "an OCSP response that vouches for the certificate";
    switch (says) {
    case OCSP_NOT_ONE:    say(f, expected, "octets that are none"); break;
    case OCSP_UNANSWERED: say(f, expected, "none: the responder said %s", x509_ocsp_status_words(status)); break;
    case OCSP_NOT_ABOUT:  say(f, expected, "one about another certificate"); break;
    case OCSP_WEAK:       say(f, expected, "one signed over SHA-1 or worse, which can be forged"); break;
    case OCSP_FORGED:     say(f, expected, "one that neither the issuer nor anybody named by it has signed"); break;
    case OCSP_TOO_OLD:    say(f, expected, "one that held until %s", date); break;
    case OCSP_TOO_NEW:    say(f, expected, "one that holds from %s", date); break;
    case OCSP_UNKNOWN:    say(f, expected, "one that knows nothing of it"); break;
    case OCSP_REVOKED:
        say(f, "a certificate that its CA stands by", "revoked at %s", date);
        return refused_as(f, &revoked);
    case OCSP_GOOD:
        say(f, expected, "good, as of %s", date);
        return X509_ACCEPTED;
    }
    return X509_REFUSED;
}

const struct x509_check x509_checks[] = {
    { "trust",             X509_AT_TOP,     judge_trust,             { "x509.unknown_root", "RFC 5280 §6.1.1" } },
    { "algorithm",         X509_BELOW_TOP,  judge_algorithm,         { "x509.algorithm", "RFC 5280 §4.1.1.2" } },
    { "signature",         X509_BELOW_TOP,  judge_signature,         { "x509.bad_signature", "RFC 5280 §6.1.3" } },
    { "key",               X509_ALWAYS,     judge_key,               { "x509.key_algorithm", "RFC 5280 §4.1.2.7" } },
    { "version",           X509_ALWAYS,     judge_version,           { "x509.version", "RFC 5280 §4.1.2.1" } },
    { "serial_number",     X509_BELOW_TOP,  judge_serial,            { "x509.serial", "RFC 5280 §4.1.2.2" } },
    { "issuer",            X509_ALWAYS,     judge_issuer,            { "x509.issuer", "RFC 5280 §4.1.2.4" } },
    { "validity",          X509_ALWAYS,     judge_validity,          { "x509.expired", "RFC 5280 §4.1.2.5" } },
    { "extensions",        X509_NO_MUST,    judge_extensions,        { "x509.unknown_critical", "RFC 5280 §4.2" } },
    { "basic_constraints", X509_ABOVE_LEAF, judge_basic_constraints, { "x509.not_ca", "RFC 5280 §4.2.1.9" } },
    { "path_length",       X509_NO_MUST,    judge_path_length,       { "x509.path_len", "RFC 5280 §4.2.1.9" } },
    { "key_usage",         X509_NO_MUST,    judge_key_usage,         { "x509.key_usage", "RFC 5280 §4.2.1.3" } },
    { "purpose",           X509_NO_MUST,    judge_purpose,           { "x509.purpose", "RFC 5280 §4.2.1.12" } },
    { "name_constraints",  X509_NO_MUST,    judge_name_constraints,  { "x509.name_constraint", "RFC 5280 §4.2.1.10" } },
    { "host_name",         X509_FOR_HOST,   judge_host_name,         { "x509.wrong_name", "RFC 9525 §6" } },
    { "ocsp",              X509_NO_MUST,    judge_ocsp,              { "x509.ocsp", "RFC 6960 §3.2" } },
    { NULL, X509_ALWAYS, NULL, { NULL, NULL } }
};
