/* Why did this happen? Each event knows the one that led to it; the chain of them ends at what nobody here caused. */
#include "trace/inspect.h"

#include "trace/say.h"
#include "trace/show.h"
#include "trace/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LINKS = 400, TIME_END = 13, TEXT_AT = 15, LEAD = 48 };

/* What happened, in a word or two, where the catalogue has no sentence for it. */
static const char *plain_words(const struct event *e)
{
    return e->label ? e->label : e->name ? e->name : event_kind_name(e->kind);
}

static void packet_number(char out[24], buf_no b) { snprintf(out, 24, "#%" PRIu32, buf_count(b)); }

char *inspect_event(const struct inspect *in, const struct event *e, char *out, size_t room)
{
    char number[24] = "", what[200] = "", name[64];
    const char *host = inspect_host(in, e->host), *sentence = "why.event";
    if (e->kind == EVENT_PACKET) {
        packet_number(number, e->buf);
        inspect_packet_words(in, e, what, sizeof what);
        sentence = event_attr(e, "retransmission") ? "why.packet_again" : "why.packet";
    } else if (e->kind == EVENT_FATE && e->buf) {
        packet_number(number, e->buf);
        snprintf(name, sizeof name, "why.%s", e->name ? e->name : "");
        sentence = words_find(in->words, "ui", name) ? name : "why.fate";
        snprintf(what, sizeof what, "%s", e->name);
    } else if (e->kind == EVENT_TIMER) {
        snprintf(what, sizeof what, "%s", event_text(e, "timer"));
        sentence = strcmp(event_text(e, "what"), "fired") == 0 ? "why.timer_fired" : "why.event";
    } else if (e->kind == EVENT_MARK && event_attr(e, "scheme")) {
        sentence = "why.url";
    }
    else if (e->kind == EVENT_MESSAGE)
        sentence = "why.message";
    if (!*what)
        show_string(plain_words(e), what, sizeof what);
    struct attr attrs[24] = { attr_text("packet", number), attr_text("who", host), attr_text("what", what),
                              attr_text("reason", event_text(e, "retransmission")) };
    size_t n = 4;
    for (size_t i = 0; i < e->n_attrs && n < sizeof attrs / sizeof *attrs; i++)
        if (strcmp(e->attrs[i].name, "what") != 0)
            attrs[n++] = e->attrs[i];
    return inspect_say(in, sentence, attrs, n, out, room);
}

/* Sentences of the catalogue that stand above already are not said again. */
struct said { const char *at[LINKS]; unsigned n, indent; };

/* Why such a thing happens at all: written by hand, once. */
static void write_reason(const struct inspect *in, const struct event *e, struct said *said)
{
    char words[600];
    const char *template = say_why(in->words, e);
    for (unsigned i = 0; i < said->n; i++)
        if (said->at[i] == template)
            return;
    if (!template || said->n == LINKS)
        return;
    said->at[said->n++] = template;
    inspect_line(in, said->indent, INK_DIM, say(words, sizeof words, template, e, in->words));
}

/* A packet goes for the sake of the messages in it, as its writer told them; of none, for its own. */
static void write_reasons(const struct inspect *in, const struct event *e, struct said *said)
{
    bool any = false;
    for (const char *letter = "mdh"; e->kind == EVENT_PACKET && *letter; letter++)
        for (uint32_t i = 1; i <= tape_count(in->tape, *letter); i++) {
            const struct event *message = tape_buffer(in->tape, tape_buf(*letter, i));
            if (!message || message->n > e->n || message->host != e->host ||
                !inspect_lies_in(in->tape, message, e->buf))
                continue;
            any = true;
            write_reason(in, message, said);
        }
    if (!any || event_attr(e, "retransmission"))
        write_reason(in, e, said);
}

void inspect_reasons(const struct inspect *in, const struct event *e, unsigned indent)
{
    struct said said = { .indent = indent };
    write_reasons(in, e, &said);
}

static void write_link(const struct inspect *in, const struct event *e, bool first, struct said *said)
{
    char line[1024], words[600], at[32];
    say_ms(at, sizeof at, e->t - trace_start(tape_trace(in->tape)));
    unsigned width = text_width(at, strlen(at));
    pen_to(in->pen, width < TIME_END ? TIME_END - width : 0);
    pen_text(in->pen, at);
    inspect_event(in, e, words, sizeof words);
    snprintf(line, sizeof line, "%s%s", first ? "" : words_ui(in->words, "why.because"), words);
    if (e->rfc) {
        text_join(line, sizeof line, "  (");
        text_join(line, sizeof line, e->rfc);
        text_join(line, sizeof line, ")");
    }
    inspect_line(in, TEXT_AT, first ? INK_BOLD : INK_PLAIN, line);
    write_reasons(in, e, said);
}

void inspect_why(const struct inspect *in, event_no n)
{
    unsigned links = 0;
    struct said said = { .indent = TEXT_AT };
    for (const struct event *e = tape_event(in->tape, n); e && links < LINKS; links++) {
        write_link(in, e, links == 0, &said);
        if (!e->cause || e->cause >= e->n) {
            inspect_line(in, TEXT_AT, INK_DIM, words_ui(in->words, "why.end"));
            return;
        }
        e = tape_event(in->tape, e->cause);
    }
}
