#include "http/field.h"

#include <string.h>

const struct ground http_bare_lf = { "http.bare_lf", "RFC 9112 §2.2" };
static const struct ground bare_cr = { "http.bare_cr", "RFC 9112 §2.2" };
static const struct ground no_end = { "http.line_end", "RFC 9112 §2.2" };
static const struct ground control = { "http.control", "RFC 9110 §5.5" };
static const struct ground folded = { "http.folded", "RFC 9112 §5.2" };
static const struct ground no_colon = { "http.header_colon", "RFC 9112 §5" };
static const struct ground space_before_colon = { "http.space_before_colon", "RFC 9112 §5.1" };
static const struct ground header_name = { "http.header_name", "RFC 9110 §5.1" };

enum { LEAF_MAX = 64, SHOWN = 48 };                    /* SHOWN: octets of a bad line that a fault repeats */

bool http_is_tchar(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        || (c && strchr("!#$%&'*+-.^_`|~", c));
}

bool http_is_token(struct bytes b)
{
    size_t n = 0;
    while (n < b.n && http_is_tchar(b.at[n]))
        n++;
    return n > 0 && n == b.n;
}

bool http_line(const struct wire_in *in, struct bytes *line, struct fault *why)
{
    size_t left = wire_left(in);
    const uint8_t *lf = left ? memchr(in->at, '\n', left) : NULL;
    if (!lf)
        return refuse(why, &no_end, "CR LF at the end of a line", "%zu octets without", left);
    if (lf == in->at || lf[-1] != '\r')
        return refuse(why, &http_bare_lf, "CR LF at the end of a line", "LF alone");
    *line = (struct bytes){ in->at, (size_t)(lf - in->at) - 1 };
    for (size_t i = 0; i < line->n; i++) {
        uint8_t c = line->at[i];
        if (c == '\r')
            return refuse(why, &bare_cr, "CR only before LF", "CR inside a line");
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return refuse(why, &control, "text without control characters", "octet 0x%02x", c);
    }
    return true;
}

struct bytes http_take(struct wire_in *in, const char *name, size_t n)
{
    if (n <= LEAF_MAX)
        return take_text(in, name, n);
    const uint8_t *first = in->at;
    wire_group(in, name, n);
    for (size_t left = n, piece; left && !in->failed; left -= piece) {
        piece = left < LEAF_MAX ? left : LEAF_MAX;
        take_text(in, "content", piece);
    }
    return in->failed ? (struct bytes){ 0 } : (struct bytes){ first, n };
}

void http_take_crlf(struct wire_in *in)
{
    take_ref(in, "crlf", 2);
}

static bool is_blank(uint8_t c) { return c == ' ' || c == '\t'; }

/* Judges the name of a field line, n octets before its colon. RFC 9112 §5.1: white space between name and
 * colon has let requests be smuggled. */
static bool check_name(struct bytes line, size_t n, struct fault *why)
{
    int shown = (int)(n < SHOWN ? n : SHOWN);
    if (n && is_blank(line.at[n - 1]))
        return refuse(why, &space_before_colon, "a colon directly behind the name",
                      "white space between \"%.*s\" and the colon", shown - 1, (const char *)line.at);
    return http_is_token((struct bytes){ line.at, n })
           || refuse(why, &header_name, "a name of letters, digits and a few signs", "\"%.*s\"", shown,
                     (const char *)line.at);
}

bool http_take_field(struct wire_in *in, struct http_header *out, struct fault *why)
{
    struct bytes line;
    if (!http_line(in, &line, why))
        return false;
    if (line.n && is_blank(line.at[0]))
        return refuse(why, &folded, "a field on one line", "a line that begins with white space");
    const uint8_t *colon = line.n ? memchr(line.at, ':', line.n) : NULL;
    if (!colon)
        return refuse(why, &no_colon, "\"name: value\"", "\"%.*s\"", (int)(line.n < SHOWN ? line.n : SHOWN),
                      (const char *)line.at);
    size_t name = (size_t)(colon - line.at), first = name + 1, last = line.n;
    if (!check_name(line, name, why))
        return false;
    while (first < last && is_blank(line.at[first]))
        first++;
    while (first < last && is_blank(line.at[last - 1]))
        last--;
    wire_group(in, "header", line.n + 2);
    out->name = http_take(in, "name", name);
    take_ref(in, "colon", 1);
    http_take(in, "white_space", first - name - 1);
    out->value = http_take(in, "value", last - first);
    http_take(in, "white_space", line.n - last);
    http_take_crlf(in);
    return true;
}
