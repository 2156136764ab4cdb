/* reassembly.h - fragments become packets again (RFC 791 §3.2, RFC 8200 §4.5). An engine without I/O: fragments go
 * in, with the time; now and then a whole packet comes out.
 *
 * What a hostile sender can do with fragments is known, and refused:
 *
 *     overlap           the whole packet is given up, and what still comes of it dropped (RFC 5722): who lets one
 *                       fragment write over another can be shown two packets. The same fragment twice is harmless.
 *     a tiny first one  a first fragment holds the whole header of TCP or UDP, and none of TCP's begins at octet 8
 *                       (RFC 1858, RFC 3128, RFC 7112): nobody hides a header from a filter.
 *     past the end      a packet is not longer than 65,535 octets ("ping of death").
 *     contradictions    two ends, octets behind the end, lengths that are no multiple of 8.
 *     many, or slow     REASSEMBLY_PACKETS at a time, REASSEMBLY_PIECES each, 60 s; the oldest makes room. So a
 *                       fragment costs no more than a look at each, whatever came before (CVE-2018-5391).
 *
 * Memory: made when the first fragment comes, and then fixed: about 66 KB for each of REASSEMBLY_PACKETS. */
#ifndef NET_REASSEMBLY_H
#define NET_REASSEMBLY_H

#include "net/ip.h"
#include "trace/trace.h"

enum { REASSEMBLY_PACKETS = 4, REASSEMBLY_PIECES = 128, REASSEMBLY_SECONDS = 60, REASSEMBLY_HEADERS = 256 };

struct reassembly;

struct reassembly *reassembly_new(void);              /* NULL: no memory */
void               reassembly_free(struct reassembly *);

/* Takes one fragment: *h as ip_read gave it, `packet` where its IP header begins, `payload` what ip_read left.
 * REFUSED: with a fault; *problem may say what the sender is owed. WHOLE: *whole is the packet, without any trace of
 * its having been cut; it holds until the next call. */
enum reassembled { REASSEMBLY_GOES_ON, REASSEMBLY_WHOLE, REASSEMBLY_REFUSED };
enum reassembled reassembly_take(struct reassembly *, const struct ip_header *h, const uint8_t *packet,
                                 const struct bytes *payload, nsec now, struct bytes *whole,
                                 struct ip_problem *problem, struct fault *why);

/* Places of packets and pieces that were looked at so far, for all fragments that came: the work of it. */
uint64_t reassembly_looked(const struct reassembly *);

/* When the oldest has waited long enough; NEVER: nothing waits. */
nsec reassembly_wake(const struct reassembly *);
/* Gives one up that has waited too long. False: there is none. *first is its first fragment, to be quoted to its
 * sender, or empty where that one never came. */
bool reassembly_expire(struct reassembly *, nsec now, struct bytes *first);

#endif
