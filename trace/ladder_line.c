#include "trace/ladder_line.h"

#include "trace/say.h"
#include "trace/show.h"
#include "trace/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VALUE = 96, PHRASE = 512 };                    /* octets of one value on a line, of a sentence */

struct line { char *out; size_t room; const struct words *words; };

static void add(struct line *w, const char *text) { text_join(w->out, w->room, text); }

static void add_outside(struct line *w, const char *before, const char *text, const char *after)
{
    char shown[2 * PHRASE];
    if (!text || !*text)
        return;
    add(w, before);
    add(w, show_string(text, shown, sizeof shown));
    add(w, after);
}

/* The same, of text that a layer put into words. */
static void add_phrase(struct line *w, const char *before, const char *text, const char *after)
{
    char said[2 * PHRASE];
    add_outside(w, before, words_phrase(w->words, text, said, sizeof said), after);
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

/* "tls-client: WAIT_CERTIFICATE → ..., by Certificate" */
static void add_state(struct line *w, const struct event *e)
{
    char sentence[PHRASE] = "";
    struct line to_say = { sentence, sizeof sentence, NULL };
    bool own = e->layer && strcmp(e->layer, event_text(e, "machine")) == 0;
    add_outside(&to_say, "of ", own ? NULL : event_text(e, "machine"), ": ");
    add_outside(&to_say, "", event_text(e, "from"), " → ");
    add_outside(&to_say, "", event_text(e, "to"), "");
    add_outside(&to_say, ", by ", event_text(e, "trigger"), "");
    add_phrase(w, own || !*event_text(e, "machine") ? ": " : " ", sentence, "");
}

static void add_check(struct line *w, const struct event *e)
{
    char sentence[2 * PHRASE] = "";
    struct line to_say = { sentence, sizeof sentence, NULL };
    add_outside(&to_say, "of ", event_text(e, "subject"), ": ");
    add_outside(&to_say, "", event_text(e, "verdict"), "");
    add_outside(&to_say, "; expected ", event_text(e, "expected"), "");
    add_outside(&to_say, "; found ", event_text(e, "found"), "");
    add_phrase(w, *event_text(e, "subject") ? " " : ": ", sentence, "");
}

/* What the kinds have in common they say in words; returns the names of the attributes that were used up. */
static const char *const *add_sentence(struct line *w, const struct event *e)
{
    static const char *const of_state[] = { "machine", "from", "to", "trigger", NULL };
    static const char *const of_check[] = { "subject", "expected", "found", "verdict", NULL };
    if (e->kind == EVENT_STATE && event_attr(e, "to")) {
        add_state(w, e);
        return of_state;
    }
    if (e->kind == EVENT_CHECK && event_attr(e, "verdict")) {
        add_check(w, e);
        return of_check;
    }
    add_phrase(w, ": ", e->label, "");
    return NULL;
}

static void add_attrs(struct line *w, const struct event *e, const char *const *used, bool secrets)
{
    for (size_t i = 0; i < e->n_attrs; i++) {
        char value[VALUE], said[PHRASE];
        if (is_one_of(e->attrs[i].name, used))
            continue;
        say_attr(value, sizeof value, &e->attrs[i], secrets);
        if (e->attrs[i].type == ATTR_TEXT && w->words)
            show_string(words_phrase(w->words, e->attrs[i].text, said, sizeof said), value, sizeof value);
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
    char word[48];
    if (!e->buf)
        return;
    snprintf(word, sizeof word, " %c%" PRIu32, buf_letter(e->buf), buf_count(e->buf));
    add(w, word);
    snprintf(word, sizeof word, "(%zu octets)", e->bytes.n);
    add_phrase(w, " ", e->bytes.n ? word : NULL, "");
}

void event_line(char *out, size_t room, const struct trace *t, const struct event *e, const struct words *words,
                bool secrets)
{
    struct line w = { out, room, words };
    out[0] = 0;
    add_who(&w, "", t, e->host);
    add_outside(&w, *out ? " " : "", e->layer, "");
    add(&w, *out ? " " : "");
    add(&w, event_kind_name(e->kind));
    add_outside(&w, " ", e->kind == EVENT_STATE ? NULL : e->name, "");
    add_buffer(&w, e);
    add_attrs(&w, e, add_sentence(&w, e), secrets);
    if (e->rfc || e->by || e->cause) {
        char because[48];
        const char *gap = "  [";
        add_outside(&w, gap, e->rfc, "");
        add_outside(&w, e->rfc ? ", " : gap, e->by, "");
        snprintf(because, sizeof because, "because of n%" PRIu64, e->cause);
        add_phrase(&w, e->rfc || e->by ? ", " : gap, e->cause ? because : NULL, "");
        add(&w, "]");
    }
}

void remark_line(char *out, size_t room, const struct trace *t, const struct event *e,
                 const struct words *words)
{
    struct line w = { out, room, words };
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
        add_phrase(&w, "", event_text(e, "subject"), ": ");
    add_phrase(&w, "", e->label ? e->label : verdict, "");
}

void fault_line(char *out, size_t room, const struct trace *t, const struct event *e,
                const struct words *words)
{
    char sentence[PHRASE] = "fault";
    struct line to_say = { sentence, sizeof sentence, NULL }, w = { out, room, words };
    out[0] = 0;
    add_who(&to_say, " at ", t, e->host);
    add_outside(&to_say, ": ", e->name, "");
    add_outside(&to_say, ", ", event_text(e, "about"), "");
    add_outside(&to_say, " (", e->rfc, ")");
    add_phrase(&w, "", sentence, "");
}
