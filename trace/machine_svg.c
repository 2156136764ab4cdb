/* A machine drawn: states as boxes on the grid of columns and lines that machine_place or the layer gave, rows as
 * arrows. What would be a bush is folded: a trigger that leads to one state from four or more becomes a letter at each
 * of them and a line of the legend; a row that stays stands beside its state. A state that is both the first and an
 * end is drawn twice, so that the way through the machine reads from top to bottom. All numbers are whole. */
#include "trace/ascii.h"
#include "trace/machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    MARGIN = 24, LETTER = 8, SMALL = 7,               /* LETTER, SMALL: width of a state's letters, of a trigger's */
    BOX = 34, BOX_OF_TWO = 48,                        /* height of a box with a name, and with badges below it */
    LEGEND = 20, BADGE = 15, HEAD = 8, BRACKET = 34, FOLDS = 12
};

struct at { int x, y; };                              /* the middle of a box */

struct drawing {
    const struct machine *m;
    const struct machine_walk *walk;                  /* NULL: nobody walked */
    const struct machine_taken *taken;                /* the row that is being drawn, if it was taken */
    struct sink *sink;
    bool whole;
    int box, high, column, line;                      /* a box; from column to column, from line to line */
    int left, right;                                  /* what stands beside the boxes */
    unsigned columns, lines;
    const struct machine_row *folds[FOLDS]; unsigned n_folds;       /* the first row of each */
};

__attribute__((format(printf, 2, 3))) static void put(struct drawing *d, const char *words, ...)
{
    char line[640];
    va_list args;
    va_start(args, words);
    int n = vsnprintf(line, sizeof line, words, args);
    va_end(args);
    d->whole = d->whole && n >= 0 && (size_t)n < sizeof line && d->sink->write(d->sink, line, (size_t)n);
}

bool machine_folds(const struct machine *m, const struct machine_row *row)
{
    unsigned n = 0;
    for (const struct machine_row *r = m->rows; r < m->rows + m->n_rows; r++)
        n += r->to == row->to && r->from != r->to && strcmp(r->trigger, row->trigger) == 0;
    return row->from != row->to && n >= 4;
}

static unsigned fold_of(const struct drawing *d, const struct machine_row *row)
{
    unsigned f = 0;
    while (f < d->n_folds && (d->folds[f]->to != row->to || strcmp(d->folds[f]->trigger, row->trigger) != 0))
        f++;
    return f;
}

/* The letter of a fold: its trigger's first, unless an earlier one has it. */
static char letter_of(const struct drawing *d, unsigned fold)
{
    char c = ascii_upper(d->folds[fold]->trigger[0]);
    for (unsigned f = 0; f < fold; f++)
        if (letter_of(d, f) == c)
            return (char)('1' + fold);
    return c;
}

/* --- the measure of it --- */

static int half(int n) { return n / 2; }

static bool is_twice(const struct machine *m, unsigned state) { return state == 0 && m->states[0].end; }

static struct at place(const struct drawing *d, unsigned column, unsigned line)
{
    return (struct at){ d->left + half(d->box) + (int)column * d->column,
                        MARGIN + half(d->high) + (int)line * d->line };
}

static struct at middle(const struct drawing *d, unsigned state)
{
    return place(d, d->m->states[state].column, d->m->states[state].line);
}

/* The second picture of a first state: at the end of the last line. */
static struct at end_of(const struct drawing *d) { return place(d, d->columns - 1, d->lines - 1); }

static int distance(struct at a, struct at b)
{
    int x = a.x > b.x ? a.x - b.x : b.x - a.x, y = a.y > b.y ? a.y - b.y : b.y - a.y;
    return half(x) + y;
}

/* Where a row leads to: of two pictures of a state the nearer one. */
static struct at target(const struct drawing *d, const struct machine_row *r)
{
    struct at from = middle(d, r->from), to = middle(d, r->to);
    return is_twice(d->m, r->to) && distance(from, end_of(d)) < distance(from, to) ? end_of(d) : to;
}

static void measure(struct drawing *d)
{
    const struct machine *m = d->m;
    size_t name = 0, trigger = 0, beside = 0;
    for (unsigned s = 0; s < m->n_states; s++) {
        size_t n = strlen(m->states[s].name);
        name = n > name ? n : name;
        d->columns = m->states[s].column >= d->columns ? m->states[s].column + 1 : d->columns;
        d->lines = m->states[s].line >= d->lines ? m->states[s].line + 1 : d->lines;
    }
    for (const struct machine_row *r = m->rows; r < m->rows + m->n_rows; r++) {
        size_t n = strlen(r->trigger), *most = r->from == r->to ? &beside : &trigger;
        if (machine_folds(m, r)) {
            if (fold_of(d, r) == d->n_folds && d->n_folds < FOLDS)
                d->folds[d->n_folds++] = r;
        } else
            *most = n > *most ? n : *most;
    }
    d->box = (int)name * LETTER + 24;
    d->column = d->box + (int)trigger * SMALL + 16;
    d->high = d->n_folds ? BOX_OF_TWO : BOX;
    d->line = d->high + (d->columns > 1 ? 60 : 36);
    d->left = MARGIN + (beside ? ((int)beside + 3) * SMALL : d->columns > 1 ? 0 : MARGIN);
    d->right = d->columns > 1 ? MARGIN + BRACKET : BRACKET + 16 + (int)trigger * SMALL;
}

/* --- states --- */

static bool has_folds(const struct machine *m, unsigned state)
{
    for (const struct machine_row *r = NULL; (r = machine_next(m, state, r)); )
        if (machine_folds(m, r))
            return true;
    return false;
}

/* How it looks by itself; in a page with a walk its style sheet says so, by classes, and once. */
static const char *look(const struct drawing *d, const char *attributes) { return d->walk ? "" : attributes; }

/* When the row was taken, or the state entered (row -1), for the first time; NULL: never. */
static const struct machine_taken *taken(const struct drawing *d, int row, unsigned state)
{
    for (unsigned i = 0; d->walk && i < d->walk->n; i++)
        if (row < 0 ? d->m->rows[d->walk->taken[i].row].to == state : d->walk->taken[i].row == (unsigned)row)
            return &d->walk->taken[i];
    return NULL;
}

/* The rest of a class, behind it the step. */
static void put_walked(struct drawing *d, const struct machine_taken *t)
{
    if (t)
        put(d, " walked at\" data-step=\"%u\"", t->step);
    else
        put(d, "\"");
}

/* Where nobody walked, everything has an id. */
static void put_id(struct drawing *d, const char *words, int number, const char *again)
{
    if (!d->walk && number < 0)
        put(d, " id=\"%s-%s%s\"", d->m->name, words, again);
    else if (!d->walk)
        put(d, " id=\"%s-%s-%d\"", d->m->name, words, number);
    put(d, ">");
}

/* Where a walk begins, nothing was entered; what is there twice is entered at its end. */
static void draw_box(struct drawing *d, unsigned state, struct at c, bool again)
{
    const struct machine_state *s = &d->m->states[state];
    int x = c.x - half(d->box), y = c.y - half(d->high);
    put(d, "<g class=\"state%s%s", state == 0 && !again ? " first" : "", s->end ? " end" : "");
    put_walked(d, again || !is_twice(d->m, state) ? taken(d, -1, state) : NULL);
    put_id(d, s->name, -1, again ? "-again" : "");
    put(d, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"9\"%s/>",
        x, y, d->box, d->high,
        look(d, state == 0 && !again ? " fill=\"#fff\" stroke=\"#334\" stroke-width=\"2.5\""
                                     : " fill=\"#fff\" stroke=\"#334\" stroke-width=\"1.5\""));
    if (s->end && (again || !is_twice(d->m, state)))
        put(d, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"%s/>", x + 4, y + 4,
            d->box - 8, d->high - 8, look(d, " fill=\"none\" stroke=\"#334\""));
    put(d, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\"%s>%s</text></g>\n", c.x,
        c.y + 5 - (has_folds(d->m, state) ? half(BADGE) + 1 : 0),
        look(d, " font-family=\"monospace\" font-size=\"13\" fill=\"#112\""), s->name);
}

/* --- rows --- */

static void begin_row(struct drawing *d, const struct machine_row *r, const char *class)
{
    d->taken = taken(d, (int)(r - d->m->rows), 0);
    put(d, "<g class=\"row%s", class);
    put_walked(d, d->taken);
    put_id(d, "row", (int)(r - d->m->rows), "");
    if (d->taken || !d->walk)
        put(d, "<title>%s: %s, to %s (%s)</title>", d->m->states[r->from].name, r->trigger, d->m->states[r->to].name,
            r->rfc);
}

/* Beside a row's word: the step in which it was taken. */
static void put_step(struct drawing *d, int x, int y, const char *anchor)
{
    if (d->taken && d->taken->step)
        put(d, "<a href=\"#%u\"><text class=\"step\" paint-order=\"stroke\" x=\"%d\" y=\"%d\" "
            "text-anchor=\"%s\">#%u</text></a>", d->taken->step, x, y, anchor,
            d->taken->step);
}

/* A word over the arrow that it belongs to; white around it hides what is below. */
static void label(struct drawing *d, int x, int y, const char *anchor, const char *text)
{
    put(d, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" paint-order=\"stroke\"%s>%s</text>", x, y, anchor,
        look(d, " stroke=\"#fff\" stroke-width=\"7\" stroke-linejoin=\"round\" fill=\"#234\""),
        text);
    int wide = (int)strlen(text) * SMALL + 6;
    put_step(d, *anchor == 'e' ? x - wide : *anchor == 's' ? x + wide : x + half(wide) + 3, y,
             *anchor == 'e' ? "end" : "start");
}

/* The head of an arrow whose tip is at (x, y) and that goes (dx, dy), one of them 0 and the other 1 or -1. */
static void head(struct drawing *d, int x, int y, int dx, int dy)
{
    put(d, "<path d=\"M%d %dL%d %dL%d %dZ\"%s/>", x, y, x - HEAD * dx - 4 * dy, y - HEAD * dy - 4 * dx,
        x - HEAD * dx + 4 * dy, y - HEAD * dy + 4 * dx, look(d, " fill=\"#456\" stroke=\"none\""));
}

__attribute__((format(printf, 2, 3))) static void line(struct drawing *d, const char *path, ...)
{
    char text[160];
    va_list args;
    va_start(args, path);
    vsnprintf(text, sizeof text, path, args);
    va_end(args);
    put(d, "<path d=\"%s\"%s/>", text, look(d, " fill=\"none\" stroke=\"#456\" stroke-width=\"1.5\""));
}

/* Does the bow run into a box? It is looked at in sixteen places. */
static bool is_blocked(const struct drawing *d, struct at from, struct at to)
{
    for (int t = 1; t < 16; t++) {
        int u = 16 - t, near = u * u * u + 3 * u * u * t, far = t * t * t + 3 * u * t * t;
        int x = (from.x * near + to.x * far) / 4096;
        int y = (from.y * (u * u * u) + half(from.y + to.y) * 3 * u * t * (u + t) + to.y * (t * t * t)) / 4096;
        for (unsigned s = 0; s < d->m->n_states; s++) {
            struct at c = middle(d, s);
            if (x > c.x - half(d->box) && x < c.x + half(d->box) && y > c.y - half(d->high) && y < c.y + half(d->high))
                return true;
        }
    }
    return false;
}

/* Beside the column, from one box to another further down. */
static void draw_bracket(struct drawing *d, struct at a, struct at b, const char *words)
{
    int edge = a.x + half(d->box), x = edge + BRACKET, from = a.y + 7, to = b.y - 7;
    line(d, "M%d %dH%dQ%d %d %d %dV%dQ%d %d %d %dH%d", edge, from, x - 8, x, from, x, from + 8, to - 8, x, to, x - 8,
         to, edge + HEAD);
    head(d, edge, to, -1, 0);
    label(d, x + 8, half(from + to) + 4, "start", words);
}

/* Below everything that is in the way, and up again. */
static void draw_below(struct drawing *d, struct at a, struct at b, const char *words)
{
    int x = a.x - half(d->box) / 2, low = b.y + half(d->high) + 30;
    line(d, "M%d %dV%dQ%d %d %d %dH%dQ%d %d %d %dV%d", x, a.y + half(d->high), low - 8, x, low, x + 8, low, b.x - 8,
         b.x, low, b.x, low - 8, b.y + half(d->high) + HEAD);
    head(d, b.x, b.y + half(d->high), 0, -1);
    label(d, half(x + b.x), low + 4, "middle", words);
}

/* Up, then along the line of the box that it leads to: beside a row that comes down the other way. */
static void draw_up(struct drawing *d, struct at a, struct at b, const char *words)
{
    int x = a.x + half(d->box) / 2, way = b.x < a.x ? -1 : 1, edge = b.x - way * half(d->box);
    line(d, "M%d %dV%dQ%d %d %d %dH%d", x, a.y - half(d->high), b.y + 8, x, b.y, x + way * 8, b.y, edge - way * HEAD);
    head(d, edge, b.y, way, 0);
    label(d, half(x + edge), b.y - 6, "middle", words);
}

/* Straight down or in a bow. The word of a straight one stands where no other row goes. */
static void draw_down(struct drawing *d, const struct machine_row *r, struct at from, struct at to)
{
    int x = half(from.x + to.x), mid = half(from.y + to.y);
    bool right = false, last = d->columns > 1 && d->m->states[r->from].column == d->columns - 1;
    line(d, "M%d %dC%d %d %d %d %d %d", from.x, from.y, from.x, mid, to.x, mid, to.x, to.y - HEAD);
    head(d, to.x, to.y, 0, 1);
    for (const struct machine_row *o = NULL; (o = machine_next(d->m, r->from, o)); )
        right |= !machine_folds(d->m, o) && middle(d, o->to).x > middle(d, r->from).x;
    if (from.x != to.x)
        label(d, x, mid + 4, "middle", r->trigger);
    else if (last || (right && d->m->states[r->from].column > 0))
        label(d, x - 8, mid + 4, "end", r->trigger);
    else
        label(d, x + 8, mid + (right ? 20 : 4), "start", r->trigger);
}

static void draw_arrow(struct drawing *d, const struct machine_row *r)
{
    struct at a = middle(d, r->from), b = target(d, r);
    int side = half(d->box), way = a.x < b.x ? 1 : -1, shift = a.x == b.x ? 0 : way * half(side);
    struct at from = { a.x + shift, a.y + half(d->high) }, to = { b.x - shift, b.y - half(d->high) };
    bool far = (b.x - a.x) * way > d->column;
    if (a.y == b.y) {
        line(d, "M%d %dH%d", a.x + way * side, a.y, b.x - way * (side + HEAD));
        head(d, b.x - way * side, b.y, way, 0);
        label(d, half(a.x + b.x), a.y - 6, "middle", r->trigger);
    } else if (a.y > b.y)
        draw_up(d, a, b, r->trigger);
    else if (!far && !is_blocked(d, from, to))
        draw_down(d, r, from, to);
    else if (a.x == b.x)
        draw_bracket(d, a, b, r->trigger);
    else
        draw_below(d, a, b, r->trigger);
}

/* What stays in its state, beside it, one below the other. */
static void draw_stays(struct drawing *d, unsigned state)
{
    struct at c = middle(d, state);
    int y = c.y + 4, n = 0;
    for (const struct machine_row *r = NULL; (r = machine_next(d->m, state, r)); )
        n += r->to == state;
    y -= 7 * (n - 1);
    for (const struct machine_row *r = NULL; (r = machine_next(d->m, state, r)); ) {
        if (r->to != state)
            continue;
        begin_row(d, r, " stays");
        put(d, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\"%s>%s \xe2\x86\xbb</text>",
            c.x - half(d->box) - 8, y, look(d, " fill=\"#234\""), r->trigger);
        put_step(d, c.x - half(d->box) - 8 - ((int)strlen(r->trigger) + 3) * SMALL, y, "end");
        put(d, "</g>\n");
        y += 14;
    }
}

static void draw_badge(struct drawing *d, const struct machine_row *r, int x, int y)
{
    unsigned fold = fold_of(d, r);
    if (fold == d->n_folds)
        return;
    begin_row(d, r, " folded");
    put(d, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"7\"%s/>"
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\"%s>%c</text>", x, y, BADGE, BADGE,
        look(d, " fill=\"#fde\" stroke=\"#a35\""), x + half(BADGE), y + 11,
        look(d, " font-size=\"10\" fill=\"#813\""), letter_of(d, fold));
    put_step(d, x + half(BADGE), y + 30, "middle");
    put(d, "</g>\n");
}

static void draw_badges(struct drawing *d, unsigned state)
{
    struct at c = middle(d, state);
    int n = 0;
    for (const struct machine_row *r = NULL; (r = machine_next(d->m, state, r)); )
        n += machine_folds(d->m, r);
    int x = c.x - half(n * (BADGE + 4) - 4);
    for (const struct machine_row *r = NULL; (r = machine_next(d->m, state, r)); )
        if (machine_folds(d->m, r)) {
            draw_badge(d, r, x, c.y + 3);
            x += BADGE + 4;
        }
}

bool machine_svg(const struct machine *m, struct sink *sink) { return machine_svg_walked(m, NULL, sink); }

bool machine_svg_walked(const struct machine *m, const struct machine_walk *walk, struct sink *sink)
{
    struct drawing d = { .m = m, .walk = walk, .sink = sink, .whole = true };
    measure(&d);
    int low = place(&d, 0, d.lines - 1).y + half(d.high) + (d.columns > 1 ? 56 : MARGIN);
    int width = d.left + d.box + (int)(d.columns - 1) * d.column + d.right, height = low + (int)d.n_folds * LEGEND;
    put(&d, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"machine\" id=\"machine-%s\" role=\"%s\" "
        "aria-label=\"%s\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
        "font-family=\"sans-serif\" font-size=\"12\">\n",
        walk ? walk->id : m->name, walk ? "group" : "img", m->name, width, height, width, height);
    for (const struct machine_row *r = m->rows; r < m->rows + m->n_rows; r++)
        if (r->from != r->to && !machine_folds(m, r)) {
            begin_row(&d, r, "");
            draw_arrow(&d, r);
            put(&d, "</g>\n");
        }
    for (unsigned s = 0; s < m->n_states; s++) {
        draw_box(&d, s, middle(&d, s), false);
        draw_badges(&d, s);
        draw_stays(&d, s);
    }
    if (m->states[0].end)
        draw_box(&d, 0, end_of(&d), true);
    for (unsigned f = 0; f < d.n_folds; f++, low += LEGEND)
        put(&d, "<text x=\"%d\" y=\"%d\" fill=\"#813\">%c: %s \xe2\x86\x92 %s</text>\n", d.left, low, letter_of(&d, f),
            d.folds[f]->trigger, m->states[d.folds[f]->to].name);
    put(&d, "</svg>\n");
    return d.whole;
}
