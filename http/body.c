#include "http/field.h"

#include <string.h>

static const struct ground chunk_size = { "http.chunk_size", "RFC 9112 §7.1" };
static const struct ground chunk_extension = { "http.chunk_extension", "RFC 9112 §7.1.1" };
static const struct ground chunk_line_too_long = { "http.chunk_line_too_long", "RFC 9112 §7.1.1" };
static const struct ground chunk_end = { "http.chunk_end", "RFC 9112 §7.1" };
static const struct ground trailer_too_long = { "http.trailer_too_long", "RFC 9112 §7.1.2" };
static const struct ground truncated = { "http.truncated", "RFC 9112 §8" };

/* Where in the chunked coding the reader stands. CHUNK_LINE -> CHUNK_DATA -> CHUNK_END -> CHUNK_LINE ...;
 * size 0: -> TRAILER */
enum chunked { CHUNK_LINE, CHUNK_DATA, CHUNK_END, TRAILER };
enum { SIZE_DIGITS = 16 };

void http_body_start(struct http_body *b, const struct http_head *h)
{
    *b = (struct http_body){ .framing = h->framing, .left = h->framing == HTTP_BY_LENGTH ? h->length : 0 };
    b->done = b->framing == HTTP_NO_BODY || (b->framing == HTTP_BY_LENGTH && b->left == 0);
}

static void take_data(struct http_body *b, struct wire_in *in, const char *name, uint64_t most,
                      struct http_piece *out)
{
    size_t n = wire_left(in) < most ? wire_left(in) : (size_t)most;
    out->data = take_ref(in, name, n);
    b->got += n;
}

static size_t digits_of(struct bytes line, uint64_t *value)
{
    size_t n = 0;
    for (*value = 0; n < line.n; n++) {
        uint8_t c = line.at[n];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            break;
        /* more than 16 digits are refused, whatever is shifted out */
        *value = *value << 4 | (unsigned)digit;
    }
    return n;
}

static size_t token_size(struct bytes b, size_t at)
{
    size_t n = 0;
    while (at + n < b.n && http_is_tchar(b.at[at + n]))
        n++;
    return n;
}

/* The octets of "\"...\"" at `at`, 0 where it does not end. RFC 9110 §5.6.4. */
static size_t quoted_size(struct bytes b, size_t at)
{
    for (size_t i = at + 1; i < b.n; i++) {
        if (b.at[i] == '"')
            return i + 1 - at;
        if (b.at[i] == '\\')
            i++;
    }
    return 0;
}

/* *( ";" token [ "=" ( token / quoted-string ) ] ): RFC 9112 §7.1.1, without its optional white space, which
 * others read otherwise. */
static bool is_extension(struct bytes b)
{
    size_t at = 0;
    while (at < b.n) {
        size_t n = b.at[at] == ';' ? token_size(b, at + 1) : 0;
        if (n == 0)
            return false;
        at += 1 + n;
        if (at == b.n || b.at[at] != '=')
            continue;
        at++;
        n = at < b.n && b.at[at] == '"' ? quoted_size(b, at) : token_size(b, at);
        if (n == 0)
            return false;
        at += n;
    }
    return true;
}

static bool read_chunk_line(struct http_body *b, struct wire_in *in, struct fault *why)
{
    enum { SHOWN = 40 };
    struct bytes line;
    uint64_t size;
    if (!http_line(in, &line, why))
        return false;
    size_t digits = digits_of(line, &size);
    int shown = (int)(line.n < SHOWN ? line.n : SHOWN);
    if (digits == 0 || digits > SIZE_DIGITS || (digits < line.n && line.at[digits] != ';'))
        return refuse(why, &chunk_size, "a chunk size of 1 to 16 hex digits", "\"%.*s\"", shown,
                      (const char *)line.at);
    if (size > UINT64_MAX - b->got)
        return refuse(why, &chunk_size, "a body of less than 2^64 octets", "\"%.*s\"", shown,
                      (const char *)line.at);
    struct bytes extension = { line.at + digits, line.n - digits };
    if (!is_extension(extension))
        return refuse(why, &chunk_extension, "extensions as ;name or ;name=value", "\"%.*s\"", shown,
                      (const char *)line.at);
    take_text(in, size ? "chunk_size" : "last_chunk", digits);
    http_take(in, "chunk_extension", extension.n);
    http_take_crlf(in);
    b->left = size;
    b->state = size ? CHUNK_DATA : TRAILER;
    return true;
}

/* One field of the trailer, or the empty line that ends it. Its fields are read and let go: none may change
 * what the head said. */
static bool read_trailer_line(struct http_body *b, struct wire_in *in, size_t size, struct fault *why)
{
    struct http_header field;
    b->line += (uint32_t)size;
    if (size == 2 && in->at[0] == '\r') {
        http_take_crlf(in);
        b->done = true;
        return true;
    }
    return http_take_field(in, &field, why);
}

static bool read_chunk_end(struct http_body *b, struct wire_in *in, struct fault *why)
{
    if (in->at[0] != '\r' || (wire_left(in) >= 2 && in->at[1] != '\n'))
        return refuse(why, &chunk_end, "CR LF behind the data of a chunk", "octet 0x%02x",
                      in->at[in->at[0] == '\r']);
    if (wire_left(in) >= 2) {
        http_take_crlf(in);
        b->state = CHUNK_LINE;
    }
    return true;
}

static bool read_chunked(struct http_body *b, struct wire_in *in, struct http_piece *out, struct fault *why)
{
    if (b->state == CHUNK_DATA) {
        take_data(b, in, "chunk_data", b->left, out);
        b->left -= out->data.n;
        if (b->left == 0)
            b->state = CHUNK_END;
        return true;
    }
    if (wire_left(in) == 0)
        return true;
    if (b->state == CHUNK_END)
        return read_chunk_end(b, in, why);
    const uint8_t *lf = memchr(in->at, '\n', wire_left(in));
    size_t size = lf ? (size_t)(lf - in->at) + 1 : wire_left(in);
    size_t most = b->state == TRAILER ? HTTP_TRAILER_MAX - b->line : HTTP_CHUNK_LINE_MAX;
    if (size > most)
        return b->state == TRAILER
                   ? refuse(why, &trailer_too_long, "at most 8192 octets of trailer", "more")
                   : refuse(why, &chunk_line_too_long, "at most 256 octets in a chunk's first line", "more");
    if (!lf)
        return true;
    return b->state == TRAILER ? read_trailer_line(b, in, size, why) : read_chunk_line(b, in, why);
}

bool http_body_read(struct http_body *b, const uint8_t *bytes, size_t n, const struct watch *w,
                    struct http_piece *out, struct fault *why)
{
    struct wire_in in = wire_over(bytes, n, w);
    bool good = true;
    *out = (struct http_piece){ 0 };
    if (b->done)
        return true;
    if (b->framing == HTTP_BY_CHUNKS) {
        good = read_chunked(b, &in, out, why);
    } else {
        take_data(b, &in, "body", b->framing == HTTP_BY_LENGTH ? b->left : UINT64_MAX, out);
        if (b->framing == HTTP_BY_LENGTH)
            b->done = (b->left -= out->data.n) == 0;
    }
    out->taken = n - wire_left(&in);
    if (!good)
        take_rest(&in, "content");
    return good;
}

bool http_body_ended(struct http_body *b, struct fault *why)
{
    if (b->done)
        return true;
    if (b->framing == HTTP_BY_LENGTH)
        return refuse(why, &truncated, "a body as long as its Content-Length", "%llu of %llu octets",
                      (unsigned long long)b->got, (unsigned long long)(b->got + b->left));
    if (b->framing == HTTP_BY_CHUNKS)
        return refuse(why, &truncated, "a last chunk of size 0 and an empty line",
                      "the end after %llu octets of body", (unsigned long long)b->got);
    return b->done = true;
}
