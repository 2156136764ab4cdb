#include "net/packet.h"
#include "net/checksum.h"
#include "trace/wire.h"

/* The sum of the pseudo-header lies in its place already, so it is summed with the rest. */
bool packet_make_sum(struct packet *p)
{
    if (p->sum != SUM_LEFT)
        return true;
    if (p->sum_from >= p->len || p->sum_at < p->sum_from || p->sum_at + 2u > p->len)
        return false;
    uint16_t sum = checksum_end(checksum_add(0, p->bytes + p->sum_from, p->len - p->sum_from));
    struct wire_out out = wire_into(p->bytes + p->sum_at, 2);
    put_u16(&out, "checksum", sum);
    p->sum = SUM_MADE;
    return true;
}
