/* server.c - the server's half of a handshake, full or abbreviated (RFC 5246 §7.3), from ClientHello to the client's
 * Finished. */
#include "tls/handlers.h"

#include <stdio.h>
#include <string.h>

static const struct ground version_too_old = { "tls.version_too_old", "RFC 5246 Appendix E.1" };
static const struct ground inappropriate_fallback = { "tls.inappropriate_fallback", "RFC 7507 §3" };
static const struct ground compression = { "tls.compression", "RFC 5246 §6.2.2" };
static const struct ground renegotiation_info = { "tls.renegotiation_info", "RFC 5746 §3" };
static const struct ground renegotiation = { "tls.renegotiation", "RFC 5246 §7.2.2" };
static const struct ground point_formats = { "tls.point_formats", "RFC 8422 §5.1.2" };

enum { SERVER_HELLO_ROOM = 256,
       SERVER_KEY_ROOM = TLS_MESSAGE_HEADER + PARAMS_ROOM + 4 + SIGNATURE_MAX };

/* RFC 5246 Appendix E.1: a client of a later version is answered with ours. One that lists its versions
 * (RFC 8446 §4.2.1) must list ours. */
static bool check_version(const struct client_hello *h, struct fault *why)
{
    const char *words = tls_version_words(h->version);
    bool listed = h->extensions.seen & EXT_SUPPORTED_VERSIONS;
    if (listed && !list_has(h->extensions.versions, TLS_1_2)) {
        unsigned first = list_item(h->extensions.versions, 0);
        return refuse(why, &version_too_old, "TLS 1.2 among the client's supported_versions",
                      "not there; the first is %s (0x%04x)",
                      tls_version_words(first) ? tls_version_words(first) : "unknown", first);
    }
    if (h->version >= TLS_1_2)
        return true;
    if (list_has(h->suites, TLS_FALLBACK_SCSV))
        return refuse(why, &inappropriate_fallback, "no lower version than TLS 1.2, since we speak it",
                      "%s, tried again after a failure", words ? words : "an older one");
    return refuse(why, &version_too_old, "a client that speaks TLS 1.2", "%s (0x%04x)",
                  words ? words : "at most a version", h->version);
}

/* RFC 8422 §5.1.2: a list of point formats has the uncompressed one. RFC 5746 §3.6: this is a first handshake, so
 * there is nothing to be bound to. */
static bool check_hello(const struct client_hello *h, struct fault *why)
{
    if (!check_version(h, why))
        return false;
    if (!memchr(h->compressions.at, 0, h->compressions.n))
        return refuse(why, &compression, "null among the compression methods", "not there");
    if ((h->extensions.seen & EXT_EC_POINT_FORMATS)
        && !memchr(h->extensions.point_formats.at, 0, h->extensions.point_formats.n))
        return refuse(why, &point_formats, "uncompressed among the client's point formats", "not there");
    if (h->extensions.renegotiated_connection.n)
        return refuse(why, &renegotiation_info, "an empty renegotiated_connection in a first handshake",
                      "%zu octets",
                      h->extensions.renegotiated_connection.n);
    return true;
}

static bool send_server_hello(struct tls *t, const struct client_hello *h, struct fault *why)
{
    struct wire_out out;
    struct server_hello_wishes wishes = { .random = t->server_random, .session_id = server_session_id(t, h),
                                          .suite = t->facts.suite->number };
    if (!choose_answers(t, h, &wishes, why))
        return false;
    if (t->shake->ticket_due)
        wishes.extensions |= EXT_SESSION_TICKET;
    if (staple_due(t, h))
        wishes.extensions |= EXT_STATUS_REQUEST;
    if (scts_due(t, h)) {
        wishes.extensions |= EXT_SCT;
        wishes.scts = t->shake->identity->scts;
        t->facts.scts = wishes.scts.n;
    }
    chance_fill(t->config.chance, "server_random", t->server_random, TLS_RANDOM);
    if (!flight_room(t, SERVER_HELLO_ROOM + wishes.protocol.n + wishes.scts.n, &out, why))
        return false;
    write_server_hello(&out, &wishes);
    return flight_add(t, &out, why);
}

static bool send_certificate(struct tls *t, struct fault *why)
{
    const struct tls_identity *id = t->shake->identity;
    struct wire_out out;
    size_t n = TLS_MESSAGE_HEADER + 3, shown = id->n < X509_CHAIN_MAX ? id->n : X509_CHAIN_MAX;
    for (size_t i = 0; i < shown; i++)
        n += 3 + id->chain[i].n;
    if (!flight_room(t, n, &out, why))
        return false;
    write_certificate(&out, id->chain, shown);
    t->facts.chain_sent = (unsigned)shown;
    return flight_add(t, &out, why);
}

static bool send_server_key_exchange(struct tls *t, struct fault *why)
{
    struct wire_out out;
    uint8_t params[PARAMS_ROOM], signature[SIGNATURE_MAX];
    struct bytes written = { params, make_params(t, params) };
    size_t n = sign_params(t, written, signature, why);
    if (!n || !flight_room(t, SERVER_KEY_ROOM, &out, why))
        return false;
    write_server_key_exchange(&out, written, t->facts.sigalg, signature, n);
    return flight_add(t, &out, why);
}

static bool send_server_hello_done(struct tls *t, struct fault *why)
{
    struct wire_out out;
    if (!flight_room(t, TLS_MESSAGE_HEADER, &out, why))
        return false;
    write_empty_message(&out, TLS_SERVER_HELLO_DONE);
    return flight_add(t, &out, why);
}

/* The second half of an abbreviated handshake is the client's (RFC 5246 §7.3, figure 2). */
static bool send_resumed(struct tls *t, const struct client_hello *h, struct fault *why)
{
    if (!ask_about_session(t, why) || !send_server_hello(t, h, why))
        return false;
    keep_stop(t);
    resume_keys(t);
    t->next = WAIT_CHANGE_CIPHER_SPEC;
    return (!t->shake->ticket_due || send_new_session_ticket(t, why)) && send_finished(t, why);
}

static bool send_full(struct tls *t, const struct client_hello *h, struct fault *why)
{
    bool ask = t->config.client_certificate != TLS_CLIENT_NONE;
    bool sent = send_server_hello(t, h, why) && send_certificate(t, why)
        && (!staple_due(t, h) || send_certificate_status(t, why))
        && (t->facts.suite->kx == TLS_KX_RSA || send_server_key_exchange(t, why))
        && (!ask || send_certificate_request(t, why)) && send_server_hello_done(t, why);
    if (sent)
        t->progress = TLS_CERTIFICATE_DONE;
    if (ask)
        t->next = WAIT_CLIENT_CERTIFICATE;
    return sent;
}

static bool on_client_hello(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct client_hello h;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_client_hello(&in, &h, why) || !check_hello(&h, why) || !ask_about_hello(t, &h, why))
        return false;
    enum resume_verdict verdict = server_resumes(t, &h, m, why);
    if (verdict != RESUME && (verdict != RESUME_NOT || !choose_suite(t, &h, why)))
        return false;
    memcpy(t->client_random, h.random, TLS_RANDOM);
    t->shake->client_version = h.version;
    add_to_transcript(t, m->whole, m->buf);
    t->progress = TLS_HELLO_DONE;
    return verdict == RESUME ? send_resumed(t, &h, why) : send_full(t, &h, why);
}

/* RFC 5246 §7.4.7.1: whatever is wrong with it, the handshake goes on, with a secret that nobody has;
 * Finished then fails. */
static size_t open_pre_master_secret(struct tls *t, struct bytes encrypted, uint8_t *secret)
{
    if (!rsa_decrypt_premaster(&t->shake->identity->key->u.rsa, t->config.chance, t->shake->client_version,
                               encrypted.at, encrypted.n, secret, t->config.cpu))
        chance_fill(t->config.chance, "pre_master_secret", secret, TLS_PRE_MASTER_SECRET);
    return TLS_PRE_MASTER_SECRET;
}

static bool on_client_key_exchange(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct bytes exchange;
    uint8_t secret[EXCHANGE_SECRET_MAX];
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_client_key_exchange(&in, t->facts.suite->kx, &exchange, why))
        return false;
    add_to_transcript(t, m->whole, m->buf);
    const bool rsa = t->facts.suite->kx == TLS_KX_RSA;
    size_t n = rsa                              ? open_pre_master_secret(t, exchange, secret)
             : value_fits(t, exchange, why)     ? agree_on_secret(t, exchange, secret, why) : 0;
    if (!n)
        return false;
    tell_pre_master_secret(t, (struct bytes){ secret, n }, exchange, NULL);
    derive_keys(t, secret, n);
    if (t->shake->verify_due)
        t->next = WAIT_CERTIFICATE_VERIFY;
    return true;
}

static bool on_client_finished(struct tls *t, const struct tls_message *m, struct fault *why)
{
    if (!check_finished(t, m, why))
        return false;
    if (t->facts.resumed)                             /* ours went before */
        return true;
    if ((t->shake->ticket_due && !send_new_session_ticket(t, why)) || !send_finished(t, why))
        return false;
    server_keeps_session(t);
    return true;
}

/* RFC 5246 §7.2.2: a client that wants to renegotiate is told no, and may go on as it was. Told each time: GnuTLS
 * tries again at once, and an unanswered ClientHello is waited for. */
static bool on_renegotiation(struct tls *t, const struct tls_message *m, struct fault *why)
{
    (void)m;
    if (t->config.renegotiation_ends)
        return refuse(why, &renegotiation, "a client that does not negotiate again", "ClientHello");
    send_alert(t, TLS_WARNING, TLS_ALERT_NO_RENEGOTIATION);
    return true;
}

/*    in state                  may come                 is handled by           and leads to */
const struct tls_row tls_server_rows[] = {
    { AT_START,                 TLS_BEGIN,               nothing_to_do,          { WAIT_CLIENT_HELLO } },
    /* full, or abbreviated: */
    { WAIT_CLIENT_HELLO,        TLS_CLIENT_HELLO,        on_client_hello,
      { WAIT_CLIENT_KEY_EXCHANGE, WAIT_CLIENT_CERTIFICATE, WAIT_CHANGE_CIPHER_SPEC } },
    { WAIT_CLIENT_CERTIFICATE,  TLS_CERTIFICATE,         on_client_certificate,  { WAIT_CLIENT_KEY_EXCHANGE } },
    /* who showed no certificate has nothing to prove: */
    { WAIT_CLIENT_KEY_EXCHANGE, TLS_CLIENT_KEY_EXCHANGE, on_client_key_exchange,
      { WAIT_CHANGE_CIPHER_SPEC, WAIT_CERTIFICATE_VERIFY } },
    { WAIT_CERTIFICATE_VERIFY,  TLS_CERTIFICATE_VERIFY,  on_certificate_verify,  { WAIT_CHANGE_CIPHER_SPEC } },
    { WAIT_CHANGE_CIPHER_SPEC,  TLS_CHANGE_CIPHER_SPEC,  on_change_cipher_spec,  { WAIT_FINISHED } },
    { WAIT_FINISHED,            TLS_FINISHED,            on_client_finished,     { CONNECTED } },
    { CONNECTED,                TLS_APPLICATION_DATA,    nothing_to_do,          { CONNECTED } },
    { CONNECTED,                TLS_CLIENT_HELLO,        on_renegotiation,       { CONNECTED } },
};
const size_t tls_n_server_rows = sizeof tls_server_rows / sizeof *tls_server_rows;
