/* memory.h - a sink into memory, for tests of views: what was written, and in how many writes. */
#ifndef TESTS_LIB_MEMORY_H
#define TESTS_LIB_MEMORY_H

#include "trace/trace.h"

struct memory { struct sink sink; char *at; size_t n, writes; };

void memory_start(struct memory *);                   /* then hand out &m->sink */
void memory_end(struct memory *);
/* Fails, showing both from the first line that differs, unless exactly this was written. */
void memory_is(const struct memory *, const char *want);

#endif
