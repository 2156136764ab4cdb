/* watch13_messages.c - the handshake messages of TLS 1.3 that were sealed: their order (RFC 8446 §2, §4), the
 * transcript, signatures, both Finished, and what comes behind the handshake. */
#include "tls/watch13.h"

#include <stdio.h>
#include <string.h>

static const struct ground unexpected = { "tls.unexpected_message13", "RFC 8446 §4" };
static const struct ground no_certificate = { "tls.no_certificate13", "RFC 8446 §4.4.2.4" };
static const struct ground verify_sigalg = { "tls.verify_sigalg13", "RFC 8446 §4.4.3" };
static const struct ground verify_signature = { "tls.verify_signature13", "RFC 8446 §4.4.3" };
static const struct ground wrong_finished = { "tls.finished13", "RFC 8446 §4.4.4" };

#define BIT(type) ((uint32_t)1 << (type))
#define CERTIFICATES (BIT(TLS_CERTIFICATE) | BIT(TLS_COMPRESSED_CERTIFICATE))

static void bad(struct tls_watch *w, unsigned side, unsigned type, const struct fault *why)
{
    watch_fault(w, WATCH_BAD_MESSAGE, side, type, why);
}

/* ---- order ---- */

/* "Certificate or CertificateVerify" */
static char *may_come(uint32_t may, char *out, size_t room)
{
    size_t n = 0;
    *out = 0;
    for (unsigned type = 0; type < 32; type++)
        if (may & BIT(type) && n < room)
            n += (size_t)snprintf(out + n, room - n, "%s%s", n ? " or " : "", tls_message_words(type));
    return out;
}

/* Is it this one's turn? What was out of turn is taken as it is, and the order goes on behind it. */
static void judge_order(struct tls_watch *w, unsigned side, unsigned type)
{
    char may[96];
    const struct side13 *s = &w->thirteen->side[side];
    struct fault why = { 0 };
    const char *words = tls_message_words(type);
    if (!s->may || (type < 32 && s->may & BIT(type)))
        return;
    refuse(&why, &unexpected, may_come(s->may, may, sizeof may), "%s (%u)", words ? words : "message", type);
    watch_fault(w, WATCH_BAD_ORDER, side, type, &why);
}

/* What may come behind a message, of the same side; 0: nobody can say. */
static uint32_t behind(const struct watch13 *t, unsigned side, unsigned type, bool showed)
{
    switch (type) {
    case TLS_ENCRYPTED_EXTENSIONS:
        return t->psk ? BIT(TLS_FINISHED) : BIT(TLS_CERTIFICATE_REQUEST) | CERTIFICATES;
    case TLS_CERTIFICATE_REQUEST:
        return CERTIFICATES;
    case TLS_COMPRESSED_CERTIFICATE:
        return BIT(TLS_CERTIFICATE_VERIFY);
    case TLS_CERTIFICATE:
        return showed || side == WATCH_SERVER ? BIT(TLS_CERTIFICATE_VERIFY) : BIT(TLS_FINISHED);
    case TLS_CERTIFICATE_VERIFY:
        return BIT(TLS_FINISHED);
    case TLS_END_OF_EARLY_DATA:
        return t->requested ? CERTIFICATES : BIT(TLS_FINISHED);
    case TLS_FINISHED:
        return side == WATCH_SERVER ? BIT(TLS_NEW_SESSION_TICKET) | BIT(TLS_KEY_UPDATE) | BIT(TLS_CERTIFICATE_REQUEST)
                                    : BIT(TLS_KEY_UPDATE);
    default:
        return 0;
    }
}

/* ---- the transcript ---- */

static size_t digest_of(const struct hash *transcript, uint8_t digest[HASH_MAX])
{
    struct hash copy = *transcript;
    size_t n = hash_size(copy.kind);
    hash_end(&copy, digest);
    return n;
}

static void add(struct watch13 *t, const struct tls_message *m)
{
    if (t->began && !t->broken)
        hash_add(&t->transcript, m->whole.at, m->whole.n);
}

/* ---- certificates ---- */

static size_t take_chain(struct tls_watch *w, unsigned side, const struct tls_message *m, struct certificate13 *c,
                         struct der chain[X509_CHAIN_MAX])
{
    struct fault why = { 0 };
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_certificate13(&in, c, &why)) {
        bad(w, side, TLS_CERTIFICATE, &why);
        c->chain.n = 0;
    }
    for (size_t i = 0; i < c->chain.n; i++)
        chain[i] = (struct der){ c->chain.certificates[i].at, c->chain.certificates[i].n, 0 };
    tell_certificates(&w->reader[side], false, m->whole, m->buf, chain, c->chain.n);
    if (side == WATCH_SERVER && !c->chain.n && !why.ground) {
        refuse(&why, &no_certificate, "the server's certificate", "an empty list");
        bad(w, side, TLS_CERTIFICATE, &why);
    }
    return c->chain.n;
}

static void take_server_certificate(struct tls_watch *w, const struct tls_message *m)
{
    struct certificate13 c;
    struct der chain[X509_CHAIN_MAX];
    size_t n = take_chain(w, WATCH_SERVER, m, &c, chain);
    w->facts.certificate_at = *w->now;
    watch_hold(w, HELD_CERTIFICATE, m->whole, &w->facts.certificate);
    w->facts.chain_seen |= n > 0;
    w->facts.stapled |= c.ocsp.n > 0;
    w->full = true;
    if (!n || w->judged)
        return;
    w->judged = true;
    watch_judge_chain(w, chain, n, c.ocsp, X509_DIGITAL_SIGNATURE);
}

/* Returns whether it has shown one. */
static bool take_client_certificate(struct tls_watch *w, const struct tls_message *m)
{
    struct certificate13 c;
    struct der chain[X509_CHAIN_MAX];
    const size_t n = take_chain(w, WATCH_CLIENT, m, &c, chain);
    watch_hold(w, HELD_CLIENT_CERTIFICATE, m->whole, &w->facts.client_certificate);
    w->client_key.kind = KEY_NONE;
    w->facts.client_sent_certificate |= n > 0;
    if (n)
        watch_judge_client(w, chain, n);
    return n > 0;
}

/* RFC 8446 §4.4.3: 64 spaces, a context, a zero, the transcript hash. */
enum { SPACES = 64, CONTEXT = 33, SIGNED_MOST = SPACES + CONTEXT + 1 + HASH_MAX };
static size_t signed_octets(unsigned side, const struct hash *transcript, uint8_t out[SIGNED_MOST])
{
    static const char server[] = "TLS 1.3, server CertificateVerify", client[] = "TLS 1.3, client CertificateVerify";
    memset(out, ' ', SPACES);
    memcpy(out + SPACES, side == WATCH_SERVER ? server : client, CONTEXT + 1);
    return SPACES + CONTEXT + 1 + digest_of(transcript, out + SPACES + CONTEXT + 1);
}

/* PKCS #1 v1.5 is for certificates alone, SHA-1 for nothing, and an ECDSA algorithm has one curve. */
static bool sigalg_may(unsigned number, const struct public_key *key, struct sign_scheme *scheme)
{
    enum key_kind kind;
    return tls_sigalg_of(number, &kind, scheme) && scheme->kind != SIGN_PKCS1 && scheme->hash != HASH_SHA1
        && kind == key->kind && tls_sigalg_fits(number, key);
}

static void on_verify(struct tls_watch *w, unsigned side, const struct tls_message *m)
{
    struct certificate_verify v;
    struct sign_scheme scheme;
    struct fault why = { 0 };
    char number[NUMBER13];
    uint8_t text[SIGNED_MOST];
    enum key_kind kind;
    struct watch13 *t = w->thirteen;
    struct watch_facts *f = &w->facts;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    const struct public_key *key = side == WATCH_SERVER ? &w->shake.peer_key : &w->client_key;
    if (!read_certificate_verify(&in, &v, &why)) {
        bad(w, side, TLS_CERTIFICATE_VERIFY, &why);
        return;
    }
    f->sigalg = side == WATCH_SERVER ? v.sigalg : f->sigalg;
    if (key->kind == KEY_NONE || t->broken || t->many_requested || !t->began
        || !tls_sigalg_of(v.sigalg, &kind, &scheme))
        return;                                       /* not known here, or not to be checked */
    if (!sigalg_may(v.sigalg, key, &scheme)) {
        refuse(&why, &verify_sigalg, "a signature algorithm of TLS 1.3, for the certificate's key", "%s",
               watch13_number(number, v.sigalg, tls_sigalg_words(v.sigalg)));
        bad(w, side, TLS_CERTIFICATE_VERIFY, &why);
        return;
    }
    size_t n = signed_octets(side, &t->transcript, text);
    bool good = key_verify(key, scheme, text, n, v.signature.at, v.signature.n, w->config.cpu);
    *(side == WATCH_SERVER ? &f->ske_checked : &f->verify_checked) = true;
    *(side == WATCH_SERVER ? &f->ske_good : &f->verify_good) = good;
    if (!good) {
        refuse(&why, &verify_signature, "a signature over the handshake so far, by the certificate's key",
               "one that does not verify");
        watch_fault(w, WATCH_BAD_SIGNATURE, side, TLS_CERTIFICATE_VERIFY, &why);
    }
}

/* ---- Finished ---- */

static void judge_finished(struct tls_watch *w, unsigned side, const struct tls_message *m)
{
    uint8_t digest[HASH_MAX], want[HASH_MAX];
    struct bytes have;
    struct fault why = { 0 };
    struct watch13 *t = w->thirteen;
    struct watch_finished *f = &w->facts.finished[side];
    const struct opening *o = &t->side[side].open;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    const size_t size = hash_size(t->suite->hash);
    const bool first = !f->seen;
    if (first)
        *f = (struct watch_finished){ .seen = true, .packet = w->now->packet };
    if (!read_finished13(&in, size, &have, &why)) {
        bad(w, side, TLS_FINISHED, &why);
        return;
    }
    if (t->broken || t->many_requested || !t->began || !o->suite)
        return;
    digest_of(&t->transcript, digest);
    finished13(t->suite, o->secret, digest, want, w->config.cpu);
    tell_verify_data13(&w->reader[side], side == WATCH_SERVER, o, digest, want);
    const bool good = ct_tell(ct_same(have.at, want, size));
    if (first) {
        f->checked = true;
        f->verified = good;
    }
    tell_check(&w->reader[side], side == WATCH_SERVER ? "server_finished" : "client_finished", "RFC 8446 §4.4.4",
               "HMAC of the transcript hash", good ? "the same" : "another value", good);
    if (!good) {
        refuse(&why, &wrong_finished, "the verify_data that the handshake's messages make", "another value");
        watch_fault(w, WATCH_BAD_FINISHED, side, TLS_FINISHED, &why);
    }
}

static void on_server_finished(struct tls_watch *w, const struct tls_message *m)
{
    struct watch13 *t = w->thirteen;
    struct side13 *client = &t->side[WATCH_CLIENT];
    judge_finished(w, WATCH_SERVER, m);
    add(t, m);
    watch13_epoch(w, WATCH_SERVER, EPOCH_APPLICATION);
    w->side[WATCH_SERVER].connected = true;
    if (!w->side[WATCH_CLIENT].connected)
        client->may = t->early_taken ? BIT(TLS_END_OF_EARLY_DATA) : t->requested ? CERTIFICATES : BIT(TLS_FINISHED);
}

static void on_client_finished(struct tls_watch *w, const struct tls_message *m)
{
    struct watch13 *t = w->thirteen;
    const bool after = w->side[WATCH_CLIENT].connected;
    judge_finished(w, WATCH_CLIENT, m);
    if (after) {                                      /* the answer to a request behind the handshake */
        t->transcript = t->behind;
        t->post_requested = false;
        return;
    }
    add(t, m);
    t->behind = t->transcript;
    w->side[WATCH_CLIENT].connected = true;
    w->facts.connected_at = *w->now;
    watch13_epoch(w, WATCH_CLIENT, EPOCH_APPLICATION);
}

/* ---- all of them ---- */

static void on_encrypted(struct tls_watch *w, const struct tls_message *m)
{
    struct tls_extensions x;
    struct fault why = { 0 };
    struct watch_facts *f = &w->facts;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_encrypted_extensions(&in, &x, &why)) {
        bad(w, WATCH_SERVER, TLS_ENCRYPTED_EXTENSIONS, &why);
        return;
    }
    if (x.seen & EXT_ALPN && x.protocols.n > 1)
        snprintf(f->protocol, sizeof f->protocol, "%.*s", (int)x.protocols.n - 1, (const char *)x.protocols.at + 1);
    w->thirteen->early_taken = x.v13.early_data;
    watch_limits_agreed(w, &x);
    if (w->thirteen->side[WATCH_CLIENT].epoch != EPOCH_EARLY)     /* early data were sent before this was known */
        watch_limits_begin(w, WATCH_CLIENT);
    watch_limits_begin(w, WATCH_SERVER);
    watch13_judge_encrypted(w, &x);
}

/* Behind the handshake each request begins with the transcript as it was at its end (§4.4, post-handshake). */
static void on_request(struct tls_watch *w, const struct tls_message *m)
{
    struct certificate_request13 r;
    struct fault why = { 0 };
    struct watch13 *t = w->thirteen;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_certificate_request13(&in, &r, &why))
        bad(w, WATCH_SERVER, TLS_CERTIFICATE_REQUEST, &why);
    w->facts.client_asked = true;
    watch_hold(w, HELD_REQUEST, m->whole, &w->facts.certificate_request);
    t->requested = true;
    if (w->side[WATCH_CLIENT].connected) {
        t->transcript = t->behind;
        t->many_requested |= t->post_requested;       /* answered in any order (§4.6.2): nobody here knows which is */
        t->post_requested = true;
        t->side[WATCH_CLIENT].may = t->many_requested ? 0 : CERTIFICATES | BIT(TLS_FINISHED) | BIT(TLS_KEY_UPDATE);
    }
    add(t, m);
}

static void on_key_update(struct tls_watch *w, unsigned side, const struct tls_message *m)
{
    bool requested;
    struct fault why = { 0 };
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_key_update(&in, &requested, &why))
        bad(w, side, TLS_KEY_UPDATE, &why);
    watch13_update(w, side);
}

static void on_ticket(struct tls_watch *w, const struct tls_message *m)
{
    struct ticket13 n;
    struct fault why = { 0 };
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_ticket13(&in, &n, &why))
        bad(w, WATCH_SERVER, TLS_NEW_SESSION_TICKET, &why);
}

static void on_compressed(struct tls_watch *w, unsigned side, const struct tls_message *m)
{
    struct compressed_certificate c;
    struct fault why = { 0 };
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_compressed_certificate(&in, &c, &why))
        bad(w, side, TLS_COMPRESSED_CERTIFICATE, &why);
    else
        w->facts.compressed[side] = (struct watch_compressed){ w->now->packet, c.algorithm, c.octets, c.length };
    if (side == WATCH_CLIENT)
        w->facts.client_sent_certificate = true;
    add(w->thirteen, m);
}

static void on_end_of_early_data(struct tls_watch *w, const struct tls_message *m)
{
    struct fault why = { 0 };
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_empty_message(&in, &why))
        bad(w, WATCH_CLIENT, TLS_END_OF_EARLY_DATA, &why);
    add(w->thirteen, m);
    watch13_epoch(w, WATCH_CLIENT, EPOCH_HANDSHAKE);
}

/* Returns whether a client's Certificate shows one. */
static bool take_message(struct tls_watch *w, unsigned side, const struct tls_message *m)
{
    const bool server = side == WATCH_SERVER;
    bool showed = true;
    switch ((unsigned)m->type) {
    case TLS_ENCRYPTED_EXTENSIONS:   on_encrypted(w, m); add(w->thirteen, m); break;
    case TLS_CERTIFICATE_REQUEST:    on_request(w, m); break;
    case TLS_CERTIFICATE:
        if (server)
            take_server_certificate(w, m);
        else
            showed = take_client_certificate(w, m);
        add(w->thirteen, m);
        break;
    case TLS_COMPRESSED_CERTIFICATE: on_compressed(w, side, m); break;
    case TLS_CERTIFICATE_VERIFY:     on_verify(w, side, m); add(w->thirteen, m); break;
    case TLS_FINISHED:               (server ? on_server_finished : on_client_finished)(w, m); break;
    case TLS_END_OF_EARLY_DATA:      on_end_of_early_data(w, m); break;
    case TLS_KEY_UPDATE:             on_key_update(w, side, m); break;
    case TLS_NEW_SESSION_TICKET:     on_ticket(w, m); break;
    default:                         break;
    }
    return showed;
}

/* What changes no order leaves it as it was: tickets and KeyUpdate. */
void watch13_message(struct tls_watch *w, unsigned side, const struct tls_message *m)
{
    struct watch13 *t = w->thirteen;
    const unsigned type = m->type;
    if (!t || !t->suite)
        return;
    /* What a client seals is behind the server's Finished. If that was not read yet (octets of it are missing, or both
     * directions were caught out of order), nothing over the transcript can be judged. */
    t->broken |= side == WATCH_CLIENT && !w->side[WATCH_SERVER].connected;
    watch_note(w, side, type, m->whole.n, true);
    judge_order(w, side, type);
    const bool post = w->side[side].connected;
    const bool showed = take_message(w, side, m);
    const uint32_t next = behind(t, side, type, showed);
    if (next && !(post && side == WATCH_SERVER))
        t->side[side].may = post && t->many_requested ? 0 : next;
}
