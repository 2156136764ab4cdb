/* tape.h - the view that keeps: the whole stream of a run, to be read in any order, again and again.
 *
 * The page, `--step`'s way back, comparisons and the judging of breaks read tapes. A tape is attached to a trace as any
 * view is; what it keeps is its own copy, and it outlives the trace. Everything that a function here returns belongs to
 * the tape and holds until tape_free (fields: until the next field of their buffer is told).
 *
 *     struct tape *tape = tape_new(64 << 20);
 *     trace_attach(trace, tape_view(tape));
 *     ... the run ...
 *     for (event_no n = 1; n <= tape_events(tape); n++)
 *         look_at(tape_event(tape, n));
 *
 * Memory grows with the run, up to a limit; what comes later is not kept, and tape_full says so. */
#ifndef TRACE_TAPE_H
#define TRACE_TAPE_H

#include "trace/trace.h"

struct tape;

/* most: octets it may keep. NULL: no memory. */
struct tape *tape_new(size_t most);
void tape_free(struct tape *);                        /* NULL is allowed */
struct view *tape_view(struct tape *);                /* freed with the tape, not by view_free */
bool tape_full(const struct tape *);                  /* the limit was reached, or memory: the rest is missing */
/* Forgets all that was kept, for who looks at a run turn by turn: events and buffers keep their numbers, and those that
 * are told from now on are found by them. */
void tape_clear(struct tape *);

/* A silent trace with the hosts and the start of the one that was taped, for functions that ask for one. NULL: nothing
 * was taped yet. */
const struct trace *tape_trace(const struct tape *);

/* The number of the last event kept; they count from 1. */
event_no tape_events(const struct tape *);
const struct event *tape_event(const struct tape *, event_no);                     /* NULL: not kept */
/* The event that declared a buffer; NULL: none did. */
const struct event *tape_buffer(const struct tape *, buf_no);
/* Buffers of a kind are numbered from 1: how many were declared, or had fields. */
uint32_t tape_count(const struct tape *, char letter);
/* A buffer's number by letter and count: "p", 18. */
buf_no tape_buf(char letter, uint32_t count);

/* The fields of a buffer as a tree: in the order of their octets, what holds others before what it holds. `bytes` point
 * into the kept octets (empty while the buffer is not declared). */
enum { TAPE_ROOT = UINT32_MAX };
struct tape_field { struct field field; uint32_t parent, depth; bool leaf; };      /* parent: index, or TAPE_ROOT */
struct tape_fields { const struct tape_field *at; size_t n; };
struct tape_fields tape_fields(struct tape *, buf_no);
/* Where a field stands: "packet/tcp/window", "ClientHello/extensions/server_name". It begins with the name of the
 * buffer's event (for packets "packet", for records "record", for their opened forms "opened"). Returns out. */
char *tape_path(struct tape *, buf_no, size_t index, char *out, size_t room);

/* What the paths of a buffer's fields begin with. */
const char *tape_root(const struct tape *, buf_no);

/* Octets of a packet that hold a part of some buffer: `len` octets at `at` of the packet are those at `off` of the span
 * that was asked for. */
struct tape_place { buf_no packet; uint32_t at, len; uint64_t off; };
/* Which packets carry these octets, lost and repeated ones too; in the order of the span, then of the packets. How many
 * there are (at most `most` are written). */
size_t tape_places(const struct tape *, struct span, struct tape_place *out, size_t most);
/* True when the octets lie within the opened form of a record: nobody on the wire can read them. */
bool tape_is_sealed(const struct tape *, buf_no);

/* Tells a view events `from` to `to` again, in order, with the fields of each buffer before the event that declares it
 * and a turn wherever one came. Its `end` is not called. */
void tape_replay(struct tape *, event_no from, event_no to, struct view *);

#endif
