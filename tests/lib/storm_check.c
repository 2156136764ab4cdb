/* What must hold after every event, whatever the weather. */
#include "tests/lib/storm.h"
#include "net/ip.h"
#include "net/seq.h"

static void holds(struct storm *s, unsigned host, bool is_so, const char *what)
{
    if (!is_so)
        storm_fail(s, "host %u: %s", host, what);
}

/* The shift count of a SYN's window scale option (RFC 7323 §2); false: there is none. */
static bool shift_of(const uint8_t *segment, unsigned *shift)
{
    unsigned end = (segment[12] >> 4) * 4u;
    for (unsigned at = TCP_HEADER; at < end && segment[at] != 0;) {
        if (segment[at] == 1) {
            at++;
            continue;
        }
        if (segment[at] == 3)
            *shift = segment[at + 2];
        if (segment[at] == 3)
            return true;
        at += segment[at + 1];
    }
    return false;
}

static void check_edge(struct storm *s, unsigned host, const struct tcp_segment *t)
{
    struct storm_host *h = &s->host[host];
    unsigned shift = h->scaled && s->host[1 - host].scaled ? h->shift : 0;
    uint32_t edge = t->ack + ((uint32_t)t->window << shift);
    if (h->knows_edge)                                 /* RFC 9293 §3.8.6 SHLD-14; RFC 7323 §2.4 on what is rounded */
        holds(s, host, !seq_before(edge + (1u << shift) - 1, h->edge), "the window's right edge moves left");
    h->edge = h->knows_edge ? seq_later(h->edge, edge) : edge;
    h->knows_edge = true;
}

void storm_check_packet(struct storm *s, unsigned host, const uint8_t *octets, uint32_t n)
{
    struct storm_host *h = &s->host[host];
    struct wire_in in = wire_over(octets, n, NULL), payload;
    struct ip_header ip;
    struct tcp_segment t;
    holds(s, host, n <= storm_knob(s, MTU_0 + host), "a packet longer than the link takes");
    if (!ip_read(&in, &ip, &payload, NULL))
        holds(s, host, false, "a packet that cannot be read");
    else if (ip.protocol == IP_TCP) {
        const uint8_t *segment = payload.at;
        holds(s, host, ip_checksum(&ip.source, &ip.destination, IP_TCP, segment, wire_left(&payload)) == 0,
              "a wrong checksum");
        holds(s, host, tcp_segment_read(&payload, &t, NULL), "a segment that cannot be read");
        if (t.flags & TCP_SYN) {
            h->scaled = shift_of(segment, &h->shift);
            h->knows_edge = false;
            h->offered = t.seq;
        }
        if ((t.flags & (TCP_ACK | TCP_RST)) == TCP_ACK && !(t.flags & TCP_SYN))
            check_edge(s, host, &t);
        else if (t.flags & TCP_SYN && t.flags & TCP_ACK)
            h->edge = t.ack + t.window, h->knows_edge = true;
    }
}

static void check_sending(struct storm *s, unsigned i, const struct tcp *t)
{
    struct storm_host *h = &s->host[i];
    uint32_t told = t->snd_una + t->snd_wnd;
    if (!tcp_synchronized(t)) {
        h->offered = t->snd_nxt;
        return;
    }
    h->offered = seq_later(seq_later(h->offered, told), t->snd_una);
    holds(s, i, seq_upto(t->snd_una, t->snd_nxt), "snd_una behind snd_nxt");
    /* a probe may send one octet, or the FIN, beyond: RFC 9293 §3.8.6.1 */
    holds(s, i, seq_upto(t->snd_nxt, h->offered + 1), "more sent than the peer ever offered");
    holds(s, i, t->snd_nxt - t->snd_una <= t->carrier.out.len + t->fin_sent, "more under way than lies in the ring");
    holds(s, i, t->cwnd >= t->mss, "cwnd below one segment");
    holds(s, i, t->mss + 12 >= TCP_MSS_LEAST, "an MSS that costs more than it carries");
}

static void check_receiving(struct storm *s, unsigned i, const struct tcp *t)
{
    uint32_t behind = t->rcv_nxt;
    holds(s, i, t->n_extents <= TCP_EXTENTS, "more extents than there is room for");
    for (unsigned k = 0; k < t->n_extents; k++) {
        holds(s, i, seq_before(behind, t->extents[k].seq), "extents not sorted, or without a gap");
        holds(s, i, seq_before(t->extents[k].seq, t->extents[k].end), "an empty extent");
        behind = t->extents[k].end;
    }
    holds(s, i, behind - t->rcv_nxt <= t->rcv_wnd, "octets kept from outside the window");
}

void storm_check_host(struct storm *s, unsigned i)
{
    const struct storm_host *h = &s->host[i];
    const struct tcp *t = (const struct tcp *)h->carrier;
    if (!h->host || (i == 1 && s->dead) || s->verdict->failed)
        return;
    /* Whatever the peer does: it cannot have more of us than a few packets for each of its own (CVE-2019-11479). */
    uint64_t segments = h->to_write / (TCP_MSS_LEAST - 40);            /* with timestamps and three blocks of SACK */
    holds(s, i, h->sent <= 500 + 3 * h->came + segments, "sends much more than it was asked for");
    holds(s, i, h->pool.used <= h->pool.limit, "more memory than the pool has");
    if (!t || h->released || t->state == TCP_CLOSED)
        return;
    check_sending(s, i, t);
    check_receiving(s, i, t);
    const struct ring *rings[] = { &t->carrier.in, &t->carrier.out };
    for (unsigned k = 0; k < 2; k++) {
        holds(s, i, rings[k]->len <= rings[k]->limit, "a ring beyond its limit");
        holds(s, i, rings[k]->bytes == NULL || rings[k]->head + rings[k]->len <= rings[k]->size,
              "a ring beyond its piece");
        holds(s, i, rings[k]->bytes == NULL || rings[k]->len || rings[k]->ahead, "an empty ring that keeps memory");
    }
    holds(s, i, t->rcv_nxt - t->last_ack_sent < 100 * 1500, "ACKs that never go out");
}
