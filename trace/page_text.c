/* Words on a page: always in both languages, whatever they come from. */
#include "trace/page_parts.h"

#include "trace/ladder_line.h"
#include "trace/say.h"

#include <string.h>

enum { SENTENCE = 1200 };

const struct event *page_chapter(const struct page *p, uint16_t chapter)
{
    for (event_no n = 1; n <= tape_events(p->tape); n++) {
        const struct event *e = tape_event(p->tape, n);
        const struct attr *number = e->kind == EVENT_STORY ? event_attr(e, "number") : NULL;
        if (number && number->number == chapter && strcmp(event_text(e, "phase"), "begin") == 0)
            return e;
    }
    return NULL;
}

void page_ui(struct page *p, const char *name)
{
    html_both(&p->html, words_ui(p->options->words[0], name), words_ui(p->options->words[1], name));
}

void page_phrase(struct page *p, const char *english)
{
    char said[2][SENTENCE];
    if (english)
        html_both(&p->html, words_phrase(p->options->words[0], english, said[0], SENTENCE),
                  words_phrase(p->options->words[1], english, said[1], SENTENCE));
}

bool page_say(struct page *p, const char *space, const char *name, const struct event *e)
{
    char said[2][SENTENCE];
    const char *templates[2];
    for (unsigned i = 0; i < 2; i++) {
        templates[i] = words_find(p->options->words[i], space, name);
        if (!templates[i])
            return false;
        say(said[i], SENTENCE, templates[i], e, p->options->words[i]);
    }
    html_both(&p->html, said[0], said[1]);
    return true;
}

void page_code(struct page *p, const char *name)
{
    if (name)
        html_put(&p->html, "<code>%s</code>", name);
}

void page_value(struct page *p, const struct attr *a)
{
    if (a->type == ATTR_TEXT)
        html_put(&p->html, "%s", a->text);
    else if (a->type == ATTR_NUMBER)
        html_put(&p->html, "%llu", (unsigned long long)a->number);
    else if (a->type == ATTR_HEX || p->options->secrets)
        html_hex(&p->html, a->bytes, 0);
    else
        page_ui(p, "page secret");
}

void page_ms(struct page *p, nsec since_start)
{
    char ms[32];
    html_put(&p->html, "%s", say_ms(ms, sizeof ms, since_start));
}

void page_host(struct page *p, uint16_t host)
{
    const struct trace_host *h = trace_host_of(p->trace, host);
    if (h)
        html_put(&p->html, "%s", h->name);
    else
        page_ui(p, "page stranger");
}

void page_step_link(struct page *p, uint32_t step)
{
    if (step && step <= p->n_steps && !p->steps[step].folded)
        html_put(&p->html, "<a href=\"#%u\">#%u</a>", step, step);
    else if (step)
        html_put(&p->html, "#%u", step);
}

void page_rfc(struct page *p, const char *rfc)
{
    if (rfc)
        html_put(&p->html, "<span class=rfc>%s</span>", rfc);
}

void page_panel_begin(struct page *p, const char *id)
{
    char name[40] = "page ";
    strncat(name, id, sizeof name - 6);
    html_put(&p->html, "<section class=\"panel\" id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">", id,
             id, id);
    page_ui(p, name);
    html_put(&p->html, "</h2>\n");
}

void page_panel_end(struct page *p) { html_put(&p->html, "</section>\n"); }

void page_remark(struct page *p, const struct event *e)
{
    char said[2][SENTENCE];
    for (unsigned i = 0; i < 2; i++)
        if (e->kind == EVENT_FAULT)
            fault_line(said[i], SENTENCE, p->trace, e, p->options->words[i]);
        else
            remark_line(said[i], SENTENCE, p->trace, e, p->options->words[i]);
    html_both(&p->html, said[0], said[1]);
}
