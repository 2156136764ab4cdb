/* spoil.c - where the engine lets itself be spoiled: more or fewer messages and records than there should be. */
#include "tls/engine.h"

#include <string.h>

/* A message that a break made up, behind what is queued. */
static bool queue_foreign(struct tls *t, struct bytes message, struct fault *why)
{
    struct wire_out out;
    if (!flight_room(t, message.n, &out, why))
        return false;
    put_bytes(&out, "message", message.at, message.n);
    flight_queue(t, message.n);
    return true;
}

bool spoil_message(struct tls *t, size_t n, struct fault *why)
{
    const struct tls_spoil *s = t->config.spoil;
    struct flight *f = &t->flight;
    struct bytes more;
    if (!s->message || s->message(s->self, f->bytes + f->n, &n, f->room - f->n))
        flight_queue(t, n);
    while (s->behind && s->behind(s->self, &more))
        if (!queue_foreign(t, more, why))
            return false;
    return true;
}

/* What such a record holds lies in no flight, and no program wrote it: it gets its names here. */
static void tell_content(struct tls *t, const struct tls_extra *x, buf_no buf)
{
    const uint32_t front = t->writing.suite ? 0 : RECORD_HEADER;
    const struct span here = { buf, (uint32_t)x->n, front };
    if (x->type == TLS_CONTENT_HANDSHAKE && x->n >= TLS_MESSAGE_HEADER)
        tell_message(t, true, (struct bytes){ x->content, x->n }, &here, 1);
    else if (x->type == TLS_CONTENT_APPLICATION && x->n && trace_wants_fields(t->config.voice.trace))
        trace_field(t->config.voice.trace, &(struct field){
            .buf = buf, .off = front, .len = (uint32_t)x->n, .name = "filler", .type = FIELD_BYTES,
            .bytes = { x->content, x->n } });
}

/* What goes before a record is not spoiled itself. */
void spoil_before(struct tls *t, enum tls_content type)
{
    const struct tls_spoil *s = t->config.spoil;
    static const struct tls_spoil honest = { .self = NULL };
    struct tls_extra x;
    while (s->before(s->self, type, t->writing.suite != NULL, &x)) {
        buf_no buf = tell_number(t, t->writing.suite ? 'o' : 'r');
        if (ring_room(t->out) < RECORD_HEADER + x.n + sealing_more(&t->writing, x.n))
            continue;
        tell_content(t, &x, buf);
        t->config.spoil = &honest;
        send_record(t, x.type, x.content, x.n, buf);
        t->config.spoil = s;
    }
}

void spoil_again(struct tls *t, const struct record *sent)
{
    struct room room = ring_reserve(t->out, sent->n);
    struct record copy = *sent;
    if (room.n < sent->n)
        return;
    const struct bytes before = ring_peek(t->out);
    memcpy(room.at, before.at + before.n - sent->n, sent->n);
    copy.at = room.at;
    tell_record(t, true, &copy, tell_number(t, 'r'), &t->writing, t->write_at);
    ring_commit(t->out, sent->n);
    t->write_at += sent->n;
}
