/* client.c - the client's half of a handshake, full or abbreviated (RFC 5246 §7.3), from ClientHello to the server's
 * Finished. */
#include "tls/handlers.h"

#include <stdio.h>
#include <string.h>

static const struct ground version_too_old = { "tls.version_too_old", "RFC 5246 Appendix E.1" };
static const struct ground version_not_offered = { "tls.version_not_offered", "RFC 5246 §7.4.1.3" };
static const struct ground suite_not_offered = { "tls.suite_not_offered", "RFC 5246 §7.4.1.3" };
static const struct ground compression = { "tls.compression", "RFC 5246 §6.2.2" };
static const struct ground extension_not_offered = { "tls.extension_not_offered", "RFC 5246 §7.4.1.4" };
static const struct ground renegotiation_info = { "tls.renegotiation_info", "RFC 5746 §3" };
static const struct ground no_secure_renegotiation = { "tls.no_secure_renegotiation", "RFC 5746 §4.1" };
static const struct ground point_formats = { "tls.point_formats", "RFC 8422 §5.1.2" };
static const struct ground no_certificate = { "tls.no_certificate", "RFC 5246 §7.4.2" };
static const struct ground certificate_key = { "tls.certificate_key", "RFC 5246 §7.4.2" };
static const struct ground protocol_not_offered = { "tls.protocol_not_offered", "RFC 7301 §3.1" };
static const struct ground bad_limit = { "tls.record_size_limit", "RFC 8449 §4" };
static const struct ground bad_fragment = { "tls.max_fragment_length", "RFC 6066 §4" };
static const struct ground etm_without_cbc = { "tls.encrypt_then_mac", "RFC 7366 §3" };
static const struct ground renegotiation = { "tls.renegotiation", "RFC 5246 §7.2.2" };
static const struct ground no_memory = { "tls.no_memory", "RFC 5246 §7.2.2" };
static const struct ground internal = { "tls.internal", "RFC 5246 §7.2.2" };

enum { HELLO_ROOM = 1024, PADDED_FROM = 256, PADDED = 512, CLIENT_KEY_ROOM = TLS_MESSAGE_HEADER + 2 + RSA_MAX };

static bool offers(const struct tls *t, enum tls_kx kx)
{
    for (size_t i = 0; i < t->config.n_suites; i++)
        if (t->config.suites[i]->kx == kx)
            return true;
    return false;
}

static bool offers_cbc(const struct tls *t)
{
    for (size_t i = 0; i < t->config.n_suites; i++)
        if (tls_suite_is_cbc(t->config.suites[i]))
            return true;
    return false;
}

/* RFC 8701 §3.1: values that mean nothing, so that nobody comes to rely on there being none. */
static uint16_t grease(const uint8_t *chance)
{
    return (uint16_t)(((*chance & 0xf0) | 0x0a) * 0x0101);
}

static bool signs_on_a_curve(const struct tls *t)
{
    for (size_t i = 0; i < t->config.n_identities; i++)
        if (key_curve(t->config.identities[i].key->pub.kind))
            return true;
    return false;
}

/* Groups for which a suite has use: curves for ECDHE, primes for DHE (RFC 7919 §3). Beside primes, curves for the
 * client's own certificate, too: where a list is, it speaks for keys as well (RFC 8422 §5.1), and OpenSSL's server
 * refuses a CertificateVerify on a curve that it does not name. */
static size_t list_groups(const struct tls *t, const uint8_t *chance, uint16_t groups[1 + TLS_GROUPS_MOST])
{
    size_t n = 0;
    const bool primes = offers(t, TLS_KX_DHE), curves = offers(t, TLS_KX_ECDHE) || (primes && signs_on_a_curve(t));
    if (t->config.grease && (curves || primes))
        groups[n++] = grease(chance);
    for (size_t i = 0; i < t->config.n_groups && n < TLS_GROUPS_MOST; i++)
        if (tls_group_is_ffdhe(t->config.groups[i]) ? primes : curves)
            groups[n++] = t->config.groups[i];
    return n;
}

static size_t hello_room(const struct tls *t)
{
    size_t n = HELLO_ROOM + 2 * (t->config.n_suites + t->config.n_groups + t->config.n_sigalgs);
    for (size_t i = 0; i < t->config.n_protocols; i++)
        n += 1 + strlen(t->config.protocols[i]);
    return n + (t->config.host ? strlen(t->config.host) : 0) + (t->config.session ? t->config.session->ticket_n : 0);
}

static bool send_client_hello(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct wire_out out;
    uint16_t groups[1 + TLS_GROUPS_MOST];
    uint8_t chance[4] = { 0 };
    const struct tls_config *c = &t->config;
    (void)m;
    chance_fill(c->chance, "client_random", t->client_random, TLS_RANDOM);
    if (c->grease)
        chance_fill(c->chance, "grease", chance, sizeof chance);
    if (!flight_room(t, hello_room(t), &out, why))
        return false;
    struct client_hello_wishes wishes = {
        .random = t->client_random, .suites = c->suites, .n_suites = c->n_suites, .groups = groups,
        .n_groups = list_groups(t, &chance[0], groups), .sigalgs = c->sigalgs, .n_sigalgs = c->n_sigalgs,
        .server_name = c->ip.n ? NULL : c->host,                   /* RFC 6066 §3: no addresses */
        .protocols = c->protocols, .n_protocols = c->n_protocols, .max_fragment = c->max_fragment,
        .encrypt_then_mac = c->encrypt_then_mac && offers_cbc(t),
        .record_size_limit = c->record_size_limit, .fallback = c->fallback,
        /* RFC 7685 §1: there are servers that hang on lengths between */
        .padding_from = c->grease ? 0 : PADDED_FROM, .padding_to = PADDED };
    if (c->grease) {
        wishes.grease_suite = grease(&chance[1]);
        wishes.grease[0] = grease(&chance[2]);
        wishes.grease[1] = wishes.grease[0] ^ 0x1010;              /* another one: nothing may stand there twice */
    }
    wishes.ask_ocsp = t->config.ask_ocsp;
    wishes.ask_scts = t->config.ask_scts;
    offer_session(t, &wishes);
    t->shake->asked = write_client_hello(&out, &wishes);
    t->progress = TLS_HELLO_SENT;
    return flight_add(t, &out, why);
}

static bool check_version(const struct server_hello *h, struct fault *why)
{
    const char *words = tls_version_words(h->version);
    return h->version == TLS_1_2
        || refuse(why, h->version < TLS_1_2 ? &version_too_old : &version_not_offered,
                  "TLS 1.2, which our ClientHello offered",
                  "the server chose %s (0x%04x)", words ? words : "a version", h->version);
}

static bool take_suite(struct tls *t, unsigned number, struct fault *why)
{
    for (size_t i = 0; i < t->config.n_suites; i++)
        if (t->config.suites[i]->number == number)
            t->facts.suite = t->config.suites[i];
    return t->facts.suite
        || refuse(why, &suite_not_offered, "a cipher suite that our ClientHello offered", "0x%04x %s", number,
                  tls_suite_words(number) ? tls_suite_words(number) : "(not known by name)");
}

/* RFC 5246 §7.4.1.4: only what the client asked for. supported_groups has no business here, but some
 * servers send it; no harm. */
static bool check_asked(const struct tls *t, const struct tls_extensions *x, struct fault *why)
{
    const char *words = x->other < 0 ? NULL : tls_extension_words((unsigned)x->other);
    unsigned more = x->seen & ~(t->shake->asked & ~(unsigned)EXT_SIGNATURE_ALGORITHMS);      /* which is only asked */
    if (x->other >= 0)
        return refuse(why, &extension_not_offered, "extensions that our ClientHello had", "%s (%d)",
                      words ? words : "unknown", x->other);
    return !more || refuse(why, &extension_not_offered, "extensions that our ClientHello had", "%s",
                           tls_extension_of_bit(more & (0 - more)));
}

/* One of ours, named once (RFC 7301 §3.1: the reader has seen to that). */
static bool take_protocol(struct tls *t, struct bytes chosen, struct fault *why)
{
    for (size_t i = 0; i < t->config.n_protocols; i++) {
        const char *name = t->config.protocols[i];
        if (strlen(name) == chosen.at[0] && memcmp(name, chosen.at + 1, chosen.at[0]) == 0)
            t->facts.protocol = name;
    }
    return t->facts.protocol || refuse(why, &protocol_not_offered, "a protocol that our ClientHello offered", "%.*s",
                                       chosen.at[0], (const char *)chosen.at + 1);
}

/* RFC 8449 §4, §5; RFC 6066 §4: the same length comes back, or nothing. */
static bool take_limits(struct tls *t, const struct tls_extensions *x, struct fault *why)
{
    const unsigned both = EXT_RECORD_SIZE_LIMIT | EXT_MAX_FRAGMENT_LENGTH;
    if ((x->seen & both) == both)
        return refuse(why, &bad_limit, "record_size_limit or max_fragment_length", "both");
    if ((x->seen & EXT_RECORD_SIZE_LIMIT)
        && (x->record_size_limit < TLS_RECORD_LIMIT_MIN || x->record_size_limit > TLS_RECORD_MAX))
        return refuse(why, &bad_limit, "a limit from 64 to 16384 octets", "%u", x->record_size_limit);
    if ((x->seen & EXT_MAX_FRAGMENT_LENGTH) && x->max_fragment != t->config.max_fragment)
        return refuse(why, &bad_fragment, "the length that we asked for", "code %u", x->max_fragment);
    if (x->seen & EXT_RECORD_SIZE_LIMIT)
        limit_records(t, x->record_size_limit, t->config.record_size_limit, false);
    else if (x->seen & EXT_MAX_FRAGMENT_LENGTH)
        limit_records(t, (size_t)256 << x->max_fragment, (size_t)256 << x->max_fragment, true);
    else
        limit_records(t, TLS_RECORD_MAX, TLS_RECORD_MAX, false);   /* a server that says nothing knows no limit */
    return true;
}

static bool check_extensions(struct tls *t, const struct tls_extensions *x, struct fault *why)
{
    if (!check_asked(t, x, why))
        return false;
    if (!(x->seen & EXT_RENEGOTIATION_INFO))
        return refuse(why, &no_secure_renegotiation, "a server that answers renegotiation_info",
                      "none: somebody's octets could stand in front of ours");
    if (x->renegotiated_connection.n)
        return refuse(why, &renegotiation_info, "an empty renegotiated_connection in a first handshake",
                      "%zu octets", x->renegotiated_connection.n);
    if ((x->seen & EXT_EC_POINT_FORMATS) && !memchr(x->point_formats.at, 0, x->point_formats.n))
        return refuse(why, &point_formats, "uncompressed among the server's point formats", "not there");
    if ((x->seen & EXT_ENCRYPT_THEN_MAC) && !tls_suite_is_cbc(t->facts.suite))
        return refuse(why, &etm_without_cbc, "encrypt_then_mac with a suite with CBC", "%s", t->facts.suite->name);
    t->facts.encrypt_then_mac = x->seen & EXT_ENCRYPT_THEN_MAC;
    return (!(x->seen & EXT_ALPN) || take_protocol(t, x->protocols, why)) && take_limits(t, x, why);
}

/* They are shown to the application together with the certificate that they are about. */
static bool keep_scts(struct tls *t, struct bytes scts, struct fault *why)
{
    t->facts.scts = scts.n;
    return !scts.n || keep_octets(&t->shake->scts, scts, scts.n)
        || refuse(why, &no_memory, "memory for SCTs", "there is none");
}

/* What comes when the server says its last: RFC 5077 §3.3, a ticket that its hello announced, before
 * ChangeCipherSpec. */
static enum tls_state finish_due(const struct tls *t)
{
    return t->shake->ticket_due ? WAIT_NEW_SESSION_TICKET : WAIT_CHANGE_CIPHER_SPEC;
}

static bool on_server_hello(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct server_hello h;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_server_hello(&in, &h, why) || !check_version(&h, why) || !take_suite(t, h.suite, why))
        return false;
    if (h.compression != 0)
        return refuse(why, &compression, "compression method null (0)", "%u", h.compression);
    if (!check_extensions(t, &h.extensions, why))
        return false;
    memcpy(t->server_random, h.random, TLS_RANDOM);
    t->facts.extended_master_secret = h.extensions.seen & EXT_EXTENDED_MASTER_SECRET;
    add_to_transcript(t, m->whole, m->buf);
    t->progress = TLS_HELLO_DONE;
    t->shake->status_due = h.extensions.seen & EXT_STATUS_REQUEST;
    enum resume_verdict verdict = client_resumes(t, &h, why);
    if (verdict == RESUME_NOT && !keep_scts(t, h.extensions.scts, why))
        return false;
    if (verdict == RESUME) {
        if (!ask_about_session(t, why))
            return false;
        keep_stop(t);
        resume_keys(t);
        t->next = finish_due(t);
    }
    return verdict == RESUME || verdict == RESUME_NOT;
}

/* For the story: whose certificate ends the path. The judgement is over; this walks the same way, by
 * names. */
static void note_names(struct tls *t, const struct der *chain, size_t n)
{
    struct x509_cert cert;
    const struct x509_store *trust = t->config.trust;
    if (!x509_read_cert(&(struct der){ chain[0].at, chain[0].n, 0 }, NULL, &cert, NULL))
        return;
    x509_name_short(&cert.subject, t->facts.leaf, sizeof t->facts.leaf);
    for (size_t step = 0; step <= n; step++) {
        for (size_t i = 0; trust && i < trust->n; i++)
            if (x509_name_same(&trust->certs[i].subject, &cert.issuer)) {
                x509_name_short(&trust->certs[i].subject, t->facts.anchor, sizeof t->facts.anchor);
                return;
            }
        struct x509_cert next;
        size_t i = 1;
        while (i < n && !(x509_read_cert(&(struct der){ chain[i].at, chain[i].n, 0 }, NULL, &next, NULL)
                          && x509_name_same(&next.subject, &cert.issuer)))
            i++;
        if (i >= n)
            return;
        cert = next;
    }
}

struct x509_ask server_ask(const struct tls *t, struct bytes response)
{
    return (struct x509_ask){
        .trust = t->config.trust, .host = t->config.ip.n ? NULL : t->config.host, .ip = t->config.ip, .at = t->now,
        .purpose = X509_SERVER, .classroom = t->config.classroom, .ocsp = response,
        .staple_asked = t->config.ask_ocsp, .cpu = t->config.cpu,
        .key_usage = t->facts.suite && t->facts.suite->kx == TLS_KX_RSA ? X509_KEY_ENCIPHERMENT
                                                                        : X509_DIGITAL_SIGNATURE };
}

static bool judge_chain(struct tls *t, const struct der *chain, size_t n, struct bytes response, struct fault *why)
{
    struct fault refusal = { 0 };
    const struct x509_ask ask = server_ask(t, response);
    bool good = x509_verify_chain(&ask, &t->config.voice, chain, n, &t->shake->peer_key, &refusal);
    if (!good && (!t->config.insecure || t->shake->peer_key.kind == KEY_NONE)) {
        if (why)
            *why = refusal;
        return false;
    }
    if (!good)
        tell_check(t, "insecure", "RFC 5280 §6", "a chain that is accepted",
                   refusal.ground ? refusal.ground->id : "none", false);
    note_names(t, chain, n);
    if (!tls_suite_fits_key(t->facts.suite, t->shake->peer_key.kind))
        return refuse(why, &certificate_key, "a key in the certificate of the kind that the suite says",
                      "the suite %s, and a key of another kind", t->facts.suite->name);
    return ask_about_chain(t, chain, n, response, why);
}

bool judge_kept(struct tls *t, struct bytes response, struct fault *why)
{
    if (!t->shake->chain.bytes)
        return true;
    bool good = judge_chain(t, t->shake->certificates, t->shake->n_certificates, response, why);
    if (t->facts.suite->kx == TLS_KX_RSA)
        t->progress = TLS_CERTIFICATE_DONE;
    keep_end(&t->shake->chain);
    return good;
}

static bool on_certificate(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct certificate_message c;
    struct der chain[X509_CHAIN_MAX];
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_certificate(&in, &c, why))
        return false;
    if (c.n == 0)
        return refuse(why, &no_certificate, "the server's certificate", "an empty list");
    for (size_t i = 0; i < c.n; i++)
        chain[i] = (struct der){ c.certificates[i].at, c.certificates[i].n, 0 };
    tell_certificates(t, false, m->whole, m->buf, chain, c.n);
    t->facts.chain_sent = (unsigned)c.n;
    if (!(t->shake->status_due ? keep_chain(t, chain, c.n, why) : judge_chain(t, chain, c.n, (struct bytes){ 0 }, why)))
        return false;
    add_to_transcript(t, m->whole, m->buf);
    bool rsa = t->facts.suite->kx == TLS_KX_RSA;
    t->next = t->shake->status_due ? (rsa ? WAIT_STATUS_OR_REQUEST : WAIT_STATUS_OR_KEY_EXCHANGE)
                            : (rsa ? WAIT_REQUEST_OR_DONE : WAIT_SERVER_KEY_EXCHANGE);
    if (rsa && !t->shake->status_due)
        t->progress = TLS_CERTIFICATE_DONE;
    return true;
}

static bool on_server_key_exchange(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct server_key_exchange k;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!judge_kept(t, (struct bytes){ 0 }, why))      /* RFC 6066 §8: the server may leave the status out */
        return false;
    if (!read_server_key_exchange(&in, t->facts.suite->kx, &k, why) || !take_params(t, &k, why))
        return false;
    add_to_transcript(t, m->whole, m->buf);
    t->progress = TLS_CERTIFICATE_DONE;
    return true;
}

/* RFC 5246 §7.4.7.1: client_version against rollback, then chance. Octets for the message; 0: refused. `encoded`: what
 * RSA raised. */
static size_t encrypt_secret(struct tls *t, uint8_t out[RSA_MAX], uint8_t encoded[RSA_MAX], uint8_t *pre_master_secret,
                             struct fault *why)
{
    chance_fill(t->config.chance, "pre_master_secret", pre_master_secret, TLS_PRE_MASTER_SECRET);
    pre_master_secret[0] = TLS_1_2 >> 8;
    pre_master_secret[1] = TLS_1_2 & 0xff;
    uint8_t sent[TLS_PRE_MASTER_SECRET];
    memcpy(sent, pre_master_secret, sizeof sent);
    if (t->config.spoil && t->config.spoil->secret)
        t->config.spoil->secret(t->config.spoil->self, sent);
    bool good = rsa_encrypt(&t->shake->peer_key.u.rsa, t->config.chance, sent, sizeof sent, encoded, out,
                            t->config.cpu);
    sodium_memzero(sent, sizeof sent);
    if (good)
        return t->shake->peer_key.u.rsa.n_size;
    refuse(why, &internal, "an RSA key that can encrypt", "the certificate's cannot");
    return 0;
}

/* What goes into ClientKeyExchange, and the secret it leaves here. Returns octets for the message; 0: refused. */
static size_t make_exchange(struct tls *t, uint8_t *out, uint8_t encoded[RSA_MAX], uint8_t *secret, size_t *secret_n,
                            struct fault *why)
{
    if (t->facts.suite->kx == TLS_KX_RSA) {
        *secret_n = TLS_PRE_MASTER_SECRET;
        return encrypt_secret(t, out, encoded, secret, why);
    }
    size_t n = make_half(t, out);
    *secret_n = agree_on_secret(t, t->shake->peer_value, secret, why);
    return *secret_n ? n : 0;
}

static bool send_client_key_exchange(struct tls *t, struct fault *why)
{
    struct wire_out out;
    uint8_t exchange[RSA_MAX], encoded[RSA_MAX], secret[EXCHANGE_SECRET_MAX];
    _Static_assert((int)RSA_MAX >= (int)EXCHANGE_PUBLIC_MAX, "sizes");
    size_t secret_n = 0, n = make_exchange(t, exchange, encoded, secret, &secret_n, why);
    bool sent = n && flight_room(t, CLIENT_KEY_ROOM, &out, why);
    if (sent) {
        const struct bytes ours = { exchange, n };
        write_client_key_exchange(&out, t->facts.suite->kx, exchange, n);
        sent = flight_add(t, &out, why);
        tell_pre_master_secret(t, (struct bytes){ secret, secret_n },
                               t->facts.suite->kx == TLS_KX_RSA ? ours : t->shake->peer_value, encoded);
        derive_keys(t, secret, secret_n);
    }
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(encoded, sizeof encoded);
    return sent;
}

static bool on_server_hello_done(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!judge_kept(t, (struct bytes){ 0 }, why) || !read_empty_message(&in, why))
        return false;
    add_to_transcript(t, m->whole, m->buf);
    t->next = finish_due(t);
    if (!t->shake->verify_due)
        keep_stop(t);
    return (!t->shake->certificate_asked || send_client_certificate(t, why)) && send_client_key_exchange(t, why)
        && (!t->shake->verify_due || send_certificate_verify(t, why)) && send_finished(t, why);
}

/* In an abbreviated handshake the server's Finished comes first, and ours answers it. */
static bool on_server_finished(struct tls *t, const struct tls_message *m, struct fault *why)
{
    if (!check_finished(t, m, why) || (t->facts.resumed && !send_finished(t, why)))
        return false;
    client_keeps_session(t);
    return true;
}

/* RFC 5246 §7.4.1.1: a client that is already negotiating ignores it; it is not part of the transcript. */
static bool on_early_hello_request(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    (void)t;
    return read_empty_message(&in, why);
}

/* RFC 5246 §7.2.2: we never renegotiate, and say so. */
static bool on_hello_request(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_empty_message(&in, why))
        return false;
    if (t->config.renegotiation_ends)
        return refuse(why, &renegotiation, "a server that does not negotiate again", "HelloRequest");
    send_alert(t, TLS_WARNING, TLS_ALERT_NO_RENEGOTIATION);
    return true;
}

/*    in state                  may come                 is handled by           and leads to */
const struct tls_row tls_client_rows[] = {
    { AT_START,                 TLS_BEGIN,               send_client_hello,      { WAIT_SERVER_HELLO } },
    /* full, or abbreviated: */
    { WAIT_SERVER_HELLO,        TLS_SERVER_HELLO,        on_server_hello,
      { WAIT_CERTIFICATE, WAIT_NEW_SESSION_TICKET, WAIT_CHANGE_CIPHER_SPEC } },
    /* ECDHE, or RSA: */
    { WAIT_CERTIFICATE,         TLS_CERTIFICATE,         on_certificate,
      { WAIT_SERVER_KEY_EXCHANGE, WAIT_REQUEST_OR_DONE, WAIT_STATUS_OR_KEY_EXCHANGE, WAIT_STATUS_OR_REQUEST } },
    /* a server that said it would staple may leave it out */
    { WAIT_STATUS_OR_KEY_EXCHANGE, TLS_CERTIFICATE_STATUS, on_certificate_status, { WAIT_SERVER_KEY_EXCHANGE } },
    { WAIT_STATUS_OR_KEY_EXCHANGE, TLS_SERVER_KEY_EXCHANGE, on_server_key_exchange, { WAIT_REQUEST_OR_DONE } },
    { WAIT_STATUS_OR_REQUEST,   TLS_CERTIFICATE_STATUS,  on_certificate_status,  { WAIT_REQUEST_OR_DONE } },
    { WAIT_STATUS_OR_REQUEST,   TLS_CERTIFICATE_REQUEST, on_certificate_request, { WAIT_SERVER_HELLO_DONE } },
    { WAIT_STATUS_OR_REQUEST,   TLS_SERVER_HELLO_DONE,   on_server_hello_done,
      { WAIT_CHANGE_CIPHER_SPEC, WAIT_NEW_SESSION_TICKET } },
    { WAIT_SERVER_KEY_EXCHANGE, TLS_SERVER_KEY_EXCHANGE, on_server_key_exchange, { WAIT_REQUEST_OR_DONE } },
    { WAIT_REQUEST_OR_DONE,     TLS_CERTIFICATE_REQUEST, on_certificate_request, { WAIT_SERVER_HELLO_DONE } },
    { WAIT_REQUEST_OR_DONE,     TLS_SERVER_HELLO_DONE,   on_server_hello_done,
      { WAIT_CHANGE_CIPHER_SPEC, WAIT_NEW_SESSION_TICKET } },
    { WAIT_SERVER_HELLO_DONE,   TLS_SERVER_HELLO_DONE,   on_server_hello_done,
      { WAIT_CHANGE_CIPHER_SPEC, WAIT_NEW_SESSION_TICKET } },
    { WAIT_NEW_SESSION_TICKET,  TLS_NEW_SESSION_TICKET,  on_new_session_ticket,  { WAIT_CHANGE_CIPHER_SPEC } },
    { WAIT_CHANGE_CIPHER_SPEC,  TLS_CHANGE_CIPHER_SPEC,  on_change_cipher_spec,  { WAIT_FINISHED } },
    { WAIT_FINISHED,            TLS_FINISHED,            on_server_finished,     { CONNECTED } },
    { CONNECTED,                TLS_APPLICATION_DATA,    nothing_to_do,          { CONNECTED } },
    { CONNECTED,                TLS_HELLO_REQUEST,       on_hello_request,       { CONNECTED } },
    { WAIT_SERVER_HELLO,        TLS_HELLO_REQUEST,       on_early_hello_request, { WAIT_SERVER_HELLO } },
    { WAIT_CERTIFICATE,         TLS_HELLO_REQUEST,       on_early_hello_request, { WAIT_CERTIFICATE } },
    { WAIT_STATUS_OR_KEY_EXCHANGE, TLS_HELLO_REQUEST,    on_early_hello_request, { WAIT_STATUS_OR_KEY_EXCHANGE } },
    { WAIT_STATUS_OR_REQUEST,   TLS_HELLO_REQUEST,       on_early_hello_request, { WAIT_STATUS_OR_REQUEST } },
    { WAIT_SERVER_KEY_EXCHANGE, TLS_HELLO_REQUEST,       on_early_hello_request, { WAIT_SERVER_KEY_EXCHANGE } },
    { WAIT_REQUEST_OR_DONE,     TLS_HELLO_REQUEST,       on_early_hello_request, { WAIT_REQUEST_OR_DONE } },
    { WAIT_SERVER_HELLO_DONE,   TLS_HELLO_REQUEST,       on_early_hello_request, { WAIT_SERVER_HELLO_DONE } },
    { WAIT_NEW_SESSION_TICKET,  TLS_HELLO_REQUEST,       on_early_hello_request, { WAIT_NEW_SESSION_TICKET } },
    { WAIT_CHANGE_CIPHER_SPEC,  TLS_HELLO_REQUEST,       on_early_hello_request, { WAIT_CHANGE_CIPHER_SPEC } },
    { WAIT_FINISHED,            TLS_HELLO_REQUEST,       on_early_hello_request, { WAIT_FINISHED } },
};
const size_t tls_n_client_rows = sizeof tls_client_rows / sizeof *tls_client_rows;
