/* What is longer than the link takes goes in fragments: datagrams and echo replies. TCP never needs them. IPv4's may be
 * cut again on their way (RFC 791 §3.2). IPv6's may not, so each is as long as every link takes (RFC 8200 §5): nobody
 * has to find out how wide the way is. */
#include "net/ip6.h"
#include "net/stack_parts.h"

#include <stdlib.h>
#include <string.h>

enum { UNIT = 8 };                                    /* fragments begin at multiples of it */

uint8_t *stack_cut_room(struct stack *s)
{
    if (s->cut.n)
        return NULL;
    if (!s->cut.octets)
        s->cut.octets = malloc(CUT_MAX);
    return s->cut.octets;
}

/* RFC 7739, RFC 6864 §5: strangers cannot tell which identification comes next. */
void stack_cut_begin(struct stack *s, const struct ip_header *ip, size_t n, buf_no stream, event_no cause)
{
    uint32_t id = stack_ip_id(s);
    s->cut = (struct cut){ .octets = s->cut.octets, .n = n, .from = ip->source, .to = ip->destination,
                           .protocol = ip->protocol, .stream = stream, .cause = cause,
                           .id = ip->destination.len == 16 ? id << 16 | stack_ip_id(s) : id };
}

/* RFC 8200 §4.5. */
static void put_fragment_header(uint8_t *at, const struct cut *c, bool more)
{
    struct wire_out out = wire_into(at, IP6_FRAGMENT_HEADER);
    put_u8(&out, "next_header", c->protocol);
    put_u8(&out, "reserved", 0);
    put_u16(&out, "fragment_offset_and_flags", (unsigned)c->at | more);
    put_u32(&out, "identification", c->id);
}

bool stack_cut_next(struct stack *s, struct packet *p)
{
    struct cut *c = &s->cut;
    if (c->n == 0)
        return false;
    bool six = c->to.len == 16;
    size_t head = ip_header_size(&c->to) + (six ? (size_t)IP6_FRAGMENT_HEADER : 0);
    uint32_t mtu = six && s->config.mtu > IP6_MTU_LEAST ? IP6_MTU_LEAST : s->config.mtu;
    size_t room = mtu - head, left = c->n - c->at;
    size_t n = left <= room ? left : room - room % UNIT;
    struct ip_header ip = { .total_length = (uint32_t)(head + n), .protocol = six ? IP_FRAGMENT : c->protocol,
                            .source = c->from, .destination = c->to, .identification = c->id,
                            .fragment_offset = (uint32_t)c->at, .more_fragments = n < left };
    if (six)
        put_fragment_header(p->bytes + IP6_HEADER, c, n < left);
    memcpy(p->bytes + head, c->octets + c->at, n);
    c->at += n;
    if (n == left)
        c->n = 0;
    return stack_finish(s, p, &ip, &(struct told){ .cause = c->cause, .stream = c->stream });
}
