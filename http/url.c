#include "http/url.h"
#include "net/idn.h"
#include "trace/ascii.h"

#include <stdio.h>
#include <string.h>

static const struct ground bad_character = { "url.character", "RFC 3986 §2" };
static const struct ground bad_percent = { "url.percent", "RFC 3986 §2.1" };
static const struct ground bad_scheme = { "url.scheme", "RFC 9110 §4.2" };
static const struct ground userinfo = { "url.userinfo", "RFC 9110 §4.2.4" };
static const struct ground bad_host = { "url.host", "RFC 3986 §3.2.2" };
static const struct ground bad_ip = { "url.ip", "RFC 3986 §7.4" };
static const struct ground bad_port = { "url.port", "RFC 3986 §3.2.3" };
static const struct ground too_long = { "url.too_long", "RFC 9110 §4.1" };

enum { SHOWN = 64, LABEL_MAX = 63, NAME_MAX = 253 };
static int shown(size_t n) { return (int)(n < SHOWN ? n : SHOWN); }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
/* RFC 3986 §2: what may stand in a URL. Brackets pass in a query, where everybody types them. */
static bool check_characters(const char *text, size_t n, struct fault *why)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c <= 0x20 || c >= 0x7f)
            return refuse(why, &bad_character,
                          "visible ASCII (a name of other letters as its A-label, xn--...)",
                          "octet 0x%02x at %zu", c, i);
        if (strchr("\"<>\\^`{|}", c))
            return refuse(why, &bad_character, "a character that URLs may hold", "'%c' at %zu", c, i);
        if (c == '%' && (n - i < 3 || !is_hex(text[i + 1]) || !is_hex(text[i + 2])))
            return refuse(why, &bad_percent, "two hex digits behind a percent sign", "\"%.*s\"",
                          n - i < 3 ? (int)(n - i) : 3, text + i);
    }
    return true;
}

/* "https://" -> what stands behind it. Without "://" there is no scheme: "localhost:8443" is a host and a
 * port. */
static bool read_scheme(const char **at, const char *end, bool *https, struct fault *why)
{
    const char *p = *at;
    while (p < end && (is_letter(*p) || (p > *at && (is_digit(*p) || *p == '+' || *p == '-' || *p == '.'))))
        p++;
    size_t n = (size_t)(p - *at);
    *https = true;
    if (end - p < 3 || strncmp(p, "://", 3) != 0)
        return true;
    char word[6] = "";
    for (size_t i = 0; i < n && n <= 5; i++)
        word[i] = ascii_lower((*at)[i]);
    *https = strcmp(word, "https") == 0;
    if (!*https && strcmp(word, "http") != 0)
        return refuse(why, &bad_scheme, "https:// or http://", "\"%.*s\"", shown(n), *at);
    *at = p + 3;
    return true;
}

/* Labels of 1 to 63 letters, digits, hyphens inside; the underscore, since names with it are in use. */
static bool is_name(const char *text, size_t n)
{
    size_t label = 0;
    if (n == 0 || n > NAME_MAX)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        bool edge = i == 0 || text[i - 1] == '.' || i + 1 == n || text[i + 1] == '.';
        if (c == '.' ? label == 0 : !(is_letter(c) || is_digit(c) || c == '_' || (c == '-' && !edge)))
            return false;
        label = c == '.' ? 0 : label + 1;
        if (label > LABEL_MAX)
            return false;
    }
    return label > 0;
}

/* Does the last label look like a number? Then the whole is read as an IPv4 address by some (0x7f.1, 127.1,
 * 2130706433), so it must be a plain one. */
static bool ends_in_number(const char *text, size_t n)
{
    size_t first = n;
    while (first > 0 && text[first - 1] != '.')
        first--;
    bool hex = n - first >= 2 && text[first] == '0' && ascii_lower(text[first + 1]) == 'x';
    for (size_t i = hex ? first + 2 : first; i < n; i++)
        if (!(hex ? is_hex(text[i]) : is_digit(text[i])))
            return false;
    return n > first;
}

static bool read_host(const char *text, size_t n, struct url *u, struct fault *why)
{
    bool bracketed = n >= 2 && text[0] == '[' && text[n - 1] == ']';
    if (bracketed)
        text++, n -= 2;
    else if (n > 1 && text[n - 1] == '.')
        n--;                                           /* "example.test." is the same name */
    if (bracketed || ends_in_number(text, n)) {
        char as_text[ADDR_TEXT];
        if (!addr_parse(text, n, &u->ip) || bracketed != (u->ip.len == 16))
            return refuse(why, bracketed ? &bad_host : &bad_ip,
                          bracketed ? "an IPv6 address in brackets"
                                    : "an IPv4 address as four decimal numbers",
                          "\"%.*s\"", shown(n), text);
        u->is_ip = true;
        snprintf(u->host, sizeof u->host, "%s", addr_text(&u->ip, as_text));
        return true;
    }
    if (!is_name(text, n))
        return refuse(why, &bad_host, "a host name or an address", "\"%.*s\"", shown(n), text);
    for (size_t i = 0; i < n; i++)
        u->host[i] = ascii_lower(text[i]);
    u->host[n] = '\0';
    return true;
}

static bool read_port(const char *text, size_t n, struct url *u, struct fault *why)
{
    unsigned long port = 0;
    for (size_t i = 0; i < n; i++)
        port = is_digit(text[i]) && port <= 65535 ? port * 10 + (unsigned)(text[i] - '0') : 65536;
    if (port == 0 || port > 65535)
        return refuse(why, &bad_port, "a port from 1 to 65535", "\"%.*s\"", shown(n), text);
    u->port = (uint16_t)port;
    u->port_given = true;
    return true;
}

bool url_read_authority(const char *text, size_t n, struct url *out, struct fault *why)
{
    *out = (struct url){ .https = true };
    if (memchr(text, '@', n))
        return refuse(why, &userinfo, "a host without user name or password before it",
                      "an @ before the host");
    const char *colon = NULL;                          /* before the port: the last one, outside brackets */
    for (const char *p = text + n; p > text && p[-1] != ']' && !colon; p--)
        if (p[-1] == ':')
            colon = p - 1;
    size_t host = colon ? (size_t)(colon - text) : n;
    return read_host(text, host, out, why)
        && (!colon || read_port(colon + 1, n - host - 1, out, why));
}

/* Path and query; "/" where the path is empty. The fragment is the reader's own and never sent (RFC 9110
 * §4.2). */
static bool read_target(const char *text, const char *end, struct url *u, struct fault *why)
{
    const char *hash = memchr(text, '#', (size_t)(end - text));
    size_t n = (size_t)((hash ? hash : end) - text), slash = n == 0 || *text != '/';
    if (n + slash >= sizeof u->target)
        return refuse(why, &too_long, "at most 8000 octets of path and query", "%zu", n + slash);
    u->target[0] = '/';
    memcpy(u->target + slash, text, n);
    u->target[slash + n] = '\0';
    return true;
}

/* A host of other letters than ASCII in the form that travels, xn-- (RFC 5891 §4); what is ASCII stays as it is. */
enum { AUTHORITY = DNS_NAME + 8 };
static bool in_ascii(struct bytes *authority, char out[AUTHORITY], struct fault *why)
{
    const char *text = (const char *)authority->at, *colon = memchr(text, ':', authority->n);
    size_t host = colon ? (size_t)(colon - text) : authority->n, ascii = 0;
    char typed[AUTHORITY];
    while (ascii < authority->n && !(authority->at[ascii] & 0x80))
        ascii++;
    if (ascii == authority->n || authority->n >= AUTHORITY)
        return true;
    memcpy(typed, text, host);
    typed[host] = '\0';
    if (!idn_to_ascii(typed, out, why))
        return false;
    size_t n = strlen(out), port = authority->n - host;
    if (port > AUTHORITY - 1 - n)
        return refuse(why, &bad_port, "a port from 1 to 65535", "\"%.*s\"", shown(port), text + host);
    memcpy(out + n, text + host, port);
    out[n + port] = '\0';
    *authority = (struct bytes){ (const uint8_t *)out, n + port };
    return true;
}

bool url_parse(const char *text, struct url *out, struct fault *why)
{
    const char *end = text + strlen(text);
    char ascii[AUTHORITY];
    bool https;
    *out = (struct url){ 0 };
    if (!read_scheme(&text, end, &https, why))
        return false;
    struct bytes authority = { (const uint8_t *)text, strcspn(text, "/?#") };
    const char *behind = text + authority.n;
    if (!in_ascii(&authority, ascii, why) || !check_characters((const char *)authority.at, authority.n, why)
        || !check_characters(behind, (size_t)(end - behind), why)
        || !url_read_authority((const char *)authority.at, authority.n, out, why))
        return false;
    out->https = https;
    if (!out->port_given)
        out->port = https ? 443 : 80;
    return read_target(behind, end, out, why);
}

char *url_authority(const struct url *u, char *out, size_t room)
{
    const char *open = u->ip.len == 16 ? "[" : "", *close = u->ip.len == 16 ? "]" : "";
    if (u->port == (u->https ? 443 : 80))
        snprintf(out, room, "%s%s%s", open, u->host, close);
    else
        snprintf(out, room, "%s%s%s:%u", open, u->host, close, u->port);
    return out;
}
