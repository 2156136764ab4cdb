#include "tls/x509/check.h"
#include "tls/x509/issue.h"

#include <stdio.h>
#include <string.h>

enum { RSA_BITS_MIN = 2048 };                         /* NIST SP 800-131A */

/* ---- does the path reach somebody we trust? ---- */

static const struct ground self_signed          = { "x509.self_signed",          "RFC 5280 §6.1.1" };
static const struct ground missing_intermediate = { "x509.missing_intermediate", "RFC 5246 §7.4.2" };
static const struct ground no_issuer            = { "x509.issuer",               "RFC 5280 §4.1.2.4" };

enum x509_verdict x509_judge_trust(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    char issuer[X509_SAY];
    if (!x509_is_top(p, i))
        return X509_UNASKED;
    if (p->anchored) {
        x509_say(f, "a certificate from the store of trusted roots", "it is one of the %u there",
            (unsigned)p->ask->trust->n);
        return X509_ACCEPTED;
    }
    x509_name_text(&c->issuer, issuer, sizeof issuer);
    if (i == 0 && x509_self_issued(c)) {
        x509_say(f, "a certificate signed by somebody who is trusted", "it vouches for itself: issued by %.60s",
            issuer);
        return x509_refused_as(f, &self_signed);
    }
    if (x509_name_empty(&c->issuer)) {                /* nobody can be found by that */
        x509_say(f, "an issuer with a name", "an empty one");
        return x509_refused_as(f, &no_issuer);
    }
    if (i == 0) {
        x509_say(f, "the certificate of its issuer, sent along or trusted", "%.80s is neither", issuer);
        return x509_refused_as(f, &missing_intermediate);
    }
    x509_say(f, "a chain that ends at a trusted root", "it ends at %.80s", issuer);
    return X509_REFUSED;
}

/* ---- algorithms, keys, signatures ---- */

static const struct ground weak_hash = { "x509.weak_hash", "RFC 9155 §2" };

/* What stands under the signature (inner) and beside it (outer) must be the same, else the outer could be
 * swapped. What signed an anchor nobody asks: it is trusted as it lies in the store. */
enum x509_verdict x509_judge_algorithm(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    const struct bytes *inner = &c->inner.whole, *outer = &c->outer.whole;
    char in[OID_TEXT] = "", out[OID_TEXT] = "";
    if (!f->quiet) {
        x509_oid_text(&c->inner.oid, in);
        x509_oid_text(&c->outer.oid, out);
    }
    if (inner->n != outer->n || memcmp(inner->at, outer->at, inner->n) != 0) {
        x509_say(f, "the same signature algorithm inside and outside", "inside %.32s, outside %.32s", in, out);
        return X509_REFUSED;
    }
    if (x509_is_anchor(p, i))
        return X509_UNASKED;
    if (c->outer.weak) {
        x509_say(f, "a signature over SHA-256 or longer", "%.60s, which can be forged", out);
        return x509_refused_as(f, &weak_hash);
    }
    x509_say(f, "RSA or ECDSA with SHA-256, -384 or -512, or Ed25519", "%.60s%s", out,
        c->outer.known ? "" : " (not known here)");
    return x509_verdict_of(c->outer.known);
}

static const struct ground weak_key = { "x509.weak_key", "RFC 9325 §4.5" };
static const struct ground known_to_all = { "x509.known_to_all", "RFC 5280 §8" };

enum x509_verdict x509_judge_key(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    x509_say(f, "RSA of 2048 to 4096 bits, EC P-256, P-384 or P-521, or Ed25519", "%s", c->key_words);
    if (c->rsa_bits > 0 && c->rsa_bits < RSA_BITS_MIN)
        return x509_refused_as(f, &weak_key);
    if (!p->ask->classroom && classroom_key_is(&c->key)) {
        x509_say(f, "a key whose private half is secret", "the classroom CA's: everybody has it");
        return x509_refused_as(f, &known_to_all);
    }
    return x509_verdict_of(c->key.kind != KEY_NONE);
}

static const struct ground not_known = { "x509.algorithm", "RFC 5280 §4.1.1.2" };

enum x509_verdict x509_judge_signature(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i], *issuer = x509_is_top(p, i) ? c : p->certs[i + 1];
    char by[X509_SAY], expected[X509_SAY] = "";
    if (!f->quiet)
        snprintf(expected, sizeof expected, "a signature by the key of %.60s",
                 x509_name_short(&issuer->subject, by, sizeof by));
    switch (x509_is_anchor(p, i) ? SIGNED_UNTRIED : p->signed_by[i]) {
    case SIGNED_RIGHT:
        x509_say(f, expected, "it fits");
        return X509_ACCEPTED;
    case SIGNED_WRONG:
        x509_say(f, expected, "the signature does not fit: %s",
            !key_can(&issuer->key, c->outer.scheme) ? "made by another kind of key"
                                             : "another key made it, or the certificate was changed");
        return X509_REFUSED;
    case SIGNED_UNKNOWN:
        x509_say(f, expected, "one that cannot be checked here (%.40s)", issuer->key_words);
        return x509_refused_as(f, &not_known);
    case SIGNED_UNTRIED:
        break;
    }
    x509_say(f, "the signature of its issuer", "%s",
        x509_is_anchor(p, i) ? "not needed: it is trusted as it stands" : x509_is_top(p, i) ? "its issuer is not there"
        : "not checked: too many were");
    /* below the top, what was not verified is not believed */
    return x509_is_top(p, i) ? X509_SKIPPED : X509_REFUSED;
}
