/* packet.h - one packet on its way, from a link to a stack or back. The octets belong to whoever made the
 * struct.
 *
 * Some links save both sides work: what goes over them never is on a wire, or a card does the rest. Then a packet
 * may stand for many: one header and up to 64 KB of TCP text, to be cut every `segment` octets (each piece with
 * its own numbers and checksum). And the checksum of TCP or UDP may be left out, where nobody can spoil what it
 * protects. These facts travel beside the octets, in words like those of the virtio network device (OASIS virtio
 * 1.2 §5.1.6). */
#ifndef NET_PACKET_H
#define NET_PACKET_H

#include "net/addr.h"
#include "trace/trace.h"

enum { PACKET_MAX = 65535, PACKET_MTU = 1500 };        /* what IP can say; what links take that do not say more */

enum packet_sum {
    SUM_MADE,                                         /* in its place; who reads it checks it */
    /* Not made: in its place stands the sum of the pseudo-header alone, as it is (not complemented). On
     * the way out somebody below makes it. On the way in it counts as right: it never left this machine. */
    SUM_LEFT,
    SUM_GOOD                                          /* in its place, and checked by somebody below */
};

struct packet {
    uint8_t *bytes;
    uint32_t len, room;
    struct bytes apart;                               /* its last octets, where they do not lie in `bytes` (link.h) */
    uint16_t segment;                                 /* octets of text in each piece; 0: it is one piece */
    enum packet_sum sum;
    uint16_t sum_from, sum_at;                        /* SUM_LEFT: where the sum begins, where it belongs */
    buf_no buf;                                       /* its number in the trace; 0: told by nobody yet */
    /* why it was sent; on arrival: the event that declared it */
    event_no cause;
    nsec at;                                          /* when it was sent */
    struct addr hop;                                  /* on the way out: who is to get it next (routes.h) */
};

/* Makes the checksum that was left: for whoever has to show or keep the octets. False: sum_from and sum_at do not
 * lie in the packet, and nothing was done. */
bool packet_make_sum(struct packet *p);

static inline void packet_leave_sum(struct packet *p, uint16_t from, uint16_t at)
{
    p->sum = SUM_LEFT;
    p->sum_from = from;
    p->sum_at = at;
}

#endif
