#include "net/underway.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 2048 };                                /* packets up to this size share one store */

static bool before(const struct arrival *a, const struct arrival *b)
{
    return a->at != b->at ? a->at < b->at : a->ordinal < b->ordinal;
}

/* Puts a where it belongs, from the end of the heap upwards. */
static void rise(struct arrivals *h, struct arrival a)
{
    size_t i = h->n++;
    for (; i > 0 && before(&a, &h->all[(i - 1) / 2]); i = (i - 1) / 2)
        h->all[i] = h->all[(i - 1) / 2];
    h->all[i] = a;
}

/* Puts a where it belongs, from the top of the heap downwards. */
static void sink(struct arrivals *h, struct arrival a)
{
    size_t i = 0;
    for (size_t child = 1; child < h->n; child = 2 * i + 1) {
        if (child + 1 < h->n && before(&h->all[child + 1], &h->all[child]))
            child++;
        if (!before(&h->all[child], &a))
            break;
        h->all[i] = h->all[child];
        i = child;
    }
    h->all[i] = a;
}

static bool has_room(struct arrivals *h)
{
    if (h->n < h->room)
        return true;
    size_t room = h->room ? 2 * h->room : 64;
    struct arrival *all = realloc(h->all, room * sizeof *all);
    if (!all)
        return false;
    h->all = all;
    h->room = room;
    return true;
}

/* What was taken from its front makes room before it grows. */
static bool queue_has_room(struct flight *f)
{
    struct arrivals *q = &f->queue;
    if (q->n == q->room && f->queue_first >= q->room / 2 && q->room) {
        q->n -= f->queue_first;
        memmove(q->all, q->all + f->queue_first, q->n * sizeof *q->all);
        f->queue_first = 0;
    }
    return has_room(q);
}

static bool queue_is_empty(const struct flight *f) { return f->queue_first == f->queue.n; }

static bool add(struct flight *f, struct arrival a)
{
    bool last = queue_is_empty(f) || f->queue.all[f->queue.n - 1].at <= a.at;
    if (last ? !queue_has_room(f) : !has_room(&f->heap))
        return false;
    if (last)
        f->queue.all[f->queue.n++] = a;
    else
        rise(&f->heap, a);
    return true;
}

/* NULL: none is under way. */
static const struct arrival *first(const struct flight *f)
{
    const struct arrival *queued = queue_is_empty(f) ? NULL : &f->queue.all[f->queue_first];
    return f->heap.n && (!queued || before(&f->heap.all[0], queued)) ? &f->heap.all[0] : queued;
}

/* With room for `len` octets behind it. */
static struct under_way *new_one(struct flight *f, uint32_t len)
{
    struct under_way *u = f->free_list;
    if (!u || len > PIECE)
        return malloc(sizeof *u + (len > PIECE ? len : PIECE));
    f->free_list = u->next_free;
    return u;
}

bool underway_send(struct flight *f, const struct packet *p, uint16_t host, nsec arrives)
{
    struct under_way *u = f->octets + p->len > FLIGHT_OCTETS ? NULL : new_one(f, p->len);
    if (!u)
        return false;
    *u = (struct under_way){ .host = host, .packet = *p };
    u->packet.bytes = (uint8_t *)(u + 1);
    u->packet.room = p->len;
    memcpy(u->packet.bytes, p->bytes, p->len);
    if (!add(f, (struct arrival){ arrives, f->departed, u })) {
        underway_free(f, u);
        return false;
    }
    f->octets += p->len;
    f->departed++;
    return true;
}

nsec underway_next(const struct flight *f)
{
    const struct arrival *a = first(f);
    return a ? a->at : NEVER;
}

struct under_way *underway_take(struct flight *f)
{
    const struct arrival *a = first(f);
    if (!a)
        return NULL;
    struct under_way *u = a->what;
    f->octets -= u->packet.len;
    if (a != f->heap.all)
        f->queue_first++;
    else if (--f->heap.n)
        sink(&f->heap, f->heap.all[f->heap.n]);
    if (queue_is_empty(f))
        f->queue.n = f->queue_first = 0;
    return u;
}

void underway_free(struct flight *f, struct under_way *u)
{
    if (!u || u->packet.room > PIECE) {
        free(u);
        return;
    }
    u->next_free = f->free_list;
    f->free_list = u;
}

void underway_end(struct flight *f)
{
    for (size_t i = 0; i < f->heap.n; i++)
        free(f->heap.all[i].what);
    for (size_t i = f->queue_first; i < f->queue.n; i++)
        free(f->queue.all[i].what);
    for (struct under_way *u; (u = f->free_list) != NULL; free(u))
        f->free_list = u->next_free;
    free(f->heap.all);
    free(f->queue.all);
    *f = (struct flight){ 0 };
}
