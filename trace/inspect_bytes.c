/* Octets beside the names that the parser gave them. Four columns: place, octets, name, value. */
#include "trace/inspect.h"

#include "trace/say.h"
#include "trace/show.h"
#include "trace/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ROW = 8, OCTETS_AT = 8, NAMES_AT = 33, LONG = 32, PLACES = 64 };

static void write_octets(const struct inspect *in, struct bytes b, uint32_t off)
{
    char word[16];
    snprintf(word, sizeof word, "%6" PRIx32, off);
    pen_ink(in->pen, INK_DIM);
    pen_text(in->pen, word);
    pen_ink(in->pen, INK_PLAIN);
    pen_to(in->pen, OCTETS_AT);
    for (size_t i = 0; i < b.n && i < ROW; i++) {
        snprintf(word, sizeof word, "%02x ", b.at[i]);
        pen_text(in->pen, word);
    }
}

/* "window: 64240", "cipher_suite: 49199 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"; octets stand on the left already. */
static void field_words(const struct words *words, const struct field *f, char *out, size_t room)
{
    char text[200], raw[200];
    snprintf(out, room, "%s", f->name);
    if (f->type == FIELD_NUMBER)
        snprintf(text, sizeof text, ": %" PRIu64, f->number);
    else if (f->type == FIELD_TEXT)
        snprintf(text, sizeof text, ": %s", show_text(f->bytes.at, f->bytes.n, raw, sizeof raw));
    else
        snprintf(text, sizeof text, "%s", f->words ? ":" : "");
    text_join(out, room, text);
    if (f->words) {
        text_join(out, room, " ");
        text_join(out, room, show_string(words_phrase(words, f->words, raw, sizeof raw), text, sizeof text));
    }
}

/* Bits stand below their octets, or below the first bits of the same octets: those are shown once. */
static bool is_bits(const struct tape_fields *f, size_t i)
{
    const struct field *bits = &f->at[i].field, *above = i ? &f->at[i - 1].field : NULL;
    uint32_t outer = f->at[i].parent;
    return (outer != TAPE_ROOT && f->at[outer].field.type == FIELD_NUMBER) ||
           (above && bits->len && f->at[i - 1].leaf && above->off == bits->off && above->len == bits->len);
}

/* What the field means, and its value, if that has a name; what was said before stands above already. */
static void write_meaning(const struct inspect *in, buf_no b, size_t i, unsigned indent, struct inspect_said *said)
{
    char path[200];
    const struct field *f = &tape_fields(in->tape, b).at[i].field;
    const char *means[] = { words_field(in->words, tape_path(in->tape, b, i, path, sizeof path)),
                            words_find(in->words, "value", f->words) };
    for (unsigned m = 0; m < 2; m++) {
        bool new = means[m] != NULL && said->n < INSPECT_MEANINGS;
        for (unsigned k = 0; k < said->n && new; k++)
            new = said->at[k] != means[m];
        if (new) {
            said->at[said->n++] = means[m];
            inspect_line(in, indent, INK_DIM, means[m]);
        }
    }
}

static void write_field(const struct inspect *in, const struct tape_fields *fields, size_t i,
                        const struct inspect_look *look)
{
    const struct tape_field *f = &fields->at[i];
    bool group = !f->leaf && f->field.type != FIELD_NUMBER, bits = is_bits(fields, i);
    struct bytes b = group || bits ? (struct bytes){ NULL, 0 } : f->field.bytes;
    char words[512], raw[200];
    struct field told = f->field;
    if (look->words && !told.words && f->leaf)
        told.words = look->words(&told, raw, sizeof raw);
    if (b.n)
        write_octets(in, b, f->field.off);
    pen_to(in->pen, NAMES_AT + f->depth);
    field_words(in->words, &told, words, sizeof words);
    inspect_line(in, NAMES_AT + f->depth + 2, group ? INK_BLUE : INK_PLAIN, words);
    for (size_t at = ROW; at < b.n; at += ROW) {
        if (at >= LONG && !look->whole && b.n > LONG + ROW) {
            const struct attr left = attr_number("octets", b.n - at);
            inspect_say(in, look->more, &left, 1, words, sizeof words);
            inspect_line(in, OCTETS_AT, INK_DIM, words);
            return;
        }
        write_octets(in, (struct bytes){ b.at + at, b.n - at }, f->field.off + (uint32_t)at);
        pen_end(in->pen);
    }
}

static void write_title(const struct inspect *in, const struct event *e)
{
    char title[400], raw[200], what[200];
    char letter[16];
    snprintf(letter, sizeof letter, "%c%" PRIu32, buf_letter(e->buf), buf_count(e->buf));
    if (e->kind == EVENT_PACKET)
        inspect_packet_words(in, e, what, sizeof what);
    else
        show_string(words_phrase(in->words, e->label ? e->label : e->name, raw, sizeof raw), what, sizeof what);
    const struct attr attrs[] = { attr_text("id", letter), attr_text("name", e->name), attr_text("what", what),
                                  attr_text("kind", event_kind_name(e->kind)), attr_number("octets", e->bytes.n) };
    inspect_say(in, tape_is_sealed(in->tape, e->buf) ? "bytes.opened" : "bytes.title", attrs, 5, title, sizeof title);
    inspect_line(in, 0, INK_BOLD, title);
}

static void write_flaw(const struct inspect *in, const char *flaw)
{
    char text[600];
    pen_ink(in->pen, INK_RED);
    pen_to(in->pen, OCTETS_AT - 2);
    pen_mark(in->pen, GLYPH_NO);
    pen_text(in->pen, " ");
    inspect_line(in, OCTETS_AT, INK_RED, show_string(flaw, text, sizeof text));
}

void inspect_buffer(const struct inspect *in, buf_no b, const struct inspect_look *look)
{
    const struct event *e = tape_buffer(in->tape, b);
    if (!e)
        return;
    write_title(in, e);
    struct tape_fields f = tape_fields(in->tape, b);
    bool marked = !look->flaw;
    for (size_t i = 0; i < f.n; i++) {
        const struct tape_field *t = &f.at[i];
        bool shows = t->leaf || t->field.type == FIELD_NUMBER;
        if (!marked && shows && t->field.off + t->field.len > look->flaw_at) {
            write_flaw(in, look->flaw);
            marked = true;
        }
        write_field(in, &f, i, look);
        if (look->said)
            write_meaning(in, b, i, NAMES_AT + t->depth + 2, look->said);
    }
    if (!marked)
        write_flaw(in, look->flaw);
}

bool inspect_lies_in(const struct tape *tape, const struct event *e, buf_no packet)
{
    struct tape_place places[PLACES];
    size_t n = tape_places(tape, (struct span){ e->buf, (uint32_t)e->bytes.n, 0 }, places, PLACES);
    for (size_t i = 0; i < n && i < PLACES; i++)
        if (places[i].packet == packet)
            return true;
    return false;
}

/* What both ends tell is shown once, as its writer told it, or else its reader. */
static bool told_by_writer(const struct inspect *in, const struct event *packet)
{
    for (event_no n = 1; n <= in->last; n++) {
        const struct event *e = tape_event(in->tape, n);
        if (event_declares(e) && e->kind != EVENT_PACKET && e->host == packet->host &&
            inspect_lies_in(in->tape, e, packet->buf))
            return true;
    }
    return false;
}

void inspect_bytes(const struct inspect *in, buf_no b, bool all)
{
    const struct event *packet = tape_buffer(in->tape, b);
    if (!packet)
        return;
    struct inspect_said said = { .n = 0 };
    const struct inspect_look look = { .whole = all, .said = all ? &said : NULL, .more = "bytes.more" };
    inspect_buffer(in, b, &look);
    if (packet->kind != EVENT_PACKET)
        return;
    bool writer = told_by_writer(in, packet);
    for (const char *letter = "romdchb"; *letter; letter++)
        for (uint32_t i = 1; i <= tape_count(in->tape, *letter); i++) {
            const struct event *e = tape_buffer(in->tape, tape_buf(*letter, i));
            if (e && e->n <= in->last && tape_fields(in->tape, e->buf).n && (e->host == packet->host) == writer &&
                inspect_lies_in(in->tape, e, b))
                inspect_buffer(in, e->buf, &look);
        }
}
