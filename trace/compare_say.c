#include "trace/compare_say.h"

#include "trace/say.h"
#include "trace/show.h"

#include <stdio.h>
#include <string.h>

/* The row for the whole id, else for what stands before each ':', from the last. */
static const char *row(const struct words *w, const char *space, const char *id)
{
    char part[120];
    snprintf(part, sizeof part, "%s", id);
    for (;;) {
        const char *found = words_find(w, space, part);
        char *cut = strrchr(part, ':');
        if (found || !cut)
            return found;
        *cut = 0;
    }
}

static void append(char *out, const char *format, const char *text)
{
    size_t n = strlen(out);
    snprintf(out + n, COMPARE_SAID - n, format, text);
}

const char *compare_say_step(const struct words *w, const char *step)
{
    const char *found = words_find(w, "compare", step);
    return found ? found : strncmp(step, "alert:", 6) == 0 ? step + 6 : step;
}

static const char *who(const struct words *w, unsigned side)
{
    return words_find(w, "compare", side == COMPARE_CLIENT ? "client" : side == COMPARE_SERVER ? "server" : "both");
}

char *compare_say_name(const struct words *w, const struct compare_difference *d, char out[COMPARE_SAID])
{
    char about[200], order[140];
    const char *colon = strchr(d->id, ':'), *exact = words_find(w, "compare", d->id), *name = row(w, "compare", d->id);
    snprintf(order, sizeof order, "%s.order", d->id);
    if (d->reordered && words_find(w, "compare", order))
        name = words_find(w, "compare", order);
    *out = 0;
    if (strcmp(d->step, "connection") != 0) {
        append(out, "%s", compare_say_step(w, d->step));
        append(out, words_are_wide(w) ? "（%s）" : " (%s)", who(w, d->side) ? who(w, d->side) : "");
        append(out, words_are_wide(w) ? "：" : "%s", words_are_wide(w) ? "" : ": ");
    }
    append(out, "%s", name ? name : d->id);
    if (colon && !exact && strncmp(d->id, "step:", 5) != 0)
        append(out, " %s", show_string(colon + 1, about, sizeof about));
    return out;
}

/* Items with commas; a single text as it is, or as the catalogue says it. */
static void append_items(const struct words *w, char *out, const char *list)
{
    char text[COMPARE_SAID / 2], said[COMPARE_SAID / 2], one[400];
    if (!strchr(list, '\n')) {
        const char *in_words = words_phrase(w, list, said, sizeof said);
        append(out, "%s", show_string(in_words ? in_words : list, text, sizeof text));
        return;
    }
    for (bool first = true; *list; first = false) {
        size_t n = strcspn(list, "\n");
        snprintf(one, sizeof one, "%.*s", (int)n, list);
        append(out, first ? "" : "%s", ", ");
        append(out, "%s", show_string(words_phrase(w, one, said, sizeof said), text, sizeof text));
        list += n + (list[n] != 0);
    }
}

static const char *compare_word(const struct words *w, const char *name)
{
    const char *found = words_find(w, "compare", name);
    return found ? found : name;
}

char *compare_say_value(const struct words *w, const struct compare_difference *d, bool of_b, char out[COMPARE_SAID])
{
    const char *value = of_b ? d->b : d->a;
    *out = 0;
    if (d->presence)
        append(out, "%s", compare_word(w, value ? "present" : "absent"));
    else if (!value || !*value)
        append(out, "%s", compare_word(w, "nothing"));
    else
        append_items(w, out, value);
    return out;
}

char *compare_say_list(const struct words *w, const struct compare_difference *d, char out[COMPARE_SAID])
{
    char only[COMPARE_SAID];
    *out = 0;
    if (d->presence || !d->a || !d->b || !d->aspect ||
        (d->aspect->how != COMPARE_ITEMS && d->aspect->how != COMPARE_SET))
        return out;
    for (unsigned i = 0; i < 2 && d->aspect->how == COMPARE_ITEMS; i++) {
        compare_only(i ? d->b : d->a, i ? d->a : d->b, only, sizeof only);
        if (!*only)
            continue;
        append(out, *out ? "; %s" : "%s", compare_word(w, i ? "only_b" : "only_a"));
        append(out, "%s", " ");
        append_items(w, out, only);
    }
    if (d->reordered) {
        append(out, *out ? "; %s" : "%s", compare_word(w, "order"));
    }
    return out;
}

char *compare_say_meaning(const struct words *w, const struct compare_difference *d, char out[COMPARE_SAID])
{
    char id[140], a[COMPARE_SAID], b[COMPARE_SAID];
    const char *template = NULL;
    if (d->reordered && !*compare_only(d->a, d->b, a, sizeof a) && !*compare_only(d->b, d->a, b, sizeof b)) {
        snprintf(id, sizeof id, "%s.order", d->id);
        template = words_find(w, "meaning", id);
    }
    if (!template)
        template = row(w, "meaning", d->id);
    *out = 0;
    if (!template)
        return out;
    compare_say_value(w, d, false, a);
    compare_say_value(w, d, true, b);
    const struct attr attrs[] = { attr_text("a", a), attr_text("b", b) };
    const struct event e = { .attrs = attrs, .n_attrs = 2 };
    return say(out, COMPARE_SAID, template, &e, NULL);
}
