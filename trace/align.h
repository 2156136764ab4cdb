/* align.h - two runs side by side: which packet of one is which packet of the other.
 *
 * Packets are not matched by number (one lost packet would shift all that follow), but by what they are: who sends to
 * whom, and what lies in them ("Certificate (1 of 2)", else the packet's own name, "ACK"). The longest common sequence
 * of those is the alignment. Rows stand in order; a packet that the other run has no match for has a row of its own. */
#ifndef TRACE_ALIGN_H
#define TRACE_ALIGN_H

#include "trace/tape.h"

enum align_how {
    ALIGN_SAME,        /* the same octets, the same fate */
    ALIGN_DIFFERS,     /* the same step, but other octets or another fate */
    ALIGN_ONLY_A, ALIGN_ONLY_B
};
/* packets by number; 0: none */
struct align_row { enum align_how how; uint32_t a, b; };

/* first: the first row that is not ALIGN_SAME; n when the runs are alike */
struct align { struct align_row *rows; size_t n, first; };

/* The first ALIGN_MOST packets of each are compared. False: no memory. Free with align_free. */
enum { ALIGN_MOST = 1500 };
bool align_tapes(struct tape *a, struct tape *b, struct align *);
void align_free(struct align *);

/* A leaf field that two buffers have at the same path and with other octets, or that only one has (index
 * ALIGN_NONE). */
enum { ALIGN_NONE = UINT32_MAX };
struct align_field { char path[160]; uint32_t a, b; };
/* The fields that differ between buffer `in_a` of tape a and `in_b` of tape b, in their order. A path that stands
 * several times is matched one by one. How many there are (at most `most` are written). */
size_t align_fields(struct tape *a, buf_no in_a, struct tape *b, buf_no in_b, struct align_field *out, size_t most);

#endif
