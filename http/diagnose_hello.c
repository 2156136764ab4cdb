/* diagnose_hello.c - causes at the ClientHello: what stands where it should, what becomes of it, and what both sides do
 * not have in common. */
#include "http/diagnose_inside.h"

#include "tls/x509/names.h"

#include <stdio.h>
#include <string.h>

#define PATIENCE (5 * SECOND)

/* ---- not TLS */
static bool begins(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

static bool http_request(const char *text)
{
    static const char *const methods[] = { "GET ", "HEAD ", "POST ", "PUT ", "OPTIONS ", "DELETE ", "PATCH ",
                                           "PRI * " };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (begins(text, methods[i]))
            return true;
    return false;
}

static bool http_answer(const char *text)
{
    static const char *const with[] = { "HTTP/", "<!DOCTYPE", "<!doctype", "<html", "<HTML", "<head>" };
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        if (begins(text, with[i]))
            return true;
    return false;
}

static bool tls_port(unsigned port)
{
    static const uint16_t ports[] = { 443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 4433, 4443, 5061, 5223,
                                      6443, 8443, 9443 };
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        if (ports[i] == port)
            return true;
    return port > 1024 && port % 1000 == 443;
}

bool plain_http(const struct evidence *e, struct diagnosis *d)
{
    const char *client = e->t->plain[WATCH_CLIENT], *server = e->t->plain[WATCH_SERVER];
    bool asks = http_request(client) || (e->c->n_http && *e->c->http[0].method);
    const struct watch_alert *a = e->t->n_alerts ? &e->t->alerts[0] : NULL;
    unsigned status = e->c->n_http ? e->c->http[0].status : 0;
    bool bad = status == 400 || status == 497 || begins(server, "HTTP/1.1 400") || begins(server, "HTTP/1.0 400");
    bool nothing = !e->server->text && closed_by(e, FLOW_SERVER).packet;
    if (!asks || e->c->proxy || hello_seen(e) || !e->client->first_text.packet ||
        !(a || ((bad || nothing) && tls_port(e->server->port))))
        return false;
    show(d, e->client->first_text.packet);
    show(d, a ? a->packet : e->server->first_text.packet), show(d, nothing ? closed_by(e, FLOW_SERVER).packet : 0);
    expected(d, "a ClientHello");
    if (a)
        return came(d, "HTTP in the clear, answered with an alert");
    return bad ? came(d, "HTTP in the clear, answered with 400") : came(d, "HTTP in the clear, answered with nothing");
}

bool plain_server(const struct evidence *e, struct diagnosis *d)
{
    if (!hello_seen(e) || answered(e) || !http_answer(e->t->plain[WATCH_SERVER]))
        return false;
    show(d, e->t->client_hello_at.packet), show(d, e->server->first_text.packet);
    expected(d, "a ServerHello");
    return came(d, "HTTP in the clear: %.40s", e->t->plain[WATCH_SERVER]);
}

bool other_server(const struct evidence *e, struct diagnosis *d)
{
    const char *server = e->t->plain[WATCH_SERVER];
    if (!hello_seen(e) || answered(e) || !*server || e->t->n_alerts || e->server->gaps)
        return false;
    show(d, e->t->client_hello_at.packet), show(d, e->server->first_text.packet);
    expected(d, "a ServerHello");
    if (begins(server, "SSH-"))
        return came(d, "SSH: %.40s", server);
    if (begins(server, "220"))
        return came(d, "a greeting of SMTP or FTP, which may want STARTTLS first: %.40s", server);
    return came(d, "no TLS: %.40s", server);
}

bool other_client(const struct evidence *e, struct diagnosis *d)
{
    const char *client = e->t->plain[WATCH_CLIENT];
    const struct watch_alert *a = alert_of(e, WATCH_SERVER, CAUSE_ANY_ALERT);
    bool bad = begins(e->t->plain[WATCH_SERVER], "HTTP/1.1 400") || (e->c->n_http && e->c->http[0].status == 400);
    if (hello_seen(e) || !*client || http_request(client) || e->c->proxy ||
        !(a || bad || (tls_port(e->server->port) && !e->server->text && closed_by(e, FLOW_SERVER).packet)))
        return false;
    show(d, e->client->first_text.packet);
    show(d, a ? a->packet : bad ? e->server->first_text.packet : closed_by(e, FLOW_SERVER).packet);
    expected(d, "a ClientHello");
    return came(d, "no TLS: %.40s", client);
}

/* ---- what becomes of it */
static uint32_t hello_octets(const struct evidence *e) { return (uint32_t)e->t->client_hello.n + 5; }

static uint32_t acked_of_client(const struct evidence *e)
{
    return e->client->isn_known && e->server->last_ack.packet ? e->server->acked - e->client->isn - 1 : 0;
}

bool hello_split(const struct evidence *e, struct diagnosis *d)
{
    uint32_t acked = acked_of_client(e);
    bool cut = e->t->hello_wanted > e->t->hello_has && e->t->hello_has && !answered(e) && !e->client->missing;
    bool over = quiet(e) >= 2 * SECOND || closed_by(e, 0).packet || closed_by(e, 1).packet ||
                last_packet(e) - e->client->last_text.at >= 2 * SECOND;
    bool again = hello_seen(e) && !answered(e) && acked && acked < hello_octets(e) && e->client->resent_most >= 2 &&
                 !e->client->resent_acked;
    if ((!cut || !over) && !again)
        return false;
    show(d, e->client->first_text.packet);
    show(d, again ? e->client->resent_first.packet : 0), show(d, e->client->last.packet);
    if (again) {
        expected(d, "an ACK of all %u octets of the ClientHello", hello_octets(e));
        return came(d, "an ACK of the first %u; the rest was sent again %u times", acked, e->client->resent_most);
    }
    expected(d, "a ClientHello of %u octets", e->t->hello_wanted);
    return came(d, "its first %u octets", e->t->hello_has);
}

bool hello_unanswered(const struct evidence *e, struct diagnosis *d)
{
    if (!e->f->whole || !e->server->syns || e->server->text || e->client->resent_most < 2 || e->client->resent_acked ||
        acked_of_client(e) || (!hello_seen(e) && !e->t->hello_has) || e->server->rst.packet)
        return false;
    show(d, e->server->syn.packet), show(d, e->client->first_text.packet), show(d, e->client->last_text.packet);
    expected(d, "an ACK of the ClientHello (SNI %s)", *e->t->sni ? e->t->sni : "none");
    return came(d, "nothing; it was sent again %u times", e->client->resent_most);
}

static bool hello_alone(const struct evidence *e)
{
    return (hello_seen(e) || e->t->hello_has) && !answered(e) && !alert_of(e, WATCH_SERVER, CAUSE_ANY_ALERT) &&
           !*e->t->plain[WATCH_SERVER] && !e->server->text;
}

bool hello_reset(const struct evidence *e, struct diagnosis *d)
{
    if (!hello_alone(e) || !e->server->rst.packet || e->server->rst.packet < e->client->first_text.packet ||
        closed_first(e, FLOW_CLIENT) || e->server->fin.packet)
        return false;
    show(d, e->t->client_hello_at.packet), show(d, e->server->rst.packet);
    expected(d, "a ServerHello");
    return came(d, "RST, hop limit %u; the SNI was %s", e->server->hops_rst, *e->t->sni ? e->t->sni : "none");
}

bool hello_closed(const struct evidence *e, struct diagnosis *d)
{
    if (!hello_alone(e) || !e->server->fin.packet || !closed_first(e, FLOW_SERVER))
        return false;
    show(d, e->t->client_hello_at.packet), show(d, e->server->fin.packet);
    expected(d, "a ServerHello");
    return came(d, "FIN without a word; the SNI was %s", *e->t->sni ? e->t->sni : "none");
}

bool hello_mute(const struct evidence *e, struct diagnosis *d)
{
    struct flow_moment gone = closed_by(e, FLOW_CLIENT);
    nsec until = gone.packet ? gone.at : e->all->last_at, waited = until - e->client->first_text.at;
    if (!hello_alone(e) || closed_first(e, FLOW_SERVER) || !acked_of_client(e) ||
        waited < (gone.packet ? SECOND : PATIENCE))
        return false;
    show(d, e->t->client_hello_at.packet), show(d, e->server->last_ack.packet), show(d, gone.packet);
    expected(d, "a ServerHello");
    return came(d, "an ACK, and nothing for %u ms", (unsigned)(waited / MILLISECOND));
}

/* ---- nothing in common */
static unsigned newest(const struct evidence *e)
{
    unsigned most = 0;
    for (size_t i = 0; i < list_n(e->hello.extensions.versions); i++) {
        unsigned v = list_item(e->hello.extensions.versions, i);
        if (!tls_is_grease(v) && v > most)
            most = v;
    }
    return most ? most : e->hello.version;
}

static void versions_words(const struct evidence *e, char out[DIAGNOSIS_TEXT])
{
    const char *alone = tls_version_words(e->hello.version);
    if (e->hello.extensions.versions.n)
        list_words(out, e->hello.extensions.versions, tls_version_words);
    else if (alone)
        snprintf(out, DIAGNOSIS_TEXT, "%s", alone);
    else
        snprintf(out, DIAGNOSIS_TEXT, "0x%04x", e->hello.version);
}

/* handshake_failure and its like where a ServerHello should be: "we have nothing in common". */
static const struct watch_alert *hello_refused(const struct evidence *e)
{
    const struct watch_alert *a = fatal_alert(e, WATCH_SERVER);
    return e->has_hello && a && !answered(e) && (a->description == TLS_ALERT_HANDSHAKE_FAILURE ||
           a->description == TLS_ALERT_INSUFFICIENT_SECURITY || a->description == TLS_ALERT_INTERNAL_ERROR ||
           a->description == TLS_ALERT_ILLEGAL_PARAMETER) ? a : NULL;
}

static bool list_has_any(struct bytes list, const uint16_t *of, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list_has(list, of[i]))
            return true;
    return false;
}

/* Groups that nearly every server has. */
static bool odd_groups(const struct evidence *e)
{
    static const uint16_t usual[] = { TLS_X25519, TLS_SECP256R1 };
    return e->hello.extensions.groups.n && list_count(e->hello.extensions.groups) <= 2 &&
           !list_has_any(e->hello.extensions.groups, usual, 2);
}

static bool few_sigalgs(const struct evidence *e)
{
    static const uint16_t usual[] = { TLS_RSA_PSS_RSAE_SHA256, TLS_RSA_PKCS1_SHA256 };
    return e->hello.extensions.sigalgs.n && list_count(e->hello.extensions.sigalgs) <= 3 &&
           !(list_has_any(e->hello.extensions.sigalgs, usual, 2) &&
             list_has(e->hello.extensions.sigalgs, TLS_ECDSA_SECP256R1_SHA256));
}

/* Of the suites of TLS 1.3 (0x13xx) one alone, or of the older ones some, where there are any. */
static bool few_suites(const struct evidence *e)
{
    unsigned all = list_count(e->hello.suites), new = 0;
    for (size_t i = 0; i < list_n(e->hello.suites); i++)
        new += list_item(e->hello.suites, i) >> 8 == 0x13;
    return new == 1 || (all > new && all - new <= 4);
}

/* Most that come to a server of many offer all there is, so that nothing else is left to be refused. */
static bool rich(const struct evidence *e)
{
    return list_count(e->hello.suites) >= 9 && !odd_groups(e) && !few_sigalgs(e) && newest(e) >= TLS_1_2;
}

/* With suites that every server of TLS 1.2 has one of, and a name: what handshake_failure can mean then is that it has
 * TLS 1.3 alone (GnuTLS says so). */
static bool only_12(const struct evidence *e)
{
    static const uint16_t rsa[] = { 0xc02f, 0xc030 }, ecdsa[] = { 0xc02b, 0xc02c };    /* ECDHE with AES-GCM */
    return newest(e) == TLS_1_2 && rich(e) && list_count(e->hello.extensions.groups) > 2 && *e->t->sni &&
           list_has_any(e->hello.suites, rsa, 2) && list_has_any(e->hello.suites, ecdsa, 2);
}

/* Of TLS 1.3 alone, with suites and signatures as usual: what is left to be refused are its groups. */
static bool only_13(const struct evidence *e)
{
    return list_count(e->hello.extensions.versions) == 1 && newest(e) == TLS_1_3 &&
           list_count(e->hello.suites) >= 2 && !few_sigalgs(e);
}

bool no_common_version(const struct evidence *e, struct diagnosis *d)
{
    const struct watch_alert *a = alert_of(e, WATCH_SERVER, TLS_ALERT_PROTOCOL_VERSION),
                             *of_client = alert_of(e, WATCH_CLIENT, TLS_ALERT_PROTOCOL_VERSION);
    const struct watch_alert *refused = hello_refused(e);
    char offered[DIAGNOSIS_TEXT];
    if (!a && refused && (newest(e) < TLS_1_2 ||
                          (refused->description == TLS_ALERT_HANDSHAKE_FAILURE && only_12(e))))
        a = refused;
    if (!(a || of_client) || !e->has_hello)
        return false;
    versions_words(e, offered);
    show(d, e->t->client_hello_at.packet), show(d, e->t->server_hello_at.packet);
    show(d, a ? a->packet : of_client->packet);
    expected(d, "one of the client's versions: %s", offered);
    if (e->has_answer && tls_version_words(e->answer.version))
        return came(d, "%s chosen by the server", tls_version_words(e->answer.version));
    if (a)
        return came(d, "alert %s: the server has none of them", tls_alert_answer((int)a->description) + 6);
    return came(d, "alert protocol_version of the client");
}

bool no_common_group(const struct evidence *e, struct diagnosis *d)
{
    const struct watch_alert *a = hello_refused(e);
    char offered[DIAGNOSIS_TEXT];
    unsigned n = list_count(e->hello.extensions.groups);
    bool few = n >= 1 && n <= 2 && !few_suites(e);     /* nobody offers two of himself */
    if (!a || (!odd_groups(e) && !few && !only_13(e)))
        return false;
    list_words(offered, e->hello.extensions.groups, tls_group_words);
    show(d, e->t->client_hello_at.packet), show(d, a->packet);
    expected(d, "one of the client's groups: %s", offered);
    return came(d, "alert %s: the server has none of them", tls_alert_answer((int)a->description) + 6);
}

bool no_common_sigalg(const struct evidence *e, struct diagnosis *d)
{
    const struct watch_alert *a = hello_refused(e);
    char offered[DIAGNOSIS_TEXT];
    if (!a || !few_sigalgs(e) || few_suites(e))
        return false;
    list_words(offered, e->hello.extensions.sigalgs, tls_sigalg_words);
    show(d, e->t->client_hello_at.packet), show(d, a->packet);
    expected(d, "one of the client's signature algorithms: %s", offered);
    return came(d, "alert %s: the server's key makes none of them", tls_alert_answer((int)a->description) + 6);
}

bool no_common_suite(const struct evidence *e, struct diagnosis *d)
{
    const struct watch_alert *a = hello_refused(e);
    char offered[DIAGNOSIS_TEXT];
    if (!a || a->description == TLS_ALERT_INTERNAL_ERROR || a->description == TLS_ALERT_ILLEGAL_PARAMETER)
        return false;
    list_words(offered, e->hello.suites, tls_suite_words);
    show(d, e->t->client_hello_at.packet), show(d, a->packet);
    expected(d, "one of the client's suites: %s", offered);
    return came(d, "alert %s: the server has none of them (its list is not in the capture)",
                tls_alert_answer((int)a->description) + 6);
}

/* ---- names */
bool wrong_sni(const struct evidence *e, struct diagnosis *d)
{
    const struct watch_alert *a = fatal_alert(e, WATCH_SERVER);
    if (!a || a->description != TLS_ALERT_UNRECOGNIZED_NAME || !*e->t->sni)
        return false;
    show(d, e->t->client_hello_at.packet), show(d, a->packet);
    expected(d, "a name that the server has");
    return came(d, "server_name %.200s", e->t->sni);
}

bool missing_sni(const struct evidence *e, struct diagnosis *d)
{
    const struct watch_alert *a = fatal_alert(e, WATCH_SERVER);
    struct bytes ip = { e->server->addr.octets, e->server->addr.len };
    uint64_t shown = 0;
    enum turned turned = client_turned(e, &shown);
    if (!e->has_hello || *e->t->sni || (e->hello.extensions.seen & EXT_SERVER_NAME))
        return false;
    bool refused = a && !answered(e) && (a->description == TLS_ALERT_UNRECOGNIZED_NAME || a->description == 109 ||
                                         (a->description == TLS_ALERT_HANDSHAKE_FAILURE && rich(e)));
    bool other = turned >= LEFT_AT_ONCE && e->n_certs && !x509_cert_is_for(&e->certs[0], NULL, &ip);
    if (!refused && !other)
        return false;
    show(d, e->t->client_hello_at.packet), show(d, refused ? a->packet : e->t->certificate_at.packet);
    show(d, refused ? 0 : shown);
    expected(d, "server_name in the ClientHello");
    if (refused)
        return came(d, "none, and alert %s", tls_alert_answer((int)a->description) + 6);
    char names[X509_SAY];
    return came(d, "none, and the certificate of %s", x509_cert_names(&e->certs[0], names));
}

/* ---- ALPN */
static void protocols(const struct evidence *e, char out[DIAGNOSIS_TEXT])
{
    struct bytes list = e->hello.extensions.protocols;
    struct wire_in in = wire_over(list.at, list.n, NULL);
    size_t at = 0;
    *out = 0;
    while (e->has_hello && wire_left(&in) && at + 80 < DIAGNOSIS_TEXT / 2) {
        struct wire_in one = take_vec8(&in, "protocol_name");
        at += (size_t)snprintf(out + at, DIAGNOSIS_TEXT - at, "%s%.*s", at ? ", " : "",
                               wire_left(&one) > 60 ? 60 : (int)wire_left(&one), (const char *)one.at);
    }
}

bool alpn_refused(const struct evidence *e, struct diagnosis *d)
{
    const struct watch_alert *a = alert_of(e, WATCH_SERVER, TLS_ALERT_NO_APPLICATION_PROTOCOL);
    char offered[DIAGNOSIS_TEXT];
    if (!a)
        return false;
    protocols(e, offered);
    show(d, e->t->client_hello_at.packet), show(d, a->packet);
    expected(d, "one of the client's protocols: %s", offered);
    return came(d, "alert no_application_protocol");
}

bool alpn_none(const struct evidence *e, struct diagnosis *d)
{
    struct shape s = shape_of(e);
    char offered[DIAGNOSIS_TEXT];
    protocols(e, offered);
    if (!*offered || strcmp(offered, "h2") != 0 || is_tls13(e) || !e->has_answer || *e->t->protocol || s.client_data ||
        !s.server_finished || !closed_first(e, FLOW_CLIENT))
        return false;
    show(d, e->t->client_hello_at.packet), show(d, e->t->server_hello_at.packet), show(d, closed_by(e, 0).packet);
    expected(d, "one of the client's protocols: %s", offered);
    return came(d, "none in the ServerHello");
}

bool fallback(const struct evidence *e, struct diagnosis *d)
{
    const struct watch_alert *a = alert_of(e, WATCH_SERVER, TLS_ALERT_INAPPROPRIATE_FALLBACK);
    char offered[DIAGNOSIS_TEXT];
    if (!a || !e->has_hello)
        return false;
    versions_words(e, offered);
    show(d, e->t->client_hello_at.packet), show(d, a->packet);
    expected(d, "the newest version that both have, or no TLS_FALLBACK_SCSV");
    return came(d, "%s and TLS_FALLBACK_SCSV", offered);
}
