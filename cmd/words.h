/* words.h - the catalogue: the one place where sentences stand. A sentence is found by an id and filled
 * from the values of an event or a fault; layers bring values and RFC words only. */
#ifndef CMD_WORDS_H
#define CMD_WORDS_H

#include "trace/fault.h"

#include <stdio.h>

/* The template for an event, "{name}" standing for its values; NULL: there is none. */
const char *words_find(const char *layer, const char *name);

/* A refusal as one sentence, with what was expected, what came, the RFC section and what was answered.
 * Made harmless for a terminal. */
void words_fault(FILE *, const struct fault *);
/* curl's exit code for such a refusal, where curl has one (docs/exit-codes.md). */
int  words_exit(const struct fault *);

#endif
