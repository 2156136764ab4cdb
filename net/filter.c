#include "net/filter_inside.h"

#include <stdlib.h>
#include <string.h>

static const struct ground no_memory = { "filter.no_memory", "wireshark-filter(4)" };

struct filter *filter_new(const char *text, filter_names *names, struct fault *why)
{
    struct filter *f = calloc(1, sizeof *f);
    if (!f) {
        refuse(why, &no_memory, "memory for a filter", "none");
        return NULL;
    }
    if (filter_read(f, text, names, why))
        return f;
    filter_free(f);
    return NULL;
}

void filter_free(struct filter *f) { free(f); }

void filter_begin(struct filter *f)
{
    for (unsigned i = 0; i < f->n_tests; i++)
        f->test[i].seen = f->test[i].held = false;
}

static bool begins(const char *name, const char *with)
{
    size_t n = strlen(with);
    return strncmp(name, with, n) == 0 && (name[n] == '\0' || (name[n] == '.' && strchr(with, '.')));
}

/* A name alone is asked for with all that lies below it; one with a value is itself. */
static bool asks_for(const struct filter_test *t, const char *name)
{
    return t->way == FILTER_IS_THERE ? begins(name, t->name) : strcmp(name, t->name) == 0;
}

bool filter_asks(const struct filter *f, const char *name)
{
    for (unsigned i = 0; i < f->n_tests; i++)
        if (asks_for(&f->test[i], name))
            return true;
    return false;
}

/* ---- one comparison ---- */

static bool in_net(struct bytes b, const struct filter_literal *with)
{
    unsigned whole = with->prefix / 8, bits = with->prefix % 8;
    if (b.n != with->addr.len || memcmp(b.at, with->addr.octets, whole) != 0)
        return false;
    return bits == 0 || ((b.at[whole] ^ with->addr.octets[whole]) & 0xff << (8 - bits) & 0xff) == 0;
}

static bool contains(struct bytes b, const struct filter_literal *with)
{
    for (size_t i = 0; with->n <= b.n && i <= b.n - with->n; i++)
        if (memcmp(b.at + i, with->octets, with->n) == 0)
            return true;
    return false;
}

/* Below 0, 0, above 0. */
static int order_octets(struct bytes b, const struct filter_literal *with)
{
    size_t n = b.n < with->n ? b.n : with->n;
    int order = n ? memcmp(b.at, with->octets, n) : 0;
    return order ? order : (b.n > with->n) - (b.n < with->n);
}

static int order_of(const struct filter_test *t, const struct filter_value *v)
{
    const struct filter_literal *with = &t->with;
    if (t->type == FILTER_ADDRESS)
        return !in_net(v->bytes, with);
    if (t->type == FILTER_TEXT || t->type == FILTER_OCTETS)
        return order_octets(v->bytes, with);
    if (t->type == FILTER_TIME)
        return ((int64_t)v->number > (int64_t)with->last) - ((int64_t)v->number < (int64_t)with->number);
    return (v->number > with->last) - (v->number < with->number);
}

static bool compare(const struct filter_test *t, const struct filter_value *v)
{
    if (t->way == FILTER_CONTAINS)
        return contains(v->bytes, &t->with);
    int order = order_of(t, v);
    switch (t->way) {
    case FILTER_EQUAL:
    case FILTER_NOT_EQUAL:  return order == 0;        /* turned round when all is said */
    case FILTER_LESS:       return order < 0;
    case FILTER_LESS_EQUAL: return order <= 0;
    case FILTER_MORE:       return order > 0;
    case FILTER_MORE_EQUAL: return order >= 0;
    default:                return true;
    }
}

void filter_fact(struct filter *f, const char *name, const struct filter_value *v)
{
    for (unsigned i = 0; i < f->n_tests; i++) {
        struct filter_test *t = &f->test[i];
        if (!asks_for(t, name))
            continue;
        t->seen = true;
        t->held |= t->way == FILTER_IS_THERE || compare(t, v);
    }
}

/* ---- the whole ---- */

static bool test_holds(const struct filter_test *t)
{
    return t->way == FILTER_NOT_EQUAL ? t->seen && !t->held : t->held;
}

bool filter_holds(const struct filter *f)
{
    bool holds[FILTER_NODES] = { false };
    for (unsigned i = 0; i < f->n_nodes; i++) {
        const struct filter_node *n = &f->node[i];
        switch (n->kind) {
        case FILTER_TEST: holds[i] = test_holds(&f->test[n->left]); break;
        case FILTER_NOT:  holds[i] = !holds[n->left]; break;
        case FILTER_AND:  holds[i] = holds[n->left] && holds[n->right]; break;
        case FILTER_OR:   holds[i] = holds[n->left] || holds[n->right]; break;
        }
    }
    return f->n_nodes && holds[f->n_nodes - 1];
}
