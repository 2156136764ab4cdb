/* tap.h - a TAP device: our own Ethernet, ARP, IP and TCP on a real link (tuntap.h). Needs the privilege
 * CAP_NET_ADMIN, or a device made for us before (ip tuntap add dev NAME mode tap user US). Our hardware address is
 * drawn when it is opened. */
#ifndef NET_TAP_H
#define NET_TAP_H

#include "net/ether_link.h"

struct tap_config {
    const char *name;
    struct ether_ends ends;
    struct addr gateway; uint8_t prefix;              /* the kernel's own address on it; len 0: none */
    struct addr gateway6; uint8_t prefix6;            /* ... and one of IPv6 besides */
    bool offload, shared;                             /* tun.h */
};

/* NULL: why says what is missing and what to type. */
struct link *tap_open(struct live *, const struct tap_config *, struct fault *why);

#endif
