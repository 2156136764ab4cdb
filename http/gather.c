#include "http/gather.h"

#include <stdlib.h>
#include <string.h>

static bool make_room(struct gather *g, size_t n)
{
    if (n <= g->room)
        return true;
    size_t room = g->room ? g->room : 512;
    while (room < n)
        room *= 2;
    uint8_t *more = realloc(g->bytes, room);
    if (!more)
        return false;
    g->bytes = more;
    g->room = room;
    return true;
}

/* Where a piece lies; right behind the last one it is the same span. */
static bool note_place(struct gather *g, struct span where)
{
    struct span *last = g->n_spans ? &g->spans[g->n_spans - 1] : NULL;
    if (!where.in)
        return false;
    if (last && last->in == where.in && last->off + last->len == where.off) {
        last->len += where.len;
        return true;
    }
    if (g->n_spans == g->spans_room) {
        size_t room = g->spans_room ? 2 * g->spans_room : 4;
        struct span *more = room <= GATHER_SPANS ? realloc(g->spans, room * sizeof *more) : NULL;
        if (!more)
            return false;
        g->spans = more;
        g->spans_room = room;
    }
    g->spans[g->n_spans++] = where;
    return true;
}

bool http_gather_add(struct gather *g, const void *bytes, size_t n, struct span where)
{
    if (n == 0)
        return true;
    if (!make_room(g, g->n + n))
        return false;
    memcpy(g->bytes + g->n, bytes, n);
    g->n += n;
    where.len = (uint32_t)n;
    if (!g->placeless && !note_place(g, where))
        g->placeless = true;
    return true;
}

void http_gather_cut(struct gather *g, size_t n)
{
    size_t over = g->n - n;
    g->n = n;
    while (over && g->n_spans) {
        struct span *last = &g->spans[g->n_spans - 1];
        size_t part = over < last->len ? over : last->len;
        last->len -= (uint32_t)part;
        over -= part;
        if (last->len == 0)
            g->n_spans--;
    }
}

void http_gather_end(struct gather *g)
{
    free(g->bytes);
    free(g->spans);
    *g = (struct gather){ 0 };
}

size_t http_gather_spans(const struct gather *g, const struct span **spans)
{
    *spans = g->placeless ? NULL : g->spans;
    return g->placeless ? 0 : g->n_spans;
}
