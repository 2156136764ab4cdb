#include "tls/x509/verify.h"
#include "tls/x509/judge.h"
#include "tls/x509/search.h"

#include <stdio.h>

static const struct ground empty_chain = { "x509.empty_chain", "RFC 5246 §7.4.2" };
static const struct ground too_many    = { "x509.too_many",    "RFC 5280 §6.1" };
static const struct ground budget      = { "x509.budget",      "RFC 5280 §6.1" };

/* The chain, read. unreadable: what is wrong with the first that could not be. */
struct chain {
    struct x509_cert certs[X509_CHAIN_MAX]; bool readable[X509_CHAIN_MAX]; size_t n;
    struct fault unreadable;
};

/* "certificate 1 of 2 (leaf): CN=www.example.test", where reading came as far as its name. */
static void about_unreadable(const struct x509_cert *c, size_t i, size_t n, char out[X509_ABOUT])
{
    bool named = c->subject.n && !x509_name_empty(&c->subject);
    int used = snprintf(out, X509_ABOUT, "certificate %u of %u%s%s", (unsigned)i + 1, (unsigned)n, i ? "" : " (leaf)",
                        named ? ": " : "");
    if (named)
        x509_name_short(&c->subject, out + used, X509_ABOUT - (size_t)used);
}

static bool read_chain(struct chain *s, const struct voice *voice, const struct der *chain, size_t n, struct fault *why)
{
    s->n = n;
    s->unreadable = (struct fault){ 0 };
    for (size_t i = 0; i < n; i++) {
        struct watch w = { voice->trace, chain[i].buf, chain[i].at };
        struct fault flaw = { 0 };
        bool watched = chain[i].buf && trace_wants_fields(w.trace);
        s->readable[i] = x509_read_cert(&chain[i], watched ? &w : NULL, &s->certs[i], &flaw);
        if (s->readable[i])
            continue;
        about_unreadable(&s->certs[i], i, n, flaw.about);
        if (!s->unreadable.ground)
            s->unreadable = flaw;
        if (trace_hears(voice->trace))
            tell_certificate(voice, NULL, flaw.about, X509_REFUSED, flaw.came);
    }
    if (s->readable[0])
        return true;
    if (why && !why->ground)
        *why = s->unreadable;
    return false;
}

/* What was sent and not needed is shown as well; an assumed anchor was sent, too. */
static void tell_unused(const struct x509_search *s)
{
    for (size_t i = 0; i < s->n_sent; i++) {
        char about[X509_ABOUT];
        bool used = !s->readable[i];
        for (size_t k = 0; k < s->best.n; k++)
            used |= s->best.certs[k] == &s->sent[i] ||
                    (s->ask->trust_assumed && x509_same_cert(s->best.certs[k], &s->sent[i]));
        if (used)
            continue;
        x509_about_as("extra", &s->sent[i], about);
        tell_certificate(s->voice, &s->sent[i], about, X509_SKIPPED, "not on the path to the root");
    }
}

/* Why there is no path, where no certificate is to blame. */
static void refuse_search(const struct x509_search *s, const struct fault *unreadable, struct fault *why)
{
    if (s->spent)
        refuse_about(why, &budget, "chain", s->spent, "no end of them");
    if (s->best.anchored)
        return;
    if (s->too_long)
        refuse_about(why, &too_many, "chain", "a path of at most 16 certificates", "a longer one");
    if (unreadable->ground && why && !why->ground)
        *why = *unreadable;                            /* perhaps it was the one that is missing */
}

/* What both calls end in. certs[0] is readable. */
static bool judge(const struct x509_ask *ask, const struct voice *voice, const struct x509_cert *certs,
                  const bool *readable, size_t n, const struct fault *unreadable, struct fault *why)
{
    static const struct x509_store nobody = { 0 };
    struct x509_ask asked = *ask;
    if (!asked.trust)
        asked.trust = &nobody;
    if (!asked.untrusted)
        asked.untrusted = &nobody;
    struct x509_memo memo;                             /* too large to be zeroed for nothing */
    memo.n = memo.digests.n = 0;
    struct x509_search s = { .ask = &asked, .voice = voice, .sent = certs, .readable = readable, .n_sent = n,
                             .memo = &memo };
    bool fine = x509_search(&s);
    if (asked.cost)
        *asked.cost = s.cost;
    if (!fine)
        refuse_search(&s, unreadable, why);
    struct x509_cost again = { 0 };
    s.best.cost = &again;
    if (!fine || trace_hears(voice->trace))            /* told now; it was judged before */
        fine &= s.best.n > 0 && x509_judge_path(&s.best, voice, why);
    if (trace_hears(voice->trace))
        tell_unused(&s);
    return fine;
}

/* Before there is a path. */
static bool begin(const struct x509_ask *ask, size_t n, struct public_key *leaf, struct fault *why)
{
    if (ask->cost)
        *ask->cost = (struct x509_cost){ 0 };
    leaf->kind = KEY_NONE;
    if (n == 0)
        return refuse_about(why, &empty_chain, "chain", "a server certificate", "a list without one");
    return n <= X509_CHAIN_MAX
        || refuse_about(why, &too_many, "chain", "at most 10 certificates", "%u", (unsigned)n);
}

bool x509_verify_chain(const struct x509_ask *ask, const struct voice *voice, const struct der *chain,
                       size_t n, struct public_key *leaf, struct fault *why)
{
    struct chain sent;
    if (!begin(ask, n, leaf, why) || !read_chain(&sent, voice, chain, n, why))
        return false;
    *leaf = sent.certs[0].key;
    return judge(ask, voice, sent.certs, sent.readable, n, &sent.unreadable, why);
}

bool x509_verify_read(const struct x509_ask *ask, const struct voice *voice, const struct x509_cert *chain, size_t n,
                      struct public_key *leaf, struct fault *why)
{
    static const bool readable[X509_CHAIN_MAX] = { true, true, true, true, true, true, true, true, true, true };
    const struct fault none = { 0 };
    if (!begin(ask, n, leaf, why))
        return false;
    *leaf = chain[0].key;
    return judge(ask, voice, chain, readable, n, &none, why);
}
