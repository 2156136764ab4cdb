#include "tls/x509/verify.h"
#include "tls/x509/checks.h"

#include <stdio.h>
#include <string.h>

static const struct ground empty_chain = { "x509.empty_chain", "RFC 5246 §7.4.2" };
static const struct ground too_many    = { "x509.too_many",    "RFC 5280 §6.1" };

struct tried { const struct x509_cert *below, *above; enum x509_signed result; };

/* The search for a path, and what it has cost. */
struct search {
    const struct x509_ask *ask;
    const struct voice *voice;
    struct x509_cert sent[X509_CHAIN_MAX];
    bool readable[X509_CHAIN_MAX];
    struct fault unreadable;  /* of the first certificate above the leaf that could not be read */
    size_t n_sent;
    struct x509_path at, best;  /* where the search stands; the most telling path so far */
    int best_rank;
    struct tried tried[X509_SIGNATURES];              /* no signature is verified twice */
    size_t n_tried, steps;
    struct x509_memo memo;                            /* what was found out about revocation */
    bool spent;
};

/* ---- what is told ---- */

static const char *role_of(const struct x509_path *p, size_t i)
{
    if (i == 0)
        return "leaf";
    return i == p->n - 1 && x509_self_issued(p->certs[i]) ? "root" : "intermediate";
}

enum { ABOUT = sizeof ((struct fault *)0)->about };

/* "leaf CN=www.example.test" */
static void about_text(const char *role, const struct x509_cert *c, char out[ABOUT])
{
    int n = snprintf(out, ABOUT, "%s ", role);
    x509_name_short(&c->subject, out + n, ABOUT - (size_t)n);
}

static const char *verdict_words(enum x509_verdict v)
{
    return v == X509_ACCEPTED ? "accepted" : v == X509_SKIPPED ? "skipped" : "refused";
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
    hash_of(c->outer.scheme.hash, c->tbs.at, c->tbs.n, digest);
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
                             attr_text("found", f->found), attr_text("verdict", verdict_words(verdict)) };
    size_t n = 4 + say_signature(p, i, check, digest, attrs + 4);
    trace_emit(v->trace, &(struct event){ .kind = EVENT_CHECK, .level = LEVEL_ALL, .layer = "x509",
                                          .name = check->name,
                                          .rfc = f->ground ? f->ground->rfc : check->ground.rfc,
                                          .by = __func__, .host = v->host, .conn = v->conn,
                                          .buf = p->certs[i]->der.buf, .attrs = attrs, .n_attrs = n });
}

static void tell_certificate(const struct voice *v, const struct x509_cert *c, const char *about,
                             enum x509_verdict verdict, const char *why)
{
    char subject[X509_NAME_TEXT], issuer[X509_NAME_TEXT], label[X509_NAME_TEXT];
    snprintf(label, sizeof label, "%s: %s", about, verdict_words(verdict));
    struct attr attrs[] = {
        attr_text("subject", c ? x509_name_text(&c->subject, subject, sizeof subject) : about),
        attr_text("issuer", c ? x509_name_text(&c->issuer, issuer, sizeof issuer) : ""),
        attr_text("verdict", verdict_words(verdict)), attr_text("why", why),
    };
    trace_emit(v->trace, &(struct event){ .kind = EVENT_CHECK, .level = LEVEL_PACKETS, .layer = "x509",
                                          .name = "certificate", .label = label, .rfc = "RFC 5280 §6.1",
                                          .by = __func__, .host = v->host, .conn = v->conn,
                                          .buf = c ? c->der.buf : 0, .attrs = attrs, .n_attrs = 4 });
}

/* Why it is accepted: "signed by CN=... ; valid until ...; may issue". */
static void accepted_text(const struct x509_path *p, size_t i, char out[2 * X509_SAY])
{
    const struct x509_cert *c = p->certs[i];
    char by[X509_SAY], date[DER_TIME_TEXT];
    bool asked = p->ask->host || p->ask->ip.n;
    if (i == p->n - 1)
        snprintf(by, sizeof by, "it is in the store of trusted roots");
    else {
        char name[X509_SAY];
        snprintf(by, sizeof by, "signed by %.80s",
                 x509_name_short(&p->certs[i + 1]->subject, name, sizeof name));
    }
    snprintf(out, 2 * X509_SAY, "%s; valid until %s; %s", by, der_time_text(c->not_after, date),
             i > 0 ? "it may issue" : asked ? "it is for this host" : "no host was asked for");
}

/* ---- judgement of one path ---- */

/* Must this check say yes here? */
static bool must_accept(const struct x509_path *p, size_t i, enum x509_must must)
{
    switch (must) {
    case X509_BELOW_TOP:  return i + 1 < p->n;
    case X509_AT_TOP:     return i + 1 == p->n;
    case X509_ABOVE_LEAF: return i > 0;
    case X509_FOR_HOST:   return i == 0 && (p->ask->host || p->ask->ip.n);
    case X509_NO_MUST:        return false;
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
    if (!f->expected[0])
        snprintf(f->expected, sizeof f->expected, "a yes to the check %s", check->name);
    if (!f->found[0])
        snprintf(f->found, sizeof f->found, "none");
    return X509_REFUSED;
}

/* All checks of the certificate at i, told under `v`; where its trace is NULL, no more than up to the first
 * refusal. That fills *why. */
static bool judge_certificate(const struct x509_path *p, size_t i, const struct voice *v, struct fault *why)
{
    char about[ABOUT], reason[2 * X509_SAY] = "";
    about_text(role_of(p, i), p->certs[i], about);
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
    if (trace_hears(v->trace)) {
        bool refused = reason[0];
        if (!refused)
            accepted_text(p, i, reason);
        tell_certificate(v, p->certs[i], about, refused ? X509_REFUSED : X509_ACCEPTED, reason);
        return !refused;
    }
    return true;
}

static bool judge_path(const struct x509_path *p, const struct voice *v, struct fault *why)
{
    bool fine = p->n > 0;
    for (size_t i = p->n; i-- > 0 && (fine || v->trace);)
        fine &= judge_certificate(p, i, v, why);
    return fine;
}

/* ---- the search ---- */

static enum x509_signed verify_signature(const struct x509_cert *below, const struct x509_cert *above)
{
    if (!below->outer.known || above->key.kind == KEY_NONE)
        return SIGNED_UNKNOWN;
    return key_verify(&above->key, below->outer.scheme, below->tbs.at, below->tbs.n, below->signature.at,
                      below->signature.n) ? SIGNED_RIGHT : SIGNED_WRONG;
}

/* The same, remembered and counted. */
static enum x509_signed signature_of(struct search *s, const struct x509_cert *below,
                                     const struct x509_cert *above)
{
    for (size_t i = 0; i < s->n_tried; i++)
        if (s->tried[i].below == below && s->tried[i].above == above)
            return s->tried[i].result;
    if (s->n_tried == X509_SIGNATURES) {
        s->spent = true;
        return SIGNED_UNTRIED;
    }
    enum x509_signed result = verify_signature(below, above);
    s->tried[s->n_tried++] = (struct tried){ below, above, result };
    return result;
}

/* How telling a path that does not hold is: signatures that fit come before names that reach an anchor. */
static int rank_of(const struct x509_path *p)
{
    bool fits = true;
    for (size_t i = 0; i + 1 < p->n; i++)
        fits &= p->signed_by[i] == SIGNED_RIGHT;
    return 1 + 2 * fits + p->anchored;
}

/* The path as it stands is at its end: does it hold? */
static bool consider(struct search *s)
{
    static const struct voice silence = { 0 };
    bool fine = judge_path(&s->at, &silence, NULL);
    int rank = fine ? 5 : rank_of(&s->at);
    if (rank > s->best_rank) {
        s->best = s->at;
        s->best_rank = rank;
    }
    return fine;
}

static bool same_octets(const struct bytes *a, const struct bytes *b)
{
    return a->n == b->n && a->n > 0 && memcmp(a->at, b->at, a->n) == 0;
}

static bool same_cert(const struct x509_cert *a, const struct x509_cert *b)
{
    return a->der.n == b->der.n && memcmp(a->der.at, b->der.at, a->der.n) == 0;
}

/* The same name with the same key again would only walk in a circle. */
static bool on_path(const struct x509_path *p, const struct x509_cert *c)
{
    for (size_t i = 0; i < p->n; i++)
        if (same_octets(&p->certs[i]->spki, &c->spki) && x509_name_same(&p->certs[i]->subject, &c->subject))
            return true;
    return false;
}

static bool is_issuer(const struct x509_cert *c, const struct x509_cert *below)
{
    return !x509_name_empty(&below->issuer) && x509_name_same(&c->subject, &below->issuer);
}

static bool is_an_anchor(const struct x509_store *t, const struct x509_cert *c)
{
    for (size_t i = 0; i < t->n; i++)
        if (same_cert(&t->certs[i], c))
            return true;
    return false;
}

static bool climb(struct search *s);

/* One certificate more on top, and on from there; takes it off again. (There is room: what was sent stands on
 * a path once.) */
static bool try_issuer(struct search *s, const struct x509_cert *c, bool anchor)
{
    struct x509_path *p = &s->at;
    enum x509_signed signed_by = signature_of(s, p->certs[p->n - 1], c);
    if (++s->steps > X509_STEPS)
        s->spent = true;
    if (s->spent)
        return false;
    p->signed_by[p->n - 1] = signed_by;
    p->certs[p->n++] = c;
    p->anchored = anchor;
    bool fine = anchor ? consider(s) : climb(s);
    p->anchored = false;
    p->signed_by[p->n - 1] = SIGNED_UNTRIED;
    p->signed_by[--p->n - 1] = SIGNED_UNTRIED;
    return fine;
}

/* All ways on from the top of the path: anchors first, then what was sent; where there is none, the path ends
 * without an anchor. */
static bool climb(struct search *s)
{
    const struct x509_store *trust = s->ask->trust;
    struct x509_path *p = &s->at;
    const struct x509_cert *top = p->certs[p->n - 1];
    bool found = false;
    for (size_t i = 0; i < trust->n; i++)
        if (is_issuer(&trust->certs[i], top)) {
            found = true;
            if (try_issuer(s, &trust->certs[i], true))
                return true;
        }
    for (size_t i = 1; i < s->n_sent; i++) {
        const struct x509_cert *c = &s->sent[i];
        if (!s->readable[i] || !is_issuer(c, top) || on_path(p, c) || is_an_anchor(trust, c))
            continue;
        found = true;
        if (try_issuer(s, c, false))
            return true;
    }
    if (found)
        return false;
    if (x509_self_issued(top))
        p->signed_by[p->n - 1] = signature_of(s, top, top);
    return consider(s);
}

static bool find_path(struct search *s)
{
    s->at = (struct x509_path){ .ask = s->ask, .certs = { &s->sent[0] }, .n = 1, .memo = &s->memo };
    if (is_an_anchor(s->ask->trust, &s->sent[0])) {  /* trusted itself: nobody need vouch for it */
        s->at.anchored = true;
        if (consider(s))
            return true;
        s->at.anchored = false;
    }
    return climb(s);
}

/* ---- the call ---- */

static bool read_chain(struct search *s, const struct der *chain, size_t n, struct fault *why)
{
    s->n_sent = n;
    for (size_t i = 0; i < n; i++) {
        struct watch w = { s->voice->trace, chain[i].buf, chain[i].at };
        struct fault flaw = { 0 };
        bool watched = chain[i].buf && trace_wants_fields(w.trace);
        s->readable[i] = x509_read_cert(&chain[i], watched ? &w : NULL, &s->sent[i], &flaw);
        if (s->readable[i])
            continue;
        snprintf(flaw.about, sizeof flaw.about, "certificate %u of %u%s", (unsigned)i + 1, (unsigned)n,
                 i ? "" : " (leaf)");
        if (!s->unreadable.ground)
            s->unreadable = flaw;
        if (trace_hears(s->voice->trace))
            tell_certificate(s->voice, NULL, flaw.about, X509_REFUSED, flaw.came);
    }
    if (s->readable[0])
        return true;
    if (why && !why->ground)
        *why = s->unreadable;
    return false;
}

/* What was sent and not needed is shown as well. */
static void tell_unused(const struct search *s)
{
    for (size_t i = 0; i < s->n_sent; i++) {
        char about[ABOUT];
        bool used = !s->readable[i];
        for (size_t k = 0; k < s->best.n; k++)
            used |= s->best.certs[k] == &s->sent[i];
        if (used)
            continue;
        about_text("extra", &s->sent[i], about);
        tell_certificate(s->voice, &s->sent[i], about, X509_SKIPPED, "not on the path to the root");
    }
}

bool x509_verify_chain(const struct x509_ask *ask, const struct voice *voice, const struct der *chain,
                       size_t n, struct public_key *leaf, struct fault *why)
{
    static const struct x509_store nobody = { 0 };
    struct x509_ask asked = *ask;
    struct search s = { .ask = &asked, .voice = voice };
    if (!asked.trust)
        asked.trust = &nobody;
    *leaf = (struct public_key){ .kind = KEY_NONE };
    if (n == 0)
        return refuse_about(why, &empty_chain, "chain", "a server certificate", "a list without one");
    if (n > X509_CHAIN_MAX)
        return refuse_about(why, &too_many, "chain", "at most 10 certificates", "%u", (unsigned)n);
    if (!read_chain(&s, chain, n, why))
        return false;
    *leaf = s.sent[0].key;
    bool fine = find_path(&s);
    if (!fine && s.spent)
        refuse_about(why, &too_many, "chain", "a path to a root within 200 steps and 40 signatures",
                     "no end of them");
    if (!fine && !s.best.anchored && s.unreadable.ground && why && !why->ground)
        *why = s.unreadable;  /* perhaps it was the one that is missing */
    if (s.best.n > 0)                                  /* told now; it was judged before */
        fine &= judge_path(&s.best, voice, why);
    if (trace_hears(voice->trace))
        tell_unused(&s);
    return fine;
}
