/* watch13.h - the inside of TLS 1.3 in the third reader (watch.h): watch13.c (records, epochs, keys),
 * watch13_messages.c (handshake messages), watch13_hello.c (what both hellos must have in common), tell13.c. Nobody
 * else includes it. */
#ifndef TLS_WATCH13_H
#define TLS_WATCH13_H

#include "tls/messages13.h"
#include "tls/record13.h"
#include "tls/watch_inside.h"

/* By which secret a side seals (RFC 8446 §7.1). */
enum epoch13 { EPOCH_PLAIN, EPOCH_EARLY, EPOCH_HANDSHAKE, EPOCH_APPLICATION };

struct side13 {
    enum epoch13 epoch;
    struct opening open;                              /* suite NULL: no secret for this epoch */
    bool proven;                                      /* a record was opened in this epoch */
    bool suspect;                                     /* the last one was not: the next may be of the next epoch */
    uint64_t missed;                                  /* records of this epoch that went by closed, without a secret */
    bool gap;                                         /* octets are missing: the next record's number is not known */
    uint32_t may;                                     /* 1 << type: which messages may come; 0: nobody can say */
};

struct watch13 {
    const struct tls_suite13 *suite;                  /* NULL: before the ServerHello, or none of the five */
    struct hash transcript, behind;                   /* behind: of the handshake, for what comes after it (§4.4) */
    bool began, broken;                               /* there is a transcript; a message is missing in it */
    bool psk, early_offered, early_taken, requested, post_requested, many_requested;
    uint16_t retry_suite; unsigned asked;             /* of HelloRetryRequest; bits of the ClientHello's extensions */
    bool proven;                                      /* a secret of this connection has opened something */
    struct side13 side[2];
    uint8_t *kept; size_t kept_n;                     /* a record as it came, while several keys are tried */
    unsigned searches;                                /* for the number of a record behind a gap */
    /* records that did not open, before one did; [side]: those that found no place */
    struct watch_fault pending[WATCH_PENDING]; unsigned n_pending, more_pending[2];
};

/* watch13.c */
/* The side seals by the secret of this epoch from its next record on. */
void watch13_epoch(struct tls_watch *, unsigned side, enum epoch13);
/* The side's records are sealed by a new secret, from the next one on (KeyUpdate). */
void watch13_update(struct tls_watch *, unsigned side);
/* NULL: no memory. */
struct watch13 *watch13_state(struct tls_watch *);

/* watch13_hello.c: is what the server chose one of those that were offered? A HelloRetryRequest, too. */
void watch13_judge_hello(struct tls_watch *, const struct server_hello *, bool retry);
void watch13_judge_encrypted(struct tls_watch *, const struct tls_extensions *);
/* "0x1301 TLS_AES_128_GCM_SHA256" */
enum { NUMBER13 = 64 };
char *watch13_number(char out[NUMBER13], unsigned number, const char *words);

/* tell13.c: silent when nobody listens; the reader is w->reader[side] */
void tell_record13(const struct tls *, bool of_server, const struct record *, buf_no, const struct opening *,
                   uint64_t stream_at);
void tell_opened13(const struct tls *, bool of_server, const struct record *, size_t padding, buf_no opened,
                   buf_no record, const struct opening *);
void tell_secret13(const struct tls *, bool of_server, enum epoch13, const struct keylog_secret *,
                   const uint8_t client_random[TLS_RANDOM]);
void tell_keys13(const struct tls *, bool of_server, const struct opening *, bool updated);
void tell_verify_data13(const struct tls *, bool of_server, const struct opening *, const uint8_t *transcript_hash,
                        const uint8_t *verify_data);

#endif
