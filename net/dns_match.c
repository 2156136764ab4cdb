/* dns_match.c - which message is the answer to a query (RFC 5452 §9.1). */
#include "net/dns_query.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Drops what came, and says why; the query goes on. */
__attribute__((format(printf, 5, 6)))
static bool drop(struct dns_query *q, const struct dns_config *c, const char *subject, const char *expected,
                 const char *found_form, ...)
{
    char text[64], label[112];
    va_list args;
    va_start(args, found_form);
    vsnprintf(text, sizeof text, found_form, args);
    va_end(args);
    snprintf(q->dropped, sizeof q->dropped, "%s: %s", subject, text);
    if (!trace_hears(c->voice.trace))
        return false;
    const struct attr attrs[] = { attr_text("subject", subject), attr_text("expected", expected),
                                  attr_text("found", text), attr_text("verdict", "dropped") };
    snprintf(label, sizeof label, "dropped, %s", q->dropped);
    trace_emit(c->voice.trace, &(struct event){
        .kind = EVENT_CHECK, .level = LEVEL_PACKETS, .layer = "dns", .name = "dropped", .label = label,
        .rfc = "RFC 5452 §9.1", .by = __func__, .host = c->voice.host, .conn = c->voice.conn,
        .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs });
    return false;
}

bool dns_match_drop(struct dns_query *q, const struct dns_config *c, const struct fault *broken)
{
    return drop(q, c, broken->ground->id, broken->expected, "%s", broken->came);
}

/* RFC 5452 §9.1: an answer is one from the address and port that were asked, to the address and port that
 * asked. */
bool dns_match_source(struct dns_query *q, const struct dns_config *c, const struct datagram *d)
{
    char want[ADDR_TEXT], have[ADDR_TEXT];
    const struct addr *server = &c->server[q->asked];
    return (addr_same(&d->from, server)
            || drop(q, c, "source address", addr_text(server, want), "%s", addr_text(&d->from, have)))
        && (d->from_port == DNS_PORT || drop(q, c, "source port", "53", "%u", d->from_port));
}

/* The letters of the question, each of either case by chance, come back as they were sent: a bit more for each.
 * Where only they are wrong, the server may be one that rewrites them: it is asked over TCP next. */
static bool same_letters(struct dns_query *q, const struct dns_config *c, const struct dns_message *m)
{
    if (strcmp(m->spelled, q->spelled) == 0)
        return true;
    if (!q->carrier)
        q->tcp |= (uint8_t)(1u << q->asked);
    return drop(q, c, "letters of the question", q->spelled, "%s", m->spelled);
}

static bool same_question(struct dns_query *q, const struct dns_config *c, const struct dns_message *m)
{
    return (strcmp(m->question, q->name) == 0 || drop(q, c, "question", q->name, "%s", m->question))
           && ((m->question_type == q->type && m->question_class == DNS_CLASS_IN)
               || drop(q, c, "question", q->type == DNS_TYPE_A ? "type A, class IN" : "type AAAA, class IN",
                       "type %u, class %u", m->question_type, m->question_class))
           && same_letters(q, c, m);
}

/* A server that says no more than that it will not help: the id and the port must do. It can only send us
 * elsewhere. */
static bool is_bare_error(const struct dns_message *m) { return m->no_question; }

/* ... with the id and the question of the query. */
bool dns_match(struct dns_query *q, const struct dns_config *c, const struct dns_message *m)
{
    return (m->response || drop(q, c, "QR", "a response", "a query"))
           && (m->id == q->id || drop(q, c, "id", "the id of the query", "%u", m->id))
           && (m->opcode == 0 || drop(q, c, "opcode", "0", "%u", m->opcode))
           && (is_bare_error(m) || same_question(q, c, m));
}
