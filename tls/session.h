/* session.h - what is kept of a handshake so that a later one may be short (RFC 5246 §7.3, Appendix F.1.4), and a
 * server's store of them.
 *
 * A struct tls_session is a plain value; whoever has one wipes it (tls_session_wipe). The master secret in it opens
 * every connection that was, or is, made from it: it lives for a bounded time, and is never resumed under another
 * version or suite than its own, for another host, or with another rule for the master secret (resume.h decides).
 *
 * A struct tls_sessions is bounded: `most` entries, in one allocation. Who was used longest ago makes room; who is
 * older than `lifetime` is not found. Many connections share one; one thread. */
#ifndef TLS_SESSION_H
#define TLS_SESSION_H

#include "tls/keys.h"
#include "trace/trace.h"

enum { TLS_HOST_MAX = 255, TLS_CERTIFICATE_DIGEST = 32, TLS_TICKET_KEPT = 4096 };
/* RFC 5246 Appendix F.1.4 advises 24 hours at most; who resumes, resumes soon. */
#define TLS_SESSION_LIFETIME (2 * 3600 * SECOND)
#define TLS_SESSION_LIFETIME_MAX (24 * 3600 * SECOND)

struct tls_session {
    uint16_t version, suite;
    bool extended_master_secret;
    uint8_t id[TLS_SESSION_ID_MAX], id_n;             /* id_n 0: only a ticket can name it */
    uint8_t master_secret[TLS_MASTER_SECRET];
    nsec made;                                        /* when its full handshake was */
    char host[TLS_HOST_MAX + 1];                      /* the server_name that the client asked for; "": none */
    /* SHA-256 of the other end's certificate; of a client that showed none: not known */
    bool peer_known; uint8_t peer[TLS_CERTIFICATE_DIGEST];
};
void tls_session_wipe(struct tls_session *);

/* The client's: with the ticket that the server gave. suite 0: nothing to resume. */
struct tls_resumable {
    struct tls_session session;
    uint8_t ticket[TLS_TICKET_KEPT]; size_t ticket_n; /* 0: none; longer ones are not kept */
    nsec got;                                         /* when the ticket, or the id, came */
    uint32_t lifetime_hint;                           /* seconds from then; 0: who knows (RFC 5077 §3.3) */
};
void tls_resumable_wipe(struct tls_resumable *);
/* May it be offered to this host now (RFC 7627 §5.3: never without the extended master secret)? */
bool tls_resumable_fits(const struct tls_resumable *, const char *host, nsec now);

struct tls_sessions;
struct tls_sessions *tls_sessions_new(size_t most, nsec lifetime);             /* NULL: no memory */
void   tls_sessions_free(struct tls_sessions *);      /* wipes; NULL is allowed */
void   tls_sessions_put(struct tls_sessions *, const struct tls_session *);    /* id_n > 0 */
/* NULL: not there, or too old. What is found counts as used now; it stays until the next call. */
const struct tls_session *tls_sessions_find(struct tls_sessions *, struct bytes id, nsec now);
/* RFC 5246 §7.2.2: after a fatal alert it is not to be resumed any more. */
void   tls_sessions_drop(struct tls_sessions *, struct bytes id);
size_t tls_sessions_n(const struct tls_sessions *);

#endif
