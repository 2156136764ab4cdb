/* forms_used.h - by which forms (crypto/cpu.h) a connection's cryptography ran: told to who sits at a terminal, and to
 * nobody else, since what is written to files and pipes is the same on every machine. */
#ifndef CMD_FORMS_USED_H
#define CMD_FORMS_USED_H

#include "http/visit.h"

#include <stdio.h>

struct forms_used { bool known; struct tls_facts facts; struct cpu cpu; };

/* Keeps what must be known of a visit; it may go then. */
void forms_used_note(struct forms_used *, const struct visit *, const struct cpu *);
/* A line for cipher, hash, exchange and certificate, with the form of each. */
void forms_used_say(FILE *, const struct forms_used *);

#endif
