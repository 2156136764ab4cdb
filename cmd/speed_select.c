/* Which rows are meant: labels with colons between, in any order, all of which a row must have. */
#include "cmd/speed.h"
#include "tls/suites.h"

#include <stdio.h>
#include <string.h>

/* The label at *at, of n octets; false: there are no more. An empty one is a label, too, which no row has. */
static bool next_label(const char **at, const char **label, size_t *n)
{
    if (!*at)
        return false;
    const char *colon = strchr(*at, ':');
    *label = *at;
    *n = colon ? (size_t)(colon - *at) : strlen(*at);
    *at = colon ? colon + 1 : NULL;
    return true;
}

static bool is(const char *label, size_t n, const char *name)
{
    char copy[SPEED_FORM];
    if (!name || n >= sizeof copy || n != strlen(name))
        return false;
    memcpy(copy, label, n);
    copy[n] = '\0';
    return tls_same_name(copy, name);
}

/* "aes-128-gcm"; of "record ECDHE-RSA-AES128-SHA etm" each word. */
static bool is_word(const char *label, size_t n, const char *what)
{
    for (const char *at = what; *at; at += strcspn(at, " "), at += *at == ' ') {
        char word[SPEED_FORM];
        snprintf(word, sizeof word, "%.*s", (int)strcspn(at, " "), at);
        if (is(label, n, word))
            return true;
    }
    return is(label, n, what);
}

/* What `openssl speed` calls it. */
static bool is_openssl(const char *label, size_t n, const char *what)
{
    static const struct { const char *openssl, *what; } names[] = {
        { "ecdhx25519", "x25519" }, { "ffdh2048", "ffdhe2048" }, { "ffdh3072", "ffdhe3072" },
        { "ffdh4096", "ffdhe4096" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is(label, n, names[i].openssl) && strcmp(names[i].what, what) == 0)
            return true;
    return false;
}

static bool has(const struct speed_row *r, const char *label, size_t n)
{
    char size[24];
    snprintf(size, sizeof size, "%zu", r->size);
    return is(label, n, "all") || is(label, n, r->family) || is_word(label, n, r->what) || is(label, n, r->suite)
        || is_openssl(label, n, r->what) || is(label, n, r->op)
        || (r->size && is(label, n, size)) || is(label, n, r->form) || (r->best && is(label, n, "best"))
        || is(label, n, r->key) || is(label, n, r->group)
        || (r->resumed && (is(label, n, r->resumed)
                           || is(label, n, strcmp(r->resumed, "no") == 0 ? "full" : "resumed")));
}

bool speed_fits(const struct speed_row *row, const char *selector)
{
    const char *label;
    size_t n;
    while (next_label(&selector, &label, &n))
        if (!has(row, label, n))
            return false;
    return true;
}

bool speed_unknown(const struct speed_list *l, const char *selector, char unknown[SPEED_FORM])
{
    const char *label;
    size_t n;
    while (next_label(&selector, &label, &n)) {
        bool known = false;
        for (size_t i = 0; i < l->n && !known; i++)
            known = has(&l->rows[i], label, n);
        if (!known) {
            snprintf(unknown, SPEED_FORM, "%.*s", (int)n, label);
            return true;
        }
    }
    return false;
}
