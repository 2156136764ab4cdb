/* resumption.h - what a server remembers of its clients, and whom it asks who they are: --tickets, --client-cert,
 * --client-ca, --staple. */
#ifndef CMD_RESUMPTION_H
#define CMD_RESUMPTION_H

#include "cmd/options.h"
#include "tls/tls.h"

struct resumption {
    struct tls_sessions *sessions;
    struct tls_tickets tickets;
    struct x509_store clients;
    char *staple;
};

/* Fills in the config of a server; a stapled response goes to its first identity. 0, or an exit code (a sentence is on
 * stderr). The chance draws the keys of tickets and outlives them. */
int resumption_read(struct resumption *, const char *const *values, struct chance *, struct tls_config *,
                    struct tls_identity *first);
void resumption_end(struct resumption *);

#endif
