/* filter_names.h - what `--filter` may ask for (net/filter.h), by Wireshark's names: every field of the table of
 * cmd/wireshark_names.h that has octets of its own there, and what Wireshark reckons (tcp.stream, frame.number,
 * tcp.analysis ...). Short forms of a few: tcp.retransmission, tls.alert, tcp.flags.rst. */
#ifndef CMD_FILTER_NAMES_H
#define CMD_FILTER_NAMES_H

#include "net/filter.h"

/* A filter_names. */
enum filter_type filter_name(char name[FILTER_NAME]);
/* The header field that has a name of its own ("http.user_agent" for "User-Agent"), or NULL. */
const char *filter_header(const void *name, size_t n);
/* Does it ask for one of those? */
bool filter_asks_header(const struct filter *);
/* Says on stderr what is known, of the protocol that an unknown name begins with, or of all of them. */
void filter_complain(const char *name);

#endif
