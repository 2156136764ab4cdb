#include "cmd/sieve_paths.h"
#include "cmd/filter_names.h"
#include "trace/tape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names of fields are few. Should more paths come than there is room for, the table begins anew with the next one. */
enum { PLACES = 8192, FULL = PLACES / 2, PATH = 512, PATH_DEPTH = 32, NOWHERE = 0 };

/* Place 0 is nowhere: the parent of roots, and what stands for all that has no place. */
struct place { char *name; uint16_t parent; struct sieve_path path; };

struct sieve_paths {
    const struct filter *filter;
    bool dns, headers, any;
    struct place *place; size_t used;
    uint16_t root, *way; size_t room;                 /* way[i]: the place of field i of the buffer at hand */
};

/* Where Wireshark has a second name for a field, of either direction. */
static const struct { const char *name, *also; } alsos[] = {
    { .name = "ip.src", .also = "ip.addr" }, { .name = "ip.dst", .also = "ip.addr" },
    { .name = "ipv6.src", .also = "ipv6.addr" }, { .name = "ipv6.dst", .also = "ipv6.addr" },
    { .name = "tcp.srcport", .also = "tcp.port" }, { .name = "tcp.dstport", .also = "tcp.port" },
    { .name = "udp.srcport", .also = "udp.port" }, { .name = "udp.dstport", .also = "udp.port" },
};

static const char *asked(const struct filter *f, const char *name)
{
    return name && filter_asks(f, name) ? name : NULL;
}

static const char *second(const struct filter *f, const char *name)
{
    for (size_t i = 0; name && i < sizeof alsos / sizeof *alsos; i++)
        if (strcmp(alsos[i].name, name) == 0)
            return asked(f, alsos[i].also);
    return NULL;
}

static bool asks_field(const struct filter *f)
{
    for (const struct wireshark_row *r = wireshark_rows; r->path || r->name; r++)
        if (r->path && (asked(f, r->name) || second(f, r->name)))
            return true;
    return false;
}

struct sieve_paths *sieve_paths_new(const struct filter *f)
{
    struct sieve_paths *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->filter = f;
    p->dns = filter_asks(f, "dns.qry.name");
    p->headers = filter_asks_header(f);
    p->any = p->dns || p->headers || asks_field(f);
    p->place = calloc(PLACES, sizeof *p->place);
    if (p->place)
        return p;
    sieve_paths_free(p);
    return NULL;
}

static void forget(struct sieve_paths *p)
{
    for (size_t i = 0; p->place && i < PLACES; i++)
        free(p->place[i].name);
    if (p->place)
        memset(p->place, 0, PLACES * sizeof *p->place);
    p->used = 0;
}

void sieve_paths_free(struct sieve_paths *p)
{
    if (!p)
        return;
    forget(p);
    free(p->place);
    free(p->way);
    free(p);
}

bool sieve_paths_any(const struct sieve_paths *p) { return p->any; }

/* ---- a path that comes first ---- */

static bool ends(const char *path, const char *with)
{
    size_t n = strlen(path), m = strlen(with);
    return n >= m && strcmp(path + n - m, with) == 0;
}

static enum sieve_joins joins_of(const struct sieve_paths *p, const char *path)
{
    if (p->dns && ends(path, "/question/label"))
        return SIEVE_LABEL;
    if (p->dns && ends(path, "/question/qtype"))
        return SIEVE_QTYPE;
    if (p->headers && ends(path, "/header/name"))
        return SIEVE_HEADER_NAME;
    return p->headers && ends(path, "/header/value") ? SIEVE_HEADER_VALUE : SIEVE_ALONE;
}

static void path_text(const struct sieve_paths *p, uint16_t at, char out[PATH])
{
    uint16_t way[PATH_DEPTH];
    size_t steps = 0, n = 0;
    for (; at != NOWHERE && steps < PATH_DEPTH; at = p->place[at].parent)
        way[steps++] = at;
    for (out[0] = 0; steps && n < PATH; steps--)
        n += (size_t)snprintf(out + n, PATH - n, "%s%s", n ? "/" : "", p->place[way[steps - 1]].name);
}

static void look_up(struct sieve_paths *p, uint16_t at)
{
    char path[PATH];
    path_text(p, at, path);
    const struct wireshark_row *row = wireshark_row_of(path);
    p->place[at].path = (struct sieve_path){
        .name = row ? asked(p->filter, row->name) : NULL, .way = row ? row->way : WS_NONE,
        .also = row ? second(p->filter, row->name) : NULL, .joins = joins_of(p, path) };
}

/* ---- one that came before ---- */

/* FNV-1a. */
static size_t hash(uint16_t parent, const char *name)
{
    uint32_t h = 2166136261u ^ parent;
    for (; *name; name++)
        h = (h ^ (uint8_t)*name) * 16777619u;
    return h ^ h >> 15;
}

static uint16_t child(struct sieve_paths *p, uint16_t parent, const char *name)
{
    size_t at = hash(parent, name) % PLACES;
    for (;; at = (at + 1) % PLACES) {
        struct place *l = &p->place[at];
        if (at == NOWHERE)
            continue;
        if (!l->name)
            break;
        if (l->parent == parent && strcmp(l->name, name) == 0)
            return (uint16_t)at;
    }
    size_t n = strlen(name) + 1;
    char *copy = p->used < PLACES - 2 ? malloc(n) : NULL;
    if (!copy)
        return NOWHERE;
    p->place[at] = (struct place){ .name = memcpy(copy, name, n), .parent = parent };
    p->used++;
    look_up(p, (uint16_t)at);
    return (uint16_t)at;
}

bool sieve_paths_begin(struct sieve_paths *p, const char *root, size_t n)
{
    if (n > p->room) {
        uint16_t *more = realloc(p->way, n * sizeof *more);
        if (!more)
            return false;
        p->way = more;
        p->room = n;
    }
    if (p->used > FULL)
        forget(p);
    p->root = child(p, NOWHERE, root);
    return true;
}

const struct sieve_path *sieve_paths_step(struct sieve_paths *p, size_t i, uint32_t parent, const char *name)
{
    p->way[i] = child(p, parent == TAPE_ROOT ? p->root : p->way[parent], name);
    return &p->place[p->way[i]].path;
}
