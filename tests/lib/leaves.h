/* leaves.h - a view for fuzz targets: every octet of every buffer has one name, or the program aborts.
 *
 *     struct leaves l;
 *     leaves_start(&l);                 it has its own trace: l.trace
 *     ... run an engine with a voice on l.trace ...
 *     leaves_end(&l);
 *
 * Fields of a buffer must follow the event that declares it, before another is declared. */
#ifndef TESTS_LIB_LEAVES_H
#define TESTS_LIB_LEAVES_H

#include "trace/trace.h"

struct leaves {
    struct view view;
    struct trace *trace;
    /* the buffer declared last, and how many octets have names */
    buf_no buf; size_t n, named;
    size_t told;                                      /* octets of all buffers */
};

void leaves_start(struct leaves *);
void leaves_end(struct leaves *);

#endif
