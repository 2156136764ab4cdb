/* sieve_facts.h - what a packet has, in Wireshark's names: fields of what was told of it, and what is reckoned. */
#ifndef CMD_SIEVE_FACTS_H
#define CMD_SIEVE_FACTS_H

#include "cmd/sieve_paths.h"
#include "net/capture.h"
#include "net/filter.h"
#include "net/flow.h"
#include "trace/tape.h"

void facts_frame(struct filter *, const struct capture_frame *, nsec first, nsec before);
void facts_segment(struct filter *, const struct flow *, unsigned side, const struct flow_packet *, unsigned marks);
/* All that the tape has: one turn. */
void facts_told(struct filter *, struct sieve_paths *, struct tape *);

#endif
