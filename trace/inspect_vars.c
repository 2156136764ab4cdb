/* The variables of both ends, before and after, and the timers that run. */
#include "trace/inspect.h"

#include "trace/changes.h"
#include "trace/say.h"
#include "trace/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME_AT = 2, BEFORE_AT = 14, AFTER_AT = 30, CHANGED_AT = 46 };

static bool is_time(const char *name)
{
    size_t n = strlen(name);
    return n > 3 && strcmp(name + n - 3, "_ns") == 0;
}

static void value_words(const struct attr *a, char *out, size_t room)
{
    if (!a)
        snprintf(out, room, "-");
    else if (a->type == ATTR_NUMBER && is_time(a->name))
        say_ms(out, room, (nsec)a->number);
    else
        say_attr(out, room, a, false);
}

/* The last one of a host and connection up to an event. */
static const struct event *last_vars(const struct inspect *in, const struct event *of, event_no to)
{
    for (event_no n = to; n; n--) {
        const struct event *e = tape_event(in->tape, n);
        if (e && e->kind == EVENT_VARS && e->host == of->host && e->conn == of->conn)
            return e;
    }
    return NULL;
}

static void write_word(const struct inspect *in, unsigned column, const char *name)
{
    char likeness[64];
    pen_to(in->pen, column);
    pen_text(in->pen, pen_words(in->pen, words_ui(in->words, name), likeness, sizeof likeness));
}

static void write_row(const struct inspect *in, const struct attr *now, const struct attr *then)
{
    char name[32], before[48], after[48];
    size_t n = strlen(now->name) - (is_time(now->name) ? 3 : 0);
    bool changed = changes_between(then, now);
    snprintf(name, sizeof name, "%.*s", (int)n, now->name);
    value_words(then, before, sizeof before);
    value_words(now, after, sizeof after);
    pen_to(in->pen, NAME_AT);
    pen_text(in->pen, name);
    pen_to(in->pen, BEFORE_AT);
    pen_text(in->pen, before);
    pen_to(in->pen, AFTER_AT);
    pen_ink(in->pen, changed ? INK_BOLD : INK_DIM);
    pen_text(in->pen, after);
    pen_ink(in->pen, INK_PLAIN);
    if (changed)
        write_word(in, CHANGED_AT, "vars.changed");
    pen_end(in->pen);
}

/* Does a later event say otherwise of the same timer? */
static bool timer_runs(const struct inspect *in, const struct event *set)
{
    for (event_no n = set->n + 1; n <= in->last; n++) {
        const struct event *e = tape_event(in->tape, n);
        if (e->kind == EVENT_TIMER && e->host == set->host && e->conn == set->conn &&
            strcmp(event_text(e, "timer"), event_text(set, "timer")) == 0)
            return false;
    }
    return true;
}

static void write_timers(const struct inspect *in, const struct event *of)
{
    char line[300];
    for (event_no n = 1; n <= in->last; n++) {
        const struct event *e = tape_event(in->tape, n);
        const struct attr *after = e->kind == EVENT_TIMER ? event_attr(e, "after_ns") : NULL;
        if (!after || e->host != of->host || e->conn != of->conn || !timer_runs(in, e))
            continue;
        nsec at = e->t - trace_start(tape_trace(in->tape)) + (nsec)after->number;
        const struct attr attrs[] = { attr_text("timer", event_text(e, "timer")), attr_number("at", (uint64_t)at),
                                      attr_text("rfc", e->rfc ? e->rfc : "") };
        inspect_line(in, NAME_AT, INK_YELLOW, inspect_say(in, "vars.timer", attrs, 3, line, sizeof line));
    }
}

static void write_end(const struct inspect *in, const struct event *now, event_no since)
{
    char line[300];
    const struct event *then = last_vars(in, now, since - 1);
    const struct attr who = attr_text("who", inspect_host(in, now->host));
    inspect_line(in, 0, INK_BOLD, inspect_say(in, "vars.of", &who, 1, line, sizeof line));
    write_word(in, BEFORE_AT, "vars.before");
    write_word(in, AFTER_AT, "vars.after");
    pen_end(in->pen);
    for (size_t i = 0; i < now->n_attrs; i++)
        if (now->attrs[i].type == ATTR_NUMBER || now->attrs[i].type == ATTR_TEXT)
            write_row(in, &now->attrs[i], then ? event_attr(then, now->attrs[i].name) : NULL);
    write_timers(in, now);
}

void inspect_vars(const struct inspect *in, event_no since)
{
    bool any = false;
    for (event_no n = 1; n <= in->last; n++) {
        const struct event *e = tape_event(in->tape, n);
        if (e->kind != EVENT_VARS || last_vars(in, e, in->last) != e)
            continue;
        any = true;
        write_end(in, e, since);
    }
    if (!any)
        inspect_line(in, NAME_AT, INK_PLAIN, words_ui(in->words, "vars.none"));
}
