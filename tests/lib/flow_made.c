#include "tests/lib/flow_made.h"
#include "tests/lib/check.h"

#include <string.h>

void flow_made_start(struct flow_made *m, size_t most)
{
    *m = (struct flow_made){ .chance = test_chance(1), .at = 1700000000 * SECOND, .port = 40000 };
    m->flows = flows_new(&(struct flows_config){ .most = most, .chance = &m->chance.chance });
    ck_assert_ptr_nonnull(m->flows);
}

unsigned flow_made_say(struct flow_made *m, struct said s)
{
    const struct addr hosts[2] = { addr_v4(10, 0, 0, 1), addr_v4(10, 0, 0, 2) };
    const uint16_t ports[2] = { m->port, 443 };
    const struct bytes text = s.octets ? (struct bytes){ s.octets, s.n }
                                       : (struct bytes){ (const uint8_t *)s.text, s.text ? strlen(s.text) : 0 };
    const struct ip_header ip = { .total_length = (uint32_t)text.n + s.missing + 40, .source = hosts[s.from],
                                  .destination = hosts[!s.from], .hop_limit = s.hops ? s.hops : 64, .identification = s.id };
    const struct tcp_segment t = {
        .source_port = ports[s.from], .destination_port = ports[!s.from], .seq = m->isn[s.from] + s.seq,
        .ack = s.flags & TCP_ACK ? m->isn[!s.from] + s.ack : 0, .flags = (uint8_t)s.flags,
        .window = s.closed ? 0 : s.window ? s.window : 1000, .text = text, .mss = s.mss,
        .has_timestamps = s.clock, .ts_value = s.clock, .has_window_scale = s.flags & TCP_SYN && s.scale >= 0, .window_scale = (uint8_t)(s.scale > 0 ? s.scale : 0) };
    m->at += s.after ? s.after : MICROSECOND;
    const struct flow_packet p = { .number = ++m->number, .at = m->at, .ip = &ip, .segment = &t,
                                   .missing = s.missing, .sum = s.sum };
    m->marks = 0;
    m->flow = flows_take(m->flows, &p, &m->side, &m->marks);
    return m->marks;
}

void flow_made_open(struct flow_made *m, int scale)
{
    flow_made_say(m, (struct said){ .flags = TCP_SYN, .scale = scale });
    flow_made_say(m, (struct said){ .from = 1, .ack = 1, .flags = TCP_SYN | TCP_ACK, .scale = scale });
    flow_made_say(m, (struct said){ .seq = 1, .ack = 1, .flags = TCP_ACK });
}

void flow_made_reads(struct flow_made *m, unsigned side, const char *text)
{
    struct room have = flow_peek(m->flow, side);
    ck_assert_uint_eq(have.n, strlen(text));
    if (have.n)
        check_bytes(have.at, text, have.n);
    flow_consume(m->flow, side, have.n);
}

void flow_made_end(struct flow_made *m) { flows_free(m->flows); }
