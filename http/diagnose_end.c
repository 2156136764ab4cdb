/* diagnose_end.c - causes that show in how a handshake or a connection ends. */
#include "http/diagnose_inside.h"

#include <stdio.h>
#include <string.h>

#define PATIENCE (5 * SECOND)

/* ---- the client's certificate */
static const struct watch_alert *alert_behind_certificate(const struct evidence *e)
{
    const struct watch_alert *a = fatal_alert(e, WATCH_SERVER);
    return a && answered(e) && a->packet > e->t->server_hello_at.packet ? a : NULL;
}

/* The server ends it: an alert, a close first, a RST; in TLS 1.3 by what is left to see of that. */
static bool server_ends(const struct evidence *e, const struct shape *s, struct diagnosis *d)
{
    const struct watch_alert *a = alert_behind_certificate(e);
    struct flow_moment closed = closed_by(e, FLOW_SERVER);
    uint64_t key_exchange = 0;
    nsec from = s->client_data ? s->last_asked_at : s->client_finished_at;
    if (a)
        return show(d, a->packet);
    if (from && closed.at - from > PATIENCE)          /* it closed what nobody used */
        return false;
    if (s->server_only_alerted && closed.packet)
        return show(d, s->server_alert), show(d, closed.packet);
    if (closed_first(e, FLOW_SERVER) && !s->server_data &&
        (s->client_finished || tls_message(e, WATCH_CLIENT, TLS_CLIENT_KEY_EXCHANGE, &key_exchange)))
        return show(d, closed.packet);
    return false;
}

/* nginx takes the handshake and answers the request with a page of 400, then closes. Sealed, it is known by its length:
 * what stands there always, and twice the server's name and version: "nginx", "nginx/1.22.1", "openresty/1.21.4.1",
 * "nginx/1.18.0 (Ubuntu)". */
static bool nginx_400(const struct evidence *e, const struct shape *s)
{
    enum { WANTED = 365, REFUSED = 343, TAG = 16 };
    static const uint8_t names[] = { 5, 10, 11, 12, 18, 19, 20, 21 };
    unsigned around = is_tls13(e) ? TAG + 1 : e->t->suite ? e->t->suite->record_iv + TAG : 0;
    unsigned always = s->offered ? REFUSED : WANTED, n = s->answer_n;
    bool aead = is_tls13(e) || (e->t->suite && e->t->suite->sealing == TLS_SEAL_AEAD);
    for (size_t i = 0; aead && i < sizeof names; i++)
        if (n == around + always + 2u * names[i])
            return true;
    return false;
}

/* The page says "Connection: close", so both close; which FIN is first is chance. */
static bool turned_down(const struct evidence *e, const struct shape *s, struct diagnosis *d)
{
    unsigned status = e->c->n_http ? e->c->http[0].status : 0;
    struct flow_moment closed = closed_by(e, closed_first(e, FLOW_SERVER) ? FLOW_SERVER : FLOW_CLIENT);
    if (status)
        return (status == 400 || status == 403) && show(d, s->first_server_data);
    if (!s->client_data || !s->answered || !nginx_400(e, s) || !closed.packet ||
        closed.at - s->asked_at - s->answer_took > SECOND)
        return false;
    return show(d, s->answer_packet), show(d, closed.packet);
}

bool client_certificate_wanted(const struct evidence *e, struct diagnosis *d)
{
    struct shape s = shape_of(e);
    uint64_t request = 0;
    tls_message(e, WATCH_SERVER, TLS_CERTIFICATE_REQUEST, &request);
    show(d, request ? request : e->t->server_hello_at.packet);
    show(d, s.client_finished_packet);
    bool required = alert_of(e, WATCH_SERVER, 116) != NULL;
    if (!required && (!s.asked || !s.empty || (!server_ends(e, &s, d) && !turned_down(e, &s, d))))
        return false;
    if (required)
        show(d, alert_of(e, WATCH_SERVER, 116)->packet);
    expected(d, "a certificate of the client");
    return came(d, "an empty Certificate");
}

static bool named_by(const struct evidence *e, const struct bytes *issuer)
{
    struct certificate_request r;
    struct bytes m = e->t->certificate_request;
    if (m.n <= TLS_MESSAGE_HEADER || is_tls13(e))
        return true;
    struct wire_in in = wire_over(m.at + TLS_MESSAGE_HEADER, m.n - TLS_MESSAGE_HEADER, NULL);
    if (!read_certificate_request(&in, &r, NULL) || !r.authorities.n)
        return true;                                   /* none named: any will do */
    for (in = wire_over(r.authorities.at, r.authorities.n, NULL); wire_left(&in) && !in.failed;) {
        struct wire_in one = take_vec16(&in, "distinguished_name");
        struct bytes name = take_rest(&one, "name");
        if (x509_name_same(&name, issuer))
            return true;
    }
    return false;
}

static bool read_client_leaf(const struct evidence *e, struct x509_cert *leaf)
{
    struct certificate_message chain = { .n = 0 };
    if (!chain_of(e, e->t->client_certificate, &chain) || !chain.n)
        return false;
    const struct der der = { chain.certificates[0].at, chain.certificates[0].n, 0 };
    return x509_read_cert(&der, NULL, leaf, NULL);
}

bool client_certificate_refused(const struct evidence *e, struct diagnosis *d)
{
    struct shape s = shape_of(e);
    struct x509_cert leaf;
    char issuer[X509_NAME_TEXT], date[DER_TIME_TEXT];
    const struct watch_alert *a = alert_behind_certificate(e);
    if (!s.asked || !s.offered)
        return false;
    bool known = read_client_leaf(e, &leaf), named = !known || named_by(e, &leaf.issuer);
    bool dated = !known || (leaf.not_before <= e->judged && e->judged <= leaf.not_after);
    show(d, e->t->server_hello_at.packet), show(d, s.client_finished_packet);
    bool ends = server_ends(e, &s, d);
    if (!ends && !turned_down(e, &s, d))
        return false;
    if (known && !named)
        expected(d, "a client certificate by one of the authorities of the CertificateRequest");
    else
        expected(d, "a client certificate that the server accepts");
    const char *answer = a ? tls_alert_answer((int)a->description) : NULL;
    if (!known)
        return came(d, "a certificate, and %s", answer ? answer : "the server's close");
    x509_name_short(&leaf.issuer, issuer, sizeof issuer);
    if (!dated)
        return came(d, "a certificate by %s, valid until %s", issuer, der_time_text(leaf.not_after, date));
    return came(d, "a certificate by %s, and %s", issuer, answer ? answer : "the server's close");
}

/* A hello behind Finished is a sealed handshake record (RFC 5246 §7.4.1.1); who refuses answers with an alert, sealed,
 * too. */
bool renegotiation_refused(const struct evidence *e, struct diagnosis *d)
{
    enum { HANDSHAKE = 22, ALERT = 21 };
    const struct watch_alert *a = alert_of(e, WATCH_SERVER, TLS_ALERT_NO_RENEGOTIATION);
    bool finished[2] = { false, false };
    uint64_t again[2] = { 0, 0 }, alert = 0;
    if (!a)
        a = alert_of(e, WATCH_CLIENT, TLS_ALERT_NO_RENEGOTIATION);
    for (uint64_t i = 0; i < e->t->n_seen && i < WATCH_SEEN && !is_tls13(e); i++) {
        const struct watch_seen *r = &e->t->seen[i];
        bool both = finished[0] && finished[1];
        if (r->type == HANDSHAKE && r->sealed && both && !again[r->side])
            again[r->side] = r->packet;
        else if (r->type == HANDSHAKE && r->sealed)
            finished[r->side] = true;
        else if (r->type == ALERT && r->sealed && (again[1 - r->side]) && !again[r->side] && !alert)
            alert = r->packet;
    }
    bool one = again[0] && !again[1], gone = one && (alert || closed_first(e, FLOW_SERVER));
    if (!a && !gone)
        return false;
    show(d, again[0]), show(d, a ? a->packet : alert), show(d, gone && !alert ? closed_by(e, 1).packet : 0);
    expected(d, "a handshake anew");
    return came(d, a ? "alert no_renegotiation" : "an alert or a close behind the second ClientHello");
}

/* ---- any other alert */
bool by_alert(const struct evidence *e, struct diagnosis *d)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct watch_alert *a = fatal_alert(e, 1 - side);
        struct flow_moment gone = closed_by(e, side);
        if (!a || (gone.packet && gone.packet < a->packet) ||
            (e->cause->alert != CAUSE_ANY_ALERT && a->description != (unsigned)e->cause->alert))
            continue;
        if (e->cause->alert == CAUSE_ANY_ALERT)
            for (size_t i = 0; i < n_causes; i++)
                if (causes[i].alert == (int)a->description)
                    return false;
        unsigned n = e->t->n_messages < WATCH_MESSAGES ? e->t->n_messages : WATCH_MESSAGES;
        const struct watch_message *before = NULL;
        for (unsigned i = 0; i < n; i++)
            if (e->t->messages[i].side == side && e->t->messages[i].packet <= a->packet)
                before = &e->t->messages[i];
        const char *said = before ? tls_message_words(before->type) : NULL;
        show(d, before ? before->packet : 0), show(d, a->packet);
        if (said)
            expected(d, "an answer to %s", said);
        else
            expected(d, "the connection going on");
        return came(d, "alert %u of the %s", a->description, side ? "client" : "server");
    }
    return false;
}

/* ---- ends that say nothing */
bool flight_refused(const struct evidence *e, struct diagnosis *d)
{
    struct shape s = shape_of(e);
    struct flow_moment gone = closed_by(e, FLOW_CLIENT);
    if (!is_tls13(e) || !s.server_finished || s.client_finished || s.asked || e->t->certificate.n ||
        !e->t->server_hello_at.packet || fatal_alert(e, WATCH_CLIENT))
        return false;
    bool left = gone.packet && closed_first(e, FLOW_CLIENT);
    if (!s.client_alert_instead && !left)
        return false;
    show(d, e->t->server_hello_at.packet), show(d, s.client_alert_instead ? s.client_alert : 0), show(d, gone.packet);
    expected(d, "the client's Finished");
    if (s.client_alert_instead)
        return came(d, "a sealed record of %u octets, which is an alert: most often about the certificate (SNI %.100s)",
                    SEALED_ALERT_13, *e->t->sni ? e->t->sni : "none");
    return came(d, "the client's close: most often about the certificate (SNI %.100s)",
                *e->t->sni ? e->t->sni : "none");
}

/* In TLS 1.2 the rows before have looked at the certificate: it is not alone, in date, and has the name. Who says good
 * bye may only have wanted to know whether somebody answers; and so does OpenSSL's, that judges before Finished. */
bool client_left(const struct evidence *e, struct diagnosis *d)
{
    struct shape s = shape_of(e);
    struct flow_moment gone = closed_by(e, FLOW_CLIENT);
    uint64_t packet = 0;
    bool left = closed_first(e, FLOW_CLIENT) && !s.client_data && s.client_finished &&
                gone.at - s.client_finished_at < 2 * SECOND;
    bool abrupt = !s.client_alert || s.client_alert > gone.packet;
    if (!is_tls13(e) && (!abrupt || client_turned(e, &packet) != LEFT_AT_ONCE))
        return false;
    if (!left || s.asked || spare(e, true) || (e->t->chain_trusted && e->t->chain_holds) ||
        !(offers_http(e) || (abrupt && e->has_hello && !like_openssl(e))))
        return false;
    show(d, e->t->server_hello_at.packet), show(d, s.client_finished_packet), show(d, gone.packet);
    expected(d, "a request");
    return came(d, "the client's close behind its Finished (SNI %.100s)", *e->t->sni ? e->t->sni : "none");
}

static const struct watch_message *last_message(const struct evidence *e)
{
    unsigned n = e->t->n_messages < WATCH_MESSAGES ? e->t->n_messages : WATCH_MESSAGES;
    return n ? &e->t->messages[n - 1] : NULL;
}

static const char *message_words(const struct watch_message *m)
{
    const char *known = tls_message_words(m->type);
    return known ? known : "a message";
}

static bool within_handshake(const struct evidence *e)
{
    struct shape s = shape_of(e);
    return e->f->whole && hello_seen(e) && answered(e) && !e->f->one_sided && !e->t->connected_at.packet &&
           !(s.client_finished && s.server_finished) && !fatal_alert(e, 0) && !fatal_alert(e, 1) &&
           !e->client->gaps && !e->server->gaps && !e->client->missing && !e->server->missing;
}

bool handshake_broken(const struct evidence *e, struct diagnosis *d)
{
    const struct watch_message *m = last_message(e);
    unsigned side = closed_first(e, FLOW_SERVER) ? FLOW_SERVER : FLOW_CLIENT;
    struct flow_moment end = closed_by(e, side);
    if (!within_handshake(e) || !end.packet || !m)
        return false;
    show(d, m->packet), show(d, end.packet);
    expected(d, "the handshake going on behind %s", message_words(m));
    return came(d, "the %s closed by %s", side ? "server" : "client",
                e->f->side[side].rst.packet == end.packet ? "RST" : "FIN");
}

/* Whose turn is it behind the last message that can be read? A flight of the server's ends with ServerHelloDone or
 * Finished, one of the client's with its hello or Finished (RFC 5246 §7.3). */
static unsigned whose_turn(const struct evidence *e, const struct watch_message *m)
{
    struct shape s = shape_of(e);
    if (m->side == WATCH_CLIENT)
        return m->type == TLS_CLIENT_HELLO || s.client_finished ? FLOW_SERVER : FLOW_CLIENT;
    return m->type == TLS_SERVER_HELLO_DONE || s.server_finished || e->t->hello_retry ? FLOW_CLIENT : FLOW_SERVER;
}

bool handshake_stalled(const struct evidence *e, struct diagnosis *d)
{
    const struct watch_message *m = last_message(e);
    if (!within_handshake(e) || closed_by(e, 0).packet || closed_by(e, 1).packet || !m ||
        e->all->last_at - m->at < PATIENCE)
        return false;
    unsigned turn = whose_turn(e, m);
    show(d, m->packet);
    if (turn == m->side)
        expected(d, "the handshake going on behind %s", message_words(m));
    else
        expected(d, "an answer to %s", message_words(m));
    return came(d, "nothing from the %s for %u ms", turn == FLOW_SERVER ? "server" : "client",
                (unsigned)((e->all->last_at - m->at) / MILLISECOND));
}

/* ---- no answer at all */
/* Behind the client's first data the server said nothing, but for its good bye. Tickets of TLS 1.3 are no answer: where
 * several records of one length came and no more, they are tickets. */
static bool unanswered(const struct evidence *e, const struct shape *s)
{
    enum { OF_A_REQUEST = 4 };                         /* who says more than that may want no answer */
    if (!e->t->tls)
        return e->c->n_http == 1 && *e->c->http[0].method && !e->server->text;
    return s->client_finished && s->client_data && s->client_data <= OF_A_REQUEST && !s->answered &&
           (!s->server_data || s->alike > 1) && !e->server->gaps && !e->server->missing && !e->c->http[0].status &&
           !e->client->gaps && !e->f->one_sided && !e->t->cut_has[WATCH_SERVER];
}

static void show_request(const struct evidence *e, const struct shape *s, struct diagnosis *d)
{
    show(d, e->t->tls ? s->first_client_data : e->client->first_text.packet);
    show(d, e->server->last_ack.packet);
    expected(d, "an answer to the request");
}

bool http_empty(const struct evidence *e, struct diagnosis *d)
{
    struct shape s = shape_of(e);
    if (!unanswered(e, &s) || !closed_first(e, FLOW_SERVER) || !e->server->fin.packet)
        return false;
    bool alert = s.server_alert > s.last_asked;
    show_request(e, &s, d), show(d, alert ? s.server_alert : 0), show(d, closed_by(e, FLOW_SERVER).packet);
    return came(d, alert ? "a sealed alert, and the server's close" : "the server's FIN");
}

/* Who gave up has waited; where the capture ends, it must have been longer: some ask to be told later. */
bool http_no_answer(const struct evidence *e, struct diagnosis *d)
{
    struct shape s = shape_of(e);
    struct flow_moment gone = closed_by(e, FLOW_CLIENT);
    nsec from = e->t->tls ? s.last_asked_at : e->client->last_text.at;
    nsec waited = (gone.packet ? gone.at : e->all->last_at) - from;
    if (!unanswered(e, &s) || closed_first(e, FLOW_SERVER) || e->client->resent_most > 2 ||
        waited < (gone.packet ? 3 * SECOND : 2 * PATIENCE))
        return false;
    show_request(e, &s, d), show(d, gone.packet);
    return came(d, "an ACK, and nothing for %u ms", (unsigned)(waited / MILLISECOND));
}

/* ---- cut short */
bool http_truncated(const struct evidence *e, struct diagnosis *d)
{
    if (!closed_first(e, FLOW_SERVER) || e->server->gaps || e->server->missing || e->f->evicted)
        return false;
    for (unsigned i = 0; i < e->c->n_http && i < CONVERSATION_HTTP; i++) {
        const struct seen_http *h = &e->c->http[i];
        if (h->complete || h->unread || !h->status || !h->response_first.packet)
            continue;
        show(d, h->response_first.packet), show(d, h->response_last.packet), show(d, closed_by(e, FLOW_SERVER).packet);
        expected(d, "the whole response to %s %.100s", h->method, h->target);
        return came(d, "%u octets of its body, then the server's close", (unsigned)h->body);
    }
    return false;
}

/* Opened with keys, and all of it there. */
static bool whole(const struct evidence *e)
{
    for (unsigned i = 0; i < e->c->n_http && i < CONVERSATION_HTTP; i++)
        if (!e->c->http[i].complete)
            return false;
    return e->c->n_http > 0;
}

static const struct watch_seen *last_seen(const struct evidence *e, unsigned side)
{
    const struct watch_seen *found = NULL;
    uint64_t n = e->t->n_seen, back = n < WATCH_LATE_SEEN ? n : WATCH_LATE_SEEN;
    for (uint64_t i = n - back; i < n; i++)
        if (e->t->late[i % WATCH_LATE_SEEN].side == side)
            found = &e->t->late[i % WATCH_LATE_SEEN];
    return found;
}

/* RFC 8446 §6.1: who closes says close_notify first. A FIN within a record is a cut for sure. Behind one that was as
 * long as records can be there was more to say; and where an answer was longer than a record and sent in one go, a
 * cut cannot be told from the end: RFC 9112 §9.8 wants that said. Short answers of servers that never say
 * close_notify are left alone. */
bool tls_truncated(const struct evidence *e, struct diagnosis *d)
{
    enum { FULL = 16384, ALERT = 21 };
    uint32_t wanted = e->t->cut_wanted[WATCH_SERVER], has = e->t->cut_has[WATCH_SERVER];
    const struct watch_seen *last = last_seen(e, WATCH_SERVER);
    struct shape s = shape_of(e);
    if (!e->server->fin.packet || !closed_first(e, FLOW_SERVER) || e->server->gaps || e->server->missing ||
        e->t->close_notify[WATCH_SERVER] || !answered(e))
        return false;
    bool cut = wanted > has, alert = !last || last->type == ALERT;
    alert |= last && is_tls13(e) && seen_as(e, last).n == SEALED_ALERT_13;
    bool full = !alert && last->n >= FULL && last->n <= FULL + 256;
    bool waiting = !alert && s.bulk && s.server_octets > FULL && !whole(e);
    if (!cut && !full && !waiting)
        return false;
    show(d, cut ? e->server->last_text.packet : last->packet), show(d, e->server->fin.packet);
    expected(d, "close_notify before the FIN");
    if (cut)
        return came(d, "FIN within a record: %u of its %u octets came", has, wanted);
    if (full)
        return came(d, "FIN behind a record of full size (%u octets)", last->n);
    return came(d, "FIN without it behind %u octets of the answer: a cut looks like this", (unsigned)s.server_octets);
}
