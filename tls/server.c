/* server.c - the server's half of a handshake, full or abbreviated (RFC 5246 §7.3), from ClientHello to the client's
 * Finished. */
#include "tls/handlers.h"

#include <stdio.h>
#include <string.h>

static const struct ground version_too_old = { "tls.version_too_old", "RFC 5246 Appendix E.1" };
static const struct ground inappropriate_fallback = { "tls.inappropriate_fallback", "RFC 7507 §3" };
static const struct ground compression = { "tls.compression", "RFC 5246 §6.2.2" };
static const struct ground no_common_suite = { "tls.no_common_suite", "RFC 5246 §7.4.1.3" };
static const struct ground renegotiation_info = { "tls.renegotiation_info", "RFC 5746 §3" };
static const struct ground point_formats = { "tls.point_formats", "RFC 8422 §5.1.2" };
static const struct ground internal = { "tls.internal", "RFC 5246 §7.2.2" };

enum { SERVER_HELLO_ROOM = 256, PARAMS_ROOM = 4 + P256_POINT,
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

static const struct tls_identity *identity_of(const struct tls *t, enum key_kind kind)
{
    for (size_t i = 0; i < t->config.n_identities; i++)
        if (t->config.identities[i].key->pub.kind == kind)
            return &t->config.identities[i];
    return NULL;
}

/* Our first group that the client has; 0: none. Without the extension (RFC 8422 §4) the choice is ours:
 * P-256, which everybody has. */
static uint16_t common_group(const struct tls *t, const struct client_hello *h)
{
    bool said = h->extensions.seen & EXT_SUPPORTED_GROUPS;
    for (size_t i = 0; i < t->config.n_groups; i++)
        if (said ? list_has(h->extensions.groups, t->config.groups[i]) : t->config.groups[i] == TLS_SECP256R1)
            return t->config.groups[i];
    return 0;
}

/* RFC 8422 §5.3: an ECDSA certificate must be on a curve that the client listed. Without a list, it may be. */
static bool curve_listed(const struct client_hello *h, enum key_kind kind)
{
    bool said = h->extensions.seen & EXT_SUPPORTED_GROUPS;
    return kind != KEY_P256 || !said || list_has(h->extensions.groups, TLS_SECP256R1);
}

/* Our first algorithm for this key that the client has; 0: none. Without the extension the client means
 * SHA-1 (RFC 5246 §7.4.1.4.1), which signs nothing any more (RFC 9155). */
static uint16_t common_sigalg(const struct client_hello *h, enum key_kind kind)
{
    enum key_kind key;
    struct sign_scheme scheme;
    for (size_t i = 0; i < tls_n_sigalgs; i++)
        if (tls_sigalg_of(tls_sigalgs[i], &key, &scheme) && key == kind
            && list_has(h->extensions.sigalgs, tls_sigalgs[i]))
            return tls_sigalgs[i];
    return 0;
}

/* The names of a list, as many as fit. */
static void say_suites(struct bytes list, char *out, size_t room)
{
    out[0] = '\0';
    for (size_t i = 0; i < list_n(list) && strlen(out) + 2 < room; i++) {
        size_t at = strlen(out);
        const struct tls_suite *s = tls_suite_of(list_item(list, i));
        if (s)
            snprintf(out + at, room - at, "%s%s", at ? " " : "", s->openssl);
        else
            snprintf(out + at, room - at, "%s0x%04x", at ? " " : "", list_item(list, i));
    }
}

static bool refuse_suites(const struct tls *t, const struct client_hello *h, struct fault *why)
{
    char ours[96] = "one of ", theirs[80];
    for (size_t i = 0; i < t->config.n_suites; i++) {
        size_t at = strlen(ours);
        snprintf(ours + at, sizeof ours - at, "%s%s", i ? " " : "", t->config.suites[i]->openssl);
    }
    say_suites(h->suites, theirs, sizeof theirs);
    return refuse(why, &no_common_suite, ours, "the client has %s", theirs);
}

/* By our own order: a suite for which we have a certificate that the client can read, and the client a group
 * and a signature algorithm. */
static bool choose_suite(struct tls *t, const struct client_hello *h, struct fault *why)
{
    for (size_t i = 0; i < t->config.n_suites; i++) {
        const struct tls_suite *s = t->config.suites[i];
        const struct tls_identity *identity = identity_of(t, tls_auth_key(s->auth));
        bool ecdhe = s->kx == TLS_KX_ECDHE;
        uint16_t group = common_group(t, h), sigalg = common_sigalg(h, tls_auth_key(s->auth));
        if (!identity || !list_has(h->suites, s->number) || !curve_listed(h, tls_auth_key(s->auth))
            || (ecdhe && (!group || !sigalg)))
            continue;
        t->facts.suite = s;
        t->identity = identity;
        t->facts.group = ecdhe ? group : 0;
        t->facts.sigalg = ecdhe ? sigalg : 0;
        return true;
    }
    return refuse_suites(t, h, why);
}

static bool send_server_hello(struct tls *t, const struct client_hello *h, struct fault *why)
{
    struct wire_out out;
    unsigned answer = h->extensions.seen & EXT_EXTENDED_MASTER_SECRET;
    if ((h->extensions.seen & EXT_RENEGOTIATION_INFO) || list_has(h->suites, TLS_RENEGOTIATION_SCSV))
        answer |= EXT_RENEGOTIATION_INFO;
    if (t->ticket_due)
        answer |= EXT_SESSION_TICKET;
    if ((h->extensions.seen & EXT_EC_POINT_FORMATS) && !t->facts.resumed && t->facts.suite->kx == TLS_KX_ECDHE)
        answer |= EXT_EC_POINT_FORMATS;
    t->facts.extended_master_secret = answer & EXT_EXTENDED_MASTER_SECRET;
    chance_fill(t->config.chance, "server_random", t->server_random, TLS_RANDOM);
    if (!flight_room(t, SERVER_HELLO_ROOM, &out, why))
        return false;
    write_server_hello(&out, &(struct server_hello_wishes){
        .random = t->server_random, .session_id = server_session_id(t, h), .suite = t->facts.suite->number,
        .extensions = answer });
    return flight_add(t, &out, why);
}

static bool send_certificate(struct tls *t, struct fault *why)
{
    const struct tls_identity *id = t->identity;
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
    uint8_t params[PARAMS_ROOM], point[P256_POINT], digest[HASH_MAX], signature[SIGNATURE_MAX];
    enum key_kind key;
    struct sign_scheme scheme;
    struct wire_out to = wire_into(params, sizeof params);
    write_ecdh_params(&to, t->facts.group, point, make_point(t, "server_ecdh_scalar", point));
    struct bytes written = { params, wire_written(&to) };
    tls_sigalg_of(t->facts.sigalg, &key, &scheme);
    hash_params(t, written, scheme.hash, digest);
    size_t n = key_sign_digest(t->identity->key, t->config.chance, scheme, digest, signature);
    if (!n)
        return refuse(why, &internal, "a private key that can sign", "ours cannot");
    tell_signed_params(t, true, written, t->facts.sigalg, (struct bytes){ signature, n }, true);
    if (!flight_room(t, SERVER_KEY_ROOM, &out, why))
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
    if (!send_server_hello(t, h, why))
        return false;
    resume_keys(t);
    t->next = WAIT_CHANGE_CIPHER_SPEC;
    return (!t->ticket_due || send_new_session_ticket(t, why)) && send_finished(t, why);
}

static bool send_full(struct tls *t, const struct client_hello *h, struct fault *why)
{
    bool sent = send_server_hello(t, h, why) && send_certificate(t, why)
        && (t->facts.suite->kx == TLS_KX_RSA || send_server_key_exchange(t, why)) && send_server_hello_done(t, why);
    if (sent)
        t->progress = TLS_CERTIFICATE_DONE;
    return sent;
}

static bool on_client_hello(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct client_hello h;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_client_hello(&in, &h, why) || !check_hello(&h, why))
        return false;
    enum resume_verdict verdict = server_resumes(t, &h, m, why);
    if (verdict == RESUME_REFUSED || (verdict == RESUME_NOT && !choose_suite(t, &h, why)))
        return false;
    memcpy(t->client_random, h.random, TLS_RANDOM);
    t->client_version = h.version;
    add_to_transcript(t, m->whole, m->buf);
    t->progress = TLS_HELLO_DONE;
    return verdict == RESUME ? send_resumed(t, &h, why) : send_full(t, &h, why);
}

/* RFC 5246 §7.4.7.1: whatever is wrong with it, the handshake goes on, with a secret that nobody has;
 * Finished then fails. */
static size_t open_pre_master_secret(struct tls *t, struct bytes encrypted, uint8_t secret[TLS_PRE_MASTER_SECRET])
{
    if (!rsa_decrypt_premaster(&t->identity->key->u.rsa, t->config.chance, t->client_version, encrypted.at,
                               encrypted.n, secret))
        chance_fill(t->config.chance, "pre_master_secret", secret, TLS_PRE_MASTER_SECRET);
    return TLS_PRE_MASTER_SECRET;
}

static bool on_client_key_exchange(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct bytes exchange;
    uint8_t secret[TLS_PRE_MASTER_SECRET];
    size_t n = 32;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_client_key_exchange(&in, t->facts.suite->kx, &exchange, why))
        return false;
    add_to_transcript(t, m->whole, m->buf);
    if (t->facts.suite->kx == TLS_KX_RSA) {
        n = open_pre_master_secret(t, exchange, secret);
    } else {
        if (!point_fits(t, exchange, why))
            return false;
        memcpy(t->peer_point, exchange.at, exchange.n);
        if (!agree_on_secret(t, secret, why))
            return false;
    }
    tell_pre_master_secret(t, (struct bytes){ secret, n }, exchange, NULL);
    derive_keys(t, secret, n);
    return true;
}

static bool on_client_finished(struct tls *t, const struct tls_message *m, struct fault *why)
{
    if (!check_finished(t, m, why))
        return false;
    if (t->facts.resumed)                             /* ours went before */
        return true;
    if ((t->ticket_due && !send_new_session_ticket(t, why)) || !send_finished(t, why))
        return false;
    server_keeps_session(t);
    return true;
}

/* RFC 5246 §7.2.2: a client that wants to renegotiate is told no, and may go on as it was. Told each time: GnuTLS
 * tries again at once, and an unanswered ClientHello is waited for. */
static bool on_renegotiation(struct tls *t, const struct tls_message *m, struct fault *why)
{
    (void)m;
    (void)why;
    send_alert(t, TLS_WARNING, TLS_ALERT_NO_RENEGOTIATION);
    return true;
}

/*    in state                  may come                 is handled by           and leads to */
const struct tls_row tls_server_rows[] = {
    { AT_START,                 TLS_BEGIN,               nothing_to_do,          { WAIT_CLIENT_HELLO } },
    /* full, or abbreviated: */
    { WAIT_CLIENT_HELLO,        TLS_CLIENT_HELLO,        on_client_hello,
      { WAIT_CLIENT_KEY_EXCHANGE, WAIT_CHANGE_CIPHER_SPEC } },
    { WAIT_CLIENT_KEY_EXCHANGE, TLS_CLIENT_KEY_EXCHANGE, on_client_key_exchange, { WAIT_CHANGE_CIPHER_SPEC } },
    { WAIT_CHANGE_CIPHER_SPEC,  TLS_CHANGE_CIPHER_SPEC,  on_change_cipher_spec,  { WAIT_FINISHED } },
    { WAIT_FINISHED,            TLS_FINISHED,            on_client_finished,     { CONNECTED } },
    { CONNECTED,                TLS_APPLICATION_DATA,    nothing_to_do,          { CONNECTED } },
    { CONNECTED,                TLS_CLIENT_HELLO,        on_renegotiation,       { CONNECTED } },
};
const size_t tls_n_server_rows = sizeof tls_server_rows / sizeof *tls_server_rows;
