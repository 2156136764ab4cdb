#include "trace/coverage.h"

#include <stdlib.h>
#include <string.h>

/* DEPTH: certificate on message on opened record on record on stream, and air */
enum { LETTERS = 10, LONG = 64, DEPTH = 8 };

struct list { void *at; size_t n, room; };

/* octets: of a packet, where its marks begin */
struct buffer { bool declared; uint32_t len; size_t pieces, n_pieces, octets; };
struct piece { uint32_t pos; struct span on; };       /* octets pos.. of a buffer lie on a span */
struct load { buf_no packet; struct carry carry; };
/* order: told later, sorted later */
struct name { buf_no buf; uint32_t off, len; uint32_t order; bool counts; };
struct range { buf_no in; uint64_t from, to; };

struct coverage {
    struct list buffers[LETTERS], pieces, loads, names;
    /* ranges: other buffers lie there; named octets of streams */
    struct list covered, streamed;
    struct coverage_sum sum;
    uint8_t *marks;                                   /* one for each octet of each packet: named? */
    bool failed;
};

struct coverage *coverage_new(void) { return calloc(1, sizeof(struct coverage)); }

void coverage_free(struct coverage *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < LETTERS; i++)
        free(c->buffers[i].at);
    free(c->pieces.at);
    free(c->loads.at);
    free(c->names.at);
    free(c->covered.at);
    free(c->streamed.at);
    free(c->marks);
    free(c);
}

/* Makes a list n entries long; new ones are zero. False: no memory, and the whole count has failed. */
static bool lengthen(struct coverage *c, struct list *l, size_t n, size_t size)
{
    if (n > l->room) {
        size_t room = n + l->room + 16;
        void *more = room <= SIZE_MAX / size ? realloc(l->at, room * size) : NULL;
        if (!more) {
            c->failed = true;
            return false;
        }
        l->at = more;
        l->room = room;
    }
    if (n > l->n) {
        memset((char *)l->at + l->n * size, 0, (n - l->n) * size);
        l->n = n;
    }
    return true;
}

static void append(struct coverage *c, struct list *l, const void *entry, size_t size)
{
    if (lengthen(c, l, l->n + 1, size))
        memcpy((char *)l->at + (l->n - 1) * size, entry, size);
}

static void append_range(struct coverage *c, struct list *l, buf_no in, uint64_t from, uint64_t n)
{
    if (n)
        append(c, l, &(struct range){ in, from, from + n }, sizeof(struct range));
}

static struct buffer *find(const struct coverage *c, buf_no b)
{
    const struct list *l = &c->buffers[b >> 28 < LETTERS ? b >> 28 : 0];
    struct buffer *buffers = l->at;
    return buf_count(b) < l->n && buffers[buf_count(b)].declared ? &buffers[buf_count(b)] : NULL;
}

void coverage_event(struct coverage *c, const struct event *e)
{
    if (!event_declares(e) || !e->buf || e->buf >> 28 >= LETTERS || find(c, e->buf))
        return;
    struct list *l = &c->buffers[e->buf >> 28];
    size_t count = buf_count(e->buf);
    if (!lengthen(c, l, l->n > count ? l->n : count + 1, sizeof(struct buffer)))
        return;
    struct buffer *b = (struct buffer *)l->at + count;
    *b = (struct buffer){ .declared = true, .len = (uint32_t)e->bytes.n };
    b->pieces = c->pieces.n;
    b->n_pieces = e->n_spans;
    uint32_t pos = 0;
    for (size_t i = 0; i < e->n_spans; pos += e->spans[i++].len) {
        append(c, &c->pieces, &(struct piece){ pos, e->spans[i] }, sizeof(struct piece));
        append_range(c, &c->covered, e->spans[i].in, e->spans[i].off, e->spans[i].len);
    }
    if (e->kind != EVENT_PACKET)
        return;
    b->octets = (size_t)c->sum.bytes;
    c->sum.packets++;
    c->sum.bytes += b->len;
    for (size_t i = 0; i < e->n_carries; i++)
        append(c, &c->loads, &(struct load){ e->buf, e->carries[i] }, sizeof(struct load));
}

static bool is_opaque(const char *name)
{
    for (const char *const *opaque = wire_opaque_names; *opaque; opaque++)
        if (strcmp(name, *opaque) == 0)
            return true;
    return false;
}

void coverage_field(struct coverage *c, const struct field *f)
{
    const bool counts = f->len <= LONG || is_opaque(f->name);
    const struct name name = { f->buf, f->off, f->len, (uint32_t)c->names.n, counts };
    append(c, &c->names, &name, sizeof name);
}

static int compare(uint64_t a, uint64_t b) { return a < b ? -1 : a > b; }

/* By buffer and place; of those that begin at one place the longest first: what holds others stands before
 * them. */
static int by_place(const void *pa, const void *pb)
{
    const struct name *a = pa, *b = pb;
    int order = compare(a->buf, b->buf);
    order = order ? order : compare(a->off, b->off);
    order = order ? order : compare(b->len, a->len);
    return order ? order : compare(a->order, b->order);
}

static int by_start(const void *pa, const void *pb)
{
    const struct range *a = pa, *b = pb;
    int order = compare(a->in, b->in);
    order = order ? order : compare(a->from, b->from);
    return order ? order : compare(a->to, b->to);
}

/* Sorts ranges and joins those that touch. */
static void tidy(struct list *l)
{
    struct range *r = l->at;
    size_t n = 0;
    if (l->n)
        qsort(r, l->n, sizeof *r, by_start);
    for (size_t i = 0; i < l->n; i++)
        if (n && r[n - 1].in == r[i].in && r[i].from <= r[n - 1].to)
            r[n - 1].to = r[i].to > r[n - 1].to ? r[i].to : r[n - 1].to;
        else
            r[n++] = r[i];
    l->n = n;
}

/* In tidy ranges: the first that ends behind `from`, or later. */
static size_t first_behind(const struct list *l, buf_no in, uint64_t from)
{
    const struct range *r = l->at;
    size_t low = 0, high = l->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r[middle].in < in || (r[middle].in == in && r[middle].to <= from))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_covered(const struct coverage *c, const struct name *f)
{
    size_t i = first_behind(&c->covered, f->buf, f->off);
    const struct range *r = c->covered.at;
    return i < c->covered.n && r[i].in == f->buf && r[i].from < (uint64_t)f->off + f->len;
}

/* These octets have a name: marks them in a packet, notes them of a stream, and goes down to what they lie
 * on. */
static void mark(struct coverage *c, buf_no in, uint64_t off, uint64_t n, unsigned depth)
{
    const struct buffer *b = find(c, in);
    if (!b) {
        append_range(c, &c->streamed, in, off, n);
        return;
    }
    if (depth == 0 || off > b->len || n > b->len - off)
        return;
    if (buf_letter(in) == 'p' && n)
        memset(c->marks + b->octets + off, 1, (size_t)n);
    const struct piece *p = (const struct piece *)c->pieces.at + b->pieces;
    size_t low = 0, high = b->n_pieces;
    while (low < high) {                              /* the first piece that ends behind off */
        size_t middle = low + (high - low) / 2;
        if ((uint64_t)p[middle].pos + p[middle].on.len <= off)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < b->n_pieces && p[low].pos < off + n; low++) {
        uint64_t from = p[low].pos > off ? p[low].pos : off, end = (uint64_t)p[low].pos + p[low].on.len;
        uint64_t to = end < off + n ? end : off + n;
        mark(c, p[low].on.in, p[low].on.off + (from - p[low].pos), to - from, depth - 1);
    }
}

static void mark_leaves(struct coverage *c)
{
    struct name *f = c->names.at;
    if (c->names.n)
        qsort(f, c->names.n, sizeof *f, by_place);
    for (size_t i = 0; i < c->names.n; i++) {
        uint64_t end = (uint64_t)f[i].off + f[i].len;
        bool branch = i + 1 < c->names.n && f[i + 1].buf == f[i].buf && f[i + 1].off < end;
        if (!branch && f[i].counts && find(c, f[i].buf) && !is_covered(c, &f[i]))
            mark(c, f[i].buf, f[i].off, f[i].len, DEPTH);
    }
}

/* What is named of a stream is named in every packet that carries it. */
static void mark_loads(struct coverage *c)
{
    tidy(&c->streamed);
    const struct range *r = c->streamed.at;
    for (size_t i = 0; i < c->loads.n; i++) {
        const struct load *l = (const struct load *)c->loads.at + i;
        const struct buffer *packet = find(c, l->packet);
        uint64_t begin = l->carry.off, end = begin + l->carry.len;
        if (!packet || (uint64_t)l->carry.at + l->carry.len > packet->len)
            continue;
        for (size_t k = first_behind(&c->streamed, l->carry.stream, begin);
             k < c->streamed.n && r[k].in == l->carry.stream && r[k].from < end; k++) {
            uint64_t from = r[k].from > begin ? r[k].from : begin, to = r[k].to < end ? r[k].to : end;
            memset(c->marks + packet->octets + l->carry.at + (from - begin), 1, (size_t)(to - from));
        }
    }
}

bool coverage_count(struct coverage *c, struct coverage_sum *sum)
{
    free(c->marks);
    c->marks = calloc(c->sum.bytes ? (size_t)c->sum.bytes : 1, 1);
    c->streamed.n = c->sum.named = 0;
    if (c->failed || !c->marks)
        return false;
    tidy(&c->covered);
    mark_leaves(c);
    mark_loads(c);
    for (uint64_t i = 0; i < c->sum.bytes; i++)
        c->sum.named += c->marks[i];
    *sum = c->sum;
    return !c->failed;
}
