/* tcp_table.h - all TCP connections of one host: where they lie, how a segment finds its own, which of them
 * want to send, which have news, which timer is next. Memory is fixed when it is made.
 *
 * After anything was done with a connection, tcp_table_settle puts it where it belongs: among those that may have
 * something to send. tcp_table_output, asked until there is nothing, notes when each of them wants to be woken, and
 * takes out of use who is gone: until then everybody may hold on to it. */
#ifndef NET_TCP_TABLE_H
#define NET_TCP_TABLE_H

#include "crypto/chance.h"
#include "net/ends_hash.h"
#include "net/tcp.h"

enum { TCP_LISTENERS = 16, TCP_KEY = 16 };

/* Connections that began at a listener wait in one of two queues, each with its bound: those whose SYN-ACK nobody has
 * answered yet, and those that stand and that nobody has taken. */
struct tcp_listener {
    struct addr addr; uint16_t port;                  /* addr len 0: any of ours; port 0: not in use */
    struct tcp_list half_open;
    unsigned accepted, backlog;                       /* so many of each at most */
    nsec cookies_until;                               /* SYN cookies that were sent count until then */
};

struct tcp_table {
    struct tcp *all; unsigned n, in_use;
    struct tcp_causes *causes;                        /* one for each, from when somebody hears; else NULL */
    struct tcp *free_list;
    uint32_t *buckets; unsigned n_buckets;            /* the first in each, counted from 1; a power of two */
    const uint32_t *expected;                         /* the bucket of the segment that is expected; NULL: `found` */
    struct tcp *found;                                /* whom the last segment was for: often the next is too */
    struct tcp_list ready, news;
    struct tcp_list time_wait;                        /* those that nobody holds; first the one that ends first */
    struct deadlines deadlines;
    struct tcp_listener listeners[TCP_LISTENERS];
    uint8_t key[TCP_KEY];                             /* secret: ISNs */
    uint32_t bucket_key[ENDS_KEY];              /* secret, made from it: buckets */
    uint32_t counted;                                 /* connections so far: the next one's number */
};

/* The two ends of a connection, seen from us. */
struct tcp_ends { struct addr local, peer; uint16_t port, peer_port; };

/* false: no memory */
bool        tcp_table_start(struct tcp_table *, unsigned connections, struct chance *);
void        tcp_table_end(struct tcp_table *);
struct tcp *tcp_table_find(struct tcp_table *, const struct tcp_ends *);                /* NULL: none */
/* The same in three steps, for a segment that came. With many connections nothing of it is in the cache: the first step
 * begins to fetch the bucket, the second the connection, and whoever asks does something else in between. */
void        tcp_table_expect(struct tcp_table *, const struct tcp_ends *);
void        tcp_table_fetch(struct tcp_table *);
struct tcp *tcp_table_expected(struct tcp_table *, const struct tcp_ends *);
/* A new one, all zero but for its ends and number. When all are in use, the TIME-WAIT that ends first and
 * that nobody holds makes room. NULL: there is none. */
struct tcp *tcp_table_new(struct tcp_table *, const struct tcp_ends *);
/* Somebody hears of this new one: there is a place for the causes of what it does. Not so without memory. */
void        tcp_table_heard(struct tcp_table *, struct tcp *);
void        tcp_table_settle(struct tcp_table *, struct tcp *);
/* Ends a TIME-WAIT before its time, so that a new connection can take its place. */
void        tcp_table_forget(struct tcp_table *, struct tcp *);

/* Ends all of them, and the listeners, without a word to anybody. */
void        tcp_table_forget_all(struct tcp_table *);

/* The next segment that any connection wants to send, in turn; NULL: none. */
struct tcp *tcp_table_output(struct tcp_table *, struct tcp_sending *, nsec now);
struct tcp *tcp_table_news(struct tcp_table *);       /* NULL: none */
void        tcp_table_tick(struct tcp_table *, nsec now);
nsec        tcp_table_wake(const struct tcp_table *);

/* A keyed hash (SipHash-2-4) of both ends, a word that says what for, and two numbers. */
uint64_t    tcp_table_hash(const struct tcp_table *, const struct tcp_ends *, char word, uint32_t a, uint32_t b);

/* NULL: nobody listens there */
struct tcp_listener *tcp_table_listener(struct tcp_table *, const struct addr *local, uint16_t port);

/* The initial sequence number for this connection: RFC 6528 §3. Behind all that `old`, if there is one, has used. */
uint32_t tcp_table_isn(const struct tcp_table *, const struct tcp_ends *, const struct tcp *old, nsec now);
/* Where its timestamp clock starts: the same for all connections with this peer, so that it never goes back between
 * one and the next (RFC 7323 §7.1, RFC 6191). */
uint32_t    tcp_table_ts_offset(const struct tcp_table *, const struct tcp_ends *);
/* A port for a connection to this peer, at random (RFC 6056 §3.3.1); 0: all are taken. One whose connection is in
 * TIME-WAIT, and had timestamps, is free again after a second: those of a new one are larger, so that nobody takes old
 * segments for new ones (RFC 6191 §2). */
uint16_t tcp_table_port(struct tcp_table *, const struct tcp_ends *, struct chance *, nsec now);
/* May a connection in TIME-WAIT make room for this SYN? RFC 6191 §2. */
bool     tcp_table_begins_anew(const struct tcp *, const struct tcp_segment *syn);
enum { PORT_EPHEMERAL = 49152, PORTS_EPHEMERAL = 65536 - PORT_EPHEMERAL };                   /* RFC 6335 §6 */

#endif
