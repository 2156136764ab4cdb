/* The inspector: a step is an <article>, in the order of the visit. */
#include "trace/page_parts.h"

#include "trace/say.h"
#include "trace/show.h"

#include <stdio.h>
#include <string.h>

enum { LINKS = 12, CHAPTERS = 16 };

static const char *lies_in(const struct page_step *s) { return s->label ? s->label : s->what; }

/* Why such a thing happens at all: the catalogue's own words for this kind of event. */
static bool write_general(struct page *p, const struct event *e)
{
    char key[96];
    const char *layer = e->layer ? e->layer : "", *name = e->name ? e->name : "";
    snprintf(key, sizeof key, "%s.retransmission", layer);
    if (event_attr(e, "retransmission") && page_say(p, "why", key, e))
        return true;
    snprintf(key, sizeof key, "%s.%s", layer, name);
    return page_say(p, "why", key, e) || page_say(p, "fault", name, e);
}

static const char *host_name(const struct page *p, uint16_t host)
{
    const struct trace_host *h = trace_host_of(p->trace, host);
    return h ? h->name : "?";
}

/* One link of the chain of causes, as a sentence. */
void page_event_words(struct page *p, const struct event *e)
{
    char number[16] = "", name[64] = "why.event";
    const char *what = e->label ? e->label : e->name ? e->name : event_kind_name(e->kind);
    snprintf(number, sizeof number, "#%u", (unsigned)buf_count(e->buf));
    if (e->kind == EVENT_PACKET && buf_count(e->buf) <= p->n_steps) {
        what = lies_in(&p->steps[buf_count(e->buf)]);
        snprintf(name, sizeof name, event_attr(e, "retransmission") ? "why.packet_again" : "why.packet");
    } else if (e->kind == EVENT_FATE) {
        snprintf(name, sizeof name, "why.%s", strcmp(e->name, "delivered") == 0 ? e->name : "fate");
        what = e->name;
    } else if (e->kind == EVENT_TIMER && strcmp(event_text(e, "what"), "fired") == 0) {
        what = event_text(e, "timer");
        snprintf(name, sizeof name, "why.timer_fired");
    } else if (e->kind == EVENT_MARK && event_attr(e, "scheme"))
        snprintf(name, sizeof name, "why.url");
    struct attr attrs[24] = { attr_text("packet", number), attr_text("who", host_name(p, e->host)),
                              attr_text("what", what), attr_text("reason", event_text(e, "retransmission")) };
    size_t n = 4;
    for (size_t i = 0; i < e->n_attrs && n < sizeof attrs / sizeof *attrs; i++)
        if (strcmp(e->attrs[i].name, "what") != 0)
            attrs[n++] = e->attrs[i];
    struct event filled = { .label = e->label, .attrs = attrs, .n_attrs = n };
    if (!page_say(p, "ui", name, &filled))
        page_phrase(p, what);
}

/* Backwards to the packet that made this one possible: that one's own chain goes on from there. */
static void write_why(struct page *p, const struct event *packet)
{
    html_put(&p->html, "<div class=\"why\"><h4>");
    page_ui(p, "page why");
    html_put(&p->html, "</h4>\n<ol>\n");
    const struct event *e = packet;
    for (unsigned i = 0; i < LINKS && e->cause && e->cause < e->n; i++) {
        e = tape_event(p->tape, e->cause);
        html_put(&p->html, "<li>");
        page_event_words(p, e);
        if (e->kind == EVENT_FATE) {
            html_put(&p->html, " → ");
            page_step_link(p, buf_count(e->buf));
        }
        html_put(&p->html, " ");
        page_rfc(p, e->rfc);
        html_put(&p->html, "</li>\n");
        if (e->kind == EVENT_FATE)
            break;
    }
    if (!e->cause) {
        html_put(&p->html, "<li>");
        page_ui(p, "page why ends");
        html_put(&p->html, "</li>\n");
    }
    html_put(&p->html, "</ol></div>\n");
}

/* What the wire did with it, and why it was sent again. */
static void write_fates(struct page *p, uint32_t step)
{
    const struct event *packet = p->steps[step].packet;
    if (event_attr(packet, "retransmission")) {
        html_put(&p->html, "<p class=\"note\"><b>");
        page_ui(p, "page sent again");
        html_put(&p->html, "</b> ");
        page_phrase(p, event_text(packet, "retransmission"));
        html_put(&p->html, "</p>\n");
    }
    for (event_no n = p->first_of[step]; n; n = p->next_in[n]) {
        const struct event *e = tape_event(p->tape, n);
        if (e->kind != EVENT_FATE || strcmp(e->name, "delivered") == 0)
            continue;
        html_put(&p->html, "<p class=\"note bad\">✗ ");
        if (!page_say(p, "fate", e->name, e))
            page_phrase(p, e->label ? e->label : e->name);
        html_put(&p->html, "</p>\n");
    }
}

/* What the messages in it are for, told once each, in the order of their octets. */
static void write_meaning(struct page *p, uint32_t step)
{
    const struct event *packet = p->steps[step].packet;
    const char *last = "";
    html_put(&p->html, "<div class=\"meaning\">\n<p>");
    if (write_general(p, packet))
        html_put(&p->html, "</p>\n<p>");
    for (event_no n = p->first_of[step]; n; n = p->next_in[n]) {
        const struct event *e = tape_event(p->tape, n);
        const struct page_buffer *b = e->kind == EVENT_MESSAGE ? page_buffer_of(p, e->buf) : NULL;
        if (b && b->step == step && b->event == e && strcmp(last, e->name) != 0 && write_general(p, e))
            html_put(&p->html, "</p>\n<p>");
        if (b && b->step == step)
            last = e->name;
    }
    html_put(&p->html, "</p></div>\n");
}

/* What was judged, derived, refused, remarked because of it. */
static void write_remarks(struct page *p, uint32_t step)
{
    bool any = false;
    for (event_no n = p->first_of[step]; n; n = p->next_in[n]) {
        const struct event *e = tape_event(p->tape, n);
        bool remark = e->level <= LEVEL_PACKETS && e->label && e->kind != EVENT_STATE && e->kind != EVENT_FATE
                   && e->kind != EVENT_STORY && !event_declares(e);
        if (!remark && e->kind != EVENT_FAULT)
            continue;
        if (!any)
            html_put(&p->html, "<ul class=\"remarks\">\n");
        any = true;
        html_put(&p->html, e->kind == EVENT_FAULT ? "<li class=\"bad\">✗ " : "<li>");
        page_remark(p, e);
        html_put(&p->html, " <small>%s · <code>%s</code></small></li>\n", e->rfc ? e->rfc : "", e->by ? e->by : "");
    }
    if (any)
        html_put(&p->html, "</ul>\n");
}

static void write_step(struct page *p, uint32_t i)
{
    const struct page_step *s = &p->steps[i];
    html_put(&p->html,
             "<article class=\"step\" id=\"%u\" aria-labelledby=\"h%u\">\n<h3 id=\"h%u\">"
             "<a href=\"#%u\">#%u</a> ", i, i, i, i, i);
    page_phrase(p, lies_in(s));
    html_put(&p->html, "</h3>\n<p class=\"meta\">");
    page_ms(p, s->packet->t - trace_start(p->trace));
    html_put(&p->html, " · ");
    page_host(p, s->from);
    html_put(&p->html, " → ");
    page_host(p, s->to);
    html_put(&p->html, " · %s · ", s->what);
    page_rfc(p, s->packet->rfc);
    html_put(&p->html, "</p>\n");
    write_fates(p, i);
    write_meaning(p, i);
    write_remarks(p, i);
    write_why(p, s->packet);
    page_space(p, i);
    page_bytes(p, i);
    page_fields(p, i);
    page_ends(p, i);
    html_put(&p->html, "</article>\n");
}

void page_steps(struct page *p)
{
    page_panel_begin(p, "steps");
    html_put(&p->html, "<p id=\"say\" class=\"hidden\" aria-live=\"polite\"></p>\n"
             "<div id=\"readout\" class=\"scripted\" hidden></div>\n");
    for (uint32_t i = 1; i <= p->n_steps; i++)
        if (p->steps[i].packet && !p->steps[i].folded)
            write_step(p, i);
    page_panel_end(p);
    html_put(&p->html, "</div>\n");                   /* the ladder's and the steps' own grid */
}
