/* tell.h - telling of packets: the EVENT_PACKET that declares p<n>, and the name of each of its octets.
 *
 * A packet is told once: by its writer when it is pulled out, if we wrote it, else when it arrives. Both ways
 * it is *read*, by the same readers that every stack uses, so that what is shown is what a parser saw. */
#ifndef NET_TELL_H
#define NET_TELL_H

#include "net/packet.h"
#include "net/tcp.h"

/* What a third party knows of a connection (flow.h), for a segment of it: relative to which numbers the sender and the
 * other count, by how much the sender shifts its windows, and where its text lies in the stream of what it says. */
struct told_flow {
    uint32_t conn, isn, other_isn; bool isn_known, other_isn_known;
    unsigned shift;
    buf_no stream; uint64_t off;
    const char *analysis;                             /* "retransmission": what it was; NULL: nothing special */
};

struct told {
    bool arrived;                                     /* it came from outside; else we send it */
    const struct tcp *tcp;                            /* whose segment it is; NULL: nobody's */
    const struct told_flow *flow;                     /* whose it is, as a third party sees it; NULL: nobody's */
    enum tcp_why why;                                 /* why it is sent */
    buf_no stream;                                    /* a datagram's */
    event_no cause;                                   /* 0: the running cause */
};

/* Tells of the packet: its number goes to packet->buf, the event's to packet->cause. Nothing happens without
 * a trace. */
void tell_packet(const struct voice *, struct packet *, const struct told *);

/* Tells that a packet, or part of it, was dropped, and why: a `check` event. */
void tell_drop(const struct voice *, const char *layer, const char *by, const struct fault *why);

/* What a lab does: an EVENT_MARK of layer "lab", with the break as it was asked for ("loss:18"). Its number.
 * cause 0: nothing led to it but the lab's own wish; it begins a chain of causes. */
event_no tell_break(const struct voice *, const char *wish, const char *rfc, event_no cause, const char *by);

#endif
