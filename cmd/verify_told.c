#include "cmd/verify_told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One more of `size` octets, zeroed; NULL: no memory. */
static void *more(struct verify_told *t, void **all, size_t *n, size_t *room, size_t size)
{
    if (*n == *room) {
        size_t wanted = *room ? 2 * *room : 32;
        void *grown = realloc(*all, wanted * size);
        if (!grown) {
            t->failed = true;
            return NULL;
        }
        *all = grown;
        *room = wanted;
    }
    uint8_t *one = (uint8_t *)*all + *n * size;
    memset(one, 0, size);
    (*n)++;
    return one;
}
#define MORE(t, what) more(t, (void **)&(t)->what, &(t)->n_##what, &(t)->room_##what, sizeof *(t)->what)

static void keep(char *out, size_t room, const struct event *e, const char *name)
{
    snprintf(out, room, "%s", event_text(e, name));
}

static enum verify_said said_of(const struct event *e)
{
    const char *verdict = event_text(e, "verdict");
    return strcmp(verdict, "accepted") == 0 ? VERIFY_YES : strcmp(verdict, "skipped") == 0 ? VERIFY_SKIPPED : VERIFY_NO;
}

/* The last one told that stands one step lower. */
static size_t parent_of(const struct verify_told *t, unsigned depth)
{
    for (size_t i = t->n_nodes - 1; i-- > 0 && depth > 0;)
        if (t->nodes[i].depth == depth - 1)
            return i;
    return VERIFY_TOP;
}

static void keep_candidate(struct verify_told *t, const struct event *e)
{
    const struct attr *depth = event_attr(e, "depth");
    struct verify_node *node = MORE(t, nodes);
    if (!node)
        return;
    node->buf = e->buf;
    node->depth = depth ? (unsigned)depth->number : 0;
    node->parent = parent_of(t, node->depth);
    node->refused = said_of(e) == VERIFY_NO;
    keep(node->subject, sizeof node->subject, e, "subject");
    keep(node->source, sizeof node->source, e, "source");
    keep(node->why, sizeof node->why, e, "why");
}

/* A path ends at the candidate that was told last. */
static void keep_path(struct verify_told *t, const struct event *e)
{
    if (!t->n_nodes)
        return;
    struct verify_node *node = &t->nodes[t->n_nodes - 1];
    node->ends = true;
    node->path_refused = said_of(e) == VERIFY_NO;
    keep(node->path_about, sizeof node->path_about, e, "about");
    keep(node->path_why, sizeof node->path_why, e, "found");
}

static void keep_certificate(struct verify_told *t, const struct event *e)
{
    struct verify_cert *cert = MORE(t, certs);
    if (!cert)
        return;
    size_t before = t->n_certs > 1 ? cert[-1].row + cert[-1].n_rows : 0;
    const char *label = e->label ? e->label : "", *end = strrchr(label, ':');
    cert->buf = e->buf;
    cert->said = said_of(e);
    snprintf(cert->about, sizeof cert->about, "%.*s", end ? (int)(end - label) : 0, label);
    keep(cert->subject, sizeof cert->subject, e, "subject");
    keep(cert->issuer, sizeof cert->issuer, e, "issuer");
    keep(cert->why, sizeof cert->why, e, "why");
    cert->row = before;
    cert->n_rows = t->n_rows - before;
}

static void keep_check(struct verify_told *t, const struct event *e)
{
    struct verify_row *row = MORE(t, rows);
    if (!row)
        return;
    row->name = e->name;
    row->rfc = e->rfc;
    row->said = said_of(e);
    keep(row->expected, sizeof row->expected, e, "expected");
    keep(row->found, sizeof row->found, e, "found");
}

static void hear(struct view *v, const struct trace *trace, const struct event *e)
{
    struct verify_told *t = (struct verify_told *)v;
    (void)trace;
    if (e->kind != EVENT_CHECK || strcmp(e->layer, "x509") != 0)
        return;
    if (strcmp(e->name, "candidate") == 0)
        keep_candidate(t, e);
    else if (strcmp(e->name, "path") == 0)
        keep_path(t, e);
    else if (strcmp(e->name, "certificate") == 0)
        keep_certificate(t, e);
    else
        keep_check(t, e);
}

const struct verify_cert *verify_on_path(const struct verify_told *t, size_t depth)
{
    for (size_t i = t->n_certs; i-- > 0;)
        if (t->certs[i].n_rows && depth-- == 0)
            return &t->certs[i];
    return NULL;
}

/* What a check of the whole path found stands at its certificate in the tree. */
void verify_told_end(struct verify_told *t)
{
    for (size_t i = 0; i < t->n_nodes; i++) {
        struct verify_node *node = &t->nodes[i];
        const struct verify_cert *cert = verify_on_path(t, node->depth);
        node->chosen = cert && cert->buf == node->buf
                    && (node->parent == VERIFY_TOP || t->nodes[node->parent].chosen);
        if (node->chosen && cert->said == VERIFY_NO) {
            node->refused = true;
            memcpy(node->why, cert->why, sizeof node->why);
        }
    }
}

bool verify_unchecked(const struct verify_row *row)
{
    return row->said == VERIFY_SKIPPED && strcmp(row->name, "signature") != 0;
}

void verify_told_start(struct verify_told *t) { *t = (struct verify_told){ .view = { .event = hear } }; }

void verify_told_free(struct verify_told *t)
{
    free(t->nodes);
    free(t->rows);
    free(t->certs);
    *t = (struct verify_told){ .nodes = NULL };
}
