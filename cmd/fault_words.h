/* fault_words.h - the refusals in words: for each ground's id curl's exit code and a lead sentence in each language.
 * docs/exit-codes.md is written from this table, and a test holds every ground of the tree against it. */
#ifndef CMD_FAULT_WORDS_H
#define CMD_FAULT_WORDS_H

#include <stddef.h>

/* "{about}" stands for what it is about */
struct fault_words { const char *id; int code; const char *en, *zh; };

const struct fault_words *fault_words_of(const char *id);               /* NULL: unknown */

#endif
