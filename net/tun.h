/* tun.h - a TUN device: our own IP and TCP on a real link (Linux, Documentation/networking/tuntap). Needs
 * the privilege CAP_NET_ADMIN, or a device made for us before (ip tuntap add dev NAME mode tun user US).
 *
 * With offload one read or write moves up to 64 KB: what the kernel would cut into segments comes in one
 * piece, what we send may be cut by the kernel (if it is ever cut: on this machine it is not), and nobody makes
 * checksums that nobody can spoil. Each packet then has a header of 10 octets before it (IFF_VNET_HDR), and
 * what that says stands in struct packet. A kernel that cannot do that gives a link without. */
#ifndef NET_TUN_H
#define NET_TUN_H

#include "net/addr.h"
#include "net/live.h"

struct tun_config {
    const char *name;
    uint16_t host;                                    /* packets that come are HAPPENED_PACKET for this one */
    struct addr gateway; uint8_t prefix;              /* the kernel's own address on it; len 0: none */
    struct addr gateway6; uint8_t prefix6;            /* ... and one of IPv6 besides */
    bool offload;
    /* one queue of several that share the device, each opened like this by somebody else: what comes of one
     * connection comes to the queue that has sent for it */
    bool shared;
};

/* Opens the device, making it where it does not exist, and brings it up where it is not. NULL: why says what is
 * missing and what to type. */
struct link *tun_open(struct live *, const struct tun_config *, struct fault *why);

#endif
