/* tcp_table.h - all TCP connections of one host: where they lie, how a segment finds its own, which of them
 * want to send, which have news, which timer is next. Memory is fixed when it is made.
 *
 * After anything was done with a connection, tcp_table_settle puts it where it belongs. It is taken out of
 * use again only by tcp_table_ready, when it has nothing more to send: until then everybody may hold on to
 * it. */
#ifndef NET_TCP_TABLE_H
#define NET_TCP_TABLE_H

#include "crypto/chance.h"
#include "net/tcp.h"

enum { TCP_LISTENERS = 16, TCP_KEY = 16 };

struct tcp_listener {
    struct addr addr; uint16_t port;                  /* addr len 0: any of ours; port 0: not in use */
    unsigned waiting;                          /* connections that began here and that nobody has taken yet */
};

struct tcp_queue { struct tcp *first, *last; };

struct tcp_table {
    struct tcp *all; unsigned n, in_use;
    struct tcp *free_list, **buckets; unsigned n_buckets;         /* a power of two */
    struct tcp_queue ready, news;
    struct deadlines deadlines;
    struct tcp_listener listeners[TCP_LISTENERS];
    uint8_t key[TCP_KEY];                             /* secret: buckets, ISNs */
    uint32_t counted;                                 /* connections so far: the next one's number */
    unsigned hand;                                    /* where the search for a half-open one goes on */
};

/* The two ends of a connection, seen from us. */
struct tcp_ends { struct addr local, peer; uint16_t port, peer_port; };

/* false: no memory */
bool        tcp_table_start(struct tcp_table *, unsigned connections, struct chance *);
void        tcp_table_end(struct tcp_table *);
struct tcp *tcp_table_find(const struct tcp_table *, const struct tcp_ends *);                /* NULL: none */
/* A new one, all zero but for its ends and number. When all are in use, the TIME-WAIT that ends first and
 * that nobody holds makes room. NULL: there is none. */
struct tcp *tcp_table_new(struct tcp_table *, const struct tcp_ends *);
void        tcp_table_settle(struct tcp_table *, struct tcp *);
/* A flood of SYNs takes all places of a listener with callers that never go on: one of them, in turn, makes
 * room (RFC 4987 §3.4), so that whoever answers our SYN-ACK soon gets through. False: there is none. */
bool        tcp_table_recycle(struct tcp_table *, const struct tcp_listener *);
/* Ends a TIME-WAIT before its time, so that a new connection can take its place. */
void        tcp_table_forget(struct tcp_table *, struct tcp *);

/* Ends all of them, and the listeners, without a word to anybody. */
void        tcp_table_forget_all(struct tcp_table *);

/* The next segment that any connection wants to send, in turn; NULL: none. */
struct tcp *tcp_table_output(struct tcp_table *, struct tcp_sending *, nsec now);
struct tcp *tcp_table_news(struct tcp_table *);       /* NULL: none */
void        tcp_table_tick(struct tcp_table *, nsec now);
nsec        tcp_table_wake(const struct tcp_table *);

/* NULL: nobody listens there */
struct tcp_listener *tcp_table_listener(struct tcp_table *, const struct addr *local, uint16_t port);

/* The initial sequence number for this connection: RFC 6528 §3. */
uint32_t tcp_table_isn(const struct tcp_table *, const struct tcp_ends *, nsec now);
/* Where its timestamp clock starts: the same for all connections with this peer, so that it never goes back between
 * one and the next (RFC 7323 §7.1, RFC 6191). */
uint32_t    tcp_table_ts_offset(const struct tcp_table *, const struct tcp_ends *);
/* A port for a connection to this peer, at random (RFC 6056 §3.3.1); 0: all are taken. */
uint16_t tcp_table_port(const struct tcp_table *, const struct tcp_ends *, struct chance *);
enum { PORT_EPHEMERAL = 49152, PORTS_EPHEMERAL = 65536 - PORT_EPHEMERAL };                   /* RFC 6335 §6 */

#endif
