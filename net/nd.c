#include "net/nd.h"
#include "net/icmp.h"
#include "net/nd_message.h"
#include "net/routes.h"
#include "net/tell.h"

#include <string.h>

static const struct ground nd_foreign  = { "nd.foreign",  "RFC 4861 §7.1" };
static const struct ground nd_sender   = { "nd.sender",   "RFC 4861 §7.1" };
static const struct ground nd_conflict = { "nd.conflict", "RFC 4862 §5.4" };
static const struct ground nd_router   = { "nd.router",   "RFC 4861 §6.3.4" };
static const struct ground nd_made     = { "nd.made",     "RFC 4862 §5.5.3" };
static const struct ground nd_redirect = { "nd.redirect", "RFC 4861 §8.1" };

enum { HOPS = 255, MAX_SOLICITATIONS = 3, UNIVERSAL_BIT = 2 };
enum { IDENTIFIER = 8, ADDR_BITS = 128 };             /* octets of an interface identifier */
#define SOLICITATION_APART (4 * SECOND)               /* RFC 4861 §10 */
#define PROBE_LISTEN (50 * MILLISECOND)               /* RFC 4862 §5.1 has 1 s; a person waits */

static const struct addr unspecified = { .len = 16 };
static const struct addr all_nodes   = { .len = 16, .octets = { 0xff, 2, [15] = 1 } };
static const struct addr all_routers = { .len = 16, .octets = { 0xff, 2, [15] = 2 } };

/* ff02::1:ffXX:XXXX: RFC 4291 §2.7.1. Few others hear what goes there. */
static struct addr solicited_node(const struct addr *a)
{
    struct addr group = { .len = 16, .octets = { 0xff, 2, [11] = 1, [12] = 0xff } };
    memcpy(group.octets + 13, a->octets + 13, 3);
    return group;
}

static struct mac group_mac(const struct addr *to)    /* RFC 2464 §7 */
{
    struct mac m = { { 0x33, 0x33 } };
    memcpy(m.octets + 2, to->octets + 12, 4);
    return m;
}

static bool is_ours(const struct nd *nd, const struct addr *a)
{
    bool given = nd->addr.len && !addr_same(&nd->addr, &unspecified);
    return nd->addr.len && ((given && addr_same(a, &nd->addr)) || addr_same(a, &nd->link_local));
}

/* --- what goes --- */

static void say(struct nd *nd, const struct nd_message *m, const struct addr *from, const struct addr *to,
                const struct mac *mac)
{
    if (nd->n == ND_QUEUE || !nd->addr.len)
        return;
    uint8_t *packet = nd->queue[nd->n].bytes, *message = packet + IP6_HEADER;
    size_t n = nd_write(m, message, ND_PACKET - IP6_HEADER);
    ip_write(&(struct ip_header){ .total_length = (uint32_t)(IP6_HEADER + n), .hop_limit = HOPS,
                                  .protocol = IP_ICMP6, .source = *from, .destination = *to }, packet);
    struct wire_out out = wire_into(message + 2, 2);
    put_u16(&out, "checksum", ip_checksum(from, to, IP_ICMP6, message, n));
    nd->queue[nd->n].to = *mac;
    nd->queue[nd->n++].len = (uint32_t)(IP6_HEADER + n);
}

void nd_ask(struct nd *nd, const struct addr *who, const struct mac *known)
{
    struct addr group = solicited_node(who);
    struct mac mac = group_mac(&group);
    const struct nd_message m = { .type = ND_NEIGHBOR_SOLICITATION, .target = *who, .has_mac = true, .mac = nd->mac };
    say(nd, &m, addr_is_link_local(who) ? &nd->link_local : &nd->addr, known ? who : &group, known ? known : &mac);
}

static void probe(struct nd *nd, const struct addr *ours)
{
    struct addr group = solicited_node(ours);
    struct mac mac = group_mac(&group);
    say(nd, &(struct nd_message){ .type = ND_NEIGHBOR_SOLICITATION, .target = *ours }, &unspecified, &group, &mac);
}

void nd_probe(struct nd *nd)
{
    probe(nd, &nd->link_local);
    if (!nd->makes)
        probe(nd, &nd->addr);
}

static void solicit_routers(struct nd *nd, nsec now)
{
    struct mac mac = group_mac(&all_routers);
    say(nd, &(struct nd_message){ .type = ND_ROUTER_SOLICITATION, .has_mac = true, .mac = nd->mac }, &nd->link_local,
        &all_routers, &mac);
    nd->next_solicitation = ++nd->solicited < MAX_SOLICITATIONS ? now + SOLICITATION_APART : NEVER;
}

static void answer(struct nd *nd, const struct addr *ours, const struct addr *to, const struct mac *mac)
{
    bool nobody = addr_same(to, &unspecified);        /* he probes: all shall hear it */
    struct mac all = group_mac(&all_nodes);
    say(nd, &(struct nd_message){ .type = ND_NEIGHBOR_ADVERTISEMENT, .target = *ours, .solicited = !nobody,
                                  .override = true, .has_mac = true, .mac = nd->mac },
        ours, nobody ? &all_nodes : to, nobody ? &all : mac);
}

void nd_own(struct nd *nd, nsec now)
{
    nd->ours = true;
    if (!nd->addr.len)
        return;
    if (!nd->makes)
        answer(nd, &nd->addr, &unspecified, NULL);
    solicit_routers(nd, now);
}

/* --- what came --- */

static void tell(const struct nd *nd, const struct ground *ground, const char *expected, const struct addr *who,
                 const char *answered)
{
    char text[ADDR_TEXT];
    struct fault why = { 0 };
    if (!trace_hears(nd->voice.trace))
        return;
    refuse(&why, ground, expected, "%s", addr_text(who, text));
    why.answer = answered;
    tell_drop(&nd->voice, "nd", __func__, &why);
}

/* RFC 4861 §7.2.3, RFC 4862 §5.4.3: whoever asks from nowhere wants the address himself. */
static void question_came(struct nd *nd, const struct ip_header *ip, const struct nd_message *m,
                          struct nd_heard *heard)
{
    bool probes = addr_same(&ip->source, &unspecified);
    bool tentative = !nd->ours || (nd->probed != NEVER && addr_same(&m->target, &nd->addr));
    if (!is_ours(nd, &m->target))
        return;
    if (probes && tentative) {
        heard->conflict = true;
        return;
    }
    if (tentative || (probes && m->has_mac) || (!probes && !m->has_mac && addr_is_group(&ip->destination)))
        return;
    if (!probes && m->has_mac) {
        heard->learned = heard->new_ones_too = heard->overrides = true;
        heard->who = ip->source;
        heard->mac = m->mac;
    }
    if (probes || m->has_mac)
        answer(nd, &m->target, &ip->source, &m->mac);
}

static void answer_came(const struct nd *nd, const struct nd_message *m, struct nd_heard *heard)
{
    if (is_ours(nd, &m->target)) {
        heard->conflict = true;
        return;
    }
    heard->learned = m->has_mac;
    heard->overrides = m->override;
    heard->who = m->target;
    heard->mac = m->mac;
}

static void note_router(struct nd *nd, const struct addr *router, uint16_t lifetime, nsec now)
{
    struct nd_router *place = NULL;
    for (unsigned i = 0; i < ND_ROUTERS; i++) {
        struct nd_router *r = &nd->routers[i];
        if (addr_same(&r->addr, router)) {
            place = r;
            break;
        }
        if (!place && (!r->addr.len || r->until <= now))
            place = r;
    }
    if (place && lifetime == 0 && addr_same(&place->addr, router))
        place->addr.len = 0;
    if (!place || lifetime == 0)
        return;
    if (!addr_same(&place->addr, router))
        tell(nd, &nd_router, "a router on this link", router, "believed");
    *place = (struct nd_router){ *router, now + lifetime * SECOND };
}

static void note_prefix(struct nd *nd, const struct addr *addr, uint8_t len, uint32_t valid, nsec now)
{
    for (unsigned i = 0; i < ND_PREFIXES; i++) {
        struct nd_prefix *p = &nd->prefixes[i];
        if (p->addr.len && p->until > now && (p->len != len || !addr_in(addr, &p->addr, len)))
            continue;
        *p = (struct nd_prefix){ *addr, len, now + (nsec)valid * SECOND };
        return;
    }
}

/* RFC 4862 §5.5.3: one address, of the network's prefix and our interface identifier. */
static void make_addr(struct nd *nd, const struct addr *network, nsec now)
{
    nd->addr = *network;
    nd->prefix = ADDR_BITS - 8 * IDENTIFIER;
    memcpy(nd->addr.octets + IDENTIFIER, nd->link_local.octets + IDENTIFIER, IDENTIFIER);
    nd->makes = false;
    nd->probed = now + PROBE_LISTEN;
    tell(nd, &nd_made, "an address that a router lets us make", &nd->addr, "made, and probed");
    probe(nd, &nd->addr);
}

/* RFC 4861 §6.1.2, §6.3.4. */
static void router_came(struct nd *nd, const struct ip_header *ip, const struct nd_message *m,
                        struct nd_heard *heard, nsec now)
{
    if (!addr_is_link_local(&ip->source)) {
        tell(nd, &nd_sender, "a router's link-local address", &ip->source, NULL);
        return;
    }
    nd->next_solicitation = NEVER;
    note_router(nd, &ip->source, m->router_lifetime, now);
    for (unsigned i = 0; i < m->n_prefixes; i++)
        if (m->prefixes[i].on_link && !addr_is_link_local(&m->prefixes[i].addr))
            note_prefix(nd, &m->prefixes[i].addr, m->prefixes[i].len, m->prefixes[i].valid, now);
    for (unsigned i = 0; i < m->n_prefixes && nd->makes; i++)
        if (m->prefixes[i].autonomous && m->prefixes[i].len == ADDR_BITS - 8 * IDENTIFIER && m->prefixes[i].valid
            && !addr_is_link_local(&m->prefixes[i].addr) && !addr_is_group(&m->prefixes[i].addr))
            make_addr(nd, &m->prefixes[i].addr, now);
    heard->learned = heard->new_ones_too = heard->overrides = m->has_mac;
    heard->who = ip->source;
    heard->mac = m->mac;
}

/* Somebody has it already: RFC 4862 §5.4.5. Our identifier is of no use here, and there is no other. */
static void forget_made(struct nd *nd)
{
    tell(nd, &nd_conflict, "nobody else with our address", &nd->addr, "we do not use it");
    nd->addr = unspecified;
    nd->prefix = ADDR_BITS;
    nd->probed = NEVER;
}

static bool is_nd(const struct ip_header *ip, const struct wire_in *payload)
{
    return ip->protocol == IP_ICMP6 && wire_left(payload) >= 4 && payload->at[0] >= ND_ROUTER_SOLICITATION
           && payload->at[0] <= ND_REDIRECT;
}

bool nd_input(struct nd *nd, const struct packet *p, struct nd_heard *heard, nsec now)
{
    struct wire_in in = wire_over(p->bytes, p->len, NULL), payload;
    struct ip_header ip;
    struct nd_message m;
    struct fault why = { 0 };
    *heard = (struct nd_heard){ 0 };
    if (!nd->addr.len || !ip_read(&in, &ip, &payload, NULL) || ip_is_fragment(&ip) || !is_nd(&ip, &payload))
        return false;
    size_t n = wire_left(&payload);
    if (ip.hop_limit != HOPS || ip_checksum(&ip.source, &ip.destination, IP_ICMP6, payload.at, n) != 0) {
        tell(nd, &nd_foreign, "a message from this link, and whole", &ip.source, NULL);
        return true;
    }
    if (!nd_read(&payload, &m, &why)) {
        tell_drop(&nd->voice, "nd", __func__, &why);
        return true;
    }
    if (m.code != 0 || addr_is_group(&ip.source) || addr_is_group(&m.target) || (m.has_mac && !mac_is_single(&m.mac))) {
        tell(nd, &nd_sender, "the addresses of one host", &ip.source, NULL);
        return true;
    }
    if (m.has_mac && mac_same(&m.mac, &nd->mac))
        return true;                                  /* our own, come back */
    if (m.type == ND_NEIGHBOR_SOLICITATION)
        question_came(nd, &ip, &m, heard);
    else if (m.type == ND_NEIGHBOR_ADVERTISEMENT)
        answer_came(nd, &m, heard);
    else if (m.type == ND_ROUTER_ADVERTISEMENT)
        router_came(nd, &ip, &m, heard, now);
    else if (m.type == ND_REDIRECT)
        tell(nd, &nd_redirect, "routers that advertise themselves", &m.target, "dropped");
    if (heard->conflict && nd->probed != NEVER && addr_same(&m.target, &nd->addr))
        forget_made(nd);
    else if (heard->conflict)
        tell(nd, &nd_conflict, "nobody else with our address", &m.target, nd->ours ? "dropped" : "we do not use it");
    return true;
}

/* --- the rest --- */

/* The interface identifier out of the hardware address: RFC 4291 appendix A. Ours is drawn anew each time, so it tells
 * strangers nothing. */
void nd_start(struct nd *nd, const struct mac *mac, const struct addr *addr, uint8_t prefix, const struct voice *voice)
{
    const uint8_t *o = mac->octets;
    memset(nd, 0, sizeof *nd);
    nd->mac = *mac;
    nd->voice = *voice;
    nd->next_solicitation = nd->probed = NEVER;
    if (addr->len != 16)
        return;
    nd->addr = *addr;
    nd->makes = addr_same(addr, &unspecified);
    nd->prefix = nd->makes ? ADDR_BITS : prefix;
    nd->link_local = (struct addr){ .len = 16, .octets = {
        0xfe, 0x80, [8] = (uint8_t)(o[0] ^ UNIVERSAL_BIT), o[1], o[2], 0xff, 0xfe, o[3], o[4], o[5] } };
}

static bool on_link(const struct nd *nd, const struct addr *a, nsec now)
{
    if (addr_is_link_local(a) || addr_is_group(a) || addr_in(a, &nd->addr, nd->prefix))
        return true;
    for (unsigned i = 0; i < ND_PREFIXES; i++) {
        const struct nd_prefix *p = &nd->prefixes[i];
        if (p->addr.len && p->until > now && addr_in(a, &p->addr, p->len))
            return true;
    }
    return false;
}

void nd_hop(const struct nd *nd, struct addr *hop, nsec now)
{
    if (!nd->addr.len || hop->len != 16 || on_link(nd, hop, now))
        return;
    for (unsigned i = 0; i < ND_ROUTERS; i++)
        if (nd->routers[i].addr.len && nd->routers[i].until > now) {
            *hop = nd->routers[i].addr;
            return;
        }
}

uint32_t nd_next(struct nd *nd, uint8_t out[ND_PACKET], struct mac *to)
{
    if (nd->n == 0)
        return 0;
    uint32_t len = nd->queue[0].len;
    memcpy(out, nd->queue[0].bytes, len);
    *to = nd->queue[0].to;
    memmove(nd->queue, nd->queue + 1, --nd->n * sizeof nd->queue[0]);
    return len;
}

bool nd_has_addr(const struct nd *nd)
{
    return nd->ours && nd->probed == NEVER && nd->addr.len && !addr_same(&nd->addr, &unspecified);
}

nsec nd_wake(const struct nd *nd)
{
    return nd->probed < nd->next_solicitation ? nd->probed : nd->next_solicitation;
}

void nd_tick(struct nd *nd, nsec now)
{
    if (nd->probed <= now) {
        nd->probed = NEVER;
        answer(nd, &nd->addr, &unspecified, NULL);
    }
    if (nd->next_solicitation <= now)
        solicit_routers(nd, now);
}
