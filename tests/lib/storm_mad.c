/* A host that lies, and somebody who cannot see the wire but knows addresses and ports. Each bit of the plan's `mad` is
 * one way to lie; without any the mad host would be a slow but proper peer. */
#include "tests/lib/storm.h"
#include "net/icmp.h"
#include "net/seq.h"

#include <string.h>

enum lie {
    TINY_WINDOW = 1 << 0,                             /* 1 to 10 octets */
    WILD_WINDOW = 1 << 1,                             /* any size, with each segment another: it shrinks, too */
    OPTIMISTIC  = 1 << 2,                             /* acknowledges what has not arrived, or was never sent */
    SPLIT_ACKS  = 1 << 3,                             /* an ACK for each few octets */
    SACK_LIES   = 1 << 4,                             /* blocks of anything */
    CRUMBS      = 1 << 5,                             /* text in pieces of one to three octets, in no order */
    OVERLAPS    = 1 << 6,                             /* text again and again, cut otherwise */
    URGENT      = 1 << 7,                             /* pointers to anywhere */
    BAD_OPTIONS = 1 << 8,                             /* lengths of 0, 1, past the end */
    STRAY       = 1 << 9,                             /* text and ACKs from outside the window */
    RST_NEAR    = 1 << 10,                            /* RST and SYN in the window, not at its edge */
    EARLY_FIN   = 1 << 11,                            /* a FIN, and then more text */
    BAD_STAMPS  = 1 << 12,                            /* timestamps of anything */
    DUP_ACKS    = 1 << 13,                            /* many, for nothing */
    BAD_ICMP    = 1 << 14,                            /* about what was and what was not sent */
    BAD_SYN     = 1 << 15                             /* MSS 0 to 8, window scale 255 */
};

enum { OPTIONS_MOST = 40 };

static unsigned draw(struct storm *s, unsigned below) { return storm_below(s, "mad", s->mad.n++, below); }
static bool lies(const struct storm *s, enum lie l) { return storm_knob(s, MAD) & (unsigned)l; }

struct put { uint32_t seq, ack; uint8_t flags; unsigned window; uint8_t options[OPTIONS_MOST]; unsigned n_options;
             uint16_t urgent; uint64_t text; unsigned n; };

static void add(struct put *p, const uint8_t *octets, unsigned n)
{
    if (p->n_options + n <= OPTIONS_MOST)
        memcpy(p->options + p->n_options, octets, n);
    p->n_options += p->n_options + n <= OPTIONS_MOST ? n : 0;
}

static void put32(uint8_t *at, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(v >> (24 - 8 * i));
}

static void send(struct storm *s, const struct put *p)
{
    uint8_t octets[STORM_ROOM];
    const struct storm_mad *m = &s->mad;
    unsigned header = TCP_HEADER + (p->n_options + 3) / 4 * 4, n = header + p->n;
    uint8_t *t = octets + ip_header_size(&s->host[0].addr);
    memset(t, 0, header);
    t[0] = (uint8_t)(m->port >> 8), t[1] = (uint8_t)m->port;
    t[2] = (uint8_t)(m->peer_port >> 8), t[3] = (uint8_t)m->peer_port;
    put32(t + 4, p->seq);
    put32(t + 8, p->ack);
    t[12] = (uint8_t)(header / 4 << 4);
    t[13] = p->flags;
    t[14] = (uint8_t)(p->window >> 8), t[15] = (uint8_t)p->window;
    t[18] = (uint8_t)(p->urgent >> 8), t[19] = (uint8_t)p->urgent;
    memcpy(t + TCP_HEADER, p->options, p->n_options);
    for (unsigned i = 0; i < p->n; i++)
        t[header + i] = storm_octet(1, p->text + i);
    uint16_t sum = ip_checksum(&s->host[1].addr, &s->host[0].addr, IP_TCP, t, n);
    t[16] = (uint8_t)(sum >> 8), t[17] = (uint8_t)sum;
    storm_send(s, 1, octets, storm_head(&s->host[1].addr, &s->host[0].addr, IP_TCP, octets, n));
}

static unsigned window(struct storm *s)
{
    unsigned w = lies(s, TINY_WINDOW) ? 1 + draw(s, 10) : 20000;
    if (lies(s, WILD_WINDOW))
        w = draw(s, 3) ? draw(s, 65536) : 0;
    return w;
}

static void add_options(struct storm *s, struct put *p)
{
    if (lies(s, BAD_STAMPS)) {
        uint8_t stamps[12] = { 1, 1, 8, 10 };
        put32(stamps + 4, draw(s, UINT32_MAX));
        put32(stamps + 8, draw(s, UINT32_MAX));
        add(p, stamps, sizeof stamps);
    }
    if (lies(s, SACK_LIES) && !(p->flags & TCP_SYN)) {
        uint8_t sack[2 + 3 * 8] = { 5, (uint8_t)(2 + 8 * (1 + draw(s, 3))) };
        for (unsigned i = 0; i < 3; i++) {             /* mostly of octets under way, some of any */
            uint32_t from = s->mad.rcv_nxt + (draw(s, 4) ? draw(s, 30000) : draw(s, UINT32_MAX));
            put32(sack + 2 + 8 * i, from);
            put32(sack + 6 + 8 * i, from + (draw(s, 4) ? draw(s, 5000) : draw(s, UINT32_MAX)));
        }
        add(p, sack, sack[1]);
    }
    if (lies(s, BAD_OPTIONS) && draw(s, 2)) {
        uint8_t junk[8] = { (uint8_t)draw(s, 10), (uint8_t)draw(s, 50), (uint8_t)draw(s, 256), (uint8_t)draw(s, 256),
                            (uint8_t)draw(s, 10), (uint8_t)draw(s, 3) };
        add(p, junk, sizeof junk);
    }
    if (lies(s, URGENT) && draw(s, 2)) {
        p->flags |= TCP_URG;
        p->urgent = (uint16_t)draw(s, 65536);
    }
}

static struct put empty(struct storm *s)
{
    return (struct put){ .seq = s->mad.snd_nxt, .ack = s->mad.rcv_nxt, .flags = TCP_ACK, .window = window(s) };
}

static void send_syn(struct storm *s, uint8_t flags)
{
    struct put p = { .seq = s->mad.iss, .ack = s->mad.rcv_nxt, .flags = flags, .window = window(s) };
    uint8_t usual[] = { 2, 4, 5, 180, 4, 2, 1, 3, 3, 2 };
    if (lies(s, BAD_SYN)) {
        usual[2] = 0;
        usual[3] = (uint8_t)draw(s, 9);
        usual[9] = 255;
    }
    add(&p, usual, sizeof usual);
    add_options(s, &p);
    send(s, &p);
}

static void start(struct storm *s)
{
    struct storm_mad *m = &s->mad;
    if (m->knows)
        return;
    m->knows = s->host[1].scaled = true;               /* its SYN says so */
    m->iss = 0u - storm_knob(s, ISS);
    m->snd_nxt = m->snd_una = m->iss + 1;
    m->port = 50001;
    m->peer_port = storm_knob(s, BOTH_OPEN) ? 50000 : 443;
}

static void answer(struct storm *s, uint32_t before)
{
    struct put p = empty(s);
    if (lies(s, SPLIT_ACKS))
        for (unsigned i = 0; i < 8 && seq_before(before, s->mad.rcv_nxt); i++) {
            p.ack = before += 1 + draw(s, 200);
            if (seq_before(p.ack, s->mad.rcv_nxt))
                send(s, &p);
        }
    p.ack = s->mad.rcv_nxt;
    if (lies(s, OPTIMISTIC))
        p.ack = draw(s, 3) ? s->mad.seen_nxt : s->mad.seen_nxt + draw(s, 3000);
    add_options(s, &p);
    send(s, &p);
    for (unsigned i = lies(s, DUP_ACKS) ? draw(s, 12) : 0; i > 0; i--)
        send(s, &p);
}

void storm_mad_hears(struct storm *s, const uint8_t *octets, uint32_t n)
{
    struct storm_mad *m = &s->mad;
    struct wire_in in = wire_over(octets, n, NULL), payload;
    struct ip_header ip;
    struct tcp_segment t;
    if (!ip_read(&in, &ip, &payload, NULL) || ip.protocol != IP_TCP || !tcp_segment_read(&payload, &t, NULL)
        || (t.flags & TCP_RST))
        return;
    start(s);
    uint32_t before = m->rcv_nxt;
    if (t.flags & TCP_SYN) {
        m->rcv_nxt = m->seen_nxt = t.seq + 1;
        m->established = true;
        if (t.flags & TCP_ACK)
            answer(s, m->rcv_nxt);
        else
            send_syn(s, TCP_SYN | TCP_ACK);
        return;
    }
    if (!m->established)
        return;
    if (seq_before(m->snd_una, t.ack))
        m->snd_una = t.ack;
    uint32_t span = segment_span(&t);
    m->seen_nxt = seq_later(m->seen_nxt, t.seq + span);
    if (seq_upto(t.seq, m->rcv_nxt))
        m->rcv_nxt = seq_later(m->rcv_nxt, t.seq + span);
    if (lies(s, OPTIMISTIC))
        m->rcv_nxt = m->seen_nxt;
    if (span)
        answer(s, before);
}

/* A piece of its text, from what is not acknowledged. */
static void send_text(struct storm *s)
{
    struct storm_mad *m = &s->mad;
    uint32_t text = storm_knob(s, TEXT_1), done = m->snd_una - m->iss - 1;
    struct put p = empty(s);
    if (done >= text)
        return;
    unsigned left = text - done, reach = left < 8000 ? left : 8000;
    unsigned off = lies(s, CRUMBS) || lies(s, OVERLAPS) ? draw(s, reach) : m->snd_nxt - m->snd_una;
    off = off < left ? off : 0;
    p.seq = m->snd_una + off;
    p.text = done + off;
    p.n = 1 + draw(s, lies(s, CRUMBS) ? 3 : 1200);
    p.n = p.n < left - off ? p.n : left - off;
    add_options(s, &p);
    if (lies(s, EARLY_FIN) && draw(s, 20) == 0)
        p.flags |= TCP_FIN;
    m->snd_nxt = seq_later(m->snd_nxt, p.seq + p.n);
    send(s, &p);
}

static void send_icmp(struct storm *s, bool true_seq)
{
    uint8_t quoted[IP6_HEADER + 8], message[IP6_HEADER + ICMP_ERROR_MAX];
    const struct addr router = storm_addr(s, STORM_ROUTER), *host = &s->host[0].addr;
    unsigned head = ip_header_size(host);
    storm_head(host, &s->host[1].addr, IP_TCP, quoted, 1500 - head);
    uint8_t *t = quoted + head;
    t[0] = (uint8_t)(s->mad.peer_port >> 8), t[1] = (uint8_t)s->mad.peer_port;
    t[2] = (uint8_t)(s->mad.port >> 8), t[3] = (uint8_t)s->mad.port;
    put32(t + 4, true_seq ? s->mad.rcv_nxt : draw(s, UINT32_MAX));
    static const enum icmp_says others[4] = { ICMP_SAYS_NO_HOST, ICMP_SAYS_NO_HOST, ICMP_SAYS_NO_PROTOCOL,
                                              ICMP_SAYS_NO_PORT };
    struct icmp_error e = { .says = ICMP_SAYS_TOO_BIG };
    if (draw(s, 2))
        e.word = (uint32_t)draw(s, 1600);
    else
        e.says = others[draw(s, 4)];
    size_t n = icmp_write_error(&e, &router, host, quoted, head + 8, message + head);
    storm_send(s, 1, message, storm_head(&router, host, storm_knob(s, SIX) ? IP_ICMP6 : IP_ICMP, message, n));
}

static void lie(struct storm *s)
{
    struct put p = empty(s);
    unsigned which = draw(s, 4);
    if (lies(s, STRAY) && which == 0) {
        p.seq += 70000 + draw(s, 1000000);
        p.n = draw(s, 500);
        p.ack -= draw(s, 100000);
        send(s, &p);
    } else if (lies(s, RST_NEAR) && which == 1) {
        p.seq += 1 + draw(s, 500);
        p.flags = draw(s, 2) ? TCP_RST : TCP_SYN;
        send(s, &p);
    } else if (lies(s, BAD_ICMP) && which == 2) {
        send_icmp(s, draw(s, 2));
    } else {
        add_options(s, &p);
        send(s, &p);
    }
}

void storm_mad_turn(struct storm *s)
{
    struct storm_mad *m = &s->mad;
    start(s);
    m->next = s->now + (nsec)(1 + draw(s, m->established ? 30 : 500)) * MILLISECOND;
    if (!m->established && !storm_knob(s, BOTH_OPEN))
        send_syn(s, TCP_SYN);
    else if (m->established && draw(s, 4))
        send_text(s);
    else if (m->established)
        lie(s);
    if (m->established && draw(s, 40) == 0)            /* what was lost goes again */
        m->snd_nxt = m->snd_una;
}

/* Knows everything but the sequence numbers, and speaks for either side. */
void storm_stranger(struct storm *s)
{
    uint64_t n = s->strangers++;
    unsigned to = storm_below(s, "stranger to", n, 2);
    struct tcp_segment t = {
        .source_port = 443, .destination_port = 50001,
        .seq = (uint32_t)storm_hash(s->plan->seed, "stranger seq", n),
        .ack = (uint32_t)storm_hash(s->plan->seed, "stranger ack", n),
        .flags = (uint8_t)(storm_below(s, "stranger flags", n, 64)), .window = 1000,
    };
    uint8_t octets[IP6_HEADER + TCP_HEADER + 100], text[80] = { 0 };
    if (storm_knob(s, BOTH_OPEN))
        t.source_port = 50000;
    if (to == 0) {
        uint16_t port = t.source_port;
        t.source_port = t.destination_port;
        t.destination_port = port;
    }
    if (!(t.flags & (TCP_SYN | TCP_RST)))
        t.text = (struct bytes){ text, storm_below(s, "stranger text", n, sizeof text) };
    const struct addr *from = &s->host[1 - to].addr, *host = &s->host[to].addr;
    unsigned head = ip_header_size(host);
    size_t len = tcp_segment_write(&t, from, host, octets + head, sizeof octets - head);
    storm_send(s, 1 - to, octets, storm_head(from, host, IP_TCP, octets, len));
}
