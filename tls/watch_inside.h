/* watch_inside.h - the inside of a struct tls_watch, for the files that make it up: watch.c (records in, where TLS
 * begins and is found again), watch_notes.c (what is written down), watch_limits.c (how long one may be),
 * watch_messages.c (handshake messages),
 * watch_order.c (whose turn it is), watch_chain.c (certificates), watch_keys.c (where secrets come from, Finished),
 * watch_renegotiation.c, watch_sessions.c, watch_known.c, and watch13*.c (TLS 1.3). Nobody else includes it.
 *
 * Each direction has a `struct tls` that reads it and does nothing else: reader[WATCH_SERVER] is a client that reads
 * what the server sends, reader[WATCH_CLIENT] a server that reads what the client sends. So messages are gathered,
 * secrets derived, records opened, Finished checked and events told by the engine's own text. They have one handshake
 * (`shake`) between them: the transcript is the same for both. What both must know (randoms, suite, master secret) is
 * written to both. Neither ever goes through the machine's table, whose handlers would answer: order is judged by the
 * table's rows alone (watch_step).
 *
 * TLS 1.3: when a ServerHello says 0x0304 in supported_versions (a HelloRetryRequest does, too), watch.c adds it to the
 * transcript and calls watch13_hello; from then on each whole record of both sides goes to watch13_record. Where that
 * finds a record to be plain it hands it back by watch_content, as it does with what it has opened; handshake messages
 * of opened records then come back one by one to watch13_message. */
#ifndef TLS_WATCH_INSIDE_H
#define TLS_WATCH_INSIDE_H

#include "tls/handlers.h"
#include "tls/messages13.h"
#include "tls/watch.h"

enum { WATCH_RAW = 140000,                            /* octets of a handshake, kept until CertificateVerify */
       WATCH_PENDING = 4 };                           /* records that did not open, before one did */
/* Messages that facts points to. */
enum watch_held { HELD_CLIENT_HELLO, HELD_SERVER_HELLO, HELD_CERTIFICATE, HELD_REQUEST, HELD_STATUS,
                  HELD_CLIENT_CERTIFICATE, WATCH_HELD };

struct watch_side {
    uint64_t records;                                 /* so far; the one at hand counts */
    uint32_t may;                                     /* states of its machine, as bits, that it may be in */
    bool other, lost, begun;                          /* no TLS; its place in the octets is lost; a record was seen */
    uint64_t skipped;                                 /* octets, since it is lost */
    bool sealed, keyed;                               /* ChangeCipherSpec came; there are keys for what follows */
    uint64_t since;                                   /* records sealed by these keys, opened or not */
    bool gap, guess;                                  /* octets were missing; the next record's number is unsure */
    uint64_t nonce, nonce_at; bool has_nonce;         /* of the last record opened, and its number */
    bool connected;                                   /* its Finished came, in whatever form */
    struct watch_moment began; uint64_t began_in;     /* the message that is being gathered, and the record */
    size_t waiting, waits_for;                        /* octets at hand of a record that is not whole, and its size */
    bool ends_within;                                 /* another record ends where those octets end */
    bool refused;                                     /* the last record did not open */
    uint8_t long_said;                                /* a record longer than agreed was named: bit 0 plain, 1 sealed */
    unsigned guessed;                                 /* records in a row whose number was guessed in vain */
};

/* RFC 5746 §3.1: of the handshake that came last. */
struct watch_binding { uint8_t verify_data[2][TLS_VERIFY_DATA]; bool known[2], offered, client_bound; };

/* Octets of a record; 0: as many as there may be. size: of [side]'s sealed ones; next: from its next keys on. */
struct watch_limits { unsigned asked_size, asked_fragment, fragment, size[2], next[2]; };

struct tls_watch {
    struct watch_config config;
    struct watch_facts facts;
    struct tls reader[2];                             /* [side]: who reads what this side sends */
    struct handshake shake;                           /* both readers' */
    struct watch_side side[2];
    struct kept held[WATCH_HELD];
    struct watch_moment moment;
    const struct watch_moment *now;                   /* the record at hand came then: &moment */

    /* of the handshake that is under way */
    bool hello_seen, offers_1_3, server_hello_seen, done_seen, echoed, ticket_offered, client_showed, over;
    bool full, judged;                                /* not resumed; the chain was */
    uint64_t certificate_in;                          /* the server's record with its chain; 0: not here (TLS 1.3) */
    bool torn, ssl2;                                  /* octets of it are missing; the hello has SSL 2's form */
    unsigned client_extensions; bool scsv;
    uint16_t offered_sigalgs[64]; size_t n_offered_sigalgs;        /* of ClientHello */
    uint16_t asked_sigalgs[64]; size_t n_asked_sigalgs;            /* of CertificateRequest */
    uint8_t offered_id[TLS_SESSION_ID_MAX]; size_t offered_id_n;
    struct kept offered_ticket;
    bool master_known, proven;                        /* a secret was found; a record was opened by it */
    bool unspoken;                                    /* version, suite or compression: never opened */
    bool late, key_tried, settled;                    /* records went by unread; --server-key was; watch_settle was */
    bool ske_bad;                                     /* ServerKeyExchange's signature does not verify */
    uint8_t expected[TLS_VERIFY_DATA]; bool expects;  /* of a client's Finished that could not be opened */
    struct public_key client_key;
    unsigned handshakes;                              /* ClientHellos that began one; over 1: renegotiation */
    struct watch_fault pending[WATCH_PENDING]; size_t n_pending, more_pending;
    struct watch_binding binding;
    struct watch_limits limits;
    struct watch13 *thirteen;                         /* watch13's own; NULL until it makes it */
};

/* The key exchange is one whose messages nobody takes apart: a key log alone brings the secret. */
static inline bool watch_other_exchange(const struct tls_watch *w)
{
    return w->facts.suite && w->facts.suite->kx == TLS_KX_OTHER;
}

/* watch.c, watch_notes.c */
/* A record that is plain, or opened (record->content, content_n; type: the inner one): alerts are noted,
 * ChangeCipherSpec obeyed (TLS 1.2), handshake messages gathered and taken one by one, application data shown in *r.
 * Sealed: it was. */
enum watch_says watch_content(struct tls_watch *, unsigned side, const struct record *, bool sealed,
                              struct watch_record *r);
/* The record at hand stays closed, or was refused. */
void watch_closed(struct tls_watch *, unsigned side, unsigned type);
void watch_fault(struct tls_watch *, enum watch_what, unsigned side, unsigned message, const struct fault *);
/* The first reason stays, but WATCH_SEES. */
void watch_blinded(struct tls_watch *, enum watch_blind);
void watch_alert(struct tls_watch *, unsigned side, unsigned level, unsigned description, bool sealed);
/* Into facts.messages. */
void watch_note(struct tls_watch *, unsigned side, unsigned type, size_t n, bool sealed);
struct voice *watch_voice(struct tls_watch *, unsigned side);      /* of who reads this side */
/* What facts points to; the first of its kind stays. */
void watch_hold(struct tls_watch *, enum watch_held, struct bytes message, struct bytes *fact);

/* watch_messages.c */
void watch_message(struct tls_watch *, unsigned side, const struct tls_message *, bool sealed);
void watch_change_cipher_spec(struct tls_watch *, unsigned side);

/* watch_limits.c: what a ClientHello asks for, what ServerHello or EncryptedExtensions answers; this side's next
 * records are sealed by new keys; is this one too long (content_n; of TLS 1.3 opened_n)? */
void watch_limits_asked(struct tls_watch *, const struct tls_extensions *);
void watch_limits_agreed(struct tls_watch *, const struct tls_extensions *);
void watch_limits_begin(struct tls_watch *, unsigned side);
void watch_limits_judge(struct tls_watch *, unsigned side, const struct record *, bool sealed);

/* watch_order.c */
static inline uint32_t watch_bit(enum tls_state state) { return (uint32_t)1 << state; }
/* What the rows of this side's machine say of a message (or ChangeCipherSpec, application data). False: it may not come
 * now; that is noted, and the order is taken up again behind it. */
bool watch_step(struct tls_watch *, unsigned side, unsigned type);
/* Every state in which that may come, leads where? 0: nowhere. */
uint32_t watch_next_states(bool server, uint32_t may, unsigned type, const struct tls_row **row);
/* Of the states that a side may be in, those that what the other side said leaves. */
void watch_narrow(struct tls_watch *, unsigned side, uint32_t to);

/* watch_chain.c */
void watch_certificate(struct tls_watch *, unsigned side, const struct tls_message *);
/* Judges the server's chain that is kept, with the OCSP response that came with it (n 0: none). Once. */
void watch_judge(struct tls_watch *, struct bytes response);
/* A server's chain by itself (TLS 1.3, whose Certificate has another form): tells it, judges it, fills facts.chain_*,
 * facts.leaf*; the leaf's key goes to shake.peer_key. key_usage as in x509_ask. */
void watch_judge_chain(struct tls_watch *, const struct der *chain, size_t n, struct bytes response,
                       unsigned key_usage);
/* A client's, n > 0: fills facts.client_chain; the leaf's key goes to client_key. */
void watch_judge_client(struct tls_watch *, const struct der *chain, size_t n);

/* watch_keys.c */
/* A master secret, by whatever way there is; then the keys of both directions. False: there is none (yet); facts.blind
 * says why. */
bool watch_find_keys(struct tls_watch *);
void watch_client_key_exchange(struct tls_watch *, struct bytes exchange);
void watch_finished(struct tls_watch *, unsigned side, const struct tls_message *);
/* The keys for this side's next record, if they can be had now. */
void watch_start_keys(struct tls_watch *, unsigned side);
/* A sealed record of TLS 1.2: opened in place or not. */
bool watch_open_record(struct tls_watch *, unsigned side, struct record *);
/* One that cannot even be tried. */
void watch_skip(struct tls_watch *, unsigned side);
/* Nothing more will open: which message is to blame? */
void watch_settle(struct tls_watch *);

/* watch_renegotiation.c: what hellos say of the handshake before them, and what that one's Finished said. */
void watch_bind_client(struct tls_watch *, const struct client_hello *);
void watch_bind_server(struct tls_watch *, const struct server_hello *);
void watch_bind_finished(struct tls_watch *, unsigned side, const uint8_t verify_data[TLS_VERIFY_DATA]);

/* watch_known.c */
struct watch_judgement {
    bool holds; struct fault why; struct public_key key;          /* kind KEY_NONE: the leaf cannot be read */
    bool leaf_read, must_staple, self_signed; nsec from, until;   /* of the leaf */
    char leaf[sizeof ((struct watch_facts *)0)->leaf], issuer[sizeof ((struct watch_facts *)0)->issuer];
};
bool watch_known_find(const struct watch_known *, const struct x509_ask *, const struct der *chain, size_t n,
                      struct watch_judgement *);
void watch_known_put(struct watch_known *, const struct x509_ask *, const struct der *chain, size_t n,
                     const struct watch_judgement *);

/* watch_sessions.c */
struct watch_session { uint8_t master_secret[TLS_MASTER_SECRET]; bool extended_master_secret; };
void watch_sessions_put(struct watch_sessions *, bool ticket, struct bytes name, const struct watch_session *);
bool watch_sessions_find(const struct watch_sessions *, bool ticket, struct bytes name, struct watch_session *);

/* watch13*.c: TLS 1.3. */
/* A ServerHello or HelloRetryRequest of TLS 1.3 came. shake.transcript has all messages so far (both hashes:
 * transcript_hash for either), shake.raw their octets; facts.client_random, server_random, suite_number are set. */
void watch13_hello(struct tls_watch *, const struct server_hello *, const struct tls_message *);
/* A whole record of either side, which lies at record->at (n octets, header and all; type as the header says). Opens it
 * in place if there is a key, and says watch_content or watch_closed of it. *r has used and type set. Told by the one
 * that does the opening. */
enum watch_says watch13_record(struct tls_watch *, unsigned side, struct record *, struct watch_record *r);
/* A handshake message of an opened record. */
void watch13_message(struct tls_watch *, unsigned side, const struct tls_message *);
/* Octets of this side are missing: record numbers are not known any more. */
void watch13_gap(struct tls_watch *, unsigned side);
size_t watch13_memory(const struct tls_watch *);      /* octets that it takes */
void watch13_end(struct tls_watch *);                 /* wipes, gives back; thirteen may be NULL */

#endif
