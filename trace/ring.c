#include "trace/ring.h"

#include <stdlib.h>
#include <string.h>

void pool_start(struct pool *p, size_t limit) { *p = (struct pool){ .limit = limit }; }

static unsigned class_of(uint32_t size)
{
    unsigned c = 0;
    while (c < POOL_CLASSES - 1 && (uint32_t)POOL_LEAST << c < size)
        c++;
    return c;
}

/* The next free one is noted in the piece itself. */
static void *pop(struct pool *p, unsigned c)
{
    void *piece = p->free_list[c];
    if (piece)
        memcpy(&p->free_list[c], piece, sizeof piece);
    return piece;
}

/* Frees what is kept for reuse, the largest pieces first, until so much more may be held. */
static bool make_room(struct pool *p, uint32_t whole)
{
    for (unsigned c = POOL_CLASSES; c-- > 0;)
        while (p->limit - p->held < whole && p->free_list[c]) {
            free(pop(p, c));
            p->held -= (size_t)POOL_LEAST << c;
        }
    return p->limit - p->held >= whole;
}

void pool_end(struct pool *p)
{
    for (unsigned c = 0; c < POOL_CLASSES; c++)
        while (p->free_list[c])
            free(pop(p, c));
    p->held = 0;
}

void *pool_take(struct pool *p, uint32_t *size)
{
    unsigned c = class_of(*size);
    uint32_t whole = (uint32_t)POOL_LEAST << c;
    if (whole < *size || p->limit - p->used < whole)
        return NULL;
    void *piece = pop(p, c);
    if (!piece) {
        if (!make_room(p, whole) || !(piece = malloc(whole)))
            return NULL;
        p->held += whole;
    }
    p->used += whole;
    *size = whole;
    return piece;
}

void pool_give(struct pool *p, void *piece, uint32_t size)
{
    unsigned c = class_of(size);
    memcpy(piece, &p->free_list[c], sizeof p->free_list[c]);
    p->free_list[c] = piece;
    p->used -= size;
}

void ring_start(struct ring *r, struct pool *p, uint32_t limit) { *r = (struct ring){ .pool = p, .limit = limit }; }

static void give_back(struct ring *r)
{
    if (!r->bytes)
        return;
    if (r->opened)
        memset(r->bytes, 0, r->high);
    pool_give(r->pool, r->bytes, r->size);
}

void ring_end(struct ring *r)
{
    give_back(r);
    *r = (struct ring){ .pool = r->pool, .limit = r->limit };
}

struct bytes ring_peek(const struct ring *r)
{
    return (struct bytes){ r->bytes ? r->bytes + r->head : NULL, r->len };
}

uint8_t *ring_at(struct ring *r, size_t off)
{
    r->opened = true;
    return r->bytes + r->head + off;
}

static void reached(struct ring *r)
{
    uint32_t end = r->head + r->len + r->ahead;
    if (end > r->high)
        r->high = end;
}

/* An empty ring gives its memory back. */
static void rest(struct ring *r)
{
    if (r->len == 0 && r->ahead == 0)
        ring_end(r);
}

void ring_consume(struct ring *r, size_t n)
{
    r->head += (uint32_t)n;
    r->len -= (uint32_t)n;
    rest(r);
}

size_t ring_room(const struct ring *r) { return r->limit - r->len; }

static void slide(struct ring *r)
{
    memmove(r->bytes, r->bytes + r->head, r->len + r->ahead);
    r->head = 0;
}

/* Moves into a piece of `wish` octets, or into the largest smaller one that the pool still has and that is
 * more than ours. */
static bool move_out(struct ring *r, uint32_t wish)
{
    for (; wish > r->size; wish /= 2) {
        uint32_t size = wish;
        uint8_t *more = pool_take(r->pool, &size);
        if (!more)
            continue;
        if (r->bytes)
            memcpy(more, r->bytes + r->head, r->len + r->ahead);
        give_back(r);
        r->bytes = more;
        r->size = size;
        r->head = r->high = 0;
        reached(r);
        return true;
    }
    return false;
}

/* Makes `need` octets lie behind the head (counting what is there already): by sliding, else by a larger piece, else by
 * sliding after all. Returns how many do: fewer when the pool has no more. */
static uint32_t ring_widen(struct ring *r, uint32_t need)
{
    uint32_t held = r->len + r->ahead, wish = need > r->size ? need : r->size;
    if (r->bytes && need <= r->size - r->head)
        return need;
    if (wish < 2 * held)
        wish = 2 * held;                              /* so that sliding is paid for by as many octets read */
    if (r->bytes && need <= r->size && held <= r->size / 2)
        slide(r);
    else if (!move_out(r, wish) && r->bytes)
        slide(r);
    uint32_t have = r->size - r->head;
    return need < have ? need : have;
}

struct room ring_reserve(struct ring *r, size_t n)
{
    if (n > ring_room(r))
        n = ring_room(r);
    if (n == 0)
        return (struct room){ NULL, 0 };
    uint32_t have = ring_widen(r, r->len + (uint32_t)(n > r->ahead ? n : r->ahead)) - r->len;
    n = n < have ? n : have;
    return (struct room){ n ? r->bytes + r->head + r->len : NULL, n };
}

void ring_commit(struct ring *r, size_t n)
{
    r->len += (uint32_t)n;
    r->ahead = r->ahead > n ? r->ahead - (uint32_t)n : 0;
    reached(r);
    rest(r);
}

size_t ring_write(struct ring *r, const void *bytes, size_t n)
{
    struct room room = ring_reserve(r, n);
    if (room.n)
        memcpy(room.at, bytes, room.n);
    ring_commit(r, room.n);
    return room.n;
}

size_t ring_place(struct ring *r, size_t gap, const void *bytes, size_t n)
{
    if (gap >= ring_room(r))
        return 0;
    if (n > ring_room(r) - gap)
        n = ring_room(r) - gap;
    if (n == 0)
        return 0;
    size_t reach = gap + n;
    uint32_t have = ring_widen(r, r->len + (uint32_t)(reach > r->ahead ? reach : r->ahead)) - r->len;
    if (reach > have)
        reach = have;
    n = reach > gap ? reach - gap : 0;
    if (n)
        memcpy(r->bytes + r->head + r->len + gap, bytes, n);
    if (n && reach > r->ahead)
        r->ahead = (uint32_t)reach;
    reached(r);
    rest(r);
    return n;
}

void ring_forget(struct ring *r)
{
    r->ahead = 0;
    rest(r);
}
