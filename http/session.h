/* session.h - a carrier with TLS on it, or bare: where HTTP's octets come from and go to. */
#ifndef HTTP_SESSION_H
#define HTTP_SESSION_H

#include "net/carrier.h"
#include "tls/tls.h"

struct session {
    struct carrier *carrier;                          /* NULL after session_end */
    struct tls *tls;                                  /* NULL: bare */
    /* bare: how many octets of the streams have been used */
    uint64_t read_at, write_at;
    bool closed;                                      /* session_close was called */
};

enum session_says {
    SESSION_WANTS,                                    /* more octets must come first */
    /* a step of the handshake is done: look, and call again */
    SESSION_AGAIN,
    SESSION_DATA,                                     /* session_peek has octets */
    SESSION_CLOSED,                                   /* the peer has properly ended */
    /* *why; what was to be said to the peer is in the carrier */
    SESSION_FAILED
};

/* Begins on an open carrier. tls: a template, whose voice and streams are filled in here; NULL: bare. */
bool session_start(struct session *, struct carrier *, const struct tls_config *tls, nsec now,
                   struct fault *why);
enum session_says session_read(struct session *, nsec now, struct fault *why);
struct bytes session_peek(struct session *, struct span *where);
void   session_consume(struct session *, size_t n);
bool   session_open(const struct session *);          /* may application octets be written? */
/* At most one record. Returns octets taken, 0 when there is no room now; *where: their place for the
 * trace. */
size_t session_write(struct session *, const void *bytes, size_t n, struct span *where);
void   session_close(struct session *);               /* close_notify, then FIN behind all that was written */
void   session_end(struct session *);                 /* frees TLS, releases the carrier */

#endif
