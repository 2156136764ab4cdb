#include "trace/compare_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEM = 300 };

/* The steps of one side, by their numbers. */
struct steps { const struct compare_run *run; size_t at[COMPARE_MARKS], n; };

static void steps_of(struct steps *s, const struct compare_run *r, unsigned side)
{
    s->run = r;
    s->n = 0;
    for (size_t i = 0; i < r->n_marks; i++)
        if (r->marks[i].side == side)
            s->at[s->n++] = i;
}

static bool same_step(const struct steps *a, size_t i, const struct steps *b, size_t j)
{
    return strcmp(a->run->marks[a->at[i]].step, b->run->marks[b->at[j]].step) == 0;
}

/* The longest common sequence of steps, as in trace/align.c: partner[i] is b's step that is a's step i. Each side's
 * alone: which of two ends spoke first where neither waited for the other is chance. */
static bool pair_side(const struct steps *a, const struct steps *b, size_t partner[COMPARE_MARKS])
{
    size_t width = b->n + 1, i = 0, j = 0;
    uint16_t *longest = calloc((a->n + 1) * width, sizeof *longest);
    if (!longest)
        return false;
    for (size_t m = a->n; m-- > 0;)
        for (size_t n = b->n; n-- > 0;) {
            uint16_t down = longest[(m + 1) * width + n], right = longest[m * width + n + 1];
            longest[m * width + n] = same_step(a, m, b, n) ? (uint16_t)(longest[(m + 1) * width + n + 1] + 1)
                                                           : down > right ? down : right;
        }
    while (i < a->n && j < b->n) {
        if (same_step(a, i, b, j))
            partner[a->at[i++]] = b->at[j++];
        else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1])
            i++;
        else
            j++;
    }
    free(longest);
    return true;
}

/* Rows stand in a's order; what only b has stands where b has it. */
static bool align(const struct compare_run *a, const struct compare_run *b, struct comparison *c)
{
    size_t partner[COMPARE_MARKS], k = 0;
    bool paired[COMPARE_MARKS] = { false };
    struct steps of_a, of_b;
    c->rows = calloc(a->n_marks + b->n_marks + 1, sizeof *c->rows);
    for (size_t i = 0; i < COMPARE_MARKS; i++)
        partner[i] = SIZE_MAX;
    for (unsigned side = 0; side <= COMPARE_BOTH && c->rows; side++) {
        steps_of(&of_a, a, side);
        steps_of(&of_b, b, side);
        if (!pair_side(&of_a, &of_b, partner))
            return false;
    }
    for (size_t i = 0; i < a->n_marks; i++)
        if (partner[i] != SIZE_MAX)
            paired[partner[i]] = true;
    for (size_t i = 0; i <= a->n_marks && c->rows; i++) {
        size_t until = i == a->n_marks ? b->n_marks : partner[i];
        for (; until != SIZE_MAX && k < until; k++)
            if (!paired[k])
                c->rows[c->n_rows++] = (struct compare_row){ SIZE_MAX, k };
        if (i < a->n_marks)
            c->rows[c->n_rows++] = (struct compare_row){ i, partner[i] };
    }
    return c->rows != NULL;
}

/* The next item of a list: its length; *at moves behind it. */
static size_t item(const char **at, const char **start)
{
    size_t n = strcspn(*at, "\n");
    *start = *at;
    *at += n + ((*at)[n] != 0);
    return n;
}

static bool holds(const char *list, const char *what, size_t n)
{
    const char *start;
    while (*list) {
        size_t m = item(&list, &start);
        if (m == n && memcmp(start, what, n) == 0)
            return true;
    }
    return false;
}

char *compare_only(const char *a, const char *b, char *out, size_t room)
{
    const char *start;
    size_t used = 0;
    for (*out = 0; *a;) {
        size_t n = item(&a, &start);
        if (!holds(b, start, n) && used + n + 2 < room)
            used += (size_t)snprintf(out + used, room - used, "%s%.*s", used ? "\n" : "", (int)n, start);
    }
    return out;
}

/* Is what both have in the same order? */
static bool same_order(const char *a, const char *b)
{
    const char *x, *y;
    while (*a && *b) {
        size_t n = item(&a, &x);
        if (!holds(b, x, n))
            continue;
        size_t m;
        do
            m = item(&b, &y);
        while (*b && !(m == n && memcmp(x, y, n) == 0) && !holds(a, y, m));
        if (m != n || memcmp(x, y, n) != 0)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------ differences */

struct finding {
    const struct compare_run *a, *b;
    struct comparison *c;
    size_t row;
    const struct compare_mark *in_a, *in_b;
};

static struct compare_difference *add(struct finding *f, const char *id)
{
    if (f->c->n_differences == COMPARE_DIFFERENCES) {
        f->c->more = true;
        return NULL;
    }
    struct compare_difference *d = &f->c->differences[f->c->n_differences];
    const struct compare_mark *m = f->in_a ? f->in_a : f->in_b;
    *d = (struct compare_difference){ .aspect = compare_aspect_of(id), .step = m->step, .side = m->side, .row = f->row,
                                      .packet_a = f->in_a ? f->in_a->packet : 0,
                                      .packet_b = f->in_b ? f->in_b->packet : 0, .root = f->c->n_differences };
    snprintf(d->id, sizeof d->id, "%s", id);
    f->c->n_differences++;
    return d;
}

static struct compare_difference *add_values(struct finding *f, const struct compare_value *x,
                                             const struct compare_value *y)
{
    struct compare_difference *d = add(f, x->id);
    if (d) {
        d->a = x->text;
        d->b = y->text;
        d->nature = x->nature;
    }
    return d;
}

static uint64_t number(const char *text)
{
    uint64_t v = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        v = v * 10 + (uint64_t)(*text - '0');
    return v;
}

/* exact: both ran in virtual time, where nothing is late by chance. */
static bool numbers_differ(const struct compare_aspect *as, uint64_t x, uint64_t y, bool exact)
{
    uint64_t more = x > y ? x : y, less = x > y ? y : x, slack = exact ? as->slack / 4 : as->slack;
    return more - less > slack && (as->how == COMPARE_NEARLY || 2 * more >= 3 * less);
}

/* What one list has and the other has not, each a difference of its own. */
static void add_items(struct finding *f, const char *id, const char *list, const char *other, bool in_a)
{
    const char *start;
    char name[ITEM];
    while (*list) {
        size_t n = item(&list, &start);
        if (holds(other, start, n))
            continue;
        snprintf(name, sizeof name, "%s:%.*s", id, (int)(n < 80 ? n : 80), start);
        struct compare_difference *d = add(f, name);
        if (d) {
            d->presence = true;
            d->a = in_a ? "" : NULL;
            d->b = in_a ? NULL : "";
        }
    }
}

static void compare_sets(struct finding *f, const struct compare_value *x, const struct compare_value *y)
{
    add_items(f, x->id, x->text, y->text, true);
    add_items(f, x->id, y->text, x->text, false);
    if (same_order(x->text, y->text))
        return;
    struct compare_difference *d = add(f, x->id);
    if (d) {
        d->a = x->text;
        d->b = y->text;
        d->reordered = true;
        d->nature = (f->a->permutes || f->b->permutes) && strcmp(x->id, "hello.extensions") == 0;
    }
}

/* Of what is sealed only the sizes are seen; where all is open they say nothing that the rest does not say. */
static bool left_out(const struct finding *f, const char *id)
{
    bool blind = f->a->blind || f->b->blind, sealed = strstr(id, ".sealed_") != NULL;
    return (sealed && !blind) || (blind && strstr(id, ".record_longest"));
}

static void compare_values(struct finding *f, const struct compare_value *x, const struct compare_value *y, bool all)
{
    const struct compare_aspect *as = compare_aspect_of(x->id);
    if (strcmp(x->text, y->text) == 0 || left_out(f, x->id) || (x->nature && !all))
        return;
    if (!as || x->nature || as->how == COMPARE_TEXT) {
        add_values(f, x, y);
    } else if (as->how == COMPARE_SET) {
        compare_sets(f, x, y);
    } else if (as->how == COMPARE_ITEMS) {
        struct compare_difference *d = add_values(f, x, y);
        if (d)
            d->reordered = !same_order(x->text, y->text);
    } else if (numbers_differ(as, number(x->text), number(y->text), f->a->fates && f->b->fates)) {
        add_values(f, x, y);
    }
}

static void compare_marks(struct finding *f, bool all)
{
    bool used[COMPARE_LIST] = { false };
    for (size_t i = 0; i < f->in_a->n; i++) {
        const struct compare_value *x = &f->a->values[f->in_a->first + i];
        for (size_t k = 0; k < f->in_b->n && k < COMPARE_LIST; k++) {
            const struct compare_value *y = &f->b->values[f->in_b->first + k];
            if (!used[k] && strcmp(x->id, y->id) == 0) {
                used[k] = true;
                compare_values(f, x, y, all);
                break;
            }
        }
    }
}

/* A step that only one has. FIN and RST are told by who closes; what is sealed cannot be missed by who cannot read. */
static void only_one(struct finding *f)
{
    const struct compare_mark *m = f->in_a ? f->in_a : f->in_b;
    char id[ITEM];
    bool blind = f->in_a ? f->b->blind : f->a->blind;
    if ((m->sealed && blind) || f->a->only_hello || f->b->only_hello || strcmp(m->step, "FIN") == 0 ||
        strcmp(m->step, "RST") == 0)
        return;
    snprintf(id, sizeof id, "step:%.80s", m->step);
    struct compare_difference *d = add(f, id);
    if (d) {
        d->presence = true;
        d->a = f->in_a ? "" : NULL;
        d->b = f->in_b ? "" : NULL;
    }
}

static void find_differences(struct finding *f, bool all)
{
    for (f->row = 0; f->row < f->c->n_rows; f->row++) {
        const struct compare_row *r = &f->c->rows[f->row];
        f->in_a = r->a == SIZE_MAX ? NULL : &f->a->marks[r->a];
        f->in_b = r->b == SIZE_MAX ? NULL : &f->b->marks[r->b];
        if (f->in_a && f->in_b)
            compare_marks(f, all);
        else
            only_one(f);
    }
}

static bool same_text(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

/* Both ends changed in the same way: one difference. */
static void merge_ends(struct comparison *c)
{
    for (size_t i = 0; i < c->n_differences; i++)
        for (size_t k = i + 1; k < c->n_differences; k++) {
            struct compare_difference *d = &c->differences[i], *e = &c->differences[k];
            if (strcmp(d->id, e->id) != 0 || d->side == e->side || !same_text(d->a, e->a) || !same_text(d->b, e->b) ||
                d->presence != e->presence || strncmp(d->id, "step:", 5) == 0)
                continue;
            d->side = COMPARE_BOTH;
            memmove(e, e + 1, (c->n_differences - k - 1) * sizeof *e);
            c->n_differences--;
            k--;
        }
}

/* ---------------------------------------------------------------------------------------------------- roots */

/* A list that the other version of TLS, or other signatures, make shorter or longer: one of them has all of the
 * other's, in its order. */
static bool only_longer(const struct compare_difference *d)
{
    char x[4000], y[4000];
    return d->a && d->b && !d->reordered &&
           (!*compare_only(d->a, d->b, x, sizeof x) || !*compare_only(d->b, d->a, y, sizeof y));
}

/* Do they differ in nothing but groups of DHE (RFC 7919)? Suites decide whether those are offered. */
static bool only_primes(const struct compare_difference *d)
{
    char only[4000];
    for (unsigned i = 0; i < 2; i++)
        for (const char *at = compare_only(i ? d->b : d->a, i ? d->a : d->b, only, sizeof only), *one; *at;) {
            size_t n = item(&at, &one);
            if (n < 5 || memcmp(one, "ffdhe", 5) != 0)
                return false;
        }
    return !d->reordered;
}

/* What a server says in an extension, to what the client said in the same one. */
static bool answers(const struct compare_difference *d, const struct compare_difference *by)
{
    const char *of = strchr(d->id, ':'), *to = strchr(by->id, ':');
    return of && to && strcmp(of, to) == 0
        && (strncmp(d->id, "answer.extensions:", 18) == 0 || strncmp(d->id, "answer.says:", 12) == 0)
        && (strncmp(by->id, "hello.extensions:", 17) == 0 || strncmp(by->id, "hello.says:", 11) == 0);
}

static bool explains(const struct compare_difference *d, const struct compare_difference *by)
{
    if (d == by || by->nature || !d->aspect)
        return false;
    /* once more, in the next request */
    if (d->row > by->row && d->side == by->side && strcmp(d->id, by->id) == 0 && same_text(d->a, by->a) &&
        same_text(d->b, by->b))
        return true;
    /* what the server says of an option of TCP answers the client */
    if (strncmp(d->id, "tcp.", 4) == 0 && strcmp(d->id, by->id) == 0 && d->side == COMPARE_SERVER &&
        by->side == COMPARE_CLIENT)
        return true;
    /* behind the first step that a run lacks others are lacking */
    if (d->presence && by->presence && strncmp(d->id, "step:", 5) == 0 && strncmp(by->id, "step:", 5) == 0 &&
        !d->a == !by->a && by->row < d->row)
        return true;
    if (answers(d, by))
        return true;
    if (strcmp(d->id, by->id) == 0 || !compare_named(d->aspect->follows, by->id))
        return false;
    if (strcmp(d->id, "hello.says:supported_groups") == 0 && strcmp(by->id, "hello.suites") == 0)
        return only_primes(d);
    bool by_version = strstr(by->id, ":supported_versions") != NULL ||
                      strcmp(by->id, "hello.says:signature_algorithms") == 0,
         list = strcmp(d->id, "hello.suites") == 0 || strcmp(d->id, "hello.says:signature_algorithms") == 0 ||
                strcmp(d->id, "hello.says:supported_groups") == 0;
    return !(by_version && list) || only_longer(d);
}

static size_t explainer(const struct comparison *c, size_t i)
{
    for (size_t k = 0; k < c->n_differences; k++)
        if (explains(&c->differences[i], &c->differences[k]))
            return k;
    return SIZE_MAX;
}

/* The root that it leads to, by the shortest way; itself, where it leads in a circle. */
static size_t root_of(const struct comparison *c, size_t i)
{
    size_t queue[COMPARE_DIFFERENCES], n = 0;
    bool seen[COMPARE_DIFFERENCES] = { false };
    queue[n++] = i;
    seen[i] = true;
    for (size_t at = 0; at < n; at++) {
        if (explainer(c, queue[at]) == SIZE_MAX)
            return queue[at];
        for (size_t k = 0; k < c->n_differences; k++)
            if (!seen[k] && explains(&c->differences[queue[at]], &c->differences[k])) {
                seen[k] = true;
                queue[n++] = k;
            }
    }
    return i;
}

static void find_roots(struct comparison *c)
{
    for (size_t i = 0; i < c->n_differences; i++) {
        struct compare_difference *d = &c->differences[i];
        d->root = d->nature ? i : root_of(c, i);
        c->roots += d->root == i && !d->nature;
    }
}

bool compare_runs(const struct compare_run *a, const struct compare_run *b, bool all, struct comparison *c)
{
    struct finding f = { .a = a, .b = b, .c = c };
    *c = (struct comparison){ .blind_a = a->blind && !b->blind, .blind_b = b->blind && !a->blind };
    c->differences = calloc(COMPARE_DIFFERENCES, sizeof *c->differences);
    if (!c->differences || !align(a, b, c)) {
        compare_free(c);
        return false;
    }
    find_differences(&f, all);
    merge_ends(c);
    find_roots(c);
    return true;
}

void compare_free(struct comparison *c)
{
    free(c->rows);
    free(c->differences);
    *c = (struct comparison){ .rows = NULL };
}
