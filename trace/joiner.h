/* joiner.h - which messages lie in this packet?
 *
 * A packet says what it carries of a stream, a message on which opened records it lies, an opened record on
 * which record, a record on which octets of the stream. This remembers the recent buffers, follows a message
 * down to the stream and so finds the names for a packet. A writer tells its messages before the packet
 * leaves, so they are known by then. Memory is bounded: what is too old has no name here. */
#ifndef TRACE_JOINER_H
#define TRACE_JOINER_H

#include "trace/trace.h"

struct joiner;
struct joiner *joiner_new(void);                      /* NULL: no memory */
void joiner_free(struct joiner *);
/* a record, message or buffer; others are ignored */
void joiner_event(struct joiner *, const struct event *);

/* What lies in the packet, in the order of its octets: "ClientHello TLS 1.2, 4 suites" when that is alone and
 * no wider than `columns`, else names, "ServerHello, Certificate (1 of 2)". Empty when nothing is known. */
/* goes_on: nothing in it begins here, it is a later part of something. first: the first message, or record where
 * no message is known, that begins in it; 0: none. open: what its last octets are is not known, or not yet: a reader
 * tells of a record when all of it has come. */
struct joined { char words[160]; bool goes_on, open; buf_no first; };
struct joined joiner_of(struct joiner *, const struct event *packet, unsigned columns);

#endif
