#include "cmd/phrase.h"
#include "trace/text.h"

#include <string.h>

enum { DEPTH = 5, PIECE = 1024 };

/* A hole of a format: its letter, and where the format goes on. */
static char hole(const char *format, const char **after)
{
    const char *at = format + 1 + strspn(format + 1, "-+ #0123456789.*hlzjt");
    *after = *at ? at + 1 : at;
    return *at;
}

static size_t span_of(char letter, const char *text)
{
    size_t sign = *text == '-' || *text == '+', n;
    switch (letter) {
    case 'd': case 'i': case 'u':
        n = strspn(text + sign, "0123456789");
        return n ? n + sign : 0;
    case 'x': case 'X':
        return strspn(text, "0123456789abcdefABCDEF");
    case 'c':
        return *text != 0;
    default:
        return 0;
    }
}

static bool fits(const char *format, const char *text, struct phrase_hole *holes, unsigned left,
                 unsigned *literal)
{
    while (*format && (*format != '%' || format[1] == '%')) {
        if (*format != *text)
            return false;
        format += *format == '%' ? 2 : 1;
        text++;
        ++*literal;
    }
    if (!*format)
        return !*text;
    const char *after;
    char letter = hole(format, &after);
    if (!left)
        return false;
    if (letter != 's') {
        size_t n = span_of(letter, text);
        *holes = (struct phrase_hole){ text, n };
        return n && fits(after, text + n, holes + 1, left - 1, literal);
    }
    /* the shortest text that leaves a rest which fits */
    for (size_t n = *after ? 0 : strlen(text); n <= strlen(text); n++) {
        unsigned more = *literal;
        if (fits(after, text + n, holes + 1, left - 1, &more)) {
            *holes = (struct phrase_hole){ text, n };
            *literal = more;
            return true;
        }
    }
    return false;
}

bool phrase_fits(const char *format, const char *text, struct phrase_hole holes[PHRASE_HOLES], unsigned *literal)
{
    *literal = 0;
    for (unsigned i = 0; i < PHRASE_HOLES; i++)
        holes[i] = (struct phrase_hole){ "", 0 };
    return fits(format, text, holes, PHRASE_HOLES, literal);
}

struct tables { const struct words_row *const *at; size_t n; };

static const struct words_row *best_row(struct tables tables, const char *text,
                                        struct phrase_hole best[PHRASE_HOLES])
{
    const struct words_row *found = NULL;
    unsigned most = 0;
    for (size_t i = 0; i < tables.n; i++)
        for (const struct words_row *r = tables.at[i]; r->layer; r++) {
            struct phrase_hole holes[PHRASE_HOLES];
            unsigned literal;
            if (strcmp(r->layer, "phrase") == 0 && (r->en[0] == text[0] || r->en[0] == '%') &&
                phrase_fits(r->en, text, holes, &literal) && literal > most) {
                most = literal;
                found = r;
                memcpy(best, holes, sizeof holes);
            }
        }
    return found;
}

static bool say_at(struct tables, const char *text, size_t n, unsigned depth, char *out, size_t room);

/* Appends the row's Chinese with what stands in the holes. */
static void expand(struct tables tables, const char *zh, const struct phrase_hole *holes, unsigned depth,
                   char *out, size_t room)
{
    while (*zh) {
        char piece[PIECE];
        bool is_hole = zh[0] == '{' && zh[1] >= '1' && zh[1] <= '0' + PHRASE_HOLES && zh[2] == '}';
        size_t n = is_hole ? 3 : 1 + strcspn(zh + 1, "{");
        const struct phrase_hole *h = is_hole ? &holes[zh[1] - '1'] : &(struct phrase_hole){ zh, n };
        snprintf(piece, sizeof piece, "%.*s", (int)h->n, h->at);
        char said[PIECE];
        text_join(out, room, is_hole && say_at(tables, h->at, h->n, depth, said, sizeof said) ? said : piece);
        zh += n;
    }
}

/* A list, or "what: of it", parted at each gap or at the first alone: each part for itself. False: none of them can be
 * said; or, where all must be, not all. */
struct list { const char *gap, *chinese; bool all, once; };

static bool say_parts(struct tables tables, const char *text, struct list list, unsigned depth, char *out, size_t room)
{
    bool any = false, every = true;
    const char *end = strstr(text, list.gap);
    if (!end)
        return false;
    out[0] = 0;
    for (;; end = list.once ? NULL : strstr(text, list.gap)) {
        char said[PIECE];
        size_t n = end ? (size_t)(end - text) : strlen(text);
        bool good = say_at(tables, text, n, depth, said, sizeof said);
        any |= good;
        every &= good;
        if (!good)
            snprintf(said, sizeof said, "%.*s", (int)n, text);
        text_join(out, room, said);
        if (!end)
            return list.all ? every : any;
        text_join(out, room, list.chinese);
        text = end + strlen(list.gap);
    }
}

static bool say_at(struct tables tables, const char *text, size_t n, unsigned depth, char *out, size_t room)
{
    struct phrase_hole holes[PHRASE_HOLES];
    char whole[PIECE];
    if (n == 0 || n >= sizeof whole || depth == DEPTH || room == 0)
        return false;
    memcpy(whole, text, n);
    whole[n] = 0;
    const struct words_row *row = best_row(tables, whole, holes);
    /* "held back, 1 ms; a second copy, 2 ms" is two phrases, and not the first with a strange number */
    if (row && strstr(whole, "; ") && !strstr(row->en, "; ")
        && say_parts(tables, whole, (struct list){ "; ", "；", true, false }, depth + 1, out, room))
        return true;
    if (row) {
        out[0] = 0;
        expand(tables, row->zh, holes, depth + 1, out, room);
        return true;
    }
    return say_parts(tables, whole, (struct list){ "; ", "；", false, false }, depth + 1, out, room) ||
           say_parts(tables, whole, (struct list){ ": ", "：", false, true }, depth + 1, out, room) ||
           say_parts(tables, whole, (struct list){ ", ", ", ", false, false }, depth + 1, out, room);
}

bool phrase_say(const struct words_row *const *tables, size_t n, const char *text, char *out, size_t room)
{
    return say_at((struct tables){ tables, n }, text, strlen(text), 0, out, room);
}
