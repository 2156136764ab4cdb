/* dns_zone.h - a zone (RFC 1034 §4.2), read from a file as RFC 1035 §5 has it, and the answers that a name
 * server gives from it.
 *
 *     $ORIGIN example.test.
 *     $TTL 300
 *     @     SOA   ns hostmaster ( 1 7200 900 1209600 60 )
 *     www   A     10.0.0.80
 *           AAAA  fd00::80                ; the same name
 *     shop  CNAME www
 *     *     A     10.0.0.81               ; every other name (RFC 4592)
 *
 * Answered are A, AAAA and CNAME, and the SOA with what is not there; other types (NS, MX, TXT ...) may stand
 * there and are only known to be. Names in no zone of the file are refused; a file without SOA is asked for
 * everything, and its negative answers cannot be kept in a cache. No $INCLUDE, no octets written as \DDD, no
 * delegation. */
#ifndef NET_DNS_ZONE_H
#define NET_DNS_ZONE_H

#include "net/dns.h"

enum { ZONE_MOST = 4096, ZONE_ALIASES = 8 };

struct zone_record { struct dns_record record; bool wildcard; };  /* wildcard: its name is what stands behind "*." */
struct zone { struct zone_record *records; unsigned n, room; struct dns_soa soa; };

/* False, with a fault that names the line: nothing is kept. */
bool zone_read(struct zone *, const char *text, size_t n, struct fault *why);
void zone_free(struct zone *);
/* The first address of that kind the name has, through aliases, too. */
bool zone_address(const struct zone *, const char *name, uint16_t type, struct addr *out);

/* The answer to one query, as octets: how many, or 0 with a fault when it deserves none. `udp_most`: what a
 * datagram may have at most where the query offers as much (RFC 6891); 0: over TCP. What does not fit is cut
 * off, and says so (TC). */
size_t zone_answer(const struct zone *, struct bytes query, unsigned udp_most, uint8_t *out, size_t room,
                   struct fault *why);
/* The same for a datagram, ready for udp_send. Tells both messages: the answer lies on the stream that udp_send
 * will find. */
bool dns_serve(const struct datagram *query, const struct zone *, unsigned udp_most, const struct voice *,
               struct datagram *answer, struct fault *why);

#endif
