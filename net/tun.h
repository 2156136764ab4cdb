/* tun.h - a TUN device: our own IP and TCP on a real link (Linux, Documentation/networking/tuntap). Needs
 * the privilege CAP_NET_ADMIN, or a device made for us before (ip tuntap add dev NAME mode tun user US). */
#ifndef NET_TUN_H
#define NET_TUN_H

#include "net/addr.h"
#include "net/live.h"

/* Opens device `name`, making it where it does not exist. When it is not up yet it is brought up, with
 * `gateway`/`prefix` as the kernel's own address on it (gateway len 0: no address). Packets that come are
 * HAPPENED_PACKET for `host`. NULL: why says what is missing and what to type. */
struct link *tun_open(struct live *, const char *name, uint16_t host, const struct addr *gateway,
                      uint8_t prefix, struct fault *why);
void         tun_close(struct link *);

#endif
