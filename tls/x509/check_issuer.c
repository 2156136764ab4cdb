#include "tls/x509/check.h"

#include <stdio.h>
#include <string.h>

/* ---- may it issue? ---- */

/* An anchor of version 1 has no place to say that it is a CA; its being trusted says it (§6.1.4 k). */
enum x509_verdict x509_judge_basic_constraints(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    if (i == 0)
        return X509_UNASKED;
    if (x509_is_anchor(p, i) && c->version < 3) {
        x509_say(f, "an issuer whose basicConstraints say CA", "version 1, trusted as it stands");
        return X509_ACCEPTED;
    }
    x509_say(f, "an issuer whose basicConstraints say CA", "%s",
        !c->has_basic ? "no basicConstraints" : c->is_ca ? "CA" : "not a CA");
    return x509_verdict_of(c->is_ca);
}

/* RFC 5280 §6.1.4 l, m: intermediates between it and the leaf; the self-issued ones do not count. */
enum x509_verdict x509_judge_path_length(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    unsigned below = 0;
    char expected[X509_SAY];
    if (i == 0 || !c->has_path_len)
        return X509_UNASKED;
    for (size_t k = 1; k < i; k++)
        below += !x509_self_issued(p->certs[k]);
    if (f->quiet)
        return x509_verdict_of(below <= c->path_len);
    snprintf(expected, sizeof expected, "at most %u CA certificates below it (pathLenConstraint)",
             (unsigned)c->path_len);
    x509_say(f, expected, "%u", below);
    return x509_verdict_of(below <= c->path_len);
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
enum x509_verdict x509_judge_key_usage(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    unsigned wanted = i > 0 ? X509_KEY_CERT_SIGN : p->ask->key_usage;
    char words[X509_SAY], expected[X509_SAY];
    if (!c->has_usage || wanted == 0)
        return X509_UNASKED;
    if (f->quiet)
        return x509_verdict_of((c->usage & wanted) != 0);
    snprintf(expected, sizeof expected, "a key for %.80s", usage_words(wanted, words));
    x509_say(f, expected, "%s", usage_words(c->usage, words));
    return x509_verdict_of((c->usage & wanted) != 0);
}

/* A leaf must name the purpose itself; a CA may be for any. Up the path it narrows what stands below, as all
 * validators in use have it. */
enum x509_verdict x509_judge_purpose(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    unsigned wanted = p->ask->purpose;
    if (!c->has_purposes || wanted == 0)
        return X509_UNASKED;
    x509_say(f, wanted == X509_SERVER ? "a certificate for servers (serverAuth)" : "one for clients (clientAuth)",
        "for%s%s%s%s",
        c->purposes & X509_SERVER ? " servers" : "", c->purposes & X509_CLIENT ? " clients" : "",
        c->purposes & X509_ANY_PURPOSE ? " any purpose" : "",
        c->purposes & X509_OTHER_PURPOSE ? " something else" : "");
    return x509_verdict_of((c->purposes & (wanted | (i > 0 ? X509_ANY_PURPOSE : 0u))) != 0);
}
