/* extensions13.h - what TLS 1.3 says in extensions (RFC 8446 §4.2): of hellos, where TLS 1.2's are too, and of the
 * messages behind them. Our engine speaks TLS 1.2 and passes over all of it; a third reader (watch.h) and whoever wants
 * every byte named read it. So what has not the form it should have refuses nothing here: it is named "data", and
 * `malformed` says which extension that was. */
#ifndef TLS_EXTENSIONS13_H
#define TLS_EXTENSIONS13_H

#include "trace/wire.h"

#include <stdbool.h>

/* In which message a list of extensions stands. */
enum tls_extensions_of { OF_CLIENT_HELLO, OF_SERVER_HELLO, OF_ENCRYPTED_EXTENSIONS, OF_CERTIFICATE_REQUEST,
                         OF_CERTIFICATE, OF_NEW_SESSION_TICKET };

/* Points into the octets read. */
struct tls_extensions13 {
    unsigned malformed;                               /* the first extension that is; 0: none */
    struct bytes key_shares;                          /* client: KeyShareEntry one behind the other */
    uint16_t group; bool group_only;                  /* server: of its share; group_only: a HelloRetryRequest's */
    bool psk_offered, psk_chosen; uint16_t identity;  /* pre_shared_key of a ClientHello; of a ServerHello, which */
    unsigned n_identities;
    bool early_data; uint32_t max_early_data;         /* octets; of NewSessionTicket */
    bool cookie, post_handshake_auth;
    struct bytes ocsp;                                /* status_request of a Certificate: the response */
};

struct tls_extensions;                                /* extensions.h */
/* Reads the content of an extension, all of it, if it is one of these in such a message. False: it is not. */
bool take_extension13(struct wire_in *content, unsigned type, enum tls_extensions_of, struct tls_extensions *);

/* Is there one of this group among key_shares? */
bool tls_key_share_of(struct bytes key_shares, unsigned group);

#endif
