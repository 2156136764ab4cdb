/* What was derived and what was judged so far: each key with how it was made, each check with what was expected. */
#include "trace/inspect.h"

#include "trace/say.h"
#include "trace/show.h"
#include "trace/text.h"

#include <stdio.h>
#include <string.h>

enum { INDENT = 2, DETAIL = 6, VALUE = 1400 };

static void write_key(const struct inspect *in, const struct event *e)
{
    char line[600], value[VALUE], raw[300];
    show_string(words_phrase(in->words, e->label ? e->label : e->name, raw, sizeof raw), line, sizeof line);
    if (e->rfc) {
        text_join(line, sizeof line, "  (");
        text_join(line, sizeof line, e->rfc);
        text_join(line, sizeof line, ")");
    }
    inspect_line(in, INDENT, INK_PLAIN, line);
    for (size_t i = 0; i < e->n_attrs; i++) {
        const struct attr *a = &e->attrs[i];
        if (strcmp(a->name, "keylog") == 0 || (a->type != ATTR_SECRET && a->type != ATTR_HEX))
            continue;
        bool result = strcmp(a->name, "secret") == 0;
        pen_to(in->pen, DETAIL);
        pen_text(in->pen, result ? "" : a->name);
        pen_text(in->pen, result ? "= " : " = ");
        inspect_line(in, DETAIL + 2, result ? INK_YELLOW : INK_DIM, say_attr(value, sizeof value, a, in->secrets));
    }
}

static void write_title(const struct inspect *in, const char *name, const char *who)
{
    char line[200];
    const struct attr host = attr_text("who", who);
    inspect_line(in, 0, INK_BOLD, inspect_say(in, name, &host, 1, line, sizeof line));
}

void inspect_keys(const struct inspect *in)
{
    bool any = false;
    for (uint16_t host = 1; host <= TRACE_HOSTS; host++) {
        bool first = true;
        for (event_no n = 1; n <= in->last; n++) {
            const struct event *e = tape_event(in->tape, n);
            if (e->kind != EVENT_KEY || e->host != host)
                continue;
            if (first)
                write_title(in, "keys.of", inspect_host(in, host));
            first = false;
            any = true;
            write_key(in, e);
        }
    }
    if (!any)
        inspect_line(in, INDENT, INK_PLAIN, words_ui(in->words, "keys.none"));
}

/* The mark says the verdict once more; the word stands beside it. */
static void write_check(const struct inspect *in, const struct event *e)
{
    char line[600], raw[3][300];
    const char *verdict = event_text(e, "verdict");
    bool good = strcmp(verdict, "accepted") == 0, bad = strcmp(verdict, "refused") == 0;
    const struct attr attrs[] = {
        attr_text("name", e->name), attr_text("verdict", words_phrase(in->words, verdict, raw[0], sizeof raw[0])),
        attr_text("expected", words_phrase(in->words, event_text(e, "expected"), raw[1], sizeof raw[1])),
        attr_text("found", words_phrase(in->words, event_text(e, "found"), raw[2], sizeof raw[2])),
        attr_text("rfc", e->rfc ? e->rfc : "") };
    pen_to(in->pen, INDENT);
    pen_ink(in->pen, good ? INK_GREEN : bad ? INK_RED : INK_DIM);
    pen_mark(in->pen, good ? GLYPH_YES : bad ? GLYPH_NO : GLYPH_NEITHER);
    pen_ink(in->pen, INK_PLAIN);
    pen_to(in->pen, INDENT + 2);
    bool short_one = !*event_text(e, "expected") && !*event_text(e, "found");
    inspect_say(in, short_one ? "checks.short" : "checks.line", attrs, 5, line, sizeof line);
    inspect_line(in, DETAIL, bad ? INK_RED : INK_PLAIN, line);
}

bool inspect_checks(const struct inspect *in, const char *layer)
{
    char subject[300] = "", raw[300];
    uint16_t host = 0;
    for (event_no n = 1; n <= in->last; n++) {
        const struct event *e = tape_event(in->tape, n);
        if (e->kind != EVENT_CHECK || !e->layer || strcmp(e->layer, layer) != 0)
            continue;
        const char *is = words_phrase(in->words, event_text(e, "subject"), raw, sizeof raw);
        if (e->host != host)
            write_title(in, "checks.of", inspect_host(in, e->host));
        char shown[sizeof subject];
        show_string(is, shown, sizeof shown);
        if (e->host != host || strcmp(shown, subject) != 0)
            inspect_line(in, 0, INK_BOLD, shown);
        memcpy(subject, shown, sizeof subject);
        host = e->host;
        write_check(in, e);
    }
    return host != 0;
}
