/* What a hello offered, and what came of each offer so far. */
#include "trace/inspect.h"

#include "trace/offers.h"
#include "trace/show.h"

#include <stdio.h>
#include <string.h>

enum { INDENT = 2, SENTENCE = 4, LINE = 900 };

static void write_offer(const struct inspect *in, const struct offers *all, const struct offer *o)
{
    char line[LINE], shown[LINE];
    const char *is = offer_is(in->words, o), *came = offer_came(all, o, in->words, line, sizeof line);
    pen_to(in->pen, INDENT);
    pen_ink(in->pen, o->fate == OFFER_SILENT ? INK_DIM : INK_GREEN);
    pen_mark(in->pen, o->fate == OFFER_SILENT ? GLYPH_NEITHER : GLYPH_YES);
    pen_ink(in->pen, INK_PLAIN);
    pen_to(in->pen, SENTENCE);
    inspect_line(in, SENTENCE, INK_BOLD, show_string(o->what, shown, sizeof shown));
    if (is)
        inspect_line(in, SENTENCE + 2, INK_PLAIN, is);
    if (came)
        inspect_line(in, SENTENCE + 2, o->fate == OFFER_SILENT ? INK_DIM : INK_GREEN, came);
}

static void write_message(const struct inspect *in, const struct offers *all)
{
    char words[LINE];
    const char *item = "";
    inspect_line(in, 0, INK_BOLD, inspect_event(in, all->message, words, sizeof words));
    for (unsigned pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < all->n; i++) {
            const struct offer *o = &all->at[i];
            if (offer_is_held(all, o) != (pass == 1))
                continue;
            if (strcmp(item, o->item) != 0)
                inspect_line(in, 1, INK_BLUE, words_find(in->words, "offer", o->item));
            item = o->item;
            write_offer(in, all, o);
        }
}

bool inspect_offers(const struct inspect *in)
{
    struct offers all;
    bool any = false;
    for (event_no n = 1; n <= in->last; n++) {
        const struct event *e = tape_event(in->tape, n);
        if (!offers_in(in->tape, in->words, e, in->last) || !offers_read(&all, in->tape, in->words, e, in->last))
            continue;
        any = true;
        write_message(in, &all);
    }
    return any;
}
