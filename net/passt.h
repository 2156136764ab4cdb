/* passt.h - a real network for ordinary users: passt(1) (Debian's package `passt`) carries our Ethernet frames to
 * its own sockets. It is started by us and ends with us; between us lies a Unix socket on which each frame stands
 * behind its length (4 octets, big-endian: QEMU's way).
 *
 * passt gives us the address we say and answers ARP for all others; the gateway's address leads to this machine's
 * own loopback, and questions to `dns` are asked of its name server, wherever that is. So it is with IPv6, where
 * we have an address and a gateway of that kind (gateway6). */
#ifndef NET_PASST_H
#define NET_PASST_H

#include "net/ether_link.h"

struct passt_config {
    struct ether_ends ends; uint8_t prefix; struct addr gateway, gateway6, dns;
    const char *ports;                                /* "443,8000-8010": TCP to these comes to us; or "none" */
};

/* NULL: why says what is missing. */
struct link *passt_open(struct live *, const struct passt_config *, struct fault *why);

#endif
