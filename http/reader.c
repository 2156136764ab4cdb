#include "http/reader.h"

#include <stdio.h>
#include <string.h>

static const struct ground no_memory = { "http.memory", "RFC 9110 §15.6.4" };
static const struct ground status_line = { "http.bad_status_line", "RFC 9112 §4" };
static const struct ground no_answer = { "http.no_response", "RFC 9112 §8" };
static const struct ground head_truncated = { "http.head_truncated", "RFC 9112 §8" };

void http_reader_start(struct http_reader *r, const struct voice *v, bool response)
{
    *r = (struct http_reader){ .voice = *v, .response = response, .method = "GET" };
}

void http_reader_end(struct http_reader *r)
{
    http_gather_end(&r->head);
    http_gather_end(&r->line);
}

void http_reader_next(struct http_reader *r)
{
    http_reader_end(r);
    r->at = HTTP_AT_HEAD;
    r->has_head = false;
}

bool http_reader_idle(const struct http_reader *r) { return r->at == HTTP_AT_HEAD && r->head.n == 0; }

const char *http_framing_name(enum http_framing framing)
{
    static const char *const names[] = {
        [HTTP_NO_BODY] = "none",
        [HTTP_BY_LENGTH] = "Content-Length",
        [HTTP_BY_CHUNKS] = "chunked",
        [HTTP_UNTIL_CLOSE] = "until close",
    };
    return names[framing];
}

static struct span behind(struct span where, size_t n)
{
    where.off += n;
    return where;
}

/* Declares a buffer of these octets; its number. */
static buf_no declare(const struct voice *v, struct event e, struct bytes bytes, const struct span *spans,
                      size_t n_spans)
{
    e.buf = trace_buf(v->trace, e.kind == EVENT_MESSAGE ? 'h' : 'b');
    e.layer = "http";
    e.host = v->host;
    e.conn = v->conn;
    e.bytes = bytes;
    e.spans = spans;
    e.n_spans = n_spans;
    trace_emit(v->trace, &e);
    return e.buf;
}

void http_tell_ignored(const struct voice *v, const uint8_t *bytes, size_t n, struct span where)
{
    if (!trace_hears(v->trace) || n == 0)
        return;
    where.len = (uint32_t)n;
    struct bytes all = { bytes, n };
    struct watch w = { v->trace, 0, bytes };
    w.buf = declare(v,
                    (struct event){ .kind = EVENT_BUFFER,
                                    .level = LEVEL_ALL,
                                    .name = "ignored",
                                    .rfc = "RFC 9112 §9.6",
                                    .by = __func__ },
                    all, &where, where.in != 0);
    struct wire_in in = wire_over(bytes, n, &w);
    if (trace_wants_fields(v->trace))
        take_rest(&in, "content");
}

/* "GET / HTTP/1.1", "HTTP/1.1 200 OK, 1234 octets, text/html", or the first line of what is none. */
static void head_label(const struct http_reader *r, bool good, char *out, size_t room)
{
    const struct http_head *h = &r->message;
    size_t line = 0;
    while (line < r->head.n && line + 1 < room && r->head.bytes[line] >= 0x20)
        line++;
    int n = snprintf(out, room, "%.*s", (int)line, (const char *)r->head.bytes);
    if (!good || !r->response || n < 0 || (size_t)n >= room)
        return;
    size_t at = (size_t)n;
    const struct bytes *type = http_header_of(h, "content-type");
    if (h->framing == HTTP_BY_LENGTH)
        n = snprintf(out + at, room - at, ", %llu octets", (unsigned long long)h->length);
    else if (h->framing != HTTP_NO_BODY)
        n = snprintf(out + at, room - at, h->framing == HTTP_BY_CHUNKS ? ", in chunks" : ", until close");
    else
        n = 0;
    at += (size_t)n;
    if (type && at < room)
        snprintf(out + at, room - at, ", %.*s", (int)(type->n < 64 ? type->n : 64), (const char *)type->at);
}

static bool read_head(struct http_reader *r, const struct watch *w, struct http_head *h, struct fault *why)
{
    return r->response ? http_read_response(r->head.bytes, r->head.n, r->method, w, h, why)
                       : http_read_request(r->head.bytes, r->head.n, w, h, why);
}

static void tell_head(struct http_reader *r, bool good)
{
    if (!trace_hears(r->voice.trace))
        return;
    char label[192];
    const struct span *spans;
    size_t n_spans = http_gather_spans(&r->head, &spans);
    struct bytes all = { r->head.bytes, r->head.n };
    struct watch w = { r->voice.trace, 0, r->head.bytes };
    head_label(r, good, label, sizeof label);
    w.buf = declare(&r->voice,
                    (struct event){ .kind = EVENT_MESSAGE,
                                    .level = LEVEL_PACKETS,
                                    .name = r->response ? "response" : "request",
                                    .label = label,
                                    .rfc = "RFC 9112 §2.1",
                                    .by = __func__ },
                    all, spans, n_spans);
    if (trace_wants_fields(r->voice.trace)) {
        struct http_head again;
        read_head(r, &w, &again, NULL);
    }
}

static enum http_found failed(struct http_reader *r)
{
    r->at = HTTP_AT_FAULT;
    return HTTP_FOUND_FAULT;
}

/* A peer that speaks something else is refused at its first octets, not when 32 KB of it have come. */
static bool check_begin(const struct http_reader *r, struct fault *why)
{
    static const char begin[] = "HTTP/";
    size_t n = r->head.n < 5 ? r->head.n : 5, line = 0;
    if (!r->response || memcmp(r->head.bytes, begin, n) == 0)
        return true;
    while (line < r->head.n && line < 48 && r->head.bytes[line] >= 0x20)
        line++;
    return refuse(why, &status_line, "\"HTTP/1.1 200 OK\" or the like", "\"%.*s\"", (int)line,
                  (const char *)r->head.bytes);
}

static enum http_found take_head(struct http_reader *r, const uint8_t *bytes, size_t n, struct span where,
                                 struct http_took *took, struct fault *why)
{
    size_t before = r->head.n, most = HTTP_HEAD_MAX + 1 - before;
    took->used = n < most ? n : most;
    if (!http_gather_add(&r->head, bytes, took->used, where)) {
        refuse(why, &no_memory, "room for a head", "none left");
        return failed(r);
    }
    long size = r->head.n == 0 ? 0 : check_begin(r, why) ? http_head_size(r->head.bytes, r->head.n, why) : -1;
    if (size == 0)
        return HTTP_FOUND_MORE;
    if (size > 0) {
        http_gather_cut(&r->head, (size_t)size);
        took->used = (size_t)size - before;
    }
    bool good = size > 0 && read_head(r, NULL, &r->message, why);
    tell_head(r, good);
    if (!good)
        return failed(r);
    http_body_start(&r->body, &r->message);
    r->at = HTTP_AT_BODY;
    r->has_head = true;
    return HTTP_FOUND_HEAD;
}

/* Tells of octets of a body, all taken: `before` is where the reader stood at the first of them. What it
 * refuses it names too. */
static void tell_body(const struct http_reader *r, const struct http_body *before, struct bytes all,
                      const struct span *spans, size_t n_spans)
{
    if (!trace_hears(r->voice.trace) || all.n == 0)
        return;
    struct http_body again = *before;
    struct http_piece piece;
    struct watch w = { r->voice.trace, 0, all.at };
    w.buf = declare(
        &r->voice,
        (struct event){
            .kind = EVENT_BUFFER, .level = LEVEL_ALL, .name = "body", .rfc = "RFC 9112 §6", .by = __func__ },
        all, spans, n_spans);
    if (!trace_wants_fields(r->voice.trace))
        return;
    for (size_t at = 0; at < all.n; at += piece.taken) {
        if (!http_body_read(&again, all.at + at, all.n - at, &w, &piece, NULL))
            return;
        if (piece.taken == 0) {                        /* a line whose end never came */
            struct wire_in in = wire_over(all.at + at, all.n - at, &w);
            take_rest(&in, "content");
            return;
        }
    }
}

/* What is kept aside at the end of the connection was half a head or half a line; it has not been told yet.
 */
static void tell_half(struct http_reader *r)
{
    const struct span *spans;
    size_t n_spans = http_gather_spans(&r->line, &spans);
    if (r->at == HTTP_AT_HEAD && r->head.n)
        tell_head(r, false);
    if (r->at == HTTP_AT_BODY)
        tell_body(r, &r->body, (struct bytes){ r->line.bytes, r->line.n }, spans, n_spans);
}

/* Adds to a line that an earlier piece began: up to its LF, no further. */
static enum http_found take_line(struct http_reader *r, const uint8_t *bytes, size_t n, struct span where,
                                 struct http_took *took, struct fault *why)
{
    const uint8_t *lf = n ? memchr(bytes, '\n', n) : NULL;
    size_t most = HTTP_TRAILER_MAX + 1 - r->line.n, size = lf ? (size_t)(lf - bytes) + 1 : n;
    took->used = size < most ? size : most;
    if (!http_gather_add(&r->line, bytes, took->used, where)) {
        refuse(why, &no_memory, "room for a line", "none left");
        return failed(r);
    }
    struct http_body before = r->body;
    struct http_piece piece;
    bool good = http_body_read(&r->body, r->line.bytes, r->line.n, NULL, &piece, why);
    if (good && piece.taken == 0)
        return HTTP_FOUND_MORE;
    const struct span *spans;
    size_t n_spans = http_gather_spans(&r->line, &spans);
    tell_body(r, &before, (struct bytes){ r->line.bytes, r->line.n }, spans, n_spans);
    http_gather_end(&r->line);
    return good ? HTTP_FOUND_MORE : failed(r);
}

/* Takes framing and then data, as far as they lie here; they are told as one buffer. A line cut short is kept
 * aside. */
static enum http_found take_run(struct http_reader *r, const uint8_t *bytes, size_t n, struct span where,
                                struct http_took *took, struct fault *why)
{
    struct http_body before = r->body;
    struct http_piece piece = { 0 };
    size_t used = 0;
    bool good = true;
    while (good && used < n && !r->body.done && piece.data.n == 0) {
        good = http_body_read(&r->body, bytes + used, n - used, NULL, &piece, why);
        used += piece.taken;
        if (good && piece.taken == 0)
            break;
    }
    size_t told = good ? used : n;
    where.len = (uint32_t)told;
    tell_body(r, &before, (struct bytes){ bytes, told }, &where, where.in != 0);
    took->data = piece.data;
    took->used = told;
    if (!good)
        return failed(r);
    if (piece.data.n || r->body.done)
        return piece.data.n ? HTTP_FOUND_DATA : HTTP_FOUND_MORE;
    took->used = n;
    if (http_gather_add(&r->line, bytes + used, n - used, behind(where, used)))
        return HTTP_FOUND_MORE;
    refuse(why, &no_memory, "room for a line", "none left");
    return failed(r);
}

static enum http_found take_body(struct http_reader *r, const uint8_t *bytes, size_t n, struct span where,
                                 struct http_took *took, struct fault *why)
{
    size_t used = 0;
    enum http_found found = HTTP_FOUND_MORE;
    while (found == HTTP_FOUND_MORE && !r->body.done && used < n) {
        struct http_took part = { 0 };
        found = r->line.n ? take_line(r, bytes + used, n - used, behind(where, used), &part, why)
                          : take_run(r, bytes + used, n - used, behind(where, used), &part, why);
        used += part.used;
        took->data = part.data;
    }
    took->used = used;
    if (found != HTTP_FOUND_MORE || !r->body.done)
        return found;
    r->at = HTTP_AT_END;
    return HTTP_FOUND_END;
}

enum http_found http_reader_take(struct http_reader *r, const uint8_t *bytes, size_t n, struct span where,
                                 struct http_took *took, struct fault *why)
{
    *took = (struct http_took){ 0 };
    switch (r->at) {
    case HTTP_AT_HEAD: return take_head(r, bytes, n, where, took, why);
    case HTTP_AT_BODY: return take_body(r, bytes, n, where, took, why);
    case HTTP_AT_END:  return HTTP_FOUND_END;
    default:           return HTTP_FOUND_FAULT;
    }
}

static bool ends_well(struct http_reader *r, struct fault *why)
{
    switch (r->at) {
    case HTTP_AT_HEAD:
        if (r->head.n)
            return refuse(why, &head_truncated, "an empty line at the end of the head",
                          "the end after %zu octets", r->head.n);
        return !r->response || refuse(why, &no_answer, "a response", "the end of the connection");
    case HTTP_AT_BODY:
        return http_body_ended(&r->body, why);
    default:
        return r->at == HTTP_AT_END;
    }
}

bool http_reader_ended(struct http_reader *r, struct fault *why)
{
    tell_half(r);
    bool good = ends_well(r, why);
    if (!good)
        r->at = HTTP_AT_FAULT;
    else if (r->at == HTTP_AT_BODY)
        r->at = HTTP_AT_END;
    return good;
}

void http_reader_tell(struct http_reader *r, const uint8_t *bytes, size_t n, struct span where)
{
    size_t at = 0;
    for (;;) {
        struct http_took took;
        enum http_found found = http_reader_take(r, bytes + at, n - at, behind(where, at), &took, NULL);
        at += took.used;
        if (found == HTTP_FOUND_END)
            http_reader_next(r);
        if (found == HTTP_FOUND_FAULT || (found == HTTP_FOUND_MORE && at == n))
            return;
    }
}
