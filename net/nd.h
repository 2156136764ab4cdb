/* nd.h - neighbour discovery (RFC 4861) and duplicate address detection (RFC 4862 §5.4): an engine without I/O, for one
 * host with one IPv6 address and the link-local one that every interface has. It lies beside ARP in Ethernet
 * (net/ether.h): who is where is kept there, together with when to ask again; here questions, answers and
 * routers are read, judged and written.
 *
 *     if (nd_input(&nd, packet, &heard, now)) ...      it was for neighbour discovery alone; learn what it says
 *     nd_ask(&nd, &addr, known_mac_or_NULL)            "who has this?"
 *     nd_hop(&nd, &hop, now)                           the router, where the packet is for another network
 *     while ((n = nd_next(&nd, bytes, &mac)) != 0) ...               send this packet to this hardware address
 *     nd_tick(&nd, now)                                the time is nd_wake(&nd)
 *
 * What is believed. Nothing that came through a router (hop limit 255, RFC 4861 §7.1), with a wrong checksum, with an
 * option of length 0, or of a sender who cannot be. A question that is for us makes its sender a neighbour, an
 * answer only changes those that are known or asked for, and without its override flag not even a known one. Router
 * advertisements are believed from link-local addresses: a default router for its lifetime, and networks that are on
 * the link. An address is made from them (RFC 4862 §5.5) where ours is given as "::", one, from the first network that
 * says it may; it is probed as others are. Redirects are told and not obeyed: they would let a neighbour lead us away,
 * and the router that sends one delivers the packet all the same (RFC 4861 §8.2). */
#ifndef NET_ND_H
#define NET_ND_H

#include "net/arp.h"
#include "net/packet.h"

enum { ND_ROUTERS = 2, ND_PREFIXES = 4, ND_QUEUE = 8, ND_PACKET = 40 + 24 + 8 };

struct nd_router { struct addr addr; nsec until; };   /* addr len 0: a free place */
struct nd_prefix { struct addr addr; uint8_t len; nsec until; };

struct nd {
    struct mac mac;
    struct addr addr, link_local; uint8_t prefix;     /* addr len 0: this host speaks no IPv6 */
    struct voice voice;
    bool ours;                                        /* the address is known to be ours */
    bool makes; nsec probed;                          /* it is to be made; when nobody has contradicted it (NEVER) */
    unsigned solicited; nsec next_solicitation;       /* of routers: RFC 4861 §6.3.7 */
    struct nd_router routers[ND_ROUTERS];
    struct nd_prefix prefixes[ND_PREFIXES];
    struct { struct mac to; uint32_t len; uint8_t bytes[ND_PACKET]; } queue[ND_QUEUE];
    unsigned n;
};

/* What a message says of neighbours. */
struct nd_heard {
    bool learned, new_ones_too, overrides;            /* `who` is at `mac`; overrides: even if known elsewhere */
    struct addr who; struct mac mac;
    bool conflict;                                    /* somebody else has, or wants, our address */
};

/* Our address with its prefix (len 0: none; "::": to be made). */
void nd_start(struct nd *, const struct mac *, const struct addr *, uint8_t prefix, const struct voice *);
/* p: an IPv6 packet. True: it was a message of neighbour discovery, good or bad, and is done with. */
bool nd_input(struct nd *, const struct packet *p, struct nd_heard *, nsec now);
void nd_ask(struct nd *, const struct addr *who, const struct mac *known);
/* "Has anybody this address?", asked from nowhere; then: it is ours, and where are the routers? */
void nd_probe(struct nd *);
void nd_own(struct nd *, nsec now);
/* The address is there, made or given. */
bool nd_has_addr(const struct nd *);
void nd_hop(const struct nd *, struct addr *hop, nsec now);
uint32_t nd_next(struct nd *, uint8_t out[ND_PACKET], struct mac *to);                /* how many octets; 0: none */
nsec nd_wake(const struct nd *);
void nd_tick(struct nd *, nsec now);

#endif
