/* What if? The same visit with one thing spoiled, beside the clean one: packet by packet alike, until the first that
 * differs; then who noticed. */
#include "trace/page_parts.h"

#include "trace/align.h"

enum { DIFFERENT = 8, VALUE = 24 };

/* Both runs; the broken one has its own steps and hosts, and borrows the pen. */
struct pair { struct page *clean, broken; struct align align; };

static void write_packet(struct page *p, uint32_t step)
{
    const struct page_step *s = step <= p->n_steps ? &p->steps[step] : NULL;
    if (!s || !s->packet)
        return;
    page_host(p, s->from);
    html_put(&p->html, " → ");
    page_host(p, s->to);
    html_put(&p->html, "<td>");
    page_phrase(p, s->label ? s->label : s->what);
    if (s->lost)
        html_put(&p->html, " <span class=\"bad\">✗ ");
    if (s->lost)
        page_ui(p, "page lost");
    html_put(&p->html, s->lost ? "</span>" : "");
}

static void write_row(struct page *p, struct page *broken, const struct align_row *r)
{
    static const struct { const char *class, *sign; } how[] = {
        [ALIGN_SAME] = { "same", "=" }, [ALIGN_DIFFERS] = { "differs", "≠" }, [ALIGN_ONLY_A] = { "only", "−" },
        [ALIGN_ONLY_B] = { "only", "+" },
    };
    struct html *h = &broken->html;
    html_put(h, "<tr class=\"%s\"><td>%s<td>", how[r->how].class, how[r->how].sign);
    if (r->a && p->steps[r->a].folded)
        html_put(h, "#%u", r->a);
    else if (r->a)
        html_put(h, "<a href=\"#%u\">#%u</a>", r->a, r->a);
    html_put(h, r->b ? "<td>#%u<td>" : "<td><td>", r->b);
    if (r->b)
        write_packet(broken, r->b);
    else {                                            /* of the clean run, written with the same pen */
        p->html = broken->html;
        write_packet(p, r->a);
        broken->html = p->html;
    }
    html_put(h, "\n");
}

static void write_octets(struct page *p, struct tape *tape, buf_no buf, uint32_t index)
{
    if (index == ALIGN_NONE)
        return;
    const struct field *f = &tape_fields(tape, buf).at[index].field;
    struct bytes cut = { f->bytes.at, f->bytes.n < VALUE ? f->bytes.n : VALUE };
    if (f->type == FIELD_NUMBER)
        html_put(&p->html, "%llu", (unsigned long long)f->number);
    else
        html_hex(&p->html, cut, 0);
    html_put(&p->html, cut.n < f->bytes.n && f->type != FIELD_NUMBER ? " …" : "");
}

/* Which fields of the packet are not what they were, in the first packet that differs. */
static void write_fields(struct page *p, struct page *broken, const struct align_row *r)
{
    struct align_field differ[DIFFERENT];
    const buf_no a = tape_buf('p', r->a), b = tape_buf('p', r->b);
    size_t n = align_fields(p->tape, a, broken->tape, b, differ, DIFFERENT);
    if (!n)
        return;
    html_put(&broken->html, "<table><caption>");
    page_ui(broken, "page first difference");
    html_put(&broken->html, " #%u</caption><thead><tr><th>", r->b);
    page_ui(broken, "page field");
    html_put(&broken->html, "<th>");
    page_ui(broken, "page clean");
    html_put(&broken->html, "<th>");
    page_ui(broken, "page broken");
    html_put(&broken->html, "<tbody>\n");
    for (size_t i = 0; i < n && i < DIFFERENT; i++) {
        html_put(&broken->html, "<tr><td><code>%s</code><td>", differ[i].path);
        write_octets(broken, p->tape, a, differ[i].a);
        html_put(&broken->html, "<td>");
        write_octets(broken, broken->tape, b, differ[i].b);
        html_put(&broken->html, "\n");
    }
    html_put(&broken->html, "</table>\n");
}

static void write_faults(struct page *broken)
{
    bool any = false;
    for (event_no n = 1; n <= tape_events(broken->tape); n++) {
        const struct event *e = tape_event(broken->tape, n);
        if (e->kind != EVENT_FAULT)
            continue;
        html_put(&broken->html, "<p class=\"bad\">✗ ");
        page_remark(broken, e);
        html_put(&broken->html, "</p>\n");
        any = true;
    }
    if (!any) {
        html_put(&broken->html, "<p class=\"good\">✓ ");
        page_ui(broken, "page nobody refused");
        html_put(&broken->html, "</p>\n");
    }
}

static void write_run(struct page *p, const struct page_what_if *w, unsigned number)
{
    struct page broken = { .tape = w->tape, .trace = tape_trace(w->tape), .options = p->options };
    struct align align = { .n = 0 };
    bool known = broken.trace && page_read(&broken) && align_tapes(p->tape, w->tape, &align);
    broken.html = p->html;
    html_put(&broken.html, "<li class=\"run\" id=\"what-if-%u\"><h3>--break %s</h3>\n<p class=\"predict\">", number,
             w->what);
    if (w->predicted) {
        page_ui(&broken, "page predicted");
        html_put(&broken.html, " ");
        page_phrase(&broken, w->predicted);
    }
    html_put(&broken.html, "</p>\n");
    if (known) {
        write_faults(&broken);
        for (size_t i = align.first; i < align.n; i++)
            if (align.rows[i].a && align.rows[i].b && align.rows[i].how == ALIGN_DIFFERS) {
                write_fields(p, &broken, &align.rows[i]);
                break;
            }
        html_put(&broken.html, "<table><thead><tr><td><th>");
        page_ui(&broken, "page clean");
        html_put(&broken.html, "<th>");
        page_ui(&broken, "page broken");
        html_put(&broken.html, "<td><td><tbody>\n");
        for (size_t i = 0; i < align.n; i++)
            write_row(p, &broken, &align.rows[i]);
        html_put(&broken.html, "</table>\n");
    }
    html_put(&broken.html, "</li>\n");
    p->html = broken.html;
    align_free(&align);
    page_forget(&broken);
}

void page_what_ifs(struct page *p)
{
    const struct page_options *o = p->options;
    if (!o->n_what_if)
        return;
    page_panel_begin(p, "what-if");
    html_put(&p->html, "<p class=\"scripted\" hidden><label>");
    page_ui(p, "page choose");
    html_put(&p->html, " <select id=\"runs\">");
    for (size_t i = 0; i < o->n_what_if; i++)
        html_put(&p->html, "<option>%s</option>", o->what_if[i].what);
    html_put(&p->html, "</select></label></p>\n<ol class=\"runs\">\n");
    for (size_t i = 0; i < o->n_what_if; i++)
        write_run(p, &o->what_if[i], (unsigned)i + 1);
    html_put(&p->html, "</ol>\n");
    page_panel_end(p);
}
