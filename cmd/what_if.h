/* what_if.h - --what-if BREAKS: the same visit again, once for each break, taped for the page (trace/page.h). */
#ifndef CMD_WHAT_IF_H
#define CMD_WHAT_IF_H

#include "http/breaks.h"
#include "http/sealed_visit.h"
#include "trace/page.h"

enum { WHAT_IFS = 16 };
struct what_ifs { struct break_wish wishes[WHAT_IFS]; struct page_what_if runs[WHAT_IFS]; unsigned n; };

/* Reads a list with commas (NULL: none), "loss:7,flip:13,60,raw": what follows a comma belongs to the break before it
 * unless it is a break itself. False: said on stderr. */
bool what_ifs_read(struct what_ifs *, const char *list, const struct sealed_visit_config *clean);
/* Runs them; the page gets them. False: no memory, said on stderr. */
bool what_ifs_run(struct what_ifs *, const struct sealed_visit_config *clean, struct page_options *);
void what_ifs_free(struct what_ifs *);

#endif
