#include "trace/ladder_draw.h"

#include "trace/say.h"
#include "trace/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* columns; SHAFT: what an arrow needs around its label */
enum { NUMBER = 0, TIME_END = 15, LEFT_LIFE = 16, INDENT = 4, SHAFT = 5 };

static unsigned right_life(unsigned columns) { return columns - 1; }

unsigned draw_room(unsigned columns) { return right_life(columns) - LEFT_LIFE - 1 - SHAFT; }

static void draw_time(struct pen *p, nsec at)
{
    char words[32];
    say_ms(words, sizeof words, at);
    unsigned width = text_width(words, strlen(words));
    pen_to(p, width < TIME_END ? TIME_END - width : 0);
    pen_text(p, words);
}

void draw_names(struct pen *p, unsigned columns, const char *left, const char *right)
{
    char likeness[160];
    pen_to(p, LEFT_LIFE);
    pen_ink(p, INK_BOLD);
    pen_text(p, pen_words(p, left, likeness, sizeof likeness));
    pen_text(p, "  ");
    right = pen_words(p, right, likeness, sizeof likeness);
    unsigned width = text_width(right, strlen(right));
    pen_to(p, width < columns ? columns - width : 0);
    pen_text(p, right);
    pen_ink(p, INK_PLAIN);
    pen_end(p);
}

void draw_remark(struct pen *p, unsigned columns, enum ink ink, const char *text)
{
    char likeness[PEN_LINE];
    const char *line, *rest = pen_words(p, text, likeness, sizeof likeness);
    for (size_t n; text_line(&rest, draw_room(columns), &line, &n);) {
        pen_to(p, LEFT_LIFE);
        pen_mark(p, GLYPH_LIFE);
        pen_to(p, LEFT_LIFE + INDENT);
        pen_ink(p, ink);
        pen_some(p, line, n);
        pen_ink(p, INK_PLAIN);
        pen_to(p, right_life(columns));
        pen_mark(p, GLYPH_LIFE);
        pen_end(p);
    }
}

/* From the sender's lifeline to the receiver's, or, when it was lost, not quite. */
static void draw_arrow(struct pen *p, unsigned columns, const struct rung *r, const char *label, size_t n)
{
    unsigned right = right_life(columns);
    pen_to(p, LEFT_LIFE);
    pen_mark(p, r->leftward ? GLYPH_LIFE : GLYPH_LEAVES);
    pen_ink(p, r->lost ? INK_RED : r->leftward ? INK_GREEN : INK_CYAN);
    if (r->leftward && r->lost)
        pen_to(p, LEFT_LIFE + 2);
    if (r->leftward)
        pen_mark(p, r->lost ? GLYPH_LOST : GLYPH_LEFT);
    pen_dash(p, LEFT_LIFE + INDENT - 1);
    pen_to(p, LEFT_LIFE + INDENT);
    pen_some(p, label, n);
    pen_text(p, " ");
    pen_dash(p, r->leftward ? right : right - (r->lost ? 2 : 1));
    if (!r->leftward)
        pen_mark(p, r->lost ? GLYPH_LOST : GLYPH_RIGHT);
    pen_ink(p, INK_PLAIN);
    pen_to(p, right);
    pen_mark(p, r->leftward ? GLYPH_LEAVES_LEFT : GLYPH_LIFE);
}

static void draw_number(struct pen *p, char letter, uint64_t number)
{
    char words[24];
    snprintf(words, sizeof words, "%c%" PRIu64, letter, number);
    pen_to(p, NUMBER);
    pen_text(p, words);
    pen_text(p, " ");
}

void draw_rung(struct pen *p, unsigned columns, const struct rung *r)
{
    char likeness[2 * sizeof r->label];
    const char *line = "", *rest = pen_words(p, r->label, likeness, sizeof likeness);
    size_t n = 0;
    text_line(&rest, draw_room(columns), &line, &n);
    draw_number(p, '#', r->number);
    draw_time(p, r->at);
    draw_arrow(p, columns, r, line, n);
    pen_end(p);
    draw_remark(p, columns, INK_PLAIN, rest);
    draw_remark(p, columns, INK_DIM, r->detail);
    draw_remark(p, columns, INK_YELLOW, r->notes);
}

void draw_states(struct pen *p, unsigned columns, nsec at, const char *left, const char *right)
{
    char likeness[2][160];
    left = pen_words(p, left, likeness[0], sizeof likeness[0]);
    right = pen_words(p, right, likeness[1], sizeof likeness[1]);
    unsigned end = right_life(columns), room = end - LEFT_LIFE - SHAFT;
    size_t left_n = text_fit(left, strlen(left), *right ? room / 2 : room);
    size_t right_n = text_fit(right, strlen(right), *left ? room / 2 : room);
    draw_time(p, at);
    pen_to(p, LEFT_LIFE);
    pen_mark(p, *left ? GLYPH_STATE : GLYPH_LIFE);
    pen_ink(p, INK_BLUE);
    pen_text(p, " ");
    pen_some(p, left, left_n);
    pen_to(p, end - 1 - text_width(right, right_n));
    pen_some(p, right, right_n);
    pen_ink(p, INK_PLAIN);
    pen_to(p, end);
    pen_mark(p, *right ? GLYPH_STATE : GLYPH_LIFE);
    pen_end(p);
}

void draw_event(struct pen *p, unsigned columns, event_no n, nsec at, const char *text)
{
    pen_ink(p, INK_DIM);
    draw_number(p, 'n', n);
    draw_time(p, at);
    pen_wrap(p, text, LEFT_LIFE, columns);
    pen_ink(p, INK_PLAIN);
    pen_end(p);
}
