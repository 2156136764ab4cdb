/* ladder_draw.h - the ladder's rungs: two lifelines, and between them what goes from one to the other.
 *
 *                  browser 10.0.0.2                               web 10.0.0.80
 * #3      40.0 ms  ├── SYN seq 2718281828 (0) win 64240 MSS 1460 ───────────▶│
 *         50.0 ms  │                                        tcp SYN-RECEIVED ●
 *
 * Each function draws whole lines. Text is UTF-8 and harmless; what does not fit goes on in the next line. */
#ifndef TRACE_LADDER_DRAW_H
#define TRACE_LADDER_DRAW_H

#include "trace/pen.h"

struct rung {
    uint32_t number;                                  /* of the packet */
    nsec at;                                          /* since the start */
    bool leftward, lost;
    /* on the arrow; under it, small; under it, what was remarkable */
    char label[160], detail[160], notes[400];
};

/* How wide a label may be that stands on its arrow in one line. */
unsigned draw_room   (unsigned columns);
void     draw_names  (struct pen *, unsigned columns, const char *left, const char *right);
void     draw_rung   (struct pen *, unsigned columns, const struct rung *);
/* What an end came to: its side's lifeline is marked. Either may be empty. */
void     draw_states (struct pen *, unsigned columns, nsec at, const char *left, const char *right);
/* A remark between the lifelines. */
void     draw_remark (struct pen *, unsigned columns, enum ink, const char *text);
/* Any event, at the closest zoom. */
void     draw_event  (struct pen *, unsigned columns, event_no, nsec at, const char *text);

#endif
