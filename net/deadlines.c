#include "net/deadlines.h"

static bool earlier(const struct deadline *a, const struct deadline *b)
{
    return a->at != b->at ? a->at < b->at : a->number < b->number;
}

static void put(struct deadlines *all, uint32_t place, struct deadline *d)
{
    all->heap[place] = d;
    d->place = place;
}

/* Finds the place for d, from a place that is free, upwards and then downwards: parents come before their
 * children. */
static void settle(struct deadlines *all, uint32_t place, struct deadline *d)
{
    while (place > 1 && earlier(d, all->heap[place / 2])) {
        put(all, place, all->heap[place / 2]);
        place /= 2;
    }
    for (;;) {
        uint32_t child = 2 * place;
        if (child < all->n && earlier(all->heap[child + 1], all->heap[child]))
            child++;
        if (child > all->n || !earlier(all->heap[child], d))
            break;
        put(all, place, all->heap[child]);
        place = child;
    }
    put(all, place, d);
}

static void take_out(struct deadlines *all, struct deadline *d)
{
    struct deadline *last = all->heap[all->n--];
    if (last != d)
        settle(all, d->place, last);
    d->place = 0;
}

void deadline_set(struct deadlines *all, struct deadline *d, nsec at)
{
    if (d->place && d->at == at)
        return;
    d->at = at;
    if (at == NEVER) {
        if (d->place)
            take_out(all, d);
    } else {
        settle(all, d->place ? d->place : ++all->n, d);
    }
}

struct deadline *deadline_first(const struct deadlines *all)
{
    return all->n ? all->heap[1] : NULL;
}
