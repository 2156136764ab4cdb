#include "tests/lib/json_line.h"

#include <stdint.h>
#include <string.h>

enum { NAMES = 64, DEEPEST = 8 };

struct name { const char *at; size_t n; };
struct reader { const char *at, *end, *fault; };

static bool value(struct reader *r, unsigned depth);

static bool wrong(struct reader *r, const char *fault)
{
    if (!r->fault)
        r->fault = fault;
    return false;
}

static char peek(const struct reader *r) { return r->at < r->end ? *r->at : '\0'; }
static bool digit(char c) { return c >= '0' && c <= '9'; }

static bool take(struct reader *r, char c)
{
    if (peek(r) != c)
        return false;
    r->at++;
    return true;
}

/* RFC 8259 §7: behind a backslash. */
static bool escaped(struct reader *r)
{
    char c = peek(r);
    r->at++;
    if (c && strchr("\"\\/bfnrt", c))
        return true;
    for (unsigned i = 0; c == 'u' && i < 4; i++, r->at++)
        if (!peek(r) || !strchr("0123456789abcdefABCDEF", peek(r)))
            return wrong(r, "\\u without four hex digits");
    return c == 'u' || wrong(r, "an unknown escape");
}

/* RFC 3629 §4: how many octets follow the first; 9: none such. */
static unsigned followers(unsigned char first)
{
    return first < 0x80 ? 0 : first < 0xc2 ? 9 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 9;
}

static bool string(struct reader *r, struct name *out)
{
    if (!take(r, '"'))
        return wrong(r, "a string does not begin");
    out->at = r->at;
    while (r->at < r->end && *r->at != '"') {
        unsigned char c = (unsigned char)*r->at++;
        unsigned more = followers(c);
        if (c < 0x20 || c == 0x7f)
            return wrong(r, "a control character in a string");
        if (more > 3 || (size_t)(r->end - r->at) < more)
            return wrong(r, "not UTF-8");
        for (; more; more--, r->at++)
            if ((*r->at & 0xc0) != 0x80)
                return wrong(r, "not UTF-8");
        if (c == '\\' && !escaped(r))
            return false;
    }
    out->n = (size_t)(r->at - out->at);
    return take(r, '"') || wrong(r, "a string does not end");
}

/* Whole numbers only: what the stream counts has no fractions. */
static bool number(struct reader *r)
{
    const char *start = r->at;
    while (digit(peek(r)))
        r->at++;
    return (r->at > start && (*start != '0' || r->at == start + 1)) || wrong(r, "no number");
}

static bool object(struct reader *r, unsigned depth)
{
    struct name names[NAMES];
    for (size_t n = 0; ; n++) {
        if (n == NAMES)
            return wrong(r, "more names than this test can remember");
        if (!string(r, &names[n]) || !(take(r, ':') || wrong(r, "no colon")) || !value(r, depth))
            return false;
        for (size_t i = 0; i < n; i++)
            if (names[i].n == names[n].n && memcmp(names[i].at, names[n].at, names[n].n) == 0)
                return wrong(r, "a name twice");
        if (!take(r, ','))
            return take(r, '}') || wrong(r, "an object does not end");
    }
}

static bool array(struct reader *r, unsigned depth)
{
    if (take(r, ']'))
        return true;
    do
        if (!value(r, depth))
            return false;
    while (take(r, ','));
    return take(r, ']') || wrong(r, "an array does not end");
}

static bool value(struct reader *r, unsigned depth)
{
    struct name text;
    if (depth == DEEPEST)
        return wrong(r, "too deep");
    if (take(r, '{'))
        return object(r, depth + 1);
    if (take(r, '['))
        return array(r, depth + 1);
    return peek(r) == '"' ? string(r, &text) : number(r);
}

const char *json_line_fault(const char *line, size_t n)
{
    struct reader r = { .at = line, .end = line + n };
    if (peek(&r) != '{')
        return "not an object";
    if (value(&r, 0) && r.at != r.end)
        wrong(&r, "something behind the object");
    return r.fault;
}
