/* dns.h - names to addresses (RFC 1034, 1035): messages, a cache, and one lookup as an engine without I/O.
 *
 * A lookup goes the way the story tells it: cache, then the hosts file, then a query over UDP to the servers, each try with a new random id
 * and port. Names under .invalid are refused at once (RFC 6761 §6.4), localhost is 127.0.0.1 (§6.3). */
#ifndef NET_DNS_H
#define NET_DNS_H

#include "crypto/chance.h"
#include "net/host.h"

enum { DNS_NAME = 256, DNS_MESSAGE = 512, DNS_TYPE_A = 1, DNS_TYPE_CNAME = 5, DNS_SERVERS = 3, DNS_CACHE = 16 };

struct dns_record { char name[DNS_NAME]; uint16_t type; uint32_t ttl; struct addr addr; char target[DNS_NAME]; };
struct dns_message {
    uint16_t id; bool response, truncated, recursion_desired, recursion_available, authoritative; uint8_t opcode, rcode;
    char question[DNS_NAME]; uint16_t question_type;
    unsigned n_answers; struct dns_record answers[8];             /* those of type A and CNAME in the answer section; others are read and named, not kept */
};
/* Reads one message strictly: compression pointers go backwards only, every count is checked, nothing may be left over. Names come out
 * in lower case without the last dot. */
bool   dns_read(struct wire_in *, struct dns_message *, struct fault *why);
size_t dns_write(const struct dns_message *, uint8_t *out, size_t room);         /* 0: does not fit, or a bad name */

struct dns_cache { struct { char name[DNS_NAME]; struct addr addr; nsec until; } entry[DNS_CACHE]; unsigned next; };

struct dns_config {
    const char *hosts; size_t hosts_n;                /* text of a hosts file; not owned */
    struct addr server[DNS_SERVERS]; unsigned n_servers;
    unsigned tries;                                   /* over all servers: 10 in the sealed world */
    nsec patience;                                    /* between tries, first 1 s, doubled up to 4 s; 0: 1 s */
    struct dns_cache *cache;
    struct chance *chance;
    struct voice voice;
};

enum dns_says { DNS_ASKING, DNS_FOUND, DNS_FAILED };
enum dns_from { DNS_FROM_LITERAL, DNS_FROM_CACHE, DNS_FROM_HOSTS, DNS_FROM_SERVER };

struct dns_lookup {
    struct dns_config config;
    char name[DNS_NAME];
    enum dns_says says; enum dns_from from;
    struct addr addr; uint32_t ttl;
    struct fault fault;
    unsigned tried; uint16_t id, port; nsec deadline; event_no cause;
};

/* Begins; may be done at once. Then drive it: dns_lookup_step after each datagram on its port (d) and when its deadline has come (d NULL). */
void dns_lookup_start(struct dns_lookup *, const struct dns_config *, const char *name, struct host *, nsec now);
void dns_lookup_step(struct dns_lookup *, struct host *, const struct datagram *d, nsec now);
static inline nsec dns_lookup_wake(const struct dns_lookup *l) { return l->says == DNS_ASKING ? l->deadline : NEVER; }

/* The sealed resolver: answers one query. `find` gives the address for a name, or false for NXDOMAIN. Returns the length of the answer in
 * `out` (room for DNS_MESSAGE), 0 when the datagram deserves none. */
typedef bool dns_find(void *self, const char *name, struct addr *out, uint32_t *ttl);
size_t dns_serve(const struct datagram *query, dns_find *find, void *self, const struct voice *, uint8_t *out, struct fault *why);

/* hosts file: does a line give this name an IPv4 address? Comments, many names a line, odd white space, broken lines are skipped. */
bool hosts_find(const char *text, size_t n, const char *name, struct addr *out);
/* The `nameserver` lines of resolv.conf: how many were found. */
unsigned resolv_servers(const char *text, size_t n, struct addr *out, unsigned room);

#endif
