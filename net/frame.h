/* frame.h - from a captured frame to the IP packet in it, for the link layers that people capture on (the LINKTYPEs of
 * tcpdump.org): Ethernet with VLAN tags (802.1Q, 802.1ad) and PPPoE sessions (RFC 2516), raw IP, Linux cooked captures
 * (SLL, SLL2), BSD loopback in both byte orders. Pure functions; each octet in front of the packet is named. */
#ifndef NET_FRAME_H
#define NET_FRAME_H

#include "trace/wire.h"

enum linktype {
    LINK_NULL = 0, LINK_ETHERNET = 1, LINK_RAW_BSD = 12, LINK_RAW_OPENBSD = 14, LINK_RAW = 101, LINK_LOOP = 108,
    LINK_LINUX_SLL = 113, LINK_IPV4 = 228, LINK_IPV6 = 229, LINK_LINUX_SLL2 = 276
};
enum { FRAME_TAGS = 4 };                              /* more are passed over, up to as many again */

/* What stands around the packet. */
struct frame { uint16_t ethertype; unsigned tags; uint16_t vlan[FRAME_TAGS]; };

/* FRAME_IP: *packet is a cursor over the IP packet and what may stand behind it (Ethernet's padding: ip_read cuts it
 * off). FRAME_OTHER: a sound frame of something else (ARP ...). FRAME_REFUSED: cut, or of a link layer that is not
 * known; *why says it. */
enum framed { FRAME_IP, FRAME_OTHER, FRAME_REFUSED };
enum framed frame_read(uint32_t link, struct wire_in *in, struct frame *, struct wire_in *packet, struct fault *why);
const char *link_words(uint32_t link);                /* "Ethernet"; NULL: not known here */

#endif
