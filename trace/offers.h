/* offers.h - what a message offered, and what came of it: "server_name was answered in ServerHello", "of the groups
 * x25519 was taken".
 *
 * A fold over a tape that knows no protocol: the catalogue says which message makes an offer (a row of its name in the
 * space "offer": "ClientHello") and which of its fields are offers (rows of their names: "extension_type",
 * "cipher_suite", "named_group"). An offer is answered when its value, by its words, stands again in a later message of
 * the same connection that goes the other way; it is used when something that it holds (a list's item) is. What a value
 * is for, and what its fate means, are rows too: "value" by its words, "fate_of" by "server_name.answered", or by the
 * field's name where all values of a kind share a fate ("cipher_suite.silent"). */
#ifndef TRACE_OFFERS_H
#define TRACE_OFFERS_H

#include "trace/tape.h"
#include "trace/words.h"

enum { OFFERS_MOST = 160, OFFER_WHAT = 80 };
enum offer_fate { OFFER_SILENT, OFFER_USED, OFFER_ANSWERED };

struct offer {
    const char *item;                                 /* the field's name: "extension_type" */
    char what[OFFER_WHAT];                            /* its words, "server_name"; its text; or its number */
    const struct tape_field *field;
    size_t index;                                     /* among the message's fields */
    enum offer_fate fate;
    const struct event *answer;                       /* the first message in which it stands again, or NULL */
};

struct offers { struct tape *tape; const struct event *message; struct offer at[OFFERS_MOST]; unsigned n; };

/* Is this a message that offers, and the last telling of it (its reader's, if that was told before `last`)? */
bool offers_in(struct tape *, const struct words *, const struct event *, event_no last);
/* Reads one. False: it offers nothing. */
bool offers_read(struct offers *, struct tape *, const struct words *, const struct event *message, event_no last);
/* Does another offer of the message lie within this one (a group within supported_groups)? */
bool offer_holds(const struct offers *, const struct offer *outer, const struct offer *inner);
/* Does some other hold it? Those that nobody holds are shown first. */
bool offer_is_held(const struct offers *, const struct offer *);

/* What it is for; NULL: no row. What came of it, filled with the values of its own fields and of what was taken:
 * {cipher_suite}, {host_name}; NULL: no row. */
const char *offer_is(const struct words *, const struct offer *);
const char *offer_came(const struct offers *, const struct offer *, const struct words *, char *out, size_t room);

#endif
