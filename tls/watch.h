/* watch.h - the third reader of TLS: both directions of a connection between two others, read by the same parsers, key
 * schedule and record layer as our own engines use, and answered by nobody.
 *
 * Whoever has the octets in order (net/flow.h) hands in each side's, a record at a time:
 *
 *     switch (watch_take(w, side, octets, n, &moment, &r)) {
 *     case WATCH_WANTS:   the record is not whole yet
 *     case WATCH_RECORD:  r.used octets were one record, opened in place if there was a key; r says what it was
 *     case WATCH_OTHER:   what this side says is no TLS (r.used 0)
 *     case WATCH_BLIND:   nothing more can be read of this side (watch_facts: why); drop its octets
 *     }
 *
 * It never fails: what is wrong with a connection is what it is there to tell. All it finds stands in watch_facts:
 * what was offered and agreed, each Finished recomputed, each tag and MAC, signatures, the chain judged at the time of
 * the capture, the order of messages, alerts; with the packets. TLS 1.2 whole; of TLS 1.3 (RFC 8446) hellos and all
 * that is plain, and with a key log its records (all five suites) and both Finished; older versions by name.
 *
 * With a trace it tells the same events as an engine does that reads this side. Memory: TLS_WATCH_MEMORY at most. */
#ifndef TLS_WATCH_H
#define TLS_WATCH_H

#include "crypto/sign.h"
#include "tls/alerts.h"
#include "tls/keylog.h"
#include "tls/messages.h"
#include "tls/record.h"
#include "tls/suites.h"
#include "tls/x509/verify.h"
#include "trace/trace.h"

enum { WATCH_CLIENT = 0, WATCH_SERVER = 1, WATCH_ALERTS = 4, WATCH_MESSAGES = 40, WATCH_FAULTS = 8,
       WATCH_SEEN = 40, WATCH_LATE_SEEN = 8,
       TLS_WATCH_MEMORY = 1800000 };

/* Two that are shared by all connections of a capture, and owned by who made them. What earlier connections leave to be
 * resumed: */
struct watch_sessions;
struct watch_sessions *watch_sessions_new(void);
void watch_sessions_free(struct watch_sessions *);    /* wipes */
/* and chains that were judged, for connections that have the same trust and the same cpu: */
struct watch_known;
struct watch_known *watch_known_new(void);            /* NULL: no memory, and all is judged anew */
void watch_known_free(struct watch_known *);

struct watch_config {
    const struct keylog *keylog;                      /* NULL: none was given */
    const struct private_key *server_keys; size_t n_server_keys;               /* for the RSA key exchange */
    const struct x509_store *trust;                   /* NULL: an unknown root is said, and nothing held against it */
    const struct x509_store *untrusted;
    struct watch_sessions *sessions;                  /* NULL: none */
    struct watch_known *known;                        /* NULL: none */
    const struct cpu *cpu;
    struct voice voice[2];                            /* of who *reads*: [side] reads what the other side sent */
    buf_no stream[2];                                 /* [side]: of what this side sends */
    uint64_t at[2];                                   /* stream offset at which TLS begins (a STARTTLS, a proxy) */
    bool in_the_middle;                               /* no ClientHello is to be expected */
};

struct watch_moment { uint64_t first, packet; nsec at; };         /* packets with the record's first and last octet */

struct watch_record {
    size_t used;                                      /* octets, header included */
    unsigned type; bool sealed, opened;               /* opened: or it was plain */
    struct bytes content;                             /* in the octets handed in; n 0 unless opened */
    struct span where;                                /* of content, for the trace */
};
enum watch_says { WATCH_WANTS, WATCH_RECORD, WATCH_OTHER, WATCH_BLIND };

/* Something that does not hold. What: "record", "finished", "signature", "chain", "order", "message". */
enum watch_what { WATCH_BAD_RECORD, WATCH_BAD_FINISHED, WATCH_BAD_SIGNATURE, WATCH_BAD_CHAIN, WATCH_BAD_ORDER,
                  WATCH_BAD_MESSAGE };
struct watch_fault {
    enum watch_what what; unsigned side;
    uint64_t record;                                  /* the side's n-th, from 1 */
    uint64_t packet;
    unsigned message;                                 /* enum tls_message_type, where it is one */
    struct fault fault;
};

/* Why records stay closed, for the doctor. */
enum watch_blind {
    WATCH_SEES,                                       /* nothing sealed yet, or it is opened */
    WATCH_NO_KEYLOG,                                  /* neither key log nor key was given */
    WATCH_NO_LINE,                                    /* the key log has no line for this client random */
    WATCH_LATE,                                       /* it has, but behind the packet that needs it (key_after) */
    WATCH_SUITE,                                      /* a suite that is not spoken here (facts.suite_number) */
    WATCH_VERSION,                                    /* SSL 3.0, TLS 1.0, 1.1 */
    WATCH_MIDDLE,                                     /* the handshake is not in the capture */
    WATCH_GAP,                                        /* octets are missing (watch_gap) */
    WATCH_KEY_USELESS,                                /* --server-key was given, and the exchange is (EC)DHE */
    WATCH_KEY_OTHER,                                  /* --server-key is not the certificate's */
    WATCH_WRONG_KEY,                                  /* there is a secret, and it does not open the first record */
    WATCH_OFFENDED                                    /* a message broke off the reading: faults[] */
};
enum watch_key_from { WATCH_KEY_NONE, WATCH_KEY_LOG, WATCH_KEY_RSA_LOG, WATCH_KEY_SERVER, WATCH_KEY_SESSION };

struct watch_message { unsigned type, side; uint64_t packet, first; nsec at; uint32_t n; bool sealed; };
struct watch_alert { unsigned side; unsigned level, description; uint64_t packet; nsec at; bool sealed; };
                                                      /* sealed, and not opened: level and description are 0 */
/* A record as it lay in the stream: n is what its header says. */
struct watch_seen { uint8_t side, type; bool sealed; uint16_t n; uint64_t packet; nsec at; };
struct watch_finished { bool seen, verified, checked; uint64_t packet; };     /* checked: keys allowed it */
/* The chain that a client showed (RFC 5246 §7.4.6, RFC 8446 §4.4.2), judged at the time of the capture for clientAuth
 * (RFC 5280 §4.2.1.12). Whom a server trusts for that, it alone knows: without watch_config.trust only octets that are
 * not those that were signed, or no certificate, are a fault; all else stands here. */
struct watch_client_chain {
    bool judged, holds, trusted;                      /* trusted: there was somebody to trust */
    struct fault fault;                               /* why it does not hold */
    char leaf[X509_NAME_TEXT], issuer[X509_NAME_TEXT];
    nsec from, until; uint64_t packet;
};
/* A Certificate that came compressed (RFC 8879): nobody here unpacks it, so its chain is not judged, nor what is
 * signed by its key. algorithm: 1 zlib, 2 brotli, 3 zstd; length: what it says to be once unpacked. packet 0: none. */
struct watch_compressed { uint64_t packet; unsigned algorithm; uint32_t octets, length; };
struct watch_records { uint64_t n, sealed, opened, refused; uint64_t octets; };

struct watch_facts {
    bool tls;                                         /* a record of TLS was seen on either side */
    uint16_t version;                                 /* agreed, 0x0303; 0: not yet. 0x0304 for TLS 1.3 */
    uint16_t suite_number; const struct tls_suite *suite;         /* suite: NULL: TLS 1.3's, or not spoken here */
    uint16_t group, sigalg;
    bool resumed, resumed_by_ticket, extended_master_secret, encrypt_then_mac, hello_retry;
    /* handshakes within the first (RFC 5246 §7.4.1.1). Secure: both said so in the first one (RFC 5746 §3.4); bound: so
     * many said truly in both hellos which one they follow, as far as the keys show it */
    unsigned renegotiations, renegotiations_bound; bool secure_renegotiation;
    /* octets of content that a record of [side] may have, where both agreed on less (RFC 8449, RFC 6066 §4); 0: 2^14 */
    unsigned record_limit[2];
    bool client_asked, client_sent_certificate;       /* CertificateRequest; a certificate came (not an empty list) */
    /* hellos as they were sent, whole messages (the first of each; NULL: none), to be read again by who wants to know
     * more: read_client_hello, read_server_hello. Held while the watch lives. */
    struct bytes client_hello, server_hello, certificate, certificate_request;
    struct bytes certificate_status, client_certificate;
    struct watch_moment client_hello_at, server_hello_at, certificate_at, connected_at;
    uint32_t hello_wanted, hello_has;                 /* a ClientHello that is not whole: octets it says, that came */
    char sni[256]; char protocol[64];                 /* SNI; ALPN as agreed */
    bool staple_asked, stapled;
    bool chain_seen, chain_judged, chain_holds, chain_trusted;    /* trusted: there was somebody to trust */
    /* why it does not hold; x509.unknown_root without trust: said */
    struct fault chain_fault;
    char leaf[X509_NAME_TEXT], issuer[X509_NAME_TEXT];
    nsec leaf_from, leaf_until; bool must_staple, self_signed;
    struct watch_client_chain client_chain;
    struct watch_compressed compressed[2];            /* [side] */
    /* the server's signature, of ServerKeyExchange or TLS 1.3's CertificateVerify; that of the client's */
    bool ske_checked, ske_good, verify_checked, verify_good;
    struct watch_finished finished[2];
    struct watch_records records[2];
    /* the first ones of both sides, in order of time, and the latest (the n-th stands at n % WATCH_LATE_SEEN) */
    struct watch_seen seen[WATCH_SEEN], late[WATCH_LATE_SEEN]; uint64_t n_seen;
    uint32_t cut_wanted[2], cut_has[2];               /* a record that its side ended within: says, came */
    /* handshake, in order; the first ones */
    struct watch_message messages[WATCH_MESSAGES]; unsigned n_messages;
    struct watch_alert alerts[WATCH_ALERTS]; unsigned n_alerts;
    bool close_notify[2];
    struct watch_fault faults[WATCH_FAULTS]; unsigned n_faults, more_faults;
    enum watch_blind blind; uint64_t blind_packet, key_after; enum watch_key_from key_from;
    /* what stands where TLS should: its first octets, as text or hex */
    char plain[2][64];
    uint8_t client_random[TLS_RANDOM], server_random[TLS_RANDOM];
};

struct tls_watch;
struct tls_watch *watch_new(const struct watch_config *);         /* NULL: no memory */
void watch_free(struct tls_watch *);                  /* wipes */
enum watch_says watch_take(struct tls_watch *, unsigned side, uint8_t *octets, size_t n, const struct watch_moment *,
                           struct watch_record *);
/* The next octets of this side lie n further on (0: nobody knows how far): those that watch_take wanted more of are
 * given up, and some are missing in the capture. It may find its way again at a record. */
void watch_gap(struct tls_watch *, unsigned side, uint64_t n, uint64_t packet);
/* This side's TLS begins later than watch_new was told. */
void watch_begins(struct tls_watch *, unsigned side, uint64_t at);
/* The side's octets are at their end. */
void watch_ended(struct tls_watch *, unsigned side);
const struct watch_facts *watch_facts(const struct tls_watch *);
size_t watch_memory(const struct tls_watch *);        /* octets that it takes by now */
/* The master secret by which a connection of TLS 1.2 is opened, whatever it was found by: who writes a key log line of
 * it makes the capture one that others can open. False: there is none, or the handshake is over. The caller wipes
 * it. */
bool watch_master(const struct tls_watch *, uint8_t master[TLS_MASTER_SECRET]);

#endif
