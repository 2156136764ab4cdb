#include "http/field.h"
#include "http/url.h"

#include <string.h>

static const struct ground line_too_long = { "http.line_too_long", "RFC 9110 §15.5.15" };
static const struct ground header_too_long = { "http.header_too_long", "RFC 6585 §5" };
static const struct ground too_many_headers = { "http.too_many_headers", "RFC 6585 §5" };
static const struct ground head_too_long = { "http.too_long", "RFC 6585 §5" };
static const struct ground start_control = { "http.not_http", "RFC 9112 §2.1" };
static const struct ground request_line = { "http.request_line", "RFC 9112 §3" };
static const struct ground version = { "http.version", "RFC 9110 §15.6.6" };
static const struct ground bad_target = { "http.target", "RFC 9112 §3.2" };
static const struct ground bad_host = { "http.host", "RFC 9112 §3.2" };
static const struct ground host_differs = { "http.host_differs", "RFC 9112 §3.2.2" };
static const struct ground status_line = { "http.bad_status_line", "RFC 9112 §4" };
static const struct ground both_lengths = { "http.both_lengths", "RFC 9112 §6.3" };
static const struct ground content_length = { "http.content_length", "RFC 9110 §8.6" };
static const struct ground content_lengths = { "http.content_lengths", "RFC 9112 §6.3" };
static const struct ground coding = { "http.transfer_coding", "RFC 9112 §6.1" };
static const struct ground coding_old = { "http.transfer_coding_in_1_0", "RFC 9112 §6.1" };

enum { SHOWN = 48 };
static int shown(size_t n) { return (int)(n < SHOWN ? n : SHOWN); }

/* A control character in the first line: who speaks is no HTTP at all (a TLS ClientHello on a plain port
 * begins with 0x16). */
static bool check_first_line(const uint8_t *at, size_t n, struct fault *why)
{
    for (size_t i = 0; i < n; i++)
        if ((at[i] < 0x20 && at[i] != '\r' && at[i] != '\n' && at[i] != '\t') || at[i] == 0x7f)
            return refuse(why, &start_control, "a line of text", "octet 0x%02x in the first line", at[i]);
    return true;
}

long http_head_size(const uint8_t *bytes, size_t n, struct fault *why)
{
    /* one empty line before a request: RFC 9112 §2.2 */
    size_t at = n >= 2 && bytes[0] == '\r' && bytes[1] == '\n' ? 2 : 0;
    for (unsigned line = 0;; line++) {
        size_t left = n - at, room = HTTP_HEAD_MAX - at < HTTP_LINE_MAX ? HTTP_HEAD_MAX - at : HTTP_LINE_MAX;
        const uint8_t *lf = left ? memchr(bytes + at, '\n', left) : NULL;
        size_t size = lf ? (size_t)(lf - bytes) - at + 1 : left;
        if (line == 0 && !check_first_line(bytes + at, size < room ? size : room, why))
            return -1;
        if (size > room) {
            const struct ground *ground = room < HTTP_LINE_MAX ? &head_too_long
                                          : line               ? &header_too_long
                                                               : &line_too_long;
            refuse(why, ground,
                   ground == &head_too_long ? "at most 32768 octets of head"
                                            : "at most 8192 octets in a line",
                   "more");
            return -1;
        }
        if (!lf)
            return 0;
        if (size < 2 || lf[-1] != '\r') {
            refuse(why, &http_bare_lf, "CR LF at the end of a line", "LF alone");
            return -1;
        }
        at += size;
        if (size == 2)
            return (long)at;
        if (line > HTTP_HEADERS) {
            refuse(why, &too_many_headers, "at most 100 header fields", "more");
            return -1;
        }
    }
}

static bool same_letters(struct bytes b, const char *text)
{
    size_t i = 0;
    for (; i < b.n && text[i]; i++) {
        unsigned char x = b.at[i], y = (unsigned char)text[i];
        if ((x >= 'A' && x <= 'Z' ? x + 32 : x) != (y >= 'A' && y <= 'Z' ? y + 32 : y))
            return false;
    }
    return i == b.n && !text[i];
}

bool http_is(const struct bytes *b, const char *text) { return b && same_letters(*b, text); }

/* The header of that name from number `from` on; n_headers: none. */
static size_t find(const struct http_head *h, const char *name, size_t from)
{
    while (from < h->n_headers && !same_letters(h->headers[from].name, name))
        from++;
    return from;
}

const struct bytes *http_header_of(const struct http_head *h, const char *name)
{
    size_t i = find(h, name, 0);
    return i < h->n_headers ? &h->headers[i].value : NULL;
}

/* Connection is a list of tokens, and lists may be cut over several fields (RFC 9110 §5.3). */
static bool connection_says(const struct http_head *h, const char *token)
{
    for (size_t i = find(h, "connection", 0); i < h->n_headers; i = find(h, "connection", i + 1)) {
        struct bytes v = h->headers[i].value;
        for (size_t at = 0, end; at < v.n; at = end + 1) {
            for (end = at; end < v.n && v.at[end] != ','; end++)
                ;
            size_t first = at, last = end;
            while (first < last && (v.at[first] == ' ' || v.at[first] == '\t'))
                first++;
            while (first < last && (v.at[last - 1] == ' ' || v.at[last - 1] == '\t'))
                last--;
            if (same_letters((struct bytes){ v.at + first, last - first }, token))
                return true;
        }
    }
    return false;
}

/* Digits, one number, once. RFC 9112 §6.3 would let us read "5, 5" as 5; a list is how two readers come to
 * differ. */
static bool read_content_length(const struct http_head *h, size_t i, uint64_t *length, struct fault *why)
{
    struct bytes v = h->headers[i].value;
    if (find(h, "content-length", i + 1) < h->n_headers)
        return refuse(why, &content_lengths, "one Content-Length", "several");
    *length = 0;
    for (size_t k = 0; k < v.n; k++) {
        uint64_t digit = (uint64_t)v.at[k] - '0';
        if (digit > 9 || *length > (UINT64_MAX - digit) / 10)
            return refuse(why, &content_length, "a decimal number that fits 64 bits", "\"%.*s\"", shown(v.n),
                          (const char *)v.at);
        *length = *length * 10 + digit;
    }
    return v.n > 0 || refuse(why, &content_length, "a decimal number", "nothing");
}

/* RFC 9112 §6.3: how long the body is, by the fields alone. *framing is HTTP_NO_BODY where no field says. */
static bool read_framing(struct http_head *h, struct fault *why)
{
    size_t length = find(h, "content-length", 0), coded = find(h, "transfer-encoding", 0);
    if (length < h->n_headers && !read_content_length(h, length, &h->length, why))
        return false;
    if (coded == h->n_headers) {
        h->framing = length < h->n_headers ? HTTP_BY_LENGTH : HTTP_NO_BODY;
        return true;
    }
    struct bytes v = h->headers[coded].value;
    if (length < h->n_headers)
        return refuse(why, &both_lengths, "Content-Length or Transfer-Encoding", "both");
    if (h->minor == 0)
        return refuse(why, &coding_old, "no Transfer-Encoding in HTTP/1.0", "\"%.*s\"", shown(v.n),
                      (const char *)v.at);
    if (!same_letters(v, "chunked") || find(h, "transfer-encoding", coded + 1) < h->n_headers)
        return refuse(why, &coding, "Transfer-Encoding: chunked, once and alone", "\"%.*s\"", shown(v.n),
                      (const char *)v.at);
    h->framing = HTTP_BY_CHUNKS;
    return true;
}

static bool read_fields(struct wire_in *in, struct http_head *h, struct fault *why)
{
    struct bytes line;
    for (;;) {
        if (wire_left(in) >= 2 && in->at[0] == '\r' && in->at[1] == '\n') {
            http_take_crlf(in);
            break;
        }
        if (h->n_headers == HTTP_HEADERS)
            return http_line(in, &line, why)
                   && refuse(why, &too_many_headers, "at most 100 header fields", "more");
        if (!http_take_field(in, &h->headers[h->n_headers], why))
            return false;
        h->n_headers++;
    }
    h->keep_alive = !connection_says(h, "close") && (h->minor > 0 || connection_says(h, "keep-alive"));
    return wire_end(in, &head_too_long, why) && read_framing(h, why);
}

/* "HTTP/1.0" or "HTTP/1.1": the number behind the point, or -1 for a version that is none, -2 for another
 * one. */
static int version_of(struct bytes v)
{
    if (v.n != 8 || memcmp(v.at, "HTTP/", 5) != 0 || v.at[6] != '.' || v.at[5] < '0' || v.at[5] > '9'
        || v.at[7] < '0' || v.at[7] > '9')
        return -1;
    return v.at[5] == '1' && v.at[7] <= '1' ? v.at[7] - '0' : -2;
}

static bool read_request_line(struct wire_in *in, struct http_head *h, struct fault *why)
{
    static const char shape[] = "method, one space, target, one space, HTTP/1.1";
    struct bytes line;
    if (!http_line(in, &line, why))
        return false;
    size_t method = 0, target = 0;
    while (method < line.n && http_is_tchar(line.at[method]))
        method++;
    while (method + 1 + target < line.n && line.at[method + 1 + target] != ' ')
        target++;
    size_t behind = method + target + 2;               /* where the version stands */
    if (!method || !target || behind > line.n || line.at[method] != ' ' || line.at[behind - 1] != ' ')
        return refuse(why, &request_line, shape, "\"%.*s\"", shown(line.n), (const char *)line.at);
    int minor = version_of((struct bytes){ line.at + behind, line.n - behind });
    if (minor == -1)
        return refuse(why, &request_line, shape, "\"%.*s\" at the end", shown(line.n - behind),
                      (const char *)line.at + behind);
    wire_group(in, "request_line", line.n + 2);
    h->method = http_take(in, "method", method);
    take_ref(in, "sp", 1);
    h->target = http_take(in, "target", target);
    take_ref(in, "sp", 1);
    take_text(in, "version", 8);
    http_take_crlf(in);
    if (minor < 0)
        return refuse(why, &version, "HTTP/1.1 or HTTP/1.0", "%.8s", (const char *)line.at + behind);
    h->minor = (unsigned)minor;
    return true;
}

static struct bytes authority_of(struct bytes target)
{
    static const char *const schemes[] = { "http://", "https://" };
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(schemes[i]), end = n;
        if (target.n < n || !same_letters((struct bytes){ target.at, n }, schemes[i]))
            continue;
        while (end < target.n && target.at[end] != '/' && target.at[end] != '?')
            end++;
        return (struct bytes){ target.at + n, end - n };
    }
    return (struct bytes){ NULL, 0 };
}

/* RFC 9112 §3.2, the four forms: "/path?query", "http://host/path", "host:port" (CONNECT alone), "*" (OPTIONS
 * alone). */
static bool check_target(const struct http_head *h, struct bytes *authority, struct fault *why)
{
    struct bytes t = h->target;
    *authority = authority_of(t);
    bool good = same_letters(h->method, "CONNECT") ? t.at[0] != '/' && t.at[0] != '*'
              : t.at[0] == '*'                     ? t.n == 1 && same_letters(h->method, "OPTIONS")
                                                   : t.at[0] == '/' || authority->n > 0;
    for (size_t i = 0; i < t.n; i++)
        good = good && t.at[i] > 0x20 && t.at[i] < 0x7f && t.at[i] != '#';
    return good
           || refuse(why, &bad_target, "a path, or http(s)://host/path", "\"%.*s\"", shown(t.n),
                     (const char *)t.at);
}

/* RFC 9112 §3.2: exactly one Host that is one, in HTTP/1.1; it may lack in 1.0. A target with a host of its
 * own must name the same. */
static bool check_host(const struct http_head *h, struct bytes authority, struct fault *why)
{
    struct url host, named;
    size_t i = find(h, "host", 0);
    if (i == h->n_headers)
        return h->minor == 0 || refuse(why, &bad_host, "one Host field", "none");
    if (find(h, "host", i + 1) < h->n_headers)
        return refuse(why, &bad_host, "one Host field", "several");
    struct bytes v = h->headers[i].value;
    if (!url_read_authority((const char *)v.at, v.n, &host, NULL))
        return refuse(why, &bad_host, "a host name or address, maybe a port", "\"%.*s\"", shown(v.n),
                      (const char *)v.at);
    if (!authority.n)
        return true;
    return (url_read_authority((const char *)authority.at, authority.n, &named, NULL)
            && strcmp(host.host, named.host) == 0 && host.port == named.port)
           || refuse(why, &host_differs, "the same host in target and Host", "\"%.*s\" and \"%.*s\"",
                     shown(authority.n) / 2, (const char *)authority.at, shown(v.n) / 2, (const char *)v.at);
}

static bool read_request(struct wire_in *in, struct http_head *h, struct fault *why)
{
    struct bytes authority;
    if (wire_left(in) >= 2 && in->at[0] == '\r' && in->at[1] == '\n')
        /* RFC 9112 §2.2: some send an empty line behind a body */
        http_take_crlf(in);
    return read_request_line(in, h, why)
        && check_target(h, &authority, why)
        && read_fields(in, h, why)
        && check_host(h, authority, why);
}

static bool read_status_line(struct wire_in *in, struct http_head *h, struct fault *why)
{
    struct bytes line;
    if (!http_line(in, &line, why))
        return false;
    const uint8_t *at = line.at;
    int minor = line.n >= 8 ? version_of((struct bytes){ at, 8 }) : -1;
    if (minor == -2)
        return refuse(why, &version, "HTTP/1.1 or HTTP/1.0", "%.8s", (const char *)at);
    h->status = 0;
    for (size_t i = 9; i < 12 && i < line.n; i++)
        h->status = at[i] >= '0' && at[i] <= '9' ? h->status * 10 + at[i] - '0' : 10000;
    if (minor < 0 || line.n < 12 || at[8] != ' ' || h->status < 100 || h->status > 599
        || (line.n > 12 && at[12] != ' '))
        return refuse(why, &status_line, "\"HTTP/1.1 200 OK\" or the like", "\"%.*s\"", shown(line.n),
                      (const char *)at);
    h->minor = (unsigned)minor;
    wire_group(in, "status_line", line.n + 2);
    take_text(in, "version", 8);
    take_ref(in, "sp", 1);
    take_text(in, "status_code", 3);
    take_ref(in, "sp", line.n > 12);                   /* some leave it out where there is no reason */
    h->reason = http_take(in, "reason", line.n > 13 ? line.n - 13 : 0);
    http_take_crlf(in);
    return true;
}

/* RFC 9112 §6.3: responses without a body whatever their fields say; and those that only the end of the
 * connection ends. */
static void frame_response(struct http_head *h, const char *method)
{
    if (h->status < 200 || h->status == 204 || h->status == 304 || (method && strcmp(method, "HEAD") == 0))
        h->framing = HTTP_NO_BODY;
    else if (h->framing == HTTP_NO_BODY)
        h->framing = HTTP_UNTIL_CLOSE;
    if (h->framing == HTTP_UNTIL_CLOSE)
        h->keep_alive = false;
}

static bool read_response(struct wire_in *in, struct http_head *h, const char *method, struct fault *why)
{
    if (!read_status_line(in, h, why) || !read_fields(in, h, why))
        return false;
    frame_response(h, method);
    return true;
}

/* What stands behind a refusal has a name too: nobody looked inside. */
static bool read_to_end(struct wire_in *in, bool good)
{
    if (!good)
        take_rest(in, "content");
    return good;
}

bool http_read_request(const uint8_t *bytes, size_t n, const struct watch *w, struct http_head *out,
                       struct fault *why)
{
    struct wire_in in = wire_over(bytes, n, w);
    *out = (struct http_head){ 0 };
    return read_to_end(&in, read_request(&in, out, why));
}

bool http_read_response(const uint8_t *bytes, size_t n, const char *method, const struct watch *w,
                        struct http_head *out, struct fault *why)
{
    struct wire_in in = wire_over(bytes, n, w);
    *out = (struct http_head){ 0 };
    return read_to_end(&in, read_response(&in, out, method, why));
}
