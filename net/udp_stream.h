/* udp_stream.h - the name of a datagram's octets in the trace.
 *
 * A packet is told before anybody knows what its payload means, and a lost one is read by nobody. So a
 * datagram is treated as TCP's octets are: it is a stream of its own, its packet *carries* that stream,
 * and whoever understands the payload tells a message with a span on it. Writer and reader find the same
 * number without having met: from both addresses and ports, the payload's first two octets (the id, for DNS: a
 * query asked again with a new id or port is another stream; a duplicate made by the wire is the same) and its
 * checksum (an answer that somebody forged is another one than the true one).
 *
 *     d->stream = udp_stream(voice.trace, d);        // the host, in udp_send and before udp_next hands it out */
#ifndef NET_UDP_STREAM_H
#define NET_UDP_STREAM_H

#include "net/host.h"

/* From `from`, `to`, both ports and all octets of the datagram. 0 for a NULL trace and for an empty payload.
 */
buf_no udp_stream(struct trace *, const struct datagram *);

#endif
