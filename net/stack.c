#include "net/stack.h"
#include "net/icmp.h"
#include "net/tcp_table.h"
#include "net/tell.h"
#include "net/udp.h"
#include "net/udp_stream.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const struct ground ip_not_for_us  = { "ip.not_for_us",       "RFC 1122 §3.2.1.3" };
static const struct ground ip_bad_source  = { "ip.bad_source",       "RFC 1122 §3.2.1.3" };
static const struct ground ip_bad_dest    = { "ip.bad_destination",  "RFC 1122 §3.2.1.3" };
static const struct ground ip_fragment    = { "ip.fragment",         "RFC 791 §3.2" };
static const struct ground ip_protocol    = { "ip.protocol",         "RFC 1122 §3.2.2.1" };
static const struct ground bad_checksum   = { "tcp.checksum",        "RFC 9293 §3.1" };
static const struct ground udp_checksum   = { "udp.checksum",        "RFC 1122 §4.1.3.4" };
static const struct ground udp_no_room    = { "udp.no_room",         "RFC 768" };
static const struct ground tcp_nowhere    = { "tcp.no_connection",   "RFC 9293 §3.10.7.1" };
static const struct ground tcp_listen     = { "tcp.listen",          "RFC 9293 §3.10.7.2" };
static const struct ground tcp_no_room    = { "tcp.no_room",         "RFC 9293 §3.10.1" };
static const struct ground tcp_port_taken = { "tcp.port_taken",      "RFC 9293 §3.10.1" };
static const struct ground udp_port_taken = { "udp.port_taken",      "RFC 768" };

enum { ANSWERS = 16, ICMP_ANSWERS = 4 };

/* RSTs and ICMP messages that belong to no connection: bounded, and what finds no room is not sent. */
struct rst_answer  { struct tcp_segment segment; struct addr to; event_no cause; };
struct icmp_answer { uint8_t octets[PACKET_MTU]; size_t n; struct addr to; event_no cause; };

struct stack {
    struct host host;                                 /* first: a stack is a host */
    struct stack_config config;
    struct tcp_config tcp_config;
    struct tcp_table tcp;
    struct udp udp;
    struct rst_answer rsts[ANSWERS]; unsigned n_rsts;
    struct icmp_answer icmp[ICMP_ANSWERS]; unsigned n_icmp;
    uint64_t ip_ids;                                  /* packets sent */
    nsec now;                                         /* of the last call that had one */
};

/* --- what the layer above may do with a connection --- */

static void settle(struct tcp *t) { tcp_table_settle(&t->stack->tcp, t); }

static void touch(struct carrier *c, event_no why)
{
    struct tcp *t = (struct tcp *)c;
    tcp_touch(t, why);
    settle(t);
}

static void close_carrier(struct carrier *c)
{
    struct tcp *t = (struct tcp *)c;
    tcp_close(t);
    settle(t);
}

static void abort_carrier(struct carrier *c)
{
    struct tcp *t = (struct tcp *)c;
    tcp_abort(t);
    settle(t);
}

static void release(struct carrier *c)
{
    struct tcp *t = (struct tcp *)c;
    tcp_release(t, t->stack->now);
    settle(t);
}

static const struct carrier_ops carrier_ops = { touch, close_carrier, abort_carrier, release };

static struct tcp *new_connection(struct stack *s, const struct tcp_ends *ends)
{
    struct tcp *t = tcp_table_new(&s->tcp, ends);
    if (!t)
        return NULL;
    t->stack = s;
    t->carrier.ops = &carrier_ops;
    t->carrier.voice.trace = s->host.voice.trace;
    t->carrier.voice.host = s->host.voice.host;
    return t;
}

/* --- packets that came --- */

static void drop(struct stack *s, const char *layer, const struct ground *ground, const char *expected,
                 const char *came)
{
    if (!trace_hears(s->host.voice.trace))
        return;
    struct fault why = { 0 };
    refuse(&why, ground, expected, "%s", came);
    tell_drop(&s->host.voice, layer, "stack_input", &why);
}

static event_no running_cause(const struct stack *s) { return trace_cause(s->host.voice.trace); }

static void answer_rst(struct stack *s, const struct tcp_segment *segment, const struct addr *to)
{
    struct tcp_segment rst;
    if (s->n_rsts < ANSWERS && tcp_reset_for(segment, &rst))
        s->rsts[s->n_rsts++] = (struct rst_answer){ rst, *to, running_cause(s) };
}

/* Where all places are taken by those who never answered our SYN-ACK, one of them goes: RFC 4987 §3.4. */
static bool make_place(struct stack *s, struct tcp_listener *l)
{
    if (l->waiting < s->config.backlog)
        return true;
    if (!tcp_table_recycle(&s->tcp, l))
        return false;
    struct fault why = { 0 };
    refuse(&why, &tcp_no_room, "a place in the backlog", "a SYN, when %u are half open", l->waiting + 1);
    why.answer = "the oldest half-open one made room";
    if (trace_hears(s->host.voice.trace))
        tell_drop(&s->host.voice, "tcp", __func__, &why);
    return true;
}

/* RFC 9293 §3.10.7.2, LISTEN: first RST, second ACK, third SYN. */
static void listener_input(struct stack *s, struct tcp_listener *l, const struct tcp_ends *ends,
                           const struct tcp_segment *segment)
{
    if (segment->flags & TCP_RST) {
        drop(s, "tcp", &tcp_listen, "a SYN", "a RST");
    } else if (segment->flags & TCP_ACK) {
        drop(s, "tcp", &tcp_listen, "a SYN", "an ACK of what was never sent");
        answer_rst(s, segment, &ends->peer);
    } else if (!(segment->flags & TCP_SYN)) {
        drop(s, "tcp", &tcp_listen, "a SYN", "a segment without SYN and ACK");
    } else {
        struct tcp *t = make_place(s, l) ? new_connection(s, ends) : NULL;
        if (!t) {
            drop(s, "tcp", &tcp_no_room, "room for one more connection", "a SYN, when all places are taken");
            return;
        }
        t->listener = l;
        l->waiting++;
        t->ts_offset = tcp_table_ts_offset(&s->tcp, ends);
        tcp_accept(t, &s->tcp_config, tcp_table_isn(&s->tcp, ends, s->now), segment, s->now);
        settle(t);
    }
}

/* RFC 9293 §3.10.7.4, fourth, in TIME-WAIT: a SYN behind all that came in the old connection's life begins a
 * new one (RFC 6191 §2). */
static bool begins_anew(const struct tcp *t, const struct tcp_segment *segment)
{
    return t->state == TCP_TIME_WAIT && t->released
           && (segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN
           && segment->seq - t->rcv_nxt - 1 < 1u << 31;
}

static void tcp_came(struct stack *s, const struct ip4_header *ip, struct wire_in *in, const struct packet *packet)
{
    struct tcp_segment segment;
    struct fault why = { 0 };
    if (packet->sum == SUM_MADE
        && ip4_checksum(&ip->source, &ip->destination, IP_TCP, in->at, wire_left(in)) != 0) {
        drop(s, "tcp", &bad_checksum, "a segment whose checksum is right", "a wrong one");
        return;
    }
    if (!tcp_segment_read(in, &segment, &why)) {
        tell_drop(&s->host.voice, "tcp", __func__, &why);
        return;
    }
    struct tcp_ends ends = { ip->destination, ip->source, segment.destination_port, segment.source_port };
    struct tcp *t = tcp_table_find(&s->tcp, &ends);
    struct tcp_listener *l = tcp_table_listener(&s->tcp, &ends.local, ends.port);
    if (t && l && begins_anew(t, &segment)) {
        tcp_table_forget(&s->tcp, t);
        t = NULL;
    }
    if (t) {
        if (!tcp_input(t, &segment, s->now))
            answer_rst(s, &segment, &ends.peer);
        settle(t);
    } else if (l) {
        listener_input(s, l, &ends, &segment);
    } else {
        drop(s, "tcp", &tcp_nowhere, "a segment of a connection that exists", segment_name(&segment));
        answer_rst(s, &segment, &ends.peer);
    }
}

static struct icmp_answer *new_icmp(struct stack *s, const struct addr *to)
{
    if (s->n_icmp == ICMP_ANSWERS)
        return NULL;
    struct icmp_answer *a = &s->icmp[s->n_icmp++];
    a->to = *to;
    a->cause = running_cause(s);
    return a;
}

/* The zero checksum of a sender that made none (RFC 768) cannot be judged. */
static void udp_came(struct stack *s, const struct ip4_header *ip, struct wire_in *in,
                     const struct packet *packet)
{
    struct udp_header h;
    struct wire_in payload;
    struct fault why = { 0 };
    const uint8_t *start = in->at;
    if (!udp_read(in, &h, &payload, &why)) {
        tell_drop(&s->host.voice, "udp", __func__, &why);
        return;
    }
    bool summed = packet->sum == SUM_MADE && (start[6] || start[7]);
    if (summed && ip4_checksum(&ip->source, &ip->destination, IP_UDP, start, h.length) != 0) {
        drop(s, "udp", &udp_checksum, "a datagram whose checksum is right", "a wrong one");
        return;
    }
    if (!udp_is_open(&s->udp, h.destination_port)) {
        struct icmp_answer *a = new_icmp(s, &ip->source);
        if (a)
            a->n = icmp_write_unreachable(ICMP_PORT, packet->bytes, ip->total_length, a->octets);
        return;
    }
    struct datagram *d = wire_left(&payload) <= DATAGRAM_MAX ? udp_push(&s->udp.in, running_cause(s)) : NULL;
    if (!d) {
        drop(s, "udp", &udp_no_room, "room for one more datagram",
             "one that is too long, or too many that nobody has read");
        return;
    }
    *d = (struct datagram){ .from = ip->source,
                            .to = ip->destination,
                            .from_port = h.source_port,
                            .to_port = h.destination_port,
                            .len = (uint32_t)wire_left(&payload),
                            .cause = running_cause(s) };
    if (d->len)
        memcpy(d->bytes, payload.at, d->len);
    d->stream = udp_stream(s->host.voice.trace, d);
}

static void icmp_came(struct stack *s, const struct ip4_header *ip, struct wire_in *in)
{
    struct icmp_message m;
    struct fault why = { 0 };
    const uint8_t *start = in->at;
    size_t n = wire_left(in);
    if (!icmp_read(in, &m, &why)) {
        tell_drop(&s->host.voice, "icmp", __func__, &why);
        return;
    }
    if (m.type == ICMP_ECHO && n + IP4_HEADER <= s->config.mtu) {          /* RFC 1122 §3.2.2.6 */
        struct icmp_answer *a = new_icmp(s, &ip->source);
        if (a) {
            icmp_write_reply(start, n, a->octets);
            a->n = n;
        }
    } else if (m.type == ICMP_UNREACHABLE && m.quoted.protocol == IP_TCP && m.quoted.fragment_offset == 0) {
        struct tcp_ends ends = { m.quoted.source, m.quoted.destination, m.quoted_source_port,
                                 m.quoted_destination_port };
        struct tcp *t = tcp_table_find(&s->tcp, &ends);
        if (t && m.code == ICMP_TOO_BIG)
            tcp_too_big(t, m.quoted_sequence_number, m.next_hop_mtu);
        else if (t)
            tcp_unreachable(t, m.quoted_sequence_number, icmp_words(m.type));
        if (t)
            settle(t);
    }
}

/* Only another single host can be called or answered: not a group, not all, not this network, not
 * ourselves. */
static bool good_peer(const struct stack *s, const struct addr *peer)
{
    uint8_t first = peer->octets[0];
    return first != 0 && first != 127 && first < 224 && !addr_same(peer, &s->config.addr);
}

/* A packet from a real link is told here, before anything is done about it. It may be somebody's segment. */
static void tell_arrival(struct stack *s, struct packet *packet)
{
    struct wire_in in = wire_over(packet->bytes, packet->len, NULL), payload;
    struct told told = { .arrived = true };
    struct ip4_header ip;
    struct tcp_segment segment;
    struct udp_header udp;
    bool whole = ip4_read(&in, &ip, &payload, NULL) && !ip4_is_fragment(&ip);
    if (whole && ip.protocol == IP_TCP && tcp_segment_read(&payload, &segment, NULL)) {
        struct tcp_ends ends = { ip.destination, ip.source, segment.destination_port, segment.source_port };
        told.tcp = tcp_table_find(&s->tcp, &ends);
    } else if (whole && ip.protocol == IP_UDP && udp_read(&payload, &udp, &in, NULL)
               && udp_is_open(&s->udp, udp.destination_port)) {
        struct datagram d = { .from = ip.source, .to = ip.destination, .from_port = udp.source_port,
                              .to_port = udp.destination_port, .len = (uint32_t)wire_left(&in) };
        d.len = d.len < DATAGRAM_MAX ? d.len : DATAGRAM_MAX;
        memcpy(d.bytes, in.at, d.len);
        told.stream = udp_stream(s->host.voice.trace, &d);
    }
    tell_packet(&s->host.voice, packet, &told);
}

static void stack_input(struct host *host, struct packet *packet, nsec now)
{
    struct stack *s = (struct stack *)host;
    s->now = now;
    if (!packet)
        return;
    if (trace_hears(host->voice.trace) && !packet->buf) {
        tell_arrival(s, packet);
        trace_because(host->voice.trace, packet->cause);
    }
    struct wire_in in = wire_over(packet->bytes, packet->len, NULL), payload;
    struct ip4_header ip;
    struct fault why = { 0 };
    if (!ip4_read(&in, &ip, &payload, &why))
        tell_drop(&host->voice, "ip", __func__, &why);
    else if (!addr_same(&ip.destination, &s->config.addr))
        drop(s, "ip", &ip_not_for_us, "our address", "a packet for somebody else");
    else if (!good_peer(s, &ip.source))
        drop(s, "ip", &ip_bad_source, "the address of one other host", "a packet that nobody can have sent");
    else if (ip4_is_fragment(&ip))
        drop(s, "ip", &ip_fragment, "a whole packet", "a fragment, which we cannot put together");
    else if (ip.protocol == IP_TCP)
        tcp_came(s, &ip, &payload, packet);
    else if (ip.protocol == IP_UDP)
        udp_came(s, &ip, &payload, packet);
    else if (ip.protocol == IP_ICMP)
        icmp_came(s, &ip, &payload);
    else
        drop(s, "ip", &ip_protocol, "TCP, UDP or ICMP", "another protocol");
}

/* --- packets that go --- */

/* An ID for a packet that is never fragmented says nothing (RFC 6864 §4.1); a plain count would tell
 * strangers how much we send. */
static uint16_t next_ip_id(struct stack *s)
{
    uint8_t count[8], out[crypto_shorthash_BYTES];
    uint64_t n = s->ip_ids++;
    for (int i = 0; i < 8; i++)
        count[i] = (uint8_t)(n >> (8 * i));
    crypto_shorthash(out, count, sizeof count, s->tcp.key);
    return (uint16_t)(out[0] << 8 | out[1]);
}

/* n octets of this protocol lie behind the room for the IP header: makes them a packet. */
static bool finish(struct stack *s, struct packet *p, enum ip_protocol protocol, const struct addr *to,
                   size_t n, const struct told *told)
{
    if (n == 0)
        return false;
    struct ip4_header ip = {
        .total_length = (uint16_t)(IP4_HEADER + n), .identification = next_ip_id(s), .dont_fragment = true,
        .time_to_live = IP4_TTL, .protocol = (uint8_t)protocol, .source = s->config.addr, .destination = *to,
    };
    ip4_write(&ip, p->bytes);
    p->len = ip.total_length;
    if (s->config.hand)
        s->config.hand->touch(s->config.hand, p->bytes, p->len, s->now);
    p->at = s->now;
    p->buf = 0;
    p->cause = told->cause;
    tell_packet(&s->host.voice, p, told);
    return true;
}

static bool send_rst(struct stack *s, struct packet *p, uint8_t *room, size_t n)
{
    if (s->n_rsts == 0)
        return false;
    struct rst_answer a = s->rsts[0];
    memmove(s->rsts, s->rsts + 1, --s->n_rsts * sizeof a);
    size_t written = tcp_segment_write(&a.segment, &s->config.addr, &a.to, room, n);
    return finish(s, p, IP_TCP, &a.to, written, &(struct told){ .cause = a.cause });
}

static bool send_icmp(struct stack *s, struct packet *p, uint8_t *room, size_t n)
{
    if (s->n_icmp == 0)
        return false;
    const struct icmp_answer *a = &s->icmp[--s->n_icmp];
    if (a->n > n)
        return false;
    memcpy(room, a->octets, a->n);
    return finish(s, p, IP_ICMP, &a->to, a->n, &(struct told){ .cause = a->cause });
}

static bool send_datagram(struct stack *s, struct packet *p, uint8_t *room, size_t n)
{
    event_no cause;
    const struct datagram *d = udp_pop(&s->udp.out, &cause);
    return d
           && finish(s, p, IP_UDP, &d->to, udp_write(d, room, n),
                     &(struct told){ .cause = cause, .stream = d->stream });
}

static bool send_segment(struct stack *s, struct packet *p, uint8_t *room, size_t n)
{
    struct tcp_sending out;
    struct tcp *t = tcp_table_output(&s->tcp, &out, s->now);
    if (!t)
        return false;
    out.segment.sum_left = s->config.leave_sums;
    if (s->config.leave_sums)
        packet_leave_sum(p, IP4_HEADER, IP4_HEADER + TCP_CHECKSUM_AT);
    p->segment = out.segment.text.n > t->mss ? t->mss : 0;
    size_t written = tcp_segment_write(&out.segment, &t->local, &t->carrier.peer, room, n);
    return finish(s, p, IP_TCP, &t->carrier.peer, written,
                  &(struct told){ .tcp = t, .why = out.why, .cause = out.cause });
}

static bool stack_output(struct host *host, struct packet *p, nsec now)
{
    struct stack *s = (struct stack *)host;
    s->now = now;
    if (p->room < s->config.mtu || p->room < s->config.chunk)
        return false;
    uint8_t *room = p->bytes + IP4_HEADER;
    size_t n = s->config.mtu - IP4_HEADER;
    return send_rst(s, p, room, n) || send_icmp(s, p, room, n) || send_datagram(s, p, room, n)
           || send_segment(s, p, room, s->config.chunk ? s->config.chunk - IP4_HEADER : n);
}

/* --- what a program may ask --- */

static nsec stack_wake(const struct host *host) { return tcp_table_wake(&((const struct stack *)host)->tcp); }

static void stack_tick(struct host *host, nsec now)
{
    struct stack *s = (struct stack *)host;
    s->now = now;
    tcp_table_tick(&s->tcp, now);
}

static struct carrier *stack_connect(struct host *host, const struct addr *to, uint16_t port, nsec now,
                                     struct fault *why)
{
    struct stack *s = (struct stack *)host;
    struct tcp_ends ends = { .local = s->config.addr, .peer = *to, .peer_port = port };
    s->now = now;
    if (to->len != 4 || !good_peer(s, to)) {
        char text[ADDR_TEXT];
        refuse(why, &ip_bad_dest, "the IPv4 address of one other host", "%s", addr_text(to, text));
        return NULL;
    }
    ends.port = tcp_table_port(&s->tcp, &ends, s->config.chance);
    struct tcp *t = ends.port ? new_connection(s, &ends) : NULL;
    if (!t) {
        refuse(why, &tcp_no_room, "room for one more connection", "%u connections already", s->tcp.in_use);
        return NULL;
    }
    t->ts_offset = tcp_table_ts_offset(&s->tcp, &ends);
    tcp_open(t, &s->tcp_config, tcp_table_isn(&s->tcp, &ends, now), now);
    settle(t);
    return &t->carrier;
}

static void tell_listening(struct stack *s)
{
    if (!trace_hears(s->host.voice.trace))
        return;
    const struct attr attrs[] = {
        attr_text("machine", "tcp"), attr_text("from", tcp_state_name(TCP_CLOSED)),
        attr_text("to", tcp_state_name(TCP_LISTEN)), attr_text("trigger", tcp_trigger_name(TCP_PASSIVE_OPEN)),
    };
    trace_emit(s->host.voice.trace, &(struct event){
        .kind = EVENT_STATE, .level = LEVEL_PACKETS, .layer = "tcp", .name = tcp_state_name(TCP_LISTEN),
        .rfc = "RFC 9293 §3.10.1", .by = __func__, .host = s->host.voice.host, .attrs = attrs,
        .n_attrs = sizeof attrs / sizeof *attrs });
}

static bool stack_listen(struct host *host, const struct addr *addr, uint16_t port, struct fault *why)
{
    struct stack *s = (struct stack *)host;
    const struct addr *at = addr->len ? addr : &s->config.addr;
    struct tcp_listener *l = s->tcp.listeners, *end = l + TCP_LISTENERS;
    while (l < end && l->port)
        l++;
    if (port == 0 || l == end || tcp_table_listener(&s->tcp, at, port))
        return refuse(why, &tcp_port_taken, "a port that nobody listens on", "port %u", port);
    *l = (struct tcp_listener){ .addr = *addr, .port = port };
    tell_listening(s);
    return true;
}

static struct carrier *stack_next_news(struct host *host)
{
    struct tcp *t = stack_news((struct stack *)host);
    return t ? &t->carrier : NULL;
}

static uint16_t stack_udp_open(struct host *host, uint16_t port, struct fault *why)
{
    struct stack *s = (struct stack *)host;
    struct udp *u = &s->udp;
    for (int tries = 0; port == 0 && tries < 64; tries++) { /* RFC 6056 §3.3.1; RFC 5452 §9.2 for DNS */
        uint8_t random[2];
        chance_fill(s->config.chance, "udp_port", random, sizeof random);
        port = (uint16_t)(PORT_EPHEMERAL + (random[0] << 8 | random[1]) % PORTS_EPHEMERAL);
        if (udp_is_open(u, port))
            port = 0;
    }
    if (port == 0 || u->n_open == UDP_PORTS || udp_is_open(u, port)) {
        refuse(why, &udp_port_taken, "a port that is free", "port %u, and %u open", port, u->n_open);
        return 0;
    }
    u->open[u->n_open++] = port;
    return port;
}

static void stack_udp_close(struct host *host, uint16_t port)
{
    struct udp *u = &((struct stack *)host)->udp;
    for (unsigned i = 0; i < u->n_open; i++)
        if (u->open[i] == port)
            u->open[i--] = u->open[--u->n_open];
}

static bool stack_udp_send(struct host *host, struct datagram *d, nsec now)
{
    struct stack *s = (struct stack *)host;
    s->now = now;
    d->from = s->config.addr;
    d->stream = udp_stream(s->host.voice.trace, d);
    if (!d->cause)
        d->cause = running_cause(s);
    if (!udp_is_open(&s->udp, d->from_port) || d->to.len != 4
        || d->len + UDP_HEADER + IP4_HEADER > s->config.mtu || d->len > DATAGRAM_MAX)
        return false;
    struct datagram *slot = udp_push(&s->udp.out, d->cause);
    if (slot)
        *slot = *d;
    return slot != NULL;
}

static bool stack_udp_next(struct host *host, struct datagram *out)
{
    event_no cause;
    const struct datagram *d = udp_pop(&((struct stack *)host)->udp.in, &cause);
    if (d)
        *out = *d;
    return d != NULL;
}

static bool stack_busy(const struct host *host) { return ((const struct stack *)host)->tcp.in_use > 0; }

static void stack_free(struct host *host)
{
    tcp_table_end(&((struct stack *)host)->tcp);
    free(host);
}

static const struct host_ops stack_ops = {
    .input = stack_input, .output = stack_output, .wake = stack_wake, .tick = stack_tick,
    .connect = stack_connect, .listen = stack_listen, .news = stack_next_news,
    .udp_open = stack_udp_open, .udp_close = stack_udp_close, .udp_send = stack_udp_send,
    .udp_next = stack_udp_next, .busy = stack_busy, .free = stack_free,
};

struct stack *stack_new(const struct stack_config *config)
{
    struct stack *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->host = (struct host){ &stack_ops, config->voice };
    s->config = stack_usual(config);
    s->tcp_config = stack_usual_tcp(&s->config);
    if (!tcp_table_start(&s->tcp, s->config.connections, config->chance)) {
        free(s);
        return NULL;
    }
    return s;
}

struct host *stack_host(struct stack *s) { return &s->host; }
struct tcp_config *stack_tcp_config(struct stack *s) { return &s->tcp_config; }
struct tcp *stack_news(struct stack *s) { return tcp_table_news(&s->tcp); }

void stack_touch(struct stack *s, struct tcp *t, event_no why)
{
    tcp_touch(t, why);
    tcp_table_settle(&s->tcp, t);
}

void stack_forget(struct stack *s) { tcp_table_forget_all(&s->tcp); }
