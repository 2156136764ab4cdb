/* spy.h - what a listener on the wire knows: a third lifeline, as a fold over the tape.
 *
 * The listener sees every packet as it was put on the wire, lost ones too, and can read what lies in it in the clear:
 * addresses, sizes, times; names in DNS and in the ClientHello; the certificate. What lies in a sealed record stays
 * closed. Which fields are worth knowing is the catalogue's business (space "spy"): a fact is a leaf field whose path
 * has a row there ("ClientHello/.../host_name": "asks for {value}"), or an event whose name has one ("query":
 * "looks for {question}"; "packet": "{from} speaks with {to}"). Each fact is learned once, with the packet that brought
 * the last of its octets. */
#ifndef TRACE_SPY_H
#define TRACE_SPY_H

#include "trace/tape.h"
#include "trace/words.h"

/* of: the event of the buffer that it stands in. key: its row in the space "spy"; value: "" where the key is an
 * event's name. */
struct spy_fact { uint32_t packet; const struct event *of; char key[160], value[160]; };
/* One packet: how many octets, how many of them sealed, and which facts it brought. */
struct spy_step { const struct event *packet; uint32_t octets, sealed; size_t first, n; };

struct spy {
    struct spy_step *steps; size_t n_steps;           /* step i is packet i + 1 */
    struct spy_fact *facts; size_t n_facts;           /* in the order of their packets */
};

/* `words` says which facts there are; any language does. False: no memory. Free with spy_free. */
bool spy_on(struct tape *, const struct words *, struct spy *);
void spy_free(struct spy *);
/* A fact as a sentence, harmless. Returns out. */
char *spy_say(const struct spy_fact *, const struct words *, char *out, size_t room);

#endif
