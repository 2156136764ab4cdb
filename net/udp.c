#include "net/udp.h"

#include <string.h>

static const struct ground udp_cut = { "udp.cut", "RFC 768" };

bool udp_read(struct wire_in *in, struct udp_header *h, struct wire_in *payload, struct fault *why)
{
    size_t whole = wire_left(in);
    *h = (struct udp_header){ 0 };
    if (whole < UDP_HEADER)
        return refuse(why, &udp_cut, "at least 8 octets", "%zu octets", whole);
    wire_group(in, "udp", UDP_HEADER);
    h->source_port = take_u16(in, "source_port");
    h->destination_port = take_u16(in, "destination_port");
    h->length = take_u16(in, "length");
    take_u16(in, "checksum");
    if (h->length < UDP_HEADER || h->length > whole)
        return refuse(why, &udp_cut, "a length of 8 octets at least, and not past the end of the packet",
                      "length %u, %zu octets", h->length, whole);
    *payload = (struct wire_in){ .at = in->at, .end = in->at + (h->length - UDP_HEADER), .watch = in->watch };
    in->at = payload->end;
    take_rest(in, "padding");
    return true;
}

/* RFC 768: a checksum that comes out as 0 is sent as all ones, since 0 says that there is none. */
size_t udp_write(const struct datagram *d, uint8_t *room, size_t n)
{
    struct wire_out out = wire_into(room, n);
    put_u16(&out, "source_port", d->from_port);
    put_u16(&out, "destination_port", d->to_port);
    put_u16(&out, "length", UDP_HEADER + d->len);
    put_u16(&out, "checksum", 0);
    put_bytes(&out, "data", d->bytes, d->len);
    if (out.failed)
        return 0;
    size_t written = wire_written(&out);
    uint16_t checksum = ip_checksum(&d->from, &d->to, IP_UDP, room, written);
    out = wire_into(room + 6, 2);
    put_u16(&out, "checksum", checksum ? checksum : 0xffff);
    return written;
}

bool udp_is_open(const struct udp *u, uint16_t port)
{
    for (unsigned i = 0; i < u->n_open; i++)
        if (u->open[i] == port)
            return true;
    return false;
}

struct datagram *udp_push(struct udp_queue *q, event_no cause)
{
    if (q->n == UDP_QUEUE)
        return NULL;
    unsigned slot = (q->first + q->n++) % UDP_QUEUE;
    q->cause[slot] = cause;
    return &q->ring[slot];
}

struct datagram *udp_pop(struct udp_queue *q, event_no *cause)
{
    if (q->n == 0)
        return NULL;
    unsigned slot = q->first;
    q->first = (q->first + 1) % UDP_QUEUE;
    q->n--;
    *cause = q->cause[slot];
    return &q->ring[slot];
}
