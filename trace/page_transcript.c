/* The hash over the handshake as it grows: a row a message, and between them what a digest so far was taken for. */
#include "trace/page_parts.h"

#include "trace/transcript.h"

#include <string.h>

static void write_message(struct page *p, const struct event *e, uint64_t *octets)
{
    const struct event *message = transcript_message(p->tape, e);
    const struct attr *digest = transcript_digest(p->tape, e, tape_events(p->tape));
    const struct attr *all = event_attr(e, "octets");
    const struct page_buffer *b = message ? page_buffer_of(p, message->buf) : NULL;
    uint64_t before = message && all && all->number > message->bytes.n ? *octets : 0;
    *octets = all ? all->number : 0;
    html_put(&p->html, "<tr><td>");
    page_code(p, message ? message->name : event_text(e, "message"));
    if (b && b->first) {
        html_put(&p->html, " ");
        page_step_link(p, buf_count(b->first));
    }
    html_put(&p->html, "</td><td>%llu – %llu</td><td class=value>", (unsigned long long)before,
             (unsigned long long)*octets - 1);
    if (digest)
        page_value(p, digest);
    html_put(&p->html, "</td></tr>\n");
}

static void write_use(struct page *p, const struct event *e)
{
    const struct event *key = transcript_use(p->tape, e, tape_events(p->tape));
    const struct attr attrs[] = { attr_text("hash", e->name), attr_text("key", key ? key->name : ""),
                                  attr_text("prf_label", key ? event_text(key, "prf_label") : "") };
    html_put(&p->html, "<tr><td colspan=3 class=taken>↳ ");
    page_say(p, "ui", key ? "transcript.use" : "transcript.taken",
             &(struct event){ .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs });
    html_put(&p->html, " ");
    page_rfc(p, e->rfc);
    html_put(&p->html, "</td></tr>\n");
}

static void write_head(struct page *p)
{
    static const char *const heads[] = { "transcript message", "page octets", "transcript digest" };
    html_put(&p->html, "<tr>");
    for (unsigned i = 0; i < 3; i++) {
        html_put(&p->html, "<th>");
        page_ui(p, heads[i]);
        html_put(&p->html, "</th>");
    }
    html_put(&p->html, "</tr>\n");
}

void page_transcript(struct page *p)
{
    bool any = false;
    uint32_t conn = 0;
    uint64_t octets = 0;
    for (event_no n = 1; n <= tape_events(p->tape); n++) {
        const struct event *e = tape_event(p->tape, n);
        enum transcript_line line = transcript_line(p->tape, e, tape_events(p->tape));
        if (line == TRANSCRIPT_NOTHING)
            continue;
        if (!any) {
            page_panel_begin(p, "transcript");
            html_put(&p->html, "<p>");
            page_ui(p, "transcript how");
            html_put(&p->html, "</p>\n");
        }
        if (!any || e->conn != conn) {
            html_put(&p->html, any ? "</table>\n<table class=\"values transcript\">\n"
                                   : "<table class=\"values transcript\">\n");
            write_head(p);
        }
        any = true;
        conn = e->conn;
        if (line == TRANSCRIPT_MESSAGE)
            write_message(p, e, &octets);
        else
            write_use(p, e);
    }
    if (any) {
        html_put(&p->html, "</table>\n");
        page_panel_end(p);
    }
}
