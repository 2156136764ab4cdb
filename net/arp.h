/* arp.h - one ARP packet for IPv4 over Ethernet (RFC 826): its reader and its writer, pure functions of octets.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     |         hardware (1)          |       protocol (0x0800)        |
 *     | hw length (6) | pr length (4) |           operation            |
 *     |     sender: 6 octets of hardware address, 4 of protocol        |
 *     |     target: 6 octets of hardware address, 4 of protocol        |
 *
 * Who asks and what is believed: net/ether.h. */
#ifndef NET_ARP_H
#define NET_ARP_H

#include "net/addr.h"
#include "trace/wire.h"

enum { ARP_LEN = 28, MAC_LEN = 6 };
enum arp_operation { ARP_REQUEST = 1, ARP_REPLY = 2 };

struct mac { uint8_t octets[MAC_LEN]; };
struct arp_packet {
    uint16_t operation;
    struct mac sender_mac, target_mac;
    struct addr sender, target;
};

/* Reads one; octets behind it are named `padding` (Ethernet's frames have 46 at least). False with a fault: cut
 * short, for other hardware or another protocol than these, neither request nor reply. */
bool arp_read(struct wire_in *in, struct arp_packet *out, struct fault *why);
void arp_write(const struct arp_packet *p, uint8_t out[ARP_LEN]);

static inline bool mac_same(const struct mac *a, const struct mac *b)
{
    return memcmp(a->octets, b->octets, MAC_LEN) == 0;
}
/* Somebody's own: not all, not a group, not nobody. */
bool mac_is_single(const struct mac *);

#endif
