/* who.h - hosts by what events call them: packets say `from` and `to` as addresses, people know names. */
#ifndef TRACE_WHO_H
#define TRACE_WHO_H

#include "trace/trace.h"

enum { WHO = 64 };

/* The host that has this name or this address; 0: a stranger. */
uint16_t who_is(const struct trace *, const char *name_or_address);
/* Its address as text, "10.0.0.2", "fd00::2", or "". Returns `out`. */
char *who_address(char out[WHO], const struct trace *, uint16_t host);
/* The same of 4 or 16 octets (RFC 5952); of any other number of them "". */
char *who_text(const uint8_t *octets, unsigned n, char *out, size_t room);

#endif
