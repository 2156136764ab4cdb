/* spoil.h - what one end of a sealed visit does wrong on purpose: the one hook for breaks and labs.
 *
 * The engine asks a `struct tls_spoil` at a few points of its way out, and knows nothing of what is spoiled and
 * why. It is NULL for everybody but the ends of a sealed visit with a break: http/sealed_visit.c alone sets it,
 * http/break_*.c have the implementations, and tests/house/spoil.sh sees to it that nothing live can. What comes
 * in is never spoiled: an end that lies is enough, and the end that listens stays the engine that everybody uses.
 *
 * Any function may be NULL. They are called in this order, each before what it speaks of is told to the trace: so
 * the trace tells what really goes out, and both ends' transcripts have what really was sent. `self` is the
 * maker's, which outlives the engine.
 *
 *     message, behind      a handshake message of ours is written; not yet queued, told, hashed
 *     point                our half of an ECDHE exchange is made; not yet signed or sent
 *     params               the server's parameters are written; not yet signed
 *     secret               the client's pre-master secret is made; not yet encrypted (RSA key exchange)
 *     before               a record is about to be written: others may go first
 *     dressed              it has header, MAC and padding; not yet sealed
 *     sealed               it is sealed; not yet sent
 *     data                 so many octets of application data are to be sent
 *     close                close_notify is to be said */
#ifndef TLS_SPOIL_H
#define TLS_SPOIL_H

#include "tls/record.h"

/* A record in place of, or in front of, an honest one. */
struct tls_extra { enum tls_content type; const uint8_t *content; size_t n; };

struct tls_spoil {
    void *self;
    /* The message, header included, has *n octets and room for `room`: may be changed in place. False: it is
     * never sent. */
    bool (*message)(void *self, uint8_t *message, size_t *n, size_t room);
    /* A message to go behind that one; asked again until it says false. */
    bool (*behind)(void *self, struct bytes *message);
    void (*point)(void *self, unsigned group, uint8_t *point, size_t n);
    /* As above: *n octets, room for `room`. */
    void (*params)(void *self, uint8_t *params, size_t *n, size_t room);
    /* What is encrypted in the secret's place: the keys are still made from the secret. */
    void (*secret)(void *self, uint8_t secret[TLS_PRE_MASTER_SECRET]);
    /* A record to go before the next, which is of `type`; sealed as that one would be. Asked again until it says
     * false. One for which there is no room now is not sent. */
    bool (*before)(void *self, enum tls_content type, bool is_sealed, struct tls_extra *extra);
    /* False: the record is never sent, and our sequence number stays. */
    bool (*dressed)(void *self, struct record *);
    /* How often it goes out: 1. At 0 the sequence number has gone on all the same. */
    unsigned (*sealed)(void *self, struct record *);
    /* How many of n octets may be sent now. 0: the end of this connection, without a word more (tls_cut_off). */
    size_t (*data)(void *self, size_t n);
    bool (*close)(void *self);                        /* false: we say nothing */
    /* So many octets of the first thing said in a connection go out in records of one octet each; at most 16. */
    unsigned crumbs;
};

#endif
