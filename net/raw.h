/* raw.h - a packet socket on a network interface (Linux, packet(7)): our own Ethernet, ARP, IP and TCP beside the
 * kernel's, on its card. We have an IP address and a hardware address of our own, so that nobody is taken for the
 * other: the kernel does not see our segments as its own, and does not answer them with a RST. For that the
 * interface takes frames that are not for it (promiscuous), as long as our socket is open: the kernel undoes it
 * with the socket, however we end. Needs CAP_NET_RAW. An interface that takes no foreign address (Wi-Fi, many
 * virtual machines in clouds) cannot be used so. */
#ifndef NET_RAW_H
#define NET_RAW_H

#include "net/ether_link.h"

/* NULL: why says what is missing. */
struct link *raw_open(struct live *, const char *interface, const struct ether_ends *, struct fault *why);

#endif
