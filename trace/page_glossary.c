/* What each name of a field means, once; and the names by which Wireshark filters for it. */
#include "trace/page_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH = 400, MEANINGS = 12 };

/* Names and paths that stand in the page, each once. Paths are the list's own. filter: Wireshark's name, or NULL;
 * alike: how many of that name follow, with this. */
struct entry { const char *name; char *path; const char *filter; size_t alike; };
struct entries { struct entry *at; size_t n, room; bool full; };

static void add(struct entries *l, const char *name, const char *path)
{
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 256;
        struct entry *more = realloc(l->at, room * sizeof *more);
        if (!more) {
            l->full = true;
            return;
        }
        l->at = more;
        l->room = room;
    }
    size_t n = strlen(path) + 1;
    char *own = malloc(n);
    if (!own) {
        l->full = true;
        return;
    }
    l->at[l->n++] = (struct entry){ name, memcpy(own, path, n), NULL, 1 };
}

static int by_name(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    int names = strcmp(a->name, b->name);
    return names ? names : strcmp(a->path, b->path);
}

static void collect(struct page *p, struct entries *l, buf_no buf)
{
    struct tape_fields f = tape_fields(p->tape, buf);
    char path[PATH];
    for (size_t i = 0; i < f.n && !l->full; i++)
        add(l, f.at[i].field.name, tape_path(p->tape, buf, i, path, sizeof path));
}

/* By which end of its path a field's meaning is found; NULL: it has none. */
static const char *key_of(const struct page *p, const char *path)
{
    const char *row = words_field(p->options->words[0], path);
    const char *end = row ? path : NULL;
    while (end && words_find(p->options->words[0], "field", end) != row)
        end = strchr(end, '/') ? strchr(end, '/') + 1 : NULL;
    return end;
}

/* The meanings of a name; where they are several ("type" of a record, of an answer), each with where it holds. */
static void write_meaning(struct page *p, const struct entry *e)
{
    static const struct event nothing = { 0 };
    const char *keys[MEANINGS];
    unsigned n = 0;
    for (size_t i = 0; i < e->alike && n < MEANINGS; i++) {
        const char *key = key_of(p, e[i].path);
        bool new = key != NULL;
        for (unsigned k = 0; k < n; k++)
            new = new && strcmp(keys[k], key) != 0;
        if (new)
            keys[n++] = key;
    }
    for (unsigned k = 0; k < n; k++) {
        if (n > 1)
            html_put(&p->html, "%s<code>%s</code>: ", k ? " " : "", keys[k]);
        page_say(p, "field", keys[k], &nothing);
    }
}

static const char *filter_of(const struct page *p, const struct entry *e)
{
    return p->options->wireshark ? p->options->wireshark(e->path) : NULL;
}

static bool ends_in(const char *path, const char *tail)
{
    size_t n = strlen(path), m = strlen(tail);
    return n >= m && strcmp(path + n - m, tail) == 0 && (n == m || path[n - m - 1] == '/');
}

/* As much of a path's end as tells it from those that Wireshark calls otherwise. */
static const char *tail_of(const struct entry *e, size_t n, size_t i)
{
    const char *filter = e[i].filter, *tail = e[i].path + strlen(e[i].path);
    for (bool alone = false; !alone && tail > e[i].path; ) {
        for (tail--; tail > e[i].path && tail[-1] != '/'; tail--)
            ;
        alone = true;
        for (size_t k = 0; k < n && alone; k++)
            alone = !ends_in(e[k].path, tail) || (e[k].filter && strcmp(e[k].filter, filter) == 0);
    }
    return tail;
}

static void write_name(struct page *p, const struct entry *e, size_t n)
{
    html_put(&p->html, "<dt id=g-%s>%s<dd>", e->name, e->name);
    write_meaning(p, e);
    const char *first = e[0].filter;
    size_t same = 0;
    while (same < n && first && e[same].filter && strcmp(first, e[same].filter) == 0)
        same++;
    if (first && same == n)                           /* whatever the path */
        html_put(&p->html, " <samp>%s</samp>", first);
    for (size_t i = 0; same < n && i < n; i++) {
        const char *filter = e[i].filter, *tail = filter ? tail_of(e, n, i) : NULL;
        size_t known = 0;
        while (tail && known < i && !(e[known].filter && strcmp(e[known].filter, filter) == 0
                                      && ends_in(e[known].path, tail)))
            known++;
        if (tail && known == i)
            html_put(&p->html, " <samp data-path=%s>%s</samp>", tail, filter);
    }
    html_put(&p->html, "\n");
}

/* A packet's fields come with each packet: of those alike one is kept, and Wireshark asked once. */
static void tidy(const struct page *p, struct entries *l)
{
    size_t kept = 0;
    if (l->n)
        qsort(l->at, l->n, sizeof *l->at, by_name);
    for (size_t i = 0; i < l->n; i++) {
        if (kept && by_name(&l->at[kept - 1], &l->at[i]) == 0) {
            free(l->at[i].path);
            continue;
        }
        l->at[kept] = l->at[i];
        l->at[kept].filter = filter_of(p, &l->at[kept]);
        kept++;
    }
    l->n = kept;
}

void page_glossary(struct page *p)
{
    struct entries list = { .n = 0 };
    for (uint32_t i = 1; i <= p->n_steps; i++)
        if (p->steps[i].packet && !p->steps[i].folded)
            collect(p, &list, p->steps[i].packet->buf);
    for (unsigned letter = 2; letter < 10; letter++)
        for (uint32_t i = 0; i < p->n_buffers[letter]; i++)
            if (p->buffers[letter][i].event && p->buffers[letter][i].step)
                collect(p, &list, p->buffers[letter][i].event->buf);
    tidy(p, &list);
    page_panel_begin(p, "glossary");
    html_put(&p->html, "<dl>\n");
    for (size_t i = 0, n; i < list.n; i += n) {
        for (n = 1; i + n < list.n && strcmp(list.at[i].name, list.at[i + n].name) == 0; n++)
            ;
        list.at[i].alike = n;
        write_name(p, &list.at[i], n);
    }
    html_put(&p->html, "</dl>\n");
    page_panel_end(p);
    for (size_t i = 0; i < list.n; i++)
        free(list.at[i].path);
    free(list.at);
}
