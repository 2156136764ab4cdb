/* explain_follow.h - `--follow N`: what both sides of a connection said to each other, opened, in the order in which it
 * came: harmless on a terminal, octet by octet into a file (-o). */
#ifndef CMD_EXPLAIN_FOLLOW_H
#define CMD_EXPLAIN_FOLLOW_H

#include "cmd/files.h"
#include "http/reading.h"

struct explain_follow {
    uint32_t id;                                      /* 0: nobody is followed */
    FILE *out; struct file_sink raw;
    bool begun, within; unsigned side;                /* within: a line has begun */
    uint64_t said[2];
};

/* "3": false, and it is said, when it is no number of a connection. */
bool follow_ask(struct explain_follow *, const char *number);
bool follow_start(struct explain_follow *, FILE *out, const char *raw);
void follow_text(struct explain_follow *, const struct flow *, unsigned side, struct bytes, uint64_t packet);
bool follow_end(struct explain_follow *);             /* false: it could not be written */

#endif
