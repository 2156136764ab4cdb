/* diagnose.c - the table is asked row by row; and what the rows ask. */
#include "http/diagnose_inside.h"
#include "tls/messages13.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct watch_facts no_tls;

static bool read_hellos(struct evidence *e)
{
    struct bytes sent = e->t->client_hello, answer = e->t->server_hello;
    if (sent.n > TLS_MESSAGE_HEADER) {
        struct wire_in in = wire_over(sent.at + TLS_MESSAGE_HEADER, sent.n - TLS_MESSAGE_HEADER, NULL);
        e->has_hello = read_client_hello(&in, &e->hello, NULL);
    }
    if (answer.n > TLS_MESSAGE_HEADER) {
        struct wire_in in = wire_over(answer.at + TLS_MESSAGE_HEADER, answer.n - TLS_MESSAGE_HEADER, NULL);
        e->has_answer = read_server_hello(&in, &e->answer, NULL);
    }
    return e->has_hello;
}

bool chain_of(const struct evidence *e, struct bytes message, struct certificate_message *chain)
{
    struct certificate13 with = { .chain.n = 0 };
    if (message.n <= TLS_MESSAGE_HEADER)
        return false;
    struct wire_in in = wire_over(message.at + TLS_MESSAGE_HEADER, message.n - TLS_MESSAGE_HEADER, NULL);
    if (!is_tls13(e))
        return read_certificate(&in, chain, NULL);
    bool read = read_certificate13(&in, &with, NULL);
    *chain = with.chain;
    return read;
}

/* Who stayed had nothing against the certificates: they are not read. */
static void read_chain(struct evidence *e)
{
    struct certificate_message chain = { .n = 0 };
    uint64_t packet;
    if (client_turned(e, &packet) == STAYED || !chain_of(e, e->t->certificate, &chain))
        return;
    for (size_t i = 0; i < chain.n; i++) {
        const struct der der = { chain.certificates[i].at, chain.certificates[i].n, 0 };
        if (!x509_read_cert(&der, NULL, &e->certs[e->n_certs], NULL))
            return;                                    /* what comes behind is not to be told apart from it */
        e->n_certs++;
    }
}

static void look(struct evidence *e, const struct conversation *c, const struct capture_facts *all)
{
    memset(e, 0, sizeof *e);
    e->c = c, e->all = all, e->f = c->flow;
    e->t = c->tls ? c->tls : &no_tls;
    e->client = &c->flow->side[FLOW_CLIENT], e->server = &c->flow->side[FLOW_SERVER];
    read_hellos(e);
    read_chain(e);
    e->judged = e->t->certificate_at.packet ? e->t->certificate_at.at : e->client->first.packet ? e->client->first.at
                                                                                                : e->server->first.at;
}

static bool of_kind(const struct cause *c, const char *kind) { return strncmp(c->id, kind, strlen(kind)) == 0; }

/* One that ended it is enough: who says that the name is wrong need not say that the connection was reset. But behind a
 * forged address it counts what became of the connection. What does not arrive is sent again: that is the same. */
static bool said_already(const struct diagnosis *said, unsigned n, const struct cause *c)
{
    for (unsigned i = 0; i < n; i++) {
        const struct cause *other = said[i].cause;
        if (other->fatal && c->fatal && (!of_kind(other, "dns.") || of_kind(c, "dns.")))
            return true;
        if (other->fatal && of_kind(c, "tcp.retransmissions") && !of_kind(other, "x509.") && !of_kind(other, "alert."))
            return true;
    }
    return false;
}

unsigned diagnose(const struct conversation *c, const struct capture_facts *all, struct diagnosis *out, unsigned most)
{
    struct evidence e;
    unsigned n = 0;
    if (!c->flow)
        return 0;
    look(&e, c, all);
    for (size_t i = 0; i < n_causes && n < most; i++) {
        struct diagnosis d = { .cause = &causes[i] };
        e.cause = &causes[i];
        if (causes[i].fires && !said_already(out, n, &causes[i]) && causes[i].fires(&e, &d))
            out[n++] = d;
    }
    return n;
}

unsigned diagnose_capture(const struct capture_facts *all, struct diagnosis *out, unsigned most)
{
    return dns_of_capture(all, out, most);
}

const struct cause *cause_named(const char *id)
{
    for (size_t i = 0; i < n_causes; i++)
        if (strcmp(causes[i].id, id) == 0)
            return &causes[i];
    return NULL;
}

/* ---- the finding */
bool show(struct diagnosis *d, uint64_t packet)
{
    for (unsigned i = 0; i < d->n; i++)
        if (d->packets[i] == packet)
            return true;
    if (packet && d->n < DIAGNOSIS_PACKETS)
        d->packets[d->n++] = packet;
    return true;
}

bool expected(struct diagnosis *d, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(d->expected, sizeof d->expected, format, args);
    va_end(args);
    return true;
}

bool came(struct diagnosis *d, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(d->came, sizeof d->came, format, args);
    va_end(args);
    return true;
}

static bool signals(unsigned number) { return number == TLS_RENEGOTIATION_SCSV || number == TLS_FALLBACK_SCSV; }

unsigned list_count(struct bytes list)
{
    unsigned n = 0;
    for (size_t i = 0; i < list_n(list); i++)
        n += !tls_is_grease(list_item(list, i)) && !signals(list_item(list, i));
    return n;
}

void list_words(char out[DIAGNOSIS_TEXT], struct bytes list, wire_words *words)
{
    enum { SPARE = 120 };                              /* for what a sentence says around the list */
    size_t at = 0;
    unsigned left = list_count(list);
    *out = 0;
    for (size_t i = 0; i < list_n(list); i++) {
        char one[64];
        unsigned number = list_item(list, i);
        const char *name = words(number);
        if (tls_is_grease(number) || signals(number))
            continue;
        if (name)
            snprintf(one, sizeof one, "%.60s", name);
        else
            snprintf(one, sizeof one, "0x%04x", number);
        if (at + strlen(one) + 2 > DIAGNOSIS_TEXT - SPARE) {
            snprintf(out + at, DIAGNOSIS_TEXT - at, " and %u more", left);
            return;
        }
        at += (size_t)snprintf(out + at, DIAGNOSIS_TEXT - at, "%s%s", at ? ", " : "", one);
        left--;
    }
}

/* ---- who did what */
const struct watch_alert *alert_of(const struct evidence *e, unsigned side, int description)
{
    for (unsigned i = 0; i < e->t->n_alerts && i < WATCH_ALERTS; i++) {
        const struct watch_alert *a = &e->t->alerts[i];
        if (a->side == side && !(a->sealed && !a->level) &&
            (description == CAUSE_ANY_ALERT || a->description == (unsigned)description))
            return a;
    }
    return NULL;
}

/* A warning behind which its sender went on with the handshake ended nothing (RFC 6066 §3: unrecognized_name). */
static bool went_on(const struct evidence *e, const struct watch_alert *a)
{
    for (unsigned i = 0; i < e->t->n_messages && i < WATCH_MESSAGES; i++)
        if (e->t->messages[i].side == a->side && e->t->messages[i].packet >= a->packet)
            return true;
    return false;
}

const struct watch_alert *fatal_alert(const struct evidence *e, unsigned side)
{
    for (unsigned i = 0; i < e->t->n_alerts && i < WATCH_ALERTS; i++) {
        const struct watch_alert *a = &e->t->alerts[i];
        /* user_canceled and no_renegotiation are warnings that end it all the same; some say warning of anything. */
        if (a->side == side && a->level && a->description != TLS_ALERT_CLOSE_NOTIFY &&
            (a->level == TLS_FATAL || (!exchanged(e) && !went_on(e, a))))
            return a;
    }
    return NULL;
}

bool hello_seen(const struct evidence *e) { return e->t->client_hello.n > 0; }
bool answered(const struct evidence *e) { return e->t->server_hello.n > 0; }
bool is_tls13(const struct evidence *e) { return e->t->version == 0x0304; }

struct flow_moment closed_by(const struct evidence *e, unsigned side)
{
    struct flow_moment fin = e->f->side[side].fin, rst = e->f->side[side].rst;
    return !fin.packet || (rst.packet && rst.packet < fin.packet) ? rst : fin;
}

/* close_notify counts: whoever is told good bye may answer with a FIN at once. */
bool closed_first(const struct evidence *e, unsigned side)
{
    struct shape s = shape_of(e);
    uint64_t alerts[2] = { s.client_alert, s.server_alert }, left[2];
    for (unsigned i = 0; i < 2; i++) {
        left[i] = closed_by(e, i).packet;
        if (alerts[i] && (!left[i] || alerts[i] < left[i]))
            left[i] = alerts[i];
    }
    return left[side] && closed_by(e, side).packet && (!left[1 - side] || left[side] < left[1 - side]);
}

nsec last_packet(const struct evidence *e)
{
    nsec a = e->client->last.packet ? e->client->last.at : 0, b = e->server->last.packet ? e->server->last.at : 0;
    return a > b ? a : b;
}

nsec quiet(const struct evidence *e)
{
    nsec last = last_packet(e);
    return e->all->last_at > last ? e->all->last_at - last : 0;
}

bool tls_message(const struct evidence *e, unsigned side, unsigned type, uint64_t *packet)
{
    for (unsigned i = 0; i < e->t->n_messages && i < WATCH_MESSAGES; i++)
        if (e->t->messages[i].side == side && e->t->messages[i].type == type && !e->t->messages[i].sealed) {
            *packet = e->t->messages[i].packet;
            return true;
        }
    return false;
}
