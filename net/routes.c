#include "net/routes.h"

/* How many bits of both agree, from the first on. */
static unsigned in_common(const struct addr *a, const struct addr *b)
{
    unsigned whole = 0, n;
    if (a->len != b->len)
        return 0;
    while (whole < a->len && a->octets[whole] == b->octets[whole])
        whole++;
    for (n = whole * 8; whole < a->len && !((a->octets[whole] ^ b->octets[whole]) >> (7 - n % 8) & 1);)
        n++;
    return n;
}

bool addr_in(const struct addr *a, const struct addr *network, unsigned prefix)
{
    return a->len == network->len && (prefix == 0 || in_common(a, network) >= prefix);
}

static bool same_route(const struct route *r, const struct addr *to, uint8_t prefix, const struct addr *gateway)
{
    return r->prefix == prefix && addr_in(to, &r->to, prefix) && addr_same(&r->gateway, gateway);
}

bool routes_add(struct routes *r, const struct addr *to, uint8_t prefix, const struct addr *gateway)
{
    static const struct addr on_the_link = { 0 };
    const struct addr *by = gateway ? gateway : &on_the_link;
    for (unsigned i = 0; i < r->n; i++)
        if (same_route(&r->table[i], to, prefix, by))
            return true;
    if (r->n == ROUTES || prefix > to->len * 8)
        return false;
    r->table[r->n++] = (struct route){ .to = *to, .prefix = prefix, .gateway = *by };
    return true;
}

bool routes_own(struct routes *r, const struct addr *addr, uint8_t prefix)
{
    if (routes_is_own(r, addr))
        return true;
    if (r->n_own == ROUTES_OWN || !routes_add(r, addr, prefix, NULL))
        return false;
    r->own[r->n_own++] = (struct own_addr){ *addr, prefix };
    return true;
}

bool routes_default(struct routes *r, const struct addr *gateway)
{
    return routes_add(r, &(struct addr){ .len = gateway->len }, 0, gateway);
}

bool routes_is_own(const struct routes *r, const struct addr *addr)
{
    for (unsigned i = 0; i < r->n_own; i++)
        if (addr_same(&r->own[i].addr, addr))
            return true;
    return false;
}

const struct addr *routes_source(const struct routes *r, const struct addr *to)
{
    const struct own_addr *best = NULL;
    unsigned best_worth = 0;
    for (unsigned i = 0; i < r->n_own; i++) {
        const struct own_addr *o = &r->own[i];
        bool same_scope = addr_is_link_local(&o->addr) == addr_is_link_local(to);
        unsigned worth = (same_scope ? 256 : 0) + in_common(&o->addr, to);
        if (o->addr.len == to->len && (!best || worth > best_worth)) {
            best = o;
            best_worth = worth;
        }
    }
    return best ? &best->addr : NULL;
}

struct addr routes_hop(const struct routes *r, const struct addr *to)
{
    const struct route *best = NULL;
    for (unsigned i = 0; i < r->n; i++) {
        const struct route *way = &r->table[i];
        if (addr_in(to, &way->to, way->prefix) && (!best || way->prefix > best->prefix))
            best = way;
    }
    return best && best->gateway.len && !addr_is_group(to) ? best->gateway : *to;
}
