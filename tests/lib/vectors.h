/* vectors.h - reads the files that tests/tools/make-wycheproof makes: a line with the names of the columns,
 * then one test a line.
 *
 *     struct vectors v;
 *     vectors_open(&v, "tests/vectors/wycheproof/hmac-sha256.txt");
 *     while (vectors_next(&v)) {
 *         size_t n = vectors_hex(&v, "msg", msg, sizeof msg);
 *         ck_assert_msg(works(msg, n) == vectors_is(&v, "result", "valid"), "%s", vectors_where(&v));
 *     }
 *
 * Paths are from the root of the tree, where tests are run. A missing file, column or a line out of shape
 * fails the test; so does a file without tests. The file is closed when vectors_next says false. */
#ifndef TESTS_LIB_VECTORS_H
#define TESTS_LIB_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { VECTORS_COLUMNS = 24, VECTORS_LINE = 1 << 16 };

struct vectors {
    FILE *file;
    const char *path;
    size_t columns, tests;
    char *name[VECTORS_COLUMNS], *value[VECTORS_COLUMNS];          /* ours, freed at the end of the file */
    char where[256];
};

void        vectors_open(struct vectors *, const char *path);
bool        vectors_next(struct vectors *);
bool        vectors_column(const struct vectors *, const char *column);           /* is there one of that name? */
const char *vectors_word(const struct vectors *, const char *column);              /* "-" is an empty value */
bool        vectors_is(const struct vectors *, const char *column, const char *word);
bool        vectors_has(const struct vectors *, const char *column, const char *word);     /* "This,That" */
size_t      vectors_hex(const struct vectors *, const char *column, void *out, size_t room);   /* octets */
const char *vectors_where(const struct vectors *);                                 /* which test, to print */

#endif
