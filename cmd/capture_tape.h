/* capture_tape.h - one connection of a capture, read by http/reading.h onto a tape. */
#ifndef CMD_CAPTURE_TAPE_H
#define CMD_CAPTURE_TAPE_H

#include "trace/tape.h"

/* name: a file, "-" standard input. keylog: a file with secrets, or NULL. `which`: the connection, from 1 (the
 * capture's own numbers). False: said on stderr. */
bool capture_tape(const char *name, const char *keylog, unsigned which, struct tape *);

#endif
