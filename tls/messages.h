/* messages.h - the handshake messages of TLS 1.2 (RFC 5246 §7.4), as bytes and as structs.
 *
 * A reader takes a cursor over the body of one message, without the 4 octets of header, names every byte,
 * and fills a struct; it judges form alone (lengths, lists, nothing twice, nothing left over) and says
 * "decode_error" grounds. Whether what it says may be so is judged by client.c and server.c. Structs point
 * into the bytes read. A writer appends one whole message, header included; out->failed tells when it did
 * not fit. */
#ifndef TLS_MESSAGES_H
#define TLS_MESSAGES_H

#include "tls/extensions.h"
#include "tls/x509/cert.h"
#include "trace/wire.h"

enum { TLS_1_2 = 0x0303, TLS_RANDOM = 32, TLS_SESSION_ID_MAX = 32, TLS_VERIFY_DATA = 12, TLS_PRE_MASTER_SECRET = 48,
       TLS_MESSAGE_HEADER = 4, TLS_NAMED_CURVE = 3, TLS_RENEGOTIATION_SCSV = 0x00ff, TLS_FALLBACK_SCSV = 0x5600 };

/* Msg_type (RFC 5246 §7.4, RFC 5077, RFC 6066), and behind 255 what else may come: a machine's table has
 * them in one column. */
enum tls_message_type {
    TLS_HELLO_REQUEST = 0, TLS_CLIENT_HELLO = 1, TLS_SERVER_HELLO = 2, TLS_NEW_SESSION_TICKET = 4,
    TLS_END_OF_EARLY_DATA = 5, TLS_ENCRYPTED_EXTENSIONS = 8,      /* these two and KeyUpdate: TLS 1.3's alone */
    TLS_CERTIFICATE = 11,
    TLS_SERVER_KEY_EXCHANGE = 12, TLS_CERTIFICATE_REQUEST = 13, TLS_SERVER_HELLO_DONE = 14,
    TLS_CERTIFICATE_VERIFY = 15,
    TLS_CLIENT_KEY_EXCHANGE = 16, TLS_FINISHED = 20, TLS_CERTIFICATE_STATUS = 22,
    TLS_KEY_UPDATE = 24, TLS_COMPRESSED_CERTIFICATE = 25,
    TLS_BEGIN = 256, TLS_CHANGE_CIPHER_SPEC, TLS_APPLICATION_DATA
};
const char *tls_message_rfc(unsigned type);           /* "RFC 5246 §7.4.5": where it is described */
const char *tls_message_words(unsigned type);         /* "ServerHelloDone"; NULL: unknown */
const char *tls_version_words(unsigned version);      /* "TLS 1.2"; NULL: unknown */

/* The header: what it is and how long the body is. Needs 4 octets. */
struct tls_message_header { unsigned type; uint32_t length; };
struct tls_message_header read_message_header(struct wire_in *);

struct client_hello {
    uint16_t version;
    uint8_t random[TLS_RANDOM];
    struct bytes session_id, suites, compressions;    /* items without the list's length */
    struct tls_extensions extensions;
};
bool read_client_hello(struct wire_in *, struct client_hello *, struct fault *why);

struct server_hello {
    uint16_t version, suite;
    uint8_t random[TLS_RANDOM], compression;
    struct bytes session_id;
    struct tls_extensions extensions;
};
bool read_server_hello(struct wire_in *, struct server_hello *, struct fault *why);

/* The chain as it was sent: leaf first. The certificates' bytes are left for tls/x509/ to name. */
struct certificate_message { struct bytes certificates[X509_CHAIN_MAX]; size_t n; };
bool read_certificate(struct wire_in *, struct certificate_message *, struct fault *why);

/* RFC 8422 §5.4, RFC 5246 §7.4.3: a named curve, or a prime and its generator; then the server's public value. `params`
 * is what is signed, behind the two randoms. A curve_type other than named_curve leaves the rest unread. */
struct server_key_exchange {
    uint8_t curve_type; uint16_t group;               /* ECDHE */
    struct bytes p, g;                                /* DHE */
    struct bytes value, params, signature;
    uint16_t sigalg;
};
bool read_server_key_exchange(struct wire_in *, enum tls_kx, struct server_key_exchange *, struct fault *why);

struct certificate_request { struct bytes types, sigalgs, authorities; };
bool read_certificate_request(struct wire_in *, struct certificate_request *, struct fault *why);

/* An ECDH point (RFC 8422 §5.7), a DH public value or the encrypted pre-master secret (RFC 5246 §7.4.7.1, .2). */
bool read_client_key_exchange(struct wire_in *, enum tls_kx, struct bytes *out, struct fault *why);
bool read_finished(struct wire_in *, struct bytes *verify_data, struct fault *why);
/* HelloRequest and ServerHelloDone say nothing more than their name. */
bool read_empty_message(struct wire_in *, struct fault *why);

/* The items of a list of 2-octet numbers. */
size_t   list_n(struct bytes list);
uint16_t list_item(struct bytes list, size_t i);
bool     list_has(struct bytes list, unsigned number);

/* What a hello is to say; what is 0 or NULL is left out. extended_master_secret and renegotiation_info are always
 * there. */
struct client_hello_wishes {
    const uint8_t *random;
    const struct tls_suite *const *suites; size_t n_suites;
    const uint16_t *groups, *sigalgs; size_t n_groups, n_sigalgs;
    const char *server_name;                          /* NULL: no SNI */
    struct bytes session_id;                          /* what is to be resumed; n 0: nothing */
    const struct bytes *ticket;                       /* NULL: no session_ticket; n 0: one is wanted */
    bool ask_ocsp, ask_scts;                          /* status_request; signed_certificate_timestamp */
    const char *const *protocols; size_t n_protocols; /* ALPN, best first */
    bool encrypt_then_mac;
    unsigned max_fragment, record_size_limit;         /* RFC 6066 §4: the code, 1 to 4; RFC 8449 §4: octets */
    /* RFC 8701: before the suites, and the first and last extension. (A group is one of groups.) */
    uint16_t grease_suite, grease[2];
    bool fallback;                                    /* RFC 7507: TLS_FALLBACK_SCSV, behind the suites */
    /* RFC 7685: a hello of at least padding_from octets has at least padding_to */
    size_t padding_from, padding_to;
};
/* Returns the bits of the extensions that it has. */
unsigned write_client_hello(struct wire_out *, const struct client_hello_wishes *);
/* `extensions`: bits of those that the server answers with. session_id: n 0 where it cannot be resumed by it. */
struct server_hello_wishes {
    const uint8_t *random;
    struct bytes session_id;
    unsigned suite, extensions;
    struct bytes protocol;                            /* ALPN: the one chosen */
    struct bytes scts;                                /* with its length */
    unsigned max_fragment, record_size_limit;
};
void write_server_hello(struct wire_out *, const struct server_hello_wishes *);
void write_certificate(struct wire_out *, const struct der *chain, size_t n);
/* curve_type, group and point: what is signed and then stands first in the message. */
void write_ecdh_params(struct wire_out *, unsigned group, const uint8_t *point, size_t n);
void write_dh_params(struct wire_out *, struct bytes p, struct bytes g, const uint8_t *ys, size_t n);
void write_server_key_exchange(struct wire_out *, struct bytes params, unsigned sigalg,
                               const uint8_t *signature, size_t n);
void write_client_key_exchange(struct wire_out *, enum tls_kx, const uint8_t *value_or_secret, size_t n);
void write_finished(struct wire_out *, const uint8_t verify_data[TLS_VERIFY_DATA]);
void write_empty_message(struct wire_out *, enum tls_message_type);

#endif
