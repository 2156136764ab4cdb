#include "trace/joiner.h"

#include "trace/ascii.h"
#include "trace/show.h"
#include "trace/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LETTERS = 10, RECENT = 128, SPANS = 4, DEPTH = 8, STREAMS = 16, FOUND = 16 };

/* Of a buffer on more than SPANS spans (a message in many tiny records) the first ones must do. */
struct told {
    buf_no buf;
    /* has a name of its own; its spans are of a stream by now */
    bool message, settled;
    unsigned n;
    struct span on[SPANS];
    char name[40], label[120];
};

struct joiner {
    struct told told[LETTERS][RECENT];                /* by letter and number */
    /* the largest piece of a stream in one packet */
    struct { buf_no stream; uint32_t largest; } pieces[STREAMS];
};

/* A part of a message in a packet: where it begins in the stream, what of the message lies before
 * and behind it. */
struct found { const struct told *what; uint64_t off, end, before, behind; };

struct joiner *joiner_new(void) { return calloc(1, sizeof(struct joiner)); }
void joiner_free(struct joiner *j) { free(j); }

static struct told *slot(struct joiner *j, buf_no b)
{
    return &j->told[b >> 28 < LETTERS ? b >> 28 : 0][buf_count(b) % RECENT];
}

/* A name of the RFC ("ClientHello") stands for itself; a common word gets its layer: "DNS query". */
static void name_message(struct told *s, const struct event *e)
{
    char layer[sizeof s->name / 2];
    size_t n = 0;
    show_string(e->name, s->name, sizeof s->name);
    if (s->name[0] < 'a' || s->name[0] > 'z' || !e->layer)
        return;
    for (const char *c = e->layer; *c && n < sizeof layer - 2; c++)
        layer[n++] = ascii_upper(*c);
    layer[n++] = ' ';
    layer[n] = 0;
    s->name[0] = 0;
    text_join(s->name, sizeof s->name, layer);
    show_string(e->name, s->name + n, sizeof s->name - n);
}

/* A record is called by the beginning of its label: "Alert" of "Alert  warning close_notify". */
static void name_record(struct told *s, const struct event *e)
{
    const char *label = e->label ? e->label : e->name ? e->name : "";
    size_t n = strcspn(label, ",");
    const char *gap = strstr(label, "  ");
    if (gap && (size_t)(gap - label) < n)
        n = (size_t)(gap - label);
    show_text(label, n, s->name, sizeof s->name);
}

void joiner_event(struct joiner *j, const struct event *e)
{
    if (!e->buf || !event_declares(e) || e->kind == EVENT_PACKET)
        return;
    struct told *s = slot(j, e->buf);
    *s = (struct told){ .buf = e->buf, .message = e->kind == EVENT_MESSAGE };
    s->n = e->n_spans < SPANS ? (unsigned)e->n_spans : SPANS;
    for (unsigned i = 0; i < s->n; i++)
        s->on[i] = e->spans[i];
    if (s->message)
        name_message(s, e);
    else
        name_record(s, e);
    show_string(e->label, s->label, sizeof s->label);
}

/* Moves a span down until it lies on a stream. The part that can be followed; len 0 when there is none (not
 * told, or forgotten). */
static struct span to_stream(struct joiner *j, struct span s)
{
    for (unsigned depth = 0; buf_letter(s.in) != 's'; depth++) {
        const struct told *below = slot(j, s.in);
        uint64_t pos = 0;
        unsigned i = 0;
        if (below->buf != s.in || depth == DEPTH)
            return (struct span){ 0 };
        while (i < below->n && pos + below->on[i].len <= s.off)
            pos += below->on[i++].len;
        if (i == below->n)
            return (struct span){ 0 };
        uint64_t skip = s.off - pos, left = below->on[i].len - skip;
        s = (struct span){ below->on[i].in, s.len < left ? s.len : (uint32_t)left, below->on[i].off + skip };
    }
    return s;
}

static void resolve(struct joiner *j, struct told *m)
{
    struct span on[SPANS];
    for (unsigned i = 0; i < m->n; i++) {
        on[i] = to_stream(j, m->on[i]);
        if (!on[i].len)
            return;                                   /* not yet: the writer tells the plain form first */
    }
    memcpy(m->on, on, m->n * sizeof *on);
    m->settled = true;
}

/* Adds the part of `m` that lies within the carried octets. Both ends tell a message: the second telling is
 * left out. */
static unsigned look(struct joiner *j, struct told *m, const struct carry *c, struct found *found, unsigned n)
{
    if (!m->buf || !m->n)
        return n;
    if (!m->settled)
        resolve(j, m);
    if (!m->settled || m->on[0].in != c->stream)
        return n;
    uint64_t first = m->on[0].off, last = m->on[m->n - 1].off + m->on[m->n - 1].len, end = c->off + c->len;
    if (first >= end || last <= c->off || n == FOUND)
        return n;
    struct found f = { m, first > c->off ? first : c->off, last < end ? last : end, 0, 0 };
    f.before = f.off - first;
    f.behind = last - f.end;
    for (unsigned i = 0; i < n; i++)
        if (m->message ? found[i].off == f.off && found[i].end == f.end
                       : found[i].off < last && found[i].end > first)
            return n;                                 /* and a record is named only where nothing on it is */
    found[n] = f;
    return n + 1;
}

static int by_place(const void *pa, const void *pb)
{
    const struct found *a = pa, *b = pb;
    return a->off < b->off ? -1 : a->off > b->off;
}

static uint32_t largest_piece(struct joiner *j, const struct carry *c)
{
    unsigned i = buf_count(c->stream) % STREAMS;
    if (j->pieces[i].stream != c->stream)
        j->pieces[i].largest = 0;
    j->pieces[i].stream = c->stream;
    if (c->len > j->pieces[i].largest)
        j->pieces[i].largest = c->len;
    return j->pieces[i].largest;
}

/* "Certificate (1 of 2)". How many parts there will be is reckoned: the rest goes in the largest
 * pieces seen. */
static void name_part(const struct found *f, uint32_t largest, char *out, size_t room)
{
    uint64_t part = 1 + (f->before + largest - 1) / largest;
    uint64_t parts = part + (f->behind + largest - 1) / largest;
    const char *name = f->what->name[0] ? f->what->name : f->what->label;
    if (parts > 1)
        snprintf(out, room, "%s (%" PRIu64 " of %" PRIu64 ")", name, part, parts);
    else
        snprintf(out, room, "%s", name);
}

/* A label begins with the name of its message, or is put behind it. */
static bool name_alone(const struct told *m, unsigned columns, char *out, size_t room)
{
    size_t n = strlen(m->name);
    bool has_name = strncmp(m->label, m->name, n) == 0;
    snprintf(out, room, "%s%s%s", has_name ? "" : m->name, has_name ? "" : "  ", m->label);
    return m->label[0] && text_width(out, strlen(out)) <= columns;
}

/* All that lies in the carried octets: messages; where none is, opened records; where none is, records. */
static unsigned look_everywhere(struct joiner *j, const struct carry *c, struct found *found)
{
    struct told *rows = j->told[0];
    unsigned n = 0;
    for (unsigned i = 0; i < LETTERS * RECENT; i++)
        if (rows[i].message)
            n = look(j, &rows[i], c, found, n);
    for (const char *letter = "or"; *letter; letter++)
        for (unsigned i = 0; i < LETTERS * RECENT; i++)
            if (!rows[i].message && buf_letter(rows[i].buf) == *letter)
                n = look(j, &rows[i], c, found, n);
    return n;
}

static void add_carried(struct joined *joined, struct joiner *j, const struct carry *c, bool alone,
                        unsigned columns)
{
    struct found found[FOUND];
    char words[200], last[200] = "";
    uint32_t largest = largest_piece(j, c);
    unsigned n = look_everywhere(j, c, found);
    qsort(found, n, sizeof *found, by_place);
    joined->open |= !n || found[n - 1].end < c->off + c->len;
    for (unsigned k = 0; k < n; k++) {
        const struct found *f = &found[k];
        bool whole = alone && n == 1 && !f->before && !f->behind;
        if (!whole || !name_alone(f->what, columns, words, sizeof words))
            name_part(f, largest, words, sizeof words);
        joined->goes_on &= f->before > 0;
        joined->first = joined->first || f->before ? joined->first : f->what->buf;
        if (k && strcmp(words, last) == 0)
            continue;                                 /* one chunk after the other: said once */
        memcpy(last, words, sizeof last);
        if (joined->words[0])
            text_join(joined->words, sizeof joined->words, ", ");
        if (!text_join(joined->words, sizeof joined->words, words))
            return;
    }
}

struct joined joiner_of(struct joiner *j, const struct event *packet, unsigned columns)
{
    struct joined joined = { .goes_on = true };
    for (size_t i = 0; i < packet->n_carries; i++)
        if (packet->carries[i].len)
            add_carried(&joined, j, &packet->carries[i], packet->n_carries == 1, columns);
    joined.goes_on &= joined.words[0] != 0;
    return joined;
}
