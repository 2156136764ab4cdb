#include "trace/spy.h"

#include "trace/say.h"
#include "trace/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 512 };

struct listener {
    struct tape *tape;
    const struct words *words;
    struct spy *spy;
    size_t room;
    bool failed;
};

/* Marks the octets of packets that are sealed: those on which the opened form of a record lies. Both ends tell
 * a record, so octets are marked, not counted. */
static bool count_sealed(struct tape *t, struct spy *s)
{
    size_t all = 0, *starts = calloc(s->n_steps + 1, sizeof *starts);
    for (size_t i = 0; starts && i < s->n_steps; all += s->steps[i++].octets)
        starts[i] = all;
    uint8_t *marks = starts ? calloc(all + 1, 1) : NULL;
    for (uint32_t i = 1; marks && i <= tape_count(t, 'o'); i++) {
        struct tape_place places[PLACES];
        const struct event *e = tape_buffer(t, tape_buf('o', i));
        size_t n = e ? tape_places(t, (struct span){ e->buf, (uint32_t)e->bytes.n, 0 }, places, PLACES) : 0;
        for (size_t k = 0; k < n && k < PLACES; k++)
            memset(marks + starts[buf_count(places[k].packet) - 1] + places[k].at, 1, places[k].len);
    }
    for (size_t i = 0; marks && i < s->n_steps; i++)
        for (uint32_t k = 0; k < s->steps[i].octets; k++)
            s->steps[i].sealed += marks[starts[i] + k];
    bool good = marks != NULL;
    free(marks);
    free(starts);
    return good;
}

/* The packet with which the last octet of a buffer had been on the wire; 0: it never was whole. */
static uint32_t whole_with(struct tape *t, const struct event *e)
{
    struct tape_place places[PLACES];
    uint32_t n_octets = (uint32_t)e->bytes.n, latest = 0;
    size_t n = tape_places(t, (struct span){ e->buf, n_octets, 0 }, places, PLACES);
    uint32_t *first = calloc(n_octets + 1, sizeof *first);
    for (size_t k = 0; first && k < n && k < PLACES; k++)
        for (uint64_t i = places[k].off; i < places[k].off + places[k].len && i < n_octets; i++)
            if (!first[i] || buf_count(places[k].packet) < first[i])
                first[i] = buf_count(places[k].packet);
    for (uint32_t i = 0; first && i < n_octets; i++) {
        if (!first[i]) {
            latest = 0;
            break;
        }
        latest = first[i] > latest ? first[i] : latest;
    }
    free(first);
    return latest;
}

static bool is_known(const struct listener *l, const struct spy_fact *f)
{
    char new[320], old[320];
    spy_say(f, l->words, new, sizeof new);
    for (size_t i = 0; i < l->spy->n_facts; i++)
        if (strcmp(spy_say(&l->spy->facts[i], l->words, old, sizeof old), new) == 0)
            return true;
    return false;
}

static void learn(struct listener *l, const struct spy_fact *f)
{
    struct spy *s = l->spy;
    if (l->failed || is_known(l, f))
        return;
    if (s->n_facts == l->room) {
        size_t room = l->room ? 2 * l->room : 32;
        void *more = realloc(s->facts, room * sizeof *s->facts);
        if (!more) {
            l->failed = true;
            return;
        }
        s->facts = more;
        l->room = room;
    }
    s->facts[s->n_facts++] = *f;
}

static void say_value(const struct field *f, char *out, size_t room)
{
    if (f->words)
        show_string(f->words, out, room);
    else if (f->type == FIELD_NUMBER)
        snprintf(out, room, "%" PRIu64, f->number);
    else if (f->type == FIELD_TEXT)
        show_text((const char *)f->bytes.at, f->bytes.n, out, room);
    else
        say_hex(out, room, f->bytes);
}

/* All that a buffer in the clear gives away. */
static void learn_from(struct listener *l, const struct event *e, uint32_t packet)
{
    struct spy_fact fact = { .packet = packet, .of = e };
    struct tape_fields f = tape_fields(l->tape, e->buf);
    snprintf(fact.key, sizeof fact.key, "%s", e->kind == EVENT_PACKET ? "packet" : e->name);
    if (words_find(l->words, "spy", fact.key))
        learn(l, &fact);
    for (size_t i = 0; i < f.n; i++) {
        if (!f.at[i].leaf || !words_find(l->words, "spy", tape_path(l->tape, e->buf, i, fact.key, sizeof fact.key)))
            continue;
        say_value(&f.at[i].field, fact.value, sizeof fact.value);
        learn(l, &fact);
    }
}

static int by_packet(const void *pa, const void *pb)
{
    const struct spy_fact *a = pa, *b = pb;
    if (a->packet != b->packet)
        return a->packet < b->packet ? -1 : 1;
    return a->of->n < b->of->n ? -1 : a->of->n > b->of->n;
}

static bool share_out(struct listener *l)
{
    struct spy *s = l->spy;
    struct spy_fact *facts = s->facts;
    /* an insertion sort: within a packet and an event, the order of the fields stays */
    for (size_t i = 1; i < s->n_facts; i++) {
        struct spy_fact f = facts[i];
        size_t k = i;
        for (; k > 0 && by_packet(&facts[k - 1], &f) > 0; k--)
            facts[k] = facts[k - 1];
        facts[k] = f;
    }
    for (size_t i = 0; i < s->n_facts; i++) {
        struct spy_step *step = &s->steps[facts[i].packet - 1];
        if (!step->n++)
            step->first = i;
    }
    return !l->failed;
}

bool spy_on(struct tape *t, const struct words *words, struct spy *s)
{
    struct listener l = { .tape = t, .words = words, .spy = s };
    *s = (struct spy){ .n_steps = tape_count(t, 'p') };
    s->steps = calloc(s->n_steps + 1, sizeof *s->steps);
    for (size_t i = 0; s->steps && i < s->n_steps; i++) {
        const struct event *e = tape_buffer(t, tape_buf('p', (uint32_t)i + 1));
        s->steps[i].packet = e;
        s->steps[i].octets = e ? (uint32_t)e->bytes.n : 0;
    }
    if (!s->steps || !count_sealed(t, s)) {
        spy_free(s);
        return false;
    }
    for (event_no n = 1; n <= tape_events(t); n++) {
        const struct event *e = tape_event(t, n);
        uint32_t packet = !event_declares(e) || tape_is_sealed(t, e->buf) ? 0
                          : e->kind == EVENT_PACKET                      ? buf_count(e->buf)
                                                                         : whole_with(t, e);
        if (packet)
            learn_from(&l, e, packet);
    }
    if (share_out(&l))
        return true;
    spy_free(s);
    return false;
}

void spy_free(struct spy *s)
{
    free(s->steps);
    free(s->facts);
    *s = (struct spy){ 0 };
}

char *spy_say(const struct spy_fact *f, const struct words *words, char *out, size_t room)
{
    const char *template = words_find(words, "spy", f->key);
    struct event e = *f->of;
    const struct attr value = attr_text("value", f->value);
    if (*f->value) {
        e.attrs = &value;
        e.n_attrs = 1;
    }
    return say(out, room, template ? template : f->key, &e, words);
}
