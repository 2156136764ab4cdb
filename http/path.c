#include "http/path.h"

#include <string.h>

static const struct ground bad_percent = { "http.path_percent", "RFC 3986 §2.1" };
static const struct ground bad_octet = { "http.path_character", "RFC 3986 §7.3" };
static const struct ground encoded_slash = { "http.path_slash", "RFC 3986 §2.2" };
static const struct ground climbs = { "http.path_climbs", "RFC 3986 §5.2.4" };
static const struct ground too_long = { "http.path_too_long", "RFC 9110 §15.5.15" };

static int hex(uint8_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The next octet of the path, decoded; *at moves over it. */
static bool decode(struct bytes path, size_t *at, uint8_t *octet, struct fault *why)
{
    uint8_t c = path.at[(*at)++];
    if (c == '%') {
        int high = path.n - *at >= 2 ? hex(path.at[*at]) : -1, low = high < 0 ? -1 : hex(path.at[*at + 1]);
        if (low < 0)
            return refuse(why, &bad_percent, "two hex digits behind a percent sign", "something else");
        *at += 2;
        c = (uint8_t)(high << 4 | low);
        if (c == '/')
            return refuse(why, &encoded_slash, "slashes as they are", "an encoded one");
    }
    if (c < 0x20 || c == 0x7f)
        return refuse(why, &bad_octet, "a path without control characters", "octet 0x%02x", c);
    *octet = c;
    return true;
}

/* A part of the path has come to its end: out[start..*n), behind a slash. "." goes, ".." goes and takes the
 * part before it along. */
static bool end_part(char *out, size_t start, size_t *n, struct fault *why)
{
    size_t size = *n - start;
    bool dots = size > 0 && size <= 2 && out[start] == '.' && out[*n - 1] == '.';
    if (!dots)
        return true;
    if (size == 2 && start == 1)
        return refuse(why, &climbs, "a path that stays below the root", "\"..\" above it");
    *n = start;
    if (size == 2)
        for ((*n)--; out[*n - 1] != '/'; (*n)--)
            ;
    return true;
}

static struct bytes path_of(struct bytes target)
{
    size_t at = 0, end = 0;
    /* absolute-form: behind "//" and the authority */
    if (target.n && target.at[0] != '/' && target.at[0] != '*') {
        while (at < target.n && target.at[at] != '/')
            at++;
        for (at = at + 2 < target.n ? at + 2 : target.n;
             at < target.n && target.at[at] != '/' && target.at[at] != '?'; at++)
            ;
    }
    for (end = at; end < target.n && target.at[end] != '?'; end++)
        ;
    return (struct bytes){ target.at + at, end - at };
}

bool http_path(struct bytes target, char *out, size_t room, struct fault *why)
{
    struct bytes path = path_of(target);
    size_t n = 1, start = 1, at = 0;                   /* out[start..n): the part that is being read */
    if (room < path.n + 2)
        return refuse(why, &too_long, "a path that fits", "%zu octets", path.n);
    if (path.n == 1 && path.at[0] == '*') {
        memcpy(out, "*", 2);
        return true;
    }
    out[0] = '/';
    while (at < path.n) {
        uint8_t c = 0;
        if (!decode(path, &at, &c, why))
            return false;
        if (c != '/') {
            out[n++] = (char)c;
            continue;
        }
        if (!end_part(out, start, &n, why))
            return false;
        if (n > start)
            out[n++] = '/';
        start = n;
    }
    if (!end_part(out, start, &n, why))
        return false;
    out[n] = '\0';
    return true;
}
