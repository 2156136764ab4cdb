/* The wire of a storm, and how its packets read. */
#include "tests/lib/storm.h"
#include "net/checksum.h"
#include "net/icmp.h"
#include "net/ip.h"

#include <inttypes.h>
#include <string.h>

struct addr storm_addr(const struct storm *s, uint8_t last)
{
    return storm_knob(s, SIX) ? (struct addr){ 16, { 0xfd, [15] = last } } : addr_v4(10, 0, 0, last);
}

uint32_t storm_head(const struct addr *from, const struct addr *to, uint8_t protocol, uint8_t *packet, size_t n)
{
    const struct ip_header ip = { .total_length = (uint32_t)(ip_header_size(to) + n), .hop_limit = 64,
                                  .protocol = protocol, .source = *from, .destination = *to };
    ip_write(&ip, packet);
    return ip.total_length;
}

static bool happens(const struct storm *s, enum storm_knob k, const char *kind)
{
    return storm_below(s, kind, s->ordinal, 1000) < storm_knob(s, k);
}

static void fly(struct storm *s, unsigned to, const uint8_t *octets, uint32_t n, nsec at)
{
    struct packet p = { .bytes = (uint8_t *)(uintptr_t)octets, .len = n, .room = n };
    underway_send(&s->flight, &p, (uint16_t)(to + 1), at);
}

/* A router on the way sends back what is too long: RFC 1191 §4, RFC 8201 §3. */
static void send_back(struct storm *s, unsigned to, const uint8_t *octets, uint32_t n, nsec at)
{
    uint8_t message[IP6_HEADER + ICMP_ERROR_MAX];
    const struct addr router = storm_addr(s, STORM_ROUTER), *host = &s->host[to].addr;
    const struct icmp_error e = { .says = ICMP_SAYS_TOO_BIG, .word = (uint32_t)storm_knob(s, NARROW) };
    size_t len = icmp_write_error(&e, &router, host, octets, n, message + ip_header_size(host));
    uint32_t whole = storm_head(&router, host, storm_knob(s, SIX) ? IP_ICMP6 : IP_ICMP, message, len);
    storm_tell(s, "  too long", octets, n);
    fly(s, to, message, whole, at);
}

/* Where both bits of RFC 3168 §5 stand. */
static bool may_be_marked(const uint8_t *packet) { return packet[1] & (packet[0] >> 4 == 6 ? 3 << 4 : 3); }

/* Congestion experienced. IPv6 has no checksum of its own. */
static void mark(uint8_t *packet)
{
    if (packet[0] >> 4 == 6) {
        packet[1] |= 3 << 4;
        return;
    }
    packet[1] |= 3;
    packet[10] = packet[11] = 0;
    uint16_t sum = checksum_end(checksum_add(0, packet, IP4_HEADER));
    packet[10] = (uint8_t)(sum >> 8);
    packet[11] = (uint8_t)sum;
}

static bool is_black(const struct storm *s)
{
    nsec from = s->start + storm_knob(s, BLACKOUT) * MILLISECOND;
    return storm_knob(s, BLACKOUT) && s->now >= from && s->now < from + storm_knob(s, BLACKOUT_FOR) * MILLISECOND;
}

/* When it has left, behind those before it; NEVER: the queue was full. */
static nsec leaves(struct storm *s, unsigned from, uint32_t n)
{
    struct storm_wire *w = &s->line[from];
    nsec octet = storm_knob(s, RATE) ? SECOND / (storm_knob(s, RATE) * 1000) : 0;
    nsec free_at = w->free_at > s->now ? w->free_at : s->now;
    if (octet && free_at - s->now > storm_knob(s, QUEUE) * octet * STORM_ROOM)
        return NEVER;
    return w->free_at = free_at + n * octet;
}

void storm_send(struct storm *s, unsigned from, const uint8_t *octets, uint32_t n)
{
    nsec delay = storm_knob(s, DELAY) * MICROSECOND, at;
    uint8_t spoiled[STORM_ROOM];
    s->ordinal++;
    storm_tell(s, from ? "1 ->" : "0 ->", octets, n);
    bool narrow = storm_knob(s, NARROW) && s->now >= s->start + storm_knob(s, NARROW_AT) * MILLISECOND;
    if (is_black(s) || happens(s, LOSS, "loss")) {
        storm_tell(s, "  lost", octets, n);
    } else if (narrow && n > storm_knob(s, NARROW)) {
        if (!storm_knob(s, MUTE))
            send_back(s, from, octets, n, s->now + delay);
    } else if ((at = leaves(s, from, n)) == NEVER) {
        storm_tell(s, "  no room in the queue", octets, n);
    } else {
        at += delay;
        if (happens(s, DUP, "dup"))
            fly(s, 1 - from, octets, n, at + storm_below(s, "dup by", s->ordinal, 20000) * MICROSECOND);
        memcpy(spoiled, octets, n);
        if (happens(s, MARK, "mark") && may_be_marked(spoiled))
            mark(spoiled);
        if (happens(s, CORRUPT, "corrupt")) {
            unsigned bit = storm_below(s, "bit", s->ordinal, n * 8);
            spoiled[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        if (happens(s, REORDER, "reorder"))
            at += (nsec)storm_below(s, "reorder by", s->ordinal, 2 * storm_knob(s, DELAY) + 2000) * MICROSECOND;
        fly(s, 1 - from, spoiled, n, at);
    }
}

void storm_tell(struct storm *s, const char *what, const uint8_t *octets, uint32_t n)
{
    char flags[SEGMENT_FLAGS];
    struct ip_header ip;
    struct tcp_segment t;
    struct wire_in in = wire_over(octets, n, NULL), payload;
    if (!s->out)
        return;
    fprintf(s->out, "%10.3f ms  %-12s ", (double)(s->now - s->start) / MILLISECOND, what);
    if (!ip_read(&in, &ip, &payload, NULL))
        fprintf(s->out, "no IP\n");
    else if (ip.protocol != IP_TCP || !tcp_segment_read(&payload, &t, NULL))
        fprintf(s->out, "protocol %u, %u octets\n", ip.protocol, n);
    else
        fprintf(s->out, "%s seq %" PRIu32 " ack %" PRIu32 " win %u len %zu\n", segment_flags(&t, flags), t.seq, t.ack,
                t.window, t.text.n);
}
