/* diagnosis.h - a diagnosis as sentences, and the table of causes (http/diagnose.h) as text or Markdown. */
#ifndef CMD_DIAGNOSIS_H
#define CMD_DIAGNOSIS_H

#include "cmd/words.h"
#include "http/diagnose.h"

/* What it is, and what to do: one sentence each. What an alert without a remedy of its own is cured by, "alert.other"
 * says. */
const char *diagnosis_sentence(const struct words *, const struct cause *);
const char *diagnosis_cure(const struct words *, const struct cause *);
/* `vitrine explain --causes`: all rows of the table, in order; as Markdown it is docs/diagnoses.md, in English. */
void diagnosis_table(FILE *, bool markdown);

#endif
