/* impair.h - a bad wire: a link around a link that loses, duplicates, reorders and corrupts what passes, by
 * chance or, where accidents were chosen (accident.h), on purpose.
 *
 * What becomes of a packet is decided by the seed, the packet's ordinal on the whole wire and the kind of
 * fate, each kind for itself: a visit with --loss 5 loses the same packets whether or not some are duplicated
 * too.
 *
 *     lost          the packet is gone; the other fates do not matter any more
 *     duplicated    a second copy follows, up to half a `delay` later; it is intact and in its time
 *     reordered     it is held back by up to one and a half `delay`, so that later ones may overtake it
 *     corrupted     one bit is flipped, anywhere from the first octet of IP to the last of the payload: a
 *                   checksum must notice
 *
 * A wire may also have a rate, and a queue before it. Then a packet leaves when the ones before it have left and its
 * own octets went out; who finds the queue full is lost (drop tail). Chance comes first: a packet lost by chance
 * takes no place in the queue. Copies and packets held back take theirs when they were sent. Whose packets wait in
 * one queue share a struct line.
 *
 * The router before that line may mark instead of only dropping (RFC 3168 §5): whoever finds more than `mark` octets
 * waiting, and says that he understands (ECT), goes on with "congestion experienced" in his header. That is counted,
 * and not told: only the link lab has such a router, and nobody listens there.
 *
 * Each fate but "delivered" is told at once as EVENT_FATE, level packets, of the host that sent: `name` and
 * attribute `fate` are one of the words above, `by_ns` says how late, `bit` which bit (0 is the highest of
 * octet 0). The fate is caused by the packet, or by the mark of the accident, and becomes the cause of what
 * arrives. An accident may also be told as "delayed" or "cut".
 *
 * Holding back is done by sending into the inner link at a later `now`: the sealed wire takes that, no real
 * link does. */
#ifndef NET_IMPAIR_H
#define NET_IMPAIR_H

#include "net/accident.h"
#include "net/link.h"

/* What the wire does, each by chance in thousandths of packets (50 = 5 %). */
struct wires {
    nsec delay;                                       /* one way */
    unsigned loss, dup, reorder, corrupt;
    uint32_t mtu;                                     /* octets of the longest packet; 0: PACKET_MTU */
    uint64_t rate; uint32_t queue;                    /* octets a second, octets that may wait; rate 0: no limit */
    uint32_t mark;                                    /* octets that wait, from which on it marks; 0: never */
    const struct accident *accidents; unsigned n_accidents;       /* outlive the wire; NULL: none */
};

/* One queue and the line behind it: when the last octet in it will have left. */
struct line { nsec free_at; };

struct impair {
    struct link link;                                 /* what the host sees */
    struct link *inner;
    const struct wires *wires;
    struct line *line;                                /* &own, unless somebody lets several share one */
    struct line own;
    uint64_t seed;
    uint64_t lost, marked;                            /* packets: by chance, or because the queue was full; CE */
    uint64_t *ordinal;                     /* packets put on the wire so far: one count for all hosts of it */
    struct voice voice;                               /* trace and host that sends */
    uint8_t spoiled[PACKET_MAX];                      /* a corrupted copy, while it is handed on */
};

/* Makes *im a link around `inner`. All that is pointed to outlives it; nothing to free. */
void impair_start(struct impair *im, struct link *inner, const struct wires *, uint64_t seed,
                  uint64_t *ordinal, const struct voice *);

/* Tells a fate of packet p; `late` and `bit` -1: do not apply. The event's number, 0 when nobody watches. */
event_no impair_tell(const struct voice *, const struct packet *p, const char *fate, const char *label,
                     nsec late, int64_t bit, const char *by);

#endif
