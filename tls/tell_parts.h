/* tell_parts.h - what those who tell of a connection have in common (tell.c, tell_keys.c and tell13.c; nobody else
 * includes it): an event with its place, an answer to a number without a name, the line of a record's content, how a
 * key was made. Who calls has asked trace_hears. */
#ifndef TLS_TELL_PARTS_H
#define TLS_TELL_PARTS_H

#include "tls/engine.h"

enum { TELL_LABEL = 160, KEY_ATTRS = 12 };

/* An event of this connection; who calls fills in the rest. */
struct event tell_event(const struct tls *, enum event_kind, enum event_level, const char *name, const char *rfc,
                        const char *by);

/* A peer, or a break, may send what nobody knows. */
static inline const char *words_or(const char *words, const char *otherwise) { return words ? words : otherwise; }
static inline const char *content_name(unsigned type) { return words_or(tls_content_words(type), "unknown"); }

/* "Alert  fatal bad_record_mac": what a line in the ladder says of a record whose content can be read. Returns label or
 * a constant. */
const char *content_label(unsigned type, struct bytes content, char label[TELL_LABEL]);

/* Names the octets of an alert, a ChangeCipherSpec, content of no known type; all other content lies in something above
 * it that names it. */
void name_content(struct wire_in *, unsigned type);

/* A value that a function made: `how` is the function, `in` says in words what went in ("" : nothing that needs
 * words), attrs are its parts. The label is "name = how(in)". */
struct key_story { const char *name, *rfc, *by, *how, *in; struct attr attrs[KEY_ATTRS]; size_t n; };
void tell_key(const struct tls *, enum event_level, const struct key_story *);

#endif
