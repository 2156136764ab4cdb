/* addr.h - an address on the network layer: 4 octets (IPv4) or 16 (IPv6; carried and compared, not yet
 * spoken). */
#ifndef NET_ADDR_H
#define NET_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct addr { uint8_t len; uint8_t octets[16]; };     /* len 0: none */
enum { ADDR_TEXT = 48 };                              /* room for the longest text and its NUL */

struct addr addr_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d);
bool  addr_same(const struct addr *, const struct addr *);
/* Strict dotted quad (no octal, no short forms) or RFC 4291 §2.2 text. `n` octets, no NUL needed. */
bool  addr_parse(const char *text, size_t n, struct addr *out);
char *addr_text(const struct addr *, char out[ADDR_TEXT]);        /* IPv6 after RFC 5952 */

#endif
