/* A filter's text becomes a tree: or, and, not, a test. */
#include "net/filter_inside.h"

#include <stdio.h>
#include <string.h>

static const struct ground syntax   = { "filter.syntax", "wireshark-filter(4), SYNOPSIS" };
static const struct ground unknown  = { "filter.unknown_name", "wireshark-filter(4), FILTER PROTOCOL REFERENCE" };
static const struct ground value    = { "filter.value", "wireshark-filter(4), FILTER SYNTAX" };
static const struct ground too_long = { "filter.too_long", "wireshark-filter(4)" };

bool filter_is_unknown(const struct fault *why) { return why->ground == &unknown; }

enum sort { END, WORD, QUOTED, SIGN };
struct token { enum sort sort; const char *at; size_t n; };
struct reader {
    struct filter *f; filter_names *names; struct fault *why;
    const char *at; struct token now; unsigned depth;
};

/* ---- words ---- */

static bool of_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("_.:/-", c));
}

static size_t sign_size(const char *at)
{
    static const char *const two[] = { "&&", "||", "==", "!=", "<=", ">=" };
    for (size_t i = 0; i < sizeof two / sizeof *two; i++)
        if (strncmp(at, two[i], 2) == 0)
            return 2;
    return 1;
}

static void step(struct reader *r)
{
    const char *at = r->at + strspn(r->at, " \t\r\n");
    size_t n = 0;
    if (*at == '"') {
        for (n = 1; at[n] && at[n] != '"'; n++)
            n += at[n] == '\\' && at[n + 1];
        r->now = (struct token){ at[n] ? QUOTED : SIGN, at + 1, n - 1 };
        r->at = at + n + (at[n] == '"');
        return;
    }
    while (of_word(at[n]))
        n++;
    r->now = (struct token){ n ? WORD : *at ? SIGN : END, at, n ? n : *at ? sign_size(at) : 0 };
    r->at = at + r->now.n;
}

static bool is(const struct reader *r, const char *text)
{
    return r->now.sort != QUOTED && r->now.n == strlen(text) && memcmp(r->now.at, text, r->now.n) == 0;
}

static bool take(struct reader *r, const char *text, const char *or)
{
    if (!is(r, text) && !is(r, or))
        return false;
    step(r);
    return true;
}

static bool no_sense(const struct reader *r, const char *expected)
{
    if (r->now.sort == END)
        return refuse(r->why, &syntax, expected, "the end of the filter");
    return refuse(r->why, &syntax, expected, "%.*s", (int)(r->now.n < 40 ? r->now.n : 40), r->now.at);
}

/* ---- the tree ---- */

static bool add(struct reader *r, enum filter_kind kind, unsigned left, unsigned right, unsigned *at)
{
    if (r->f->n_nodes == FILTER_NODES)
        return refuse(r->why, &too_long, "at most 48 comparisons", "more");
    *at = r->f->n_nodes++;
    r->f->node[*at] = (struct filter_node){ kind, left, right };
    return true;
}

static struct filter_test *add_test(struct reader *r, unsigned *at)
{
    if (r->f->n_tests == FILTER_TESTS) {
        refuse(r->why, &too_long, "at most 48 comparisons", "more");
        return NULL;
    }
    struct filter_test *t = &r->f->test[r->f->n_tests];
    return add(r, FILTER_TEST, r->f->n_tests++, 0, at) ? t : NULL;
}

static bool read_name(struct reader *r, struct filter_test *t)
{
    char first = r->now.at[0];
    if (r->now.sort != WORD || !((first >= 'a' && first <= 'z') || first == '_'))
        return no_sense(r, "the name of a field");
    snprintf(t->name, sizeof t->name, "%.*s", (int)(r->now.n < FILTER_NAME ? r->now.n : FILTER_NAME), r->now.at);
    t->type = r->names(t->name);
    if (t->type == FILTER_UNKNOWN)
        return refuse_about(r->why, &unknown, t->name, "the name of a field that is known here", "%s", t->name);
    step(r);
    return true;
}

static const struct { const char *sign, *word; enum filter_way way; } ways[] = {
    { "==", "eq", FILTER_EQUAL }, { "!=", "ne", FILTER_NOT_EQUAL }, { "<", "lt", FILTER_LESS },
    { "<=", "le", FILTER_LESS_EQUAL }, { ">", "gt", FILTER_MORE }, { ">=", "ge", FILTER_MORE_EQUAL },
    { "contains", "contains", FILTER_CONTAINS }, { "=", "=", FILTER_EQUAL },
};

static const char *wanted(const struct filter_test *t)
{
    bool part = t->way == FILTER_CONTAINS, order = t->way >= FILTER_LESS && t->way <= FILTER_MORE_EQUAL;
    switch (t->type) {
    case FILTER_NUMBER:  return part ? "a text, octets: a number contains nothing" : "a number";
    case FILTER_TIME:    return part ? "a text, octets: a number contains nothing" : "seconds, like 1.5";
    case FILTER_TEXT:    return "a text";
    case FILTER_OCTETS:  return "octets like 01:ab, or a text";
    case FILTER_ADDRESS: return part || order ? "== or != : addresses have no order" : "an address, like 10.0.0.0/8";
    default:             return "nothing: it is there or not";
    }
}

/* What stands behind the sign, as the field's type wants it. */
static bool read_value(struct reader *r, struct filter_test *t)
{
    bool number = t->type == FILTER_NUMBER || t->type == FILTER_TIME, order = t->way >= FILTER_LESS
        && t->way <= FILTER_MORE_EQUAL;
    if (r->now.sort != WORD && r->now.sort != QUOTED)
        return no_sense(r, "a value to compare with");
    if (t->type == FILTER_FLAG || (number && t->way == FILTER_CONTAINS)
        || (t->type == FILTER_ADDRESS && (order || t->way == FILTER_CONTAINS))
        || !filter_read_literal(r->now.at, r->now.n, r->now.sort == QUOTED, t->type, &t->with))
        return refuse_about(r->why, &value, t->name, wanted(t), "%.*s", (int)(r->now.n < 40 ? r->now.n : 40),
                            r->now.at);
    step(r);
    return true;
}

/* name in {a, b, c..d}: a test for each. */
static bool read_set(struct reader *r, const struct filter_test *first, unsigned *at)
{
    struct filter_test *t = &r->f->test[r->f->n_tests - 1];
    unsigned next = 0;
    if (!take(r, "{", "{"))
        return no_sense(r, "{ and values");
    t->way = FILTER_EQUAL;
    if (!read_value(r, t))
        return false;
    for (take(r, ",", ","); !take(r, "}", "}"); take(r, ",", ",")) {
        struct filter_test *more = add_test(r, &next);
        if (!more)
            return false;
        memcpy(more->name, first->name, sizeof more->name);
        more->type = first->type;
        more->way = FILTER_EQUAL;
        if (!read_value(r, more) || !add(r, FILTER_OR, *at, next, at))
            return false;
    }
    return true;
}

static bool read_test(struct reader *r, unsigned *at)
{
    struct filter_test *t = add_test(r, at);
    if (!t || !read_name(r, t))
        return false;
    if (take(r, "in", "in"))
        return read_set(r, t, at);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (take(r, ways[i].sign, ways[i].word)) {
            t->way = ways[i].way;
            return read_value(r, t);
        }
    return true;
}

static bool read_or(struct reader *r, unsigned *at);

/* What is turned round twice is itself: so 48 comparisons always have room. */
static bool add_not(struct reader *r, unsigned *at)
{
    const struct filter_node *n = &r->f->node[*at];
    if (n->kind != FILTER_NOT)
        return add(r, FILTER_NOT, *at, 0, at);
    *at = n->left;                                    /* the one before it, and now the last */
    r->f->n_nodes--;
    return true;
}

static bool read_not(struct reader *r, unsigned *at)
{
    if (++r->depth > FILTER_DEPTH)
        return refuse(r->why, &too_long, "at most 64 parentheses and words not", "more");
    bool good;
    if (take(r, "!", "not"))
        good = read_not(r, at) && add_not(r, at);
    else if (take(r, "(", "("))
        good = read_or(r, at) && (take(r, ")", ")") || no_sense(r, "a closing parenthesis"));
    else
        good = read_test(r, at);
    r->depth--;
    return good;
}

static bool read_and(struct reader *r, unsigned *at)
{
    unsigned right;
    if (!read_not(r, at))
        return false;
    while (take(r, "&&", "and"))
        if (!read_not(r, &right) || !add(r, FILTER_AND, *at, right, at))
            return false;
    return true;
}

static bool read_or(struct reader *r, unsigned *at)
{
    unsigned right;
    if (!read_and(r, at))
        return false;
    while (take(r, "||", "or"))
        if (!read_and(r, &right) || !add(r, FILTER_OR, *at, right, at))
            return false;
    return true;
}

bool filter_read(struct filter *f, const char *text, filter_names *names, struct fault *why)
{
    struct reader r = { .f = f, .names = names, .why = why, .at = text };
    unsigned whole;
    step(&r);
    return read_or(&r, &whole) && (r.now.sort == END || no_sense(&r, "and, or, or the end"));
}
