/* fault_words.h - the refusals in words: for each ground's id curl's exit code and a lead sentence in each language.
 * Rows stand in one table a floor, cmd/fault_words_*.c. docs/exit-codes.md is written from these, and a test holds
 * every ground of the tree against them. */
#ifndef CMD_FAULT_WORDS_H
#define CMD_FAULT_WORDS_H

#include <stddef.h>

/* "{about}" stands for what it is about */
struct fault_words { const char *id; int code; const char *en, *zh; };

extern const struct fault_words                                        /* each ends with id NULL */
    fault_words_net[], fault_words_tls[], fault_words_x509[], fault_words_http[], fault_words_capture[];

const struct fault_words *fault_words_of(const char *id);               /* NULL: unknown */

#endif
