#include "http/server.h"
#include "http/answer.h"
#include "http/path.h"
#include "http/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ground body_too_long = { "http.body_too_long", "RFC 9110 §15.5.14" };
static const struct ground expectation = { "http.expectation", "RFC 9110 §15.5.18" };
static const struct ground page_short = { "http.page_short", "RFC 9110 §8.6" };

enum { BODY_MAX = 8 << 20, OUT_MAX = 4096, PAGE_MAX = 2048 };

/* READING: a request, its head or its body. ANSWERING: `out` first, then the page. ENDED: nothing more will
 * be said. */
enum state { READING, ANSWERING, ENDED };

struct http_server {
    struct pages *pages;
    struct voice voice;
    enum state state;
    /* told: our own octets, read for the trace; NULL where nobody watches */
    struct http_reader in, *told;
    uint64_t swallowed;                                /* octets of this request's body */
    bool head_only, old, close;                        /* of the request: HEAD; HTTP/1.0; no other after it */
    unsigned status;
    struct page page; bool page_open, by_chunks; uint64_t sent;
    /* octets given that we have not been told the way of */
    size_t owed;
    /* out[at..cut) heads, out[cut..n) the page where it is a small one of our own */
    size_t out_at, out_cut, out_n;
    uint8_t out[OUT_MAX];
};

struct http_server *http_server_new(struct pages *pages, const struct voice *v)
{
    struct http_server *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->pages = pages;
    s->voice = *v;
    http_reader_start(&s->in, v, false);
    if (trace_hears(v->trace) && (s->told = calloc(1, sizeof *s->told)))
        http_reader_start(s->told, v, true);
    return s;
}

static void close_page(struct http_server *s)
{
    if (s->page_open && s->pages->done)
        s->pages->done(s->pages, &s->page);
    s->page_open = false;
}

void http_server_free(struct http_server *s)
{
    if (!s)
        return;
    close_page(s);
    http_reader_end(&s->in);
    if (s->told)
        http_reader_end(s->told);
    free(s->told);
    free(s);
}

static bool is_method(const struct http_head *h, const char *name)
{
    /* methods are case-sensitive */
    return h->method.n == strlen(name) && memcmp(h->method.at, name, h->method.n) == 0;
}

/* What was due and has not begun to go out is dropped (a 100 Continue that came too late); what has begun
 * stays in front. */
static struct wire_out begin_out(struct http_server *s)
{
    size_t left = s->out_at ? s->out_n - s->out_at : 0;
    memmove(s->out, s->out + s->out_at, left);
    s->out_at = 0;
    struct wire_out out = wire_into(s->out, sizeof s->out);
    out.at += left;
    return out;
}

static void tell_answered(const struct http_server *s, const struct http_answer *a)
{
    const struct attr attrs[] = {
        attr_number("status", a->status), attr_text("reason", http_reason(a->status)),
        attr_text("type", a->type ? a->type : ""), attr_text("framing", http_framing_name(a->framing)),
        attr_number("octets", a->length),
    };
    if (trace_hears(s->voice.trace))
        trace_emit(s->voice.trace, &(struct event){
            .kind = EVENT_HTTP, .level = LEVEL_PACKETS, .layer = "http", .name = "answered",
            .rfc = "RFC 9110 §15", .by = __func__,
            .host = s->voice.host, .conn = s->voice.conn, .attrs = attrs,
            .n_attrs = sizeof attrs / sizeof *attrs });
}

static void answer_small(struct http_server *, unsigned status, const struct fault *why, const char *location,
                         nsec now);

/* Writes the head of the response, and behind it the page where it is a small one of our own. */
static void write_answer(struct http_server *s, struct http_answer a, const char *page, size_t n)
{
    a.close = s->close;
    a.old = s->old;
    struct wire_out out = begin_out(s);
    http_put_answer(&out, &a);
    /* the pages gave a location or a type that can stand in no header */
    if (out.failed && a.status != 500) {
        s->close = true;
        answer_small(s, 500, NULL, NULL, a.now);
        return;
    }
    s->out_cut = wire_written(&out);
    if (!s->head_only)
        put_bytes(&out, "page", page, n);
    s->out_n = wire_written(&out);
    s->state = ANSWERING;
    if (s->told)
        s->told->method = s->head_only ? "HEAD" : "GET";
    tell_answered(s, &a);
}

static void answer_small(struct http_server *s, unsigned status, const struct fault *why,
                         const char *location, nsec now)
{
    char page[PAGE_MAX];
    close_page(s);
    size_t n = http_error_page(status, why, location, page, sizeof page);
    struct http_answer a = { .status = status,
                             .type = "text/html; charset=utf-8",
                             .framing = HTTP_BY_LENGTH,
                             .length = n,
                             .location = location,
                             .allow = status == 405,
                             .now = now };
    write_answer(s, a, page, n);
}

/* A page that the pages have: its head now, its octets as they are asked for. HTTP/1.0 knows no chunks: there
 * the end of the connection ends it. */
static void answer_page(struct http_server *s, nsec now)
{
    struct http_answer a = {
        .status = 200, .type = s->page.type, .framing = HTTP_BY_LENGTH, .length = s->page.size, .now = now
    };
    s->by_chunks = s->page.chunked && !s->old;
    if (s->page.chunked) {
        a.framing = s->old ? HTTP_UNTIL_CLOSE : HTTP_BY_CHUNKS;
        s->close |= s->old;
    }
    s->page_open = true;
    s->sent = 0;
    write_answer(s, a, "", 0);
    if (s->head_only || (!s->page.chunked && s->page.size == 0))
        close_page(s);
}

/* The request is bad: the status that fits, and then no more. */
static void answer_fault(struct http_server *s, struct fault *why, nsec now)
{
    s->close = true;
    s->status = http_refused_status(why->ground);
    why->answer = http_refused_answer(s->status);
    trace_fault(&s->voice, "http", __func__, why);
    answer_small(s, s->status, why, NULL, now);
}

static void answer(struct http_server *s, nsec now)
{
    if (s->status == 204)
        write_answer(
            s, (struct http_answer){ .status = 204, .allow = true, .framing = HTTP_NO_BODY, .now = now }, "",
            0);
    else if (s->status == 200)
        answer_page(s, now);
    else
        answer_small(s, s->status, NULL, s->status == 405 ? NULL : s->page.location, now);
}

/* RFC 9110 §10.1.1: the client waits with its body until it hears 100, or a final status; after that one it
 * is open whether the body comes. */
static void answer_expectation(struct http_server *s, nsec now)
{
    if (s->status != 200) {
        s->close = true;
        answer(s, now);
        return;
    }
    struct wire_out out = begin_out(s);
    http_put_status(&out, 100);
    http_put_end(&out);
    s->out_cut = s->out_n = wire_written(&out);
}

/* A whole head has come: what will be answered is clear, though the body must be read first. */
static bool judge_request(struct http_server *s, nsec now, struct fault *why)
{
    const struct http_head *h = &s->in.message;
    const struct bytes *expect = http_header_of(h, "expect");
    char path[HTTP_LINE_MAX + 2];
    s->head_only = is_method(h, "HEAD");
    s->old = h->minor == 0;
    s->close |= !h->keep_alive;
    s->swallowed = 0;
    s->status = is_method(h, "GET") || s->head_only ? 200 : is_method(h, "OPTIONS") ? 204 : 405;
    if (h->framing == HTTP_BY_LENGTH && h->length > BODY_MAX)
        return refuse(why, &body_too_long, "a body of at most 8388608 octets", "%llu",
                      (unsigned long long)h->length);
    if (expect && !http_is(expect, "100-continue"))
        return refuse(why, &expectation, "Expect: 100-continue", "\"%.*s\"",
                      (int)(expect->n < 48 ? expect->n : 48), (const char *)expect->at);
    if (s->status == 200) {
        if (!http_path(h->target, path, sizeof path, why))
            return false;
        s->page = (struct page){ 0 };
        s->pages->find(s->pages, path, &s->page);
        s->status = s->page.status;
        s->page_open = s->status == 200;
    }
    if (expect && !s->old && !s->in.body.done)
        answer_expectation(s, now);
    return true;
}

size_t http_server_take(struct http_server *s, const uint8_t *bytes, size_t n, struct span where, nsec now)
{
    size_t used = 0;
    while (s->state == READING && s->owed == 0) {
        struct fault why = { 0 };
        struct http_took took;
        enum http_found found = http_reader_take(&s->in, bytes + used, n - used, where, &took, &why);
        used += took.used;
        where.off += took.used;
        bool good = found != HTTP_FOUND_FAULT;
        if (found == HTTP_FOUND_HEAD)
            good = judge_request(s, now, &why);
        else
            s->swallowed += s->in.at == HTTP_AT_HEAD ? 0 : took.used;
        if (good && (s->in.body.got > BODY_MAX || s->swallowed > 2 * BODY_MAX))
            good = refuse(&why, &body_too_long, "a body of at most 8388608 octets", "more");
        if (!good)
            answer_fault(s, &why, now);
        else if (found == HTTP_FOUND_END)
            answer(s, now);
        else if (found == HTTP_FOUND_MORE)
            break;
    }
    if (s->state == ENDED || (s->state == ANSWERING && s->close)) {
        http_tell_ignored(&s->voice, bytes + used, n - used, where);
        used = n;
    }
    return used;
}

/* The response is written out. */
static void finish(struct http_server *s)
{
    close_page(s);
    if (!s->close)
        http_reader_next(&s->in);
    s->head_only = s->old = false;
    s->out_at = s->out_cut = s->out_n = 0;
    s->state = s->close ? ENDED : READING;
}

static void tell_short(struct http_server *s)
{
    struct fault why = { 0 };
    refuse(&why, &page_short, "as many octets as the page has", "%llu of %llu", (unsigned long long)s->sent,
           (unsigned long long)s->page.size);
    why.answer = "close";
    trace_fault(&s->voice, "http", __func__, &why);
    s->close = true;                                   /* the client sees that octets are missing */
}

static size_t give_plain(struct http_server *s, uint8_t *out, size_t n)
{
    uint64_t left = s->page.chunked ? n : s->page.size - s->sent;
    size_t got = left ? s->pages->read(s->pages, &s->page, s->sent, out, left < n ? (size_t)left : n) : 0;
    s->sent += got;
    if (!s->page.chunked && got == 0 && left)
        tell_short(s);
    if (got == 0 || (!s->page.chunked && s->sent == s->page.size))
        finish(s);
    return got;
}

/* One chunk: its size, its data, CR LF; or the last one. The data is read behind room for the longest size.
 */
static size_t give_chunk(struct http_server *s, uint8_t *out, size_t n)
{
    char size[20];
    size_t line = (size_t)snprintf(size, sizeof size, "%zx\r\n", n);
    size_t got = s->pages->read(s->pages, &s->page, s->sent, out + line, n - line - 2);
    if (got == 0) {
        memcpy(out, "0\r\n\r\n", 5);
        finish(s);
        return 5;
    }
    size_t now = (size_t)snprintf(size, sizeof size, "%zx\r\n", got);
    memmove(out + now, out + line, got);
    memcpy(out, size, now);
    memcpy(out + now + got, "\r\n", 2);
    s->sent += got;
    return now + got + 2;
}

static size_t give_out(struct http_server *s, uint8_t *out, size_t n)
{
    size_t end = s->out_at < s->out_cut ? s->out_cut : s->out_n;
    n = n < end - s->out_at ? n : end - s->out_at;
    memcpy(out, s->out + s->out_at, n);
    s->out_at += n;
    if (s->out_at == s->out_n && s->state == ANSWERING && !s->page_open)
        finish(s);
    return n;
}

/* Is what is left of the page of known size, and no more than so much? A large one's head goes ahead. */
static bool fits(const struct http_server *s, size_t room)
{
    return !s->page.chunked && s->page.size - s->sent <= room;
}

size_t http_server_give(struct http_server *s, uint8_t *out, size_t n, nsec now)
{
    /* a response's date is that of its head, written when the request had come */
    (void)now;
    size_t given = 0;
    if (n < HTTP_GIVE_LEAST || s->owed)
        return 0;
    while (s->out_at < s->out_n && given < n)
        given += give_out(s, out + given, n - given);
    if (s->state == ANSWERING && s->out_at == s->out_n && (given == 0 || fits(s, n - given)))
        given += s->by_chunks ? give_chunk(s, out + given, n - given) : give_plain(s, out + given, n - given);
    s->owed = given;
    return given;
}

void http_server_gave(struct http_server *s, const uint8_t *piece, size_t n, struct span where)
{
    s->owed -= n < s->owed ? n : s->owed;
    if (s->told)
        http_reader_tell(s->told, piece, n, where);
}

void http_server_ended(struct http_server *s)
{
    struct fault why = { 0 };
    if (s->state == READING) {
        if (!http_reader_ended(&s->in, &why))
            trace_fault(&s->voice, "http", __func__, &why);
        s->out_at = s->out_n = 0;
        close_page(s);
        s->state = ENDED;
    }
    s->close = true;
}

bool http_server_wants_close(const struct http_server *s) { return s->state == ENDED && s->owed == 0; }

bool http_server_idle(const struct http_server *s)
{
    return s->state == READING && http_reader_idle(&s->in) && s->out_at == s->out_n && s->owed == 0;
}
