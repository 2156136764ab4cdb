/* engine.h - the inside of a struct tls, for the files that make up the engine: tls.c (records in, the
 * table, closing), input.c, flight.c (records out), client.c and server.c (the handlers), tell.c and
 * tell_keys.c (what the trace hears), spoil.c (what a break does to all that). Nobody else includes it. */
#ifndef TLS_ENGINE_H
#define TLS_ENGINE_H

#include "tls/alerts.h"
#include "tls/machine.h"
#include "tls/record.h"
#include "tls/spoil.h"
#include "tls/tls.h"

enum { FLIGHT_RECORDS = 32, WARNINGS_MAX = 4, EMPTY_MAX = 32, TRANSCRIPT_MESSAGES = 16 };

/* Our handshake messages on their way out, one after another, until there is room for them. Those before
 * `ccs_at` go out as they are, then a ChangeCipherSpec, then the rest is sealed. Each record takes as much as
 * it may (16384 octets, or what limit_records says) or what is left, so that the number of the record that a
 * message will lie in is known when it is written: pieces[] has them, told or not. */
struct flight {
    uint8_t *bytes;                                   /* malloc'ed; NULL: nothing is on its way */
    size_t n, room, sent, ccs_at;                     /* ccs_at: NO_CCS, or an offset */
    bool ccs_sent;
    buf_no pieces[FLIGHT_RECORDS];
};
#define NO_CCS SIZE_MAX

/* Octets set aside, in one allocation. */
struct kept { uint8_t *bytes; size_t n, room; };

/* A message that spans records, and where its parts lie. */
struct gather { uint8_t *bytes; size_t n, room; struct span *spans; size_t n_spans, spans_room; };

/* The record at the head of `in`: opened, and not used up. `record.at` is set anew at each call, since
 * rings move. */
struct open_record { struct record record; size_t used; buf_no buf, opened; };

/* What only the handshake needs: wiped and given back as soon as both Finished are through, so that a connection that
 * idles is small. */
struct handshake {
    struct transcript transcript;
    buf_no messages[TRANSCRIPT_MESSAGES];             /* what is in it, for the trace; more are not noted */
    size_t n_messages;
    uint16_t client_version;                          /* as the ClientHello had it: the pre-master secret repeats it */
    struct tls_session session;                       /* what this handshake makes, or takes up again */
    /* client: what its hello had */
    uint8_t offered_id[TLS_SESSION_ID_MAX]; size_t offered_id_n; struct bytes offered_ticket;
    bool ticket_due;                                  /* a NewSessionTicket belongs into this handshake */
    struct kept ticket; uint32_t ticket_hint;         /* client: what it brought */
    bool keeps_messages; struct kept raw;             /* for CertificateVerify: all messages so far */
    bool status_due; struct kept chain;               /* a CertificateStatus may come; till then the chain is kept */
    struct der certificates[X509_CHAIN_MAX]; size_t n_certificates;
    struct kept scts;                                 /* client: what ServerHello brought */
    bool certificate_asked, verify_due;               /* a CertificateVerify is to be sent, or to come */
    struct public_key peer_key;
    const struct tls_identity *identity;              /* the server's choice */
    uint8_t scalar[EXCHANGE_SCALAR_MAX];
    struct bytes peer_value;                          /* client: malloc'ed, from ServerKeyExchange to our own */
    unsigned asked;                                   /* client: the bits of the extensions in its hello */
    uint8_t key_block[TLS_KEY_BLOCK_MAX];
};

struct tls {
    struct tls_config config;
    enum tls_state state, next;
    enum tls_progress progress;
    struct tls_facts facts;
    const struct ground *ended;                       /* why it failed */
    int word;                                         /* the application's alert, where it was that which refused */
    nsec now;
    struct ring *out;                                 /* during a call */
    uint64_t read_at, write_at;                       /* stream offsets of the next record */
    struct sealing reading, writing;
    struct open_record open;                          /* record.n 0: none */
    struct gather gather;
    struct flight flight;
    bool heard, close_due, close_sent, cut_off, worn; /* worn: sealing_worn, and more is to be sent */
    unsigned warnings, empty;                         /* in a row, without progress */

    bool reads13;                                     /* a third reader's, of TLS 1.3: how messages are told */
    struct handshake *shake;                          /* NULL: it is over */
    uint8_t client_random[TLS_RANDOM], server_random[TLS_RANDOM];
    uint8_t session_id[TLS_SESSION_ID_MAX], session_id_n;         /* of the session, once that is agreed on */
    uint16_t verify_sigalg;                           /* of our CertificateVerify */
    size_t send_most, receive_most;                   /* octets of content a record (RFC 8449, RFC 6066 §4) */
    bool limits_plain;                                /* the second kind: of every record */
    bool finished_seen; uint8_t first_finished[TLS_VERIFY_DATA];   /* of this handshake, whoever's: tls-unique */
    size_t sent_fast; nsec sent_at;                   /* since when records grow, and the last one */
    uint8_t master_secret[TLS_MASTER_SECRET];
};

/* flight.c: what goes out. */

/* Room for a message of at most n octets; false: no memory. Then write into *out, then flight_add: into the
 * transcript, told, queued. */
bool flight_room(struct tls *, size_t n, struct wire_out *out, struct fault *why);
bool flight_add(struct tls *, const struct wire_out *, struct fault *why);
/* The next n octets of the flight are a message that goes out. */
void flight_queue(struct tls *, size_t n);
void flight_change_cipher_spec(struct tls *);
/* true: nothing is left; false: `out` has no room now */
bool flight_send(struct tls *);
void flight_end(struct tls *);
/* One record of at most 16384 octets into `out`; false: no room now. `buf` is the number, taken before, of
 * what is sealed (of the record when nothing is sealed), or 0. */
bool send_record(struct tls *, enum tls_content, const void *content, size_t n, buf_no buf);
/* What a record holds at most, ours and the peer's; `plain`: those that are not sealed, too. */
void limit_records(struct tls *, size_t send, size_t receive, bool plain);
size_t record_overhead(const struct tls *);           /* what send_record needs at most beside the content */
bool send_alert(struct tls *, enum tls_alert_level, enum tls_alert);

/* spoil.c: asks t->config.spoil, which is not NULL. */
bool spoil_message(struct tls *, size_t n, struct fault *why);    /* in flight_add's place */
void spoil_before(struct tls *, enum tls_content);
/* The record that lies in the ring, sealed, goes out once more. */
void spoil_again(struct tls *, const struct record *);

/* input.c: what comes in. */
/* TLS_WANTS, TLS_AGAIN (one is open) or TLS_FAILED */
enum tls_says next_record(struct tls *, struct ring *in, struct fault *why);
void close_record(struct tls *, struct ring *in);     /* it is used up */
/* The next message of the open record. TLS_AGAIN: *m is whole; TLS_WANTS: it goes on in the next record. */
enum tls_says next_message(struct tls *, struct ring *in, struct tls_message *m, struct fault *why);
/* The same of an open record that lies anywhere: `fits` judges a message by its header, before its body is there. */
typedef bool message_fits(const struct tls *, struct tls_message_header, struct fault *why);
enum tls_says message_of(struct tls *, const uint8_t *record, message_fits *, struct tls_message *m,
                         struct fault *why);
bool message_is_short(const struct tls *, struct tls_message_header, struct fault *why);
void gather_end(struct tls *);

/* handshake.c: what both roles do alike. */
void add_to_transcript(struct tls *, struct bytes message, buf_no);
/* through ClientKeyExchange; wipes what it is given */
void derive_keys(struct tls *, uint8_t *pre_master_secret, size_t n);

/* key_exchange.c: ECDHE and DHE, by facts.exchange. */
enum { PARAMS_ROOM = 2 + 512 + 2 + 1 + 2 + 512 };     /* p, g and a value of the largest group */
/* a fresh scalar, which is kept; the public value's size */
size_t make_half(struct tls *, uint8_t value[EXCHANGE_PUBLIC_MAX]);
bool value_fits(const struct tls *, struct bytes value, struct fault *why);
/* the scalar and the peer's value to the pre-master secret; its size, 0: refused */
size_t agree_on_secret(struct tls *, struct bytes value, uint8_t secret[EXCHANGE_SECRET_MAX], struct fault *why);
/* what the server says of its half; its size */
size_t make_params(struct tls *, uint8_t params[PARAMS_ROOM]);
/* Has the peer's key signed its parameters and both randoms? RFC 5246 §7.4.3, RFC 8422 §5.4. Told. */
bool params_signed(const struct tls *, const struct server_key_exchange *, struct sign_scheme, struct fault *why);
/* client: which group the server means, and keeps its value */
bool take_params(struct tls *, const struct server_key_exchange *, struct fault *why);
size_t sign_params(struct tls *, struct bytes params, uint8_t signature[SIGNATURE_MAX], struct fault *why);
/* what ServerKeyExchange signs: both randoms and params; its size */
size_t signed_text(const struct tls *, struct bytes params, uint8_t text[2 * TLS_RANDOM + PARAMS_ROOM]);
const char *half_name(const struct tls *);            /* of our scalar: "client_ecdh_scalar", "server_dh_exponent" */
bool sigalg_offered(const struct tls *, unsigned number);

/* choose.c: what the server takes of what a ClientHello offers. */
bool choose_suite(struct tls *, const struct client_hello *, struct fault *why);
/* The extensions of ServerHello that do not depend on a session: bits, protocol and limits, obeyed from now on. */
bool choose_answers(struct tls *, const struct client_hello *, struct server_hello_wishes *, struct fault *why);
bool send_finished(struct tls *, struct fault *why);
bool check_finished(struct tls *, const struct tls_message *, struct fault *why);
bool on_change_cipher_spec(struct tls *, const struct tls_message *, struct fault *why);
bool nothing_to_do(struct tls *, const struct tls_message *, struct fault *why);
void wipe_handshake(struct tls *);                    /* and gives it back */

/* tell.c: all of it silent when config.voice.trace is NULL. */
buf_no tell_number(const struct tls *, char letter);
void tell_record(const struct tls *, bool ours, const struct record *, buf_no, const struct sealing *,
                 uint64_t stream_at);
void tell_opened(const struct tls *, bool ours, const struct record *, buf_no opened, buf_no record,
                 const struct sealing *);
buf_no tell_message(const struct tls *, bool ours, struct bytes whole, const struct span *, size_t n);
void tell_state(const struct tls *, const struct tls_row *, enum tls_state to);
void tell_check(const struct tls *, const char *name, const char *rfc, const char *expected, const char *found,
                bool good);
void tell_certificates(const struct tls *, bool ours, struct bytes whole, buf_no message, struct der *chain,
                       size_t n);

/* tell_keys.c: likewise. */
/* just drawn by make_point, whose point is told beside it */
void tell_scalar(const struct tls *, const uint8_t *value, size_t n);
/* what ServerKeyExchange signs, in a signature algorithm that is spoken here */
void tell_signed_params(const struct tls *, bool ours, struct bytes params, unsigned sigalg,
                        struct bytes signature, bool good);
/* RSA only: what ClientKeyExchange has; the client's also what RSA raised (NULL: a server's) */
void tell_pre_master_secret(const struct tls *, struct bytes secret, struct bytes encrypted,
                            const uint8_t *encoded);
/* a message was added: the digest of all so far */
void tell_transcript(const struct tls *, buf_no message);
/* of the handshake so far; `in` says in words how far that is */
void tell_transcript_hash(const struct tls *, const char *name, const char *rfc, const char *in);
/* session_hash empty: the plain master secret, from the randoms */
void tell_master_secret(const struct tls *, struct bytes pre_master_secret, struct bytes session_hash);
void tell_key_block(const struct tls *);
/* A master secret that came from elsewhere, an earlier connection or a key log: `from` says it in words. */
void tell_known_secret(const struct tls *, const char *rfc, const char *by, const char *from);
/* before the Finished that has it is part of the transcript */
void tell_verify_data(const struct tls *, bool of_server, const uint8_t verify_data[TLS_VERIFY_DATA]);

#endif
