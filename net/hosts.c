#include "net/dns.h"

#include <string.h>

/* What is left of a text, or of a line of it. */
struct text { const char *at, *end; };

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next line without its comment; `comments` are the characters that begin one. False: no more lines. */
static bool next_line(struct text *t, const char *comments, struct text *line)
{
    if (t->at == t->end)
        return false;
    const char *newline = memchr(t->at, '\n', (size_t)(t->end - t->at));
    *line = (struct text){ t->at, newline ? newline : t->end };
    t->at = newline ? newline + 1 : t->end;
    for (const char *c = line->at; c < line->end; c++)
        if (*c && strchr(comments, *c))
            line->end = c;
    return true;
}

/* The next piece between white space. False: no more. */
static bool next_word(struct text *line, struct text *word)
{
    while (line->at < line->end && is_space(*line->at))
        line->at++;
    word->at = line->at;
    while (line->at < line->end && !is_space(*line->at))
        line->at++;
    word->end = line->at;
    return word->at < word->end;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Names do not care for case (RFC 4343). */
static bool same_name(const struct text *word, const char *name)
{
    size_t n = (size_t)(word->end - word->at);
    if (n != strlen(name))
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower(word->at[i]) != lower(name[i]))
            return false;
    return true;
}

static bool read_ipv4(const struct text *word, struct addr *out)
{
    struct addr a;
    if (!addr_parse(word->at, (size_t)(word->end - word->at), &a) || a.len != 4)
        return false;
    *out = a;
    return true;
}

bool hosts_find(const char *text, size_t n, const char *name, struct addr *out)
{
    struct text all = { text, n ? text + n : text }, line, word;
    struct addr a;
    while (next_line(&all, "#", &line)) {
        if (!next_word(&line, &word) || !read_ipv4(&word, &a))
            continue;
        while (next_word(&line, &word))
            if (same_name(&word, name)) {
                *out = a;
                return true;
            }
    }
    return false;
}

unsigned resolv_servers(const char *text, size_t n, struct addr *out, unsigned room)
{
    struct text all = { text, n ? text + n : text }, line, word;
    unsigned found = 0;
    while (found < room && next_line(&all, "#;", &line))
        if (next_word(&line, &word) && same_name(&word, "nameserver") && next_word(&line, &word)
            && read_ipv4(&word, &out[found]))
            found++;
    return found;
}
