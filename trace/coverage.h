/* coverage.h - which share of the packets' octets has a name? A fold over the stream, asked once at its end.
 *
 * An octet counts as named only by a leaf: a field that holds no other field of its buffer. A leaf above 64
 * octets must have one of the wire_opaque_names. Where another buffer lies on a buffer's octets they must be
 * named there (so "ciphertext" names nothing once the record is open). A name goes down from there: from
 * message to opened record to record to stream to every packet that carries those octets of the stream, lost
 * and repeated ones too.
 *
 * Fields may be told before their buffer is. Memory grows with the run: about 20 octets a field, and one for
 * each octet on a wire. */
#ifndef TRACE_COVERAGE_H
#define TRACE_COVERAGE_H

#include "trace/trace.h"

struct coverage;
struct coverage_sum { uint64_t packets, bytes, named; };

struct coverage *coverage_new(void);                  /* NULL: no memory */
void coverage_free(struct coverage *);                /* NULL is allowed */
/* An event that declares a buffer; others are ignored. */
void coverage_event(struct coverage *, const struct event *);
void coverage_field(struct coverage *, const struct field *);
/* False: memory ran out, now or on the way, and nothing is known. */
bool coverage_count(struct coverage *, struct coverage_sum *);

#endif
