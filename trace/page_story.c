/* The visit in sentences: the chapters of its story, and what went wrong in them. */
#include "trace/page_parts.h"

#include <string.h>

/* "4 The certificate": a chapter is called by the event that begins it, its sentence by the one that ends it. */
static void write_chapter(struct page *p, const struct event *begin, const struct event *end)
{
    html_put(&p->html, "<li><b>");
    if (!page_say(p, "title", begin->name, begin))
        html_put(&p->html, "%s", begin->name);
    html_put(&p->html, "</b> ");
    if (!end || !page_say(p, "story", end->name, end))
        html_put(&p->html, "…");
    uint32_t first = p->step_of[begin->n], last = end ? p->step_of[end->n] : 0;
    html_put(&p->html, " ");
    page_step_link(p, last ? last : first);
    html_put(&p->html, "</li>\n");
}

static void write_fault(struct page *p, const struct event *e)
{
    html_put(&p->html, "<li class=bad>✗ ");
    page_remark(p, e);
    html_put(&p->html, " ");
    page_say(p, "fault", e->name, e);
    page_say(p, "ui", "page refusal", e);
    html_put(&p->html, " ");
    page_step_link(p, p->step_of[e->n]);
    html_put(&p->html, "</li>\n");
}

static bool ends(const struct event *e) { return strcmp(event_text(e, "phase"), "end") == 0; }

/* Chapters end before the next begins; one that never ends is told behind its faults. Those of a capture only end. */
void page_story(struct page *p)
{
    const struct event *open = NULL;
    page_panel_begin(p, "story");
    html_put(&p->html, "<ol class=story>\n");
    for (event_no n = 1; n <= tape_events(p->tape); n++) {
        const struct event *e = tape_event(p->tape, n);
        if (e->kind == EVENT_FAULT)
            write_fault(p, e);
        if (e->kind != EVENT_STORY)
            continue;
        if (ends(e))
            write_chapter(p, open ? open : e, e);
        open = ends(e) ? NULL : e;
    }
    if (open)
        write_chapter(p, open, NULL);
    html_put(&p->html, "</ol>\n");
    page_panel_end(p);
}
