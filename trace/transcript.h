/* transcript.h - the hash over a handshake as it grows: after each message the digest of all so far, and where such a
 * digest was used.
 *
 * Two kinds of events make it up. A layer tells a mark "transcript" for each message that it adds: which ("m3"), how
 * many octets that are by now, and the digest by the name of its hash ("sha256"; of the first message, when nobody has
 * chosen a hash yet, more than one). A key event that lists "messages" is a digest that was taken; the key behind it in
 * whose seed it stands is what it was taken for. Both ends have the same, so the first that speaks is shown. */
#ifndef TRACE_TRANSCRIPT_H
#define TRACE_TRANSCRIPT_H

#include "trace/tape.h"

enum transcript_line { TRANSCRIPT_NOTHING, TRANSCRIPT_MESSAGE, TRANSCRIPT_USE };
/* What the event is in the transcript that is shown; events after `last` have not happened yet. */
enum transcript_line transcript_line(struct tape *, const struct event *, event_no last);

/* Of a message: its event, or NULL; and the digest, by the hash that was chosen in the end. */
const struct event *transcript_message(const struct tape *, const struct event *);
const struct attr  *transcript_digest(struct tape *, const struct event *, event_no last);
/* Of a use: the key whose seed it is, or NULL (a signature's digest, or nothing yet). */
const struct event *transcript_use(struct tape *, const struct event *, event_no last);

#endif
