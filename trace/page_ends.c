/* Both ends before a packet was sent and when all was done that it led to: states, and TCP's variables. */
#include "trace/changes.h"
#include "trace/page_parts.h"

#include "trace/say.h"

#include <string.h>

enum { ENDS = 24 };

/* What is known of one machine, or of one end's variables: the last event before the packet, the last of its step. */
struct end { const struct event *before, *after; };
struct ends { struct end at[ENDS]; unsigned n; };

static bool same_thing(const struct event *a, const struct event *b)
{
    return a->kind == b->kind && a->host == b->host && a->conn == b->conn
        && strcmp(event_text(a, "machine"), event_text(b, "machine")) == 0;
}

static struct end *end_of(struct ends *ends, const struct event *e)
{
    for (unsigned i = 0; i < ends->n; i++) {
        const struct event *known = ends->at[i].before ? ends->at[i].before : ends->at[i].after;
        if (same_thing(known, e))
            return &ends->at[i];
    }
    return ends->n < ENDS ? &ends->at[ends->n++] : NULL;
}

/* The newest of each thing before an event: looked for backwards, in a bounded stretch. */
static void find_before(struct page *p, struct ends *ends, event_no before, enum event_kind kind)
{
    enum { FAR = 4000 };
    for (event_no n = before; n-- > 1 && before - n < FAR; ) {
        const struct event *e = tape_event(p->tape, n);
        struct end *end = e->kind == kind ? end_of(ends, e) : NULL;
        if (end && !end->before)
            end->before = e;
    }
}

static void find_after(struct page *p, struct ends *ends, uint32_t step, enum event_kind kind)
{
    for (event_no n = p->first_of[step]; n; n = p->next_in[n]) {
        const struct event *e = tape_event(p->tape, n);
        struct end *end = e->kind == kind ? end_of(ends, e) : NULL;
        if (end)
            end->after = e;
    }
}

static void head(struct page *p, const char *first)
{
    html_put(&p->html, "<thead><tr><th>");
    page_ui(p, first);
    html_put(&p->html, "<th>");
    page_ui(p, "page before");
    html_put(&p->html, "<th>");
    page_ui(p, "page after");
    html_put(&p->html, "<tbody>\n");
}

static void write_state(struct page *p, const struct end *s)
{
    const struct event *now = s->after;
    html_put(&p->html, "<tr><td>");
    page_host(p, now->host);
    html_put(&p->html, " %s<td><code>%s</code><td><code>%s</code>", event_text(now, "machine"),
             s->before ? event_text(s->before, "to") : event_text(now, "from"), event_text(now, "to"));
    html_put(&p->html, " <small>");
    page_phrase(p, event_text(now, "trigger"));
    html_put(&p->html, " · %s</small>\n", now->rfc ? now->rfc : "");
}

static void write_states(struct page *p, uint32_t step)
{
    struct ends ends = { .n = 0 };
    const struct page_step *s = &p->steps[step];
    find_before(p, &ends, s->packet->n, EVENT_STATE);
    find_after(p, &ends, step, EVENT_STATE);
    bool any = false;
    for (unsigned i = 0; i < ends.n; i++)
        any |= ends.at[i].after != NULL;
    if (!any)
        return;
    html_put(&p->html, "<table class=\"ends states\"><caption>");
    page_ui(p, "page states");
    html_put(&p->html, "</caption>");
    head(p, "page machine");
    for (unsigned i = 0; i < ends.n; i++)
        if (ends.at[i].after)
            write_state(p, &ends.at[i]);
    html_put(&p->html, "</table>\n");
}

static void write_number(struct page *p, const struct attr *a)
{
    size_t n = strlen(a->name);
    if (a->type == ATTR_NUMBER && n > 3 && strcmp(a->name + n - 3, "_ns") == 0)
        page_ms(p, (nsec)a->number);
    else if (a->type == ATTR_NUMBER && a->number == UINT32_MAX)
        html_put(&p->html, "∞");
    else
        page_value(p, a);
}

static void write_variables(struct page *p, const struct end *v)
{
    html_put(&p->html, "<table class=\"ends vars\"><caption>TCP ");
    page_host(p, v->after->host);
    html_put(&p->html, "</caption>\n");
    for (size_t i = 0; i < v->after->n_attrs; i++) {
        const struct attr *now = &v->after->attrs[i], *then = v->before ? event_attr(v->before, now->name) : NULL;
        bool nothing = !then && now->type == ATTR_NUMBER && !now->number;
        if (nothing || !changes_between(then, now))
            continue;                                 /* as it was in an earlier step */
        html_put(&p->html, "<tr><td><code>%s</code><td>", now->name);
        if (then)
            write_number(p, then);
        html_put(&p->html, then ? " →<td>" : "<td>");
        write_number(p, now);
        html_put(&p->html, "\n");
    }
    html_put(&p->html, "</table>\n");
}

void page_ends(struct page *p, uint32_t step)
{
    struct ends vars = { .n = 0 };
    html_put(&p->html, "<div class=tables>\n");
    write_states(p, step);
    find_before(p, &vars, p->steps[step].packet->n, EVENT_VARS);
    find_after(p, &vars, step, EVENT_VARS);
    for (unsigned i = 0; i < vars.n; i++)
        if (vars.at[i].after)
            write_variables(p, &vars.at[i]);
    html_put(&p->html, "</div>\n");
}
