#include "tests/lib/leaves.h"

#include <stdlib.h>
#include <string.h>

enum { LEAF_MAX = 64 };

static void check_last(const struct leaves *l)
{
    if (l->named != l->n)
        abort();                                      /* an octet without a name, or with two */
}

static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct leaves *l = (struct leaves *)v;
    size_t spanned = 0;
    (void)t;
    if (e->kind != EVENT_MESSAGE && e->kind != EVENT_BUFFER)
        return;
    for (size_t i = 0; i < e->n_spans; i++)
        spanned += e->spans[i].len;
    if (e->n_spans && spanned != e->bytes.n)
        abort();
    check_last(l);
    l->buf = e->buf;
    l->n = e->bytes.n;
    l->named = 0;
    l->told += l->n;
}

static bool is_opaque(const char *name)
{
    const char *const *p = wire_opaque_names;
    while (*p && strcmp(*p, name) != 0)
        p++;
    return *p != NULL;
}

static void on_field(struct view *v, const struct trace *t, const struct field *f)
{
    struct leaves *l = (struct leaves *)v;
    (void)t;
    if (f->buf != l->buf || f->off > l->n || f->len > l->n - f->off)
        abort();
    if (f->type == FIELD_GROUP)
        return;
    if (f->off != l->named || (f->len > LEAF_MAX && !is_opaque(f->name)))
        abort();                                      /* leaves come in order, one behind the other */
    l->named += f->len;
}

void leaves_start(struct leaves *l)
{
    *l = (struct leaves){ .view = { .event = on_event, .field = on_field }, .trace = trace_new(0) };
    if (!l->trace)
        abort();
    trace_attach(l->trace, &l->view);
}

void leaves_end(struct leaves *l)
{
    check_last(l);
    trace_free(l->trace);
}
