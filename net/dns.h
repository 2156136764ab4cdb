/* dns.h - names to addresses (RFC 1034, 1035): messages, a cache, and one lookup as an engine without I/O.
 *
 * A lookup goes the way the story tells it: cache, then the hosts file, then a query over UDP to the
 * servers, each try with a new random id and port, so that a blind spoofer has 32 bits to guess (RFC 5452
 * §4). Names under .invalid are refused at once (RFC 6761 §6.4), localhost is 127.0.0.1 (§6.3), an address
 * needs no lookup.
 *
 *     dns_lookup_start(&l, &config, "www.example.test", host, now);
 *     while (l.says == DNS_ASKING)       // for each datagram to l.port, and when dns_lookup_wake(&l) has come
 *         dns_lookup_step(&l, host, datagram_or_NULL, now);
 *
 * An answer counts when it comes from the server that was asked, to the port and with the id of the query,
 * and repeats the question. Any other is dropped (a `check` event says why) and the lookup goes on
 * waiting: a forger must not be able to end it either.
 *
 * Names are text in lower case without the last dot, at most 253 characters; "" is the root. */
#ifndef NET_DNS_H
#define NET_DNS_H

#include "crypto/chance.h"
#include "net/host.h"

enum { DNS_PORT = 53, DNS_NAME = 256, DNS_MESSAGE = 512, DNS_LABEL_MAX = 63, DNS_NAME_MAX = 255 };
enum { DNS_ANSWERS = 8, DNS_SERVERS = 3, DNS_CACHE = 16 };
enum { DNS_TYPE_A = 1, DNS_TYPE_CNAME = 5, DNS_CLASS_IN = 1 };
/* RFC 1035 §4.1.1 */
enum dns_rcode { DNS_NOERROR, DNS_FORMERR, DNS_SERVFAIL, DNS_NXDOMAIN, DNS_NOTIMP, DNS_REFUSED };

/* ---- messages (dns.c, dns_name.c) ---- */

struct dns_record {
    char name[DNS_NAME]; uint16_t type; uint32_t ttl;
    struct addr addr;                                 /* of an A */
    char target[DNS_NAME];                            /* of a CNAME */
};
struct dns_message {
    uint16_t id;
    bool response, truncated, recursion_desired, recursion_available, authoritative;
    uint8_t opcode, rcode;
    char question[DNS_NAME];
    uint16_t question_type, question_class;
    unsigned n_answers;
    /* A and CNAME of class IN in the answer section; others are read and named, not kept. */
    struct dns_record answers[DNS_ANSWERS];
};

/* Reads one message strictly: compression pointers go backwards only, every count and length is checked,
 * nothing may be left over, a name has letters, digits, hyphens and underscores. `in` begins at the message's
 * first octet, where pointers count from. */
bool        dns_read(struct wire_in *in, struct dns_message *, struct fault *why);
/* Writes one; names equal to the question become pointers to it. 0: does not fit, or a bad name. */
size_t      dns_write(const struct dns_message *, uint8_t *out, size_t room);
const char *dns_type_words(unsigned type);            /* "A", NULL: not known */
const char *dns_rcode_words(unsigned rcode);          /* "NXDOMAIN" */

/* Reads a name at `in`, whose message begins at `base`, as label_length and label, and follows its
 * pointers. */
bool dns_read_name(struct wire_in *in, const uint8_t *base, char name[DNS_NAME], struct fault *why);
bool dns_write_name(struct wire_out *out, const char *name);
/* A name as a person typed it (a last dot allowed) made ours, or a refusal: empty, a label empty or too long,
 * too long, odd octets. */
bool dns_tidy_name(const char *typed, char name[DNS_NAME], struct fault *why);

/* ---- telling (dns_tell.c) ---- */

/* Declares the message in a datagram that was read or sent (d<n>, on the datagram's stream) and names all its
 * octets; the event's number. Who sends calls it after udp_send, who reads before anything else. */
event_no dns_tell(const struct voice *, const struct datagram *);
/* An EVENT_DNS: what happened, where the RFC has it, and why. */
event_no dns_say(const struct voice *, const char *what, const char *rfc, event_no cause, const char *by,
                 const char *label, const struct attr *attrs, size_t n);
/* "A? www.example.test", "A 10.0.0.80, TTL 300", "NXDOMAIN": for ladders. */
enum { DNS_LABEL_TEXT = DNS_NAME + 64 };
char    *dns_label(const struct dns_message *, char out[DNS_LABEL_TEXT]);

/* ---- one lookup (dns_lookup.c) ---- */

struct dns_cache {
    struct { char name[DNS_NAME]; struct addr addr; nsec until; } entry[DNS_CACHE];
    unsigned next;                                    /* to be overwritten when all are in use */
};

struct dns_config {
    const char *hosts; size_t hosts_n;                /* text of a hosts file; not owned */
    struct addr server[DNS_SERVERS]; unsigned n_servers;
    unsigned tries;                                   /* over all servers; sealed: 10; live: 4 (9 s); 0: 4 */
    nsec patience;                                   /* first, then doubled up to 4 s, the last 2 s; 0: 1 s */
    struct dns_cache *cache;                          /* zeros: empty; NULL: none */
    struct chance *chance;
    struct voice voice;
};

enum dns_says { DNS_ASKING, DNS_FOUND, DNS_FAILED };
enum dns_from { DNS_FROM_LITERAL, DNS_FROM_CACHE, DNS_FROM_HOSTS, DNS_FROM_SERVER };    /* localhost: HOSTS */

struct dns_lookup {
    struct dns_config config;
    char name[DNS_NAME];
    enum dns_says says; enum dns_from from;
    struct addr addr; uint32_t ttl;                   /* seconds; of a cached one what is left */
    struct fault fault;
    unsigned tried, asked;                            /* queries sent; index of the server asked */
    uint8_t refused;                                  /* a bit for each server that will not help */
    uint16_t id, port;                                /* of the last query; port 0: none open */
    nsec deadline;                                    /* when patience ends */
    event_no cause;                                   /* the event that led to what happens then */
    char dropped[96];                                 /* why the last wrong answer was dropped, or "" */
};

/* Begins; may be done at once. Then drive it: dns_lookup_step after each datagram on its port (d) and when
 * its deadline has come (d NULL). */
void dns_lookup_start(struct dns_lookup *, const struct dns_config *, const char *name, struct host *,
                      nsec now);
void dns_lookup_step(struct dns_lookup *, struct host *, const struct datagram *d, nsec now);
/* Gives up what is under way: closes its port. Not needed when it is done. */
void dns_lookup_stop(struct dns_lookup *, struct host *);
static inline nsec dns_lookup_wake(const struct dns_lookup *l)
{
    return l->says == DNS_ASKING ? l->deadline : NEVER;
}

/* ---- the sealed resolver (dns_serve.c) ---- */

/* Answers one query: fills in *answer, ready for udp_send. `find` gives the address for a name, or false for
 * NXDOMAIN. False, with a fault, when the datagram deserves no answer. Tells both messages: the answer lies
 * on the stream that udp_send will find. */
typedef bool dns_find(void *self, const char *name, struct addr *out, uint32_t *ttl);
bool dns_serve(const struct datagram *query, dns_find *find, void *self, const struct voice *,
               struct datagram *answer, struct fault *why);

/* ---- files (hosts.c) ---- */

/* hosts file: does a line give this name an IPv4 address? Comments, many names a line, odd white space,
 * broken lines are skipped. */
bool     hosts_find(const char *text, size_t n, const char *name, struct addr *out);
/* The IPv4 `nameserver` lines of resolv.conf: how many were found, at most `room`. */
unsigned resolv_servers(const char *text, size_t n, struct addr *out, unsigned room);

#endif
