#include "tests/lib/named.h"
#include "tests/lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *grown(void *list, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return list;
    *room = *room ? 2 * *room : 64;
    void *more = realloc(list, *room * size);
    ck_assert_ptr_nonnull(more);
    return more;
}

static void note_buffer(struct named *n, const struct event *e)
{
    n->buffers = grown(n->buffers, n->n_buffers, &n->buffers_room, sizeof *n->buffers);
    struct named_buffer *b = &n->buffers[n->n_buffers++];
    *b = (struct named_buffer){ .buf = e->buf, .n = e->bytes.n };
    snprintf(b->what, sizeof b->what, "%s %s", event_kind_name(e->kind), e->name);
    snprintf(b->label, sizeof b->label, "%s", e->label ? e->label : "");
    for (size_t i = 0; i < e->n_spans; i++)
        b->spanned += e->spans[i].len;
    ck_assert_msg(e->n_spans == 0 || b->spanned == b->n, "%s: spans of %llu octets, but it has %zu", b->what,
                  (unsigned long long)b->spanned, b->n);
}

static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct named *n = (struct named *)v;
    (void)t;
    if (e->kind == EVENT_PACKET || e->kind == EVENT_RECORD || e->kind == EVENT_MESSAGE
        || e->kind == EVENT_BUFFER)
        note_buffer(n, e);
    n->http += e->kind == EVENT_HTTP;
    if (e->kind != EVENT_FAULT)
        return;
    n->faults++;
    snprintf(n->fault.name, sizeof n->fault.name, "%s", e->name);
    snprintf(n->fault.rfc, sizeof n->fault.rfc, "%s", e->rfc);
    snprintf(n->fault.answer, sizeof n->fault.answer, "%s", event_text(e, "answer"));
}

static void on_field(struct view *v, const struct trace *t, const struct field *f)
{
    struct named *n = (struct named *)v;
    (void)t;
    n->fields = grown(n->fields, n->n_fields, &n->fields_room, sizeof *n->fields);
    struct named_field *to = &n->fields[n->n_fields++];
    *to = (struct named_field){
        .buf = f->buf, .off = f->off, .len = f->len, .group = f->type == FIELD_GROUP, .name = f->name
    };
    if (f->type == FIELD_NUMBER)
        snprintf(to->value, sizeof to->value, "%llu", (unsigned long long)f->number);
    else
        snprintf(to->value, sizeof to->value, "%.*s", (int)(f->bytes.n < 90 ? f->bytes.n : 90),
                 (const char *)f->bytes.at);
}

struct named *named_new(void)
{
    struct named *n = calloc(1, sizeof *n);
    ck_assert_ptr_nonnull(n);
    n->view = (struct view){ .event = on_event, .field = on_field };
    n->trace = trace_new(0);
    trace_attach(n->trace, &n->view);
    return n;
}

void named_free(struct named *n)
{
    trace_free(n->trace);
    free(n->buffers);
    free(n->fields);
    free(n);
}

static bool is_opaque(const char *name)
{
    for (const char *const *p = wire_opaque_names; *p; p++)
        if (strcmp(*p, name) == 0)
            return true;
    return false;
}

/* Does the i-th field hold another, told later? Bits of an octet are told behind it, with the same place. */
static bool holds_another(const struct named *n, size_t i)
{
    const struct named_field *f = &n->fields[i];
    for (size_t k = i + 1; k < n->n_fields; k++) {
        const struct named_field *g = &n->fields[k];
        if (g->buf == f->buf && g->off >= f->off && g->off + g->len <= f->off + f->len)
            return true;
    }
    return false;
}

static void check_buffer(const struct named *n, const struct named_buffer *b)
{
    char *times = calloc(b->n + 1, 1);
    ck_assert_ptr_nonnull(times);
    for (size_t i = 0; i < n->n_fields; i++) {
        const struct named_field *f = &n->fields[i];
        if (f->buf != b->buf || f->group || holds_another(n, i))
            continue;
        ck_assert_msg((size_t)f->off + f->len <= b->n, "%s: %s runs past the end", b->what, f->name);
        ck_assert_msg(f->len <= 64 || is_opaque(f->name), "%s: a leaf %s of %u octets", b->what, f->name,
                      f->len);
        for (uint32_t k = 0; k < f->len; k++)
            times[f->off + k]++;
    }
    for (size_t i = 0; i < b->n; i++)
        ck_assert_msg(times[i] == 1, "%s (%s): octet %zu of %zu has %d names", b->what, b->label, i, b->n,
                      times[i]);
    free(times);
}

void named_check(const struct named *n)
{
    for (size_t i = 0; i < n->n_buffers; i++)
        check_buffer(n, &n->buffers[i]);
}

const char *named_value(const struct named *n, const char *name, size_t k)
{
    for (size_t i = 0; i < n->n_fields; i++)
        if (strcmp(n->fields[i].name, name) == 0 && k-- == 0)
            return n->fields[i].value;
    return NULL;
}
