#include "net/addr.h"
#include "trace/who.h"

#include <stdio.h>
#include <string.h>

struct addr addr_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    return (struct addr){ .len = 4, .octets = { a, b, c, d } };
}

/* "10.0.0.2", four decimal numbers without leading zeros: what some read as octal is refused by all who must
 * agree. */
static bool parse_v4(const char *text, const char *end, uint8_t out[4])
{
    for (int i = 0; i < 4; i++) {
        if (i && (text == end || *text++ != '.'))
            return false;
        const char *first = text;
        unsigned value = 0;
        while (text < end && *text >= '0' && *text <= '9' && text - first < 3)
            value = value * 10 + (unsigned)(*text++ - '0');
        if (text == first || value > 255 || (*first == '0' && text - first > 1))
            return false;
        out[i] = (uint8_t)value;
    }
    return text == end;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One to four hex digits; how many were there. */
static int parse_group(const char *text, const char *end, uint8_t out[2])
{
    unsigned value = 0;
    int n = 0;
    for (; n < 4 && text + n < end && hex_digit(text[n]) >= 0; n++)
        value = value << 4 | (unsigned)hex_digit(text[n]);
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
    return n;
}

/* RFC 4291 §2.2: eight groups of hex digits; `::` once, for one or more groups of zeros; the last 4 octets
 * maybe as IPv4. */
static bool parse_v6(const char *text, const char *end, uint8_t out[16])
{
    uint8_t octets[16] = { 0 };
    size_t n = 0, gap = 17; /* octets so far; how many of them stand before the `::` */
    if (end - text >= 2 && text[0] == ':' && text[1] == ':') {
        gap = 0;
        text += 2;
    }
    while (text < end) {
        if (n <= 12 && parse_v4(text, end, octets + n)) {
            n += 4;
            text = end;
            break;
        }
        int digits = n < 16 ? parse_group(text, end, octets + n) : 0;
        if (digits == 0)
            return false;
        n += 2;
        text += digits;
        if (text == end)
            break;
        if (*text++ != ':' || text == end)
            return false;
        if (*text == ':') {
            if (gap <= 16)
                return false;
            gap = n;
            text++;
        }
    }
    if (gap > 16 ? n != 16 : n > 14)
        return false;
    size_t before = gap > 16 ? n : gap;
    memset(out, 0, 16);
    memcpy(out, octets, before);
    memcpy(out + 16 - (n - before), octets + before, n - before);
    return true;
}

bool addr_parse(const char *text, size_t n, struct addr *out)
{
    struct addr a = { 0 };
    if (parse_v4(text, text + n, a.octets))
        a.len = 4;
    else if (parse_v6(text, text + n, a.octets))
        a.len = 16;
    else
        return false;
    *out = a;
    return true;
}

char *addr_text(const struct addr *a, char out[ADDR_TEXT])
{
    if (!*who_text(a->octets, a->len, out, ADDR_TEXT))
        snprintf(out, ADDR_TEXT, "none");
    return out;
}
