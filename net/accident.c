#include "net/accident.h"
#include "net/checksum.h"
#include "net/ip.h"

enum { IP_SUM_AT = 10, TCP_SUM_AT = 16, UDP_SUM_AT = 6 };

uint32_t accident_bit(const struct accident *a, uint32_t n)
{
    return 8 * (a->octet < n ? a->octet : n - 1);
}

static void put_sum(uint8_t *at, uint16_t sum)
{
    at[0] = (uint8_t)(sum >> 8);
    at[1] = (uint8_t)sum;
}

/* A checksum is the sum over its place while that holds zero. */
void accident_repair(uint8_t *packet, uint32_t n)
{
    uint32_t head = n ? 4u * (packet[0] & 15u) : 0;
    bool four = n && packet[0] >> 4 == 4;
    if (four && (head < IP4_HEADER || head > n))
        return;
    if (four) {
        put_sum(packet + IP_SUM_AT, 0);
        put_sum(packet + IP_SUM_AT, checksum_end(checksum_add(0, packet, head)));
    }
    struct wire_in in = wire_over(packet, n, NULL), payload;
    struct ip_header ip;
    if (!ip_read(&in, &ip, &payload, NULL))
        return;
    size_t at = ip.protocol == IP_TCP ? TCP_SUM_AT : UDP_SUM_AT, left = wire_left(&payload);
    if ((ip.protocol != IP_TCP && ip.protocol != IP_UDP) || left < at + 2)
        return;
    uint8_t *octets = packet + ip.header_len;
    put_sum(octets + at, 0);
    put_sum(octets + at, ip_checksum(&ip.source, &ip.destination, ip.protocol, octets, left));
}
