#include "trace/keyline.h"

/* FNV-1a. A peer who contrived two lines of one hash would hide a line of its own connection from this file:
 * no harm. */
static uint64_t hash(struct bytes b)
{
    uint64_t h = 0xcbf29ce484222325;
    for (size_t i = 0; i < b.n; i++)
        h = (h ^ b.at[i]) * 0x100000001b3;
    return h;
}

struct bytes keyline_of(struct keylines *k, const struct event *e)
{
    const struct attr *a = e->kind == EVENT_KEY ? event_attr(e, "keylog") : NULL;
    if (!a || a->type != ATTR_SECRET || !a->bytes.n)
        return (struct bytes){ NULL, 0 };
    uint64_t h = hash(a->bytes);
    for (unsigned i = 0; i < KEYLINES_RECENT; i++)
        if (k->recent[i] == h)
            return (struct bytes){ NULL, 0 };
    k->recent[k->next++ % KEYLINES_RECENT] = h;
    return a->bytes;
}
