/* verify_tree.c - the tree of candidates: which certificates could vouch for which, and what became of each way. */
#include "cmd/verify_draw.h"
#include "tls/x509/checks.h"
#include "trace/text.h"

#include <stdlib.h>
#include <string.h>

enum { INDENT = 2, STEP = 3, LINES_FEW = 12, LINES_MOST = 400, LINE = 1024 };

/* The branch that leads to a node: of each node above it, does another one come behind it? */
struct branch { bool goes_on[X509_PATH_MAX + 1]; };

/* Which are drawn: the chosen path, and of the others the first. */
static size_t choose_drawn(const struct verify_told *t, size_t most, bool *drawn)
{
    size_t left = 0, n = 0;
    for (size_t i = 0; i < t->n_nodes; i++) {
        const struct verify_node *node = &t->nodes[i];
        bool hangs = node->parent == VERIFY_TOP || drawn[node->parent];
        drawn[i] = hangs && (node->chosen || n < most) && node->depth < X509_PATH_MAX;
        n += drawn[i];
        left += !drawn[i];
    }
    return left;
}

static bool has_later(const struct verify_told *t, const bool *drawn, size_t i)
{
    for (size_t k = i + 1; k < t->n_nodes && t->nodes[k].depth >= t->nodes[i].depth; k++)
        if (drawn[k] && t->nodes[k].depth == t->nodes[i].depth)
            return true;
    return false;
}

/* The lines from above, and on the first line of a node the corner that leads to it. */
static void draw_branch(struct verify_screen *s, const struct branch *b, unsigned depth, bool corner)
{
    struct pen *p = &s->pen;
    pen_to(p, INDENT);
    for (unsigned d = 1; d <= depth; d++) {
        bool here = d == depth && corner;
        if (here) {
            pen_text(p, p->ascii ? b->goes_on[d] ? "|" : "`" : b->goes_on[d] ? "├" : "└");
            pen_mark(p, GLYPH_DASH);
        } else if (b->goes_on[d]) {
            pen_mark(p, GLYPH_LIFE);
        }
        pen_to(p, INDENT + STEP * d);
    }
}

/* Text that may take several lines, each behind the branch. */
static void draw_text(struct verify_screen *s, const struct branch *b, unsigned depth, const char *text, enum ink ink)
{
    char likeness[LINE];
    const char *line;
    size_t n;
    unsigned indent = INDENT + STEP * depth + 2, room = s->columns > indent + 20 ? s->columns - indent : 20;
    for (const char *rest = pen_words(&s->pen, text, likeness, sizeof likeness); text_line(&rest, room, &line, &n);) {
        draw_branch(s, b, depth, false);
        pen_to(&s->pen, indent);
        pen_ink(&s->pen, ink);
        pen_some(&s->pen, line, n);
        pen_ink(&s->pen, INK_PLAIN);
        pen_end(&s->pen);
    }
}

/* alone: there is no other path */
static void draw_node(struct verify_screen *s, const struct verify_node *node, const struct branch *b, bool alone)
{
    char subject[LINE], likeness[LINE], why[LINE], said[LINE];
    struct pen *p = &s->pen;
    draw_branch(s, b, node->depth, true);
    bool good = !node->refused && !(node->ends && node->path_refused && !node->chosen);
    pen_ink(p, node->refused ? INK_RED : node->chosen ? INK_GREEN : INK_DIM);
    pen_mark(p, node->refused ? GLYPH_NO : good ? GLYPH_YES : GLYPH_NEITHER);
    pen_text(p, " ");
    if (node->chosen)
        pen_ink(p, INK_BOLD);
    verify_phrase(s, node->subject, subject, sizeof subject);
    unsigned room = s->columns > p->column + 16 ? s->columns - p->column - 16 : 20;
    const char *name = pen_words(p, subject, likeness, sizeof likeness);
    pen_some(p, name, text_fit(name, strlen(name), room));
    pen_ink(p, INK_PLAIN);
    pen_text(p, "  ");
    pen_text(p, pen_words(p, verify_phrase(s, node->source, said, sizeof said), likeness, sizeof likeness));
    pen_end(p);
    if (node->refused)
        draw_text(s, b, node->depth, verify_phrase(s, node->why, why, sizeof why), INK_RED);
    if (!node->ends || (node->chosen && alone))
        return;
    const struct attr attrs[] = { attr_text("about", node->path_about), attr_text("found", node->path_why) };
    const char *end = node->chosen ? "path_chosen" : node->path_refused ? "path_refused" : "path_holds";
    draw_text(s, b, node->depth, verify_words(s, end, attrs, 2, said, sizeof said), INK_PLAIN);
}

/* What was sent and could not be read, or was not needed. */
static void draw_others(struct verify_screen *s, const struct verify_told *t)
{
    char said[LINE];
    for (size_t i = 0; i < t->n_certs; i++) {
        const struct verify_cert *cert = &t->certs[i];
        if (cert->n_rows)
            continue;
        const struct attr attrs[] = { attr_text("about", cert->about), attr_text("subject", cert->subject),
                                      attr_text("why", cert->why) };
        verify_words(s, cert->said == VERIFY_NO ? "unreadable" : "not_needed", attrs, 3, said, sizeof said);
        verify_line(s, said, INDENT);
    }
}

void verify_draw_tree(struct verify_screen *s, const struct verify_told *t)
{
    struct branch b = { { false } };
    char said[LINE];
    bool *drawn = calloc(t->n_nodes + 1, sizeof *drawn);
    size_t ends = 0, left = drawn ? choose_drawn(t, s->explain ? LINES_MOST : LINES_FEW, drawn) : 0;
    for (size_t i = 0; i < t->n_nodes; i++)
        ends += t->nodes[i].ends;
    for (size_t i = 0; drawn && i < t->n_nodes; i++) {
        if (!drawn[i])
            continue;
        b.goes_on[t->nodes[i].depth] = has_later(t, drawn, i);
        draw_node(s, &t->nodes[i], &b, ends < 2);
    }
    free(drawn);
    const struct attr attrs[] = { attr_number("n", left) };
    if (left)
        verify_line(s, verify_words(s, "candidates_left_out", attrs, 1, said, sizeof said), INDENT);
    draw_others(s, t);
}
