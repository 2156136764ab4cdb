/* Whatever a link hands to a live stack. The first octet chooses the scene (listener, established connections
 * in both directions and several states, an open UDP port); then come packets: each a length, how to mend it,
 * and octets. Mended packets have right lengths, checksums, addresses and ports, and numbers near the true
 * ones, so that the fuzzer gets past the front door.
 *
 * What must hold: no crash, sequence variables in order, memory bounded, never more than a few packets out
 * for one in, and each packet that goes out reads back with right checksums. */
#include "net/checksum.h"
#include "net/ip4.h"
#include "net/seed.h"
#include "net/seq.h"
#include "net/stack.h"
#include "net/tcp.h"

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
    check(seq_upto(t->snd_una, t->snd_nxt) && seq_upto(t->resend_end, t->snd_nxt));
    check(t->n_extents <= TCP_EXTENTS && t->rcv_wnd <= TCP_WINDOW_MOST);
    check(t->carrier.in.len <= t->config->window && t->carrier.out.len <= t->config->window);
    check(t->state == TCP_CLOSED || t->cwnd >= t->mss || !tcp_synchronized(t));
}

static void look_at_packet(struct scene *s, const struct packet *p)
{
    struct wire_in in = wire_over(p->bytes, p->len, NULL), payload;
    struct ip4_header ip;
    check(p->len <= MTU && ip4_read(&in, &ip, &payload, NULL));
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

static const struct addr us = { 4, { 10, 0, 0, 1 } }, peer = { 4, { 10, 0, 0, 2 } };

static void hand_in_segment(struct scene *s, const struct tcp_segment *segment)
{
    static uint8_t octets[MTU];
    size_t n = tcp_segment_write(segment, &peer, &us, octets + IP4_HEADER, sizeof octets - IP4_HEADER);
    struct ip4_header ip = { .total_length = (uint16_t)(IP4_HEADER + n),
                             .time_to_live = 64,
                             .protocol = IP_TCP,
                             .source = peer,
                             .destination = us };
    ip4_write(&ip, octets);
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
        s->held[s->n++] = s->host->ops->connect(s->host, &peer, 80, s->now, NULL);
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
    s->now = 1000 * SECOND;
    pool_start(&s->pool, 64 * 1024);
    seed_chance_start(&s->chance, 1, 1, 0);
    struct stack *stack = stack_new(&(struct stack_config){ .addr = us,
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
        s->host->ops->connect(s->host, &peer, 81, s->now, NULL);
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
    struct wire_in in = wire_over(octets + IP4_HEADER, n - IP4_HEADER, NULL);
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
    size_t written = tcp_segment_write(&segment, &peer, &us, copy, n - IP4_HEADER);
    memcpy(octets + IP4_HEADER, copy, written);
    free(copy);
}

static void mend_icmp(uint8_t *message, size_t n)
{
    message[2] = message[3] = 0;
    uint16_t c = checksum_end(checksum_add(0, message, n));
    message[2] = (uint8_t)(c >> 8);
    message[3] = (uint8_t)c;
}

static void mend(const struct scene *s, uint8_t *octets, size_t n, uint8_t how)
{
    struct ip4_header ip = {
        .total_length = (uint16_t)n, .time_to_live = 64, .source = peer, .destination = us
    };
    if (n < IP4_HEADER || !(how & 0x80))
        return;
    ip.protocol = how & 0x40 ? IP_TCP : how & 0x20 ? IP_UDP : IP_ICMP;
    if (ip.protocol == IP_TCP && n >= IP4_HEADER + TCP_HEADER + 4)
        mend_segment(s, octets, n, how);
    else if (ip.protocol == IP_UDP && n >= IP4_HEADER + 8)
        memset(octets + IP4_HEADER + 6, 0, 2);        /* "none was made" is right for UDP */
    else if (ip.protocol == IP_ICMP && n >= IP4_HEADER + 8)
        mend_icmp(octets + IP4_HEADER, n - IP4_HEADER);
    ip4_write(&ip, octets);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct feed f = { bytes, n };
    struct scene s = { .n = 0 };
    set_up(&s, next(&f));
    for (unsigned packets = 0; f.n && packets < 64; packets++) {
        uint8_t how = next(&f);
        if ((how & 0xe0) == 0) {
            act(&s, next(&f));
            continue;
        }
        size_t size = (size_t)next(&f) * 2 % MTU;
        size = size < f.n ? size : f.n;
        uint8_t *octets = malloc(size + 1);           /* of its own, so that a read past its end is seen */
        check(octets != NULL);
        memcpy(octets, f.at, size);
        f.at += size;
        f.n -= size;
        mend(&s, octets, size, how);
        hand_in(&s, octets, size);
        free(octets);
    }
    s.host->ops->free(s.host);
    check(s.pool.used == 0);
    pool_end(&s.pool);
    return 0;
}
