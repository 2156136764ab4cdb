/* nd_message.h - one message of neighbour discovery (RFC 4861 §4): its reader and its writer, pure functions. Types
 * 133 to 137 of ICMPv6. Options that nobody knows are named and skipped. */
#ifndef NET_ND_MESSAGE_H
#define NET_ND_MESSAGE_H

#include "net/arp.h"

enum nd_type {
    ND_ROUTER_SOLICITATION = 133, ND_ROUTER_ADVERTISEMENT, ND_NEIGHBOR_SOLICITATION, ND_NEIGHBOR_ADVERTISEMENT,
    ND_REDIRECT
};
enum { ND_MESSAGE_PREFIXES = 4 };

struct nd_message {
    uint8_t type, code;
    struct addr target;                               /* of a question or an answer about a neighbour */
    bool router, solicited, override;                 /* flags of an answer */
    bool has_mac; struct mac mac;                     /* source or target link-layer address */
    uint16_t router_lifetime;                         /* seconds; 0: no default router */
    struct { struct addr addr; uint8_t len; bool on_link, autonomous; uint32_t valid; } prefixes[ND_MESSAGE_PREFIXES];
    unsigned n_prefixes;
    uint32_t mtu;                                     /* 0: not said */
};

/* Reads the message from its type on; the checksum is not looked at. False with a fault: cut short, or an option of
 * length 0 or past the end (RFC 4861 §4.6). */
bool nd_read(struct wire_in *in, struct nd_message *, struct fault *why);
/* A solicitation of a router or neighbour, or an answer, with has_mac as its option: how many octets. The checksum is
 * left 0. */
size_t nd_write(const struct nd_message *, uint8_t *out, size_t room);

#endif
