/* ticket.h - a session in a sealed envelope that the client keeps for the server (RFC 5077 §4).
 *
 *     key_name 16 | nonce 12 | sealed state | tag 16         AES-256-GCM; the key_name is authenticated, too
 *
 * The keys are a server's own, random when it starts, and change when they are as old as a session may be; the one
 * before still opens. So a ticket opens for one lifetime at least, two at most, and never at another server. A key of
 * zeros cannot be: it is drawn before the first ticket, and a chance that gives zeros gives no key (CVE-2020-13777).
 * What lies within says under which version, suite, name and rule for the master secret it was made, when, and who
 * the client was: whether it may be resumed is for resume.h to say. */
#ifndef TLS_TICKET_H
#define TLS_TICKET_H

#include "crypto/aead.h"
#include "crypto/chance.h"
#include "tls/session.h"

enum { TLS_TICKET_NAME = 16, TLS_TICKET_STATE_MAX = 2 + 2 + 1 + 8 + TLS_MASTER_SECRET + 1 + TLS_HOST_MAX + 1
       + TLS_CERTIFICATE_DIGEST,
       TLS_TICKET_FRONT = TLS_TICKET_NAME + AEAD_NONCE, TLS_TICKET_MAX = TLS_TICKET_FRONT + TLS_TICKET_STATE_MAX
       + AEAD_TAG };

struct tls_ticket_key { bool usable; uint8_t name[TLS_TICKET_NAME]; struct aead aead; nsec made; uint64_t sealed; };

struct tls_tickets {                                  /* a server's; many connections share one, one thread */
    struct tls_ticket_key current, previous;
    struct chance *chance;                            /* outlives it */
    nsec lifetime;
    /* the sealed world: what lies in a ticket is told octet by octet, the master secret too */
    bool told_open;
};

void tls_tickets_start(struct tls_tickets *, struct chance *, nsec lifetime);
void tls_tickets_wipe(struct tls_tickets *);

/* The state as it lies in a ticket, before it is sealed and after it is opened; it holds a master secret: wipe it. */
struct tls_ticket_state { uint8_t octets[TLS_TICKET_STATE_MAX]; size_t n; };
void tls_ticket_write(const struct tls_session *, struct tls_ticket_state *);
bool tls_ticket_read(struct wire_in *, struct tls_session *);          /* false: not one of ours */

/* Octets of the ticket; 0: there is no key that may be used. `nonce` is this connection's chance. */
size_t tls_ticket_seal(struct tls_tickets *, struct chance *nonce, const struct tls_ticket_state *, nsec now,
                       uint8_t out[TLS_TICKET_MAX]);
/* TICKET_FOREIGN: sealed under no key of ours, or changed. TICKET_OLD: under the key before, so that the client should
 * get a new one. */
enum tls_ticket_says { TICKET_FOREIGN, TICKET_OLD, TICKET_OPENED };
enum tls_ticket_says tls_ticket_open(struct tls_tickets *, struct bytes ticket, nsec now, struct tls_ticket_state *);

#endif
