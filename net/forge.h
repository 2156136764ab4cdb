/* forge.h - packets made by hand, in anybody's name: what an attacker in the sealed world sends.
 *
 * A forger is a host that has no stack: it never listens, answers nothing, and sends what was forged, in that
 * order, at the next pull. Whoever forges says what of (the seen packet, the mark of the lab). What lies in a
 * forged segment is named "data": it belongs to no stream. Its memory is fixed; what finds no room is not sent.
 * It lives in the sealed world alone. */
#ifndef NET_FORGE_H
#define NET_FORGE_H

#include "net/host.h"
#include "net/icmp.h"
#include "net/tcp_segment.h"

enum { FORGED = 128, FORGED_OCTETS = 640 };
struct forged { uint8_t octets[FORGED_OCTETS]; uint32_t n; buf_no stream; event_no cause; };

struct forger {
    struct host host;                                 /* first: a forger is a host */
    struct forged queue[FORGED]; unsigned first, n;
};

void forger_start(struct forger *, const struct voice *);

void forge_segment(struct forger *, const struct addr *from, const struct addr *to, const struct tcp_segment *,
                   event_no cause);
/* From d->from; d->stream and d->cause stand in the trace as for any datagram. */
void forge_datagram(struct forger *, const struct datagram *);
/* "Your packet could not be delivered": quotes it as far as ICMP does. */
void forge_error(struct forger *, const struct addr *from, const struct addr *to, const struct icmp_error *,
                 const struct bytes *quoted, event_no cause);

#endif
