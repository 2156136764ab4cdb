#include "tls/x509/search.h"
#include "tls/x509/judge.h"

#include <stdio.h>
#include <string.h>

/* ---- what it costs ---- */

/* One more of what there are `most`? In the first walk, not to be allowed it ends the search. */
static bool spend(struct x509_search *s, unsigned *in_all, unsigned *here, unsigned most, const char *words)
{
    if (*here >= most) {
        if (!s->telling && !s->spent)
            s->spent = words;
        s->over = true;
        return false;
    }
    ++*in_all;
    if (here != in_all)
        ++*here;
    return true;
}

static bool same_octets(const struct bytes *a, const struct bytes *b)
{
    return a->n == b->n && a->n > 0 && (a->at == b->at || memcmp(a->at, b->at, a->n) == 0);
}

static enum x509_signed verify_signature(const struct x509_search *s, const struct x509_cert *below,
                                         const struct x509_cert *above)
{
    if (!below->outer.known || above->key.kind == KEY_NONE)
        return SIGNED_UNKNOWN;
    return key_verify(&above->key, below->outer.scheme, below->tbs.at, below->tbs.n, below->signature.at,
                      below->signature.n, s->ask->cpu) ? SIGNED_RIGHT : SIGNED_WRONG;
}

/* The same, remembered by the key (a CA that is certified by hundreds has one) and counted. What cannot fit costs
 * nothing. */
static enum x509_signed signature_of(struct x509_search *s, const struct x509_cert *below,
                                     const struct x509_cert *above)
{
    if (!below->outer.known || !key_can(&above->key, below->outer.scheme))
        return verify_signature(s, below, above);
    for (size_t i = 0; i < s->n_tried; i++)
        if (s->tried[i].below == below && same_octets(&s->tried[i].key, &above->spki))
            return s->tried[i].result;
    if (s->cost.signatures >= X509_SIGNATURES && s->telling)
        return SIGNED_UNTRIED;
    if (!spend(s, &s->cost.signatures, &s->cost.signatures, X509_SIGNATURES,
               "a path to a root within 64 signature checks"))
        return SIGNED_UNTRIED;
    enum x509_signed result = verify_signature(s, below, above);
    s->tried[s->n_tried++] = (struct x509_tried){ below, above->spki, result };
    return result;
}

/* ---- a path at its end ---- */

enum { RANK_HOLDS = UINT16_MAX, REFUSALS_MOST = 999 };

/* How telling it is: verify.h. */
static unsigned rank_of(const struct x509_path *p, unsigned refusals)
{
    bool fits = true;
    for (size_t i = 0; i + 1 < p->n; i++)
        fits &= p->signed_by[i] == SIGNED_RIGHT;
    return (REFUSALS_MOST + 1) * (1 + 2u * fits + p->anchored) - refusals;
}

static bool same_path(const struct x509_path *a, const struct x509_path *b)
{
    return a->n == b->n && a->anchored == b->anchored && memcmp(a->certs, b->certs, a->n * sizeof *a->certs) == 0
        && memcmp(a->signed_by, b->signed_by, a->n * sizeof *a->signed_by) == 0;
}

/* Does it hold? */
static bool consider(struct x509_search *s)
{
    static const struct voice silence = { 0 };
    if (!spend(s, &s->cost.paths, &s->walk.paths, X509_PATHS, "a root within 40 paths"))
        return false;
    bool known = same_path(&s->at, &s->best);          /* the first walk has judged it */
    unsigned refusals = known ? s->best_refusals : x509_refusals(&s->at, REFUSALS_MOST);
    unsigned rank = refusals ? rank_of(&s->at, refusals) : RANK_HOLDS;
    if (rank > s->best_rank) {
        s->best = s->at;
        s->best_rank = rank;
        s->best_refusals = refusals;
    }
    if (TRACE_LISTENS && s->tells) {
        struct fault why = { 0 };
        s->at.cost = &s->told;
        if (refusals)
            x509_judge_path(&s->at, &silence, &why);
        s->at.cost = &s->cost;
        x509_tell_path(s->voice, &s->at, &why);
    }
    return refusals == 0;
}

/* ---- candidates ---- */

bool x509_same_cert(const struct x509_cert *a, const struct x509_cert *b)
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

static bool is_an_anchor(const struct x509_store *trust, const struct x509_cert *c)
{
    struct x509_look look = x509_store_look(trust, &c->subject);
    for (const struct x509_cert *anchor; (anchor = x509_store_next(&look)) != NULL;)
        if (x509_same_cert(anchor, c))
            return true;
    return false;
}

/* Who may have issued what is at the top, one after the other: the anchors, or the sent and the untrusted. */
struct issuers {
    const struct x509_search *s; const struct bytes *name;
    enum x509_source source; struct x509_look look; size_t sent;
};

static struct issuers issuers_of(const struct x509_search *s, const struct x509_cert *below, bool trusted)
{
    struct issuers l = { .s = s, .name = &below->issuer, .source = trusted ? X509_TRUSTED : X509_SENT, .sent = 1 };
    if (trusted)
        l.look = x509_store_look(s->ask->trust, l.name);
    return l;
}

static const struct x509_cert *next_issuer(struct issuers *l)
{
    const struct x509_search *s = l->s;
    while (l->source == X509_SENT && l->sent < s->n_sent) {
        size_t i = l->sent++;
        if (s->readable[i] && x509_name_same(&s->sent[i].subject, l->name))
            return &s->sent[i];
    }
    if (l->source == X509_SENT) {
        l->source = X509_UNTRUSTED;
        l->look = x509_store_look(s->ask->untrusted, l->name);
    }
    return x509_store_next(&l->look);
}

/* Was it sent, and seen already? */
static bool seen_before(const struct issuers *l, const struct x509_cert *c)
{
    const struct x509_search *s = l->s;
    for (size_t i = 1; i < s->n_sent && c != &s->sent[i]; i++)
        if (s->readable[i] && x509_same_cert(&s->sent[i], c))
            return true;
    return false;
}

/* Hints say who is tried first and leave nobody out: the key identifiers that fit, then those that say nothing, then
 * those that speak against it (they are octets that anybody may write); among equals whoever is valid now. */
enum { HINTS = 6 };
static unsigned hint_of(const struct x509_ask *ask, const struct x509_cert *below, const struct x509_cert *c)
{
    const struct bytes *wanted = &below->authority_key_id, *is = &c->subject_key_id;
    unsigned key = !wanted->n || !is->n ? 1 : same_octets(wanted, is) ? 0 : 2;
    return 2 * key + !(c->not_before / SECOND <= ask->at / SECOND && ask->at / SECOND <= c->not_after / SECOND);
}

/* ---- the walk ---- */

static bool climb(struct x509_search *s);

static void tell_candidate(const struct x509_search *s, struct x509_candidate *told, const struct x509_check *bad,
                           const struct x509_finding *f)
{
    if (!TRACE_LISTENS || !s->tells)
        return;
    if (bad) {
        told->verdict = X509_REFUSED;
        told->check = bad->name;
        told->ground = f->ground ? f->ground : &bad->ground;
        snprintf(told->why, sizeof told->why, "%s: %s", bad->name, f->found);
    } else if (told->fits == SIGNED_WRONG || told->fits == SIGNED_UNKNOWN) {
        told->verdict = X509_REFUSED;
        told->check = "signature";
        snprintf(told->why, sizeof told->why, "signature: %s", told->fits == SIGNED_WRONG
                 ? "its key did not make the one below it" : "it cannot be checked here");
    } else if (!told->why[0]) {
        told->verdict = X509_ACCEPTED;
        snprintf(told->why, sizeof told->why, "%s", told->source == X509_TRUSTED ? "it is trusted: the path ends here"
                 : "it may stand here");
    }
    x509_tell_candidate(s->voice, s->at.n - 1, told);
}

/* One certificate more on top, and on from there; takes it off again. */
static bool try_issuer(struct x509_search *s, const struct x509_cert *c, enum x509_source source)
{
    struct x509_path *p = &s->at;
    struct x509_candidate told = { .cert = c, .source = source };
    struct x509_finding f = { .quiet = !s->tells };
    size_t i = p->n++;
    p->certs[i] = c;
    p->anchored = source == X509_TRUSTED;
    const struct x509_check *bad = x509_early_refusal(p, i, &f);
    if (!bad || s->telling)
        p->signed_by[i - 1] = told.fits = signature_of(s, p->certs[i - 1], c);
    tell_candidate(s, &told, bad, &f);
    bool goes_on = !s->over && (s->telling || (!bad && told.fits == SIGNED_RIGHT));
    bool fine = goes_on && (p->anchored ? consider(s) : climb(s));
    p->anchored = false;
    p->signed_by[i] = p->signed_by[i - 1] = SIGNED_UNTRIED;
    p->n = i;
    return fine;
}

/* All issuers of one kind. *found: there are some, other than what the path or the anchors have. */
static bool try_issuers(struct x509_search *s, bool trusted, bool *found)
{
    const struct x509_cert *below = s->at.certs[s->at.n - 1], *c;
    bool anchors = *found;
    unsigned there = 0;
    for (struct issuers l = issuers_of(s, below, trusted); (c = next_issuer(&l)) != NULL;)
        there |= 1u << hint_of(s->ask, below, c);
    for (unsigned hint = 0; hint < HINTS && !s->over; hint++) {
        struct issuers l = issuers_of(s, below, trusted);
        while ((there >> hint & 1) && !s->over && (c = next_issuer(&l)) != NULL) {
            if (hint_of(s->ask, below, c) != hint)
                continue;
            if (!spend(s, &s->cost.steps, &s->walk.steps, X509_STEPS, "a path to a root within 1000 candidates"))
                return false;
            if (!trusted && (on_path(&s->at, c) || seen_before(&l, c) || (anchors && is_an_anchor(s->ask->trust, c))))
                continue;
            if (s->at.n == X509_PATH_MAX) {
                s->too_long = true;
                continue;
            }
            *found = true;
            if (try_issuer(s, c, l.source))
                return true;
        }
    }
    return false;
}

/* All ways on from the top of the path; where there is none, the path ends without an anchor, and is of interest only
 * to whoever looks for the most telling one. */
static bool climb(struct x509_search *s)
{
    struct x509_path *p = &s->at;
    const struct x509_cert *top = p->certs[p->n - 1];
    bool found = false;
    if (!x509_name_empty(&top->issuer) && (try_issuers(s, true, &found) || try_issuers(s, false, &found)))
        return true;
    if (found || !s->telling || s->over)
        return false;
    if (x509_self_issued(top))
        p->signed_by[p->n - 1] = signature_of(s, top, top);
    return consider(s);
}

/* From the leaf. One that is trusted itself is a path of one: nobody need vouch for it. */
static bool walk(struct x509_search *s)
{
    struct x509_path *p = &s->at;
    struct x509_finding f = { .quiet = !s->tells };
    *p = (struct x509_path){ .ask = s->ask, .certs = { &s->sent[0] }, .n = 1, .cost = &s->cost, .memo = s->memo,
                             .anchored = is_an_anchor(s->ask->trust, &s->sent[0]) };
    s->walk = (struct x509_cost){ 0 };
    s->cost.comparisons = 0;
    s->over = false;
    const struct x509_check *bad = x509_early_refusal(p, 0, &f);
    struct x509_candidate told = { .cert = &s->sent[0], .source = p->anchored ? X509_TRUSTED : X509_SENT };
    tell_candidate(s, &told, bad, &f);
    if (bad && !s->telling)
        return false;                                  /* whatever stands above the leaf */
    if (p->anchored && consider(s))
        return true;
    p->anchored = false;
    return climb(s);
}

bool x509_search(struct x509_search *s)
{
    bool heard = s->ask->tell_search && trace_hears(s->voice->trace), fine = walk(s);
    struct x509_cost cost = s->cost;
    s->telling = !fine;
    s->tells = heard;
    if (!fine || heard)                                /* what held is walked again, to be told */
        walk(s);
    if (fine)
        s->cost = cost;
    return fine;
}
