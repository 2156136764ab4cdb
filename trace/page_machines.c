/* The state machines, drawn from the tables that drive the code, one picture for each end, with the ways of all its
 * connections in it: a resumed handshake is another way through the same table. The rows that were taken are lit and
 * bear the step in which that was first. Below it the same in words. */
#include "trace/page_parts.h"

#include <string.h>

enum { FIGURES = 12 };

/* One end's way through one machine, as its events call it. */
struct way { const char *machine; uint16_t host; };

static bool is_step_of(const struct event *e, const struct way *w)
{
    return e && e->kind == EVENT_STATE && e->host == w->host
        && strcmp(event_text(e, "machine"), w->machine) == 0;
}

static const struct machine_row *row_of(const struct machine *m, const struct event *e)
{
    return machine_find(m, event_text(e, "from"), event_text(e, "to"), event_text(e, "trigger"));
}

/* Of the machines of that name ("tls": tls-client, tls-server) the one that has most of the rows that were taken. */
static const struct machine *machine_of(const struct page *p, const struct way *w)
{
    const struct machine *best = NULL;
    unsigned most = 0;
    for (size_t i = 0; i < p->options->n_machines; i++) {
        const struct machine *m = &p->options->machines[i];
        unsigned fits = 0;
        if (strncmp(m->name, w->machine, strlen(w->machine)) != 0)
            continue;
        for (event_no n = 1; n <= tape_events(p->tape); n++)
            fits += is_step_of(tape_event(p->tape, n), w) && row_of(m, tape_event(p->tape, n));
        if (fits > most)
            most = fits, best = m;
    }
    return best;
}

static void read_walk(const struct page *p, const struct machine *m, const struct way *w, struct machine_walk *walk)
{
    for (event_no n = 1; n <= tape_events(p->tape) && walk->n < MACHINE_WALK; n++) {
        const struct event *e = tape_event(p->tape, n);
        const struct machine_row *r = is_step_of(e, w) ? row_of(m, e) : NULL;
        if (r)
            walk->taken[walk->n++] = (struct machine_taken){ (unsigned)(r - m->rows), page_step_of(p, e) };
    }
}

/* The drawing is markup of ours: names and triggers are the layers' constants. */
struct raw { struct sink sink; struct html *html; };

static bool write_raw(struct sink *s, const void *octets, size_t n)
{
    html_raw(((struct raw *)s)->html, octets, n);
    return true;
}

static void write_words(struct page *p, const struct machine *m, const struct machine_walk *walk)
{
    html_put(&p->html, "<details class=\"fold\" open><summary>");
    page_ui(p, "page machines walked");
    html_put(&p->html, "</summary>\n<ol class=\"walk\">\n");
    for (unsigned i = 0; i < walk->n; i++) {
        const struct machine_row *r = &m->rows[walk->taken[i].row];
        html_put(&p->html, "<li class=\"at\" data-step=%u>", walk->taken[i].step);
        page_step_link(p, walk->taken[i].step);
        html_put(&p->html, " <code>%s</code> → <code>%s</code> ", m->states[r->from].name, m->states[r->to].name);
        page_phrase(p, r->trigger);
        html_put(&p->html, " ");
        page_rfc(p, r->rfc);
        html_put(&p->html, "</li>\n");
    }
    html_put(&p->html, "</ol>\n</details>\n");
}

static void write_way(struct page *p, const struct way *w, unsigned number)
{
    const struct machine *m = machine_of(p, w);
    struct raw raw = { { .write = write_raw }, &p->html };
    char id[] = { 'm', 'a', 'c', 'h', 'i', 'n', 'e', 's', '-', (char)('a' + number), 0 };
    struct machine_walk walk = { .id = id };
    if (!m)
        return;
    read_walk(p, m, w, &walk);
    html_put(&p->html, "<article class=\"machine-way\">\n"
             "<figure class=\"wide\"><figcaption><strong>%s</strong> · ", m->name);
    page_host(p, w->host);
    html_put(&p->html, "</figcaption>\n");
    if (!machine_svg_walked(m, &walk, &raw.sink))
        p->html.failed = true;
    html_put(&p->html, "</figure>\n");
    write_words(p, m, &walk);
    html_put(&p->html, "</article>\n");
}

static bool is_known(const struct way *ways, unsigned n, const struct event *e)
{
    for (unsigned i = 0; i < n; i++)
        if (is_step_of(e, &ways[i]))
            return true;
    return false;
}

void page_machines(struct page *p)
{
    struct way ways[FIGURES];
    unsigned n_ways = 0;
    page_panel_begin(p, "machines");
    html_put(&p->html, "<p>");
    page_ui(p, "page machines how");
    html_put(&p->html, "</p>\n<div class=\"ways\">\n");
    for (event_no n = 1; n <= tape_events(p->tape) && n_ways < FIGURES; n++) {
        const struct event *e = tape_event(p->tape, n);
        if (!e || e->kind != EVENT_STATE || !e->conn || is_known(ways, n_ways, e))
            continue;
        ways[n_ways] = (struct way){ event_text(e, "machine"), e->host };
        write_way(p, &ways[n_ways], n_ways);
        n_ways++;
    }
    html_put(&p->html, "</div>\n");
    page_panel_end(p);
}
