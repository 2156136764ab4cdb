/* explain_figures.h - `--stats`: connections in figures, a row each, and their sum; the same for programs. */
#ifndef CMD_EXPLAIN_FIGURES_H
#define CMD_EXPLAIN_FIGURES_H

#include "http/figures.h"
#include "trace/json.h"

#include <stdio.h>

void figures_head(FILE *);
/* id 0: the sum of all */
void figures_row(FILE *, uint32_t id, const struct figures *);
/* "figures": {...} */
void figures_json(struct json *, const struct figures *);

#endif
