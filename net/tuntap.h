/* tuntap.h - what net/tun.c and net/tap.c share: a device of /dev/net/tun is opened and brought up, and what the
 * header before its packets says (struct virtio_net_hdr, IFF_VNET_HDR) becomes facts of struct packet and back.
 * Linux, Documentation/networking/tuntap. */
#ifndef NET_TUNTAP_H
#define NET_TUNTAP_H

#include "net/addr.h"
#include "net/link.h"

#include <linux/virtio_net.h>

struct tuntap_config {
    const char *name;
    bool frames;                                      /* a TAP: Ethernet frames; else a TUN: IP packets */
    struct addr gateway; uint8_t prefix;              /* the kernel's own address on it; len 0: none */
    struct addr gateway6; uint8_t prefix6;            /* ... and one of IPv6 besides */
    bool offload, shared;                             /* tun.h */
};

/* `headers`: a struct virtio_net_hdr stands before each packet. `offload`: and the kernel does what it says. */
struct tuntap { int fd; bool headers, offload; };

/* Makes the device where it does not exist. False: errno says why, fd is closed. */
bool tuntap_open(struct tuntap *, const struct tuntap_config *);

/* The header for a packet before which `before` octets (of Ethernet) stand, and the facts from one. */
struct virtio_net_hdr tuntap_header(const struct packet *, uint16_t before);
void tuntap_facts(struct packet *, const struct virtio_net_hdr *, uint16_t before);

#endif
