/* diagnose_shape.c - what records tell by their types and sizes: all that is to be seen of TLS 1.3 without keys, and
 * much of TLS 1.2. */
#include "http/diagnose_inside.h"

#include <string.h>

enum { HANDSHAKE = 22, ALERT = 21, DATA = 23, CCS = 20, END_OF_EARLY_DATA_13 = 21 };

static void first_alert(struct shape *s, const struct watch_seen *r)
{
    uint64_t *packet = r->side == WATCH_CLIENT ? &s->client_alert : &s->server_alert;
    if (!*packet)
        *packet = r->packet;
}

/* TLS_AES_128_CCM_8_SHA256 (RFC 8446 §B.4) has a tag of 8 octets; all others have one of 16. */
struct watch_seen seen_as(const struct evidence *e, const struct watch_seen *r)
{
    enum { AES_128_CCM_8 = 0x1305, SHORT_BY = 8 };
    struct watch_seen s = *r;
    if (s.sealed && e->t->suite_number == AES_128_CCM_8)
        s.n = (uint16_t)(s.n + SHORT_BY);
    return s;
}

/* Good byes stand at the end, which of a long connection only the latest records tell. */
static void late_alerts(const struct evidence *e, struct shape *s)
{
    uint64_t n = e->t->n_seen, from = n > WATCH_LATE_SEEN ? n - WATCH_LATE_SEEN : 0;
    for (uint64_t i = from > WATCH_SEEN ? from : WATCH_SEEN; i < n; i++) {
        const struct watch_seen r = seen_as(e, &e->t->late[i % WATCH_LATE_SEEN]);
        if (r.sealed && (is_tls13(e) ? r.type == DATA && r.n == SEALED_ALERT_13 : r.type == ALERT))
            first_alert(s, &r);
        else if (r.type == DATA)
            *(r.side == WATCH_CLIENT ? &s->client_alert : &s->server_alert) = 0;
    }
}

static void client_finished(struct shape *s, const struct watch_seen *r)
{
    s->client_finished = true, s->client_finished_packet = r->packet, s->client_finished_at = r->at;
}

/* Java pads what it seals by 16 octets (RFC 8446 §5.4). Data may be as long as such an alert, but not in this place. */
enum { PADDED_13 = 16 };
static bool finished_13(unsigned n)
{
    return n == FINISHED_256_13 || n == FINISHED_384_13 || n == FINISHED_384_13 + PADDED_13;
}

static bool alert_13(unsigned n) { return n == SEALED_ALERT_13 || n == SEALED_ALERT_13 + PADDED_13; }

static void take_answer(struct shape *s, const struct watch_seen *r)
{
    enum { FULL = 16384 };
    s->answered = true;
    s->answer_packet = r->packet;
    s->answer_n = r->n;
    s->answer_took = s->asked_at ? r->at - s->asked_at : 0;
    s->bulk = r->n >= FULL;
}

static void client_data(struct shape *s, const struct watch_seen *r)
{
    s->client_data++;
    s->client_alert = 0;                               /* as short as an alert, and not one: more came behind it */
    s->last_asked_at = r->at, s->last_asked = r->packet, s->h2_waits = s->h2;
    if (s->asked_at && s->alike && !s->answered)       /* it asks again: what came was an answer */
        take_answer(s, &s->first_alike);
    if (s->first_client_data)
        return;
    s->first_client_data = r->packet;
    s->asked_at = r->at;
}

/* The client's own flight in TLS 1.3: [Certificate [CertificateVerify]] Finished, each a record, or all in one. */
static void client_13(struct shape *s, const struct watch_seen *r, unsigned *flight)
{
    if (!s->client_finished && alert_13(r->n)) {
        s->client_alert_instead = !s->client_alert;
        first_alert(s, r);
    } else if (!s->client_finished && finished_13(r->n)) {
        client_finished(s, r);
    } else if (!s->client_finished && ++*flight > 3) {
        *s = (struct shape){ .client_finished = true, .server_finished = true };      /* not as anybody writes it */
    } else if (!s->client_finished) {
        s->asked = true;
        if (*flight == 1 && (r->n == EMPTY_CERTIFICATE_13 || r->n == EMPTY_CERTIFICATE_13 + PADDED_13))
            s->empty = true;
        else if (*flight == 1)
            s->offered = true;
        if (*flight == 1 && (r->n == EMPTY_CERTIFICATE_13 - 17 + FINISHED_256_13 ||
                             r->n == EMPTY_CERTIFICATE_13 - 17 + FINISHED_384_13))
            s->empty = true, s->offered = false, client_finished(s, r);
    } else if (r->n == SEALED_ALERT_13) {
        first_alert(s, r);
    } else {
        client_data(s, r);
    }
}

static void server_data(struct shape *s, const struct watch_seen *r)
{
    enum { SETTINGS_MOST = 100 };
    bool ticket = !s->answered && s->alike;
    s->server_data++;
    if (s->h2_waits && r->n >= SETTINGS_MOST && !ticket) {
        s->h2_waits = false;
        if (r->at - s->last_asked_at > s->h2_took)
            s->h2_took = r->at - s->last_asked_at, s->h2_asked = s->last_asked, s->h2_answer = r->packet;
    }
    s->server_octets += r->n;
    if (!s->first_server_data)
        s->first_server_data = r->packet;
}

/* Tickets come in front of the first answer, each as long as the other (OpenSSL sends two): of records alike none is
 * the answer, but one alone is. */
static void tickets_13(struct shape *s, const struct watch_seen *r)
{
    enum { TICKET_MOST = 1500 };
    if (!s->answered && s->alike && r->n == s->first_alike.n && r->n < TICKET_MOST)
        s->alike++;
    else if (!s->answered && s->alike)
        take_answer(s, s->alike > 1 ? r : &s->first_alike);
    else if (!s->answered)
        s->alike = 1, s->first_alike = *r;
}

static void server_13(struct shape *s, const struct watch_seen *r, unsigned *behind, unsigned flight)
{
    s->server_finished = true;
    if (r->n == SEALED_ALERT_13) {
        first_alert(s, r);
        return;
    }
    s->server_alert = 0;
    if (flight && !s->client_finished)                 /* it goes on: the client's flight lay in one record (rustls) */
        client_finished(s, r);
    *behind += s->client_finished;
    if (s->client_finished)
        tickets_13(s, r);
    if (s->first_client_data)
        server_data(s, r);
}

static void one_12(struct shape *s, const struct watch_seen *r)
{
    if (r->type == CCS)
        return;
    if (r->type == HANDSHAKE && r->sealed && r->side == WATCH_CLIENT && !s->client_finished)
        client_finished(s, r);
    else if (r->type == HANDSHAKE && r->sealed && r->side == WATCH_SERVER)
        s->server_finished = true;
    else if (r->type == ALERT && r->sealed)
        first_alert(s, r);
    if (r->type != DATA)
        return;
    if (r->side == WATCH_CLIENT) {
        client_data(s, r);
    } else if (s->first_client_data) {
        server_data(s, r);
        if (!s->answered)
            take_answer(s, r);
    }
}

static bool offers(const struct evidence *e, const char *protocol)
{
    struct wire_in in = wire_over(e->hello.extensions.protocols.at, e->hello.extensions.protocols.n, NULL);
    while (e->has_hello && wire_left(&in)) {
        struct wire_in one = take_vec8(&in, "protocol_name");
        if (wire_left(&one) == strlen(protocol) && memcmp(one.at, protocol, strlen(protocol)) == 0)
            return true;
    }
    return false;
}

struct shape shape_of(const struct evidence *e)
{
    struct shape s = { .asked = e->t->client_asked, .h2 = offers(e, "h2") };
    unsigned flight = 0, behind = 0;
    for (uint64_t i = 0; i < e->t->n_seen && i < WATCH_SEEN; i++) {
        const struct watch_seen r = seen_as(e, &e->t->seen[i]);
        if (!is_tls13(e))
            one_12(&s, &r);
        else if (r.type == DATA && r.side == WATCH_SERVER)
            server_13(&s, &r, &behind, flight);
        else if (r.type == DATA && s.server_finished && r.n != END_OF_EARLY_DATA_13)
            client_13(&s, &r, &flight);
    }
    if (!is_tls13(e)) {
        s.offered = e->t->client_sent_certificate;
        s.empty = s.asked && !s.offered;
    }
    late_alerts(e, &s);
    s.server_only_alerted = is_tls13(e) && s.client_finished && s.server_alert && !behind;
    return s;
}

bool exchanged(const struct evidence *e)
{
    struct shape s = shape_of(e);
    return s.client_data && s.server_data;
}

static bool about_certificates(unsigned description)
{
    return (description >= TLS_ALERT_BAD_CERTIFICATE && description <= TLS_ALERT_CERTIFICATE_UNKNOWN) ||
           description == TLS_ALERT_UNKNOWN_CA || description == 49 || description == TLS_ALERT_DECRYPT_ERROR ||
           description == TLS_ALERT_HANDSHAKE_FAILURE || description == TLS_ALERT_INTERNAL_ERROR ||
           description == TLS_ALERT_USER_CANCELED || description == TLS_ALERT_INSUFFICIENT_SECURITY ||
           description == TLS_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE;
}

bool offers_http(const struct evidence *e) { return offers(e, "http/1.1"); }

bool like_openssl(const struct evidence *e)
{
    return e->has_hello && list_has(e->hello.suites, TLS_RENEGOTIATION_SCSV);
}

/* Who only looks whether somebody answers says good bye, or takes its time; a program that judged the certificate
 * behind the handshake and did not like it is gone as soon as it has. */
static bool left_at_once(const struct evidence *e, const struct shape *s, struct flow_moment closed)
{
    bool abrupt = !s->client_alert || s->client_alert > closed.packet;
    return closed.at - s->client_finished_at < 2 * SECOND && (abrupt || offers_http(e));
}

enum turned client_turned(const struct evidence *e, uint64_t *packet)
{
    struct shape s = shape_of(e);
    const struct watch_alert *a = fatal_alert(e, WATCH_CLIENT);
    struct flow_moment closed = closed_by(e, FLOW_CLIENT);
    uint64_t key_exchange;
    bool lost = e->server->resent_most >= 2 && !e->server->resent_acked;            /* it never saw it all */
    bool said = e->t->records[WATCH_CLIENT].opened && e->c->text[WATCH_CLIENT] > e->c->prelude_octets[WATCH_CLIENT];
    if (!e->t->certificate_at.packet || s.client_data || said || lost || !hello_seen(e))
        return STAYED;
    if (a) {
        *packet = a->packet;
        return about_certificates(a->description) ? TURNED : STAYED;
    }
    *packet = closed.packet;
    if (spare(e, true))                                /* the same certificate was good enough beside it */
        return STAYED;
    if (!closed_first(e, FLOW_CLIENT) || closed.packet < e->t->certificate_at.packet)
        return STAYED;
    if (!s.client_finished)
        return tls_message(e, WATCH_CLIENT, TLS_CLIENT_KEY_EXCHANGE, &key_exchange) ? STAYED : TURNED;
    return left_at_once(e, &s, closed) ? LEFT_AT_ONCE : LEFT;
}
