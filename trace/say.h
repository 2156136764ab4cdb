/* say.h - values as words, and sentences with holes.
 *
 * A template comes from the catalogue that cmd/ owns; its holes name attributes of the event:
 *
 *     "{name} is {address}, says {server} after {took:ms}; that holds for {ttl} s."
 *
 * {x} is the attribute's value, harmless (trace/show.h); {x:ms} a number of ns in milliseconds. {label} is
 * the event's own label. A hole that no attribute fills stays as it is, for all to see. */
#ifndef TRACE_SAY_H
#define TRACE_SAY_H

#include "trace/trace.h"
#include "trace/words.h"

/* At most room-1 octets and a NUL, cut at a character with an ellipsis. They return `out`. Texts in holes that
 * are phrases of a layer are said in the language of `words` (NULL: as they are). */
char *say(char *out, size_t room, const char *template, const struct event *, const struct words *words);
/* The template that says why such a thing happens at all: of the space "why" the row "tcp.rto.fired" (layer, name, and
 * what, where an event has such an attribute), "tcp.retransmission" for a packet that is sent again, else "tcp.SYN";
 * for a refusal its lead. NULL: there is none. */
const char *say_why(const struct words *, const struct event *);
char *say_ms(char *out, size_t room, nsec);           /* "20.1 ms", rounded */
char *say_hex(char *out, size_t room, struct bytes);  /* "0a1b2c…" */
/* A secret is said only when `secrets`, else it is the word "secret". */
char *say_attr(char *out, size_t room, const struct attr *, bool secrets);

#endif
