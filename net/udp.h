/* udp.h - UDP (RFC 768): the datagram's reader and writer, and the ports that are open on a host.
 *
 * A port that is open has nothing but its number. What came lies in one queue for all of them, what shall go
 * in another; both are bounded, and a datagram for which there is no room is lost, as on any wire. */
#ifndef NET_UDP_H
#define NET_UDP_H

#include "net/host.h"
#include "net/ip4.h"

enum { UDP_HEADER = 8, UDP_PORTS = 32, UDP_QUEUE = 16 };

struct udp_header { uint16_t source_port, destination_port, length; };

/* Reads the header; *payload lies over the octets that `length` says. It is neither named nor read: whoever
 * knows what is in it does that. Octets behind it are named `padding`. False with a fault: too short, or
 * lengths that contradict each other. */
bool udp_read(struct wire_in *in, struct udp_header *h, struct wire_in *payload, struct fault *why);

/* Writes header and payload with their checksum: how many octets; 0: no room. */
size_t udp_write(const struct datagram *d, uint8_t *out, size_t room);

struct udp_queue { struct datagram ring[UDP_QUEUE]; event_no cause[UDP_QUEUE]; unsigned first, n; };

struct udp {
    uint16_t open[UDP_PORTS]; unsigned n_open;
    struct udp_queue in, out;
};

bool             udp_is_open(const struct udp *u, uint16_t port);
struct datagram *udp_push(struct udp_queue *q, event_no cause);     /* the slot to fill in; NULL: full */
/* the oldest; NULL: none. Valid until the next push. */
struct datagram *udp_pop(struct udp_queue *q, event_no *cause);

#endif
