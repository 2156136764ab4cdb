#include "net/tell.h"
#include "net/icmp.h"
#include "net/udp.h"

#include <stdarg.h>
#include <stdio.h>

enum { LABEL_MAX = 200, ATTRS_MAX = 16, CARRIES_MAX = 1 };

/* What a packet turned out to be, while it is told. */
struct telling {
    const struct voice *voice;
    const struct told *told;
    const uint8_t *start;
    struct ip_header ip;
    const char *layer, *name, *rfc; uint32_t conn;
    char label[LABEL_MAX]; size_t label_len;
    struct attr attrs[ATTRS_MAX]; size_t n_attrs;
    struct carry carry; size_t n_carries;
    char from[ADDR_TEXT], to[ADDR_TEXT], flags[SEGMENT_FLAGS], why[64], sack[96];
};

__attribute__((format(printf, 2, 3)))
static void say(struct telling *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t room = sizeof t->label - t->label_len;
    int n = vsnprintf(t->label + t->label_len, room, format, args);
    va_end(args);
    if (n > 0)
        t->label_len += (size_t)n < room ? (size_t)n : room - 1;
}

static void add(struct telling *t, struct attr a)
{
    if (t->n_attrs < ATTRS_MAX)
        t->attrs[t->n_attrs++] = a;
}

/* Notes that the octets of `payload` are those of a stream from `off` on. */
static void carry(struct telling *t, const struct bytes *payload, buf_no stream, uint64_t off)
{
    if (!stream || !payload->n)
        return;
    t->carry = (struct carry){ .stream = stream, .off = off, .at = (uint32_t)(payload->at - t->start),
                               .len = (uint32_t)payload->n };
    t->n_carries = 1;
}

/* Where a segment's first octet of text lies in its stream. Signed: it may come before what is already
 * acknowledged or read. */
static uint64_t stream_offset(const struct tcp *t, const struct tcp_segment *s, bool arrived)
{
    uint32_t first = s->seq + !!(s->flags & TCP_SYN);
    if (arrived)
        return t->octets_received + (uint64_t)(int64_t)(int32_t)(first - (t->rcv_nxt - t->carrier.peer_done));
    return t->octets_acked + (uint64_t)(int64_t)(int32_t)(first - tcp_out_seq(t));
}

/* A sequence number, and in parentheses how far it is from its ISN. */
static void say_number(struct telling *t, const char *name, const char *relative, uint32_t number, bool known,
                       uint32_t isn)
{
    say(t, " %s %u", name, number);
    add(t, attr_number(name, number));
    if (known) {
        say(t, " (%u)", number - isn);
        add(t, attr_number(relative, number - isn));
    }
}

/* What is known of the connection, by one of its ends or by a third party. */
static struct told_flow flow_of(const struct told *told, const struct tcp_segment *s)
{
    const struct tcp *tcp = told->tcp;
    if (!tcp)
        return told->flow ? *told->flow : (struct told_flow){ 0 };
    bool arrived = told->arrived;
    struct told_flow f = { .conn = tcp->carrier.voice.conn, .isn = arrived ? tcp->irs : tcp->iss,
                           .other_isn = arrived ? tcp->iss : tcp->irs, .isn_known = true, .other_isn_known = true,
                           .shift = arrived ? tcp->snd_wind_shift : tcp->rcv_wind_shift };
    if (!arrived || tcp->state >= TCP_SYN_RECEIVED) {
        f.stream = arrived ? tcp->carrier.reads : tcp->carrier.writes;
        f.off = stream_offset(tcp, s, arrived);
    }
    return f;
}

/* In octets, where both ends have agreed on a shift: RFC 7323 §2.3. */
static void tell_window(struct telling *t, const struct tcp_segment *s, const struct told_flow *f)
{
    unsigned shift = s->flags & TCP_SYN ? 0 : f->shift;
    say(t, " win %u", s->window << shift);
    add(t, attr_number("window", s->window));
    if (shift)
        add(t, attr_number("window_octets", (uint64_t)s->window << shift));
}

/* What the peer of the reader has behind a gap (RFC 2018), counted from the stream's beginning. */
static void tell_sacks(struct telling *t, const struct tcp_segment *s, uint32_t isn)
{
    size_t n = 0;
    for (unsigned i = 0; i < s->n_sack && n < sizeof t->sack; i++)
        n += (size_t)snprintf(t->sack + n, sizeof t->sack - n, "%s%u-%u", i ? " " : "", s->sack[i].seq - isn,
                              s->sack[i].end - isn);
    if (!s->n_sack)
        return;
    say(t, " SACK %s", t->sack);
    add(t, attr_text("sack", t->sack));
}

static void tell_tcp(struct telling *t, const struct tcp_segment *s)
{
    const struct tcp *tcp = t->told->tcp;
    const struct told_flow f = flow_of(t->told, s);
    bool ours = tcp && !t->told->arrived, syn = s->flags & TCP_SYN;
    const char *why = ours ? tcp_why_text(tcp, t->told->why, t->why, sizeof t->why) : NULL;
    t->layer = "tcp";
    t->name = segment_name(s);
    t->rfc = "RFC 9293 §3.1";
    say(t, "%s", t->name);
    add(t, attr_number("from_port", s->source_port));
    add(t, attr_number("to_port", s->destination_port));
    say_number(t, "seq", "seq_relative", s->seq, f.isn_known || syn, syn ? s->seq : f.isn);
    if (s->flags & TCP_ACK)
        say_number(t, "ack", "ack_relative", s->ack, f.other_isn_known, f.other_isn);
    tell_window(t, s, &f);
    if (s->mss)
        say(t, " MSS %u", s->mss);
    if (s->text.n)
        say(t, " len %zu", s->text.n);
    tell_sacks(t, s, f.other_isn);
    add(t, attr_text("flags", segment_flags(s, t->flags)));
    add(t, attr_number("length", s->text.n));
    if (why)
        add(t, attr_text("retransmission", why));
    if (f.analysis)
        add(t, attr_text("analysis", f.analysis));
    if (ours)
        add(t, attr_text("state", tcp_state_name(tcp->state)));
    t->conn = f.conn;
    carry(t, &s->text, f.stream, f.off);
}

static void tell_udp(struct telling *t, const struct udp_header *h, const struct wire_in *payload)
{
    t->layer = "udp";
    t->name = "datagram";
    t->rfc = "RFC 768";
    say(t, "UDP %u to %u len %zu", h->source_port, h->destination_port, wire_left(payload));
    add(t, attr_number("from_port", h->source_port));
    add(t, attr_number("to_port", h->destination_port));
    add(t, attr_number("length", wire_left(payload)));
    carry(t, &(struct bytes){ payload->at, wire_left(payload) }, t->told->stream, 0);
}

static void tell_icmp(struct telling *t, const struct icmp_message *m)
{
    bool six = t->ip.protocol == IP_ICMP6;
    const char *words = six ? icmp6_words(m->type) : icmp_words(m->type);
    t->layer = "icmp";
    t->name = words ? words : "message";
    t->rfc = six ? "RFC 4443 §2.1" : "RFC 792";
    say(t, six ? "ICMPv6 %s" : "ICMP %s", t->name);
    add(t, attr_number("type", m->type));
    add(t, attr_number("code", m->code));
}

/* A datagram's stream goes on from fragment to fragment, behind UDP's header. */
static bool carry_fragment(struct telling *t, struct wire_in *in)
{
    uint32_t at = t->ip.fragment_offset;
    if (t->ip.protocol != IP_UDP || !t->told->stream || (at == 0 && wire_left(in) < UDP_HEADER))
        return false;
    if (at == 0)
        take_ref(in, "data", UDP_HEADER);
    carry(t, &(struct bytes){ in->at, wire_left(in) }, t->told->stream, at == 0 ? 0 : at - UDP_HEADER);
    return true;
}

/* Reads what lies behind the IP header, to its end. False: it is broken, or of a protocol that is not
 * ours. */
static bool read_payload(struct telling *t, struct wire_in *in)
{
    struct tcp_segment segment;
    struct udp_header header;
    struct icmp_message message;
    struct wire_in text;
    if (ip_is_fragment(&t->ip))
        return false;
    switch (t->ip.protocol) {
    case IP_TCP:
        if (!tcp_segment_read(in, &segment, NULL))
            return false;
        tell_tcp(t, &segment);
        text = (struct wire_in){ .at = segment.text.at, .end = segment.text.at + segment.text.n,
                                 .watch = in->watch };
        break;
    case IP_UDP:
        if (!udp_read(in, &header, &text, NULL))
            return false;
        tell_udp(t, &header, &text);
        break;
    case IP_ICMP:
    case IP_ICMP6:
        if (t->ip.protocol == IP_ICMP ? !icmp_read(in, &message, NULL)
                                      : !icmp6_read(in, &t->ip.source, &t->ip.destination, &message, NULL))
            return false;
        tell_icmp(t, &message);
        return true;
    default:
        return false;
    }
    if (!t->n_carries)                                /* a stream's octets are named by who reads it */
        take_rest(&text, "data");
    return true;
}

/* Reads the whole packet once: *t tells what it is; with a watch each octet gets its name. What no reader
 * understood is `data`. */
static void read_packet(struct telling *t, const struct packet *p, const struct watch *watch)
{
    struct wire_in in = wire_over(p->bytes, p->len, watch), payload;
    t->start = p->bytes;
    t->layer = "ip";
    t->name = "packet";
    t->rfc = p->len && p->bytes[0] >> 4 == 6 ? "RFC 8200 §3" : "RFC 791 §3.1";
    t->label_len = t->n_attrs = t->n_carries = 0;
    if (!ip_read(&in, &t->ip, &payload, NULL)) {
        say(t, "broken IP packet, %u octets", p->len);
        take_rest(&in, "data");
        return;
    }
    add(t, attr_text("from", addr_text(&t->ip.source, t->from)));
    add(t, attr_text("to", addr_text(&t->ip.destination, t->to)));
    if (!read_payload(t, &payload)) {
        if (!t->label_len && ip_is_fragment(&t->ip))
            say(t, "IP fragment, octets %u to %zu of a packet%s", t->ip.fragment_offset,
                t->ip.fragment_offset + wire_left(&payload), t->ip.more_fragments ? "" : ", the last");
        else if (!t->label_len)
            say(t, "IP protocol %u, %zu octets", t->ip.protocol, wire_left(&payload));
        if (!ip_is_fragment(&t->ip) || !carry_fragment(t, &payload))
            take_rest(&payload, "data");
    }
}

void tell_packet(const struct voice *v, struct packet *p, const struct told *told)
{
    if (!trace_hears(v->trace))
        return;
    struct telling t = { .voice = v, .told = told };
    packet_make_sum(p);                               /* what is shown is whole */
    read_packet(&t, p, NULL);
    p->buf = trace_buf(v->trace, 'p');
    p->cause = trace_emit(v->trace, &(struct event){
        .kind = EVENT_PACKET, .level = LEVEL_PACKETS, .layer = t.layer, .name = t.name, .label = t.label,
        .rfc = t.rfc, .by = __func__, .host = v->host, .cause = told->cause,
        .conn = t.conn,
        .attrs = t.attrs, .n_attrs = t.n_attrs, .buf = p->buf, .bytes = { p->bytes, p->len },
        .carries = &t.carry, .n_carries = t.n_carries });
    if (trace_wants_fields(v->trace)) {
        const struct watch watch = { .trace = v->trace, .buf = p->buf, .base = p->bytes };
        read_packet(&t, p, &watch);
    }
}

void tell_drop(const struct voice *v, const char *layer, const char *by, const struct fault *why)
{
    if (!trace_hears(v->trace))
        return;
    const struct attr attrs[] = {
        attr_text("subject", why->ground->id), attr_text("expected", why->expected),
        attr_text("found", why->came), attr_text("verdict", why->answer ? why->answer : "dropped"),
    };
    trace_emit(v->trace, &(struct event){
        .kind = EVENT_CHECK, .level = LEVEL_PACKETS, .layer = layer, .name = why->ground->id,
        .label = attrs[3].text, .rfc = why->ground->rfc, .by = by, .host = v->host, .attrs = attrs,
        .n_attrs = sizeof attrs / sizeof *attrs });
}

event_no tell_break(const struct voice *v, const char *wish, const char *rfc, event_no cause, const char *by)
{
    char label[80];
    if (!trace_hears(v->trace))
        return 0;
    event_no running = trace_cause(v->trace);
    snprintf(label, sizeof label, "lab: %s", wish);
    const struct attr attr = attr_text("break", wish);
    trace_because(v->trace, 0);
    event_no n = trace_emit(v->trace, &(struct event){
        .kind = EVENT_MARK, .level = LEVEL_PACKETS, .layer = "lab", .name = "break", .label = label,
        .rfc = rfc, .by = by, .host = v->host, .cause = cause, .attrs = &attr, .n_attrs = 1 });
    trace_because(v->trace, running);
    return n;
}
