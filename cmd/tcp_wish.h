/* tcp_wish.h - what the command line wishes of our TCP (--cc, --recovery, --no-sack, --no-timestamps, --no-ecn,
 * --mss, --window, --user-timeout), so that a class can run the same visit with and without a mechanism, and
 * compare. */
#ifndef CMD_TCP_WISH_H
#define CMD_TCP_WISH_H

#include "cmd/options.h"
#include "net/stack.h"

/* Puts the wishes into *c, and leaves the rest of it as it is. False: a sentence is on stderr. */
bool tcp_wished(const char *const *values, struct stack_config *c);
/* The first of these options that was given; NULL: none was. For those who have no TCP of ours. */
const struct option *tcp_wish(const char *const *values);

#endif
