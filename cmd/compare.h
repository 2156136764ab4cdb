/* compare.h - what `vitrine compare` shows of a comparison. */
#ifndef CMD_COMPARE_H
#define CMD_COMPARE_H

#include "trace/compare_say.h"

#include <stdio.h>

/* Both runs, as they were named, and what was found. */
struct compared { const char *name[2]; struct compare_run *run[2]; struct comparison found; };

void compare_print(FILE *, const struct compared *);
/* One object a run (docs/compare.md). False: it could not be written. */
bool compare_json(struct sink *, const struct compared *);
/* A page with two columns, complete and static, in both languages. */
bool compare_page(struct sink *, const struct compared *, const char *lang);

#endif
