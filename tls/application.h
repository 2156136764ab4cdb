/* application.h - where a handshake asks the application: three questions, each of which may stay unasked (NULL).
 *
 * An answer is the alert that ends the handshake, as its number (RFC 5246 §7.2: 113 is
 * bad_certificate_status_response), or TLS_GO_ON. It comes at once: who has to wait for one (a database, a person) does
 * not call tls_receive before it has it. What a question shows lies in the engine's memory and is gone afterwards.
 * An application can only refuse more than the engine does: it is asked about what the engine would accept. */
#ifndef TLS_APPLICATION_H
#define TLS_APPLICATION_H

#include "trace/wire.h"

enum { TLS_GO_ON = 0 };

/* Server: a ClientHello that is well formed, before anything is chosen. What the config points to (certificates,
 * staples, protocols) may still be filled in. n 0: not there. */
struct tls_hello_seen {
    struct bytes server_name;
    struct bytes protocols;                            /* ALPN: names, each behind a length of one octet */
    struct bytes sigalgs;                             /* signature_algorithms, two octets each */
};

/* The peer's certificates, leaf first, in DER; what came beside them, of a server (RFC 6066 §8, RFC 6962 §3.3). In an
 * abbreviated handshake nothing is shown, and the question is whether the earlier session may go on: n 0. */
struct tls_shown { const struct bytes *chain; size_t n; bool resumed; struct bytes ocsp, scts; };

/* Client: a server that asks who it is. The names are of CAs, in DER, each behind a length of two octets. The config's
 * identities may still be filled in. */
struct tls_request_seen { struct bytes types, sigalgs, authorities; };

struct tls_application {
    int (*hello)(void *self, const struct tls_hello_seen *);
    int (*shown)(void *self, const struct tls_shown *);
    int (*request)(void *self, const struct tls_request_seen *);
    void *self;
};

#endif
