/* text.h - laying out lines of text for a terminal: how wide, where to break, how to join. Text is UTF-8 that
 * is already harmless (trace/show.h). Widths are in columns: a Chinese character takes two. */
#ifndef TRACE_TEXT_H
#define TRACE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

unsigned text_width(const char *text, size_t n);
/* How many octets of the text's beginning fit in so many columns, cut between characters. */
size_t   text_fit(const char *text, size_t n, unsigned columns);
/* Appends as much as fits to the string in `out`; false: not all, it was cut at a character and ends with an
 * ellipsis. */
bool     text_join(char *out, size_t room, const char *more);
/* The likeness in ASCII: arrows and dashes as such, what has none by number, <U+4E2D>; or, of text in a language
 * that has no likeness, wide characters kept as they are. Returns `out`. */
char    *text_ascii(const char *text, bool keep_wide, char *out, size_t room);

/* Takes the next line of at most so many columns from *rest: false when nothing is left. Breaks at spaces
 * (which are swallowed; two spaces part groups that like to stay whole, a number stays with its word) and
 * beside wide characters; a word wider than the line is cut.
 *
 *     for (const char *rest = sentence; text_line(&rest, 60, &line, &n); )
 *         printf("%.*s\n", (int)n, line);
 */
bool     text_line(const char **rest, unsigned columns, const char **line, size_t *n);

#endif
