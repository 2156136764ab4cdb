/* extensions.h - the extensions of both hellos (RFC 5246 §7.4.1.4), as one table: a row has the number, the name, where
 * it may stand, how what it says is read, when and how it is written, and where it is described.
 *
 * A reader names every byte and judges form alone: a wrong inner length or an empty list that must not be empty fails
 * the cursor, which the hello then says (decode_error). What is not in the table is read as data and passed over,
 * GREASE (RFC 8701) included. A row without a writer is understood, or at least known by name, and never sent.
 *
 * A new extension is a row here, a bit below, a member of struct tls_extensions for what it says, one of the two wishes
 * for what we say, and a sentence in the catalogue (cmd/words_field.c). */
#ifndef TLS_EXTENSIONS_H
#define TLS_EXTENSIONS_H

#include "tls/extensions13.h"
#include "tls/suites.h"
#include "trace/wire.h"

/* One bit each, for sets: what a hello has, what may be answered. */
enum tls_extension_bit {
    EXT_SERVER_NAME = 1, EXT_SUPPORTED_GROUPS = 2, EXT_EC_POINT_FORMATS = 4, EXT_SIGNATURE_ALGORITHMS = 8,
    EXT_ALPN = 16, EXT_EXTENDED_MASTER_SECRET = 32, EXT_SUPPORTED_VERSIONS = 64, EXT_RENEGOTIATION_INFO = 128,
    EXT_MAX_FRAGMENT_LENGTH = 256, EXT_STATUS_REQUEST = 512, EXT_ENCRYPT_THEN_MAC = 1024, EXT_RECORD_SIZE_LIMIT = 2048,
    EXT_SESSION_TICKET = 4096, EXT_SCT = 8192
};

/* What a hello's extensions say; structs point into the octets read. */
struct tls_extensions {
    unsigned seen;                                    /* bits */
    int other;                                        /* the first that has no bit; -1: none */
    struct bytes server_name;                         /* of a ClientHello: the host_name */
    /* the items of each list, without its length; protocols each behind a length of 1 octet */
    struct bytes groups, point_formats, sigalgs, versions, protocols;
    uint16_t version;                                 /* of a ServerHello: TLS 1.3's selected_version */
    struct bytes renegotiated_connection;
    unsigned max_fragment;                            /* the code, 1 to 4 where it is a good one */
    unsigned record_size_limit;
    struct bytes ticket;                              /* of a ClientHello: n 0 where one is only asked for */
    struct bytes scts;                                /* of a ServerHello: the list with its length */
    bool names_twice;                                 /* server_name has more than one host_name */
    bool ocsp_asked;                                  /* status_request, of the one type there is (RFC 6066 §8) */
    struct tls_extensions13 v13;
};

/* Reads the list with its length. `of_server`: a ServerHello's. False: an extension stands there twice, or in a place
 * where it may not; else what is wrong fails the cursor. */
bool take_extensions(struct wire_in *, bool of_server, struct tls_extensions *, struct fault *why);
/* The same of any message of TLS 1.3 that has some. */
bool take_extensions_of(struct wire_in *, enum tls_extensions_of, struct tls_extensions *, struct fault *why);

struct client_hello_wishes;                            /* messages.h: what our hello is to say */
struct server_hello_wishes;
/* Both write the list with its length; the server's, nothing where nothing is answered. `so_far`: octets of the hello
 * before the list, its header included. Returns the bits of what was written. */
unsigned put_client_extensions(struct wire_out *, const struct client_hello_wishes *, size_t so_far);
void     put_server_extensions(struct wire_out *, const struct server_hello_wishes *);

/* Has it the form of a SignedCertificateTimestampList: at least one, none of them empty (RFC 6962 §3.3)? */
bool tls_scts_fit(struct bytes list);

const char *tls_extension_words(unsigned type);       /* "supported_groups", "GREASE"; NULL: unknown */
const char *tls_extension_rfc(unsigned type);         /* "RFC 8422 §5.1.1"; NULL: unknown */
/* the name of the lowest of these bits */
const char *tls_extension_of_bit(unsigned bit);

#endif
