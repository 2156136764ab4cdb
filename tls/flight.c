/* flight.c - what goes out: messages queued as a flight, records sealed into the ring. */
#include "tls/engine.h"

#include <stdlib.h>
#include <string.h>

static const struct ground no_memory = { "tls.no_memory", "RFC 5246 §7.2.2" };
static const struct ground no_room = { "tls.message_too_large", "RFC 5246 §7.4" };

enum { PLAIN_PIECES = FLIGHT_RECORDS - 1, FLIGHT_MAX = 11 * RECORD_CONTENT_MAX };

void limit_records(struct tls *t, size_t send, size_t receive, bool plain)
{
    const size_t own = t->config.send_limit && t->config.send_limit < RECORD_CONTENT_MAX ? t->config.send_limit
                                                                                         : RECORD_CONTENT_MAX;
    t->send_most = send < own ? send : own;
    t->receive_most = receive;
    t->limits_plain = plain;
}

static size_t plain_most(const struct tls *t)
{
    return t->limits_plain || t->config.send_limit ? t->send_most : RECORD_CONTENT_MAX;
}

/* How many octets of a flight go out one by one: none, but for a break (tls/spoil.h). */
static size_t crumbs_of(const struct tls *t)
{
    return t->config.spoil && !t->heard ? t->config.spoil->crumbs : 0;
}

static size_t flight_most(const struct tls *t)
{
    const size_t pieces = PLAIN_PIECES - crumbs_of(t);
    return plain_most(t) * pieces < FLIGHT_MAX ? plain_most(t) * pieces : FLIGHT_MAX;
}

/* The record in the clear in which the octet at `off` will lie: where it starts in the flight, where it is full, and
 * which of them it is. */
struct piece { size_t start, end, place; };
static struct piece plain_piece(const struct tls *t, size_t off)
{
    const size_t crumbs = crumbs_of(t), most = plain_most(t);
    if (off < crumbs)
        return (struct piece){ off, off + 1, off };
    const size_t place = (off - crumbs) / most, start = crumbs + place * most;
    return (struct piece){ start, start + most, crumbs + place };
}

bool flight_room(struct tls *t, size_t n, struct wire_out *out, struct fault *why)
{
    struct flight *f = &t->flight;
    if (f->n + n > flight_most(t))
        return refuse(why, &no_room, "messages of at most 180224 octets, or 31 records", "%zu octets and more",
                      f->n + n);
    if (f->room - f->n < n) {
        uint8_t *more = realloc(f->bytes, f->n + n);
        if (!more)
            return refuse(why, &no_memory, "memory for our messages", "there is none");
        f->bytes = more;
        f->room = f->n + n;
    }
    *out = wire_into(f->bytes + f->n, n);
    return true;
}

/* The number of the record that the octet at `off` will lie in: of its opened form when it will be sealed. */
static buf_no piece_of(struct tls *t, size_t off)
{
    struct flight *f = &t->flight;
    bool sealed = off >= f->ccs_at;
    buf_no *piece = &f->pieces[sealed ? PLAIN_PIECES : plain_piece(t, off).place];
    if (!*piece)
        *piece = tell_number(t, sealed ? 'o' : 'r');
    return *piece;
}

static buf_no tell_queued(struct tls *t, size_t at, size_t n)
{
    struct span spans[FLIGHT_RECORDS];
    size_t n_spans = 0;
    if (!trace_hears(t->config.voice.trace))
        return 0;
    for (size_t end = at + n, off = at; off < end; n_spans++) {
        bool sealed = off >= t->flight.ccs_at;
        const struct piece p = sealed ? (struct piece){ t->flight.ccs_at, t->flight.ccs_at + t->send_most, 0 }
                                      : plain_piece(t, off);
        size_t stop = p.end < end ? p.end : end;
        size_t front = sealed ? 0 : RECORD_HEADER;
        spans[n_spans] = (struct span){ piece_of(t, off), (uint32_t)(stop - off), front + off - p.start };
        off = stop;
    }
    return tell_message(t, true, (struct bytes){ t->flight.bytes + at, n }, spans, n_spans);
}

void flight_queue(struct tls *t, size_t n)
{
    size_t at = t->flight.n;
    t->flight.n += n;
    buf_no message = tell_queued(t, at, n);
    add_to_transcript(t, (struct bytes){ t->flight.bytes + at, n }, message);
}

bool flight_add(struct tls *t, const struct wire_out *out, struct fault *why)
{
    if (out->failed)
        return refuse(why, &no_room, "a message that fits", "its %s does not", out->failed);
    if (t->config.spoil)
        return spoil_message(t, wire_written(out), why);
    flight_queue(t, wire_written(out));
    return true;
}

void flight_change_cipher_spec(struct tls *t) { t->flight.ccs_at = t->flight.n; }

void flight_end(struct tls *t)
{
    free(t->flight.bytes);
    t->flight = (struct flight){ .ccs_at = NO_CCS };
}

/* From this record on our direction is sealed (RFC 5246 §7.1). */
static bool send_change_cipher_spec(struct tls *t)
{
    static const uint8_t change_cipher_spec[] = { 1 };
    if (!send_record(t, TLS_CONTENT_CHANGE_CIPHER_SPEC, change_cipher_spec, 1, 0))
        return false;
    sealing_start(&t->writing, t->facts.suite, t->shake->key_block, t->config.server,
                  t->facts.encrypt_then_mac, t->config.cpu);
    return t->flight.ccs_sent = true;
}

bool flight_send(struct tls *t)
{
    struct flight *f = &t->flight;
    while (f->bytes && f->sent < f->n) {
        if (f->sent == f->ccs_at && !f->ccs_sent && !send_change_cipher_spec(t))
            return false;
        size_t end = f->sent < f->ccs_at && f->ccs_at < f->n ? f->ccs_at : f->n, n = end - f->sent;
        size_t most = f->ccs_sent ? t->send_most : plain_piece(t, f->sent).end - f->sent;
        n = n < most ? n : most;
        if (!send_record(t, TLS_CONTENT_HANDSHAKE, f->bytes + f->sent, n, piece_of(t, f->sent)))
            return false;
        f->sent += n;
    }
    flight_end(t);
    return true;
}

size_t record_overhead(const struct tls *t)
{
    return RECORD_HEADER + (t->writing.suite ? RECORD_MORE_MAX : 0);
}

/* Dressed, looked at and sealed; *gone: not to be sent. The trace hears the opened form before it is sealed. */
static bool seal_seen(struct tls *t, struct record *r, buf_no buf, buf_no record, bool *gone)
{
    const struct tls_spoil *spoil = t->config.spoil;
    if (!record_dress(&t->writing, t->config.chance, r))
        return false;
    *gone = spoil && spoil->dressed && !spoil->dressed(spoil->self, r);
    if (*gone)
        return true;
    if (t->writing.suite)
        tell_opened(t, true, r, buf ? buf : tell_number(t, 'o'), record, &t->writing);
    record_seal(&t->writing, r);
    return true;
}

/* The content is copied to where it will be sealed; the trace hears of it on either side of that. */
bool send_record(struct tls *t, enum tls_content type, const void *content, size_t n, buf_no buf)
{
    const struct tls_spoil *spoil = t->config.spoil;
    if (spoil && spoil->before)
        spoil_before(t, type);
    size_t front = RECORD_HEADER + sealing_front(&t->writing),
        whole = RECORD_HEADER + n + sealing_more(&t->writing, n);
    struct room room = t->out ? ring_reserve(t->out, whole) : (struct room){ NULL, 0 };
    struct record r = { .type = type, .at = room.at, .content_n = n };
    buf_no record = buf && !t->writing.suite ? buf : tell_number(t, 'r');
    bool seen = spoil || trace_hears(t->config.voice.trace), gone = false;
    if (room.n < whole)
        return false;
    if (content != room.at + front)                    /* tls_reserve: it lies there already */
        memcpy(room.at + front, content, n);
    if (!(seen ? seal_seen(t, &r, buf, record, &gone) : record_wrap(&t->writing, t->config.chance, &r)))
        return false;
    unsigned times = gone ? 0 : spoil && spoil->sealed ? spoil->sealed(spoil->self, &r) : 1;
    if (times == 0)
        return true;
    tell_record(t, true, &r, record, &t->writing, t->write_at);
    ring_commit(t->out, r.n);
    t->write_at += r.n;
    for (; times > 1; times--)
        spoil_again(t, &r);
    return true;
}

bool send_alert(struct tls *t, enum tls_alert_level level, enum tls_alert alert)
{
    const uint8_t content[2] = { (uint8_t)level, (uint8_t)alert };
    return send_record(t, TLS_CONTENT_ALERT, content, sizeof content, 0);
}
