/* words.h - the catalogue: the one place where sentences stand, each in both languages.
 *
 * Rows stand in cmd/words_*.c, one table for each space:
 *
 *     { "story", "open", "SYN, SYN-ACK, ACK: port {own_port} ...", "SYN、SYN-ACK、ACK：..." },
 *
 * A sentence is found by layer and name and filled from the values of an event or a fault ({hole}, trace/say.h);
 * both languages have the same holes. RFC names, names of messages, states and fields stay English in both.
 * What layers say in English (expected, came, labels, verdicts) and what cmd/ prints is a phrase: its row has
 * the English with printf's holes, as it stands in the source, and the Chinese with {1}, {2} for the first and
 * second of them in any order. A row named "composed" is put together from parts at run time, one named
 * "system" comes from the C library. tests/house/words.sh fails on a missing row and on one that nobody uses. */
#ifndef CMD_WORDS_H
#define CMD_WORDS_H

#include "trace/fault.h"
#include "trace/words.h"

#include <stdio.h>

/* en, zh: templates; a table ends with a row of NULLs */
struct words_row { const char *layer, *name, *en, *zh; };

const struct words *words_in(const char *lang);       /* NULL: a language that is not spoken here */

/* The language of the terminal: chosen once, by main, and kept here as a locale is. `lang` NULL: what LC_ALL,
 * LC_MESSAGES or LANG say, "zh" in UTF-8, or else "en". */
void words_speak(const char *lang);
const struct words *words_spoken(void);

/* What cmd/ itself says is English in the source and a phrase of the catalogue. complain() says on stderr why the
 * program does not do what was asked, and ends the line; what stands before the first ": " is who speaks
 * ("vitrine get: ") and stays as it is. words_print() prints a text whole, as printf. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
void words_print(FILE *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The text itself in the language spoken; `out` has room for TEXT octets. */
enum { WORDS_TEXT = 1024 };
const char *words_said(const char *english, char out[WORDS_TEXT]);

/* A refusal as one sentence, with what was expected, what came, the RFC section and what was answered.
 * Made harmless for a terminal. */
void words_fault(FILE *, const struct fault *);
/* The same said by `who` ("vitrine ca") of a file or a host; `what` NULL: of none. */
void words_fault_of(FILE *, const char *who, const char *what, const struct fault *);
/* The sentence that says what is wrong, alone. Returns out. */
const char *words_lead(const struct fault *, char out[WORDS_TEXT]);
/* curl's exit code for such a refusal, where curl has one (docs/exit-codes.md). */
int  words_exit(const struct fault *);

#endif
