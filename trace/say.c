#include "trace/say.h"

#include "trace/show.h"
#include "trace/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

char *say_ms(char *out, size_t room, nsec t)
{
    uint64_t tenths = ((uint64_t)(t < 0 ? -t : t) + 50000) / 100000;
    snprintf(out, room, "%s%" PRIu64 ".%u ms", t < 0 && tenths ? "-" : "", tenths / 10,
             (unsigned)(tenths % 10));
    return out;
}

char *say_hex(char *out, size_t room, struct bytes b)
{
    if (room)
        out[0] = 0;
    for (size_t i = 0; i < b.n && 2 * i < room; i++) {
        char two[3];
        snprintf(two, sizeof two, "%02x", b.at[i]);
        text_join(out, room, two);
    }
    return out;
}

char *say_attr(char *out, size_t room, const struct attr *a, bool secrets)
{
    switch (a->type) {
    case ATTR_NUMBER:
        snprintf(out, room, "%" PRIu64, a->number);
        return out;
    case ATTR_TEXT:
        return show_string(a->text, out, room);
    case ATTR_SECRET:
        if (!secrets)
            return show_string("secret", out, room);
        /* fall through */
    case ATTR_HEX:
        return say_hex(out, room, a->bytes);
    }
    return out;
}

/* Takes a piece from the template: a hole with its braces, or the text before the next one. How many octets
 * it took. */
static size_t take_piece(const char *template, char *piece, size_t room)
{
    size_t n = template[0] == '{' ? strcspn(template, "}") + 1 : strcspn(template, "{");
    size_t all = strlen(template);
    n = n > all ? all : n;
    /* a long stretch goes in pieces, each ending at a character */
    if (n >= room)
        n = text_fit(template, room - 1, (unsigned)room / 4);
    memcpy(piece, template, n);
    piece[n] = 0;
    return n;
}

/* The value for a piece that is a hole: "{name}", "{name:ms}". False when it is none, or nothing fills it. */
static bool fill(char *out, size_t room, const char *piece, const struct event *e, const struct words *words)
{
    char name[32], phrase[1024];
    size_t n = strcspn(piece, ":}");
    if (piece[0] != '{' || !piece[n] || n > sizeof name)
        return false;
    memcpy(name, piece + 1, n - 1);
    name[n - 1] = 0;
    const struct attr *a = event_attr(e, name);
    if (a && strcmp(piece + n, ":ms}") == 0 && a->type == ATTR_NUMBER && a->number <= INT64_MAX)
        say_ms(out, room, (nsec)a->number);
    else if (a && piece[n] == '}')
        a->type == ATTR_TEXT ? show_string(words_phrase(words, a->text, phrase, sizeof phrase), out, room)
                             : say_attr(out, room, a, false);
    else if (!a && e->label && strcmp(piece, "{label}") == 0)
        show_string(words_phrase(words, e->label, phrase, sizeof phrase), out, room);
    else
        return false;
    return true;
}

const char *say_why(const struct words *words, const struct event *e)
{
    char key[96];
    const char *what = event_text(e, "what"), *layer = e->layer ? e->layer : "", *name = e->name ? e->name : "";
    bool again = e->kind == EVENT_PACKET && event_attr(e, "retransmission");
    snprintf(key, sizeof key, *what ? "%s.%s.%s" : "%s.%s", layer, again ? "retransmission" : name, what);
    const char *found = words_find(words, "why", key);
    snprintf(key, sizeof key, "%s.%s", layer, name);
    if (!found)
        found = words_find(words, "why", key);
    return found ? found : words_find(words, "fault", name);
}

char *say(char *out, size_t room, const char *template, const struct event *e, const struct words *words)
{
    if (room)
        out[0] = 0;
    for (bool fits = room > 0; fits && *template;) {
        char piece[256], value[1024];
        template += take_piece(template, piece, sizeof piece);
        fits = text_join(out, room, fill(value, sizeof value, piece, e, words) ? value : piece);
    }
    return out;
}
