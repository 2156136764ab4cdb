#include "tls/x509/der.h"

#include <string.h>

struct put_der put_der_open(struct wire_out *out, unsigned tag)
{
    struct put_der d = { wire_written(out) };
    put_u8(out, "tag", tag);
    put_u8(out, "length", 0);
    return d;
}

void put_der_close(struct wire_out *out, struct put_der d)
{
    if (out->failed)
        return;
    size_t n = wire_written(out) - d.at - 2, more = 0;
    for (size_t left = n; n >= 0x80 && left; left >>= 8)
        more++;
    uint8_t *length = out->start + d.at + 1;
    if (more == 0) {
        *length = (uint8_t)n;
        return;
    }
    static const uint8_t room[sizeof(size_t)] = { 0 };
    put_bytes(out, "length", room, more);  /* the content moves up by as many octets */
    if (out->failed)
        return;
    memmove(length + 1 + more, length + 1, n);
    *length = (uint8_t)(0x80 | more);
    for (size_t i = more; i > 0; i--, n >>= 8)
        length[i] = (uint8_t)n;
}

void put_der_bytes(struct wire_out *out, unsigned tag, const void *bytes, size_t n)
{
    struct put_der d = put_der_open(out, tag);
    put_bytes(out, "content", bytes, n);
    put_der_close(out, d);
}

void put_der_uint(struct wire_out *out, const void *bytes, size_t n)
{
    const uint8_t *at = bytes;
    while (n > 1 && *at == 0) {
        at++;
        n--;
    }
    struct put_der d = put_der_open(out, DER_INTEGER);
    if (n == 0 || (*at & 0x80))
        put_u8(out, "content", 0);  /* the sign; of an empty number all there is */
    put_bytes(out, "content", at, n);
    put_der_close(out, d);
}

/* One arc: seven bits an octet, the highest first, all but the last with the top bit set (X.690 §8.19.2). */
static void put_arc(struct wire_out *out, unsigned long arc)
{
    unsigned shift = 0;
    while (shift < 28 && arc >> (shift + 7))
        shift += 7;
    for (; shift > 0; shift -= 7)
        put_u8(out, "arc", (unsigned)(0x80 | (arc >> shift & 0x7f)));
    put_u8(out, "arc", (unsigned)(arc & 0x7f));
}

void put_der_oid(struct wire_out *out, const char *dotted)
{
    struct put_der d = put_der_open(out, DER_OID);
    unsigned long arc = 0, first = 0;
    unsigned arcs = 0;
    for (const char *s = dotted;; s++) {
        if (*s >= '0' && *s <= '9') {
            arc = arc * 10 + (unsigned long)(*s - '0');
            continue;
        }
        if (arcs == 0)
            first = arc;                                           /* the first two share an octet */
        else
            put_arc(out, arcs == 1 ? first * 40 + arc : arc);
        arcs++;
        arc = 0;
        if (*s == 0)
            break;
    }
    put_der_close(out, d);
}
