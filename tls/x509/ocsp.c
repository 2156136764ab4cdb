#include "tls/x509/ocsp.h"

#include <string.h>

struct judging {
    const struct x509_ocsp_response *r; const struct x509_cert *issuer; nsec at; unsigned signatures;
    const struct cpu *cpu;
};

static bool fits(struct judging *j, const struct x509_signature *s, struct bytes tbs, struct bytes signature,
                 const struct public_key *key)
{
    if (!s->known || s->weak || key->kind == KEY_NONE)
        return false;
    j->signatures++;
    return key_verify(key, s->scheme, tbs.at, tbs.n, signature.at, signature.n, j->cpu);
}

/* Is this certificate the one that the response names as its signer, and did its key make the signature? */
static bool signed_by(struct judging *j, const struct x509_cert *c)
{
    const struct x509_ocsp_response *r = j->r;
    bool named = r->by_name.n ? x509_name_same(&r->by_name, &c->subject)
                              : x509_is_hash_of(r->by_key, HASH_SHA1, x509_key_octets(c));
    return named && fits(j, &r->algorithm, r->tbs, r->signature, &c->key);
}

/* RFC 6960 §4.2.2.2: signed by the issuer itself, for this purpose, and not too old to be anybody. */
static bool named_by_issuer(struct judging *j, const struct x509_cert *c)
{
    return x509_name_same(&c->issuer, &j->issuer->subject) && c->has_purposes && (c->purposes & X509_OCSP_SIGNING)
        && (!c->has_usage || (c->usage & X509_DIGITAL_SIGNATURE)) && !c->unknown_critical
        && j->at >= c->not_before && j->at / SECOND <= c->not_after / SECOND
        && fits(j, &c->outer, c->tbs, c->signature, &j->issuer->key);
}

static bool signed_rightly(struct judging *j, struct x509_ocsp_answer *a)
{
    const struct x509_ocsp_response *r = j->r;
    if (signed_by(j, j->issuer))
        return true;
    for (size_t i = 0; i < r->n_certs; i++) {
        const struct der der = { r->certs[i].at, r->certs[i].n, 0 };
        if (x509_read_cert(&der, NULL, &a->signer, NULL) && named_by_issuer(j, &a->signer)
            && signed_by(j, &a->signer)) {
            a->delegated = true;
            return true;
        }
    }
    return false;
}

/* The first word about this certificate. */
static struct x509_ocsp_word word_about(const struct x509_ocsp_response *r, const struct x509_cert *cert,
                                        const struct x509_cert *issuer)
{
    struct x509_ocsp_word w = { .found = false };
    struct wire_in in = wire_over(r->singles.at, r->singles.n, NULL);
    while (in.at < in.end && !w.found)
        x509_take_ocsp_single(&in, cert, issuer, &w);
    return w;
}

/* Of a word that the issuer stands by. */
static enum x509_ocsp weigh(const struct x509_ocsp_word *w, nsec at, struct x509_ocsp_answer *a)
{
    const nsec until = w->has_until ? w->until : w->from + X509_OCSP_AGE;
    a->when = w->from;
    if (w->from > at + X509_OCSP_SKEW)
        return OCSP_TOO_NEW;
    if (at > until + X509_OCSP_SKEW || (w->has_until && w->until < w->from)) {
        a->when = until;
        return OCSP_TOO_OLD;
    }
    if (w->status != 1)
        return w->status == 0 ? OCSP_GOOD : OCSP_UNKNOWN;
    a->when = w->revoked;
    a->has_reason = w->has_reason;
    a->reason = w->reason;
    return OCSP_REVOKED;
}

struct x509_ocsp_answer x509_ocsp_judge(struct bytes octets, const struct x509_cert *cert,
                                        const struct x509_cert *issuer, nsec at, const struct cpu *cpu)
{
    struct x509_ocsp_answer a = { .says = OCSP_NOT_ONE };
    struct x509_ocsp_response r;
    if (!x509_read_ocsp(&(struct der){ octets.at, octets.n, 0 }, NULL, &r, NULL))
        return a;
    a.status = r.status;
    struct judging j = { .r = &r, .issuer = issuer, .at = at, .cpu = cpu };
    const struct x509_ocsp_word w = word_about(&r, cert, issuer);
    if (r.status)
        a.says = OCSP_UNANSWERED;
    else if (!w.found)
        a.says = OCSP_NOT_ABOUT;
    else if (r.unknown_critical || w.unknown_critical) {
        memcpy(a.unknown_oid, r.unknown_critical ? r.unknown_oid : w.unknown_oid, sizeof a.unknown_oid);
        a.says = OCSP_CRITICAL;
    } else if (r.algorithm.weak)
        a.says = OCSP_WEAK;
    else if (!signed_rightly(&j, &a))
        a.says = OCSP_FORGED;
    else
        a.says = weigh(&w, at, &a);
    a.signatures = j.signatures;
    return a;
}
