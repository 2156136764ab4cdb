/* keyline.h - key log lines in the stream (NSS format, docs/trace.md): an EVENT_KEY whose secret becomes a
 * line brings it, with its \n, as the attribute "keylog" of type ATTR_SECRET. Both ends of a sealed visit
 * derive the same secrets; each line is wanted once. */
#ifndef TRACE_KEYLINE_H
#define TRACE_KEYLINE_H

#include "trace/trace.h"

enum { KEYLINES_RECENT = 64 };
struct keylines { uint64_t recent[KEYLINES_RECENT]; unsigned next; };    /* hashes: no secret stays here */

/* The line that an event brings, if it was not brought within the last KEYLINES_RECENT ones; else n = 0. */
struct bytes keyline_of(struct keylines *, const struct event *);

#endif
