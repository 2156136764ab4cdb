/* watch_chain.c - whom certificates name, and whether the chains of both sides hold at the time of the capture. */
#include "tls/watch_inside.h"

#include <string.h>

static const struct ground no_certificate = { "tls.no_certificate", "RFC 5246 §7.4.2" };
static const struct ground certificate_key = { "tls.certificate_key", "RFC 5246 §7.4.2" };
static const char *const unknown_ids[] = { "x509.unknown_root", "x509.self_signed", "x509.missing_intermediate" };

static size_t read_chain(const struct der *chain, size_t n, struct x509_cert *certs)
{
    size_t read = 0;
    while (read < n && x509_read_cert(&(struct der){ chain[read].at, chain[read].n, 0 }, NULL, &certs[read], NULL))
        read++;
    return read;
}

static void note_leaf(struct watch_judgement *j, const struct x509_cert *leaf)
{
    x509_name_short(&leaf->subject, j->leaf, sizeof j->leaf);
    x509_name_short(&leaf->issuer, j->issuer, sizeof j->issuer);
    j->leaf_read = true;
    j->from = leaf->not_before;
    j->until = leaf->not_after;
    j->must_staple = leaf->must_staple;
    j->self_signed = x509_name_same(&leaf->subject, &leaf->issuer);
}

static void show_leaf(struct watch_facts *f, const struct watch_judgement *j)
{
    memcpy(f->leaf, j->leaf, sizeof f->leaf);
    memcpy(f->issuer, j->issuer, sizeof f->issuer);
    f->leaf_from = j->from;
    f->leaf_until = j->until;
    f->must_staple = j->must_staple;
    f->self_signed = j->self_signed;
}

/* Where the path that was sent ends, by names; the leaf, if it stands alone. */
static size_t top_of(const struct x509_cert *certs, size_t n)
{
    size_t at = 0;
    for (size_t step = 0; step < n; step++) {
        size_t i = 1;
        while (i < n && (i == at || !x509_name_same(&certs[i].subject, &certs[at].issuer)))
            i++;
        if (i == n || x509_name_same(&certs[at].subject, &certs[at].issuer))
            return at;
        at = i;
    }
    return at;
}

/* Whom to trust, nobody has said. So the end of the chain is taken for the anchor, and all else is judged as ever: what
 * then holds, holds but for the question who vouches for it, which is said (x509.unknown_root and its like). */
static bool judge_among_themselves(const struct x509_ask *ask, const struct voice *voice, const struct der *chain,
                                   size_t n, struct x509_cert *certs, struct public_key *key, struct fault *why)
{
    const struct voice silent = { NULL, 0, 0 };
    struct public_key again;
    size_t read = read_chain(chain, n, certs);
    struct x509_store top = { .certs = read ? &certs[top_of(certs, read)] : certs, .n = read ? 1 : 0 };
    struct x509_ask with = *ask;
    with.trust = &top;
    with.trust_assumed = true;
    return x509_verify_chain(&with, voice, chain, n, key, why)
        && x509_verify_chain(ask, &silent, chain, n, &again, why);
}

static bool judge(const struct x509_ask *ask, const struct voice *voice, const struct der *chain, size_t n,
                  struct x509_cert *certs, struct public_key *key, struct fault *why)
{
    return ask->trust ? x509_verify_chain(ask, voice, chain, n, key, why)
                      : judge_among_themselves(ask, voice, chain, n, certs, key, why);
}

static bool is_one_of(const struct fault *why, const char *const *ids, size_t n)
{
    for (size_t i = 0; why->ground && i < n; i++)
        if (!strcmp(why->ground->id, ids[i]))
            return true;
    return false;
}

/* It is judged when it is known whether a response comes with it; what is wrong lies where the certificates do. */
static void chain_fault(struct tls_watch *w, const struct fault *why)
{
    struct watch_facts *f = &w->facts;
    const unsigned n = f->n_faults;
    watch_fault(w, WATCH_BAD_CHAIN, WATCH_SERVER, TLS_CERTIFICATE, why);
    if (f->n_faults > n && w->certificate_in) {
        f->faults[n].packet = f->certificate_at.packet;
        f->faults[n].record = w->certificate_in;
    }
}

static struct watch_judgement judgement_of(const struct tls_watch *w, const struct x509_ask *ask,
                                           const struct der *chain, size_t n)
{
    const struct voice *voice = &w->reader[WATCH_SERVER].config.voice;
    /* what is told of the judging has to come of judging */
    struct watch_known *known = trace_hears(voice->trace) ? NULL : w->config.known;
    struct watch_judgement j = { .key = { .kind = KEY_NONE } };
    struct x509_cert certs[X509_CHAIN_MAX];
    if (watch_known_find(known, ask, chain, n, &j))
        return j;
    j.holds = judge(ask, voice, chain, n, certs, &j.key, &j.why);
    if (read_chain(chain, n ? 1 : 0, certs))
        note_leaf(&j, &certs[0]);
    watch_known_put(known, ask, chain, n, &j);
    return j;
}

void watch_judge_chain(struct tls_watch *w, const struct der *chain, size_t n, struct bytes response,
                       unsigned key_usage)
{
    struct watch_facts *f = &w->facts;
    struct x509_ask ask = server_ask(&w->reader[WATCH_SERVER], response);
    ask.untrusted = w->config.untrusted;
    ask.key_usage = key_usage;
    const struct watch_judgement j = judgement_of(w, &ask, chain, n);
    const struct fault *why = &j.why;
    bool unknown = !ask.trust && is_one_of(why, unknown_ids, sizeof unknown_ids / sizeof *unknown_ids);
    w->shake.peer_key = j.key;
    if (j.leaf_read && (w->handshakes < 2 || !f->chain_judged))
        show_leaf(f, &j);
    /* a handshake within the first shows the same chain again, and is not told twice what is wrong with it */
    const bool same = f->chain_judged && why->ground && why->ground == f->chain_fault.ground;
    f->chain_judged = true;
    f->chain_trusted = ask.trust != NULL;
    f->chain_holds = j.holds;
    f->chain_fault = *why;
    if (!j.holds && !unknown && !same)
        chain_fault(w, why);
}

void watch_judge(struct tls_watch *w, struct bytes response)
{
    struct handshake *h = &w->shake;
    struct fault why = { 0 };
    const struct tls_suite *suite = w->facts.suite;
    if (w->judged || !h->chain.bytes)
        return;
    w->judged = true;
    watch_judge_chain(w, h->certificates, h->n_certificates, response,
                      !suite || watch_other_exchange(w) ? 0
                      : suite->kx == TLS_KX_RSA         ? X509_KEY_ENCIPHERMENT : X509_DIGITAL_SIGNATURE);
    keep_end(&h->chain);
    if (suite && h->peer_key.kind != KEY_NONE && !tls_suite_fits_key(suite, h->peer_key.kind)) {
        refuse(&why, &certificate_key, "a key in the certificate of the kind that the suite says",
               "the suite %s, and a key of another kind", suite->name);
        watch_fault(w, WATCH_BAD_MESSAGE, WATCH_SERVER, TLS_CERTIFICATE, &why);
    }
}

void watch_judge_client(struct tls_watch *w, const struct der *chain, size_t n)
{
    static const char *const of_octets[] = { "x509.bad_signature", "x509.der" };
    const struct tls *t = &w->reader[WATCH_CLIENT];
    const struct x509_ask ask = {
        .trust = w->config.trust, .untrusted = w->config.untrusted, .at = t->now, .purpose = X509_CLIENT,
        .key_usage = X509_DIGITAL_SIGNATURE, .classroom = t->config.classroom, .cpu = t->config.cpu };
    struct watch_client_chain *c = &w->facts.client_chain;
    struct x509_cert certs[X509_CHAIN_MAX];
    struct fault why = { 0 };
    const bool again = c->judged;
    const bool holds = judge(&ask, &t->config.voice, chain, n, certs, &w->client_key, &why);
    /* as the server's: told once, though shown again in a handshake within the first */
    const bool same = again && why.ground && why.ground == c->fault.ground;
    *c = (struct watch_client_chain){ .judged = true, .holds = holds, .trusted = ask.trust != NULL, .fault = why,
                                      .packet = w->now->packet };
    if (read_chain(chain, 1, certs)) {
        x509_name_short(&certs[0].subject, c->leaf, sizeof c->leaf);
        x509_name_short(&certs[0].issuer, c->issuer, sizeof c->issuer);
        c->from = certs[0].not_before;
        c->until = certs[0].not_after;
    }
    if (!holds && !same && (ask.trust || is_one_of(&why, of_octets, sizeof of_octets / sizeof *of_octets)))
        watch_fault(w, WATCH_BAD_CHAIN, WATCH_CLIENT, TLS_CERTIFICATE, &why);
}

static void take_client_chain(struct tls_watch *w, const struct der *chain, size_t n)
{
    w->client_showed = n > 0;
    w->facts.client_sent_certificate |= n > 0;
    if (n)
        watch_judge_client(w, chain, n);
}

void watch_certificate(struct tls_watch *w, unsigned side, const struct tls_message *m)
{
    struct certificate_message c;
    struct der chain[X509_CHAIN_MAX];
    struct fault why = { 0 };
    struct tls *t = &w->reader[side];
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_certificate(&in, &c, &why)) {
        watch_fault(w, WATCH_BAD_MESSAGE, side, TLS_CERTIFICATE, &why);
        c.n = 0;
    }
    for (size_t i = 0; i < c.n; i++)
        chain[i] = (struct der){ c.certificates[i].at, c.certificates[i].n, 0 };
    tell_certificates(t, false, m->whole, m->buf, chain, c.n);
    if (side == WATCH_CLIENT) {
        take_client_chain(w, chain, c.n);
        return;
    }
    w->facts.certificate_at = *w->now;
    w->certificate_in = w->side[side].records;
    watch_hold(w, HELD_CERTIFICATE, m->whole, &w->facts.certificate);
    w->facts.chain_seen |= c.n > 0;
    if (c.n && !w->shake.chain.bytes)
        keep_chain(t, chain, c.n, NULL);
    else if (!c.n && !why.ground) {
        refuse(&why, &no_certificate, "the server's certificate", "an empty list");
        watch_fault(w, WATCH_BAD_MESSAGE, side, TLS_CERTIFICATE, &why);
    }
}

size_t watch_memory(const struct tls_watch *w)
{
    size_t n = sizeof *w + w->offered_ticket.room + w->shake.ticket.room + w->shake.chain.room + w->shake.raw.room
        + w->shake.scts.room + watch13_memory(w);
    for (unsigned side = 0; side < 2; side++)
        n += w->reader[side].gather.room + w->reader[side].gather.spans_room * sizeof(struct span);
    for (size_t i = 0; i < WATCH_HELD; i++)
        n += w->held[i].room;
    return n;
}
