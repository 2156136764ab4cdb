#define _POSIX_C_SOURCE 200809L
#include "cmd/words.h"
#include "cmd/fault_words.h"
#include "cmd/words_tables.h"
#include "trace/show.h"

#include <stdlib.h>
#include <string.h>

static const struct words_row *const tables[] = { words_story, words_ui_rows };

static const struct words_row *row_of(const char *layer, const char *name)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct words_row *r = tables[i]; r->layer; r++)
            if (strcmp(r->layer, layer) == 0 && strcmp(r->name, name) == 0)
                return r;
    return NULL;
}

static const char *find_english(const char *layer, const char *name)
{
    const struct words_row *r = row_of(layer, name);
    return r ? r->en : NULL;
}

static const char *find_chinese(const char *layer, const char *name)
{
    const struct words_row *r = row_of(layer, name);
    return r ? r->zh : NULL;
}

static const char *phrase_as_it_is(const char *text, char *out, size_t room)
{
    (void)out, (void)room;
    return text;
}

static const struct words languages[] = {
    { "en", find_english, phrase_as_it_is },
    { "zh", find_chinese, phrase_as_it_is },
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

void words_speak(const char *lang)
{
    const struct words *wanted = words_in(lang ? lang : strncmp(locale(), "zh", 2) == 0 ? "zh" : "en");
    if (wanted)
        spoken = wanted;
}

const struct words *words_spoken(void) { return spoken; }

enum { TEXT = 512, GENERAL = 56 };

/* The lead, with what it is about in the place of {about}, or behind it. */
static void print_lead(FILE *f, const struct fault *why)
{
    const struct fault_words *w = fault_words_of(why->ground->id);
    const char *lead = w ? w->en : "Something was refused", *at = strstr(lead, "{about}");
    char about[TEXT];
    show_string(why->about, about, sizeof about);
    if (at)
        fprintf(f, "%.*s%s%s", (int)(at - lead), lead, about, at + strlen("{about}"));
    else
        fprintf(f, *about ? "%s (%s)" : "%s", lead, about);
}

void words_fault(FILE *f, const struct fault *why)
{
    char expected[TEXT], came[TEXT];
    if (!why->ground)
        return;
    fprintf(f, "vitrine: ");
    print_lead(f, why);
    fprintf(f, ": expected %s; came: %s (%s)", show_string(why->expected, expected, sizeof expected),
            *why->came ? show_string(why->came, came, sizeof came) : "nothing", why->ground->rfc);
    fprintf(f, why->answer ? "; answered with %s.\n" : ".\n", why->answer);
}

int words_exit(const struct fault *why)
{
    const struct fault_words *w = why->ground ? fault_words_of(why->ground->id) : NULL;
    return w ? w->code : GENERAL;
}
