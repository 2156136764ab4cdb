/* The internet checksum, against RFC 1071's own example and against a slow way of counting. */
#include "net/checksum.h"
#include "net/packet.h"
#include "net/tcp_segment.h"
#include "tests/lib/check.h"

#include <string.h>

/* 16-bit words as the RFC has them, carries added in at the end. */
static uint16_t slow(const uint8_t *at, size_t n)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += i % 2 ? at[i] : (uint32_t)at[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

START_TEST(rfc_1071_example)                          /* §3: 0001 f203 f4f5 f6f7 sums to ddf2 */
{
    uint8_t octets[8];
    check_hex("0001 f203 f4f5 f6f7", octets, sizeof octets);
    ck_assert_uint_eq(checksum_end(checksum_add(0, octets, 8)), (uint16_t)~0xddf2u);
}
END_TEST

START_TEST(every_length_and_place)
{
    uint8_t octets[240];
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)(i * 37 + 200);
    for (size_t from = 0; from < 8; from++)
        for (size_t n = 0; n + from <= sizeof octets; n++)
            ck_assert_uint_eq(checksum_end(checksum_add(0, octets + from, n)), slow(octets + from, n));
}
END_TEST

START_TEST(carries)
{
    static uint8_t octets[65534];
    memset(octets, 0xff, sizeof octets);
    ck_assert_uint_eq(checksum_end(checksum_add(0, octets, sizeof octets)), 0);
    ck_assert_uint_eq(checksum_end(0), 0xffff);
}
END_TEST

START_TEST(in_pieces)
{
    uint8_t octets[64];
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)(255 - i * 3);
    for (size_t cut = 0; cut <= 64; cut += 2)
        ck_assert_uint_eq(checksum_end(checksum_add(checksum_add(0, octets, cut), octets + cut, 64 - cut)),
                          slow(octets, 64));
}
END_TEST

/* What a link or the kernel does with a checksum that was left: the result is what would have been written. */
START_TEST(left_and_made)
{
    uint8_t made[60], left[60];
    const struct addr from = addr_v4(10, 0, 0, 1), to = addr_v4(10, 0, 0, 2);
    struct tcp_segment s = { .source_port = 80, .destination_port = 4711, .seq = 1, .flags = TCP_ACK,
                             .text = { (const uint8_t *)"an odd number of octets", 23 } };
    size_t n = tcp_segment_write(&s, &from, &to, made + 10, 50);
    s.sum_left = true;
    ck_assert_uint_eq(tcp_segment_write(&s, &from, &to, left + 10, 50), n);
    ck_assert_mem_ne(made + 10, left + 10, n);
    struct packet p = { .bytes = left, .len = (uint32_t)(10 + n), .sum = SUM_LEFT, .sum_from = 10, .sum_at = 26 };
    ck_assert(packet_make_sum(&p));
    ck_assert_mem_eq(made + 10, left + 10, n);
    ck_assert(p.sum == SUM_MADE && packet_make_sum(&p));
}
END_TEST

START_TEST(left_outside_the_packet)
{
    uint8_t octets[8] = { 0 };
    for (uint16_t at = 0; at < 12; at++)
        for (uint16_t from = 0; from < 12; from++) {
            struct packet p = { .bytes = octets, .len = 8, .sum = SUM_LEFT, .sum_from = from, .sum_at = at };
            ck_assert(packet_make_sum(&p) == (from <= at && at <= 6));
        }
}
END_TEST

int main(void)
{
    return check_run("checksum",
                     (const TTest *[]){ rfc_1071_example, every_length_and_place, carries, in_pieces,
                                        left_and_made, left_outside_the_packet, NULL });
}
