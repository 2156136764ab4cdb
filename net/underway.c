#include "net/underway.h"

#include <stdlib.h>
#include <string.h>

static bool before(const struct under_way *a, const struct under_way *b)
{
    return a->arrives != b->arrives ? a->arrives < b->arrives : a->ordinal < b->ordinal;
}

static void swap(struct under_way *a, struct under_way *b)
{
    struct under_way was = *a;
    *a = *b;
    *b = was;
}

/* The packet at i may arrive before the one above it in the heap. */
static void rise(struct flight *f, size_t i)
{
    for (; i > 0 && before(&f->heap[i], &f->heap[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&f->heap[i], &f->heap[(i - 1) / 2]);
}

/* The packet at the top may arrive after one below it. */
static void sink(struct flight *f)
{
    for (size_t i = 0;;) {
        size_t first = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < f->n; child++)
            if (before(&f->heap[child], &f->heap[first]))
                first = child;
        if (first == i)
            return;
        swap(&f->heap[i], &f->heap[first]);
        i = first;
    }
}

static bool grow(struct flight *f)
{
    size_t room = f->room ? 2 * f->room : 64;
    struct under_way *heap = realloc(f->heap, room * sizeof *heap);
    if (!heap)
        return false;
    f->heap = heap;
    f->room = room;
    return true;
}

bool underway_send(struct flight *f, const struct packet *p, uint16_t host, nsec arrives)
{
    if (f->octets + p->len > FLIGHT_OCTETS || (f->n == f->room && !grow(f)))
        return false;
    uint8_t *copy = malloc(p->len ? p->len : 1);
    if (!copy)
        return false;
    memcpy(copy, p->bytes, p->len);
    struct under_way *u = &f->heap[f->n];
    *u = (struct under_way){ .arrives = arrives, .ordinal = f->departed++, .host = host, .packet = *p };
    u->packet.bytes = copy;
    u->packet.room = p->len;
    f->octets += p->len;
    rise(f, f->n++);
    return true;
}

nsec underway_next(const struct flight *f)
{
    return f->n ? f->heap[0].arrives : NEVER;
}

bool underway_take(struct flight *f, struct under_way *out)
{
    if (!f->n)
        return false;
    *out = f->heap[0];
    f->octets -= out->packet.len;
    f->heap[0] = f->heap[--f->n];
    sink(f);
    return true;
}

void under_way_free(struct under_way *u)
{
    free(u->packet.bytes);
    *u = (struct under_way){ 0 };
}

void underway_end(struct flight *f)
{
    for (size_t i = 0; i < f->n; i++)
        under_way_free(&f->heap[i]);
    free(f->heap);
    *f = (struct flight){ 0 };
}
