#include "tls/x509/check.h"

#include <stdio.h>
#include <string.h>

/* ---- names ---- */

/* Each name is held against each subtree above it. Honest certificates need some thousand comparisons; two as long as
 * they may be would take minutes. */
static const struct ground too_many_names = { "x509.too_many_names", "RFC 5280 §8" };

static bool few_enough(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    char expected[X509_SAY];
    size_t names = x509_names_of(p->certs[i]), subtrees = 0;
    for (size_t k = i + 1; k < p->n; k++)
        subtrees += x509_subtrees_of(p->certs[k]);
    if (x509_may_compare(p, names * subtrees))
        return true;
    snprintf(expected, sizeof expected, "names and constraints that take at most %u comparisons", X509_COMPARISONS);
    x509_say(f, expected, "%zu names under %zu constraints", names, subtrees);
    return false;
}

/* Whose constraint it is, where there is room for that. */
static void say_who(const struct x509_cert *ca, struct x509_finding *f)
{
    char name[X509_NAME_TEXT];
    size_t n = strlen(f->expected);
    x509_name_short(&ca->subject, name, sizeof name);
    if (n + sizeof ", says " + strlen(name) <= sizeof f->expected)
        snprintf(f->expected + n, sizeof f->expected - n, ", says %.80s", name);
}

/* Against the constraints of every certificate above it; a self-issued intermediate is exempt (§6.1.4 b). */
enum x509_verdict x509_judge_name_constraints(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    bool constrained = false;
    if (c->name_constraints.n && i == 0 && !c->is_ca) {            /* §4.2.1.10: only in a CA certificate */
        x509_say(f, "name constraints in certificates of CAs only", "a leaf that has some");
        return X509_REFUSED;
    }
    if (i > 0 && x509_self_issued(c))
        return X509_UNASKED;
    for (size_t k = i + 1; k < p->n; k++)
        constrained |= p->certs[k]->name_constraints.n > 0;
    if (!constrained)
        return X509_UNASKED;
    if (!few_enough(p, i, f))
        return x509_refused_as(f, &too_many_names);
    for (size_t k = i + 1; k < p->n; k++)
        if (p->certs[k]->name_constraints.n
            && !x509_constraints_allow(&p->certs[k]->name_constraints, c, f->expected, f->found)) {
            say_who(p->certs[k], f);
            return X509_REFUSED;
        }
    x509_say(f, "only names that the certificates above it allow", "all are");
    return X509_ACCEPTED;
}

enum x509_verdict x509_judge_host_name(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_ask *ask = p->ask;
    char names[X509_SAY], ip[X509_SAY], expected[X509_SAY];
    if (i > 0)
        return X509_UNASKED;
    if (!ask->host && ask->ip.n == 0) {
        x509_say(f, "the name of the host", "not asked for");
        return X509_SKIPPED;
    }
    if (f->quiet)
        return x509_verdict_of(x509_cert_is_for(p->certs[0], ask->host, &ask->ip));
    snprintf(expected, sizeof expected, "a certificate for %.75s",
             ask->ip.n ? x509_ip_text(&ask->ip, ip) : ask->host);
    x509_say(f, expected, "%s", x509_cert_names(p->certs[0], names));
    return x509_verdict_of(x509_cert_is_for(p->certs[0], ask->host, &ask->ip));
}
