#include "tls/x509/check.h"
#include "tls/x509/crl.h"
#include "tls/x509/parts.h"

#include <string.h>

/* ---- which lists are about the certificate (RFC 5280 §6.3.3 (b)) ---- */

enum { COMPOSED_MAX = 2048 };  /* octets of a name made of an issuer's and what a point adds to it */

/* A point's name: one of some GeneralNames, or a Name that is given as the issuer's and one RDN more (§4.2.1.13). */
struct point { bool relative; struct bytes names; };

struct matching {
    const struct x509_crl_question *q;
    const struct x509_crl *crl;
    unsigned compared;                                /* pairs of names, of X509_CRL_NAMES */
};

/* The RDN behind the issuer's own; n 0: that is too long. */
static struct bytes compose(struct bytes issuer, struct bytes rdn, uint8_t room[COMPOSED_MAX])
{
    struct wire_in in = wire_over(issuer.at, issuer.n, NULL), own = der_open(&in, "issuer", DER_SEQUENCE);
    struct wire_out out = wire_into(room, COMPOSED_MAX);
    struct put_der name = put_der_open(&out, DER_SEQUENCE);
    put_bytes(&out, "issuer", own.at, wire_left(&own));
    put_der_bytes(&out, DER_SET, rdn.at, rdn.n);
    put_der_close(&out, name);
    return (struct bytes){ room, out.failed || own.failed ? 0 : wire_written(&out) };
}

static bool same_general_name(const struct general_name *a, const struct general_name *b)
{
    if (a->choice != b->choice)
        return false;
    if (a->choice == NAME_DIRECTORY)
        return x509_name_same(&a->value, &b->value);
    return a->value.n == b->value.n && memcmp(a->value.at, b->value.at, a->value.n) == 0;
}

/* Is this name among the point's? */
static bool names_it(struct matching *m, const struct point *p, const struct general_name *name)
{
    uint8_t room[COMPOSED_MAX];
    if (p->relative) {
        const struct general_name own = { NAME_DIRECTORY, compose(m->crl->issuer, p->names, room) };
        m->compared++;
        return own.value.n > 0 && same_general_name(&own, name);
    }
    struct wire_in in = wire_over(p->names.at, p->names.n, NULL);
    while (in.at < in.end && m->compared++ < X509_CRL_NAMES) {
        const struct general_name own = x509_take_general_name(&in);
        if (!in.failed && same_general_name(&own, name))
            return true;
    }
    return false;
}

/* Have the two one name in common? */
static bool points_meet(struct matching *m, const struct point *a, const struct point *b)
{
    uint8_t room[COMPOSED_MAX];
    if (a->relative) {
        const struct general_name own = { NAME_DIRECTORY, compose(m->crl->issuer, a->names, room) };
        return own.value.n > 0 && names_it(m, b, &own);
    }
    struct wire_in in = wire_over(a->names.at, a->names.n, NULL);
    while (in.at < in.end && m->compared < X509_CRL_NAMES) {
        const struct general_name name = x509_take_general_name(&in);
        if (!in.failed && names_it(m, b, &name))
            return true;
    }
    return false;
}

/* ReasonFlags of a DistributionPoint, as bits. */
static unsigned point_reasons(struct bytes octets)
{
    unsigned reasons = 0;
    for (unsigned i = 1; i < 9 && 1 + i / 8 < octets.n; i++)
        reasons |= (unsigned)(octets.at[1 + i / 8] >> (7 - i % 8) & 1) << i;
    return reasons;
}

/* One DistributionPoint of the certificate: for which reasons this list is what stands there. One with a cRLIssuer is
 * for indirect lists. */
static unsigned reasons_of_point(struct matching *m, struct wire_in *list, const struct point *wanted)
{
    struct point own = { .relative = false };
    unsigned reasons = X509_REASONS_ALL;
    struct wire_in point = der_open(list, "distribution_point", DER_SEQUENCE);
    bool named = der_next_is(&point, DER_CONTEXT_CONSTRUCTED | 0);
    if (named) {
        struct wire_in choice = der_open(&point, "distribution_point", DER_CONTEXT_CONSTRUCTED | 0);
        own.relative = !der_next_is(&choice, DER_CONTEXT_CONSTRUCTED | 0);
        own.names = der_skip(&choice, "name", NULL);
    }
    if (der_next_is(&point, DER_CONTEXT | 1))
        reasons = point_reasons(der_take(&point, "reasons", DER_CONTEXT | 1));
    const bool direct = point.at == point.end && !point.failed;
    return named && direct && points_meet(m, &own, wanted) ? reasons : 0;
}

/* For which reasons the list speaks of this certificate; 0: it does not. */
static unsigned reasons_about(struct matching *m)
{
    const struct x509_crl_scope *s = &m->crl->scope;
    const struct x509_cert *c = m->q->cert;
    if (s->attribute_only || (s->user_only && c->is_ca) || (s->ca_only && !c->is_ca))
        return 0;
    if (!s->has_point)
        return s->reasons;
    const struct point wanted = { s->relative, s->point };
    /* What any certificate of this issuer may count on: a point of the issuer's name. */
    const struct general_name issuer = { NAME_DIRECTORY, c->issuer };
    unsigned reasons = names_it(m, &wanted, &issuer) ? X509_REASONS_ALL : 0;
    struct wire_in list = wire_over(c->crl_points.at, c->crl_points.n, NULL);
    while (list.at < list.end && m->compared < X509_CRL_NAMES)
        reasons |= reasons_of_point(m, &list, &wanted);
    return reasons & s->reasons;
}

/* ---- which of them count ---- */

/* The lists of the certificate's issuer, the newest first, and what is spent on them. */
struct judging {
    const struct x509_crl_question *q;
    const struct x509_crl *lists[X509_CRLS_MAX]; size_t n;
    unsigned signatures;
    bool spent;
};

static int compare_numbers(struct bytes a, struct bytes b)
{
    return a.n != b.n ? (a.n < b.n ? -1 : 1) : a.n ? memcmp(a.at, b.at, a.n) : 0;
}

static bool newer(const struct x509_crl *a, const struct x509_crl *b)
{
    return a->this_update != b->this_update ? a->this_update > b->this_update
                                            : compare_numbers(a->number, b->number) > 0;
}

static bool collect(struct judging *j)
{
    for (size_t i = 0; i < j->q->n_crls; i++) {
        const struct x509_crl *crl = &j->q->crls[i];
        size_t at = j->n;
        if (!x509_name_same(&crl->issuer, &j->q->cert->issuer))
            continue;
        if (j->n == X509_CRLS_MAX)
            return false;
        for (; at > 0 && newer(crl, j->lists[at - 1]); at--)
            j->lists[at] = j->lists[at - 1];
        j->lists[at] = crl;
        j->n++;
    }
    return true;
}

/* Ed25519 hashes for itself, and another time with each key. */
static bool verify(const struct x509_crl_question *q, const struct x509_crl *crl, const struct public_key *key)
{
    const struct sign_scheme scheme = crl->outer.scheme;
    struct x509_crl_digests *kept = q->digests;
    size_t i = 0;
    if (!kept || scheme.kind == SIGN_ED25519)
        return key_verify(key, scheme, crl->tbs.at, crl->tbs.n, crl->signature.at, crl->signature.n, q->cpu);
    while (i < kept->n && kept->of[i].crl != crl)
        i++;
    if (i == kept->n) {
        i = kept->n < X509_DIGESTS_KEPT ? kept->n++ : 0;
        kept->of[i].crl = crl;
        hash_of(scheme.hash, crl->tbs.at, crl->tbs.n, kept->of[i].digest, q->cpu);
    }
    return key_verify_digest(key, scheme, kept->of[i].digest, crl->signature.at, crl->signature.n, q->cpu);
}

/* Did this one sign the list? NO_SIGN: it did, and may not. */
static enum x509_crl_says signed_by(struct judging *j, const struct x509_crl *crl, const struct x509_cert *signer)
{
    if (signer->key.kind == KEY_NONE || !key_can(&signer->key, crl->outer.scheme))
        return CRL_FORGED;
    if (j->signatures == X509_CRL_SIGNATURES) {
        j->spent = true;
        return CRL_TOO_MANY;
    }
    j->signatures++;
    if (!verify(j->q, crl, &signer->key))
        return CRL_FORGED;
    return signer->has_usage && !(signer->usage & X509_CRL_SIGN) ? CRL_NO_SIGN : CRL_GOOD;
}

/* §6.3.3 (f): a signer beside the path must come from somebody on it, hold now, and not be taken back itself. */
static bool vouched_for(struct judging *j, const struct x509_cert *signer)
{
    const struct x509_crl_question *q = j->q;
    if (q->at < signer->not_before || q->at / SECOND > signer->not_after / SECOND || signer->unknown_critical
        || !signer->outer.known || signer->outer.weak)
        return false;
    for (size_t k = 0; k < q->n_above; k++) {
        const struct x509_cert *by = q->above[k];
        if (!x509_name_same(&by->subject, &signer->issuer) || (by->has_usage && !(by->usage & X509_KEY_CERT_SIGN)))
            continue;
        if (j->signatures++ == X509_CRL_SIGNATURES) {
            j->spent = true;
            return false;
        }
        if (!key_verify(&by->key, signer->outer.scheme, signer->tbs.at, signer->tbs.n, signer->signature.at,
                        signer->signature.n, q->cpu))
            continue;
        struct x509_crl_question own = *q;
        own.cert = signer;
        own.above = q->above + k;
        own.n_above = q->n_above - k;
        own.untrusted = NULL;                          /* so this goes one step and no further */
        const struct x509_crl_answer a = x509_crl_judge(&own);
        j->signatures += a.signatures;
        return a.says == CRL_GOOD || (!q->need_status && a.says != CRL_REVOKED);
    }
    return false;
}

/* Who signed it: the issuer, somebody of that name further up, or somebody of that name whom they have named. */
static enum x509_crl_says judge_signature(struct judging *j, const struct x509_crl *crl)
{
    const struct x509_crl_question *q = j->q;
    enum x509_crl_says says = CRL_FORGED;
    for (size_t k = 0; k < q->n_above; k++) {
        if (!x509_name_same(&q->above[k]->subject, &crl->issuer))
            continue;
        enum x509_crl_says s = signed_by(j, crl, q->above[k]);
        if (s == CRL_GOOD)
            return s;
        says = s == CRL_FORGED ? says : s;
    }
    for (size_t i = 0; says == CRL_FORGED && q->untrusted && i < q->untrusted->n; i++) {
        const struct x509_cert *c = &q->untrusted->certs[i];
        if (!x509_name_same(&c->subject, &crl->issuer))
            continue;
        enum x509_crl_says s = signed_by(j, crl, c);
        if (s != CRL_FORGED)
            says = s != CRL_GOOD || vouched_for(j, c) ? s : CRL_SIGNER;
    }
    return j->spent ? CRL_TOO_MANY : says;
}

static bool same_algorithm(const struct x509_crl *crl)
{
    return crl->inner.whole.n == crl->outer.whole.n
        && memcmp(crl->inner.whole.at, crl->outer.whole.at, crl->inner.whole.n) == 0;
}

/* May it be used at all? CRL_GOOD, or why not. The signature comes last: it costs most. */
static enum x509_crl_says usable(struct judging *j, const struct x509_crl *crl)
{
    const struct x509_crl_question *q = j->q;
    const nsec until = crl->has_next_update ? crl->next_update : crl->this_update + X509_CRL_AGE;
    if (crl->scope.indirect)
        return CRL_INDIRECT;
    if (crl->unknown_critical)
        return CRL_CRITICAL;
    if (q->strict && (crl->number.n == 0 || crl->number_critical))
        return CRL_NUMBER;
    if (crl->this_update > q->at + X509_CRL_SKEW)
        return CRL_EARLY;
    if (q->at > until + X509_CRL_SKEW || (crl->has_next_update && crl->next_update < crl->this_update))
        return CRL_STALE;
    if (crl->outer.weak)
        return CRL_WEAK;
    if (!crl->outer.known || !same_algorithm(crl))
        return CRL_ALGORITHM;
    return judge_signature(j, crl);
}

static bool same_scope(const struct x509_crl *a, const struct x509_crl *b)
{
    return (a->issuing_point.at == NULL) == (b->issuing_point.at == NULL) && a->issuing_point.n == b->issuing_point.n
        && (a->issuing_point.n == 0 || memcmp(a->issuing_point.at, b->issuing_point.at, a->issuing_point.n) == 0);
}

/* §5.2.4: the newest delta list that this complete one may be read with. */
static const struct x509_crl *delta_of(struct judging *j, const struct x509_crl *base)
{
    for (size_t i = 0; i < j->n; i++) {
        const struct x509_crl *d = j->lists[i];
        if (d->is_delta && base->number.n && d->number.n && same_scope(d, base)
            && compare_numbers(base->number, d->base_number) >= 0 && compare_numbers(base->number, d->number) < 0
            && usable(j, d) == CRL_GOOD)
            return d;
    }
    return NULL;
}

/* Is the certificate on this list, as its delta list has changed it (§6.3.3 (i) to (k))? */
static bool taken_back(struct judging *j, const struct x509_crl *crl, struct x509_crl_answer *a)
{
    const struct bytes serial = j->q->cert->serial;
    const struct x509_crl *delta = delta_of(j, crl);
    a->crl = delta ? delta : crl;
    if (delta && x509_crl_find(delta, serial, &a->entry))
        return !(a->entry.has_reason && a->entry.reason == X509_REASON_REMOVE);
    if (!x509_crl_find(crl, serial, &a->entry))
        return false;
    a->crl = crl;
    return true;
}

/* ---- the answer ---- */

/* Was a newer list with the same scope used? */
static bool superseded(const struct x509_crl *const *used, size_t n, const struct x509_crl *crl)
{
    for (size_t i = 0; i < n; i++)
        if (same_scope(used[i], crl))
            return true;
    return false;
}

static void note(struct x509_crl_answer *a, enum x509_crl_says says, const struct x509_crl *crl)
{
    if (a->says >= says)
        return;
    a->says = says;
    a->crl = crl;
}

/* Lists one after the other, the newest first. What none of them answers, the newest that could not be used says. */
static void walk(struct judging *j, struct x509_crl_answer *a)
{
    const struct x509_crl *used[X509_CRLS_MAX], *flawed = NULL;
    enum x509_crl_says flaw = CRL_NONE;
    size_t n_used = 0;
    for (size_t i = 0; i < j->n; i++) {
        const struct x509_crl *crl = j->lists[i];
        struct matching m = { .q = j->q, .crl = crl };
        const unsigned reasons = reasons_about(&m);
        enum x509_crl_says says = m.compared >= X509_CRL_NAMES ? CRL_TOO_MANY
                                : !reasons ? CRL_NOT_ABOUT : crl->is_delta ? CRL_DELTA_ALONE : CRL_GOOD;
        if (says == CRL_GOOD && superseded(used, n_used, crl))
            continue;
        if (says == CRL_GOOD)
            says = usable(j, crl);
        if (says == CRL_NOT_ABOUT || says == CRL_DELTA_ALONE)
            note(a, says, crl);
        else if (says != CRL_GOOD && !flawed) {
            flawed = crl;
            flaw = says;
        }
        if (says != CRL_GOOD)
            continue;
        used[n_used++] = crl;
        struct x509_crl_answer found = { .says = CRL_REVOKED };
        if (taken_back(j, crl, &found)) {
            *a = found;
            return;
        }
        a->reasons |= reasons;
        a->says = a->reasons == X509_REASONS_ALL ? CRL_GOOD : CRL_SOME_REASONS;
        a->crl = found.crl;
    }
    if (flawed && a->says != CRL_GOOD) {
        a->says = flaw;
        a->crl = flawed;
    }
}

struct x509_crl_answer x509_crl_judge(const struct x509_crl_question *q)
{
    struct judging j = { .q = q };
    struct x509_crl_answer a = { .says = CRL_NONE };
    if (!collect(&j))
        return (struct x509_crl_answer){ .says = CRL_TOO_MANY };
    walk(&j, &a);
    a.signatures = j.signatures;
    return a;
}

bool x509_crl_elsewhere(const struct x509_cert *c)
{
    struct wire_in list = wire_over(c->crl_points.at, c->crl_points.n, NULL);
    bool elsewhere = list.at < list.end;
    while (list.at < list.end && elsewhere) {
        struct wire_in point = der_open(&list, "distribution_point", DER_SEQUENCE);
        elsewhere = false;
        while (point.at < point.end) {
            elsewhere |= der_next_is(&point, DER_CONTEXT_CONSTRUCTED | 2);
            der_skip(&point, "part", NULL);
        }
    }
    return elsewhere;
}
