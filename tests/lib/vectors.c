#include "tests/lib/vectors.h"
#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

static char *copy_of(const char *word)
{
    char *copy = malloc(strlen(word) + 1);
    if (!copy)
        ck_abort_msg("no memory");
    return strcpy(copy, word);
}

/* The next line that is no remark, without its end; NULL after the last. */
static char *next_line(struct vectors *v, char *line)
{
    while (fgets(line, VECTORS_LINE, v->file)) {
        size_t n = strcspn(line, "\n");
        if (line[n] != '\n')
            ck_abort_msg("%s: a line is cut or too long", v->path);
        line[n] = '\0';
        if (line[0] != '#' && line[0] != '\0')
            return line;
    }
    return NULL;
}

/* Cuts off the word that *rest begins with. The last column, the comment, is all that is left. */
static char *cut_word(char **rest, bool last)
{
    char *word = *rest;
    *rest += last ? strlen(word) : strcspn(word, " ");
    if (**rest)
        *(*rest)++ = '\0';
    return word;
}

static void close_vectors(struct vectors *v)
{
    fclose(v->file);
    for (size_t i = 0; i < v->columns; i++) {
        free(v->name[i]);
        free(v->value[i]);
    }
    ck_assert_msg(v->tests > 0, "%s: no tests", v->path);
}

void vectors_open(struct vectors *v, const char *path)
{
    static char line[VECTORS_LINE];
    *v = (struct vectors){ .path = path, .file = fopen(path, "r") };
    ck_assert_msg(v->file != NULL, "%s: cannot be opened (tests are run from the root of the tree)", path);
    char *rest = next_line(v, line);
    ck_assert_msg(rest != NULL, "%s: no names of columns", path);
    for (; *rest; v->columns++) {
        ck_assert_uint_lt(v->columns, VECTORS_COLUMNS);
        v->name[v->columns] = copy_of(cut_word(&rest, false));
    }
}

bool vectors_next(struct vectors *v)
{
    static char line[VECTORS_LINE];
    char *rest = next_line(v, line);
    if (!rest) {
        close_vectors(v);
        return false;
    }
    for (size_t i = 0; i < v->columns; i++) {
        if (!*rest)
            ck_abort_msg("%s: test after %zu: no %s", v->path, v->tests, v->name[i]);
        char *word = cut_word(&rest, i + 1 == v->columns);
        if (v->value[i] && strcmp(word, "=") == 0)
            continue;
        free(v->value[i]);
        v->value[i] = copy_of(word);
    }
    v->tests++;
    snprintf(v->where, sizeof v->where, "%.80s, test %.20s: %.120s",
             v->path, v->value[0], v->value[v->columns - 1]);
    return true;
}

bool vectors_column(const struct vectors *v, const char *column)
{
    for (size_t i = 0; i < v->columns; i++)
        if (strcmp(v->name[i], column) == 0)
            return true;
    return false;
}

const char *vectors_word(const struct vectors *v, const char *column)
{
    for (size_t i = 0; i < v->columns; i++)
        if (strcmp(v->name[i], column) == 0)
            return v->value[i];
    ck_abort_msg("%s: no column %s", v->path, column);
    return NULL;
}

bool vectors_is(const struct vectors *v, const char *column, const char *word)
{
    return strcmp(vectors_word(v, column), word) == 0;
}

bool vectors_has(const struct vectors *v, const char *column, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = vectors_word(v, column); *at; at += strcspn(at, ","), at += *at == ',')
        if (strncmp(at, word, n) == 0 && (at[n] == ',' || at[n] == '\0'))
            return true;
    return false;
}

size_t vectors_hex(const struct vectors *v, const char *column, void *out, size_t room)
{
    const char *word = vectors_word(v, column);
    return strcmp(word, "-") == 0 ? 0 : check_hex(word, out, room);
}

const char *vectors_where(const struct vectors *v)
{
    return v->where;
}
