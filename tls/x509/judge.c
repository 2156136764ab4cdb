#include "tls/x509/judge.h"
#include "tls/x509/told.h"

#include <stdio.h>
#include <string.h>

/* Must this check say yes here? */
static bool must_accept(const struct x509_path *p, size_t i, enum x509_must must)
{
    switch (must) {
    case X509_BELOW_TOP:  return i + 1 < p->n;
    case X509_AT_TOP:     return i + 1 == p->n;
    case X509_ABOVE_LEAF: return i > 0;
    case X509_FOR_HOST:   return i == 0 && (p->ask->host || p->ask->ip.n);
    case X509_NO_MUST:    return false;
    case X509_ALWAYS:     break;
    }
    return true;
}

/* Only a yes is one, and only what need not be asked may go without. */
static enum x509_verdict verdict_on(const struct x509_path *p, size_t i, const struct x509_check *check,
                                    struct x509_finding *f)
{
    enum x509_verdict verdict = check->judge(p, i, f);
    bool left_out = verdict == X509_SKIPPED || verdict == X509_UNASKED;
    if (verdict == X509_ACCEPTED || (left_out && !must_accept(p, i, check->must)))
        return verdict;
    if (f->quiet)
        return X509_REFUSED;
    if (!f->expected[0])
        snprintf(f->expected, sizeof f->expected, "a yes to the check %s", check->name);
    if (!f->found[0])
        snprintf(f->found, sizeof f->found, "none");
    return X509_REFUSED;
}

unsigned x509_refusals(const struct x509_path *p, unsigned most)
{
    struct x509_finding f = { .quiet = true };
    unsigned n = p->n == 0;
    for (size_t i = p->n; i-- > 0 && n < most;)
        for (const struct x509_check *check = x509_checks; check->name && n < most; check++)
            n += verdict_on(p, i, check, &f) == X509_REFUSED;
    return n;
}

/* What a judgement on a signature was made of, so that who reads the stream can make it again. `digest` belongs to the
 * caller. How many attributes; none where no signature was verified. */
static size_t say_signature(const struct x509_path *p, size_t i, const struct x509_check *check,
                            uint8_t digest[HASH_MAX], struct attr *attrs)
{
    const struct x509_cert *c = p->certs[i];
    bool tried = i + 1 < p->n && (p->signed_by[i] == SIGNED_RIGHT || p->signed_by[i] == SIGNED_WRONG);
    if (!tried || strcmp(check->name, "signature") != 0 || !key_can(&p->certs[i + 1]->key, c->outer.scheme))
        return 0;
    hash_of(c->outer.scheme.hash, c->tbs.at, c->tbs.n, digest, p->ask->cpu);
    attrs[0] = attr_text("how", hash_name(c->outer.scheme.hash));
    attrs[1] = attr_hex("signed", c->tbs.at, c->tbs.n);
    attrs[2] = attr_hex("digest", digest, hash_size(c->outer.scheme.hash));
    attrs[3] = attr_hex("signature", c->signature.at, c->signature.n);
    attrs[4] = attr_hex("public_key", p->certs[i + 1]->spki.at, p->certs[i + 1]->spki.n);
    return 5;
}

static void tell_check(const struct voice *v, const struct x509_path *p, size_t i, const struct x509_check *check,
                       const char *subject, const struct x509_finding *f, enum x509_verdict verdict)
{
    uint8_t digest[HASH_MAX];
    struct attr attrs[9] = { attr_text("subject", subject), attr_text("expected", f->expected),
                             attr_text("found", f->found), attr_text("verdict", x509_verdict_words(verdict)) };
    size_t n = 4 + say_signature(p, i, check, digest, attrs + 4);
    trace_emit(v->trace, &(struct event){ .kind = EVENT_CHECK, .level = LEVEL_ALL, .layer = "x509",
                                          .name = check->name,
                                          .rfc = f->ground ? f->ground->rfc : check->ground.rfc,
                                          .by = __func__, .host = v->host, .conn = v->conn,
                                          .buf = p->certs[i]->der.buf, .attrs = attrs, .n_attrs = n });
}

/* All checks of the certificate at i, told under `v`; where nobody hears, no more than up to the first refusal. That
 * fills *why. */
static bool judge_certificate(const struct x509_path *p, size_t i, const struct voice *v, struct fault *why)
{
    char about[X509_ABOUT], reason[2 * X509_SAY] = "";
    x509_about(p, i, about);
    for (const struct x509_check *check = x509_checks; check->name; check++) {
        struct x509_finding f = { 0 };
        enum x509_verdict verdict = verdict_on(p, i, check, &f);
        if (trace_hears(v->trace) && verdict != X509_UNASKED)
            tell_check(v, p, i, check, about, &f, verdict);
        if (verdict != X509_REFUSED)
            continue;
        refuse_about(why, f.ground ? f.ground : &check->ground, about, f.expected, "%s", f.found);
        if (!trace_hears(v->trace))
            return false;
        if (!reason[0])
            snprintf(reason, sizeof reason, "%s: %s", check->name, f.found);
    }
    if (!trace_hears(v->trace))
        return true;
    bool refused = reason[0];
    if (!refused)
        x509_accepted_text(p, i, reason);
    tell_certificate(v, p->certs[i], about, refused ? X509_REFUSED : X509_ACCEPTED, reason);
    return !refused;
}

bool x509_judge_path(const struct x509_path *p, const struct voice *v, struct fault *why)
{
    bool fine = p->n > 0;
    for (size_t i = p->n; i-- > 0 && (fine || v->trace);)
        fine &= judge_certificate(p, i, v, why);
    return fine;
}

/* ---- what a certificate says of itself ---- */

/* These ask nothing of what stands above. */
static x509_judge *const early[] = {
    x509_judge_validity, x509_judge_basic_constraints, x509_judge_path_length, x509_judge_key_usage, x509_judge_purpose,
    x509_judge_key, x509_judge_version, x509_judge_serial, x509_judge_issuer, x509_judge_extensions, x509_judge_depth,
    x509_judge_host_name,
};

static const struct x509_check *check_of(x509_judge *judge)
{
    const struct x509_check *check = x509_checks;
    while (check->name && check->judge != judge)
        check++;
    return check;
}

const struct x509_check *x509_early_refusal(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    for (size_t k = 0; k < sizeof early / sizeof *early; k++)
        if (early[k](p, i, f) == X509_REFUSED)
            return check_of(early[k]);
    return NULL;
}
