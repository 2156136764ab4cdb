/* Values of a filter: numbers, seconds, texts, octets, addresses. */
#include "net/filter_inside.h"

#include <string.h>

static const uint64_t second = 1000000000;

/* A digit's value; 99: it is none. */
static unsigned digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a' + 10);
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10) : 99;
}

static bool read_number(const char *text, size_t n, uint64_t *v)
{
    unsigned base = 10;
    if (n > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
        n -= 2;
    }
    for (*v = 0; n; n--, text++) {
        unsigned d = digit(*text);
        if (d >= base || *v > (UINT64_MAX - d) / base)
            return false;
        *v = *v * base + d;
    }
    return true;
}

static bool is_word(const char *text, size_t n, const char *word)
{
    return n == strlen(word) && memcmp(text, word, n) == 0;
}

static bool read_plain(const char *text, size_t n, uint64_t *v)
{
    *v = is_word(text, n, "true") || is_word(text, n, "True") || is_word(text, n, "TRUE");
    if (*v || is_word(text, n, "false") || is_word(text, n, "False") || is_word(text, n, "FALSE"))
        return true;
    return n && read_number(text, n, v);
}

/* "-1.25": nanoseconds, as a signed number. */
static bool read_seconds(const char *text, size_t n, uint64_t *v)
{
    bool minus = n && *text == '-';
    uint64_t unit = second;
    text += minus;
    n -= minus;
    size_t whole = 0;
    while (whole < n && text[whole] != '.')
        whole++;
    if (!whole || !read_number(text, whole, v) || *v > INT64_MAX / second - 1)
        return false;
    *v *= second;
    for (size_t i = whole + 1; i < n; i++) {
        unsigned d = digit(text[i]);
        if (d > 9)
            return false;
        *v += d * (unit /= 10);
    }
    *v = minus ? 0 - *v : *v;
    return true;
}

/* "8000..8080" */
static bool read_range(const char *text, size_t n, enum filter_type type, struct filter_literal *l)
{
    bool (*read)(const char *, size_t, uint64_t *) = type == FILTER_TIME ? read_seconds : read_plain;
    size_t dots = 0;
    while (dots + 1 < n && memcmp(text + dots, "..", 2) != 0)
        dots++;
    if (dots + 1 >= n) {
        bool good = read(text, n, &l->number);
        l->last = l->number;
        return good;
    }
    return read(text, dots, &l->number) && read(text + dots + 2, n - dots - 2, &l->last);
}

/* What a backslash makes of the characters behind it: how many they are. */
static size_t escaped(const char *text, size_t n, uint8_t *octet)
{
    if (n >= 3 && text[0] == 'x' && digit(text[1]) < 16 && digit(text[2]) < 16) {
        *octet = (uint8_t)(digit(text[1]) * 16 + digit(text[2]));
        return 3;
    }
    *octet = text[0] == 'n' ? '\n' : text[0] == 'r' ? '\r' : text[0] == 't' ? '\t' : (uint8_t)text[0];
    return 1;
}

static bool read_text(const char *text, size_t n, bool quoted, struct filter_literal *l)
{
    for (size_t i = 0; i < n;) {
        if (l->n == FILTER_LITERAL)
            return false;
        if (quoted && text[i] == '\\' && i + 1 < n)
            i += 1 + escaped(text + i + 1, n - i - 1, &l->octets[l->n++]);
        else
            l->octets[l->n++] = (uint8_t)text[i++];
    }
    return true;
}

/* "01:ab", "01-ab", "01ab" */
static bool read_octets(const char *text, size_t n, struct filter_literal *l)
{
    for (size_t i = 0; i < n; i += 2) {
        if (l->n && (text[i] == ':' || text[i] == '-' || text[i] == '.'))
            i++;
        if (l->n == FILTER_LITERAL || i + 1 >= n || digit(text[i]) > 15 || digit(text[i + 1]) > 15)
            return false;
        l->octets[l->n++] = (uint8_t)(digit(text[i]) * 16 + digit(text[i + 1]));
    }
    return l->n > 0;
}

static bool read_net(const char *text, size_t n, struct filter_literal *l)
{
    size_t slash = 0;
    uint64_t prefix;
    while (slash < n && text[slash] != '/')
        slash++;
    if (!addr_parse(text, slash, &l->addr))
        return false;
    l->prefix = l->addr.len * 8u;
    if (slash == n)
        return true;
    if (slash + 1 == n || !read_number(text + slash + 1, n - slash - 1, &prefix) || prefix > l->prefix)
        return false;
    l->prefix = (unsigned)prefix;
    return true;
}

bool filter_read_literal(const char *text, size_t n, bool quoted, enum filter_type type, struct filter_literal *l)
{
    memset(l, 0, sizeof *l);
    switch (type) {
    case FILTER_NUMBER:
    case FILTER_TIME:    return !quoted && read_range(text, n, type, l);
    case FILTER_ADDRESS: return read_net(text, n, l);
    case FILTER_OCTETS:  return quoted ? read_text(text, n, true, l) : read_octets(text, n, l);
    case FILTER_TEXT:    return read_text(text, n, quoted, l);
    default:             return false;
    }
}
