/* visit_wish.h - what the command line wishes of a sealed visit: suite, group, wires, breaks, URL. */
#ifndef CMD_VISIT_WISH_H
#define CMD_VISIT_WISH_H

#include "http/breaks.h"
#include "http/sealed_visit.h"

/* `values`: the options of `vitrine visit`, with their further values (OPT_VALUES); `url` NULL: the usual one. `wishes`
 * must outlive the config. False: said on stderr, and *code is what to exit with. */
bool visit_wished(const char *const *values, const char *url, struct sealed_visit_config *,
                  struct break_wish wishes[BREAKS_MOST], int *code);

#endif
