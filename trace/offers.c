#include "trace/offers.h"

#include "trace/say.h"
#include "trace/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { HOLES = 24, TEXT = 80 };

static bool same(struct bytes a, struct bytes b) { return a.n == b.n && (!a.n || memcmp(a.at, b.at, a.n) == 0); }

static bool is_offering(const struct words *w, const struct event *e)
{
    return e->kind == EVENT_MESSAGE && words_find(w, "offer", e->name) != NULL;
}

bool offers_in(struct tape *tape, const struct words *w, const struct event *e, event_no last)
{
    if (!is_offering(w, e))
        return false;
    for (event_no n = e->n + 1; n <= last; n++) {
        const struct event *twin = tape_event(tape, n);
        if (twin && twin->kind == EVENT_MESSAGE && twin->host != e->host && strcmp(twin->name, e->name) == 0
            && same(twin->bytes, e->bytes))
            return false;
    }
    return true;
}

static void name_it(struct offer *o, const struct field *f)
{
    if (f->words)
        snprintf(o->what, sizeof o->what, "%s", f->words);
    else if (f->type == FIELD_TEXT)
        show_text(f->bytes.at, f->bytes.n, o->what, sizeof o->what);
    else
        snprintf(o->what, sizeof o->what, "0x%04" PRIx64, f->number);
}

/* The same value: by its words, whatever the field is called there (named_group, named_curve); by its text. */
static bool stands_in(struct tape *tape, const struct event *e, const struct field *offered)
{
    struct tape_fields fields = tape_fields(tape, e->buf);
    for (size_t i = 0; i < fields.n; i++) {
        const struct field *f = &fields.at[i].field;
        if (offered->words ? f->words && f->number == offered->number && strcmp(f->words, offered->words) == 0
            : strcmp(f->name, offered->name) == 0 && f->type == offered->type
                && (f->type == FIELD_TEXT ? same(f->bytes, offered->bytes) : f->number == offered->number))
            return true;
    }
    return false;
}

static bool answers(const struct event *offer, const struct event *e)
{
    return e->kind == EVENT_MESSAGE && e->host == offer->host && e->conn == offer->conn
        && strcmp(event_text(e, "way"), event_text(offer, "way")) != 0;
}

static const struct event *answer_of(const struct offers *all, const struct offer *o, event_no last)
{
    for (event_no n = all->message->n + 1; n <= last; n++) {
        const struct event *e = tape_event(all->tape, n);
        if (e && answers(all->message, e) && stands_in(all->tape, e, &o->field->field))
            return e;
    }
    return NULL;
}

/* An offer's own ground: what lies under the field that holds it, if that is no list of its like. */
static bool lies_under(const struct tape_fields *fields, size_t i, size_t group)
{
    for (uint32_t at = fields->at[i].parent; at != TAPE_ROOT; at = fields->at[at].parent)
        if (at == group)
            return true;
    return false;
}

bool offer_holds(const struct offers *all, const struct offer *outer, const struct offer *inner)
{
    struct tape_fields fields = tape_fields(all->tape, all->message->buf);
    uint32_t group = fields.at[outer->index].parent;
    return outer != inner && outer->item != inner->item && strcmp(outer->item, inner->item) != 0
        && group != TAPE_ROOT && lies_under(&fields, inner->index, group);
}

bool offer_is_held(const struct offers *all, const struct offer *o)
{
    for (unsigned i = 0; i < all->n; i++)
        if (offer_holds(all, &all->at[i], o))
            return true;
    return false;
}

bool offers_read(struct offers *all, struct tape *tape, const struct words *w, const struct event *message,
                 event_no last)
{
    struct tape_fields fields = tape_fields(tape, message->buf);
    *all = (struct offers){ .tape = tape, .message = message };
    for (size_t i = 0; i < fields.n && all->n < OFFERS_MOST; i++) {
        const struct tape_field *f = &fields.at[i];
        if (!f->leaf || !words_find(w, "offer", f->field.name))
            continue;
        struct offer *o = &all->at[all->n++];
        *o = (struct offer){ .item = f->field.name, .field = f, .index = i };
        name_it(o, &f->field);
        o->answer = answer_of(all, o, last);
        o->fate = o->answer ? OFFER_ANSWERED : OFFER_SILENT;
    }
    for (unsigned i = 0; i < all->n; i++)
        for (unsigned k = 0; k < all->n && all->at[i].fate == OFFER_SILENT; k++)
            if (all->at[k].fate == OFFER_ANSWERED && offer_holds(all, &all->at[i], &all->at[k])) {
                all->at[i].fate = OFFER_USED;
                all->at[i].answer = all->at[k].answer;
            }
    return all->n > 0;
}

/* ---- sentences ---- */

const char *offer_is(const struct words *w, const struct offer *o) { return words_find(w, "value", o->what); }

static const char *template_of(const struct words *w, const struct offer *o)
{
    static const char *const fates[] = { "silent", "used", "answered" };
    const char *keys[] = { o->what, o->item };
    char key[OFFER_WHAT + 16];
    const char *found = NULL;
    for (unsigned i = 0; i < 2 && !found; i++) {
        snprintf(key, sizeof key, "%s.%s", keys[i], fates[o->fate]);
        found = words_find(w, "fate_of", key);
    }
    return found;
}

/* What fills a sentence: of each kind the first that was taken, and the fields within this offer. */
struct holes { struct attr at[HOLES]; char text[HOLES][TEXT]; size_t n; };

static void add_text(struct holes *h, const char *name, const char *text)
{
    for (size_t i = 0; i < h->n; i++)
        if (strcmp(h->at[i].name, name) == 0)
            return;
    if (h->n == HOLES)
        return;
    snprintf(h->text[h->n], TEXT, "%s", text);
    h->at[h->n] = attr_text(name, h->text[h->n]);
    h->n++;
}

static void add_field(struct holes *h, const struct field *f)
{
    char text[TEXT];
    if (f->words)
        snprintf(text, sizeof text, "%s", f->words);
    else if (f->type == FIELD_TEXT)
        show_text(f->bytes.at, f->bytes.n, text, sizeof text);
    else if (f->type == FIELD_NUMBER)
        snprintf(text, sizeof text, "%" PRIu64, f->number);
    else
        snprintf(text, sizeof text, "%zu", f->bytes.n);
    add_text(h, f->name, text);
}

const char *offer_came(const struct offers *all, const struct offer *o, const struct words *w, char *out, size_t room)
{
    const char *template = template_of(w, o);
    struct tape_fields fields = tape_fields(all->tape, all->message->buf);
    uint32_t group = fields.at[o->index].parent;
    struct holes h = { .n = 0 };
    if (!template)
        return NULL;
    for (unsigned i = 0; i < all->n; i++)
        if (all->at[i].fate == OFFER_ANSWERED && strcmp(all->at[i].item, o->item) != 0)
            add_text(&h, all->at[i].item, all->at[i].what);
    for (size_t i = o->index; group != TAPE_ROOT && i < fields.n && lies_under(&fields, i, group); i++)
        if (fields.at[i].leaf && strcmp(fields.at[i].field.name, "length") != 0)
            add_field(&h, &fields.at[i].field);
    return say(out, room, template, &(struct event){ .attrs = h.at, .n_attrs = h.n }, w);
}
