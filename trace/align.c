#include "trace/align.h"

#include "trace/joiner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEP_NAME = 240, COLUMNS = 120 };

/* One packet as far as it is compared. fates: what became of it, in order; "delivered" is none. */
struct step { char name[STEP_NAME]; const struct event *packet; char fates[64]; };
struct steps { struct step *at; size_t n; };

static void add_fate(struct steps *s, const struct event *e)
{
    size_t i = buf_count(e->buf);
    if (!e->name || strcmp(e->name, "delivered") == 0 || i == 0 || i > s->n)
        return;
    char *fates = s->at[i - 1].fates;
    size_t n = strlen(fates);
    snprintf(fates + n, sizeof s->at->fates - n, "%s ", e->name);
}

static void name_step(struct step *s, struct joiner *j, const struct event *e)
{
    struct joined joined = joiner_of(j, e, COLUMNS);
    s->packet = e;
    snprintf(s->name, sizeof s->name, "%.40s>%.40s %.150s", event_text(e, "from"), event_text(e, "to"),
             *joined.words ? joined.words : e->name ? e->name : "");
    /* "ClientHello  TLS 1.2, 6 suites": the step is the same whatever the message says */
    char *details = strstr(s->name, "  ");
    if (details)
        *details = 0;
}

/* What each packet is called needs the messages told before it: the tape is read in order. */
static bool read_steps(const struct tape *t, struct steps *s)
{
    struct joiner *j = joiner_new();
    uint32_t n = tape_count(t, 'p');
    s->n = n < ALIGN_MOST ? n : ALIGN_MOST;
    s->at = calloc(s->n + 1, sizeof *s->at);
    for (event_no i = 1; j && s->at && i <= tape_events(t); i++) {
        const struct event *e = tape_event(t, i);
        joiner_event(j, e);
        if (e->kind == EVENT_FATE)
            add_fate(s, e);
        if (e->kind == EVENT_PACKET && buf_count(e->buf) <= s->n && buf_count(e->buf))
            name_step(&s->at[buf_count(e->buf) - 1], j, e);
    }
    bool good = j && s->at;
    joiner_free(j);
    return good;
}

static bool same_step(const struct step *a, const struct step *b) { return strcmp(a->name, b->name) == 0; }

static bool same_octets(const struct step *a, const struct step *b)
{
    const struct event *p = a->packet, *q = b->packet;
    return p && q && p->bytes.n == q->bytes.n && memcmp(p->bytes.at, q->bytes.at, p->bytes.n) == 0 &&
           strcmp(a->fates, b->fates) == 0;
}

/* longest[i][j]: the length of the longest common sequence of a's steps from i on and b's from j on. */
static uint16_t *measure(const struct steps *a, const struct steps *b)
{
    size_t width = b->n + 1;
    uint16_t *longest = calloc((a->n + 1) * width, sizeof *longest);
    for (size_t i = a->n; longest && i-- > 0;)
        for (size_t j = b->n; j-- > 0;) {
            uint16_t down = longest[(i + 1) * width + j], right = longest[i * width + j + 1];
            longest[i * width + j] = same_step(&a->at[i], &b->at[j])
                                         ? (uint16_t)(longest[(i + 1) * width + j + 1] + 1)
                                         : down > right ? down : right;
        }
    return longest;
}

static void add_row(struct align *out, enum align_how how, size_t a, size_t b)
{
    if (how != ALIGN_SAME && out->first == SIZE_MAX)
        out->first = out->n;
    out->rows[out->n++] = (struct align_row){ how, (uint32_t)a, (uint32_t)b };
}

/* From the front: a match where there is one; else the step is left out whose leaving costs nothing, a's first. */
static void walk(const struct steps *a, const struct steps *b, const uint16_t *longest, struct align *out)
{
    size_t i = 0, j = 0, width = b->n + 1;
    while (i < a->n || j < b->n) {
        if (i < a->n && j < b->n && same_step(&a->at[i], &b->at[j])) {
            add_row(out, same_octets(&a->at[i], &b->at[j]) ? ALIGN_SAME : ALIGN_DIFFERS, i + 1, j + 1);
            i++, j++;
        } else if (i < a->n && (j == b->n || longest[(i + 1) * width + j] >= longest[i * width + j + 1])) {
            add_row(out, ALIGN_ONLY_A, ++i, 0);
        } else {
            add_row(out, ALIGN_ONLY_B, 0, ++j);
        }
    }
    if (out->first == SIZE_MAX)
        out->first = out->n;
}

bool align_tapes(struct tape *a, struct tape *b, struct align *out)
{
    struct steps of_a = { NULL, 0 }, of_b = { NULL, 0 };
    uint16_t *longest = NULL;
    *out = (struct align){ .first = SIZE_MAX };
    if (read_steps(a, &of_a) && read_steps(b, &of_b) && (longest = measure(&of_a, &of_b)) != NULL)
        out->rows = calloc(of_a.n + of_b.n + 1, sizeof *out->rows);
    if (out->rows)
        walk(&of_a, &of_b, longest, out);
    free(longest);
    free(of_a.at);
    free(of_b.at);
    return out->rows != NULL;
}

void align_free(struct align *a)
{
    free(a->rows);
    *a = (struct align){ 0 };
}

struct fields { struct tape *tape; buf_no buf; struct tape_fields f; };

/* The nth leaf with this path; ALIGN_NONE: there are fewer. */
static uint32_t find_leaf(struct fields *in, const char *path, unsigned nth)
{
    char other[sizeof ((struct align_field *)0)->path];
    for (size_t i = 0; i < in->f.n; i++)
        if (in->f.at[i].leaf && strcmp(tape_path(in->tape, in->buf, i, other, sizeof other), path) == 0 && nth-- == 0)
            return (uint32_t)i;
    return ALIGN_NONE;
}

static unsigned ordinal(struct fields *in, const char *path, size_t before)
{
    char other[sizeof ((struct align_field *)0)->path];
    unsigned n = 0;
    for (size_t i = 0; i < before; i++)
        n += in->f.at[i].leaf && strcmp(tape_path(in->tape, in->buf, i, other, sizeof other), path) == 0;
    return n;
}

static bool same_value(const struct tape_field *a, const struct tape_field *b)
{
    const struct field *f = &a->field, *g = &b->field;
    if (f->type == FIELD_NUMBER && g->type == FIELD_NUMBER)
        return f->number == g->number;
    return f->bytes.n == g->bytes.n && (!f->bytes.n || memcmp(f->bytes.at, g->bytes.at, f->bytes.n) == 0);
}

size_t align_fields(struct tape *a, buf_no in_a, struct tape *b, buf_no in_b, struct align_field *out, size_t most)
{
    struct fields of_a = { a, in_a, tape_fields(a, in_a) }, of_b = { b, in_b, tape_fields(b, in_b) };
    size_t n = 0;
    for (int side = 0; side < 2; side++) {
        struct fields *from = side ? &of_b : &of_a, *to = side ? &of_a : &of_b;
        for (size_t i = 0; i < from->f.n; i++) {
            struct align_field row;
            if (!from->f.at[i].leaf)
                continue;
            tape_path(from->tape, from->buf, i, row.path, sizeof row.path);
            uint32_t match = find_leaf(to, row.path, ordinal(from, row.path, i));
            /* what both have was looked at from a's side */
            if (match != ALIGN_NONE && (side || same_value(&from->f.at[i], &to->f.at[match])))
                continue;
            row.a = side ? match : (uint32_t)i;
            row.b = side ? (uint32_t)i : match;
            if (n++ < most)
                out[n - 1] = row;
        }
    }
    return n;
}
