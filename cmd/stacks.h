/* stacks.h - `serve --stacks N`: N processes, each with a stack of its own, share one address and one TUN device by its
 * queues, so that each core has one. Nothing is shared between them: the kernel gives what comes of a connection to
 * the queue that has sent for it, and new ones to any. */
#ifndef CMD_STACKS_H
#define CMD_STACKS_H

#include "cmd/options.h"

#include <sys/types.h>

enum { STACKS_MOST = 64 };
struct stacks { pid_t others[STACKS_MOST]; unsigned n; };

/* Makes the others: they return from here as we do. 0, or the exit code for wrong usage (said on stderr). */
int stacks_start(struct stacks *, const struct command *, const char *const *values);
/* Ends the others, if we are the first, and waits for them. The exit code: ours. */
int stacks_end(struct stacks *, int code);

#endif
