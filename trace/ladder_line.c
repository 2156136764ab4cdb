#include "trace/ladder_line.h"

#include "trace/say.h"
#include "trace/show.h"
#include "trace/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VALUE = 96 };                                  /* octets of one value on a line */

struct line { char *out; size_t room; };

static void add(struct line *w, const char *text) { text_join(w->out, w->room, text); }

static void add_outside(struct line *w, const char *before, const char *text, const char *after)
{
    char shown[200];
    if (!text || !*text)
        return;
    add(w, before);
    add(w, show_string(text, shown, sizeof shown));
    add(w, after);
}

static void add_number(struct line *w, const char *before, uint64_t v)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, v);
    add(w, before);
    add(w, digits);
}

static void add_who(struct line *w, const char *before, const struct trace *t, uint16_t host)
{
    const struct trace_host *h = trace_host_of(t, host);
    add_outside(w, before, h ? h->name : NULL, "");
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; names && *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* What the kinds have in common they say in words; returns the names of the attributes that were used up. */
static const char *const *add_sentence(struct line *w, const struct event *e)
{
    static const char *const of_state[] = { "machine", "from", "to", "trigger", NULL };
    static const char *const of_check[] = { "subject", "expected", "found", "verdict", NULL };
    if (e->kind == EVENT_STATE && event_attr(e, "to")) {
        if (!e->layer || strncmp(e->layer, event_text(e, "machine"), strlen(e->layer)) != 0)
            add_outside(w, " of ", event_text(e, "machine"), "");
        add_outside(w, ": ", event_text(e, "from"), " →");
        add_outside(w, " ", event_text(e, "to"), "");
        add_outside(w, ", by ", event_text(e, "trigger"), "");
        return of_state;
    }
    if (e->kind == EVENT_CHECK && event_attr(e, "verdict")) {
        add_outside(w, " of ", event_text(e, "subject"), "");
        add_outside(w, ": ", event_text(e, "verdict"), "");
        add_outside(w, "; expected ", event_text(e, "expected"), "");
        add_outside(w, "; found ", event_text(e, "found"), "");
        return of_check;
    }
    add_outside(w, ": ", e->label, "");
    return NULL;
}

static void add_attrs(struct line *w, const struct event *e, const char *const *used, bool secrets)
{
    for (size_t i = 0; i < e->n_attrs; i++) {
        char value[VALUE];
        if (is_one_of(e->attrs[i].name, used))
            continue;
        say_attr(value, sizeof value, &e->attrs[i], secrets);
        bool quote = strchr(value, ' ') != NULL || !*value;
        add(w, " ");
        add(w, e->attrs[i].name);
        add(w, quote ? "=\"" : "=");
        add(w, value);
        add(w, quote ? "\"" : "");
    }
}

static void add_buffer(struct line *w, const struct event *e)
{
    char word[32];
    if (!e->buf)
        return;
    snprintf(word, sizeof word, " %c%" PRIu32, buf_letter(e->buf), buf_count(e->buf));
    add(w, word);
    if (e->bytes.n) {
        snprintf(word, sizeof word, " (%zu octets)", e->bytes.n);
        add(w, word);
    }
}

void event_line(char *out, size_t room, const struct trace *t, const struct event *e, bool secrets)
{
    struct line w = { out, room };
    out[0] = 0;
    add_who(&w, "", t, e->host);
    add_outside(&w, *out ? " " : "", e->layer, "");
    add(&w, *out ? " " : "");
    add(&w, event_kind_name(e->kind));
    add_outside(&w, " ", e->kind == EVENT_STATE ? NULL : e->name, "");
    add_buffer(&w, e);
    add_attrs(&w, e, add_sentence(&w, e), secrets);
    if (e->rfc || e->by || e->cause) {
        const char *gap = "  [";
        add_outside(&w, gap, e->rfc, "");
        add_outside(&w, e->rfc ? ", " : gap, e->by, "");
        if (e->cause)
            add_number(&w, e->rfc || e->by ? ", because of n" : "  [because of n", e->cause);
        add(&w, "]");
    }
}

void remark_line(char *out, size_t room, const struct trace *t, const struct event *e,
                 const struct words *words)
{
    struct line w = { out, room };
    const char *verdict = event_text(e, "verdict"), *template = words_find(words, e->layer, e->name);
    out[0] = 0;
    add_who(&w, "", t, e->host);
    add(&w, *out ? ": " : "");
    if (template) {
        size_t said = strlen(out);
        say(out + said, room - said, template, e, words);
        return;
    }
    if (*verdict && (!e->label || strcmp(verdict, e->label) == 0))
        add_outside(&w, "", event_text(e, "subject"), ": ");
    add_outside(&w, "", e->label ? e->label : verdict, "");
}

void fault_line(char *out, size_t room, const struct trace *t, const struct event *e)
{
    struct line w = { out, room };
    out[0] = 0;
    add(&w, "fault");
    add_who(&w, " at ", t, e->host);
    add_outside(&w, ": ", e->name, "");
    add_outside(&w, ", ", event_text(e, "about"), "");
    add_outside(&w, " (", e->rfc, ")");
}
