/* keys.h - the keyboard of a visit that is stepped through.
 *
 * A pipe gives commands by the line. At a terminal single keys act without Enter; what arrives faster than anybody
 * types (pasted, or from a script at a pseudo terminal) is a line all the same, and an Enter right behind a key
 * belongs to it. Ctrl-C, SIGTERM and SIGHUP end the visit in order, so that its files are whole. */
#ifndef CMD_KEYS_H
#define CMD_KEYS_H

#include "trace/trace.h"

enum keys_said { KEYS_LINE, KEYS_END, KEYS_STOP };    /* a command; no keyboard (any more); Ctrl-C */

/* Between these, signals are caught. single: standard input is a terminal. */
bool keys_open(void);
void keys_close(void);
/* The next command, without what ends its line: "" for Enter. `lines`: keys behind which a line is wanted ("u#").
 * Not single: what was read is echoed on stderr, so that a transcript reads well. */
enum keys_said keys_read(char *line, size_t room, const char *lines);
/* Waits. False: Ctrl-C. */
bool keys_pause(nsec);
bool keys_stopped(void);                              /* Ctrl-C came */

#endif
