#include "tls/x509/check.h"

#include <stdio.h>
#include <string.h>

/* ---- names ---- */

/* Against the constraints of every certificate above it; a self-issued intermediate is exempt (§6.1.4 b). */
enum x509_verdict x509_judge_name_constraints(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    bool constrained = false;
    if (c->name_constraints.n && i == 0 && !c->is_ca) {            /* §4.2.1.10: only in a CA certificate */
        x509_say(f, "name constraints in certificates of CAs only", "a leaf that has some");
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
    x509_say(f, "only names that the certificates above it allow", "all are");
    return constrained ? X509_ACCEPTED : X509_UNASKED;
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
    snprintf(expected, sizeof expected, "a certificate for %.75s",
             ask->ip.n ? x509_ip_text(&ask->ip, ip) : ask->host);
    x509_say(f, expected, "%s", x509_cert_names(p->certs[0], names));
    return x509_verdict_of(x509_cert_is_for(p->certs[0], ask->host, &ask->ip));
}
