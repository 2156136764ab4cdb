#include "net/reassembly.h"
#include "net/checksum.h"
#include "net/ip6.h"
#include "net/tcp_segment.h"
#include "net/udp.h"

#include <stdlib.h>
#include <string.h>

static const struct ground bad_length    = { "ip.fragment_length",  "RFC 8200 §4.5" };
static const struct ground bad_first     = { "ip.fragment_first",   "RFC 7112 §5" };
static const struct ground hidden_header = { "ip.fragment_hides",   "RFC 3128 §2.1" };
static const struct ground overlaps      = { "ip.fragment_overlap", "RFC 5722 §4" };
static const struct ground contradicts   = { "ip.fragment_end",     "RFC 8200 §4.5" };
static const struct ground too_many      = { "ip.fragment_many",    "RFC 8200 §4.5" };
static const struct ground given_up      = { "ip.fragment_overlap", "RFC 5722 §4" };

enum { PACKET_LONGEST = 65535, OFFSET_AT = 2, UNIT = 8 };

struct piece { uint32_t at, end; };

/* One packet of which fragments came. Its octets: `head` of the first fragment, as it came, ends where the payload
 * begins, at REASSEMBLY_HEADERS. */
struct puzzle {
    bool used, refused;
    struct addr source, destination;
    uint32_t identification; uint8_t protocol;        /* of the first fragment, where it came */
    nsec since;
    uint32_t got, end, head, first_len;               /* end: of the payload; 0: the last fragment did not come */
    uint16_t next_header_at, fragment_at;
    struct piece pieces[REASSEMBLY_PIECES]; unsigned n_pieces;
    uint8_t octets[REASSEMBLY_HEADERS + PACKET_LONGEST];
};

struct reassembly { struct puzzle puzzles[REASSEMBLY_PACKETS]; uint64_t looked; };

struct reassembly *reassembly_new(void) { return calloc(1, sizeof(struct reassembly)); }
void reassembly_free(struct reassembly *r) { free(r); }
uint64_t reassembly_looked(const struct reassembly *r) { return r->looked; }

static bool is_six(const struct ip_header *h) { return h->source.len == 16; }

/* RFC 791: source, destination, protocol and identification say what belongs together; in IPv6 the protocol does not
 * count. */
static bool belongs(const struct puzzle *p, const struct ip_header *h)
{
    return p->used && p->identification == h->identification && addr_same(&p->source, &h->source)
           && addr_same(&p->destination, &h->destination) && (is_six(h) || p->protocol == h->protocol);
}

static struct puzzle *puzzle_for(struct reassembly *r, const struct ip_header *h, nsec now)
{
    struct puzzle *place = &r->puzzles[0];
    for (unsigned i = 0; i < REASSEMBLY_PACKETS; i++) {
        struct puzzle *p = &r->puzzles[i];
        r->looked++;
        if (belongs(p, h))
            return p;
        if (place->used && (!p->used || p->since < place->since))
            place = p;
    }
    place->used = true;
    place->refused = false;
    place->source = h->source;
    place->destination = h->destination;
    place->identification = h->identification;
    place->protocol = h->protocol;
    place->since = now;
    place->got = place->end = place->head = place->first_len = 0;
    place->n_pieces = 0;
    return place;
}

/* How many octets of it the first fragment must hold: its header. */
static size_t least_first(uint8_t protocol)
{
    return protocol == IP_TCP ? TCP_HEADER : UDP_HEADER;
}

/* What is wrong with this fragment whatever else has come. */
static bool sound(const struct ip_header *h, size_t n, struct ip_problem *problem, struct fault *why)
{
    size_t before = is_six(h) ? h->fragment_at - (size_t)IP6_HEADER : h->header_len;
    if (h->more_fragments && (n % UNIT || n == 0)) {
        *problem = (struct ip_problem){ .any = is_six(h), .code = IP6_BAD_FIELD, .pointer = 4 };
        return refuse(why, &bad_length, "a multiple of 8 octets, but for the last fragment", "%zu octets", n);
    }
    if (h->fragment_offset + n + before > PACKET_LONGEST) {
        *problem = (struct ip_problem){ .any = is_six(h), .code = IP6_BAD_FIELD,
                                        .pointer = h->fragment_at + (uint32_t)OFFSET_AT };
        return refuse(why, &bad_length, "a packet of 65535 octets at most", "%zu octets",
                      h->fragment_offset + n + before);
    }
    if (h->fragment_offset == 0 && n < least_first(h->protocol)) {
        *problem = (struct ip_problem){ .any = is_six(h), .code = IP6_FIRST_FRAGMENT_CUT };
        return refuse(why, &bad_first, "all headers in the first fragment", "%zu octets behind IP's", n);
    }
    if (h->protocol == IP_TCP && h->fragment_offset == UNIT)
        return refuse(why, &hidden_header, "TCP's whole header in the first fragment", "a fragment from octet 8 on");
    if (h->header_len > REASSEMBLY_HEADERS)
        return refuse(why, &bad_first, "256 octets of headers at most", "%u octets", h->header_len);
    return true;
}

/* What is wrong with it beside the others; *twice: it came before, and nothing is new. */
static bool fits(struct reassembly *r, const struct puzzle *p, const struct ip_header *h, const struct bytes *payload,
                 bool *twice, struct fault *why)
{
    uint32_t at = h->fragment_offset, end = at + (uint32_t)payload->n;
    r->looked += p->n_pieces;
    for (unsigned i = 0; i < p->n_pieces; i++) {
        const struct piece *q = &p->pieces[i];
        *twice = at == q->at && end == q->end
                 && memcmp(p->octets + REASSEMBLY_HEADERS + at, payload->at, payload->n) == 0;
        if (*twice)
            return true;
        if (at < q->end && q->at < end)
            return refuse(why, &overlaps, "fragments that do not overlap", "octets %u to %u over %u to %u", at, end,
                          q->at, q->end);
    }
    r->looked += h->more_fragments ? 0 : p->n_pieces;
    for (unsigned i = 0; !h->more_fragments && i < p->n_pieces; i++)
        if (p->pieces[i].end > end)
            return refuse(why, &contradicts, "a last fragment behind all others", "an end at %u, octets up to %u", end,
                          p->pieces[i].end);
    if (p->end && (!h->more_fragments || end > p->end))
        return refuse(why, &contradicts, "one end", "an end at %u, octets up to %u", p->end, end);
    return p->n_pieces < REASSEMBLY_PIECES
           || refuse(why, &too_many, "128 fragments of a packet at most", "one more");
}

static void put(struct puzzle *p, const struct ip_header *h, const uint8_t *packet, const struct bytes *payload)
{
    uint32_t at = h->fragment_offset, end = at + (uint32_t)payload->n;
    if (payload->n)
        memcpy(p->octets + REASSEMBLY_HEADERS + at, payload->at, payload->n);
    if (at == 0) {
        p->head = h->header_len;
        p->first_len = end;
        p->protocol = h->protocol;
        p->next_header_at = h->next_header_at;
        p->fragment_at = h->fragment_at;
        memcpy(p->octets + REASSEMBLY_HEADERS - p->head, packet, p->head);
    }
    if (!h->more_fragments)
        p->end = end;
    p->pieces[p->n_pieces++] = (struct piece){ at, end };
    p->got += end - at;
}

/* IPv4: no fragment any more, and longer. */
static struct bytes finish_four(struct puzzle *p)
{
    enum { LENGTH_AT = 2, FLAGS_AT = 6, SUM_AT = 10 };
    uint8_t *packet = p->octets + REASSEMBLY_HEADERS - p->head;
    struct wire_out out = wire_into(packet + LENGTH_AT, 2);
    put_u16(&out, "total_length", p->head + p->end);
    out = wire_into(packet + FLAGS_AT, 2);
    put_u16(&out, "flags_and_fragment_offset", 0);
    out = wire_into(packet + SUM_AT, 2);
    put_u16(&out, "header_checksum", 0);
    out = wire_into(packet + SUM_AT, 2);
    put_u16(&out, "header_checksum", checksum_end(checksum_add(0, packet, p->head)));
    return (struct bytes){ packet, p->head + p->end };
}

/* IPv6: the fragment header leaves, and the header before it says what stood behind. */
static struct bytes finish_six(struct puzzle *p)
{
    enum { LENGTH_AT = 4 };
    uint32_t head = p->head - IP6_FRAGMENT_HEADER;
    uint8_t *packet = p->octets + REASSEMBLY_HEADERS - head;
    memmove(packet, packet - IP6_FRAGMENT_HEADER, head);
    struct wire_out out = wire_into(packet + LENGTH_AT, 2);
    put_u16(&out, "payload_length", head - IP6_HEADER + p->end);
    out = wire_into(packet + p->next_header_at, 1);
    put_u8(&out, "next_header", p->protocol);
    return (struct bytes){ packet, head + p->end };
}

enum reassembled reassembly_take(struct reassembly *r, const struct ip_header *h, const uint8_t *packet,
                                 const struct bytes *payload, nsec now, struct bytes *whole,
                                 struct ip_problem *problem, struct fault *why)
{
    bool twice = false;
    *problem = (struct ip_problem){ 0 };
    if (!sound(h, payload->n, problem, why))
        return REASSEMBLY_REFUSED;
    struct puzzle *p = puzzle_for(r, h, now);
    if (p->refused) {
        refuse(why, &given_up, "a packet none of whose fragments overlap", "one more of a packet that was given up");
        return REASSEMBLY_REFUSED;
    }
    if (!fits(r, p, h, payload, &twice, why)) {
        p->refused = true;
        return REASSEMBLY_REFUSED;
    }
    if (twice)
        return REASSEMBLY_GOES_ON;
    put(p, h, packet, payload);
    if (!p->end || p->got < p->end || !p->head)
        return REASSEMBLY_GOES_ON;
    p->used = false;
    *whole = is_six(h) ? finish_six(p) : finish_four(p);
    return REASSEMBLY_WHOLE;
}

nsec reassembly_wake(const struct reassembly *r)
{
    nsec wake = NEVER;
    for (unsigned i = 0; i < REASSEMBLY_PACKETS; i++) {
        nsec at = r->puzzles[i].since + REASSEMBLY_SECONDS * SECOND;
        if (r->puzzles[i].used && at < wake)
            wake = at;
    }
    return wake;
}

bool reassembly_expire(struct reassembly *r, nsec now, struct bytes *first)
{
    *first = (struct bytes){ 0 };
    for (unsigned i = 0; i < REASSEMBLY_PACKETS; i++) {
        struct puzzle *p = &r->puzzles[i];
        if (!p->used || now < p->since + REASSEMBLY_SECONDS * SECOND)
            continue;
        p->used = false;
        if (p->head && !p->refused)
            *first = (struct bytes){ p->octets + REASSEMBLY_HEADERS - p->head, p->head + p->first_len };
        return true;
    }
    return false;
}
