/* dns_cache.h - what is known of names for a while: addresses, and that there are none (RFC 1034 §5.3.3, RFC 2308).
 *
 * An entry is for a name and a type; that a name does not exist is for all types. A positive one lives as long as its
 * TTL says, a week at most; a negative one as long as the zone's SOA record says, three hours at most (RFC 2308 §5),
 * and not at all without one. TTL 0: not kept. It holds DNS_CACHE entries; a new one takes the place of one of the
 * same name, of one that is over, else of each in its turn. */
#ifndef NET_DNS_CACHE_H
#define NET_DNS_CACHE_H

#include "net/dns.h"

enum { DNS_CACHE = 32, DNS_ADDRS = 8 };
enum { DNS_TTL_MOST = 7 * 24 * 3600, DNS_NEGATIVE_TTL_MOST = 3 * 3600 };

enum dns_known { DNS_UNKNOWN, DNS_HAS_ADDRESSES, DNS_HAS_NONE, DNS_NO_SUCH_NAME };
struct dns_entry {
    char name[DNS_NAME]; uint16_t type;               /* type 0: all */
    enum dns_known known;
    struct addr addr[DNS_ADDRS]; unsigned n;
    nsec until;
};
struct dns_cache { struct dns_entry entry[DNS_CACHE]; unsigned next; };     /* zeros: empty */

/* What is known still, or NULL. A cache may be NULL: it knows nothing. */
const struct dns_entry *dns_cache_find(const struct dns_cache *, const char *name, uint16_t type, nsec now);
static inline uint32_t dns_entry_ttl(const struct dns_entry *e, nsec now)
{
    return (uint32_t)((e->until - now) / SECOND);
}

void dns_cache_addresses(struct dns_cache *, const char *name, uint16_t type, const struct addr *, unsigned n,
                         uint32_t ttl, nsec now);
/* DNS_HAS_NONE or DNS_NO_SUCH_NAME. How many seconds it will be believed; 0: not kept. */
uint32_t dns_cache_nothing(struct dns_cache *, const char *name, uint16_t type, enum dns_known,
                           const struct dns_soa *, nsec now);

#endif
