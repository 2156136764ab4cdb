/* Messages of neighbour discovery of any octets, with a checksum that is right, one behind the other: the first octet says
 * who they are from (nobody, a router, a neighbour), the second how long each is, and time goes on. Nothing grows past
 * its bounds, what goes out is whole, and our own address is never said to be elsewhere. */
#include "net/ip.h"
#include "net/nd.h"
#include "tests/lib/seen.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(bool good)
{
    if (!good)
        abort();
}

static void pull(struct nd *nd)
{
    uint8_t out[ND_PACKET];
    struct mac to;
    for (uint32_t len; (len = nd_next(nd, out, &to)) != 0; ) {
        struct wire_in in = wire_over(out, len, NULL), payload;
        struct ip_header h;
        check(len <= ND_PACKET && ip_read(&in, &h, &payload, NULL) && h.hop_limit == 255);
        check(ip_checksum(&h.source, &h.destination, IP_ICMP6, payload.at, wire_left(&payload)) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const struct addr from[] = { { .len = 16 }, { .len = 16, .octets = { 0xfe, 0x80, [15] = 1 } },
                                        { .len = 16, .octets = { 0xfd, [15] = 9 } } };
    static const struct addr us = { .len = 16, .octets = { 0xfd, [15] = 1 } };
    static struct nd nd;
    nsec now = SECOND;
    nd_start(&nd, &(struct mac){ { 2, 0, 0, 0, 0, 1 } }, &us, 64, &(struct voice){ 0 });
    nd_probe(&nd);
    while (n >= 2) {
        size_t len = bytes[1] < n - 2 ? bytes[1] : n - 2;
        uint8_t *packet = malloc(IP6_HEADER + len);    /* on its own, so that reading past its end shows */
        struct ip_header h = { .total_length = (uint32_t)(IP6_HEADER + len), .hop_limit = 255, .protocol = IP_ICMP6,
                               .source = from[bytes[0] % 3], .destination = us };
        ip_write(&h, packet);
        memcpy(packet + IP6_HEADER, bytes + 2, len);
        if (len >= 4) {
            packet[42] = packet[43] = 0;
            uint16_t sum = ip_checksum(&h.source, &us, IP_ICMP6, packet + IP6_HEADER, len);
            packet[42] = (uint8_t)(sum >> 8);
            packet[43] = (uint8_t)sum;
        }
        struct nd_heard heard;
        struct addr hop = { .len = 16, .octets = { 0x20, 1, [15] = 7 } };
        nd_input(&nd, &(struct packet){ .bytes = packet, .len = h.total_length, .room = h.total_length }, &heard, now);
        seen_packet();
        check(!heard.learned || (mac_is_single(&heard.mac) && !addr_same(&heard.who, &us)));
        nd_hop(&nd, &hop, now);
        check(hop.len == 16 && nd.n <= ND_QUEUE);
        free(packet);
        if (bytes[0] & 0x80)
            nd_own(&nd, now);
        if (nd_wake(&nd) <= now)
            nd_tick(&nd, now);
        if (bytes[0] & 0x40)
            pull(&nd);
        now += SECOND;
        bytes += 2 + len;
        n -= 2 + len;
    }
    pull(&nd);
    return 0;
}
