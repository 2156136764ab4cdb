/* packet.h - one packet on its way, from a link to a stack or back. The octets belong to whoever made the
 * struct. */
#ifndef NET_PACKET_H
#define NET_PACKET_H

#include "trace/trace.h"

enum { PACKET_MAX = 65535, PACKET_MTU = 1500 };

struct packet {
    uint8_t *bytes;
    uint32_t len, room;
    buf_no buf;                                       /* its number in the trace; 0: told by nobody yet */
    /* why it was sent; on arrival: the event that declared it */
    event_no cause;
    nsec at;                                          /* when it was sent */
};

#endif
