/* wires.h - what --loss, --dup, --reorder, --corrupt, --delay and --mtu ask of the wires of a sealed world. */
#ifndef CMD_WIRES_H
#define CMD_WIRES_H

#include "net/impair.h"

/* False: said on stderr. */
bool wires_wanted(const char *const *values, struct wires *);

#endif
