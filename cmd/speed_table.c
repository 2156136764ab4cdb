/* What `vitrine speed` prints: a table like that of `openssl speed`, a column a size or an operation, or lines of
 * JSON. */
#include "cmd/speed.h"
#include "cmd/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { COLUMN = 13, NAMES = 51 };

static void print_name(const char *name, const char *value)
{
    if (value)
        printf(",\"%s\":\"%s\"", name, value);
}

/* All names are the program's own, without a character that JSON writes otherwise. */
static void print_json(const struct speed_row *r, uint64_t result)
{
    printf("{\"what\":\"%s\",\"op\":\"%s\",\"form\":\"%s\"", r->what, r->op, r->form);
    if (r->size)
        printf(",\"size\":%zu", r->size);
    if (!r->resumed)
        print_name("suite", r->suite);
    print_name("key", r->key);
    print_name("group", r->group);
    print_name("resumed", r->resumed);
    if (r->work->count)
        printf(",\"bytes\":%" PRIu64, result);
    else
        printf(",\"ops_per_cpu_s\":%" PRIu64 ".%" PRIu64, result / 10, result % 10);
    printf(",\"best\":%s}\n", r->best ? "true" : "false");
    fflush(stdout);
}

static bool same(const char *a, const char *b) { return !a || !b ? a == b : strcmp(a, b) == 0; }

/* Do they stand in one line? Sizes make columns, or operations do. */
static bool one_line(const struct speed_row *a, const struct speed_row *b)
{
    return same(a->what, b->what) && same(a->form, b->form) && same(a->key, b->key) && same(a->group, b->group)
        && same(a->resumed, b->resumed) && !a->size == !b->size && (!a->size || same(a->op, b->op));
}

static void column(const struct speed_row *r, char *text, size_t room)
{
    if (r->size)
        snprintf(text, room, "%zu bytes", r->size);
    else
        snprintf(text, room, r->work->count ? "%s bytes" : "%s/s", r->op);
}

static void print_columns(struct speed_print *p, const struct speed_row *rows, size_t n, size_t at)
{
    char header[sizeof p->header] = "";
    size_t used = 0;
    for (size_t i = at; i < n && one_line(&rows[at], &rows[i]) && used + COLUMN < sizeof header; i++) {
        char text[32];
        column(&rows[i], text, sizeof text);
        used += (size_t)snprintf(header + used, sizeof header - used, "%*.*s", COLUMN, COLUMN - 1, text);
    }
    if (strcmp(header, p->header) != 0)
        printf("%s%-*s%s\n", *p->header ? "\n" : "", NAMES, "", header);
    strcpy(p->header, header);
}

/* "aes-128-gcm seal vaes512 *": the star is for the form that is chosen. */
static void print_names(const struct speed_row *r)
{
    char names[160];
    const char *space = strchr(r->what, ' '), *what = r->suite && space ? space + 1 : r->what;
    if (r->resumed)
        snprintf(names, sizeof names, "%s %s%s%s", what, r->key, strcmp(r->resumed, "no") == 0 ? " " : ", ",
                 strcmp(r->resumed, "no") == 0 ? r->group : r->resumed);
    else if (r->key)
        snprintf(names, sizeof names, "%s", what);
    else
        snprintf(names, sizeof names, "%s%s%s %s%s", what, r->size ? " " : "", r->size ? r->op : "", r->form,
                 r->best ? " *" : "");
    printf("%-*s", NAMES, names);
}

/* Octets of messages in thousands a second, as openssl has it; operations a second. */
static void print_cell(const struct speed_row *r, uint64_t result)
{
    char text[32];
    const uint64_t hundredths = r->size ? result * r->size / 100 : result;
    if (!result)
        strcpy(text, "-");
    else if (r->work->count)
        snprintf(text, sizeof text, "%" PRIu64, result);
    else if (r->size)
        snprintf(text, sizeof text, "%" PRIu64 ".%02" PRIu64 "k", hundredths / 100, hundredths % 100);
    else
        snprintf(text, sizeof text, "%" PRIu64 ".%" PRIu64, result / 10, result % 10);
    printf("%*s", COLUMN, text);
    fflush(stdout);
}

void speed_print(struct speed_print *p, const struct speed_row *rows, size_t n, size_t at, uint64_t result)
{
    const struct speed_row *r = &rows[at];
    if (p->json) {
        if (result)
            print_json(r, result);
        return;
    }
    if (at == 0 || !one_line(&rows[at - 1], r)) {
        print_columns(p, rows, n, at);
        print_names(r);
    }
    print_cell(r, result);
    if (at + 1 == n || !one_line(r, &rows[at + 1]))
        printf("\n");
}

/* ---- --cpu ---- */

static void print_instructions(const struct speed_list *l, bool json)
{
    const struct cpu found = cpu_found();
    const char *name;
    unsigned bit;
    for (size_t i = 0; (name = cpu_name(i, &bit)); i++) {
        const bool here = (found.has & bit) == bit, used = (l->cpu.has & bit) == bit;
        char said[WORDS_TEXT];
        if (json)
            printf("{\"cpu\":\"%s\",\"found\":%s,\"used\":%s}\n", name, here ? "true" : "false",
                   used ? "true" : "false");
        else
            printf("%-20s%s\n", name, words_said(used ? "used" : here ? "found, and not used" : "not found", said));
    }
    if (!json)
        printf("\n");
}

void speed_print_cpu(const struct speed_list *l, bool json)
{
    const char *last = "";
    print_instructions(l, json);
    for (size_t i = 0; i < l->n; i++) {
        const struct speed_row *r = &l->rows[i];
        if (!r->best || r->suite || strcmp(r->what, last) == 0)
            continue;
        last = r->what;
        if (json) {
            printf("{\"what\":\"%s\",\"form\":\"%s\"}\n", r->what, r->form);
            continue;
        }
        printf("%-20s%s", r->what, r->form);
        const char *other = NULL;
        for (size_t j = 0; j < l->n; j++)
            if (strcmp(l->rows[j].what, r->what) == 0 && !l->rows[j].best && !same(l->rows[j].form, other)
                && same(l->rows[j].op, r->op) && l->rows[j].size == r->size) {
                printf("%s%s", other ? ", " : "  (", l->rows[j].form);
                other = l->rows[j].form;
            }
        printf("%s\n", other ? ")" : "");
    }
}
