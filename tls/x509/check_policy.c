#include "tls/x509/check.h"
#include "tls/x509/policy.h"

#include <stdio.h>
#include <string.h>

enum { LIST = 64 };                                   /* of policies, as text */

static const struct ground twice    = { "x509.policy_twice",    "RFC 5280 §4.2.1.4" };
static const struct ground mapping  = { "x509.policy_mapping",  "RFC 5280 §6.1.4" };
static const struct ground too_many = { "x509.policy_too_many", "RFC 9618 §6.3" };

/* "1.2.3, 1.2.4": what fits of a list of n, then "...". */
static const char *policies_text(const struct bytes *policies, size_t n, bool any, char out[LIST])
{
    size_t at = (size_t)snprintf(out, LIST, "%s", any ? "anyPolicy" : "");
    for (size_t i = 0; i < n; i++) {
        char text[OID_TEXT];
        x509_oid_text(&policies[i], text);
        const bool fits = at + strlen(text) + 6 < LIST;
        at += (size_t)snprintf(out + at, LIST - at, "%s%s", at ? ", " : "", fits ? text : "...");
        if (!fits)
            break;
    }
    return out;
}

/* What a certificate names, as it stands there. */
static const char *named_text(const struct x509_cert *c, char out[LIST])
{
    struct bytes named[4];                             /* more do not fit the text */
    size_t n = 0;
    struct wire_in in = wire_over(c->policies.at, c->policies.n, NULL);
    while (in.at < in.end && n < 4) {
        struct wire_in one = der_open(&in, "policy_information", DER_SEQUENCE);
        named[n++] = der_take_oid(&one, "policy_identifier");
    }
    return policies_text(named, n, false, out);
}

static enum x509_verdict refuse_form(enum x509_policy_flaw flaw, const struct bytes *which, struct x509_finding *f)
{
    char text[OID_TEXT] = "";
    if (!f->quiet)
        x509_oid_text(which, text);
    switch (flaw) {
    case POLICY_TWICE:
        x509_say(f, "each policy once in certificatePolicies", "the same one twice");
        return x509_refused_as(f, &twice);
    case POLICY_ANY_MAPPED:
        x509_say(f, "policies mapped onto policies, none to or from anyPolicy", "anyPolicy, and %s",
                 which->n ? text : "another");
        return x509_refused_as(f, &mapping);
    default:
        x509_say(f, "at most 128 policies and as many mappings", "more");
        return x509_refused_as(f, &too_many);
    }
}

/* Does anybody ask for policies? A certificate that only has some asks for nothing. */
static bool asked_for(const struct x509_path *p, size_t n)
{
    bool asked = p->ask->policy.explicit_policy || p->ask->policy.n > 0;
    for (size_t i = 0; i < n; i++)
        asked |= p->certs[i]->require_explicit_policy != X509_NO_SKIP;
    return asked;
}

/* What was wanted: by who asks; else by the certificates above the one where nothing was left. */
static void say_expected(const struct x509_policy_ask *ask, const struct x509_policies *got, char out[X509_SAY])
{
    const bool lost = !got->n_authority && !got->any && got->n_allowed;
    const struct bytes *wanted = lost ? got->allowed : ask->initial;
    const size_t n = lost ? got->n_allowed : ask->n;
    char list[LIST];
    policies_text(wanted, n, false, list);
    if (n == 0)
        snprintf(out, X509_SAY, "a policy that holds from the root to the leaf");
    else if (!got->required)
        snprintf(out, X509_SAY, "one of the policies %.50s, or none", list);
    else if (n == 1)
        snprintf(out, X509_SAY, "the policy %.60s", list);
    else
        snprintf(out, X509_SAY, "one of the policies %.60s", list);
}

/* Which are valid; where none is, the certificate after which none was. */
static void say(const struct x509_path *p, const struct x509_policies *got, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[got->at];
    char expected[X509_SAY], name[X509_SAY], list[LIST];
    say_expected(&p->ask->policy, got, expected);
    x509_name_short(&c->subject, name, sizeof name);
    if (got->n_authority || got->any)
        x509_say(f, expected, "it is valid under %.60s",
                 policies_text(got->authority, got->n_authority, got->any, list));
    else if (got->flaw == POLICY_FINE)
        x509_say(f, expected, "it is valid under none, and none is required");
    else if (!c->policies.n)
        x509_say(f, expected, "none: %.60s names none", name);
    else if (!got->n_allowed)
        x509_say(f, expected, "none: the certificates above %.50s allow none", name);
    else
        x509_say(f, expected, "none: %.30s names %.44s", name, named_text(c, list));
}

/* The path as a whole, at its leaf. */
static enum x509_verdict judge_path(const struct x509_path *p, size_t n, struct x509_finding *f)
{
    struct x509_policies got;
    if (!asked_for(p, n))
        return X509_UNASKED;
    bool fine = x509_policies(&p->ask->policy, p->certs, n, &got);
    if (got.flaw == POLICY_TWICE || got.flaw == POLICY_ANY_MAPPED)         /* it was told which, where it stands */
        return refuse_form(got.flaw, &(struct bytes){ NULL, 0 }, f);
    if (got.flaw == POLICY_TOO_MANY) {
        x509_say(f, "at most 512 policies on a path, all certificates together", "more");
        return x509_refused_as(f, &too_many);
    }
    if (!f->quiet)
        say(p, &got, f);
    return x509_verdict_of(fine);
}

/* The anchor's own policies bind nobody (RFC 5280 §6.1.1 d); where it is the leaf, it is asked for its own. */
enum x509_verdict x509_judge_policy(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const size_t n = p->anchored && p->n > 1 ? p->n - 1 : p->n;
    struct bytes which = { NULL, 0 };
    if (i >= n)
        return X509_UNASKED;
    enum x509_policy_flaw flaw = x509_policy_form(p->certs[i], &which);
    if (flaw != POLICY_FINE)
        return refuse_form(flaw, &which, f);
    return i == 0 ? judge_path(p, n, f) : X509_UNASKED;
}
