#include "trace/pen.h"

#include "trace/text.h"

#include <string.h>

static void put(struct pen *p, const char *octets, size_t n)
{
    if (n < sizeof p->line - p->n) {                  /* a newline always fits */
        memcpy(p->line + p->n, octets, n);
        p->n += n;
    }
}

void pen_ink(struct pen *p, enum ink ink)
{
    static const char *const codes[] = {
        [INK_PLAIN] = "\033[0m", [INK_BOLD] = "\033[1m", [INK_DIM] = "\033[2m",
        [INK_RED] = "\033[31m", [INK_GREEN] = "\033[32m", [INK_YELLOW] = "\033[33m",
        [INK_BLUE] = "\033[34m", [INK_CYAN] = "\033[36m",
    };
    if (p->color)
        put(p, codes[ink], strlen(codes[ink]));
}

void pen_some(struct pen *p, const char *text, size_t n)
{
    put(p, text, n);
    p->column += text_width(text, n);
}

void pen_text(struct pen *p, const char *text) { pen_some(p, text, strlen(text)); }

void pen_mark(struct pen *p, enum glyph g)
{
    static const char *const box[GLYPHS] = {
        [GLYPH_DASH] = "─", [GLYPH_LIFE] = "│", [GLYPH_LEAVES] = "├", [GLYPH_LEAVES_LEFT] = "┤",
        [GLYPH_RIGHT] = "▶", [GLYPH_LEFT] = "◀", [GLYPH_STATE] = "●", [GLYPH_LOST] = "x",
        [GLYPH_YES] = "✓", [GLYPH_NO] = "✗", [GLYPH_NEITHER] = "·",
    };
    static const char *const ascii[GLYPHS] = {
        [GLYPH_DASH] = "-", [GLYPH_LIFE] = "|", [GLYPH_LEAVES] = "+", [GLYPH_LEAVES_LEFT] = "+",
        [GLYPH_RIGHT] = ">", [GLYPH_LEFT] = "<", [GLYPH_STATE] = "*", [GLYPH_LOST] = "x",
        [GLYPH_YES] = "+", [GLYPH_NO] = "!", [GLYPH_NEITHER] = "-",
    };
    const char *mark = p->ascii ? ascii[g] : box[g];
    put(p, mark, strlen(mark));
    p->column++;
}

void pen_to(struct pen *p, unsigned column)
{
    for (; p->column < column; p->column++)
        put(p, " ", 1);
}

void pen_dash(struct pen *p, unsigned column)
{
    while (p->column < column)
        pen_mark(p, GLYPH_DASH);
}

void pen_end(struct pen *p)
{
    while (p->n && p->line[p->n - 1] == ' ')
        p->n--;
    p->line[p->n] = '\n';
    p->sink->write(p->sink, p->line, p->n + 1);
    p->blank = p->n == 0;
    p->n = p->column = 0;
}

const char *pen_words(const struct pen *p, const char *text, char *out, size_t room)
{
    return p->ascii ? text_ascii(text, p->keep_wide, out, room) : text;
}

void pen_wrap(struct pen *p, const char *text, unsigned indent, unsigned columns)
{
    char likeness[PEN_LINE];
    const char *line;
    size_t n;
    pen_to(p, indent);
    text = pen_words(p, text, likeness, sizeof likeness);
    unsigned room = columns > p->column + 8 ? columns - p->column : 8;
    for (const char *rest = text; text_line(&rest, room, &line, &n);) {
        if (line != text + strspn(text, " ")) {
            pen_end(p);
            pen_to(p, indent);
            room = columns > indent + 8 ? columns - indent : 8;
        }
        pen_some(p, line, n);
    }
}
