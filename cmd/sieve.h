/* sieve.h - of a capture that is read, the packets that a filter lets through, to the views: it stands between the
 * reading and the trace that views listen to, keeps what is told of one packet, asks the filter about it, and tells it
 * again, or not.
 *
 *     config.trace = sieve_trace(s)
 *     for each frame: sieve_frame(s, &frame); reading_frame(r, &frame); if (sieve_held(s)) ...
 *
 * What belongs to a packet is what it completes: a record, a message, a request that ends in it. Numbers of events are
 * those of the inner trace; buffers keep theirs. */
#ifndef CMD_SIEVE_H
#define CMD_SIEVE_H

#include "net/capture.h"
#include "net/filter.h"
#include "net/flow.h"

struct sieve;
/* inner: what views listen to; NULL: nobody does. The filter is not owned. NULL: no memory. */
struct sieve *sieve_new(struct filter *, struct trace *inner, nsec start);
void sieve_free(struct sieve *);
struct trace *sieve_trace(struct sieve *);
void sieve_frame(struct sieve *, const struct capture_frame *);
/* What reading's hook of this name says. */
void sieve_segment(struct sieve *, const struct flow *, unsigned side, const struct flow_packet *, unsigned marks);
bool sieve_held(const struct sieve *);                /* was the last frame let through? */

#endif
