/* Segments of four connections, as the input says: each side's octets come out in order and once (the low seven bits
 * of an octet are those of its sequence number, the high one is which of two fillings brought it), over gaps too; the
 * packet that brought one is none that is still to come; memory stays in its bound, and is all back in the end.
 *
 * Eight octets make a segment: connection (2 bits), side, filling, what the reader does (2), far (its number may be
 * anywhere), cut short; its flags; its number and its ACK, as offsets from a place near the wrap (2 octets each, the
 * high one of the first seldom used); length; the time that goes by. */
#include "net/flow_inside.h"
#include "net/seq.h"
#include "tests/lib/chance.h"
#include "tests/lib/seen.h"

#include <stdlib.h>
#include <string.h>

enum { RECORD = 8, LONGEST = 255 * 12, MOST = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(bool good)
{
    if (!good)
        abort();
}

/* How each side's stream goes on: known from its second octet on. */
struct heard { bool known[2]; uint8_t next[2]; };

static void listen(struct heard *h, const struct flow *f, unsigned side, struct room have, size_t n, uint64_t number)
{
    for (size_t k = 0; k < n; k++) {
        check(!h->known[side] || (have.at[k] & 0x7f) == h->next[side]);
        h->known[side] = true;
        h->next[side] = (have.at[k] + 1) & 0x7f;
    }
    if (n)
        check(flow_packet_of(f, side, flow_offset(f, side) + n - 1) <= number);
    if (n)
        memset(have.at, 0xff, n);
}

static void read_side(struct flow *f, unsigned side, unsigned how, uint64_t number)
{
    struct heard *h = f->user;
    struct room have = flow_peek(f, side);
    uint64_t at = flow_offset(f, side), gap = flow_gap(f, side);
    size_t n = how == 0 ? 0 : how == 1 ? have.n / 2 : have.n;
    listen(h, f, side, have, n, number);
    flow_consume(f, side, n);
    check(flow_offset(f, side) == at + n && flow_peek(f, side).n == have.n - n);
    if (how < 3 || !gap)
        return;
    flow_skip(f, side);
    h->next[side] = (uint8_t)(h->next[side] + gap) & 0x7f;
    check(flow_offset(f, side) == at + n + gap);
}

static void end_flow(struct flows *all, struct flow *f, uint64_t number)
{
    for (unsigned side = 0; side < 2; side++)
        for (unsigned k = 0; k < 10 && f->user && (k == 0 || flow_gap(f, side)); k++)
            read_side(f, side, 3, number);
    free(f->user);
    flows_give(all, f);
}

static struct flow *take(struct flows *all, const uint8_t *r, uint64_t number, nsec now)
{
    static uint8_t text[LONGEST];
    unsigned conn = r[0] & 3, from = r[0] >> 2 & 1, fill = r[0] >> 3 & 1, side, marks;
    uint32_t place = UINT32_MAX - 3000 * (conn + 1), seq = place + (uint32_t)(r[2] << 8 | r[3]);
    if (r[0] & 0x40)
        seq += (uint32_t)r[2] << 24;
    uint32_t len = r[6] * 12u, at = seq + !!(r[1] & TCP_SYN);
    for (uint32_t k = 0; k < len; k++)
        text[k] = (uint8_t)(((at + k) & 0x7f) | fill << 7);
    const struct addr hosts[2] = { addr_v4(10, 0, 0, 1), addr_v4(10, 0, 0, 2) };
    const uint16_t ports[2] = { (uint16_t)(1000 + conn), 443 };
    uint32_t missing = r[0] & 0x80 ? len / 3 : 0;
    const struct ip_header ip = { .total_length = len + 40, .source = hosts[from], .destination = hosts[!from] };
    const struct tcp_segment t = {
        .source_port = ports[from], .destination_port = ports[!from], .seq = seq, .flags = r[1],
        .ack = place + (uint32_t)(r[4] << 8 | r[5]), .window = r[5], .text = { text, len - missing } };
    struct flow *f = flows_take(all, &(struct flow_packet){ .number = number, .at = now, .ip = &ip, .segment = &t,
                                                            .missing = missing }, &side, &marks);
    check(f && side < 2 && marks < 1u << FLOW_MARKS && f->side[side].port == ports[from]);
    return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct test_chance chance = test_chance(1);
    struct flows *all = flows_new(&(struct flows_config){ .most = MOST, .chance = &chance.chance });
    nsec now = 1000 * SECOND;
    uint64_t number = 0;
    check(all);
    for (; n >= RECORD; bytes += RECORD, n -= RECORD) {
        now += (nsec)bytes[7] * bytes[7] * bytes[7] * 10 * MICROSECOND;
        seen_packet();
        struct flow *f = take(all, bytes, ++number, now);
        if (!f->user)
            f->user = calloc(1, sizeof(struct heard));
        check(f->user != NULL);
        for (unsigned side = 0; side < 2; side++)
            read_side(f, side, bytes[0] >> 4 & 3, number);
        check(all->pool.used <= all->pool.limit && all->pool.held <= all->pool.limit);
        for (struct flow *over; (over = flows_over(all)) != NULL;)
            end_flow(all, over, number);
    }
    flows_end(all);
    for (struct flow *over; (over = flows_over(all)) != NULL;)
        end_flow(all, over, number);
    check(flows_count(all) == 0 && all->pool.used == 0);
    flows_free(all);
    return 0;
}
