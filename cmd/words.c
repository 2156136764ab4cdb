#define _POSIX_C_SOURCE 200809L
#include "cmd/words.h"
#include "cmd/fault_words.h"
#include "cmd/phrase.h"
#include "cmd/words_tables.h"
#include "trace/say.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct words_row *const tables[] = {
    words_spy,
    words_step,
    words_story,
    words_ui_rows,
    words_breaks,
    words_breaks_tls,
    words_spoil,
    words_ca, words_capture,
    words_page,
    words_panels,
    words_shell,
    words_net,
    words_ip,
    words_tls, words_tls13,
    words_session, words_watch,
    words_x509,
    words_der,
    words_verify,
    words_remedy,
    words_revoked,
    words_http,
    words_cmd,
    words_compare,
    words_meaning,
    words_speed,
    words_diagnose,
    words_diagnosed,
    words_explain,
    words_why_rows,
    words_field_rows,
    words_value_rows,
};

/* Some thousand rows are compared for one: their first letters tell most of them apart. */
static bool same(const char *a, const char *b) { return *a == *b && strcmp(a, b) == 0; }

static const struct words_row *row_of(const char *layer, const char *name)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct words_row *r = tables[i]; r->layer; r++)
            if (same(r->layer, layer) && same(r->name, name))
                return r;
    return NULL;
}

static const char *find(const char *layer, const char *name, bool chinese)
{
    const struct words_row *r = row_of(layer, name);
    const struct fault_words *f = !r && strcmp(layer, "fault") == 0 ? fault_words_of(name) : NULL;
    return r ? (chinese ? r->zh : r->en) : f ? (chinese ? f->zh : f->en) : NULL;
}

static const char *find_english(const char *layer, const char *name) { return find(layer, name, false); }
static const char *find_chinese(const char *layer, const char *name) { return find(layer, name, true); }

static const char *phrase_english(const char *text, char *out, size_t room)
{
    (void)out, (void)room;
    return text;
}

static const char *phrase_chinese(const char *text, char *out, size_t room)
{
    return phrase_say(tables, sizeof tables / sizeof *tables, text, out, room) ? out : text;
}

static const struct words languages[] = {
    { "en", find_english, phrase_english },
    { "zh", find_chinese, phrase_chinese },
};

const struct words *words_in(const char *lang)
{
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (strcmp(languages[i].lang, lang) == 0)
            return &languages[i];
    return NULL;
}

static const struct words *spoken = &languages[0];

static const char *locale(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return "";
}

/* What is said is UTF-8: a terminal in another encoding of Chinese is better served in English. */
static const char *language_of(const char *name)
{
    const char *dot = strchr(name, '.');
    bool utf8 = !dot || strncmp(dot, ".UTF-8", 6) == 0 || strncmp(dot, ".utf8", 5) == 0 ||
                strncmp(dot, ".utf-8", 6) == 0;
    return strncmp(name, "zh", 2) == 0 && utf8 ? "zh" : "en";
}

void words_speak(const char *lang)
{
    const struct words *wanted = words_in(lang ? lang : language_of(locale()));
    if (wanted)
        spoken = wanted;
}

const struct words *words_spoken(void) { return spoken; }

const char *words_said(const char *english, char out[WORDS_TEXT])
{
    return words_phrase(spoken, english, out, WORDS_TEXT);
}

void complain(const char *format, ...)
{
    char text[2 * WORDS_TEXT], said[WORDS_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const char *gap = strncmp(text, "vitrine", 7) == 0 ? strstr(text, ": ") : NULL, *what = gap ? gap + 2 : text;
    fprintf(stderr, "%.*s%s\n", (int)(what - text), text, words_said(what, said));
}

void words_print(FILE *f, const char *format, ...)
{
    char text[2 * WORDS_TEXT], said[WORDS_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fputs(words_said(text, said), f);
}

enum { TEXT = WORDS_TEXT, GENERAL = 56 };

/* The lead, with what it is about in the place of {about}, or behind it. */
const char *words_lead(const struct fault *why, char out[WORDS_TEXT])
{
    const struct words *w = spoken;
    const char *lead = words_find(w, "fault", why->ground->id);
    if (!lead)
        lead = words_ui(w, "refused");
    const struct attr attrs[] = { attr_text("about", why->about), attr_text("lead", lead) };
    const struct event said = { .attrs = attrs, .n_attrs = 2 };
    bool behind = *why->about && !strstr(lead, "{about}");
    say(out, TEXT, behind ? words_ui(w, "refused about") : lead, &said, w);
    return out;
}

void words_fault_of(FILE *f, const char *who, const char *what, const struct fault *why)
{
    char lead[TEXT], sentence[4 * TEXT];
    const struct words *w = spoken;
    if (!why->ground)
        return;
    words_lead(why, lead);
    const struct attr attrs[] = {
        attr_text("lead", lead), attr_text("expected", why->expected),
        attr_text("came", *why->came ? why->came : words_ui(w, "nothing came")),
        attr_text("rfc", why->ground->rfc), attr_text("answer", why->answer) };
    const struct event refusal = { .attrs = attrs, .n_attrs = 5 };
    say(sentence, sizeof sentence, words_ui(w, why->answer ? "refusal answered" : "refusal"), &refusal, w);
    fprintf(f, "%s: %s%s%s\n", who, what ? what : "", what ? ": " : "", sentence);
}

void words_fault(FILE *f, const struct fault *why)
{
    words_fault_of(f, "vitrine", NULL, why);
}

int words_exit(const struct fault *why)
{
    const struct fault_words *w = why->ground ? fault_words_of(why->ground->id) : NULL;
    return w ? w->code : GENERAL;
}
