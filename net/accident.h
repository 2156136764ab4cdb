/* accident.h - what shall happen to packets of a sealed wire that were chosen by their number, beside what
 * chance does to others (impair.h). Nothing here draws: an accident happens, once, to every packet from
 * `first` to `last`.
 *
 *     loss      the packet is gone
 *     dup       a second copy follows after `late`
 *     reorder   it is held back for `late`, so that the one behind it overtakes it
 *     delay     it is held back for `late`
 *     flip      the highest bit of one octet is flipped (of the last one, where there are not so many); then,
 *               if `repaired`, every checksum is made right again, as somebody would who does it on purpose
 *     rewrite   somebody on the way changes what he finds in it, if it is there, and makes the checksums right
 *     cut       the packet's second half is gone, and its header still speaks of the whole
 *
 * Each is told as an EVENT_MARK of layer "lab", caused by the packet, which then is the cause of the fate. */
#ifndef NET_ACCIDENT_H
#define NET_ACCIDENT_H

#include "net/packet.h"

enum accident_kind {
    ACCIDENT_LOSS, ACCIDENT_DUP, ACCIDENT_REORDER, ACCIDENT_DELAY, ACCIDENT_FLIP, ACCIDENT_REWRITE,
    ACCIDENT_CUT
};

struct accident {
    enum accident_kind kind;
    uint64_t first, last;                             /* packets of the whole wire, by number: #18 is 18 */
    nsec late;
    uint32_t octet; bool repaired;
    /* Changes an IP packet of n octets in place, or leaves it alone (false); and the section this is against. */
    bool (*rewrite)(uint8_t *packet, uint32_t n); const char *rfc;
    const char *wish;                                 /* as it was asked for: "loss:18" */
};

/* The bit that the accident flips in a packet of n octets, n > 0: 0 is the highest of octet 0. */
uint32_t accident_bit(const struct accident *, uint32_t n);
/* Makes the checksums of IP, and of TCP or UDP behind it, right for what they stand over. Packets that are no
 * whole ones are left as they are. */
void     accident_repair(uint8_t *packet, uint32_t n);

#endif
