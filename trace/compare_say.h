/* compare_say.h - a difference in words, for the terminal, the page and programs. What it is called and what it means
 * stand in the catalogue: space "compare" has the name of each aspect, "meaning" a sentence; the row of "tcp.mss:..."
 * goes before that of "tcp.mss". Texts may be from outside: they are made harmless. */
#ifndef TRACE_COMPARE_SAY_H
#define TRACE_COMPARE_SAY_H

#include "trace/compare.h"
#include "trace/words.h"

enum { COMPARE_SAID = 2000 };

/* "ClientHello, client: cipher suites". */
char *compare_say_name(const struct words *, const struct compare_difference *, char out[COMPARE_SAID]);
/* What this run has, "1460", "TLS_A, TLS_B"; of what only one has: whether it has it. */
char *compare_say_value(const struct words *, const struct compare_difference *, bool of_b, char out[COMPARE_SAID]);
/* Of lists: what only A has, only B, and whether the order of the others is another; else empty. */
char *compare_say_list(const struct words *, const struct compare_difference *, char out[COMPARE_SAID]);
/* What the difference means; empty: the catalogue has no sentence for it. */
char *compare_say_meaning(const struct words *, const struct compare_difference *, char out[COMPARE_SAID]);
/* A step as it is called on the page, "ClientHello", "close_notify". */
const char *compare_say_step(const struct words *, const char *step);

#endif
