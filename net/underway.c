#include "net/underway.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 2048 };                                /* packets up to this size share one store */

static bool before(const struct arrival *a, const struct arrival *b)
{
    return a->at != b->at ? a->at < b->at : a->ordinal < b->ordinal;
}

/* Puts a where it belongs, from the end of the heap upwards. Most arrive after all others: then at once. */
static void rise(struct flight *f, struct arrival a)
{
    size_t i = f->n++;
    for (; i > 0 && before(&a, &f->heap[(i - 1) / 2]); i = (i - 1) / 2)
        f->heap[i] = f->heap[(i - 1) / 2];
    f->heap[i] = a;
}

/* Puts a where it belongs, from the top of the heap downwards. */
static void sink(struct flight *f, struct arrival a)
{
    size_t i = 0;
    for (size_t child = 1; child < f->n; child = 2 * i + 1) {
        if (child + 1 < f->n && before(&f->heap[child + 1], &f->heap[child]))
            child++;
        if (!before(&f->heap[child], &a))
            break;
        f->heap[i] = f->heap[child];
        i = child;
    }
    f->heap[i] = a;
}

static bool grow(struct flight *f)
{
    size_t room = f->room ? 2 * f->room : 64;
    struct arrival *heap = realloc(f->heap, room * sizeof *heap);
    if (!heap)
        return false;
    f->heap = heap;
    f->room = room;
    return true;
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
    if (f->octets + p->len > FLIGHT_OCTETS || (f->n == f->room && !grow(f)))
        return false;
    struct under_way *u = new_one(f, p->len);
    if (!u)
        return false;
    *u = (struct under_way){ .host = host, .packet = *p };
    u->packet.bytes = (uint8_t *)(u + 1);
    u->packet.room = p->len;
    memcpy(u->packet.bytes, p->bytes, p->len);
    f->octets += p->len;
    rise(f, (struct arrival){ arrives, f->departed++, u });
    return true;
}

nsec underway_next(const struct flight *f)
{
    return f->n ? f->heap[0].at : NEVER;
}

struct under_way *underway_take(struct flight *f)
{
    if (!f->n)
        return NULL;
    struct under_way *u = f->heap[0].what;
    f->octets -= u->packet.len;
    if (--f->n)
        sink(f, f->heap[f->n]);
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
    for (size_t i = 0; i < f->n; i++)
        free(f->heap[i].what);
    for (struct under_way *u; (u = f->free_list) != NULL; free(u))
        f->free_list = u->next_free;
    free(f->heap);
    *f = (struct flight){ 0 };
}
