#include "trace/coverage.h"
#include "trace/json.h"
#include "trace/views.h"

#include <stdlib.h>
#include <string.h>

struct json_view {
    struct view view;
    struct sink *sink;
    bool secrets;
    struct json line;
    struct coverage *coverage;
};

/* Names that belong to the line itself. An attribute must not be called so; if one is, it gets a _ behind,
 * that nothing is lost. */
static bool is_reserved(const char *name)
{
    static const char *const reserved[] = {
        "n", "t", "host", "conn", "layer", "kind", "name", "label", "level", "cause", "by", "rfc",
        "id", "len", "bytes", "spans", "carries", "packet", "buf", "off", "value", "words",
    };
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(name, reserved[i]) == 0)
            return true;
    return false;
}

static void add_attr(struct json *j, const struct attr *a, bool secrets)
{
    char name[64] = "";
    strncat(name, a->name, sizeof name - 2);
    json_name(j, is_reserved(name) ? strcat(name, "_") : name);
    switch (a->type) {
    case ATTR_NUMBER:
        json_number(j, a->number);
        break;
    case ATTR_TEXT:
        json_words(j, a->text ? a->text : "");
        break;
    case ATTR_HEX:
        json_hex(j, a->bytes);
        break;
    case ATTR_SECRET:
        if (secrets)
            json_hex(j, a->bytes);
        else
            json_words(j, "secret");
    }
}

static void add_word(struct json *j, const char *name, const char *word)
{
    if (word)
        json_name(j, name), json_words(j, word);
}

static void add_count(struct json *j, const char *name, uint64_t n)
{
    if (n)
        json_name(j, name), json_number(j, n);
}

static void add_spans(struct json *j, const struct event *e)
{
    json_name(j, "spans"), json_open(j, '[');
    for (const struct span *s = e->spans; s < e->spans + e->n_spans; s++) {
        json_open(j, '['), json_buf(j, s->in);
        json_number(j, s->off), json_number(j, s->len), json_close(j, ']');
    }
    json_close(j, ']');
}

static void add_carries(struct json *j, const struct event *e)
{
    json_name(j, "carries"), json_open(j, '[');
    for (const struct carry *c = e->carries; c < e->carries + e->n_carries; c++) {
        json_open(j, '['), json_buf(j, c->stream), json_number(j, c->off);
        json_number(j, c->at), json_number(j, c->len), json_close(j, ']');
    }
    json_close(j, ']');
}

/* The buffer an event declares, or the one it is about. */
static void add_buffer(struct json *j, const struct event *e)
{
    const char *word = event_declares(e) ? "id" : buf_letter(e->buf) == 'p' ? "packet" : "buf";
    if (!e->buf)
        return;
    json_name(j, word), json_buf(j, e->buf);
    if (!event_declares(e))
        return;
    json_name(j, "len"), json_number(j, e->bytes.n);
    json_name(j, "bytes"), json_hex(j, e->bytes);
    if (e->n_spans)
        add_spans(j, e);
    if (e->n_carries)
        add_carries(j, e);
}

static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct json_view *self = (struct json_view *)v;
    struct json *j = &self->line;
    const struct trace_host *host = trace_host_of(t, e->host);
    coverage_event(self->coverage, e);
    json_start(j);
    json_open(j, '{');
    json_name(j, "n"), json_number(j, e->n);
    json_name(j, "t"), json_number(j, (uint64_t)(e->t - trace_start(t)));
    add_word(j, "host", host ? host->name : NULL);
    add_count(j, "conn", e->conn);
    add_word(j, "layer", e->layer);
    add_word(j, "kind", event_kind_name(e->kind));
    add_word(j, "name", e->name);
    add_word(j, "label", e->label);
    add_word(j, "level", event_level_name(e->level));
    add_count(j, "cause", e->cause);
    add_word(j, "by", e->by);
    add_word(j, "rfc", e->rfc);
    add_buffer(j, e);
    for (size_t i = 0; i < e->n_attrs; i++)
        add_attr(j, &e->attrs[i], self->secrets);
    json_close(j, '}');
    json_write(j, self->sink);
}

static void on_field(struct view *v, const struct trace *t, const struct field *f)
{
    struct json_view *self = (struct json_view *)v;
    struct json *j = &self->line;
    (void)t;
    coverage_field(self->coverage, f);
    json_start(j);
    json_open(j, '{');
    add_word(j, "kind", "field");
    json_name(j, "buf"), json_buf(j, f->buf);
    json_name(j, "off"), json_number(j, f->off);
    json_name(j, "len"), json_number(j, f->len);
    add_word(j, "name", f->name);
    if (f->type == FIELD_NUMBER)
        json_name(j, "value"), json_number(j, f->number);
    else if (f->type == FIELD_BYTES)
        json_name(j, "value"), json_hex(j, f->bytes);
    else if (f->type == FIELD_TEXT)
        json_name(j, "value"), json_string(j, f->bytes.at, f->bytes.n);
    add_word(j, "words", f->words);
    json_close(j, '}');
    json_write(j, self->sink);
}

/* The last line: how much of the packets has a name. When memory ran out on the way, it says so instead. */
static void on_end(struct view *v, const struct trace *t)
{
    struct json_view *self = (struct json_view *)v;
    struct json *j = &self->line;
    struct coverage_sum sum;
    (void)t;
    json_start(j);
    json_open(j, '{');
    add_word(j, "kind", "summary");
    if (coverage_count(self->coverage, &sum)) {
        json_name(j, "packets"), json_number(j, sum.packets);
        json_name(j, "bytes"), json_number(j, sum.bytes);
        json_name(j, "named"), json_number(j, sum.named);
    } else
        add_word(j, "missing", "memory");
    json_close(j, '}');
    json_write(j, self->sink);
}

static void on_free(struct view *v)
{
    struct json_view *self = (struct json_view *)v;
    coverage_free(self->coverage);
    json_free(&self->line);
    free(self);
}

/* The first line: which words of docs/trace.md the others are in. */
static void write_version(struct json_view *self)
{
    struct json *j = &self->line;
    json_start(j);
    json_open(j, '{');
    add_word(j, "kind", "stream");
    json_name(j, "version"), json_number(j, JSON_VERSION);
    json_close(j, '}');
    json_write(j, self->sink);
}

struct view *json_view_new(struct sink *sink, bool secrets)
{
    struct json_view *self = calloc(1, sizeof *self);
    struct coverage *coverage = coverage_new();
    if (!self || !coverage) {
        free(self);
        coverage_free(coverage);
        return NULL;
    }
    *self = (struct json_view){
        .view = { .event = on_event, .field = on_field, .end = on_end, .free = on_free },
        .sink = sink, .secrets = secrets, .coverage = coverage };
    write_version(self);
    return &self->view;
}
