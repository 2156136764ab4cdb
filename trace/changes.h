/* changes.h - variables before and after: of an event that tells all of them, those that are not what they were.
 *
 * A layer tells its variables whole (EVENT_VARS), so that a reader may begin anywhere. Who looks at one event after the
 * other wants to see what moved: each end of each connection is remembered as it was last told. */
#ifndef TRACE_CHANGES_H
#define TRACE_CHANGES_H

#include "trace/trace.h"
#include "trace/words.h"

enum { CHANGES_ENDS = 16, CHANGES_ATTRS = 24, CHANGES_TEXT = 72, CHANGES_VALUE = 32, CHANGES_NAME = 20 };

struct changes_end {
    uint16_t host; uint32_t conn;
    unsigned n;
    struct { char name[CHANGES_NAME], value[CHANGES_VALUE]; } was[CHANGES_ATTRS];
};
/* Zero to begin with. Of more ends than there are places the first gives way. */
struct changes { struct changes_end ends[CHANGES_ENDS]; unsigned n, next; };

/* What an event with changes alone needs to live. */
struct changed { struct attr attrs[CHANGES_ATTRS]; char texts[CHANGES_ATTRS][CHANGES_TEXT]; };

/* The same event with an attribute for each that changed: its name, and "14480 → 15928", or the value alone where it is
 * told for the first time. Lives as long as *room, which holds what it points to. */
struct event changes_of(struct changes *, const struct event *, struct changed *room);

/* Is this value another than it was (NULL: it was not told)? Of numbers and texts. */
bool changes_between(const struct attr *then, const struct attr *now);

#endif
