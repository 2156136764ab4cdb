/* beside.h - a resumed handshake beside the full one that it takes up: which messages fell away, and what that saved.
 *
 * A fold over a tape: of the host that began, the first connection that a check "resumption" says is resumed, and the
 * connection before it. Their messages are aligned by name and direction (the longest common sequence). */
#ifndef TRACE_BESIDE_H
#define TRACE_BESIDE_H

#include "trace/tape.h"

enum { BESIDE_MOST = 24 };

/* of the first connection, of the second; NULL: it has none there */
struct beside_row { const struct event *message[2]; };
/* octets of messages, without records; a round trip is: we wrote, then read */
struct beside_sum { unsigned messages, trips; uint64_t octets; nsec took; };

struct beside { uint32_t conn[2]; struct beside_row rows[2 * BESIDE_MOST]; unsigned n; struct beside_sum sum[2]; };

/* False: nothing was resumed up to event `last`. */
bool beside_read(struct beside *, struct tape *, event_no last);
/* Did the host write it, or read it? */
bool beside_written(const struct event *message);

#endif
