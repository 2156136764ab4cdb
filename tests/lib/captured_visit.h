/* captured_visit.h - a sealed visit as a capture file with its secrets (pcapng), in memory that is the caller's to free;
 * and on `tape`, where it is not NULL. */
#ifndef TESTS_LIB_CAPTURED_VISIT_H
#define TESTS_LIB_CAPTURED_VISIT_H

#include "http/sealed_visit.h"
#include "trace/tape.h"

uint8_t *captured_visit(struct sealed_visit_config *, struct tape *tape, size_t *n);

#endif
