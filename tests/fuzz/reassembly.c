/* Fragments of both versions in any order, as the input says: what comes out whole has in every octet what some
 * fragment had there, and never more than 65,535 of them.
 *
 * Six octets make a fragment: which packet (2 bits) and version (1), more to come (1) and an even or odd filling; its
 * offset in units of 8 (2 octets, the high one seldom used); its length (2); then the seconds that go by. */
#include "net/ip4.h"
#include "net/ip6.h"
#include "net/reassembly.h"
#include "tests/lib/seen.h"

#include <stdlib.h>
#include <string.h>

enum { RECORD = 6, LONGEST = 65535 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(bool good)
{
    if (!good)
        abort();
}

static struct addr address(bool six, uint8_t last)
{
    return six ? (struct addr){ .len = 16, .octets = { 0x20, [15] = last } } : addr_v4(10, 0, 0, last);
}

/* What stands at this place of the payload, in every fragment with this filling. */
static uint8_t octet(uint32_t at, unsigned filling) { return (uint8_t)(at * 7 + (at >> 8) * 13 + filling); }

/* Writes the fragment; how many octets. */
static size_t make(const uint8_t *r, uint8_t *out)
{
    bool six = r[0] & 4, more = r[0] & 8;
    unsigned filling = r[0] >> 4 & 1, offset = (unsigned)(r[1] << 8 | r[2]) & 0x1fff;
    size_t len = (size_t)(r[3] << 8 | r[4]) % 1600, head = six ? IP6_HEADER + IP6_FRAGMENT_HEADER : IP4_HEADER;
    struct ip_header h = { .total_length = (uint32_t)(head + len), .hop_limit = 64, .source = address(six, 2),
                           .destination = address(six, 1), .protocol = six ? IP_FRAGMENT : IP_UDP,
                           .identification = r[0] & 3, .fragment_offset = offset * 8, .more_fragments = more };
    ip_write(&h, out);
    if (six) {
        const uint8_t fragment[IP6_FRAGMENT_HEADER] = { IP_UDP, 0, (uint8_t)(offset >> 5),
                                                        (uint8_t)(offset << 3 | (more ? 1u : 0)), 0, 0, 0, r[0] & 3 };
        memcpy(out + IP6_HEADER, fragment, sizeof fragment);
    }
    for (size_t i = 0; i < len; i++)
        out[head + i] = octet((uint32_t)(offset * 8 + i), filling);
    return head + len;
}

static void check_whole(const struct bytes *whole)
{
    struct wire_in in = wire_over(whole->at, whole->n, NULL), payload;
    struct ip_header h;
    check(whole->n <= LONGEST + IP6_HEADER && ip_read(&in, &h, &payload, NULL));
    check(!ip_is_fragment(&h) && h.total_length == whole->n && h.protocol == IP_UDP);
    for (uint32_t i = 0; i < wire_left(&payload); i++)
        check(payload.at[i] == octet(i, 0) || payload.at[i] == octet(i, 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static uint8_t packet[2048];
    static struct reassembly *r;                      /* each input leaves it empty: new memory is slow */
    nsec now = 1000 * SECOND;
    check(r || (r = reassembly_new()));
    for (; n >= RECORD; bytes += RECORD, n -= RECORD) {
        struct ip_header h;
        struct ip_problem problem;
        struct bytes whole, first;
        size_t len = make(bytes, packet);
        struct wire_in in = wire_over(packet, len, NULL), payload;
        check(ip_read(&in, &h, &payload, NULL));
        now += bytes[5] * SECOND / 4;
        if (reassembly_wake(r) <= now)
            check(reassembly_expire(r, now, &first));
        seen_packet();
        const struct bytes part = { payload.at, wire_left(&payload) };
        if (ip_is_fragment(&h)
            && reassembly_take(r, &h, packet, &part, now, &whole, &problem, NULL) == REASSEMBLY_WHOLE)
            check_whole(&whole);
    }
    for (struct bytes first; (now = reassembly_wake(r)) != NEVER;)
        check(reassembly_expire(r, now, &first));
    return 0;
}
