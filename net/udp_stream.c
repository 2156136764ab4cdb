#include "net/udp_stream.h"
#include "net/checksum.h"

#include <string.h>

static uint8_t *put_end(uint8_t *at, const struct addr *a, uint16_t port)
{
    memcpy(at, a->octets, a->len);
    at[16] = (uint8_t)(port >> 8);
    at[17] = (uint8_t)port;
    return at + 18;
}

buf_no udp_stream(struct trace *trace, const struct datagram *d)
{
    uint8_t key[3 + 18 + 18 + 4] = { 'u', 'd', 'p' };             /* never the key of a TCP stream */
    if (!trace || !d->len)
        return 0;
    uint8_t *at = put_end(key + 3, &d->from, d->from_port);
    at = put_end(at, &d->to, d->to_port);
    memcpy(at, d->bytes, d->len < 2 ? d->len : 2);
    uint16_t sum = checksum_end(checksum_add(0, d->bytes, d->len));
    at[2] = (uint8_t)(sum >> 8);
    at[3] = (uint8_t)sum;
    return trace_stream(trace, key, sizeof key);
}
