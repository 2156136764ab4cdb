/* Kept octets and texts lie in chunks that never move; events are found by number, buffers by letter and count. */
#include "trace/tape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LETTERS = 10, CHUNK = 64 * 1024, ALIGN = 16, DEPTH = 16 };

struct chunk { struct chunk *next; size_t used, size; };

/* declared 0: fields came, and no event yet */
struct kept { event_no declared; struct tape_field *fields; uint32_t n, room; bool tidy; };
struct buffers { struct kept *at; uint32_t before, n, room; };      /* at[0] is the one behind `before` */

struct tape {
    struct view view;
    size_t most, used;
    bool full;
    struct chunk *chunks;
    const struct event **events;                      /* events[0] is the one behind `before` */
    event_no before;
    size_t n, room;
    bool cleared;
    event_no *turns;                                  /* behind which events a turn came, in order */
    size_t n_turns, turns_room;
    struct buffers buffers[LETTERS];
    struct trace *trace;
    uint16_t n_hosts;
};

static bool lacks(struct tape *t, size_t n)
{
    if (!t->full && n <= t->most - t->used) {
        t->used += n;
        return false;
    }
    t->full = true;
    return true;
}

static void *keep_room(struct tape *t, size_t n)
{
    struct chunk *c = t->chunks;
    n = (n + ALIGN - 1) / ALIGN * ALIGN;
    if (!c || c->size - c->used < n) {
        size_t head = (sizeof *c + ALIGN - 1) / ALIGN * ALIGN, size = head + (n > CHUNK ? n : CHUNK);
        if (lacks(t, size) || !(c = malloc(size))) {
            t->full = true;
            return NULL;
        }
        *c = (struct chunk){ .next = t->chunks, .used = head, .size = size };
        t->chunks = c;
    }
    void *at = (char *)c + c->used;
    c->used += n;
    return at;
}

static const void *keep(struct tape *t, const void *octets, size_t n)
{
    void *at = n ? keep_room(t, n) : NULL;
    return at ? memcpy(at, octets, n) : NULL;
}

static const char *keep_text(struct tape *t, const char *text)
{
    return text ? keep(t, text, strlen(text) + 1) : NULL;
}

static struct bytes keep_bytes(struct tape *t, struct bytes b)
{
    const void *at = keep(t, b.at, b.n);
    return (struct bytes){ at, at ? b.n : 0 };
}

/* Makes an array longer, up to at least `least` entries; what is new is zero. */
static void *longer(struct tape *t, void *at, size_t room, size_t least, size_t size, size_t *new_room)
{
    size_t want = room ? 2 * room : 16;
    if (want < least)
        want = least;
    if (lacks(t, (want - room) * size))
        return NULL;
    char *more = realloc(at, want * size);
    if (!more) {
        t->full = true;
        return NULL;
    }
    memset(more + room * size, 0, (want - room) * size);
    *new_room = want;
    return more;
}

static struct kept *kept_of(const struct tape *t, buf_no b)
{
    const struct buffers *l = &t->buffers[b >> 28 < LETTERS ? b >> 28 : 0];
    return buf_count(b) > l->before && buf_count(b) - l->before <= l->n ? &l->at[buf_count(b) - l->before - 1] : NULL;
}

/* The place of a buffer, made when it is new. */
static struct kept *kept_made(struct tape *t, buf_no b)
{
    struct buffers *l = &t->buffers[b >> 28 < LETTERS ? b >> 28 : 0];
    uint32_t count = buf_count(b);
    if (t->cleared && !l->n && count)
        l->before = count - 1;
    if (count <= l->before)
        return NULL;
    count -= l->before;
    if (count > l->room) {
        size_t room;
        void *more = longer(t, l->at, l->room, count, sizeof *l->at, &room);
        if (!more)
            return NULL;
        l->at = more;
        l->room = (uint32_t)room;
    }
    if (count > l->n)
        l->n = count;
    return &l->at[count - 1];
}

/* Hosts are named before anything is told of them, some while the run goes on. */
static void keep_hosts(struct tape *t, const struct trace *from)
{
    if (!t->trace)
        t->trace = trace_new(trace_start(from));
    for (const struct trace_host *h; t->trace && (h = trace_host_of(from, (uint16_t)(t->n_hosts + 1))); t->n_hosts++)
        trace_host(t->trace, keep_text(t, h->name), h->addr, h->addr_len);
}

static const struct attr *keep_attrs(struct tape *t, const struct event *e)
{
    struct attr *attrs = e->n_attrs ? keep_room(t, e->n_attrs * sizeof *attrs) : NULL;
    for (size_t i = 0; attrs && i < e->n_attrs; i++) {
        attrs[i] = e->attrs[i];
        attrs[i].name = keep_text(t, attrs[i].name);
        attrs[i].text = keep_text(t, attrs[i].text);
        attrs[i].bytes = keep_bytes(t, attrs[i].bytes);
    }
    return attrs;
}

static struct event *keep_event(struct tape *t, const struct event *e)
{
    struct event *own = keep_room(t, sizeof *own);
    if (!own)
        return NULL;
    *own = *e;
    own->layer = keep_text(t, e->layer);
    own->name = keep_text(t, e->name);
    own->label = keep_text(t, e->label);
    own->rfc = keep_text(t, e->rfc);
    own->by = keep_text(t, e->by);
    own->attrs = keep_attrs(t, e);
    own->bytes = keep_bytes(t, e->bytes);
    own->spans = keep(t, e->spans, e->n_spans * sizeof *e->spans);
    own->carries = keep(t, e->carries, e->n_carries * sizeof *e->carries);
    return own;
}

static void on_event(struct view *v, const struct trace *from, const struct event *e)
{
    struct tape *t = (struct tape *)v;
    keep_hosts(t, from);
    if (t->n == t->room) {
        void *more = longer(t, t->events, t->room, t->n + 1, sizeof *t->events, &t->room);
        if (!more)
            return;
        t->events = more;
    }
    struct event *own = keep_event(t, e);
    if (t->full)
        return;                                       /* half an event would be a lie */
    if (t->cleared && !t->n)
        t->before = e->n - 1;
    t->events[t->n++] = own;
    struct kept *k = event_declares(e) ? kept_made(t, e->buf) : NULL;
    if (k && !k->declared) {
        k->declared = e->n;
        k->tidy = false;
    }
}

static void on_field(struct view *v, const struct trace *from, const struct field *f)
{
    struct tape *t = (struct tape *)v;
    struct kept *k = t->full ? NULL : kept_made(t, f->buf);
    (void)from;
    if (!k)
        return;
    if (k->n == k->room) {
        size_t room;
        void *more = longer(t, k->fields, k->room, k->n + 1, sizeof *k->fields, &room);
        if (!more)
            return;
        k->fields = more;
        k->room = (uint32_t)room;
    }
    /* until the tree is made, `parent` is the order in which they were told */
    k->fields[k->n] = (struct tape_field){ .field = *f, .parent = k->n };
    k->fields[k->n++].field.bytes = (struct bytes){ NULL, 0 };
    k->tidy = false;
}

static void on_turn(struct view *v, const struct trace *from)
{
    struct tape *t = (struct tape *)v;
    (void)from;
    if (t->full || (t->n_turns ? t->turns[t->n_turns - 1] == t->before + t->n : t->n == 0))
        return;                                       /* nothing happened in it */
    if (t->n_turns == t->turns_room) {
        void *more = longer(t, t->turns, t->turns_room, t->n_turns + 1, sizeof *t->turns, &t->turns_room);
        if (!more)
            return;
        t->turns = more;
    }
    t->turns[t->n_turns++] = t->before + t->n;
}

struct tape *tape_new(size_t most)
{
    struct tape *t = calloc(1, sizeof *t);
    if (t) {
        t->most = most;
        t->view = (struct view){ .event = on_event, .field = on_field, .turn = on_turn };
    }
    return t;
}

static void forget_buffers(struct tape *t, struct buffers *l)
{
    for (uint32_t k = 0; k < l->n; k++) {
        t->used -= l->at[k].room * sizeof *l->at[k].fields;
        free(l->at[k].fields);
        l->at[k] = (struct kept){ 0 };
    }
    l->n = 0;
}

void tape_clear(struct tape *t)
{
    for (unsigned i = 0; i < LETTERS; i++)
        forget_buffers(t, &t->buffers[i]);
    for (struct chunk *c = t->chunks, *next; c; c = next) {
        next = c->next;
        t->used -= c->size;
        free(c);
    }
    trace_free(t->trace);                             /* names of hosts lay in the chunks */
    t->trace = NULL;
    t->chunks = NULL;
    t->n_hosts = 0;
    t->n = t->n_turns = 0;
    t->full = false;
    t->cleared = true;
}

void tape_free(struct tape *t)
{
    if (!t)
        return;
    tape_clear(t);
    for (unsigned i = 0; i < LETTERS; i++)
        free(t->buffers[i].at);
    free(t->events);
    free(t->turns);
    free(t);
}

struct view *tape_view(struct tape *t) { return &t->view; }
bool tape_full(const struct tape *t) { return t->full; }
const struct trace *tape_trace(const struct tape *t) { return t->trace; }
event_no tape_events(const struct tape *t) { return t->n ? t->before + t->n : 0; }

const struct event *tape_event(const struct tape *t, event_no n)
{
    return n > t->before && n - t->before <= t->n ? t->events[n - t->before - 1] : NULL;
}

const struct event *tape_buffer(const struct tape *t, buf_no b)
{
    const struct kept *k = kept_of(t, b);
    return k ? tape_event(t, k->declared) : NULL;
}

buf_no tape_buf(char letter, uint32_t count)
{
    for (unsigned i = 1; i < LETTERS; i++)
        if (buf_letter((buf_no)i << 28) == letter)
            return (buf_no)i << 28 | count;
    return 0;
}

uint32_t tape_count(const struct tape *t, char letter)
{
    const struct buffers *l = &t->buffers[tape_buf(letter, 0) >> 28];
    return l->before + l->n;
}

/* By place; of those that begin at one octet the longest first, then as they were told. */
static int by_place(const void *pa, const void *pb)
{
    const struct tape_field *a = pa, *b = pb;
    if (a->field.off != b->field.off)
        return a->field.off < b->field.off ? -1 : 1;
    if (a->field.len != b->field.len)
        return a->field.len > b->field.len ? -1 : 1;
    return a->parent < b->parent ? -1 : a->parent > b->parent;
}

static bool same_place(const struct field *a, const struct field *b) { return a->off == b->off && a->len == b->len; }

/* Bits are told behind the number that holds them, with its place: they stand below it, beside each other. */
static bool is_bits(const struct kept *k, uint32_t i)
{
    const struct tape_field *f = &k->fields[i];
    if (f->parent == TAPE_ROOT || f->field.type == FIELD_GROUP)
        return false;
    const struct field *holder = &k->fields[f->parent].field;
    return holder->type != FIELD_GROUP && same_place(holder, &f->field);
}

static bool holds(const struct kept *k, uint32_t outer, const struct field *f)
{
    const struct field *o = &k->fields[outer].field;
    if (f->off < o->off || f->off + f->len > o->off + o->len)
        return false;
    return !same_place(o, f) || !is_bits(k, outer);
}

static void make_tree(struct tape *t, struct kept *k)
{
    const struct event *e = tape_event(t, k->declared);
    qsort(k->fields, k->n, sizeof *k->fields, by_place);
    for (uint32_t i = 0; i < k->n; i++) {
        struct tape_field *f = &k->fields[i];
        uint32_t outer = i ? i - 1 : TAPE_ROOT;
        while (outer != TAPE_ROOT && !holds(k, outer, &f->field))
            outer = k->fields[outer].parent;
        f->parent = outer;
        f->depth = outer == TAPE_ROOT ? 0 : k->fields[outer].depth + 1;
        f->leaf = true;
        if (outer != TAPE_ROOT)
            k->fields[outer].leaf = false;
        if (e && e->bytes.at && f->field.len <= e->bytes.n && f->field.off <= e->bytes.n - f->field.len)
            f->field.bytes = (struct bytes){ e->bytes.at + f->field.off, f->field.len };
    }
    k->tidy = true;
}

struct tape_fields tape_fields(struct tape *t, buf_no b)
{
    struct kept *k = kept_of(t, b);
    if (!k || !k->n)
        return (struct tape_fields){ NULL, 0 };
    /* told anew after a tree was made: the order of telling is lost for the old ones, but they are in order */
    for (uint32_t i = 0; !k->tidy && i < k->n; i++)
        k->fields[i].parent = i;
    if (!k->tidy)
        make_tree(t, k);
    return (struct tape_fields){ k->fields, k->n };
}

const char *tape_root(const struct tape *t, buf_no b)
{
    const struct event *e = tape_buffer(t, b);
    switch (buf_letter(b)) {
    case 'p': return "packet";
    case 'r': return "record";
    case 'o': return "opened";
    default:  return e && e->name ? e->name : "buffer";
    }
}

char *tape_path(struct tape *t, buf_no b, size_t index, char *out, size_t room)
{
    uint32_t way[DEPTH], steps = 0;
    struct tape_fields f = tape_fields(t, b);
    for (uint32_t i = (uint32_t)index; i < f.n && steps < DEPTH; i = f.at[i].parent)
        way[steps++] = i;
    size_t n = (size_t)snprintf(out, room, "%s", tape_root(t, b));
    while (steps && n < room)
        n += (size_t)snprintf(out + n, room - n, "/%s", f.at[way[--steps]].field.name);
    return out;
}

struct found { struct tape_place *out; size_t most, n; };

/* Octets of a stream: every packet that carries some of them. `off` is theirs within what was asked for. */
static void on_stream(const struct tape *t, struct span s, uint64_t off, struct found *found)
{
    for (uint32_t i = 1; i <= tape_count(t, 'p'); i++) {
        const struct event *p = tape_buffer(t, tape_buf('p', i));
        for (size_t k = 0; p && k < p->n_carries; k++) {
            const struct carry *c = &p->carries[k];
            uint64_t from = c->off > s.off ? c->off : s.off,
                     to = c->off + c->len < s.off + s.len ? c->off + c->len : s.off + s.len;
            if (c->stream != s.in || from >= to)
                continue;
            if (found->n < found->most)
                found->out[found->n] = (struct tape_place){ p->buf, c->at + (uint32_t)(from - c->off),
                                                            (uint32_t)(to - from), off + from - s.off };
            found->n++;
        }
    }
}

static void go_down(const struct tape *t, struct span s, uint64_t off, unsigned depth, struct found *found)
{
    const struct event *e = tape_buffer(t, s.in);
    uint64_t pos = 0;
    if (buf_letter(s.in) == 's') {
        on_stream(t, s, off, found);
        return;
    }
    for (size_t i = 0; e && depth < DEPTH && i < e->n_spans; pos += e->spans[i++].len) {
        const struct span *below = &e->spans[i];
        uint64_t from = s.off > pos ? s.off : pos,
                 to = s.off + s.len < pos + below->len ? s.off + s.len : pos + below->len;
        if (from < to)
            go_down(t, (struct span){ below->in, (uint32_t)(to - from), below->off + from - pos },
                    off + from - s.off, depth + 1, found);
    }
}

size_t tape_places(const struct tape *t, struct span s, struct tape_place *out, size_t most)
{
    struct found found = { out, most, 0 };
    if (buf_letter(s.in) == 'p') {
        if (most)
            out[0] = (struct tape_place){ s.in, (uint32_t)s.off, s.len, 0 };
        return 1;
    }
    go_down(t, s, 0, 0, &found);
    return found.n;
}

bool tape_is_sealed(const struct tape *t, buf_no b)
{
    for (unsigned depth = 0; depth < DEPTH && buf_letter(b) != 's' && buf_letter(b) != 'p'; depth++) {
        const struct event *e = tape_buffer(t, b);
        if (buf_letter(b) == 'o')
            return true;
        if (!e || !e->n_spans)
            return false;
        b = e->spans[0].in;
    }
    return false;
}

/* How many turns came before this event. */
static size_t turns_before(const struct tape *t, event_no n)
{
    size_t low = 0, high = t->n_turns;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->turns[middle] < n)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void tape_replay(struct tape *t, event_no from, event_no to, struct view *v)
{
    event_no first = from > t->before ? from : t->before + 1;
    size_t turn = turns_before(t, first);
    for (event_no n = first; n <= to && n <= tape_events(t); n++) {
        const struct event *e = tape_event(t, n);
        struct tape_fields f = event_declares(e) && v->field ? tape_fields(t, e->buf) : (struct tape_fields){ NULL, 0 };
        for (size_t i = 0; i < f.n; i++)
            v->field(v, t->trace, &f.at[i].field);
        if (v->event)
            v->event(v, t->trace, e);
        for (; turn < t->n_turns && t->turns[turn] == n; turn++)
            if (v->turn)
                v->turn(v, t->trace);
    }
}
