/* routes.h - the addresses of a host, and which way a packet leaves it: small tables, longest prefix first. Pure:
 * no I/O, no time. IPv4 and IPv6 stand in one table.
 *
 * An address brings a route to its own network ("on the link"). Where no route fits, the packet is handed to the
 * link as it is: it knows best (a TUN device has one end only). */
#ifndef NET_ROUTES_H
#define NET_ROUTES_H

#include "net/addr.h"

enum { ROUTES_OWN = 8, ROUTES = 16 };

struct own_addr { struct addr addr; uint8_t prefix; };
struct route    { struct addr to; uint8_t prefix; struct addr gateway; };             /* gateway len 0: on the link */

struct routes {
    struct own_addr own[ROUTES_OWN]; unsigned n_own;
    struct route table[ROUTES]; unsigned n;
};

/* False: the table is full. One that is there already is kept as it is. */
bool routes_own(struct routes *, const struct addr *, uint8_t prefix);
bool routes_add(struct routes *, const struct addr *to, uint8_t prefix, const struct addr *gateway);
/* All that is not in this network goes there. */
bool routes_default(struct routes *, const struct addr *gateway);

bool routes_is_own(const struct routes *, const struct addr *);
/* The address of ours to send from: of the same kind, the same scope, with the longest prefix in common (RFC 6724
 * §5, rules 2 and 8). NULL: we have none of that kind. */
const struct addr *routes_source(const struct routes *, const struct addr *to);
/* Who is to get the packet next: the gateway, or `to` itself. */
struct addr routes_hop(const struct routes *, const struct addr *to);

/* Do the first `prefix` bits agree? Of the same length alone. */
bool addr_in(const struct addr *, const struct addr *network, unsigned prefix);
static inline bool addr_is_link_local(const struct addr *a)                           /* fe80::/10, 169.254/16 */
{
    return a->len == 16 ? a->octets[0] == 0xfe && (a->octets[1] & 0xc0) == 0x80
                        : a->len == 4 && a->octets[0] == 169 && a->octets[1] == 254;
}
static inline bool addr_is_group(const struct addr *a)                                /* multicast, or IPv4's "all" */
{
    return a->len == 16 ? a->octets[0] == 0xff : a->len == 4 && a->octets[0] >= 224;
}

#endif
