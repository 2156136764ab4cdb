/* Whatever a link hands to a live stack. The first octet chooses the scene (listener, established connections
 * in both directions and several states, an open UDP port); then come packets: each a length, how to mend it,
 * and octets; or the last one again, up to eight times, each time with one more octet changed. Mended packets
 * have right lengths, checksums, addresses and ports, and numbers near the true ones, so that the fuzzer gets
 * past the front door.
 *
 * What must hold: no crash, sequence variables in order, memory bounded, never more than a few packets out
 * for one in, and each packet that goes out reads back with right checksums. */
#include "net/checksum.h"
#include "net/ip.h"
#include "net/seed.h"
#include "net/seq.h"
#include "net/stack.h"
#include "net/tcp.h"
#include "tests/lib/seen.h"

#include <stdlib.h>
#include <string.h>

enum { MTU = 600, HELD = 3, OUT_AT_ONCE = 400 };

struct scene {
    struct pool pool;
    struct seed_chance chance;
    struct host *host;
    struct carrier *held[HELD]; unsigned n;
    nsec now;
    struct tcp_segment last;                          /* the last segment that went out */
    struct addr us, peer;                             /* of IPv4 or of IPv6, as the scene is */
    struct { uint8_t octets[MTU]; size_t n; uint8_t how; } came;        /* the last packet of the input, as it was there */
};

struct feed { const uint8_t *at; size_t n; };

static uint8_t next(struct feed *f)
{
    if (!f->n)
        return 0;
    f->n--;
    return *f->at++;
}

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_connection(const struct tcp *t)
{
    check(seq_upto(t->snd_una, t->snd_nxt));
    check(t->n_extents <= TCP_EXTENTS && t->rcv_wnd <= TCP_WINDOW_MOST);
    check(t->carrier.in.len <= t->config->window && t->carrier.out.len <= t->config->window);
    check(t->state == TCP_CLOSED || t->cwnd >= t->mss || !tcp_synchronized(t));
}

static void look_at_packet(struct scene *s, const struct packet *p)
{
    struct wire_in in = wire_over(p->bytes, p->len, NULL), payload;
    struct ip_header ip;
    check(p->len <= MTU && ip_read(&in, &ip, &payload, NULL));
    if (ip.protocol != IP_TCP)
        return;
    check(ip_checksum(&ip.source, &ip.destination, IP_TCP, payload.at, wire_left(&payload)) == 0);
    check(tcp_segment_read(&payload, &s->last, NULL));
}

static void pull(struct scene *s)
{
    static uint8_t room[MTU];
    unsigned n = 0;
    for (struct carrier *c; (c = s->host->ops->news(s->host)) != NULL;) {
        bool held = false;
        for (unsigned i = 0; i < s->n; i++)
            held |= s->held[i] == c;
        if (!held && s->n < HELD)
            s->held[s->n++] = c;
        else if (!held)
            carrier_release(c);
    }
    for (struct packet p = { .bytes = room, .room = MTU }; s->host->ops->output(s->host, &p, s->now);) {
        check(++n < OUT_AT_ONCE);
        look_at_packet(s, &p);
    }
    for (unsigned i = 0; i < s->n; i++)
        check_connection((const struct tcp *)s->held[i]);
}

static void hand_in(struct scene *s, uint8_t *octets, size_t n)
{
    struct packet p = { .bytes = octets, .len = (uint32_t)n, .room = (uint32_t)n };
    s->host->ops->input(s->host, &p, s->now);
    pull(s);
}

static void hand_in_segment(struct scene *s, const struct tcp_segment *segment)
{
    static uint8_t octets[MTU];
    unsigned head = ip_header_size(&s->us);
    size_t n = tcp_segment_write(segment, &s->peer, &s->us, octets + head, sizeof octets - head);
    struct ip_header ip = { .total_length = (uint32_t)(head + n), .hop_limit = 64, .protocol = IP_TCP,
                            .source = s->peer, .destination = s->us };
    ip_write(&ip, octets);
    hand_in(s, octets, ip.total_length);
}

static void establish(struct scene *s, bool passive)
{
    struct tcp_segment in = { .source_port = passive ? 5000 : 80,
                              .destination_port = 443,
                              .seq = 0xffffff00,
                              .flags = TCP_SYN,
                              .window = 5000,
                              .mss = 300 };
    if (passive) {
        hand_in_segment(s, &in);
    } else if (s->n < HELD) {
        s->held[s->n++] = s->host->ops->connect(s->host, &s->peer, 80, s->now, NULL);
        pull(s);
        in.destination_port = s->last.source_port;
        in.flags |= TCP_ACK;
    }
    in.ack = s->last.seq + 1;
    if (passive) {
        in.seq++;
        in.flags = TCP_ACK;
        in.mss = 0;
    }
    hand_in_segment(s, &in);
}

static void set_up(struct scene *s, uint8_t choice)
{
    const struct addr any = { 0 };
    s->us = choice & 64 ? (struct addr){ 16, { 0xfd, [15] = 1 } } : addr_v4(10, 0, 0, 1);
    s->peer = s->us;
    s->peer.octets[s->peer.len - 1] = 2;
    s->now = 1000 * SECOND;
    pool_start(&s->pool, 64 * 1024);
    seed_chance_start(&s->chance, 1, 1, 0);
    struct stack *stack = stack_new(&(struct stack_config){ .addr = s->us,
                                                            .mtu = MTU,
                                                            .connections = 4,
                                                            .backlog = 2,
                                                            .window = 4000,
                                                            .syn_tries = 3,
                                                            .data_tries = 3,
                                                            .pool = &s->pool,
                                                            .chance = &s->chance.chance });
    check(stack != NULL);
    s->host = stack_host(stack);
    s->host->ops->listen(s->host, &any, 443, NULL);
    if (choice & 1)
        establish(s, true);
    if (choice & 2)
        establish(s, false);
    for (unsigned i = 0; i < s->n; i++) {
        if (choice & 4)
            ring_write(&s->held[i]->out, "what a long text to be sent, in many pieces", 43);
        if (choice & 8)
            carrier_close(s->held[i]);
        carrier_touch(s->held[i], 0);
    }
    if (choice & 16)
        s->host->ops->udp_open(s->host, 53, NULL);
    if (choice & 32)
        s->host->ops->connect(s->host, &s->peer, 81, s->now, NULL);
    pull(s);
}

/* Something a program might do. */
static void act(struct scene *s, uint8_t what)
{
    struct carrier *c = s->n ? s->held[what >> 4 & 1 ? s->n - 1 : 0] : NULL;
    s->now += (what >> 5) * 150 * MILLISECOND;
    if (c && (what & 15) == 1)
        ring_consume(&c->in, c->in.len);
    if (c && (what & 15) == 2)
        ring_write(&c->out, "more", 4);
    if (c)
        carrier_touch(c, 0);
    if (c && (what & 15) == 3)
        carrier_close(c);
    if (c && (what & 15) == 4)
        carrier_abort(c);
    if (c && (what & 15) == 5) {
        carrier_release(c);
        s->held[c == s->held[0] ? 0 : s->n - 1] = s->held[s->n - 1];
        s->n--;
    }
    if (s->host->ops->wake(s->host) <= s->now)
        s->host->ops->tick(s->host, s->now);
    pull(s);
}

/* Makes the octets a segment that somebody is waiting for, more or less. */
static void mend_segment(const struct scene *s, uint8_t *octets, size_t n, uint8_t how)
{
    struct tcp_segment segment = { 0 };
    const struct tcp *t = s->n ? (const struct tcp *)s->held[how & 1 ? s->n - 1 : 0] : NULL;
    unsigned head = ip_header_size(&s->us);
    struct wire_in in = wire_over(octets + head, n - head, NULL);
    if (!tcp_segment_read(&in, &segment, NULL)) {
        segment.flags = octets[n / 2];
        segment.text = (struct bytes){ octets + n, 0 };
    }
    if (t && how & 2) {
        segment.source_port = t->carrier.peer_port;
        segment.destination_port = t->carrier.port;
        segment.seq = t->rcv_nxt - 128 + (segment.seq & 0xff);
        segment.ack = t->snd_una - 128 + (segment.ack & 0xff);
    } else {
        segment.destination_port = 443;
    }
    uint8_t *copy = malloc(MTU);                      /* the text may lie where the header is written */
    check(copy != NULL);
    size_t written = tcp_segment_write(&segment, &s->peer, &s->us, copy, n - head);
    memcpy(octets + head, copy, written);
    free(copy);
}

static void mend_sum(const struct scene *s, enum ip_protocol protocol, uint8_t *message, size_t n, size_t at)
{
    message[at] = message[at + 1] = 0;
    uint16_t c = protocol == IP_ICMP ? checksum_end(checksum_add(0, message, n))
                                     : ip_checksum(&s->peer, &s->us, (uint8_t)protocol, message, n);
    message[at] = (uint8_t)(c >> 8);
    message[at + 1] = (uint8_t)c;
}

/* Extension headers of IPv6 stay as they are (bit 0x10). */
static enum ip_protocol protocol_of(const struct scene *s, uint8_t how)
{
    static const enum ip_protocol extensions[4] = { IP_HOP_BY_HOP, IP_ROUTING, IP_FRAGMENT, IP_DESTINATION };
    bool six = s->us.len == 16;
    if (six && how & 0x10)
        return extensions[how & 3];
    return how & 0x40 ? IP_TCP : how & 0x20 ? IP_UDP : six ? IP_ICMP6 : IP_ICMP;
}

static void mend(const struct scene *s, uint8_t *octets, size_t n, uint8_t how)
{
    unsigned head = ip_header_size(&s->us);
    struct ip_header ip = { .total_length = (uint32_t)n, .hop_limit = 64, .source = s->peer, .destination = s->us };
    if (n < head || !(how & 0x80))
        return;
    enum ip_protocol protocol = protocol_of(s, how);
    ip.protocol = (uint8_t)protocol;
    if (protocol == IP_TCP && n >= head + TCP_HEADER + 4)
        mend_segment(s, octets, n, how);
    else if (protocol == IP_UDP && n >= head + 8)
        mend_sum(s, protocol, octets + head, n - head, 6);
    else if ((protocol == IP_ICMP || protocol == IP_ICMP6) && n >= head + 8)
        mend_sum(s, protocol, octets + head, n - head, 2);
    if (head == IP4_HEADER && how & 0x10 && how & 1) {          /* a fragment, somewhere */
        ip.fragment_offset = octets[6] * 8u;
        ip.more_fragments = how & 2;
    }
    ip_write(&ip, octets);
}

static void hand_in_mended(struct scene *s)
{
    uint8_t *octets = malloc(s->came.n + 1);          /* of its own, so that a read past its end is seen */
    check(octets != NULL);
    memcpy(octets, s->came.octets, s->came.n);
    mend(s, octets, s->came.n, s->came.how);
    hand_in(s, octets, s->came.n);
    free(octets);
    seen_packet();
}

static void take_packet(struct scene *s, struct feed *f, uint8_t how)
{
    size_t size = (size_t)next(f) * 2 % MTU;
    s->came.n = size < f->n ? size : f->n;
    s->came.how = how;
    memcpy(s->came.octets, f->at, s->came.n);
    f->at += s->came.n;
    f->n -= s->came.n;
    hand_in_mended(s);
}

static void once_more(struct scene *s, struct feed *f, unsigned times)
{
    while (times-- && f->n && s->came.n) {
        size_t at = (size_t)next(f) * 2 + (times & 1);
        s->came.octets[at % s->came.n] ^= next(f);
        hand_in_mended(s);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct feed f = { bytes, n };
    struct scene s = { .n = 0 };
    set_up(&s, next(&f));
    for (unsigned steps = 0; f.n && steps < 128; steps++) {
        uint8_t how = next(&f);
        if (how & 0xe0) {
            take_packet(&s, &f, how);
            continue;
        }
        uint8_t what = next(&f);
        if (what & 8)
            once_more(&s, &f, 1u + (what & 7));
        else
            act(&s, what);
    }
    s.host->ops->free(s.host);
    check(s.pool.used == 0);
    pool_end(&s.pool);
    return 0;
}
