/* Fields: a table for each buffer of a step, a row a field, in the order of the octets. "#18/verify_data"
 * is a row's anchor. What each packet has (IP, TCP), and a name that comes again in its step ("#3/window.2"), has its
 * anchor from the script: to write them all would make the page a tenth longer. */
#include "trace/page_parts.h"

#include <stdio.h>
#include <string.h>

enum { IDS = 1024, PLACES = 32, VALUE = 32, TEXT = 160 };

/* How often each name stood in this step already; by hash, for there may be thousands. */
struct ids { uint64_t hash[IDS]; uint16_t times[IDS]; unsigned n; };

static uint64_t hash_of(const char *name)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (const char *c = name; *c; c++)
        h = (h ^ (uint8_t)*c) * UINT64_C(1099511628211);
    return h | 1;                                     /* 0 is an empty place */
}

/* The glossary is linked where a name comes for the first time; to write it everywhere would make the page a tenth
 * longer. (Two names in one place: then more often.) */
static bool links(struct page *p, const char *name)
{
    uint64_t h = hash_of(name), *at = &p->linked[(h >> 8) % (sizeof p->linked / sizeof *p->linked)];
    bool first = *at != h;
    *at = h;
    return first;
}

static unsigned times_given(struct ids *ids, const char *name)
{
    uint64_t h = hash_of(name);
    unsigned i = (unsigned)((h >> 8) % IDS);
    while (ids->hash[i] && ids->hash[i] != h)
        i = (i + 1) % IDS;
    if (!ids->hash[i] && ids->n < IDS - 1) {
        ids->hash[i] = h;
        ids->n++;
    }
    return ids->hash[i] ? ++ids->times[i] : 0;
}

static void write_value(struct page *p, const struct field *f)
{
    struct bytes cut = { f->bytes.at, f->bytes.n < VALUE ? f->bytes.n : VALUE };
    switch (f->type) {
    case FIELD_NUMBER:
        html_put(&p->html, "%llu", (unsigned long long)f->number);
        break;
    case FIELD_TEXT:
        html_octets(&p->html, f->bytes, TEXT);
        break;
    case FIELD_BYTES:
        html_hex(&p->html, cut, 0);
        if (cut.n < f->bytes.n)
            html_put(&p->html, " …");
        break;
    case FIELD_GROUP:
        break;
    }
    if (f->words)
        html_put(&p->html, f->type == FIELD_GROUP ? "<i>%s</i>" : " <i>%s</i>", f->words);
}

static void write_row(struct page *p, struct ids *ids, uint32_t step, buf_no buf, size_t i)
{
    const struct tape_field *f = &tape_fields(p->tape, buf).at[i];
    unsigned times = times_given(ids, f->field.name);
    html_put(&p->html, times == 1 && buf_letter(buf) != 'p' ? "<tr id=%u/%s" : "<tr", step, f->field.name);
    html_put(&p->html, f->depth == 1 && f->leaf ? "><td>" : f->leaf ? "><td class=d%u>" : "><td class=g%u>", f->depth);
    if (links(p, f->field.name))
        html_put(&p->html, "<a href=#g-%s>%s</a>", f->field.name, f->field.name);
    else
        html_put(&p->html, "%s", f->field.name);
    html_put(&p->html, "<td>%u<td>%u<td>", f->field.off, f->field.len);
    write_value(p, &f->field);
    html_put(&p->html, "\n");
}

/* Where the buffer's octets are to be seen: "o5 0 0 76" octets 0.. of o5 are those at 0.. here, 76 of them. */
static void write_places(struct page *p, const struct event *e)
{
    struct tape_place places[PLACES];
    size_t n = tape_places(p->tape, (struct span){ e->buf, (uint32_t)e->bytes.n, 0 }, places, PLACES);
    html_put(&p->html, " data-on=\"");
    uint32_t off = 0;
    for (size_t i = 0; i < e->n_spans; off += e->spans[i++].len) {
        const struct page_buffer *b = buf_letter(e->spans[i].in) == 'o' ? page_buffer_of(p, e->spans[i].in) : NULL;
        if (b && b->step)
            html_put(&p->html, "o%u %llu %u %u ", buf_count(e->spans[i].in), (unsigned long long)e->spans[i].off, off,
                     e->spans[i].len);
    }
    for (size_t i = 0; i < n && i < PLACES; i++)
        html_put(&p->html, "p%u %u %u %u ", buf_count(places[i].packet), places[i].at, (uint32_t)places[i].off,
                 places[i].len);
    html_put(&p->html, "\"");
}

static void write_caption(struct page *p, const struct event *e)
{
    if (e->kind == EVENT_PACKET)
        page_ui(p, "page packet");
    else if (e->label && buf_letter(e->buf) != 'r')
        page_phrase(p, e->label);
    else
        page_code(p, e->name);
    html_put(&p->html, " <small>%c%u · ", buf_letter(e->buf), buf_count(e->buf));
    page_host(p, e->host);
    html_put(&p->html, " · <code>%s</code>", e->by ? e->by : "");
    html_put(&p->html, e->rfc ? " · %s</small>" : "%s</small>", e->rfc ? e->rfc : "");
}

/* One a step is enough: the tables of a step have the same columns. */
static void write_head(struct page *p)
{
    html_put(&p->html, "<thead><tr><th>");
    page_ui(p, "page field");
    html_put(&p->html, "<th>");
    page_ui(p, "page offset");
    html_put(&p->html, "<th>");
    page_ui(p, "page octets");
    html_put(&p->html, "<th>");
    page_ui(p, "page value");
}

static void write_table(struct page *p, struct ids *ids, uint32_t step, const struct event *e)
{
    struct tape_fields f = tape_fields(p->tape, e->buf);
    bool sealed = tape_is_sealed(p->tape, e->buf);
    if (!f.n)
        return;
    char root[80];                                    /* no such index: the path of nothing is the root alone */
    tape_path(p->tape, e->buf, f.n, root, sizeof root);
    html_put(&p->html, "<table class=\"fields\" data-b=\"%c%u\" data-root=\"%s\"", buf_letter(e->buf),
             buf_count(e->buf), root);
    if (e->kind != EVENT_PACKET)
        write_places(p, e);
    html_put(&p->html, sealed ? "><caption class=\"opened\">" : "><caption>");
    write_caption(p, e);
    html_put(&p->html, "</caption>\n");
    if (e->kind == EVENT_PACKET)
        write_head(p);
    html_put(&p->html, "<tbody>\n");
    for (size_t i = 0; i < f.n; i++)
        write_row(p, ids, step, e->buf, i);
    html_put(&p->html, "</table>\n");
}

/* What begins in this packet and is whole only with a later one stands there. */
static void write_elsewhere(struct page *p, uint32_t step)
{
    bool any = false;
    for (unsigned letter = 0; letter < 10; letter++)
        for (uint32_t i = 0; i < p->n_buffers[letter]; i++) {
            const struct page_buffer *b = &p->buffers[letter][i];
            if (!b->event || b->event->kind != EVENT_MESSAGE || b->first != p->steps[step].packet->buf || !b->step
                || b->step == step)
                continue;
            html_put(&p->html, any ? ", " : "<p class=\"elsewhere\">");
            if (!any)
                page_ui(p, "page elsewhere");
            any = true;
            html_put(&p->html, " <code>%s</code> ", b->event->name);
            page_step_link(p, b->step);
        }
    html_put(&p->html, any ? "</p>\n" : "");
}

void page_fields(struct page *p, uint32_t step)
{
    struct ids ids = { .n = 0 };
    write_elsewhere(p, step);
    html_put(&p->html, "<div class=tables>\n");
    write_table(p, &ids, step, p->steps[step].packet);
    for (event_no n = p->first_of[step]; n; n = p->next_in[n]) {
        const struct event *e = tape_event(p->tape, n);
        const struct page_buffer *b = event_declares(e) && e->kind != EVENT_PACKET ? page_buffer_of(p, e->buf) : NULL;
        if (b && b->step == step && b->event == e)
            write_table(p, &ids, step, e);
    }
    html_put(&p->html, "</div>\n");
}
