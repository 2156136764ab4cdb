/* breaks.c - `vitrine breaks`: what can be spoiled, and is it true? */
#include "cmd/fault_words.h"
#include "cmd/options.h"
#include "cmd/words.h"
#include "http/breaks_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTICES = 64 };

/* "web tcp", or "nobody". */
static const char *who(const struct break_row *r, char out[NOTICES])
{
    const struct sign *s = &r->notices;
    snprintf(out, NOTICES, "%s%s%s", s->host ? s->host : "nobody", s->layer ? " " : "", s->layer ? s->layer : "");
    return out;
}

static void print_list(const struct break_row *r, const struct break_wish *usual)
{
    char notices[NOTICES], said[WORDS_TEXT];
    printf("%-30s  %-12s  %-27s  %s\n", usual->text, who(r, notices), r->fault ? r->fault : "-",
           words_said(r->answer, said));
}

/* For programs: the break, whether Wireshark finds it, by which filter or why not, and the visit it is seen on. */
static void print_filter(const struct break_row *r, const struct break_wish *usual)
{
    printf("%s\t%s\t%s\t", usual->text, r->filter ? "finds" : "silent", r->filter ? r->filter : r->silent);
    if (r->size)
        printf("--size %" PRIu64 " ", r->size);
    if (r->suite)
        printf("--cipher %s ", r->suite);
    printf("%s\n", r->url ? r->url : "https://www.example.test/");
}

static int exit_code(const char *id)
{
    const struct fault_words *w = id ? fault_words_of(id) : NULL;
    return w ? w->code : 0;
}

static void print_line(const char *name, const char *text, const char *more)
{
    char head[WORDS_TEXT], said[WORDS_TEXT], rest[WORDS_TEXT];
    printf("    %s: %s%s\n", words_said(name, head), words_said(text, said), words_said(more, rest));
}

/* One break whole, for whoever asked for it by its name. */
static void print_whole(const struct break_row *r, const struct break_wish *usual)
{
    char notices[NOTICES], more[NOTICES];
    const char *what = words_find(words_spoken(), "break", r->what), *ends = r->ends ? r->ends : "the page, whole";
    printf("%s\n", usual->text);
    if (r->where) {
        snprintf(more, sizeof more, "%s:%s", r->what, r->where);
        print_line("asked for as", more, "");
    }
    print_line("what it does", what ? what : "-", "");
    snprintf(more, sizeof more, r->fault ? ", %s" : "%s", r->fault ? r->fault : "");
    print_line("who notices first", who(r, notices), more);
    print_line("the answer", r->answer, "");
    snprintf(more, sizeof more, ", exit code %d", exit_code(r->ends));
    print_line("the visit ends with", ends, more);
    print_line("Wireshark", r->filter ? r->filter : r->silent, "");
}

/* A cell of a table in Markdown. */
static void print_cell(const char *before, const char *text, const char *after)
{
    printf("%s", before);
    for (; *text; text++)
        printf(*text == '|' ? "\\|" : "%c", *text);
    printf("%s", after);
}

/* docs/breaks.md is English, whatever language is spoken here. */
static void print_row(const struct break_row *r, const struct break_wish *usual, bool again)
{
    char notices[NOTICES];
    const char *what = again ? "(as above)" : words_find(words_in("en"), "break", r->what);
    print_cell("| `", usual->text, "` | ");
    print_cell("", what ? what : "", " | ");
    print_cell("", who(r, notices), " | ");
    print_cell(r->fault ? "`" : "", r->fault ? r->fault : "-", r->fault ? "` | " : " | ");
    print_cell("", r->answer, " | ");
    char code[NOTICES];
    snprintf(code, sizeof code, "` (%d) | ", exit_code(r->ends));
    print_cell(r->ends ? "`" : "", r->ends ? r->ends : "the page, whole", r->ends ? code : " | ");
    print_cell(r->filter ? "`" : "", r->filter ? r->filter : r->silent, r->filter ? "` |\n" : " |\n");
}

static void print_one(char form, const struct break_row *r, const struct break_wish *usual, bool again)
{
    if (form == 'm')
        print_row(r, usual, again);
    else
        (form == 'f' ? print_filter : form == 'w' ? print_whole : print_list)(r, usual);
}

static void print_forms(void)
{
    const struct break_row *r, *before = NULL;
    printf("\n## How each is asked for\n\n");
    for (unsigned i = 0; (r = break_row(i)) != NULL; before = r, i++)
        if (!before || strcmp(before->what, r->what) != 0)
            printf("    --break %s%s%s\n", r->what, r->where ? ":" : "", r->where ? r->where : "");
}

static void print_head(void)
{
    printf("# Breaks\n\n"
           "`vitrine visit --break WHAT[:WHERE]` spoils one thing of a sealed visit, up to eight times. Each row is\n"
           "a prediction, which `vitrine breaks --check` holds against what happens, for any seed; the last column\n"
           "is a display filter of Wireshark that finds in the visit's capture what it does not find in one without\n"
           "the break, or says why there is nothing to be seen. (This page is what `vitrine breaks --form markdown`\n"
           "prints; a test holds them together.)\n\n"
           "N is the number of a packet as the ladder has it: the Nth put on the wire, whatever becomes of it. What\n"
           "is left out of WHERE is as in the table. In brackets: the exit code.\n\n"
           "| break | what it does | who notices first | its fault | the answer | the visit ends with | Wireshark |\n"
           "|---|---|---|---|---|---|---|\n");
}

static bool check_one(const struct break_row *r, const struct break_wish *usual, uint64_t seed)
{
    char expected[BREAK_FOUND], found[BREAK_FOUND];
    if (break_check(r, seed, NULL, expected, found))
        return true;
    printf("%s --seed %" PRIu64 ": expected %s; found: %s\n", usual->text, seed, expected, found);
    return false;
}

/* "1-20", or "7". */
static bool seeds_wanted(const char *text, uint64_t *first, uint64_t *last)
{
    char *end = NULL;
    *first = *last = 1;
    if (!text)
        return true;
    bool good = *text >= '0' && *text <= '9';
    *first = *last = strtoull(text, &end, 10);
    if (good && *end == '-' && end[1] >= '0' && end[1] <= '9')
        *last = strtoull(end + 1, &end, 10);
    if (good && !*end && *first <= *last && *last - *first < 100000)
        return true;
    complain("vitrine breaks: --seeds is one seed or a first and a last one, as 1-20, not %s", text);
    return false;
}

/* Is this row among those that were named (all, if none was)? By WHAT alone all its rows are. */
static bool named(const struct break_row *r, const struct break_wish *usual, const char *const *names, unsigned n)
{
    bool among = n == 0;
    for (unsigned i = 0; i < n; i++)
        among |= strcmp(names[i], r->what) == 0 || strcmp(names[i], usual->text) == 0;
    return among;
}

/* False: said on stderr. A place that no row has can be spoiled, but nobody says what then happens. */
static bool all_known(const char *const *names, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        char sentence[BREAK_SENTENCE];
        struct break_wish wish, usual;
        if (!break_read(names[i], &wish, sentence)) {
            complain("vitrine breaks: %s", sentence);
            return false;
        }
        break_usual(wish.row, &usual);
        if (!named(wish.row, &usual, &names[i], 1)) {
            complain("vitrine breaks: %s is not among those that are predicted: `vitrine breaks %s` has them",
                     names[i], wish.row->what);
            return false;
        }
    }
    return true;
}

static void print_all(char form, const char *const *names, unsigned n)
{
    const struct break_row *r, *before = NULL;
    struct break_wish usual;
    if (form == 'm')
        print_head();
    for (unsigned i = 0; (r = break_row(i)) != NULL; i++) {
        break_usual(r, &usual);
        if (!named(r, &usual, names, n))
            continue;
        print_one(form, r, &usual, before && strcmp(before->what, r->what) == 0);
        before = r;
    }
    if (form == 'm')
        print_forms();
}

static int check_all(const char *const *names, unsigned n, uint64_t first, uint64_t last)
{
    const struct break_row *r;
    struct break_wish usual;
    unsigned passed = 0, failed = 0;
    for (unsigned i = 0; (r = break_row(i)) != NULL; i++) {
        break_usual(r, &usual);
        for (uint64_t seed = first; named(r, &usual, names, n) && seed <= last; seed++)
            ++*(check_one(r, &usual, seed) ? &passed : &failed);
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed > 0;
}

int breaks_run(const struct command *self, const char *const *values, const char *const *arguments, unsigned n)
{
    const char *form = values[OPT_FORM] ? values[OPT_FORM] : n ? "whole" : "list";
    uint64_t first, last;
    (void)self;
    if (!seeds_wanted(values[OPT_SEEDS], &first, &last) || !all_known(arguments, n))
        return 2;
    if (values[OPT_CHECK])
        return check_all(arguments, n, first, last);
    print_all(*form, arguments, n);
    return 0;
}
