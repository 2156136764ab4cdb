/* words.h - the catalogue as a view sees it: sentences in one language.
 *
 * Views know no language. They ask by layer and name for a template ("{host} is {address}", filled by say(),
 * trace/say.h), or bring English that a layer put into an event, and get what is said in its place. The
 * catalogue itself is cmd/'s (cmd/words.h); a view without one has no sentences and says English as it is.
 *
 * Spaces of find(): "title" and "story" (chapters), "fate" (what the wire did), "ui" (words of ladder, prompt and
 * page), "why" (why such a thing happens at all: say_why(), trace/say.h), "field" (what a field means:
 * words_field()), "analysis" (what a segment of somebody else was), "fault" (a ground's id), "break", "ask";
 * and an event's own layer and name, for its remark on the ladder. */
#ifndef TRACE_WORDS_H
#define TRACE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct words {
    const char *lang;                                 /* "en", "zh" */
    /* the template of this language; NULL: there is none */
    const char *(*find)(const char *layer, const char *name);
    /* An English phrase of a layer (a label, a verdict, expected, came) in this language. Returns out, or
     * text itself where there is nothing else to say. Text from outside goes through unchanged and raw. */
    const char *(*phrase)(const char *text, char *out, size_t room);
};

/* Chinese: what has no likeness in ASCII. */
static inline bool words_are_wide(const struct words *w) { return w && strcmp(w->lang, "zh") == 0; }

/* The same for a view that may have no catalogue, and for names that may be absent. */
static inline const char *words_find(const struct words *w, const char *layer, const char *name)
{
    return w && layer && name ? w->find(layer, name) : NULL;
}
static inline const char *words_phrase(const struct words *w, const char *text, char *out, size_t room)
{
    return w && text ? w->phrase(text, out, room) : text;
}
/* What a field means, by its path (tape_path: "ClientHello/extensions/extension/length"): of the rows of "field" the
 * one whose key is the longest end of the path. */
static inline const char *words_field(const struct words *w, const char *path)
{
    for (const char *end = path; end; end = strchr(end, '/')) {
        end += *end == '/';
        const char *found = words_find(w, "field", end);
        if (found)
            return found;
    }
    return NULL;
}
/* For what must be said in any case; without a catalogue the name itself. */
static inline const char *words_ui(const struct words *w, const char *name)
{
    const char *found = words_find(w, "ui", name);
    return found ? found : name;
}

#endif
