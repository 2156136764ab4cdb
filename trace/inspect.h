/* inspect.h - looking closer: what a tape knows about one moment, drawn for a terminal.
 *
 * The commands of `--step`, each a function that draws whole lines of at most `columns` columns. They know no
 * protocol: events bring labels and values, state machines come as data, sentences from the catalogue. What is told
 * after `last` has not happened yet. */
#ifndef TRACE_INSPECT_H
#define TRACE_INSPECT_H

#include "trace/machine.h"
#include "trace/pen.h"
#include "trace/tape.h"
#include "trace/words.h"

struct inspect {
    struct tape *tape;
    struct pen *pen;
    const struct words *words;
    unsigned columns;
    bool secrets;                                     /* show values of the class ATTR_SECRET */
    event_no last;
};

/* The chain of causes, from an event back to what nobody here caused. */
void inspect_why   (const struct inspect *, event_no);
/* Every octet of a packet beside the fields that name it, then what lies in it: records, opened ones, messages.
 * `all`: long fields to their end, and what each field means. */
void inspect_bytes (const struct inspect *, buf_no, bool all);
/* One buffer alone. */
enum { INSPECT_MEANINGS = 400 };
struct inspect_said { const char *at[INSPECT_MEANINGS]; unsigned n; };
struct inspect_look {
    bool whole;                                       /* long fields to their end */
    struct inspect_said *said;                        /* what fields mean, but what is in here; NULL: not at all */
    const char *more;                                 /* the row of "ui" for octets left out: {octets} */
    /* The value in words where the field brings none; NULL: there are none. May be NULL. */
    const char *(*words)(const struct field *, char *out, size_t room);
    const char *flaw; size_t flaw_at;                 /* said where this octet comes; NULL: nothing is wrong */
};
void inspect_buffer(const struct inspect *, buf_no, const struct inspect_look *);
/* The keys derived so far, by host, with how. */
void inspect_keys  (const struct inspect *);
/* What each hello offered, what every offer is for, and what came of it so far. False: nobody offered anything. */
bool inspect_offers(const struct inspect *);
/* The hash over each handshake after every message so far, and where it was used. False: nothing yet. */
bool inspect_transcript(const struct inspect *);
/* A resumed handshake beside the full one: what fell away, what was saved. False: nothing was resumed. */
bool inspect_beside(const struct inspect *);
/* What was judged so far, by subject: expected, found, verdict. layer: "x509". False: nothing. */
bool inspect_checks(const struct inspect *, const char *layer);
/* The variables of each end before event `since` and now, and the timers that run. */
void inspect_vars  (const struct inspect *, event_no since);
/* The states that a machine went through so far at each host, and what can come next. */
void inspect_states(const struct inspect *, const struct machine *);

/* For those that build on it: the words of a packet, as its arrow on the ladder says them. */
char *inspect_packet_words(const struct inspect *, const struct event *, char *out, size_t room);
/* What happened, as a sentence: a packet sent, its arrival, a timer, anything else. */
char *inspect_event(const struct inspect *, const struct event *, char *out, size_t room);
/* Why such a thing happens at all, in the catalogue's sentences; of a packet, why there are the messages in it. */
void inspect_reasons(const struct inspect *, const struct event *, unsigned indent);
/* A sentence of the catalogue's space "ui", filled from attributes. */
char *inspect_say(const struct inspect *, const char *name, const struct attr *, size_t n, char *out, size_t room);
/* Does a part of the buffer that an event declares lie in the packet? */
bool inspect_lies_in(const struct tape *, const struct event *, buf_no packet);
/* The name of a host; "" where there is none. */
const char *inspect_host(const struct inspect *, uint16_t host);
/* Whole lines. */
void inspect_line(const struct inspect *, unsigned indent, enum ink, const char *text);

#endif
