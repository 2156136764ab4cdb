#include "net/dns_cache.h"

#include <string.h>

const struct dns_entry *dns_cache_find(const struct dns_cache *c, const char *name, uint16_t type, nsec now)
{
    for (unsigned i = 0; c && i < DNS_CACHE; i++) {
        const struct dns_entry *e = &c->entry[i];
        if (e->until > now && (!e->type || e->type == type) && strcmp(e->name, name) == 0)
            return e;
    }
    return NULL;
}

static struct dns_entry *place_for(struct dns_cache *c, const char *name, uint16_t type, nsec now)
{
    for (unsigned i = 0; i < DNS_CACHE; i++)
        if (c->entry[i].until && c->entry[i].type == type && strcmp(c->entry[i].name, name) == 0)
            return &c->entry[i];
    for (unsigned i = 0; i < DNS_CACHE; i++)
        if (c->entry[i].until <= now)
            return &c->entry[i];
    return &c->entry[c->next++ % DNS_CACHE];
}

static void put(struct dns_cache *c, const struct dns_entry *e, nsec now)
{
    /* what is said now of one type of a name ends what was said of all */
    for (unsigned i = 0; i < DNS_CACHE; i++)
        if (strcmp(c->entry[i].name, e->name) == 0 && (!c->entry[i].type != !e->type))
            c->entry[i].until = 0;
    *place_for(c, e->name, e->type, now) = *e;
}

void dns_cache_addresses(struct dns_cache *c, const char *name, uint16_t type, const struct addr *addr, unsigned n,
                         uint32_t ttl, nsec now)
{
    struct dns_entry e = { .type = type, .known = DNS_HAS_ADDRESSES, .n = n < DNS_ADDRS ? n : DNS_ADDRS,
                           .until = now + (ttl < DNS_TTL_MOST ? ttl : DNS_TTL_MOST) * SECOND };
    if (!c || !ttl || !n)
        return;
    memcpy(e.name, name, strlen(name) + 1);
    memcpy(e.addr, addr, e.n * sizeof *addr);
    put(c, &e, now);
}

/* RFC 2308 §5: the lesser of the SOA's own TTL and its minimum. The record is of the name's zone, or it is not about
 * the name. */
uint32_t dns_cache_nothing(struct dns_cache *c, const char *name, uint16_t type, enum dns_known known,
                           const struct dns_soa *soa, nsec now)
{
    uint32_t ttl = soa->ttl < soa->minimum ? soa->ttl : soa->minimum;
    if (ttl > DNS_NEGATIVE_TTL_MOST)
        ttl = DNS_NEGATIVE_TTL_MOST;
    if (!c || !soa->here || !ttl || !dns_name_in(name, soa->zone))
        return 0;
    struct dns_entry e = { .type = known == DNS_NO_SUCH_NAME ? 0 : type, .known = known, .until = now + ttl * SECOND };
    memcpy(e.name, name, strlen(name) + 1);
    put(c, &e, now);
    return ttl;
}
