/* A value is gathered as pieces of octets, or is a number or a word. */
#include "trace/recipe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 64, PIECES = 32 };

struct value { struct bytes pieces[PIECES]; size_t n_pieces; const char *word; bool is_number; uint64_t number; };

struct asked { struct tape *tape; const struct event *event; bool secrets; };

static void put(struct recipe_text *t, const char *text, size_t n)
{
    if (t->failed)
        return;
    if (t->n + n + 1 > t->room) {
        size_t room = 2 * t->room + n + 256;
        char *more = realloc(t->at, room);
        if (!more) {
            t->failed = true;
            return;
        }
        t->at = more;
        t->room = room;
    }
    memcpy(t->at + t->n, text, n);
    t->n += n;
    t->at[t->n] = 0;
}

void recipe_free(struct recipe_text *t)
{
    free(t->at);
    *t = (struct recipe_text){ 0 };
}

static void put_octets(struct recipe_text *t, struct bytes b)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < b.n; i++)
        put(t, (char[]){ digits[b.at[i] >> 4], digits[b.at[i] & 15] }, 2);
}

static bool harmless(const char *word)
{
    return word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")] == 0;
}

/* ---- where values come from ---- */

static bool of_octets(struct bytes b, struct value *v)
{
    *v = (struct value){ .pieces = { b }, .n_pieces = 1 };
    return true;
}

static bool of_attr(const struct asked *k, const struct event *e, const char *name, struct value *v)
{
    const struct attr *a = event_attr(e, name);
    if (!a || (a->type == ATTR_SECRET && !k->secrets))
        return false;
    *v = (struct value){ .is_number = a->type == ATTR_NUMBER, .number = a->number,
                         .word = a->type == ATTR_TEXT ? a->text : NULL };
    if (a->type == ATTR_HEX || a->type == ATTR_SECRET)
        return of_octets(a->bytes, v);
    return v->is_number || harmless(v->word);
}

static bool of_field(const struct asked *k, buf_no buf, const char *name, bool where, struct value *v)
{
    const struct event *e = buf ? tape_buffer(k->tape, buf) : NULL;
    if (!e)
        return false;
    struct tape_fields fields = tape_fields(k->tape, buf);
    for (size_t i = 0; i < fields.n; i++) {
        const struct field *f = &fields.at[i].field;
        if (strcmp(f->name, name) != 0 || (size_t)f->off + f->len > e->bytes.n)
            continue;
        if (!where)
            return of_octets((struct bytes){ e->bytes.at + f->off, f->len }, v);
        *v = (struct value){ .is_number = true, .number = f->off };
        return true;
    }
    return false;
}

/* "m1 m3 m4" */
static bool of_buffers(const struct asked *k, const char *list, struct value *v)
{
    *v = (struct value){ 0 };
    while (*list) {
        char letter = *list++;
        uint32_t count = 0;
        for (; *list >= '0' && *list <= '9' && count < UINT16_MAX; list++)
            count = 10 * count + (uint32_t)(*list - '0');
        list += *list == ' ';
        const struct event *e = tape_buffer(k->tape, tape_buf(letter, count));
        if (!e || v->n_pieces == PIECES)
            return false;
        v->pieces[v->n_pieces++] = e->bytes;
    }
    return v->n_pieces > 0;
}

static const struct event *latest(const struct asked *k, const char *name, bool anybody)
{
    for (event_no n = anybody ? tape_events(k->tape) : k->event->n; n > 0; n--) {
        const struct event *e = tape_event(k->tape, n);
        if (e && strcmp(e->name, name) == 0 &&
            (anybody || (e->host == k->event->host && e->conn == k->event->conn)))
            return e;
    }
    return NULL;
}

static bool of_other(const struct asked *k, const char *who, const char *name, struct value *v)
{
    bool anybody = who[0] == '=';
    const char *other = anybody ? who + 1 : event_text(k->event, who);
    const struct event *e = *other ? latest(k, other, anybody) : NULL;
    return e && of_attr(k, e, name, v);
}

/* One name of a hole, without alternatives and without how. */
static bool find(const struct asked *k, const char *name, struct value *v)
{
    char first[NAME];
    size_t n = strlen(name), other = strcspn(name, ">");
    snprintf(first, sizeof first, "%.*s", (int)(name[other] ? other : n - 1), name);
    if (name[other])
        return of_other(k, first, name + other + 1, v);
    if (strcmp(name, "bytes") == 0)
        return event_declares(k->event) && of_octets(k->event->bytes, v);
    if (name[0] == '.' && name[n - 1] == '@')
        return of_field(k, k->event->buf, first + 1, true, v);
    if (name[0] == '.')
        return of_field(k, k->event->buf, name + 1, false, v);
    if (name[0] == '^')
        return of_field(k, k->event->n_spans ? k->event->spans[0].in : 0, name + 1, false, v);
    if (name[n - 1] == '*')
        return event_attr(k->event, first) && of_buffers(k, event_text(k->event, first), v);
    return of_attr(k, k->event, name, v);
}

/* ---- how they are written ---- */

static size_t octets_of(const struct value *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n_pieces; i++)
        n += v->pieces[i].n;
    return n;
}

static void put_number(struct recipe_text *t, uint64_t number)
{
    char text[24];
    put(t, text, (size_t)snprintf(text, sizeof text, "%" PRIu64, number));
}

static void put_length(struct recipe_text *t, uint64_t length, bool little)
{
    uint8_t octets[8];
    for (unsigned i = 0; i < 8; i++)
        octets[little ? i : 7 - i] = (uint8_t)(length >> 8 * i);
    put_octets(t, (struct bytes){ octets, sizeof octets });
}

static void put_words(struct recipe_text *t, const char *words) { put(t, words, strlen(words)); }

/* "word?if it is;if not" */
static void put_choice(struct recipe_text *t, const char *word, const char *how)
{
    size_t n = strcspn(how, "?"), yes = strcspn(how + n, ";");
    if (strlen(word) == n && memcmp(word, how, n) == 0)
        put(t, how + n + 1, yes - 1);
    else
        put_words(t, how + n + yes + 1);
}

static bool put_value(struct recipe_text *t, const struct value *v, const char *how)
{
    static const uint8_t zeros[16];
    size_t n = octets_of(v);
    if (!*how && v->is_number)
        put_number(t, v->number);
    else if (!*how && v->word)
        put_words(t, v->word);
    else if (!*how)
        for (size_t i = 0; i < v->n_pieces; i++)
            put_octets(t, v->pieces[i]);
    else if (strchr(how, '?') && strchr(how, ';') && v->word)
        put_choice(t, v->word, how);
    else if (strcmp(how, "octets") == 0)
        put_number(t, n);
    else if (strcmp(how, "pad16") == 0)
        put_octets(t, (struct bytes){ zeros, (16 - n % 16) % 16 });
    else if (strcmp(how, "bits") == 0)
        put_length(t, 8 * (uint64_t)n, false);
    else if (strcmp(how, "le") == 0)
        put_length(t, n, true);
    else
        return false;
    return true;
}

static bool fill(struct recipe_text *t, const struct asked *k, const char *hole, size_t n)
{
    char names[NAME], *how;
    struct value v;
    if (n >= sizeof names)
        return false;
    memcpy(names, hole, n);
    names[n] = 0;
    how = names + strcspn(names, ":");
    if (*how)
        *how++ = 0;
    for (char *name = names; ; ) {
        size_t m = strcspn(name, "|");
        bool last = !name[m];
        name[m] = 0;
        if (m && find(k, name, &v))
            return put_value(t, &v, how);
        if (last)
            return false;
        name += m + 1;
    }
}

bool recipe_fill(struct recipe_text *t, struct tape *tape, const struct event *e, const char *template, size_t n,
                 bool secrets)
{
    const struct asked asked = { tape, e, secrets };
    const char *end = template + n;
    while (template < end) {
        const char *open = memchr(template, '{', (size_t)(end - template));
        const char *close = open ? memchr(open, '}', (size_t)(end - open)) : NULL;
        if (!close) {
            put(t, template, (size_t)(end - template));
            break;
        }
        put(t, template, (size_t)(open - template));
        if (!fill(t, &asked, open + 1, (size_t)(close - open - 1)))
            return false;
        template = close + 1;
    }
    return !t->failed;
}
