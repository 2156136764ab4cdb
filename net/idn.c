#include "net/idn.h"
#include "trace/utf8.h"

#include <string.h>

static const struct ground not_text   = { "dns.idn_not_text", "RFC 5891 §4.2.1" };
static const struct ground no_letter  = { "dns.idn_no_letter", "RFC 5892 §2" };
static const struct ground label_long = { "dns.label_too_long", "RFC 1035 §2.3.4" };
static const struct ground name_long  = { "dns.name_too_long", "RFC 1035 §2.3.4" };

/* ---- Punycode (RFC 3492 §5, §6) ---- */

enum { BASE = 36, TMIN = 1, TMAX = 26, SKEW = 38, DAMP = 700, INITIAL_BIAS = 72, INITIAL_N = 128 };

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
    uint32_t k = 0;
    delta = first ? delta / DAMP : delta / 2;
    delta += delta / points;
    for (; delta > (BASE - TMIN) * TMAX / 2; k += BASE)
        delta /= BASE - TMIN;
    return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

static uint32_t threshold(uint32_t k, uint32_t bias)
{
    return k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
}

static char digit(uint32_t d) { return (char)(d < 26 ? 'a' + d : '0' + (d - 26)); }

/* BASE: no digit. */
static uint32_t value(char c)
{
    return c >= 'a' && c <= 'z'   ? (uint32_t)(c - 'a')
           : c >= 'A' && c <= 'Z' ? (uint32_t)(c - 'A')
           : c >= '0' && c <= '9' ? (uint32_t)(c - '0') + 26 : (uint32_t)BASE;
}

/* Text that grows in bounded room. */
struct grow { char *at; size_t n, room; };

static bool put(struct grow *g, char c)
{
    if (g->n + 1 >= g->room)
        return false;
    g->at[g->n++] = c;
    return true;
}

/* A number of variable length. */
static bool put_delta(struct grow *g, uint32_t delta, uint32_t bias)
{
    for (uint32_t q = delta, k = BASE;; k += BASE) {
        uint32_t t = threshold(k, bias);
        if (q < t)
            return put(g, digit(q));
        if (!put(g, digit(t + (q - t) % (BASE - t))))
            return false;
        q = (q - t) / (BASE - t);
    }
}

static uint32_t least_from(const uint32_t *points, size_t n, uint32_t from)
{
    uint32_t least = UINT32_MAX;
    for (size_t i = 0; i < n; i++)
        if (points[i] >= from && points[i] < least)
            least = points[i];
    return least;
}

bool punycode_encode(const uint32_t *points, size_t n, char *out, size_t room)
{
    struct grow g = { .at = out, .room = room };
    uint32_t code = INITIAL_N, delta = 0, bias = INITIAL_BIAS;
    for (size_t i = 0; i < n; i++)
        if (points[i] < INITIAL_N && !put(&g, (char)points[i]))
            return false;
    size_t basic = g.n, done = basic;
    if (n > DNS_NAME || (basic && !put(&g, '-')))
        return false;
    while (done < n) {
        uint32_t m = least_from(points, n, code);
        if (m - code > (UINT32_MAX - delta) / (uint32_t)(done + 1))
            return false;
        delta += (m - code) * (uint32_t)(done + 1);
        code = m;
        for (size_t i = 0; i < n; i++) {
            if (points[i] < code && ++delta == 0)
                return false;
            if (points[i] != code)
                continue;
            if (!put_delta(&g, delta, bias))
                return false;
            bias = adapt(delta, (uint32_t)done + 1, done == basic);
            delta = 0;
            done++;
        }
        delta++, code++;
    }
    out[g.n] = '\0';
    return true;
}

/* One number of variable length, added to *i. Every step is checked: CVE-2022-3602 is what happens else. */
static bool take_delta(const char **at, const char *end, uint32_t bias, uint32_t *i)
{
    for (uint32_t weight = 1, k = BASE;; k += BASE) {
        uint32_t d = *at < end ? value(*(*at)++) : (uint32_t)BASE, t = threshold(k, bias);
        if (d == BASE || d > (UINT32_MAX - *i) / weight)
            return false;
        *i += d * weight;
        if (d < t)
            return true;
        if (weight > UINT32_MAX / (BASE - t))
            return false;
        weight *= BASE - t;
    }
}

bool punycode_decode(const char *text, size_t n, uint32_t *points, size_t room, size_t *n_points)
{
    uint32_t code = INITIAL_N, i = 0, bias = INITIAL_BIAS;
    const char *at = text, *end = text + n;
    size_t count = 0;
    for (size_t k = n; k-- > 0 && !count;)
        if (text[k] == '-')
            count = k;
    if (count > room)
        return false;
    for (size_t k = 0; k < count; k++)
        if ((points[k] = (unsigned char)text[k]) >= INITIAL_N)
            return false;
    at += count ? count + 1 : 0;
    while (at < end) {
        uint32_t old = i;
        if (count == room || !take_delta(&at, end, bias, &i))
            return false;
        bias = adapt(i - old, (uint32_t)++count, old == 0);
        if (i / count > UINT32_MAX - code)
            return false;
        code += i / (uint32_t)count;
        i %= (uint32_t)count;
        if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
            return false;
        memmove(points + i + 1, points + i, (count - 1 - i) * sizeof *points);
        points[i++] = code;
    }
    *n_points = count;
    return true;
}

/* ---- letters ---- */

/* Upper case whose lower case lies `off` further, each letter or every other one. */
static const struct { uint32_t from, to; uint32_t off; bool pairs; } cases[] = {
    { 'A', 'Z', 0x20, false },          { 0xc0, 0xd6, 0x20, false },       { 0xd8, 0xde, 0x20, false },
    { 0x100, 0x12f, 1, true },          { 0x132, 0x137, 1, true },         { 0x139, 0x148, 1, true },
    { 0x14a, 0x177, 1, true },          { 0x179, 0x17e, 1, true },         { 0x386, 0x386, 0x26, false },
    { 0x388, 0x38a, 0x25, false },      { 0x38c, 0x38c, 0x40, false },     { 0x38e, 0x38f, 0x3f, false },
    { 0x391, 0x3a1, 0x20, false },      { 0x3a3, 0x3ab, 0x20, false },     { 0x400, 0x40f, 0x50, false },
    { 0x410, 0x42f, 0x20, false },      { 0x460, 0x481, 1, true },         { 0x48a, 0x4bf, 1, true },
    { 0x4d0, 0x52f, 1, true },          { 0x531, 0x556, 0x30, false },     { 0x1e00, 0x1e95, 1, true },
    { 0x1ea0, 0x1eff, 1, true },
};

static uint32_t lower(uint32_t c)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (c >= cases[i].from && c <= cases[i].to)
            return cases[i].pairs ? c + ((c - cases[i].from) % 2 == 0) : c + cases[i].off;
    return c;
}

/* What a Chinese or Japanese keyboard has for a dot (RFC 5895 §2). */
static bool is_dot(uint32_t c) { return c == '.' || c == 0x3002 || c == 0xff0e || c == 0xff61; }

static bool is_letter(uint32_t c, bool first)
{
    bool space = c == 0xa0 || (c >= 0x2000 && c <= 0x200f) || c == 0x202f || c == 0x205f || c == 0x3000;
    bool private = (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000 || (c & 0xfffe) == 0xfffe;
    return c < INITIAL_N || !(space || private || utf8_hidden(c) || (first && utf8_columns(c) == 0));
}

/* ---- names ---- */

/* One label's points, written as they travel. */
static bool put_label(struct grow *g, const uint32_t *points, size_t n, const char *typed, struct fault *why)
{
    char puny[DNS_LABEL_MAX + 1] = "";
    bool ascii = true;
    for (size_t i = 0; i < n; i++)
        ascii &= points[i] < INITIAL_N;
    if (!ascii && !punycode_encode(points, n, puny, sizeof puny - 4))
        return refuse_about(why, &label_long, typed, "at most 63 characters between two dots", "more, in Punycode");
    for (const char *at = ascii ? "" : "xn--"; *at; at++)
        if (!put(g, *at))
            return refuse_about(why, &name_long, typed, "a name of at most 253 characters", "more, in Punycode");
    for (size_t i = 0; ascii ? i < n : puny[i] != 0; i++)
        if (!put(g, ascii ? (char)points[i] : puny[i]))
            return refuse_about(why, &name_long, typed, "a name of at most 253 characters", "more, in Punycode");
    return true;
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= INITIAL_N)
            return false;
    return true;
}

/* The next letter, in lower case; 0: refused. */
static size_t take_letter(const char *at, const char *end, bool first, uint32_t *code, struct fault *why)
{
    size_t n = utf8_next((const uint8_t *)at, (size_t)(end - at), code);
    if (n == 0) {
        refuse(why, &not_text, "a name in UTF-8", "octet 0x%02x", (unsigned)(unsigned char)*at);
        return 0;
    }
    if (!is_letter(*code, first)) {
        refuse(why, &no_letter, "letters, digits and hyphens in a name", "U+%04X", (unsigned)*code);
        return 0;
    }
    *code = lower(*code);
    return n;
}

bool idn_to_ascii(const char *typed, char name[DNS_NAME], struct fault *why)
{
    struct grow g = { .at = name, .room = DNS_NAME };
    uint32_t points[DNS_LABEL_MAX];
    size_t n = 0;
    const char *at = typed, *end = typed + strlen(typed);
    if (is_ascii(typed)) {
        if (end - typed >= DNS_NAME)
            return refuse(why, &name_long, "a name of at most 253 characters", "%zu", (size_t)(end - typed));
        memcpy(name, typed, (size_t)(end - typed) + 1);
        return true;
    }
    while (at < end) {
        uint32_t code;
        size_t took = take_letter(at, end, n == 0, &code, why);
        if (!took)
            return false;
        at += took;
        if (is_dot(code)) {
            if (!put_label(&g, points, n, typed, why) || !put(&g, '.'))
                return refuse(why, &name_long, "a name of at most 253 characters", "more, in Punycode");
            n = 0;
        } else if (n == DNS_LABEL_MAX) {
            return refuse_about(why, &label_long, typed, "at most 63 characters between two dots", "more, in Punycode");
        } else {
            points[n++] = code;
        }
    }
    if (!put_label(&g, points, n, typed, why))
        return false;
    name[g.n] = '\0';
    return true;
}

static bool put_utf8(struct grow *g, uint32_t c)
{
    if (c < 0x80)
        return put(g, (char)c);
    if (c < 0x800)
        return put(g, (char)(0xc0 | c >> 6)) && put(g, (char)(0x80 | (c & 0x3f)));
    if (c < 0x10000)
        return put(g, (char)(0xe0 | c >> 12)) && put(g, (char)(0x80 | (c >> 6 & 0x3f)))
               && put(g, (char)(0x80 | (c & 0x3f)));
    return put(g, (char)(0xf0 | c >> 18)) && put(g, (char)(0x80 | (c >> 12 & 0x3f)))
           && put(g, (char)(0x80 | (c >> 6 & 0x3f))) && put(g, (char)(0x80 | (c & 0x3f)));
}

/* A label with xn-- that says nothing allowed stays as it is (RFC 5891 §5.3). */
static bool put_readable(struct grow *g, const char *label, size_t n, bool *any)
{
    uint32_t points[DNS_LABEL_MAX];
    size_t count = 0;
    bool good = n > 4 && strncmp(label, "xn--", 4) == 0 &&
                punycode_decode(label + 4, n - 4, points, DNS_LABEL_MAX, &count);
    for (size_t i = 0; i < count && good; i++)
        good = is_letter(points[i], i == 0) && !is_dot(points[i]);
    *any |= good;
    for (size_t i = 0; i < (good ? count : n); i++)
        if (!put_utf8(g, good ? points[i] : (unsigned char)label[i]))
            return false;
    return true;
}

bool idn_to_unicode(const char *name, char text[IDN_TEXT])
{
    struct grow g = { .at = text, .room = IDN_TEXT };
    bool any = false;
    while (*name) {
        size_t n = strcspn(name, ".");
        if (!put_readable(&g, name, n, &any) || (name[n] && !put(&g, '.')))
            return false;
        name += n + (name[n] == '.');
    }
    text[g.n] = '\0';
    return any;
}
