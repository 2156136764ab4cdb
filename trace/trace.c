#include "trace/trace.h"

#include <stdlib.h>
#include <string.h>

enum { LETTERS = 10, STREAM = 2, KEY_MAX = 48, COUNT_MAX = 0x0fffffff };       /* a count has 28 bits: buf_count */

struct stream_key { uint8_t octets[KEY_MAX]; size_t n; };

struct trace {
    nsec start, now;
    event_no n, cause;
    uint32_t counts[LETTERS];                         /* by buf_letter's index */
    struct stream_key *streams;                       /* s1 is streams[0] */
    uint32_t room, *by_key;                           /* by_key: their numbers, by hash, 2 * room places; 0: free */
    struct trace_host hosts[TRACE_HOSTS + 1];          /* from 1 on */
    uint16_t n_hosts;
    bool fields;
    struct view *views, **last;
};

struct trace *trace_new(nsec start)
{
    struct trace *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->start = t->now = start;
    t->last = &t->views;
    return t;
}

void trace_free(struct trace *t)
{
    if (!t)
        return;
    free(t->streams);
    free(t->by_key);
    free(t);
}

void trace_attach(struct trace *t, struct view *v)
{
    *t->last = v;
    t->last = &v->next;
    t->fields |= v->field != NULL;
}

void trace_at(struct trace *t, nsec now)
{
    if (t && now > t->now)
        t->now = now;
}

void trace_because(struct trace *t, event_no cause)
{
    if (t)
        t->cause = cause;
}

event_no trace_cause(const struct trace *t) { return t ? t->cause : 0; }
nsec     trace_start(const struct trace *t) { return t->start; }

void trace_turn(struct trace *t)
{
    for (struct view *v = t ? t->views : NULL; v; v = v->next)
        if (v->turn)
            v->turn(v, t);
}

void trace_end(struct trace *t)
{
    for (struct view *v = t ? t->views : NULL; v; v = v->next)
        if (v->end)
            v->end(v, t);
}

uint16_t trace_host(struct trace *t, const char *name, const uint8_t *addr, uint8_t addr_len)
{
    if (!t || t->n_hosts == TRACE_HOSTS || addr_len > sizeof t->hosts[0].addr)
        return 0;
    struct trace_host *h = &t->hosts[++t->n_hosts];
    h->name = name;
    h->addr_len = addr_len;
    if (addr_len)
        memcpy(h->addr, addr, addr_len);
    return t->n_hosts;
}

const struct trace_host *trace_host_of(const struct trace *t, uint16_t host)
{
    return host && host <= t->n_hosts ? &t->hosts[host] : NULL;
}

static buf_no numbered(unsigned letter, uint32_t count) { return (buf_no)letter << 28 | count; }

/* Streams have keys: trace_stream numbers them. When a kind has run out of numbers, further ones are told without. */
buf_no trace_buf(struct trace *t, char letter)
{
    for (unsigned i = 1; t && i < LETTERS; i++)
        if (i != STREAM && buf_letter(numbered(i, 0)) == letter && t->counts[i] < COUNT_MAX)
            return numbered(i, ++t->counts[i]);
    return 0;
}

void trace_count(struct trace *t, char letter, uint64_t next)
{
    for (unsigned i = 1; t && i < LETTERS; i++)
        if (i != STREAM && buf_letter(numbered(i, 0)) == letter)
            t->counts[i] = next && next <= COUNT_MAX ? (uint32_t)next - 1 : COUNT_MAX;
}

/* ---- streams: a visit has a handful, a capture may have a million ---- */

/* Where a key's number stands, or the free place where it belongs. There always is one: half of them are. */
static uint32_t *place_of(const struct trace *t, const void *key, size_t n)
{
    uint32_t hash = 2166136261u;                      /* FNV-1a */
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ ((const uint8_t *)key)[i]) * 16777619u;
    for (size_t i = hash ^ hash >> 15;; i++) {
        uint32_t *place = &t->by_key[i % (2 * (size_t)t->room)];
        const struct stream_key *k = *place ? &t->streams[*place - 1] : NULL;
        if (!k || (k->n == n && memcmp(k->octets, key, n) == 0))
            return place;
    }
}

static bool more_streams(struct trace *t)
{
    uint32_t room = t->room ? 2 * t->room : 8;
    struct stream_key *more = realloc(t->streams, room * sizeof *more);
    if (more)
        t->streams = more;
    uint32_t *by_key = more ? calloc(2 * (size_t)room, sizeof *by_key) : NULL;
    if (!by_key)
        return false;
    free(t->by_key);
    t->by_key = by_key;
    t->room = room;
    for (uint32_t i = 0; i < t->counts[STREAM]; i++)
        *place_of(t, t->streams[i].octets, t->streams[i].n) = i + 1;
    return true;
}

buf_no trace_stream(struct trace *t, const void *key, size_t n)
{
    if (!t || n > KEY_MAX)
        return 0;
    uint32_t *place = t->room ? place_of(t, key, n) : NULL;
    if (place && *place)
        return numbered(STREAM, *place);
    uint32_t have = t->counts[STREAM];
    if (have == COUNT_MAX || (have == t->room && !more_streams(t)))
        return 0;
    memcpy(t->streams[have].octets, key, n);
    t->streams[have].n = n;
    *place_of(t, key, n) = ++t->counts[STREAM];
    return numbered(STREAM, t->counts[STREAM]);
}

__attribute__((noinline)) event_no trace_emit(struct trace *t, const struct event *told)
{
    if (!t)
        return 0;
    struct event e = *told;
    e.n = ++t->n;
    e.t = t->now;
    if (!e.cause)
        e.cause = t->cause;
    for (struct view *v = t->views; v; v = v->next)
        if (v->event)
            v->event(v, t, &e);
    return e.n;
}

bool trace_wants_fields(const struct trace *t) { return trace_hears(t) && t->fields; }

void trace_field(struct trace *t, const struct field *f)
{
    for (struct view *v = t->views; v; v = v->next)
        if (v->field)
            v->field(v, t, f);
}

const char *event_kind_name(enum event_kind kind)
{
    static const char *const names[EVENT_KINDS] = {
        [EVENT_PACKET] = "packet", [EVENT_FATE] = "fate", [EVENT_RECORD] = "record", [EVENT_MESSAGE] = "message",
        [EVENT_BUFFER] = "buffer", [EVENT_STATE] = "state", [EVENT_CHECK] = "check", [EVENT_TIMER] = "timer",
        [EVENT_VARS] = "vars", [EVENT_KEY] = "key", [EVENT_HTTP] = "http", [EVENT_DNS] = "dns",
        [EVENT_STORY] = "story", [EVENT_FAULT] = "fault", [EVENT_MARK] = "mark",
    };
    return names[kind];
}

const char *event_level_name(enum event_level level)
{
    static const char *const names[] = { [LEVEL_STORY] = "story", [LEVEL_PACKETS] = "packets", [LEVEL_ALL] = "all" };
    return names[level];
}

const struct attr *event_attr(const struct event *e, const char *name)
{
    for (size_t i = 0; i < e->n_attrs; i++)
        if (strcmp(e->attrs[i].name, name) == 0)
            return &e->attrs[i];
    return NULL;
}

const char *event_text(const struct event *e, const char *name)
{
    const struct attr *a = event_attr(e, name);
    return a && a->type == ATTR_TEXT && a->text ? a->text : "";
}

event_no trace_fault(const struct voice *v, const char *layer, const char *by, const struct fault *f)
{
    if (!v->trace || !f->ground)
        return 0;
    const struct attr attrs[] = {
        attr_text("about", f->about), attr_text("expected", f->expected),
        attr_text("came", f->came), attr_text("answer", f->answer ? f->answer : "nothing"),
    };
    return trace_emit(v->trace, &(struct event){
        .kind = EVENT_FAULT, .level = LEVEL_STORY, .layer = layer, .name = f->ground->id, .rfc = f->ground->rfc,
        .by = by, .host = v->host, .conn = v->conn, .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs });
}
