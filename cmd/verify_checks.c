/* verify_checks.c - the checks of the path that the verdict is about: certificate, check, expected, found, RFC. */
#include "cmd/verify_draw.h"
#include "trace/show.h"
#include "trace/text.h"

#include <stdio.h>
#include <string.h>

enum { INDENT = 2, CHECK = 4, TEXT = 1024 };

/* What a check could not say of revocation is told in a line of its own, as a skipped one is. */
static bool shown(const struct verify_screen *s, const struct verify_row *row)
{
    return s->explain || row->said == VERIFY_NO;
}

static void draw_part(struct verify_screen *s, const char *name, const char *text, enum ink ink)
{
    char said[TEXT], head[TEXT];
    unsigned indent = CHECK + 2, most = 0;
    static const char *const heads[] = { "expected", "found", "why" };
    for (unsigned i = 0; i < 3; i++) {
        const char *one = words_find(s->words, "verify", heads[i]);
        unsigned width = one ? text_width(one, strlen(one)) : 8;
        most = width > most ? width : most;
    }
    pen_to(&s->pen, indent);
    pen_ink(&s->pen, INK_DIM);
    verify_words(s, name, NULL, 0, head, sizeof head);
    pen_text(&s->pen, head);
    pen_ink(&s->pen, ink);
    pen_to(&s->pen, indent + most + 2);
    snprintf(said, sizeof said, "%s", text);
    pen_wrap(&s->pen, said, indent + most + 2, s->columns);
    pen_ink(&s->pen, INK_PLAIN);
    pen_end(&s->pen);
}

static void draw_row(struct verify_screen *s, const struct verify_row *row)
{
    char text[TEXT], key[64];
    struct pen *p = &s->pen;
    bool bad = row->said == VERIFY_NO;
    pen_to(p, CHECK);
    pen_ink(p, bad ? INK_RED : row->said == VERIFY_YES ? INK_GREEN : INK_YELLOW);
    pen_mark(p, bad ? GLYPH_NO : row->said == VERIFY_YES ? GLYPH_YES : GLYPH_NEITHER);
    pen_text(p, " ");
    pen_text(p, row->name);
    pen_ink(p, INK_DIM);
    pen_text(p, "  ");
    pen_text(p, pen_words(p, row->rfc, text, sizeof text));
    pen_ink(p, INK_PLAIN);
    pen_end(p);
    draw_part(s, "expected", verify_phrase(s, row->expected, text, sizeof text), INK_PLAIN);
    draw_part(s, "found", verify_phrase(s, row->found, text, sizeof text), bad ? INK_RED : INK_PLAIN);
    snprintf(key, sizeof key, "x509.%s", row->name);
    const char *why = words_find(s->words, "why", key);
    if (s->explain && why)
        draw_part(s, "why", why, INK_DIM);
}

static void draw_certificate(struct verify_screen *s, const struct verify_told *t, const struct verify_cert *cert)
{
    char about[TEXT];
    bool named = false;
    for (size_t i = 0; i < cert->n_rows; i++) {
        const struct verify_row *row = &t->rows[cert->row + i];
        if (!shown(s, row))
            continue;
        if (!named) {
            pen_ink(&s->pen, INK_BOLD);
            pen_wrap(&s->pen, verify_phrase(s, cert->about, about, sizeof about), INDENT, s->columns);
            pen_ink(&s->pen, INK_PLAIN);
            pen_end(&s->pen);
        }
        named = true;
        draw_row(s, row);
    }
}

void verify_draw_checks(struct verify_screen *s, const struct verify *v)
{
    for (size_t i = 0; i < v->told.n_certs; i++)
        draw_certificate(s, &v->told, &v->told.certs[i]);
}
