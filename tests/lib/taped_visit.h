/* taped_visit.h - a sealed visit as `config` has it, kept on a new tape of that many octets, which is the caller's to free. */
#ifndef TESTS_LIB_TAPED_VISIT_H
#define TESTS_LIB_TAPED_VISIT_H

#include "http/sealed_visit.h"
#include "trace/tape.h"

struct tape *taped_visit(struct sealed_visit_config *config, size_t room);

#endif
