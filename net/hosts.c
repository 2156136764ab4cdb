#include "net/hosts.h"

#include "trace/ascii.h"

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

/* Names do not care for case (RFC 4343). */
static bool same_name(const struct text *word, const char *name)
{
    size_t n = (size_t)(word->end - word->at);
    if (n != strlen(name))
        return false;
    for (size_t i = 0; i < n; i++)
        if (ascii_lower(word->at[i]) != ascii_lower(name[i]))
            return false;
    return true;
}

static bool read_addr(const struct text *word, struct addr *out)
{
    return addr_parse(word->at, (size_t)(word->end - word->at), out);
}

static bool already(const struct addr *out, unsigned n, const struct addr *a)
{
    for (unsigned i = 0; i < n; i++)
        if (addr_same(&out[i], a))
            return true;
    return false;
}

unsigned hosts_find(const char *text, size_t n, const char *name, uint8_t len, struct addr *out, unsigned room)
{
    struct text all = { text, n ? text + n : text }, line, word;
    struct addr a;
    unsigned found = 0;
    while (found < room && next_line(&all, "#", &line)) {
        if (!next_word(&line, &word) || !read_addr(&word, &a) || a.len != len)
            continue;
        while (next_word(&line, &word))
            if (same_name(&word, name) && !already(out, found, &a)) {
                out[found++] = a;
                break;
            }
    }
    return found;
}

static void read_search(struct text *line, struct resolv_conf *c, bool one)
{
    struct text word;
    char typed[DNS_NAME];
    c->n_search = 0;
    while (c->n_search < (one ? 1 : RESOLV_SEARCH) && next_word(line, &word)) {
        size_t n = (size_t)(word.end - word.at);
        if (n >= sizeof typed)
            continue;
        memcpy(typed, word.at, n);
        typed[n] = '\0';
        if (strlen(typed) == n && dns_tidy_name(typed, c->search[c->n_search], NULL))
            c->n_search++;
    }
}

/* "ndots:2": its number, at most `most`; false: another word. */
static bool read_number(const struct text *word, const char *name, unsigned most, unsigned *out)
{
    size_t n = strlen(name);
    unsigned v = 0;
    const char *at = word->at + n;
    if ((size_t)(word->end - word->at) <= n || memcmp(word->at, name, n) != 0)
        return false;
    for (; at < word->end && *at >= '0' && *at <= '9'; at++)
        v = v * 10 + (unsigned)(*at - '0') < most ? v * 10 + (unsigned)(*at - '0') : most;
    if (at == word->end)
        *out = v;
    return true;
}

static void read_options(struct text *line, struct resolv_conf *c)
{
    struct text word;
    while (next_word(line, &word)) {
        c->use_vc |= same_name(&word, "use-vc");
        if (!read_number(&word, "ndots:", RESOLV_NDOTS_MOST, &c->ndots)
            && !read_number(&word, "timeout:", RESOLV_TIMEOUT_MOST, &c->timeout))
            read_number(&word, "attempts:", RESOLV_ATTEMPTS_MOST, &c->attempts);
    }
}

void resolv_read(const char *text, size_t n, struct resolv_conf *c)
{
    struct text all = { text, n ? text + n : text }, line, word;
    *c = (struct resolv_conf){ .ndots = 1 };
    while (next_line(&all, "#;", &line)) {
        if (!next_word(&line, &word))
            continue;
        if (same_name(&word, "nameserver")) {
            if (c->n_servers < RESOLV_SERVERS && next_word(&line, &word)
                && read_addr(&word, &c->server[c->n_servers]))
                c->n_servers++;
        } else if (same_name(&word, "search") || same_name(&word, "domain")) {
            read_search(&line, c, same_name(&word, "domain"));
        } else if (same_name(&word, "options")) {
            read_options(&line, c);
        }
    }
}
