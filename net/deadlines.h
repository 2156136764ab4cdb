/* deadlines.h - many deadlines, the earliest at hand: a binary heap in memory that the caller gives. Setting
 * one costs log n, asking for the earliest nothing. Equal deadlines come in the order of their `number`, so
 * that every run is the same. */
#ifndef NET_DEADLINES_H
#define NET_DEADLINES_H

#include "trace/trace.h"

/* part of what has the deadline; place 0: not in the heap */
struct deadline { nsec at; uint32_t number, place; };

/* heap[1] ... heap[n]: room for one more than there are deadlines */
struct deadlines { struct deadline **heap; uint32_t n; };

/* Sets, moves or, with NEVER, takes out. */
void deadline_set(struct deadlines *, struct deadline *, nsec at);
struct deadline *deadline_first(const struct deadlines *);    /* NULL: none */

#endif
