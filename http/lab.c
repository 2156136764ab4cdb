#include "http/lab.h"
#include "http/sealed_visit.h"
#include "net/accident.h"
#include "net/dns.h"
#include "net/tell.h"
#include "net/udp.h"
#include "net/udp_stream.h"

#include <stddef.h>
#include <string.h>

enum { RESOLVER_TTL = 60, FAR = 20000, NEAR = 1000, BEHIND = 5000, WINDOW = 65535, WINDOW_AT = 14 };

/* What was seen, read as far as an act may want it. */
struct scene {
    struct lab *lab;
    const struct act *act;
    const struct packet *packet;
    struct ip_header ip;
    struct tcp_segment tcp;
    struct datagram udp;
    bool is_tcp, is_udp;
    nsec now;
    event_no cause;                                   /* of what is forged */
};

static bool look(struct scene *s)
{
    struct wire_in in = wire_over(s->packet->bytes, s->packet->len, NULL), payload, text;
    struct udp_header h;
    if (!ip_read(&in, &s->ip, &payload, NULL))
        return false;
    if (s->ip.protocol == IP_TCP)
        s->is_tcp = tcp_segment_read(&payload, &s->tcp, NULL);
    if (s->ip.protocol != IP_UDP || !udp_read(&payload, &h, &text, NULL) || wire_left(&text) > DATAGRAM_MAX)
        return true;
    s->is_udp = true;
    s->udp = (struct datagram){ .from = s->ip.source, .to = s->ip.destination, .from_port = h.source_port,
                                .to_port = h.destination_port, .len = (uint32_t)wire_left(&text) };
    memcpy(s->udp.bytes, text.at, s->udp.len);
    return true;
}

/* ---- TCP ---- */

/* A segment behind the one that was seen, as its sender would write it. */
static struct tcp_segment next_of(const struct scene *s, uint8_t flags)
{
    return (struct tcp_segment){
        .source_port = s->tcp.source_port, .destination_port = s->tcp.destination_port,
        .seq = s->tcp.seq + segment_span(&s->tcp), .ack = flags & TCP_ACK ? s->tcp.ack : 0,
        .flags = flags, .window = s->tcp.window };
}

static void forge(const struct scene *s, const struct tcp_segment *t)
{
    forge_segment(&s->lab->forger, &s->ip.source, &s->ip.destination, t, s->cause);
}

/* An ACK as the receiver of the segment that was seen would write it. */
static void forge_ack(const struct scene *s, uint32_t ack)
{
    const struct tcp_segment t = { .source_port = s->tcp.destination_port, .destination_port = s->tcp.source_port,
                                   .seq = s->tcp.ack, .ack = ack, .flags = TCP_ACK, .window = WINDOW };
    forge_segment(&s->lab->forger, &s->ip.destination, &s->ip.source, &t, s->cause);
}

static void rst(const struct scene *s)
{
    const struct tcp_segment t = next_of(s, TCP_RST | TCP_ACK);
    forge(s, &t);
}

static void fin(const struct scene *s)
{
    const struct tcp_segment t = next_of(s, TCP_FIN | TCP_ACK);
    forge(s, &t);
}

/* To TLS a record of application data, as well as somebody can make one who has no keys; to others HTTP. */
static void inject(const struct scene *s)
{
    static const uint8_t record[5 + 40] = { 23, 3, 3, 0, 40 };
    static const char page[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    bool tls = s->tcp.text.n && (s->tcp.text.at[0] & 0xfc) == 20;
    struct tcp_segment t = next_of(s, TCP_PSH | TCP_ACK);
    t.text = tls ? (struct bytes){ record, sizeof record } : (struct bytes){ (const uint8_t *)page, sizeof page - 1 };
    forge(s, &t);
}

/* What somebody who does not see the connection sends by the thousand, and three of which come near. */
static void blind(const struct scene *s, uint8_t flags)
{
    static const uint32_t off[] = { NEAR, FAR, (uint32_t)-BEHIND };
    for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
        struct tcp_segment t = next_of(s, flags);
        t.seq += off[i];
        forge(s, &t);
    }
}

static void blind_rst(const struct scene *s) { blind(s, TCP_RST); }
static void blind_syn(const struct scene *s) { blind(s, TCP_SYN); }

/* From addresses where nobody is, so that nobody ever answers the SYN-ACK. */
static void syn_flood(const struct scene *s)
{
    const bool six = s->lab->attacker.len == 16;
    const struct addr web = sealed_address(SEALED_WEB, six);
    for (uint32_t i = 0; i < s->act->number; i++) {
        struct addr from = web;
        from.octets[from.len - 2] = 1;                /* 10.0.1.1, 2001:db8::101, and so on */
        from.octets[from.len - 1] = (uint8_t)(1 + i % 250);
        const struct tcp_segment t = { .source_port = (uint16_t)(1024 + i), .destination_port = 443,
                                       .seq = i * 64000, .flags = TCP_SYN, .window = 1024, .mss = 1460 };
        forge_segment(&s->lab->forger, &from, &web, &t, s->cause);
    }
}

static void optimistic_ack(const struct scene *s) { forge_ack(s, s->tcp.seq + segment_span(&s->tcp)); }
static void ack_unsent(const struct scene *s) { forge_ack(s, s->tcp.seq + segment_span(&s->tcp) + FAR); }

static void zero_window(const struct scene *s)
{
    s->lab->narrow_until = s->act->number ? s->now + (nsec)s->act->number * MILLISECOND : NEVER;
}

/* spoils.resolver_silent, resolver_cuts, ipv6_hole do it */
static void silence(const struct scene *s) { (void)s; }

static void half_open(const struct scene *s)
{
    if (s->lab->power_cut)
        s->lab->power_cut(s->lab->self);
}

/* ---- DNS ---- */

static void answer(const struct scene *s, const struct dns_message *m, const struct addr *from)
{
    const struct voice *v = &s->lab->forger.host.voice;
    struct datagram d = { .from = *from, .from_port = s->udp.to_port, .to = s->udp.from,
                          .to_port = s->udp.from_port, .cause = s->cause };
    d.len = (uint32_t)dns_write(m, d.bytes, DNS_MESSAGE);
    d.stream = udp_stream(v->trace, &d);
    dns_tell(v, &d);
    forge_datagram(&s->lab->forger, &d);
}

/* The query that was seen, as its answer, with the attacker's own address in it. */
static bool forged_answer(const struct scene *s, struct dns_message *m)
{
    struct wire_in in = wire_over(s->udp.bytes, s->udp.len, NULL);
    if (!dns_read(&in, m, NULL))
        return false;
    m->response = m->recursion_available = true;
    m->n_answers = 1;
    m->answers[0] = (struct dns_record){
        .type = s->lab->attacker.len == 16 ? DNS_TYPE_AAAA : DNS_TYPE_A, .ttl = RESOLVER_TTL,
        .addr = s->lab->attacker };
    memcpy(m->answers[0].name, m->question, sizeof m->question);
    return true;
}

static void dns_spoof(const struct scene *s)
{
    struct dns_message m;
    if (forged_answer(s, &m))
        answer(s, &m, &s->udp.to);
}

static void dns_nxdomain(const struct scene *s)
{
    struct dns_message m;
    if (!forged_answer(s, &m))
        return;
    m.n_answers = 0;
    m.rcode = DNS_NXDOMAIN;
    answer(s, &m, &s->udp.to);
}

/* Three ids that are not the query's, and one that is, from where nobody asked. */
static void dns_guess(const struct scene *s)
{
    struct dns_message m;
    if (!forged_answer(s, &m))
        return;
    for (uint16_t i = 1; i <= 3; i++) {
        m.id = (uint16_t)(m.id + 1);
        answer(s, &m, &s->udp.to);
    }
    m.id = (uint16_t)(m.id - 3);
    answer(s, &m, &s->lab->attacker);
}

/* ---- ICMP ---- */

/* The router stands in the same network as who sent the packet, and is number 1 there. */
static void icmp(const struct scene *s, enum icmp_says says, uint32_t off)
{
    struct addr router = s->ip.source;
    uint8_t quoted[ICMP_QUOTED_MAX];
    const struct bytes b = { quoted, s->packet->len < sizeof quoted ? s->packet->len : sizeof quoted };
    const struct icmp_error e = { .says = says, .word = says == ICMP_SAYS_TOO_BIG ? (uint16_t)s->act->number : 0 };
    router.octets[router.len - 1] = 1;
    memcpy(quoted, s->packet->bytes, b.n);
    for (unsigned i = 0; i < 4 && b.n >= s->ip.header_len + 8u; i++)
        quoted[s->ip.header_len + 4u + i] = (uint8_t)((s->tcp.seq + off) >> (24 - 8 * i));
    forge_error(&s->lab->forger, &router, &s->ip.source, &e, &b, s->cause);
}

static void unreachable(const struct scene *s) { icmp(s, ICMP_SAYS_NO_HOST, 0); }
static void blind_unreachable(const struct scene *s) { icmp(s, ICMP_SAYS_NO_HOST, FAR); }
static void too_big(const struct scene *s) { icmp(s, ICMP_SAYS_TOO_BIG, 0); }

/* ---- when ---- */

/* At the chosen packet, whatever it is, or if it is a segment; at each query; at each segment with the web's text. */
enum moment { AT_PACKET, AT_SEGMENT, AT_QUERY, AT_TEXT };
static const struct plot {
    void (*act)(const struct scene *);
    enum moment moment;
    bool unasked;                                     /* blind, or before anything happened */
    uint16_t host;                                    /* whose doing it is */
    const char *rfc;
} plots[ACTS] = {
    [ACT_RST]               = { rst, AT_SEGMENT, false, SEALED_ATTACKER, "RFC 9293 §3.5.3" },
    [ACT_FIN]               = { fin, AT_SEGMENT, false, SEALED_ATTACKER, "RFC 5246 §7.2.1" },
    [ACT_INJECT]            = { inject, AT_SEGMENT, false, SEALED_ATTACKER, "RFC 9293 §3.10.7.4" },
    [ACT_BLIND_RST]         = { blind_rst, AT_SEGMENT, true, SEALED_ATTACKER, "RFC 5961 §3" },
    [ACT_BLIND_SYN]         = { blind_syn, AT_SEGMENT, true, SEALED_ATTACKER, "RFC 5961 §4" },
    [ACT_SYN_FLOOD]         = { syn_flood, AT_PACKET, true, SEALED_ATTACKER, "RFC 4987 §2" },
    [ACT_OPTIMISTIC_ACK]    = { optimistic_ack, AT_TEXT, false, SEALED_ATTACKER, "RFC 5681 §2" },
    [ACT_ACK_UNSENT]        = { ack_unsent, AT_SEGMENT, false, SEALED_ATTACKER, "RFC 5961 §5" },
    [ACT_ACK_LOST]          = { optimistic_ack, AT_SEGMENT, false, SEALED_ATTACKER, "RFC 9293 §3.10.7.4" },
    [ACT_DNS_SPOOF]         = { dns_spoof, AT_QUERY, false, SEALED_ATTACKER, "RFC 3833 §2.1" },
    [ACT_DNS_NXDOMAIN]      = { dns_nxdomain, AT_QUERY, false, SEALED_ATTACKER, "RFC 3833 §2.1" },
    [ACT_DNS_GUESS]         = { dns_guess, AT_QUERY, true, SEALED_ATTACKER, "RFC 5452 §4" },
    [ACT_UNREACHABLE]       = { unreachable, AT_SEGMENT, false, SEALED_ATTACKER, "RFC 5927 §4" },
    [ACT_BLIND_UNREACHABLE] = { blind_unreachable, AT_SEGMENT, true, SEALED_ATTACKER, "RFC 5927 §4" },
    [ACT_TOO_BIG]           = { too_big, AT_SEGMENT, false, SEALED_ATTACKER, "RFC 5927 §7" },
    [ACT_ZERO_WINDOW]       = { zero_window, AT_PACKET, false, SEALED_BROWSER, "RFC 9293 §3.8.6.1" },
    [ACT_HALF_OPEN]         = { half_open, AT_PACKET, false, SEALED_WEB, "RFC 9293 §3.5.1" },
    [ACT_SILENCE]           = { silence, AT_QUERY, false, SEALED_RESOLVER, "RFC 1035 §4.2.1" },
    [ACT_HOLE]              = { silence, AT_QUERY, false, SEALED_WEB, "RFC 8305 §1" },
    [ACT_CUT]               = { silence, AT_QUERY, false, SEALED_RESOLVER, "RFC 2181 §9" },
};

static bool it_is_time(const struct lab *l, unsigned i, const struct scene *s)
{
    const struct act *a = &l->acts[i];
    switch (plots[a->kind].moment) {
    case AT_PACKET:  return !l->done[i] && l->seen == a->packet;
    case AT_SEGMENT: return !l->done[i] && l->seen == a->packet && s->is_tcp;
    case AT_QUERY:   return s->is_udp && s->udp.to_port == DNS_PORT;
    case AT_TEXT:    return s->is_tcp && s->tcp.text.n && s->ip.source.octets[3] == 80 && !(s->tcp.flags & TCP_FIN);
    }
    return false;
}

/* The first time it is told; what comes then is because of the packet seen then. */
static void act(struct lab *l, unsigned i, struct scene *s)
{
    const struct plot *p = &plots[l->acts[i].kind];
    s->act = &l->acts[i];
    s->cause = s->packet->cause;
    const struct voice v = { .trace = l->forger.host.voice.trace, .host = p->host };
    if (!l->done[i])
        s->cause = tell_break(&v, s->act->wish, p->rfc, p->unasked ? 0 : s->cause, __func__);
    l->done[i] = true;
    event_no running = trace_cause(v.trace);
    trace_because(v.trace, s->cause);
    p->act(s);
    trace_because(v.trace, running);
}

static bool tap_send(struct link *link, const struct packet *p, nsec now)
{
    struct tap *tap = (struct tap *)link;
    struct lab *l = tap->lab;
    struct scene s = { .lab = l, .packet = p, .now = now };
    l->seen++;
    bool sent = tap->inner->send(tap->inner, p, now);
    if (tap->own || !look(&s))
        return sent;
    for (unsigned i = 0; i < l->n; i++)
        if (it_is_time(l, i, &s))
            act(l, i, &s);
    return sent;
}

struct link *lab_tap(struct lab *l, struct link *inner, bool own)
{
    struct tap *t = &l->taps[l->n_taps++];
    *t = (struct tap){ .link = { .send = tap_send, .mtu = inner->mtu }, .inner = inner, .lab = l, .own = own };
    return &t->link;
}

static void narrow(struct last_hand *hand, uint8_t *packet, uint32_t n, nsec now)
{
    struct lab *l = (struct lab *)((char *)hand - offsetof(struct lab, hand));
    struct wire_in in = wire_over(packet, n, NULL), payload;
    struct ip_header ip;
    if (now >= l->narrow_until || !ip_read(&in, &ip, &payload, NULL) || ip.protocol != IP_TCP
        || wire_left(&payload) < TCP_HEADER)
        return;
    packet[ip.header_len + WINDOW_AT] = packet[ip.header_len + WINDOW_AT + 1] = 0;
    accident_repair(packet, n);
}

void lab_start(struct lab *l, const struct act *acts, unsigned n, const struct voice *attacker,
               const struct addr *addr)
{
    *l = (struct lab){ .acts = acts, .n = n, .attacker = *addr, .hand = { .touch = narrow }, .narrow_until = 0 };
    forger_start(&l->forger, attacker);
}

bool lab_needs_attacker(const struct act *acts, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (plots[acts[i].kind].host == SEALED_ATTACKER)
            return true;
    return false;
}
