/* ladder_line.h - any event as one line of words, for the closest zoom and for a fault. */
#ifndef TRACE_LADDER_LINE_H
#define TRACE_LADDER_LINE_H

#include "trace/trace.h"
#include "trace/words.h"

/* "browser tls key master_secret: how=PRF-SHA256 value=0a1b…  [RFC 5246 §8.1, tls_derive_keys, because of
 * n38]" */
void event_line(char *out, size_t room, const struct trace *, const struct event *, const struct words *,
                bool secrets);
/* A remark on the ladder: "web: no answer came in time"; of a check "browser: validity: accepted". Where the
 * catalogue has a template for the event it is that sentence. */
void remark_line(char *out, size_t room, const struct trace *, const struct event *, const struct words *);
/* "fault at browser: x509.expired, www.example.test (RFC 5280 §4.1.2.5)". Whoever ends the run tells it in
 * full. */
void fault_line(char *out, size_t room, const struct trace *, const struct event *, const struct words *);

#endif
