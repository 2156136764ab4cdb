/* The ladder: lifelines, an arrow a packet, the states that each end came to. A list, so that it can be read aloud and
 * wraps on a phone; the lines are the style sheet's, the arrows small pictures. */
#include "trace/page_parts.h"

#include "trace/spy.h"
#include "trace/who.h"

#include <stdlib.h>
#include <string.h>

enum { LINES = 5, FOLD_ABOVE = 400, FOLD_LEAST = 8 };

/* Which host's lifeline is which column: who speaks with most stands between the others. */
struct lines { uint16_t host[LINES]; unsigned n; };

static unsigned column(const struct lines *l, uint16_t host)
{
    unsigned i = 0;
    while (i < l->n && l->host[i] != host)
        i++;
    return i;
}

static void find_lines(const struct page *p, struct lines *l)
{
    for (uint32_t i = 1; i <= p->n_steps; i++) {
        const uint16_t both[] = { p->steps[i].from, p->steps[i].to };
        for (unsigned k = 0; p->steps[i].packet && k < 2; k++)
            if (column(l, both[k]) == l->n && l->n < LINES)
                l->host[l->n++] = both[k];
    }
    /* the second one met (a name server) goes to the left of who spoke first, if that one speaks with others too */
    if (l->n > 2) {
        uint16_t first = l->host[0];
        l->host[0] = l->host[1];
        l->host[1] = first;
    }
}

static void write_names(struct page *p, const struct lines *l)
{
    html_put(&p->html, "<li class=\"names\" aria-hidden=\"true\">");
    for (unsigned i = 0; i < l->n; i++) {
        char address[WHO];
        html_put(&p->html, "<span class=\"name c%u\"><b>", i);
        page_host(p, l->host[i]);
        html_put(&p->html, "</b> <small>%s</small></span>", who_address(address, p->trace, l->host[i]));
    }
    html_put(&p->html, "</li>\n");
}

/* Does the same machine go on to a further state in this step? */
static bool goes_on(const struct page *p, const struct event *e)
{
    for (event_no n = p->next_in[e->n]; n; n = p->next_in[n]) {
        const struct event *later = tape_event(p->tape, n);
        if (later->kind == EVENT_STATE && later->host == e->host && later->conn == e->conn
            && strcmp(event_text(later, "machine"), event_text(e, "machine")) == 0)
            return true;
    }
    return false;
}

/* WAIT_CHANGE_CIPHER_SPEC, which may break behind an underscore, since the columns are narrow. */
static void put_state(struct html *h, const char *state)
{
    for (size_t n; *state; state += n) {
        n = strcspn(state, "_");
        n += state[n] == '_';
        html_octets(h, (struct bytes){ (const uint8_t *)state, n }, n);
        if (state[n])
            html_put(h, "<wbr>");
    }
}

/* States entered because this packet came. */
static void write_states(struct page *p, const struct lines *l, uint32_t step)
{
    for (event_no n = p->first_of[step]; n; n = p->next_in[n]) {
        const struct event *e = tape_event(p->tape, n);
        if (e->kind != EVENT_STATE || column(l, e->host) == l->n || goes_on(p, e))
            continue;
        html_put(&p->html, "<span class=\"state c%u of-%s\">● %s <b>", column(l, e->host), e->layer,
                 event_text(e, "machine"));
        put_state(&p->html, event_text(e, "to"));
        html_put(&p->html, "</b></span>");
    }
}

static void write_notes(struct page *p, uint32_t step)
{
    const struct page_step *s = &p->steps[step];
    if (s->repeated) {
        html_put(&p->html, "<em>↻ ");
        page_ui(p, "page sent again");
        html_put(&p->html, "</em>");
    }
    for (event_no n = p->first_of[step]; n; n = p->next_in[n]) {
        const struct event *e = tape_event(p->tape, n);
        if (e->kind == EVENT_FATE && strcmp(e->name, "delivered") != 0) {
            html_put(&p->html, "<em>✗ ");
            if (!page_say(p, "fate", e->name, e))
                html_put(&p->html, "%s", e->name);
            html_put(&p->html, "</em>");
        }
    }
}

static void write_facts(struct page *p, const struct spy *spy, uint32_t step)
{
    char said[2][400];
    const struct spy_step *k = step <= spy->n_steps ? &spy->steps[step - 1] : NULL;
    if (!k)
        return;
    html_put(&p->html, "<span class=\"facts\"><small>%u ", k->octets);
    page_ui(p, "page octets");
    if (k->sealed) {
        html_put(&p->html, " · %u ", k->sealed);
        page_ui(p, "page sealed");
    }
    html_put(&p->html, "</small>");
    for (size_t i = k->first; i < k->first + k->n; i++) {
        html_put(&p->html, "<span class=\"fact\">");
        html_both(&p->html, spy_say(&spy->facts[i], p->options->words[0], said[0], sizeof said[0]),
                  spy_say(&spy->facts[i], p->options->words[1], said[1], sizeof said[1]));
        html_put(&p->html, "</span>");
    }
    html_put(&p->html, "</span>");
}

/* An arrow has the colour of what it carries: of the last that is whole with it, else of the packet. */
static const char *layer_of(const struct page *p, uint32_t step)
{
    const char *layer = p->steps[step].packet->layer;
    for (event_no n = p->first_of[step]; n; n = p->next_in[n]) {
        const struct event *e = tape_event(p->tape, n);
        const struct page_buffer *b = event_declares(e) && e->kind != EVENT_PACKET ? page_buffer_of(p, e->buf) : NULL;
        if (b && b->step == step && b->event == e)
            layer = e->layer;
    }
    for (unsigned letter = 0; layer == p->steps[step].packet->layer && letter < 10; letter++)
        for (uint32_t i = 0; i < p->n_buffers[letter]; i++)
            if (p->buffers[letter][i].step > step && p->buffers[letter][i].first == p->steps[step].packet->buf)
                layer = p->buffers[letter][i].event->layer;
    return layer;
}

static void write_rung(struct page *p, const struct lines *l, const struct spy *spy, uint32_t step)
{
    const struct page_step *s = &p->steps[step];
    unsigned from = column(l, s->from), to = column(l, s->to);
    bool left = to < from;
    unsigned a = left ? to : from, b = left ? from : to;
    if (b >= l->n || a == b) {
        a = 0;
        b = l->n > 1 ? l->n - 1 : 1;
    }
    html_put(&p->html,
             "<li class=\"at of-%s%s\" data-step=%u><a class=\"rung\" href=\"#%u\"><span class=\"no\">#%u</span> "
             "<span class=\"ms\">", layer_of(p, step), s->lost ? " lost" : "", step, step, step);
    page_ms(p, s->packet->t - trace_start(p->trace));
    html_put(&p->html, "</span> <span class=\"way x%u%u\"><span class=\"hidden\">", a, b);
    page_host(p, s->from);
    html_put(&p->html, " → ");
    page_host(p, s->to);
    html_put(&p->html, ": </span><span class=\"label\">");
    page_phrase(p, s->label ? s->label : s->what);
    html_put(&p->html, left ? "</span><span class=\"arrow left\"></span>" : "</span><span class=\"arrow\"></span>");
    if (s->label)
        html_put(&p->html, "<small>%s</small>", s->what);
    write_notes(p, step);
    html_put(&p->html, "</span></a>");
    write_states(p, l, step);
    write_facts(p, spy, step);
    html_put(&p->html, "</li>\n");
}

static void write_chapter(struct page *p, uint16_t chapter)
{
    const struct event *e = page_chapter(p, chapter);
    if (!e)
        return;
    html_put(&p->html, "<li class=\"chapter\"><h3>");
    if (!page_say(p, "title", e->name, e))
        html_put(&p->html, "%s", e->name);
    html_put(&p->html, "</h3></li>\n");
}

/* Nothing but data that arrived: no message begins, no state changes, nothing is judged. */
static bool is_dull(const struct page *p, uint32_t step)
{
    const struct page_step *s = &p->steps[step];
    if (!s->packet || s->repeated || s->lost)
        return false;
    for (event_no n = p->first_of[step]; n; n = p->next_in[n]) {
        const struct event *e = tape_event(p->tape, n);
        if (e->kind == EVENT_STATE || e->kind == EVENT_MESSAGE || e->kind == EVENT_KEY || e->kind == EVENT_CHECK
            || e->kind == EVENT_FAULT || e->kind == EVENT_STORY)
            return false;
    }
    return true;
}

void page_fold(struct page *p)
{
    for (uint32_t i = 1, end; p->n_steps > FOLD_ABOVE && i <= p->n_steps; i = end + 1) {
        for (end = i; end <= p->n_steps && is_dull(p, end); end++)
            ;
        for (uint32_t k = i + 1; end - i >= FOLD_LEAST && k + 1 < end; k++)
            p->steps[k].folded = true;
    }
}

static void write_rungs(struct page *p, const struct lines *l, const struct spy *spy)
{
    uint16_t chapter = 0;
    uint32_t folded = 0;
    for (uint32_t i = 1; i <= p->n_steps; i++) {
        const struct page_step *s = &p->steps[i];
        if (!s->packet)
            continue;
        folded += s->folded;
        if (s->folded)
            continue;
        if (folded) {
            html_put(&p->html, "<li class=\"fold\">⋮ %u ", folded);
            page_ui(p, "page folded");
            html_put(&p->html, "</li>\n");
        }
        folded = 0;
        if (s->chapter != chapter)
            write_chapter(p, chapter = s->chapter);
        write_rung(p, l, spy, i);
    }
}

void page_ladder(struct page *p)
{
    struct lines lines = { .n = 0 };
    struct spy spy = { .n_steps = 0 };
    bool knows = spy_on(p->tape, p->options->words[0], &spy);
    find_lines(p, &lines);
    page_panel_begin(p, "ladder");
    if (!p->n_steps) {
        html_put(&p->html, "<p>");
        page_ui(p, "page no packets");
        html_put(&p->html, "</p>\n");
    }
    html_put(&p->html, "<ol class=\"ladder n%u\">\n", lines.n);
    write_names(p, &lines);
    write_rungs(p, &lines, &spy);
    html_put(&p->html, "</ol>\n");
    page_panel_end(p);
    if (knows)
        spy_free(&spy);
}
