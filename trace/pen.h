/* pen.h - drawing lines of a terminal, from left to right. Knows columns, colour and the two alphabets (box
 * characters or ASCII).
 *
 * Text handed in is UTF-8, already harmless (trace/show.h) and of the pen's alphabet (pen_words). Colour is
 * decoration: who reads without it misses nothing. A line is written when it ends. */
#ifndef TRACE_PEN_H
#define TRACE_PEN_H

#include "trace/trace.h"

enum { PEN_LINE = 2048 };

enum ink { INK_PLAIN, INK_BOLD, INK_DIM, INK_RED, INK_GREEN, INK_YELLOW, INK_BLUE, INK_CYAN };

enum glyph {
    GLYPH_DASH, GLYPH_LIFE, GLYPH_LEAVES, GLYPH_LEAVES_LEFT, GLYPH_RIGHT, GLYPH_LEFT,
    GLYPH_STATE, GLYPH_LOST, GLYPH_YES, GLYPH_NO, GLYPH_NEITHER, GLYPHS
};

struct pen {
    struct sink *sink;
    /* blank: the last line was empty, or there is none yet */
    /* keep_wide: letters that ASCII has no likeness for stay, the drawing is ASCII */
    bool color, ascii, keep_wide, blank;
    unsigned column;                                  /* where the next character goes, from 0 */
    size_t n;
    char line[PEN_LINE];
};

void pen_ink (struct pen *, enum ink);
void pen_text(struct pen *, const char *text);
void pen_some(struct pen *, const char *text, size_t n);
void pen_mark(struct pen *, enum glyph);
/* with spaces; stays where it is when already there or beyond */
void pen_to  (struct pen *, unsigned column);
void pen_dash(struct pen *, unsigned column);         /* the same, with GLYPH_DASH */
/* ends the line, without spaces at its end, and writes it */
void pen_end (struct pen *);
/* The text in the pen's alphabet: itself, or its likeness in ASCII, written to `out`. */
const char *pen_words(const struct pen *, const char *text, char *out, size_t room);

/* Text of any alphabet that may take several lines: it begins here, the next lines at column `indent`; none
 * is wider than `columns`. The last is not ended. */
void pen_wrap(struct pen *, const char *text, unsigned indent, unsigned columns);

#endif
