#include "trace/text.h"

#include "trace/utf8.h"

#include <stdio.h>
#include <string.h>

/* One character: its octets (a broken one counts as one octet), and its columns. */
static size_t next(const char *at, size_t n, unsigned *columns)
{
    uint32_t code = 0;
    size_t size = utf8_next((const uint8_t *)at, n, &code);
    *columns = size ? utf8_columns(code) : 1;
    return size ? size : 1;
}

unsigned text_width(const char *text, size_t n)
{
    unsigned width = 0, one;
    for (size_t at = 0; at < n; width += one)
        at += next(text + at, n - at, &one);
    return width;
}

size_t text_fit(const char *text, size_t n, unsigned columns)
{
    size_t at = 0;
    for (unsigned width = 0, one; at < n; width += one) {
        size_t size = next(text + at, n - at, &one);
        if (width + one > columns)
            break;
        at += size;
    }
    return at;
}

bool text_join(char *out, size_t room, const char *more)
{
    static const char ellipsis[] = "…";
    size_t have = strlen(out), n = strlen(more);
    if (have + n < room) {
        memcpy(out + have, more, n + 1);
        return true;
    }
    if (room < sizeof ellipsis)
        return false;
    /* how far characters may reach, counted from the start of `out` */
    size_t limit = room - sizeof ellipsis, at = 0;
    for (unsigned one; at < n;) {
        size_t size = next(more + at, n - at, &one);
        if (have + at + size > limit)
            break;
        at += size;
    }
    /* what was there before fills the room: make it give way */
    while (have > limit)
        do
            have--;
        while (have && ((unsigned char)out[have] & 0xc0) == 0x80);
    memcpy(out + have, more, at);
    memcpy(out + have + at, ellipsis, sizeof ellipsis);
    return false;
}

/* One character in ASCII. */
static const char *likeness(uint32_t code, char word[16])
{
    static const struct { uint32_t code; const char *word; } known[] = {
        { 0x2026, "..." }, { 0x2192, "->" }, { 0x2190, "<-" }, { 0x00a7, "section " }, { 0x00b7, "-" },
        { 0x2013, "-" }, { 0x2014, "--" }, { 0x2019, "'" }, { 0x2018, "'" }, { 0x201c, "\"" },
        { 0x201d, "\"" }, { 0x00d7, "x" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return known[i].word;
    snprintf(word, 16, code < 0x80 ? "%c" : "<U+%04X>", (int)code);
    return word;
}

char *text_ascii(const char *text, bool keep_wide, char *out, size_t room)
{
    size_t n = strlen(text), have = 0;
    for (size_t i = 0, size; i < n && room; i += size) {
        uint32_t code = 0;
        char word[16];
        size = utf8_next((const uint8_t *)text + i, n - i, &code);
        bool kept = size && keep_wide && utf8_columns(code) == 2;
        const char *like = kept ? text + i : size ? likeness(code, word) : "?";
        size_t n_like = kept ? size : strlen(like);
        size = size ? size : 1;
        if (n_like >= room - have)
            break;
        memcpy(out + have, like, n_like);
        have += n_like;
    }
    if (room)
        out[have] = 0;
    return out;
}

static bool begins_with_one(const char *at, const char *const *marks)
{
    for (; *marks; marks++)
        if (strncmp(at, *marks, strlen(*marks)) == 0)
            return true;
    return false;
}

/* Marks that a line must not begin with. */
static bool closes(const char *at)
{
    static const char *const marks[] = { "、", "。", "，", "：", "；", "！", "？", "）", "」", "』", "》", "”", "’",
                                         "…", "—", ",", ".", ";", ":", ")", NULL };
    return begins_with_one(at, marks);
}

/* Marks that a line must not end with. */
static bool opens(const char *at)
{
    static const char *const marks[] = { "（", "「", "『", "《", "“", "‘", "(", NULL };
    return begins_with_one(at, marks);
}

/* A number stays with the word before it: "win 64240", "(1)". */
static bool is_number(const char *at) { return *at == '(' || (*at >= '0' && *at <= '9'); }

/* Where a line of so many columns ends, in octets; n when all of it fits. Of the places where it may end, a
 * gap of two spaces is the best, one before a number the worst. */
static size_t line_end(const char *at, size_t n, unsigned columns)
{
    size_t pos = 0, worst = 0, word = 0, group = 0;
    bool was_wide = false, was_open = false;
    for (unsigned width = 0, one; pos < n; width += one) {
        size_t size = next(at + pos, n - pos, &one);
        if (at[pos] == ' ' || ((one == 2 || was_wide) && !was_open && !closes(at + pos)))
            worst = pos;
        if (worst == pos && !is_number(at + pos + strspn(at + pos, " ")))
            word = pos;
        if (at[pos] == ' ' && at[pos + 1] == ' ' && width >= columns / 2)
            group = pos;
        if (width + one > columns && at[pos] != ' ')
            return group ? group : word ? word : worst ? worst : pos ? pos : size;
        was_wide = one == 2;
        was_open = opens(at + pos);
        pos += size;
    }
    return n;
}

bool text_line(const char **rest, unsigned columns, const char **line, size_t *n)
{
    const char *at = *rest + strspn(*rest, " ");
    size_t end = line_end(at, strlen(at), columns);
    *line = at;
    *rest = at + end;
    while (end && at[end - 1] == ' ')
        end--;
    *n = end;
    return end > 0;
}
