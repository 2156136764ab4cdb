/* tell_session.c - what the trace hears of sessions: decided, kept, sealed into tickets and opened again. */
#include "tls/handlers.h"

#include <stdio.h>

enum { LABEL = 400 };

static const char *suite_of(const struct tls_session *s)
{
    return tls_suite_words(s->suite) ? tls_suite_words(s->suite) : "an unknown suite";
}

void tell_resumption(const struct tls *t, const struct resume_row *row, const char *by)
{
    char label[LABEL];
    const struct voice *v = &t->config.voice;
    if (!trace_hears(v->trace))
        return;
    snprintf(label, sizeof label, "resumption: %s (row %s)", resume_verdict_words(row->verdict), row->name);
    const struct attr attrs[] = { attr_text("subject", row->name), attr_text("expected", row->expected),
                                  attr_text("found", row->found),
                                  attr_text("verdict", resume_verdict_words(row->verdict)) };
    trace_emit(v->trace, &(struct event){
        .kind = EVENT_CHECK, .level = LEVEL_PACKETS, .layer = "tls", .name = "resumption", .label = label,
        .rfc = row->rfc, .by = by, .host = v->host, .conn = v->conn, .attrs = attrs,
        .n_attrs = sizeof attrs / sizeof *attrs });
}

/* The ticket as it travels: whoever has the server's keys knows where its parts lie (ticket.h); others see octets. */
static void tell_envelope(const struct tls *t, bool ours, struct bytes ticket, struct span sealed)
{
    const struct voice *v = &t->config.voice;
    const struct span whole = { sealed.in, (uint32_t)ticket.n, sealed.off - TLS_TICKET_FRONT };
    const struct attr way = attr_text("way", ours ? "written" : "read");
    buf_no buf = tell_number(t, 'b');
    if (ticket.n < TLS_TICKET_FRONT + AEAD_TAG)
        return;
    trace_emit(v->trace, &(struct event){
        .kind = EVENT_BUFFER, .level = LEVEL_ALL, .layer = "tls", .name = "sealed_ticket", .rfc = "RFC 5077 §4",
        .by = __func__, .host = v->host, .conn = v->conn, .attrs = &way, .n_attrs = 1, .buf = buf, .bytes = ticket,
        .spans = &whole, .n_spans = sealed.in ? 1 : 0 });
    if (!trace_wants_fields(v->trace))
        return;
    const struct watch w = { v->trace, buf, ticket.at };
    struct wire_in in = wire_over(ticket.at, ticket.n, &w);
    take_ref(&in, "key_name", TLS_TICKET_NAME);
    take_ref(&in, "iv", AEAD_NONCE);
    take_ref(&in, "encrypted_state", wire_left(&in) - AEAD_TAG);
    take_rest(&in, "mac");
}

/* The ticket's plain form lies on the sealed one, octet by octet (GCM has the same length). It holds a master secret:
 * where that is nobody's business, the fields are told as attributes alone. */
void tell_ticket(const struct tls *t, bool ours, const struct tls_session *s, const struct tls_ticket_state *state,
                 struct bytes ticket, struct span sealed)
{
    const struct voice *v = &t->config.voice;
    char label[LABEL];
    if (!trace_hears(v->trace))
        return;
    const struct attr attrs[] = {
        attr_text("way", ours ? "written" : "read"), attr_text("suite", suite_of(s)),
        attr_text("server_name", s->host),
        attr_text("extended_master_secret", s->extended_master_secret ? "yes" : "no"),
        attr_text("client_certificate", s->peer_known ? "yes" : "no"),
        attr_number("made", (uint64_t)(s->made / SECOND)),
        attr_secret("secret", s->master_secret, TLS_MASTER_SECRET) };
    bool open = t->config.tickets->told_open;
    if (open)
        tell_envelope(t, ours, ticket, sealed);
    snprintf(label, sizeof label, "ticket %s: %s for %s", ours ? "sealed" : "opened",
             suite_of(s), *s->host ? s->host : "no name");
    buf_no buf = open ? tell_number(t, 'o') : 0;
    trace_emit(v->trace, &(struct event){
        .kind = open ? EVENT_BUFFER : EVENT_MARK, .level = LEVEL_PACKETS, .layer = "tls", .name = "ticket",
        .label = label, .rfc = "RFC 5077 §4", .by = __func__, .host = v->host, .conn = v->conn, .attrs = attrs,
        .n_attrs = sizeof attrs / sizeof *attrs, .buf = buf,
        .bytes = { open ? state->octets : NULL, open ? state->n : 0 }, .spans = &sealed,
        .n_spans = open && sealed.in });
    if (open && trace_wants_fields(v->trace)) {
        const struct watch w = { v->trace, buf, state->octets };
        struct wire_in in = wire_over(state->octets, state->n, &w);
        struct tls_session again;
        tls_ticket_read(&in, &again);
        tls_session_wipe(&again);
    }
}

void tell_session_kept(const struct tls *t, const struct tls_session *s, const char *where)
{
    const struct voice *v = &t->config.voice;
    if (!trace_hears(v->trace))
        return;
    const struct attr attrs[] = { attr_text("where", where), attr_text("suite", suite_of(s)),
                                  attr_text("server_name", s->host), attr_hex("session_id", s->id, s->id_n),
                                  attr_secret("secret", s->master_secret, TLS_MASTER_SECRET) };
    trace_emit(v->trace, &(struct event){
        .kind = EVENT_MARK, .level = LEVEL_PACKETS, .layer = "tls", .name = "session_kept",
        .label = "the session is kept", .rfc = "RFC 5246 Appendix F.1.4", .by = __func__, .host = v->host,
        .conn = v->conn, .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs });
}
