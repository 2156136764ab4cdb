/* dns_query.h - one question to the name servers, until one of them has answered it: an engine without I/O.
 *
 * Each try goes to the next server, with a new id, from a new port, with letters of either case by chance (0x20): a
 * blind forger has 16 bits of id, about 16 of port and one for each letter to guess (RFC 5452 §4), and the
 * question is never under way twice at the same time. What counts as an answer: it comes from the server that
 * was asked, to the port and with the id of the query, and repeats its question, letter for letter. Any other
 * is dropped (a `check` event says why) and the query goes on waiting: a forger must not be able to end it
 * either.
 *
 * Over UDP an OPT record offers to take DNS_UDP_SIZE octets (RFC 6891). Cut off (TC): the same server is asked
 * over TCP (RFC 7766 §5), on a carrier of the host. A server that knows no EDNS (FORMERR, NOTIMP, BADVERS) is
 * asked without. One that answers in other letters than it was asked in is asked over TCP at the next try,
 * where no stranger can mix in. SERVFAIL, REFUSED and the like: another server may know.
 *
 *     dns_query_start(&q, &config, name, DNS_TYPE_A, host, now);
 *     while (q.says == DNS_ASKING)       // for each datagram to q.port, news of q.carrier, and at dns_query_wake(&q)
 *         if (dns_query_datagram(&q, &config, host, &d, now, &m)) ...m is the answer; q.says is DNS_FOUND
 *
 * An answer is NOERROR or NXDOMAIN, whatever is in it. The config stays the caller's. */
#ifndef NET_DNS_QUERY_H
#define NET_DNS_QUERY_H

#include "crypto/chance.h"
#include "net/dns_cache.h"
#include "net/hosts.h"

enum { DNS_SERVERS = RESOLV_SERVERS, DNS_TCP_MOST = 65000 };
enum { DNS_WANT_A = 1, DNS_WANT_AAAA = 2 };

struct dns_config {
    const char *hosts; size_t hosts_n;                /* text of a hosts file; not owned */
    struct addr server[DNS_SERVERS]; unsigned n_servers;
    const char (*search)[DNS_NAME]; unsigned n_search, ndots;     /* as in struct resolv_conf; not owned */
    unsigned want;                                    /* DNS_WANT_*; 0: A */
    unsigned tries;                                   /* over all servers; sealed: 10; live: 4 (9 s); 0: 4 */
    nsec patience;                                   /* first, then doubled up to 4 s, the last 2 s; 0: 1 s */
    bool tcp_only, no_edns;                           /* to compare, in class and in tests */
    struct dns_cache *cache;                          /* NULL: none */
    struct chance *chance;
    struct voice voice;
};

enum dns_says { DNS_ASKING, DNS_FOUND, DNS_FAILED };

struct dns_query {
    char name[DNS_NAME], spelled[DNS_NAME];
    uint16_t type;
    enum dns_says says;
    struct fault fault;
    unsigned tried, asked;                            /* queries sent; index of the server asked */
    uint8_t refused, plain, tcp;                      /* a bit for each server: will not help; no EDNS; over TCP */
    uint16_t id, port;                                /* of the last query; port 0: none open */
    struct carrier *carrier; bool written;            /* over TCP; NULL: none */
    bool edns;                                        /* the last query had an OPT record */
    nsec deadline;                                    /* when patience ends */
    event_no cause;                                   /* the event that led to what happens then */
    char dropped[96];                                 /* why the last wrong answer was dropped, or "" */
};

void dns_query_start(struct dns_query *, const struct dns_config *, const char *name, uint16_t type, struct host *,
                     nsec now);
/* Each is true when the answer has come, and is in *m. */
bool dns_query_datagram(struct dns_query *, const struct dns_config *, struct host *, const struct datagram *, nsec now,
                        struct dns_message *m);
bool dns_query_news(struct dns_query *, const struct dns_config *, struct host *, nsec now, struct dns_message *m);
void dns_query_tick(struct dns_query *, const struct dns_config *, struct host *, nsec now);
/* Closes what is open. Not needed when it is done. */
void dns_query_stop(struct dns_query *, struct host *);
static inline nsec dns_query_wake(const struct dns_query *q) { return q->says == DNS_ASKING ? q->deadline : NEVER; }

/* Does it answer the query (dns_match.c)? False: told, and why is in q->dropped. */
bool dns_match_source(struct dns_query *, const struct dns_config *, const struct datagram *);
bool dns_match(struct dns_query *, const struct dns_config *, const struct dns_message *);
bool dns_match_drop(struct dns_query *, const struct dns_config *, const struct fault *broken);

#endif
