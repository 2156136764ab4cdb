#include "http/client.h"
#include "http/field.h"
#include "http/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ground no_memory = { "http.memory", "RFC 9110 §15.6.4" };
static const struct ground busy = { "http.busy", "RFC 9112 §9.3" };
static const struct ground extra_header = { "http.extra_header", "RFC 9110 §5" };
static const struct ground bad_method = { "http.method", "RFC 9110 §9.1" };
static const struct ground too_long = { "http.request_too_long", "RFC 9112 §3" };
static const struct ground unasked_upgrade = { "http.upgrade", "RFC 9110 §15.2.2" };
static const struct ground many_interim = { "http.interim", "RFC 9110 §15.2" };

enum { ASK_MAX = 16384, METHOD_MAX = 24 };

struct http_client {
    struct voice voice;
    struct http_reader theirs, ours;                   /* ours: only where somebody watches */
    char method[METHOD_MAX];
    uint8_t *request; size_t n, given;                 /* given of n octets of the request are on their way */
    bool asked, ours_close;                            /* a request is under way; it said Connection: close */
    unsigned interim;
};

struct http_client *http_client_new(const struct voice *v)
{
    struct http_client *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->voice = *v;
    http_reader_start(&c->theirs, v, true);
    http_reader_start(&c->ours, v, false);
    return c;
}

void http_client_free(struct http_client *c)
{
    if (!c)
        return;
    http_reader_end(&c->theirs);
    http_reader_end(&c->ours);
    free(c->request);
    free(c);
}

static bool begins_header(const char *line, const char *name)
{
    size_t n = strcspn(line, ":");
    return http_is(&(struct bytes){ (const uint8_t *)line, n }, name);
}

/* Ours, unless the caller brings one of that name. */
static void put_default(struct wire_out *out, const char *const *extra, const char *name, const char *value)
{
    for (; extra && *extra; extra++)
        if (begins_header(*extra, name))
            return;
    http_put_header(out, name, value);
}

static bool put_extra(struct wire_out *out, const char *line, struct fault *why)
{
    char name[128];
    size_t n = strcspn(line, ":");
    if (!line[n] || n >= sizeof name)
        return refuse(why, &extra_header, "\"Name: value\"", "\"%.48s\"", line);
    if (begins_header(line, "content-length") || begins_header(line, "transfer-encoding"))
        return refuse(why, &extra_header, "no header that promises a body", "\"%.48s\"", line);
    memcpy(name, line, n);
    name[n] = '\0';
    http_put_header(out, name, line + n + 1 + strspn(line + n + 1, " \t"));
    return !out->failed
           || refuse(why, &extra_header, "a name of letters, digits and hyphens, and a value of text",
                     "\"%.48s\"", line);
}

/* Writes the request; read by our own reader it must be one. */
static bool write_request(struct http_client *c, const struct url *url, const char *const *extra,
                          struct fault *why)
{
    char authority[URL_HOST + 8];
    struct wire_out out = wire_into(c->request, ASK_MAX);
    struct http_head head;
    http_put_request(&out, c->method, url->target);
    put_default(&out, extra, "Host", url_authority(url, authority, sizeof authority));
    put_default(&out, extra, "User-Agent", "vitrine");
    put_default(&out, extra, "Accept", "*/*");
    for (; extra && *extra; extra++)
        if (!put_extra(&out, *extra, why))
            return false;
    http_put_end(&out);
    c->n = wire_written(&out);
    if (out.failed)
        return refuse(why, &too_long, "a request of at most 16384 octets", "too much at: %s", out.failed);
    if (http_head_size(c->request, c->n, why) < 0 || !http_read_request(c->request, c->n, NULL, &head, why))
        return false;
    c->ours_close = !head.keep_alive;
    return true;
}

bool http_client_ask(struct http_client *c, const struct url *url, const char *method,
                     const char *const *extra, struct fault *why)
{
    if (c->asked && c->theirs.at != HTTP_AT_END)
        return refuse(why, &busy, "one request at a time", "another before the response has come");
    if (strlen(method) >= METHOD_MAX
        || !http_is_token((struct bytes){ (const uint8_t *)method, strlen(method) }))
        return refuse(why, &bad_method, "a method of at most 23 letters", "\"%.48s\"", method);
    if (!c->request && !(c->request = malloc(ASK_MAX)))
        return refuse(why, &no_memory, "room for a request", "none left");
    snprintf(c->method, sizeof c->method, "%s", method);
    c->asked = false;
    http_reader_next(&c->theirs);
    c->theirs.method = c->method;
    c->given = c->n = c->interim = 0;
    if (!write_request(c, url, extra, why)) {
        c->n = 0;
        return false;
    }
    c->asked = true;
    const struct attr attrs[] = { attr_text("method", method), attr_text("authority", url->host),
                                  attr_text("target", url->target) };
    if (trace_hears(c->voice.trace))
        trace_emit(c->voice.trace, &(struct event){
            .kind = EVENT_HTTP, .level = LEVEL_STORY, .layer = "http", .name = "asked",
            .rfc = "RFC 9110 §9.3", .by = __func__,
            .host = c->voice.host, .conn = c->voice.conn, .attrs = attrs,
            .n_attrs = sizeof attrs / sizeof *attrs });
    return true;
}

size_t http_client_give(struct http_client *c, uint8_t *out, size_t n)
{
    size_t left = c->n - c->given;
    n = n < left ? n : left;
    if (n)
        memcpy(out, c->request + c->given, n);
    c->given += n;
    return n;
}

void http_client_gave(struct http_client *c, const uint8_t *piece, size_t n, struct span where)
{
    if (trace_hears(c->voice.trace))
        http_reader_tell(&c->ours, piece, n, where);
}

static void tell_done(const struct http_client *c)
{
    const struct http_reader *r = &c->theirs;
    const struct attr attrs[] = {
        attr_number("status", r->message.status),
        attr_number("octets", r->body.got),
        attr_text("framing", http_framing_name(r->message.framing)),
    };
    if (trace_hears(c->voice.trace))
        trace_emit(c->voice.trace, &(struct event){
            .kind = EVENT_HTTP, .level = LEVEL_STORY, .layer = "http", .name = "body_done",
            .rfc = "RFC 9112 §6.3", .by = __func__,
            .host = c->voice.host, .conn = c->voice.conn, .attrs = attrs,
            .n_attrs = sizeof attrs / sizeof *attrs });
}

/* A head has come. Interim ones are passed over, a bounded number of them; 101 answers a wish that we never
 * have. */
static bool take_response(struct http_client *c, struct fault *why)
{
    if (c->theirs.message.status >= 200)
        return true;
    if (c->theirs.message.status == 101)
        return refuse(why, &unasked_upgrade, "a response in HTTP/1.1",
                      "101 Switching Protocols, which we did not ask for");
    if (++c->interim > HTTP_INTERIM_MAX)
        return refuse(why, &many_interim, "a final response", "interim responses without end");
    http_reader_next(&c->theirs);
    return true;
}

enum http_says http_client_take(struct http_client *c, const uint8_t *bytes, size_t n, struct span where,
                                size_t *taken, struct bytes *body, struct fault *why)
{
    *taken = 0;
    *body = (struct bytes){ 0 };
    if (!c->asked)
        return HTTP_DONE;
    for (;;) {
        struct http_took took;
        bool was_done = c->theirs.at == HTTP_AT_END;
        const uint8_t *rest = *taken ? bytes + *taken : bytes;       /* at the end of a connection there are none */
        enum http_found found = http_reader_take(&c->theirs, rest, n - *taken, where, &took, why);
        *taken += took.used;
        where.off += took.used;
        switch (found) {
        case HTTP_FOUND_HEAD:
            if (take_response(c, why))
                continue;
            c->theirs.at = HTTP_AT_FAULT;
            return HTTP_FAILED;
        case HTTP_FOUND_DATA:
            *body = took.data;
            return HTTP_BODY;
        case HTTP_FOUND_END:
            if (!was_done)
                tell_done(c);
            return HTTP_DONE;
        case HTTP_FOUND_FAULT:
            return HTTP_FAILED;
        case HTTP_FOUND_MORE:
            return HTTP_WANTS;
        }
    }
}

enum http_says http_client_ended(struct http_client *c, struct fault *why)
{
    bool was_done = c->theirs.at == HTTP_AT_END;
    if (!c->asked)
        return HTTP_DONE;
    if (!http_reader_ended(&c->theirs, why))
        return HTTP_FAILED;
    if (!was_done)
        tell_done(c);
    return HTTP_DONE;
}

const struct http_head *http_client_head(const struct http_client *c)
{
    return c->theirs.has_head ? &c->theirs.message : NULL;
}

bool http_client_keep_alive(const struct http_client *c)
{
    return c->theirs.at == HTTP_AT_END && c->given == c->n && !c->ours_close && c->theirs.message.keep_alive;
}
