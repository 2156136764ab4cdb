/* talk.h - a connection for who has a blocking carrier and wants to read and write: the loop around the engine
 * (tls/tls.h), written once. Whoever has many connections, or a carrier that does not block, drives the engine itself.
 *
 *     const struct tls_ways ways = { read_some, write_some, what_time, &fd };
 *     struct tls_talk talk = { 0 };
 *     if (tls_talk_start(&talk, &config, &ways, &why) && tls_talk_write(&talk, "hello", 5, &why))
 *         while ((n = tls_talk_read(&talk, text, sizeof text, &why)) > 0) ...
 *     tls_talk_end(&talk);
 *     if (why.ground) ...                                 what went wrong, and by which RFC
 *
 * It opens nothing and owns nothing but its rings (at most TLS_TALK_MEMORY octets) and the engine. An alert that is due
 * is written before a call fails. A carrier that ends, or fails, without close_notify is a fault: tls.truncated. */
#ifndef TLS_TALK_H
#define TLS_TALK_H

#include "tls/tls.h"

enum { TLS_TALK_MEMORY = 8 * TLS_RECORD_ROOM };

/* The caller's: as read and write of a socket that blocks; how many octets, 0 or less: it is over. The time in ns since
 * 1970, for certificates and sessions. */
struct tls_ways {
    ptrdiff_t (*read)(void *self, void *to, size_t room);
    ptrdiff_t (*write)(void *self, const void *from, size_t n);
    nsec (*now)(void *self);
    void *self;
};

struct tls_talk { struct tls *tls; struct tls_ways ways; struct pool pool; struct ring in, out; };

/* The whole handshake, of either role. False: why says it all; end it in any case. */
bool   tls_talk_start(struct tls_talk *, const struct tls_config *, const struct tls_ways *, struct fault *why);
/* What came, at least one octet. 0: the peer has closed in order (why->ground is NULL), or it failed. */
size_t tls_talk_read(struct tls_talk *, void *to, size_t room, struct fault *why);
/* All of it. */
bool   tls_talk_write(struct tls_talk *, const void *from, size_t n, struct fault *why);
/* close_notify, then everything is wiped and given back. The carrier stays open. */
void   tls_talk_end(struct tls_talk *);

#endif
