/* named.h - a view for tests: keeps what was told, and judges whether every octet of every buffer has a name.
 *
 *     struct named *n = named_new();            it has its own trace: n->trace
 *     ... run an engine with a voice on n->trace ...
 *     named_check(n);                           fails the test on an octet without a name, or a long leaf of
 * a name that is not opaque named_free(n); */
#ifndef TESTS_LIB_NAMED_H
#define TESTS_LIB_NAMED_H

#include "trace/trace.h"

enum { NAMED_TEXT = 96 };
struct named_buffer { buf_no buf; size_t n; uint64_t spanned; char what[NAMED_TEXT], label[NAMED_TEXT]; };
struct named_field { buf_no buf; uint32_t off, len; bool group; const char *name; char value[NAMED_TEXT]; };

struct named {
    struct view view;
    struct trace *trace;
    struct named_buffer *buffers; size_t n_buffers, buffers_room;
    struct named_field *fields; size_t n_fields, fields_room;
    struct { char name[NAMED_TEXT], rfc[NAMED_TEXT], answer[NAMED_TEXT]; } fault;      /* the last one told */
    unsigned faults, http;                             /* how many fault and http events */
};

struct named *named_new(void);
void named_free(struct named *);
void named_check(const struct named *);
/* The value of the k-th field (from 0) of that name in all buffers, in the order told; NULL: there are not so
 * many. */
const char *named_value(const struct named *, const char *name, size_t k);

#endif
