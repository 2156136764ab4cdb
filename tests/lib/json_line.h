/* json_line.h - is a line a JSON object after RFC 8259, in UTF-8 without hidden characters, each name once?
 *
 * A reader of its own, as strict as the grammar: it shares nothing with trace/json.c, which writes. */
#ifndef TESTS_LIB_JSON_LINE_H
#define TESTS_LIB_JSON_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* What is wrong with the n characters, without the line's end; NULL: nothing. */
const char *json_line_fault(const char *line, size_t n);

#endif
