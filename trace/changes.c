#include "trace/changes.h"

#include "trace/say.h"

#include <stdio.h>
#include <string.h>

bool changes_between(const struct attr *then, const struct attr *now)
{
    if (!then || then->type != now->type)
        return true;
    return now->type == ATTR_TEXT ? strcmp(then->text, now->text) != 0 : then->number != now->number;
}

static struct changes_end *end_of(struct changes *c, const struct event *e)
{
    for (unsigned i = 0; i < c->n; i++)
        if (c->ends[i].host == e->host && c->ends[i].conn == e->conn)
            return &c->ends[i];
    struct changes_end *new = &c->ends[c->next++ % CHANGES_ENDS];
    c->n = c->next < CHANGES_ENDS ? c->next : CHANGES_ENDS;
    *new = (struct changes_end){ .host = e->host, .conn = e->conn };
    return new;
}

/* Times are told in ns, and said in ms. */
static void value_of(const struct attr *a, char out[CHANGES_VALUE])
{
    size_t n = strlen(a->name);
    if (a->type == ATTR_NUMBER && n > 3 && strcmp(a->name + n - 3, "_ns") == 0)
        say_ms(out, CHANGES_VALUE, (nsec)a->number);
    else
        say_attr(out, CHANGES_VALUE, a, false);
}

/* Where it stands among those that were told; a new one is added. NULL: there is no place. */
static char *was(struct changes_end *end, const char *name)
{
    for (unsigned i = 0; i < end->n; i++)
        if (strcmp(end->was[i].name, name) == 0)
            return end->was[i].value;
    if (end->n == CHANGES_ATTRS || strlen(name) >= CHANGES_NAME)
        return NULL;
    snprintf(end->was[end->n].name, CHANGES_NAME, "%s", name);
    return end->was[end->n++].value;
}

struct event changes_of(struct changes *c, const struct event *e, struct changed *room)
{
    struct changes_end *end = end_of(c, e);
    struct event of = *e;
    of.attrs = room->attrs;
    of.n_attrs = 0;
    for (size_t i = 0; i < e->n_attrs && of.n_attrs < CHANGES_ATTRS; i++) {
        char now[CHANGES_VALUE], *then = was(end, e->attrs[i].name), *text = room->texts[of.n_attrs];
        value_of(&e->attrs[i], now);
        if (then && strcmp(then, now) == 0)
            continue;
        snprintf(text, CHANGES_TEXT, then && *then ? "%s → %s" : "%.0s%s", then ? then : "", now);
        if (then)
            snprintf(then, CHANGES_VALUE, "%s", now);
        room->attrs[of.n_attrs++] = (struct attr){ .name = e->attrs[i].name, .type = ATTR_TEXT, .text = text };
    }
    return of;
}
