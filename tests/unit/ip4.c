/* IPv4, ICMP and UDP: what is written reads the same, and what is wrong is refused, cut anywhere. */
#include "net/checksum.h"
#include "net/icmp.h"
#include "net/ip4.h"
#include "net/udp.h"
#include "tests/lib/check.h"

#include <string.h>

/* The header of Wikipedia's article on the IPv4 checksum: a packet of 115 octets. */
static const char example[] = "4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7";

static size_t make_example(uint8_t out[115])
{
    memset(out, 0xab, 115);
    return check_hex(example, out, 20) + 95;
}

/* Puts the right checksum in again after a header was spoiled. */
static void repair(uint8_t *packet, size_t header_len)
{
    packet[10] = packet[11] = 0;
    uint16_t c = checksum_end(checksum_add(0, packet, header_len));
    packet[10] = (uint8_t)(c >> 8);
    packet[11] = (uint8_t)c;
}

static const char *refused(const uint8_t *packet, size_t n)
{
    struct wire_in in = wire_over(packet, n, NULL), payload;
    struct ip4_header h;
    struct fault why = { 0 };
    return ip4_read(&in, &h, &payload, &why) ? "" : why.ground->id;
}

START_TEST(reads_a_header)
{
    uint8_t packet[115];
    struct wire_in in = wire_over(packet, make_example(packet), NULL), payload;
    struct ip4_header h;
    struct addr from = addr_v4(192, 168, 0, 1), to = addr_v4(192, 168, 0, 199);
    ck_assert(ip4_read(&in, &h, &payload, NULL));
    ck_assert_uint_eq(h.header_len, 20);
    ck_assert_uint_eq(h.total_length, 115);
    ck_assert_uint_eq(h.time_to_live, 64);
    ck_assert_uint_eq(h.protocol, IP_UDP);
    ck_assert(h.dont_fragment && !h.more_fragments && !ip4_is_fragment(&h));
    ck_assert(addr_same(&h.source, &from) && addr_same(&h.destination, &to));
    ck_assert_uint_eq(wire_left(&payload), 95);
    ck_assert_ptr_eq(in.at, in.end);

    uint8_t written[20];
    ip4_write(&h, written);
    check_is_hex(written, 20, example);
}
END_TEST

START_TEST(refuses)
{
    uint8_t packet[115];
    size_t n = make_example(packet);
    for (size_t cut = 0; cut < n; cut++)
        ck_assert_str_eq(refused(packet, cut), cut < 20 ? "ip.cut" : "ip.lengths");
    for (unsigned bit = 0; bit < 160; bit++) {        /* no single bit of a header can flip unnoticed */
        packet[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_str_ne(refused(packet, n), "");
        packet[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    packet[0] = 0x65;
    repair(packet, 20);
    ck_assert_str_eq(refused(packet, n), "ip.version");
    struct ip4_header h;
    struct wire_in in = wire_over(packet, n, NULL), payload;
    ck_assert(!ip4_read(&in, &h, &payload, NULL));
    ck_assert_ptr_eq(in.at, packet);                  /* no octet of another version got a name of this one's */
    packet[0] = 0x44;
    repair(packet, 16);
    ck_assert_str_eq(refused(packet, n), "ip.lengths");
    packet[0] = 0x45;
    packet[3] = 19;
    packet[2] = 0;
    repair(packet, 20);
    ck_assert_str_eq(refused(packet, n), "ip.lengths");
    packet[3] = 116;
    repair(packet, 20);
    ck_assert_str_eq(refused(packet, n), "ip.lengths");
}
END_TEST

START_TEST(options_and_padding)
{
    static const char *const options[] = {
        "01010101", "00000000", "07040400", "44000000", "44010000",
        "44ff0000", "830300ff", "01010144", "94040000",
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        uint8_t packet[60] = { 0 };
        struct ip4_header h;
        struct wire_in payload;
        check_hex("4600 0020 0000 0000 4001 0000 0a00 0001 0a00 0002", packet, 20);
        check_hex(options[i], packet + 20, 4);
        repair(packet, 24);
        struct wire_in in = wire_over(packet, 46, NULL);              /* Ethernet pads to 46 */
        ck_assert(ip4_read(&in, &h, &payload, NULL));
        ck_assert_uint_eq(h.header_len, 24);
        ck_assert_uint_eq(wire_left(&payload), 8);
        ck_assert(payload.at == packet + 24 && in.at == in.end);
    }
}
END_TEST

START_TEST(fragments)
{
    struct ip4_header h = { .total_length = 28,
                            .fragment_offset = 1480,
                            .more_fragments = true,
                            .protocol = IP_UDP,
                            .source = addr_v4(10, 0, 0, 1),
                            .destination = addr_v4(10, 0, 0, 2) },
                      back;
    uint8_t packet[28] = { 0 };
    ip4_write(&h, packet);
    struct wire_in in = wire_over(packet, sizeof packet, NULL), payload;
    ck_assert(ip4_read(&in, &back, &payload, NULL));
    ck_assert(back.more_fragments && back.fragment_offset == 1480 && ip4_is_fragment(&back));
}
END_TEST

static const struct addr four = { .len = 4 };

START_TEST(echo)
{
    uint8_t request[12], reply[12];
    struct icmp_message m;
    check_hex("0800 f7d7 1234 0001 61626364", request, sizeof request);
    request[2] = request[3] = 0;
    uint16_t c = checksum_end(checksum_add(0, request, 12));
    request[2] = (uint8_t)(c >> 8);
    request[3] = (uint8_t)c;
    icmp_write_reply(request, 12, &four, &four, reply);
    struct wire_in in = wire_over(reply, 12, NULL);
    ck_assert(icmp_read(&in, &m, NULL));
    ck_assert(m.type == ICMP_ECHO_REPLY && m.identifier == 0x1234 && m.sequence_number == 1);
    check_bytes(reply + 4, request + 4, 8);
    reply[11] ^= 1;
    in = wire_over(reply, 12, NULL);
    ck_assert(!icmp_read(&in, &m, NULL));
    for (size_t n = 0; n < 8; n++) {
        in = wire_over(request, n, NULL);
        ck_assert(!icmp_read(&in, &m, NULL));
    }
}
END_TEST

START_TEST(unreachable_quotes)
{
    uint8_t packet[115], out[ICMP_ERROR_MAX];
    const struct icmp_error no_port = { .says = ICMP_SAYS_NO_PORT };
    struct icmp_message m;
    size_t n = icmp_write_error(&no_port, &four, &four, packet, make_example(packet), out);
    struct addr from = addr_v4(192, 168, 0, 1);
    ck_assert_uint_eq(n, 8 + ICMP_QUOTED_MAX);
    struct wire_in in = wire_over(out, n, NULL);
    ck_assert(icmp_read(&in, &m, NULL));
    ck_assert(m.type == ICMP_UNREACHABLE && m.code == ICMP_PORT && m.quoted.protocol == IP_UDP);
    ck_assert(addr_same(&m.quoted.source, &from) && m.quoted_source_port == 0xabab);
    n = icmp_write_error(&no_port, &four, &four, packet, 27, out); /* too little quoted: nothing is made of it */
    in = wire_over(out, n, NULL);
    ck_assert(icmp_read(&in, &m, NULL) && m.quoted.total_length == 0);
}
END_TEST

START_TEST(datagrams)
{
    static struct datagram d;
    d = (struct datagram){
        .from = addr_v4(10, 0, 0, 1), .to = addr_v4(10, 0, 0, 2), .from_port = 1000, .to_port = 53, .len = 5
    };
    memcpy(d.bytes, "hello", 5);
    uint8_t out[64];
    struct udp_header h;
    struct wire_in payload;
    ck_assert_uint_eq(udp_write(&d, out, 12), 0);
    size_t n = udp_write(&d, out, sizeof out);
    ck_assert_uint_eq(n, 13);
    ck_assert_uint_eq(ip_checksum(&d.from, &d.to, IP_UDP, out, n), 0);
    out[13] = 0;
    struct wire_in in = wire_over(out, 14, NULL);
    ck_assert(udp_read(&in, &h, &payload, NULL) && wire_left(&payload) == 5 && in.at == in.end);
    ck_assert(h.source_port == 1000 && h.destination_port == 53 && h.length == 13);
    for (size_t cut = 0; cut < 13; cut++) {
        in = wire_over(out, cut, NULL);
        ck_assert(!udp_read(&in, &h, &payload, NULL));
    }
    out[5] = 7;                                       /* a length shorter than the header */
    in = wire_over(out, 13, NULL);
    ck_assert(!udp_read(&in, &h, &payload, NULL));
}
END_TEST

START_TEST(a_checksum_of_zero_is_sent_as_ones)        /* RFC 768 */
{
    static struct datagram d;
    d = (struct datagram){
        .from = addr_v4(10, 0, 0, 1), .to = addr_v4(10, 0, 0, 2), .from_port = 1, .to_port = 2, .len = 2
    };
    uint8_t out[10];
    bool seen = false;
    for (unsigned i = 0; i < 65536; i++) {
        d.bytes[0] = (uint8_t)(i >> 8);
        d.bytes[1] = (uint8_t)i;
        ck_assert(udp_write(&d, out, sizeof out) == 10 && (out[6] || out[7]));
        seen |= out[6] == 0xff && out[7] == 0xff;
    }
    ck_assert(seen);
}
END_TEST

int main(void)
{
    return check_run("ip4", (const TTest *[]){
        reads_a_header, refuses, options_and_padding, fragments, echo, unreachable_quotes, datagrams,
        a_checksum_of_zero_is_sent_as_ones, NULL });
}
