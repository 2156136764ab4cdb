/* dns_lookup.h - a name to its addresses (RFC 1034 §5.3), as an engine without I/O.
 *
 * A lookup goes the way the story tells it: cache, then the hosts file, then the name servers (dns_query.h), one
 * question for each kind of address that is wanted, both at the same time. A name with fewer dots than `ndots`
 * is tried below each search domain first; one with a last dot never is (resolv.conf(5), RFC 1535). Aliases are
 * followed within an answer, and by asking anew where it does not lead to an end. Names under .invalid are
 * refused at once (RFC 6761 §6.4), localhost is this machine (§6.3), an address needs no lookup. A name of
 * other letters than ASCII is asked for in Punycode (idn.h).
 *
 *     dns_lookup_start(&l, &config, "www.example.test", host, now);
 *     while (l.says == DNS_ASKING)       // for each datagram that came, and when dns_lookup_wake(&l) has come
 *         dns_lookup_step(&l, host, datagram_or_NULL, now);
 *     dns_lookup_news(&l, host, carrier, now)        // for each carrier with news: true when it was one of ours
 *
 * It is done when every family is; who cannot wait (Happy Eyeballs) looks at l.family[] before: each says for
 * itself what it found. */
#ifndef NET_DNS_LOOKUP_H
#define NET_DNS_LOOKUP_H

#include "net/dns_query.h"

enum dns_from { DNS_FROM_LITERAL, DNS_FROM_CACHE, DNS_FROM_HOSTS, DNS_FROM_SERVER };    /* localhost: HOSTS */
enum { DNS_FAMILY_A, DNS_FAMILY_AAAA, DNS_FAMILIES };
enum { DNS_RESTARTS_MOST = 8 };                       /* questions anew about what an alias leads to */

struct dns_family {
    bool wanted;
    enum dns_says says;
    struct addr addr[DNS_ADDRS]; unsigned n;
    enum dns_from from;
    uint32_t ttl;                                     /* seconds; of a cached one what is left */
    struct fault fault;
    struct dns_query query;
    unsigned restarts; uint32_t alias_ttl;            /* aliases gone through so far: the least TTL */
};

struct dns_lookup {
    struct dns_config config;
    char typed[DNS_NAME], name[DNS_NAME];             /* ours of the name; the one that is tried now */
    bool absolute;                                    /* no search domain */
    unsigned candidate;                               /* how many were tried before */
    struct dns_family family[DNS_FAMILIES];
    enum dns_says says;
    /* of what was found: an A if there is one, else an AAAA */
    struct addr addr; uint32_t ttl; enum dns_from from;
    struct fault fault;
};

void dns_lookup_start(struct dns_lookup *, const struct dns_config *, const char *name, struct host *,
                      nsec now);
void dns_lookup_step(struct dns_lookup *, struct host *, const struct datagram *d, nsec now);
bool dns_lookup_news(struct dns_lookup *, struct host *, struct carrier *, nsec now);
/* Gives up what is under way: closes its ports. Not needed when it is done. */
void dns_lookup_stop(struct dns_lookup *, struct host *);
nsec dns_lookup_wake(const struct dns_lookup *);

#endif
