/* A resumed handshake beside the full one: two columns, a line a message. */
#include "trace/inspect.h"

#include "trace/beside.h"
#include "trace/say.h"

#include <stdio.h>

enum { LEFT = 2, RIGHT = 40, OCTETS = 30, LINE = 300 };

static void write_message(const struct inspect *in, const struct event *e, const struct event *other, unsigned at)
{
    char octets[24];
    pen_to(in->pen, at);
    pen_ink(in->pen, !e ? INK_DIM : other ? INK_PLAIN : INK_YELLOW);
    pen_mark(in->pen, !e ? GLYPH_NEITHER : beside_written(e) ? GLYPH_RIGHT : GLYPH_LEFT);
    if (e) {
        pen_text(in->pen, " ");
        pen_text(in->pen, e->name);
        snprintf(octets, sizeof octets, "%5zu", e->bytes.n);
        pen_to(in->pen, at + OCTETS - 5);
        pen_text(in->pen, octets);
    }
    pen_ink(in->pen, INK_PLAIN);
}

static void write_sums(const struct inspect *in, const struct beside *b)
{
    static const char *const names[] = { "beside full", "beside resumed" };
    char line[LINE], took[32];
    for (unsigned i = 0; i < 2; i++) {
        const struct beside_sum *s = &b->sum[i];
        const struct attr attrs[] = { attr_number("messages", s->messages), attr_number("octets", s->octets),
                                      attr_number("trips", s->trips),
                                      attr_text("took", say_ms(took, sizeof took, s->took)) };
        pen_to(in->pen, LEFT);
        pen_text(in->pen, words_ui(in->words, names[i]));
        pen_text(in->pen, ": ");
        inspect_line(in, LEFT + 2, INK_PLAIN, inspect_say(in, "beside.sum", attrs, 4, line, sizeof line));
    }
    const struct attr saved[] = {
        attr_number("octets", b->sum[0].octets > b->sum[1].octets ? b->sum[0].octets - b->sum[1].octets : 0),
        attr_number("trips", b->sum[0].trips > b->sum[1].trips ? b->sum[0].trips - b->sum[1].trips : 0),
        attr_text("took", say_ms(took, sizeof took, b->sum[0].took - b->sum[1].took)) };
    inspect_line(in, LEFT, INK_GREEN, inspect_say(in, "beside.saved", saved, 3, line, sizeof line));
}

bool inspect_beside(const struct inspect *in)
{
    struct beside b;
    if (!beside_read(&b, in->tape, in->last))
        return false;
    inspect_line(in, 0, INK_BOLD, words_ui(in->words, "page beside"));
    pen_to(in->pen, LEFT);
    pen_text(in->pen, words_ui(in->words, "beside full"));
    pen_to(in->pen, RIGHT);
    pen_text(in->pen, words_ui(in->words, "beside resumed"));
    pen_end(in->pen);
    for (unsigned i = 0; i < b.n; i++) {
        const struct event *const *m = b.rows[i].message;
        write_message(in, m[0], m[1], LEFT);
        write_message(in, m[1], m[0], RIGHT);
        pen_end(in->pen);
    }
    write_sums(in, &b);
    return true;
}
