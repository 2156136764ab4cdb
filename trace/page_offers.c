/* What was offered and what came of it: each extension, suite, group and signature algorithm of a hello, what it is
 * for, and whether it was taken. A value is explained where it comes first. */
#include "trace/page_parts.h"

#include "trace/offers.h"

#include <string.h>

enum { SAID = 200, SENTENCE = 600 };

struct panel { struct page *page; struct offers all; char said[SAID][OFFER_WHAT]; unsigned n_said; };

static bool is_said(struct panel *x, const char *what)
{
    for (unsigned i = 0; i < x->n_said; i++)
        if (strcmp(x->said[i], what) == 0)
            return true;
    if (x->n_said < SAID)
        memcpy(x->said[x->n_said++], what, strlen(what) + 1);
    return false;
}

static void write_offer(struct panel *x, const struct offer *o)
{
    struct page *p = x->page;
    const char *is[2], *came[2];
    char room[2][SENTENCE];
    for (unsigned i = 0; i < 2; i++) {
        is[i] = offer_is(p->options->words[i], o);
        came[i] = offer_came(&x->all, o, p->options->words[i], room[i], SENTENCE);
    }
    bool taken = o->fate != OFFER_SILENT, first = is[0] && is[1] && !is_said(x, o->what);
    html_put(&p->html, taken ? "<tr class=taken><td>" : "<tr><td>");
    page_code(p, o->what);
    html_put(&p->html, first ? "</td><td id=\"v-%s\">" : "</td><td>", o->what);
    if (first)
        html_both(&p->html, is[0], is[1]);
    html_put(&p->html, taken ? "</td><td>✓ " : "</td><td>");
    if (came[0] && came[1])
        html_both(&p->html, came[0], came[1]);
    if (o->answer && page_step_of(p, o->answer)) {
        const struct page_buffer *b = page_buffer_of(p, o->answer->buf);
        html_put(&p->html, " ");
        page_step_link(p, b && b->first ? buf_count(b->first) : page_step_of(p, o->answer));
    }
    html_put(&p->html, "</td></tr>\n");
}

static void write_table(struct panel *x)
{
    struct page *p = x->page;
    const char *item = "";
    html_put(&p->html, "<table class=\"values offers\"><caption>");
    page_phrase(p, x->all.message->label);
    html_put(&p->html, " ");
    page_step_link(p, page_step_of(p, x->all.message));
    html_put(&p->html, "</caption>\n");
    for (unsigned pass = 0; pass < 2; pass++)         /* what holds others first, then what stands in lists */
        for (unsigned i = 0; i < x->all.n; i++) {
            const struct offer *o = &x->all.at[i];
            if (offer_is_held(&x->all, o) != (pass == 1))
                continue;
            if (strcmp(item, o->item) != 0) {
                html_put(&p->html, "<tr><th colspan=3>");
                page_say(p, "offer", o->item, x->all.message);
                html_put(&p->html, "</th></tr>\n");
            }
            item = o->item;
            write_offer(x, o);
        }
    html_put(&p->html, "</table>\n");
}

void page_offers(struct page *p)
{
    struct panel x = { .page = p };
    bool any = false;
    for (event_no n = 1; n <= tape_events(p->tape); n++) {
        const struct event *e = tape_event(p->tape, n);
        if (!e || !offers_in(p->tape, p->options->words[0], e, tape_events(p->tape))
            || !offers_read(&x.all, p->tape, p->options->words[0], e, tape_events(p->tape)))
            continue;
        if (!any)
            page_panel_begin(p, "offers");
        any = true;
        write_table(&x);
    }
    if (any)
        page_panel_end(p);
}
