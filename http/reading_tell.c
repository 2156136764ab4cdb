#include "http/reading_inside.h"
#include "net/tell.h"
#include "net/udp.h"

#include <stdio.h>
#include <string.h>

static const char *name_of(const struct reading *r, const struct addr *a)
{
    for (unsigned i = 0; i < READING_NAMES; i++)
        if (r->names[i].addr.len && addr_same(&r->names[i].addr, a))
            return r->names[i].name;
    return NULL;
}

static uint16_t known_host(const struct trace *t, const struct addr *a)
{
    const struct trace_host *h;
    for (uint16_t i = 1; (h = trace_host_of(t, i)) != NULL; i++)
        if (h->addr_len == a->len && memcmp(h->addr, a->octets, a->len) == 0)
            return i;
    return 0;
}

/* A host is called by its name, where one is known, else "client" or "server", and from the second of them on by its
 * address. The trace has places for a few of them: the rest are strangers. */
uint16_t reading_host(struct reading *r, const struct addr *a, const char *otherwise)
{
    struct trace *t = reading_trace(r);
    uint16_t host = known_host(t, a);
    unsigned n = r->n_hosts;
    if (host || n == TRACE_HOSTS)
        return host;
    bool client = strcmp(otherwise, "client") == 0;
    const char *name = name_of(r, a);
    char text[ADDR_TEXT];
    bool first = client ? r->n_clients++ == 0 : strcmp(otherwise, "server") == 0 && r->n_servers++ == 0;
    if (!name)
        name = first || (!client && strcmp(otherwise, "server") != 0) ? otherwise : addr_text(a, text);
    snprintf(r->hosts[n], HOST_NAME, "%s", name);
    host = trace_host(t, r->hosts[n], a->octets, a->len);
    r->n_hosts += host != 0;
    return host;
}

static uint16_t sender_of(struct reading *r, struct bytes packet, const struct seen_segment *s)
{
    if (s)
        return ((const struct talk *)s->flow->user)->host[s->side];
    struct wire_in in = wire_over(packet.at, packet.n, NULL), payload;
    struct ip_header h;
    if (!ip_read(&in, &h, &payload, NULL))
        return 0;
    if (h.protocol != IP_UDP || wire_left(&payload) < UDP_HEADER)
        return known_host(reading_trace(r), &h.source);
    bool from_server = payload.at[0] == 0 && payload.at[1] == DNS_PORT;
    if (payload.at[2] == 0 && payload.at[3] == DNS_PORT)
        reading_host(r, &h.destination, "resolver");
    return reading_host(r, &h.source, from_server ? "resolver" : "client");
}

/* "retransmission, out_of_order"; NULL: none. */
static const char *analysis_of(unsigned marks, char *out, size_t room)
{
    size_t n = 0;
    for (unsigned bit = 0; bit < FLOW_MARKS; bit++)
        if (marks >> bit & 1 && n < room)
            n += (size_t)snprintf(out + n, room - n, "%s%s", n ? ", " : "", flow_mark_name(bit));
    return n ? out : NULL;
}

static struct told_flow flow_of(const struct seen_segment *s, struct bytes packet, char *analysis, size_t room)
{
    const struct talk *t = s->flow->user;
    const struct flow_side *mine = &s->flow->side[s->side], *other = &s->flow->side[1 - s->side];
    bool shifts = mine->has_window_scale && other->has_window_scale;
    struct told_flow f = { .conn = s->flow->id, .isn = mine->isn, .isn_known = mine->isn_known, .other_isn = other->isn,
                           .other_isn_known = other->isn_known, .shift = shifts ? mine->window_scale : 0,
                           .stream = t->stream[s->side], .analysis = analysis_of(s->marks, analysis, room) };
    struct wire_in in = wire_over(packet.at, packet.n, NULL), payload;
    struct ip_header h;
    struct tcp_segment segment;
    if (ip_read(&in, &h, &payload, NULL) && tcp_segment_read(&payload, &segment, NULL))
        f.off = flow_offset_of(s->flow, s->side, segment.seq + !!(segment.flags & TCP_SYN));
    return f;
}

void reading_tell(struct reading *r, struct bytes bytes, const struct seen_segment *s, buf_no datagram)
{
    struct trace *t = reading_trace(r);
    if (!trace_hears(t) || !bytes.n || bytes.n > PACKET_MAX + IP6_HEADER)
        return;
    if (s && !s->flow->user)
        s = NULL;
    char analysis[160];
    struct told_flow flow = s ? flow_of(s, bytes, analysis, sizeof analysis) : (struct told_flow){ 0 };
    struct voice v = { .trace = t, .host = sender_of(r, bytes, s), .conn = flow.conn };
    struct packet p = { .bytes = (uint8_t *)(uintptr_t)bytes.at, .len = (uint32_t)bytes.n, .room = (uint32_t)bytes.n,
                        .at = r->now };
    trace_count(t, 'p', r->packet);
    tell_packet(&v, &p, &(struct told){ .arrived = true, .flow = s ? &flow : NULL, .stream = datagram });
    trace_because(t, p.cause);
}

void reading_tell_dns(struct reading *r, const struct dns_ends *e, struct bytes message, buf_no stream)
{
    struct trace *t = reading_trace(r);
    if (!trace_hears(t) || message.n > DATAGRAM_MAX)
        return;
    struct datagram d = { .from = e->from, .to = e->to, .from_port = e->from_port, .to_port = e->to_port,
                          .len = (uint32_t)message.n, .stream = stream };
    memcpy(d.bytes, message.at, message.n);
    const struct voice v = { .trace = t, .host = known_host(t, &e->to) };
    dns_tell(&v, &d);
}
