/* The wire of a storm, and how its packets read. */
#include "tests/lib/storm.h"
#include "net/checksum.h"
#include "net/icmp.h"
#include "net/ip.h"

#include <inttypes.h>
#include <string.h>

static bool happens(const struct storm *s, enum storm_knob k, const char *kind)
{
    return storm_below(s, kind, s->ordinal, 1000) < storm_knob(s, k);
}

static void fly(struct storm *s, unsigned to, const uint8_t *octets, uint32_t n, nsec at)
{
    struct packet p = { .bytes = (uint8_t *)(uintptr_t)octets, .len = n, .room = n };
    underway_send(&s->flight, &p, (uint16_t)(to + 1), at);
}

/* A router on the way sends back what is too long: RFC 1191 §4. */
static void send_back(struct storm *s, unsigned to, const uint8_t *octets, uint32_t n, nsec at)
{
    uint8_t message[IP4_HEADER + ICMP_ERROR_MAX];
    const struct addr router = addr_v4(10, 0, 0, 254);
    const struct icmp_error e = { .says = ICMP_SAYS_TOO_BIG, .word = (uint32_t)storm_knob(s, NARROW) };
    size_t len = icmp_write_error(&e, &router, &s->host[to].addr, octets, n, message + IP4_HEADER);
    struct ip4_header ip = { .total_length = (uint16_t)(IP4_HEADER + len), .time_to_live = 64, .protocol = IP_ICMP,
                             .source = router, .destination = s->host[to].addr };
    ip4_write(&ip, message);
    storm_tell(s, "  too long", octets, n);
    fly(s, to, message, ip.total_length, at);
}

/* Congestion experienced: RFC 3168 §5. */
static void mark(uint8_t *packet)
{
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
        if (happens(s, MARK, "mark") && (spoiled[1] & 3))
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
