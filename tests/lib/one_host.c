#include "tests/lib/one_host.h"

#include "net/checksum.h"
#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

struct one *one_start(uint8_t last, unsigned connections, unsigned backlog, struct trace *trace)
{
    struct one *o = calloc(1, sizeof *o);
    o->chance = test_chance(last);
    pool_start(&o->pool, 1 << 20);
    o->now = 1000 * SECOND;
    o->host = stack_host(stack_new(&(struct stack_config){ .addr = addr_v4(10, 0, 0, last),
                                                           .connections = connections,
                                                           .backlog = backlog,
                                                           .window = 64240,
                                                           .pool = &o->pool,
                                                           .chance = &o->chance.chance,
                                                           .voice = { .trace = trace, .host = last } }));
    return o;
}

void one_end(struct one *o)
{
    o->host->ops->free(o->host);
    pool_end(&o->pool);
    free(o);
}

/* The next packet that comes out, taken apart. */
bool one_out(struct one *o)
{
    struct wire_in in, payload;
    o->packet = (struct packet){ .bytes = o->octets, .room = sizeof o->octets };
    if (!o->host->ops->output(o->host, &o->packet, o->now))
        return false;
    in = wire_over(o->octets, o->packet.len, NULL);
    ck_assert(ip4_read(&in, &o->ip, &payload, NULL));
    if (o->ip.protocol != IP_ICMP)
        ck_assert_uint_eq(
            ip_checksum(&o->ip.source, &o->ip.destination, o->ip.protocol, payload.at, wire_left(&payload)),
            0);
    if (o->ip.protocol == IP_TCP)
        ck_assert(tcp_segment_read(&payload, &o->tcp, NULL));
    if (o->ip.protocol == IP_ICMP)
        ck_assert(icmp_read(&payload, &o->icmp, NULL));
    return true;
}

void one_in(struct one *o, uint8_t *octets, size_t n)
{
    struct packet p = { .bytes = octets, .len = (uint32_t)n, .room = (uint32_t)n };
    o->host->ops->input(o->host, &p, o->now);
}

/* A packet of this protocol from 10.0.0.`from` to 10.0.0.`to`, with the payload at octets + 20. */
void one_in_ip(struct one *o, uint8_t from, uint8_t to, uint8_t protocol, uint8_t *octets, size_t n)
{
    struct ip4_header h = { .total_length = (uint16_t)(20 + n),
                            .time_to_live = 64,
                            .protocol = protocol,
                            .source = addr_v4(10, 0, 0, from),
                            .destination = addr_v4(10, 0, 0, to) };
    ip4_write(&h, octets);
    one_in(o, octets, 20 + n);
}

void one_in_tcp(struct one *o, uint8_t from, uint8_t to, const struct tcp_segment *s)
{
    uint8_t octets[1500];
    struct addr source = addr_v4(10, 0, 0, from), destination = addr_v4(10, 0, 0, to);
    size_t n = tcp_segment_write(s, &source, &destination, octets + 20, sizeof octets - 20);
    one_in_ip(o, from, to, IP_TCP, octets, n);
}
