/* addr.h - an address on the network layer: 4 octets (IPv4) or 16 (IPv6). */
#ifndef NET_ADDR_H
#define NET_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct addr { uint8_t len; uint8_t octets[16]; };     /* len 0: none */
enum { ADDR_TEXT = 48 };                              /* room for the longest text and its NUL */

struct addr addr_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d);
/* Asked several times for each packet: so the usual length is known to the compiler. */
static inline bool addr_same(const struct addr *a, const struct addr *b)
{
    if (a->len != b->len)
        return false;
    return a->len == 4 ? memcmp(a->octets, b->octets, 4) == 0 : memcmp(a->octets, b->octets, a->len) == 0;
}
/* Strict dotted quad (no octal, no short forms) or RFC 4291 §2.2 text. `n` octets, no NUL needed. */
bool  addr_parse(const char *text, size_t n, struct addr *out);
char *addr_text(const struct addr *, char out[ADDR_TEXT]);        /* IPv6 after RFC 5952 */

#endif
