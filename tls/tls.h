/* tls.h - a TLS 1.2 connection, either end, as an engine without I/O (RFC 5246, 8422, 5288, 7905, 7627,
 * 5746).
 *
 * The octets that came lie in a ring `in`, those to be sent go to a ring `out`; the engine opens records
 * in place in `in` and seals them straight into `out`. It knows no socket, no clock (now is handed in) and
 * no randomness (a chance is). Use:
 *
 *     struct tls *t = tls_new(&config, now, &why);           a client's ClientHello goes out with the first tls_receive
 *     for (;;) switch (tls_receive(t, in, out, now, &why)) {
 *     case TLS_AGAIN:  continue;                             one message was handled; tls_progress tells how far we are
 *     case TLS_WANTS:  wait until more octets are in `in`;   (send what is in `out`)
 *     case TLS_DATA:   b = tls_peek(t, in); use it; tls_consume(t, in, b.n); continue;
 *     case TLS_CLOSED: the peer has said close_notify;
 *     case TLS_FAILED: why says it all; an alert, if one is due, lies in `out`: send it, then close
 *     }
 *
 * After TLS_FAILED the engine only says TLS_FAILED. tls_send may be called once tls_progress is
 * TLS_CONNECTED. What does not fit into `out` (a flight, an alert) waits for the next call: call
 * tls_receive again when `out` has room. `in` must be able to hold TLS_RECORD_ROOM octets, `out` should.
 * Memory: one allocation that stays, of TLS_MEMORY_IDLE octets at most, and none once the handshake is over, however
 * much goes to and fro. During the handshake there are some more: for its state, for our flight, for a message that
 * spans records (at most TLS_MESSAGE_MAX, the longest ClientHello that its lengths allow; a peer gets it as it sends
 * it, twice what came at most), and where a client's certificate or a stapled response is due, for the messages so
 * far and the chain. Whatever a peer does, that is never more than TLS_MEMORY_MAX altogether. The rings are the
 * caller's, and so is a store of sessions (session.h), which many connections share. All that the config points to
 * is not owned and outlives the engine. */
#ifndef TLS_TLS_H
#define TLS_TLS_H

#include "crypto/chance.h"
#include "tls/application.h"
#include "tls/session.h"
#include "tls/suites.h"
#include "tls/ticket.h"
#include "tls/x509/verify.h"
#include "trace/ring.h"

enum { TLS_RECORD_MAX = 16384, TLS_RECORD_ROOM = 5 + 16384 + 2048, TLS_MESSAGE_MAX = 131400, TLS_RECORD_LIMIT_MIN = 64,
       TLS_ANCHOR_NAME = 200, TLS_MEMORY_IDLE = 4608, TLS_MEMORY_MAX = 860000 };

struct tls_identity {                                  /* what a server shows */
    const struct der *chain; size_t n;                 /* leaf first */
    const struct private_key *key;
    /* The leaf, read: then it is shown to who asks for a name of its own, and to others only where no identity fits
     * better. NULL: for every name. */
    const struct x509_cert *leaf;
    struct bytes staple;                               /* an OCSP response in DER, for clients that ask; n 0: none */
    struct bytes scts;                                /* likewise a SignedCertificateTimestampList (RFC 6962 §3.3) */
};

/* The server's wish: none is asked for; one is, and may be missing; without one the handshake fails. */
enum tls_client_certificate { TLS_CLIENT_NONE, TLS_CLIENT_ASK, TLS_CLIENT_REQUIRE };

struct tls_spoil;                                      /* spoil.h */

struct tls_config {
    bool server;
    /* In order of preference; the client offers these, the server chooses by its own order or (client_order) by the
     * client's. Of the groups only those are offered that a suite has use for. */
    const struct tls_suite *const *suites; size_t n_suites;         /* n 0: tls_usual_suites */
    const uint16_t *groups; size_t n_groups;                        /* n 0: tls_groups */
    const uint16_t *sigalgs; size_t n_sigalgs;         /* likewise; n 0: the first tls_n_sigalgs of tls_sigalgs */
    /* For signatures of ours alone, where it is another list; n 0: sigalgs. */
    const uint16_t *sign_sigalgs; size_t n_sign_sigalgs;
    bool client_order;
    /* Server, by its own order: n_suites numbers. Neighbours with the same one are as dear to it as each other, and the
     * client's order decides among them (whoever has no instructions for AES puts ChaCha20 first). NULL: none are. */
    const uint8_t *suite_ranks;
    /* Signatures with SHA-1 may be made for and taken from who knows nothing better (RFC 5246 §7.4.1.4.1). */
    bool legacy;
    /* ALPN (RFC 7301): in order of preference. A server with some refuses a client that asks for none of them. */
    const char *const *protocols; size_t n_protocols;
    bool encrypt_then_mac;                             /* offered, answered (RFC 7366): suites with CBC alone */
    /* RFC 8449: the largest record that we take, 64 to 16384. A client with 0 does not say; a server answers with 16384
     * then. RFC 6066 §4, client: the code, 1 to 4, of 2^9 to 2^12 octets; 0: not asked for. */
    uint16_t record_size_limit; uint8_t max_fragment;
    uint16_t send_limit;                               /* no record of ours has more octets; 0: what the peer takes */
    bool grease;                                       /* client: with values that mean nothing (RFC 8701) */
    /* client: a try with a newer version than this engine's has failed before (RFC 7507 §4) */
    bool fallback;
    /* Client: SNI and the name the certificate must have (A-label); NULL for a server. When host is an
     * address, ip has its octets (n 0 otherwise), and there is no SNI (RFC 6066 §3). */
    const char *host;
    struct bytes ip;
    const struct x509_store *trust;                    /* client */
    bool insecure;                                     /* client: the verdict is told but obeyed not (-k) */
    /* client: the sealed world, where the classroom CA may be believed (verify.h) */
    bool classroom;
    /* What is resumed later. The client's: offered if it fits, then replaced by what this handshake leaves (suite 0:
     * nothing). The server's, shared by its connections: a store of ids, and the keys of tickets. Each may be NULL. */
    struct tls_resumable *session;
    struct tls_sessions *sessions;
    struct tls_tickets *tickets;
    /* Server: is the client asked who it is, and who vouches for it (NULL: it must have its key, no more)? */
    enum tls_client_certificate client_certificate;
    const struct x509_store *client_trust;
    /* Whose names CertificateRequest lists, where those are others; NULL: client_trust's. */
    const struct x509_store *client_names;
    bool ask_ocsp;                                     /* client: a stapled OCSP response is asked for */
    bool ask_scts;                                    /* client: and proofs that logs know of the certificate */
    const struct tls_application *application;        /* what it is asked: application.h; NULL: nothing */
    /* Who asks to negotiate again hears no_renegotiation and may go on (RFC 5246 §7.2.2); true: hears it as a fatal
     * alert, since it asked for what it cannot have. */
    bool renegotiation_ends;
    bool exporter;                                     /* keeps the master secret, for tls_export */
    const struct tls_identity *identities; size_t n_identities;    /* server: the first that fits */
    struct chance *chance;                             /* this connection's */
    const struct cpu *cpu;                             /* whose instructions may be used; NULL: portable code alone */
    struct voice voice;
    buf_no reads, writes;                              /* the trace's streams of this connection */
    uint64_t read_at, write_at;                        /* stream offsets at which TLS begins (0) */
    const struct tls_spoil *spoil;                     /* NULL but for a break in the sealed world: spoil.h */
};

enum tls_says { TLS_WANTS, TLS_AGAIN, TLS_DATA, TLS_CLOSED, TLS_FAILED };
enum tls_progress { TLS_START, TLS_HELLO_SENT, TLS_HELLO_DONE, TLS_CERTIFICATE_DONE, TLS_KEYS_DONE, TLS_CONNECTED };

struct tls;
/* NULL: no memory, or a config that cannot work. */
struct tls  *tls_new(const struct tls_config *, nsec now, struct fault *why);
void         tls_free(struct tls *);                  /* wipes */
enum tls_says tls_receive(struct tls *, struct ring *in, struct ring *out, nsec now, struct fault *why);
/* The opened application data, in the ring (n 0: none), and where that lies: the opened record's buffer,
 * and in it the offset of the first octet of tls_peek. */
struct bytes tls_peek(struct tls *, struct ring *in);
struct span  tls_where(const struct tls *);
void         tls_consume(struct tls *, struct ring *in, size_t n);
/* Seals at most one record of application data. Returns octets taken (0: no room now, not connected, or the key has
 * sealed as many as it may, RFC 9325 §4.4: then the next tls_receive fails by tls.key_worn);
 * *where (may be NULL) is their place in the opened form of that record. */
size_t       tls_send(struct tls *, struct ring *out, const void *bytes, size_t n, struct span *where);
/* Where the next record's content will lie in `out`, for who would rather write it there than have it copied: at most
 * n octets, which tls_send is then given as they are (the place, and how many), and seals in place. n 0: no room now.
 * Holds until the next call that changes the ring; who then has nothing to send says ring_commit(out, 0). */
struct room  tls_reserve(struct tls *, struct ring *out);
/* A break wants the connection to end here, with what was to be sent unsent. Nobody else does. */
bool         tls_cut_off(const struct tls *);
/* Sends close_notify, once; nothing can be sent afterwards. */
void         tls_close(struct tls *, struct ring *out);
/* Ends it with a fatal alert of the application's own, by its number; the session is not resumed any more (RFC 5246
 * §7.2.2). From now on tls_receive says TLS_FAILED, with tls.aborted. */
void         tls_abort(struct tls *, struct ring *out, unsigned alert);
/* The carrier's octets are at their end: false unless close_notify came. Then *why is tls.truncated, or
 * tls.handshake_cut when the handshake was not over. */
bool         tls_peer_ended(struct tls *, struct fault *why);

enum tls_progress tls_progress(const struct tls *);
const char  *tls_state_name(const struct tls *);      /* of the machine: "WAIT_SERVER_HELLO" */
/* What was agreed, for the story; valid from TLS_HELLO_DONE on as far as known. */
struct tls_facts {
    const struct tls_suite *suite; uint16_t group, sigalg;
    bool extended_master_secret, encrypt_then_mac, close_received;
    size_t stapled, scts;                             /* octets of the OCSP response, of the SCTs that came along */
    bool resumed, ticket;                             /* an earlier session; a new ticket was given or got */
    bool client_known; uint8_t client[TLS_CERTIFICATE_DIGEST];     /* SHA-256 of the client's certificate */
    enum exchange exchange;                           /* EXCHANGE_NONE: RSA */
    const char *protocol;                             /* of ours, by ALPN; NULL: none */
    char leaf[X509_NAME_TEXT], anchor[TLS_ANCHOR_NAME]; unsigned chain_sent; size_t verify_data_n;
};
const struct tls_facts *tls_facts_of(const struct tls *);
/* RFC 5705: n octets that both ends of this connection make alike, and nobody else can; context NULL: none (which is
 * another value than an empty one; at most 1024 octets). False, and nothing is written: not connected, config.exporter
 * was not set, or without the extended master secret (RFC 7627 §5.4). */
bool tls_export(const struct tls *, const char *label, const void *context, size_t context_n, void *out, size_t n);
/* RFC 5929 §3.1: the first Finished of the handshake, for who binds an application's login to this connection. False:
 * not connected, or without the extended master secret, as above. */
enum { TLS_UNIQUE = 12 };
bool tls_unique(const struct tls *, uint8_t out[TLS_UNIQUE]);
const char  *tls_alert_words(unsigned number);        /* "certificate_expired"; NULL: no such alert */

#endif
