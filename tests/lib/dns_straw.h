/* dns_straw.h - a host of straw for lookups: it keeps what is sent, opens what ports and connections are
 * wanted, and the test says what comes. */
#ifndef TESTS_LIB_DNS_STRAW_H
#define TESTS_LIB_DNS_STRAW_H

#include "net/dns_lookup.h"
#include "net/seed.h"

#define STRAW_START (INT64_C(5000) * SECOND)

enum { STRAW_PORTS = 2, STRAW_SENT = 64 };
struct straw {
    struct host host;
    struct datagram sent, sent_before;                /* the last two */
    unsigned n_sent;
    uint16_t ports, open[STRAW_PORTS];                /* opened so far; open now, 0: free */
    bool no_ports, no_tcp;
    struct pool pool;
    struct carrier carrier;                           /* the last connection that was wanted */
    unsigned connected, released;
};

/* What every test begins with: a host, two servers (10.0.0.53, .54), hosted.test in the hosts file, an empty
 * cache. */
struct scene {
    struct straw straw;
    struct seed_chance chance;
    struct dns_cache cache;
    struct dns_config config;
    struct dns_lookup l;
};

struct scene scene(void);
void start(struct scene *, const char *name, nsec now);
void step(struct scene *, const struct datagram *, nsec now);
bool any_open(const struct scene *);

/* The query that was sent last, as read by the server; how it is answered. */
struct dns_message query(const struct scene *);
struct dns_message query_in(const struct datagram *);
struct datagram    reply_to(const struct datagram *query, const struct dns_message *);
struct datagram    reply_with(const struct scene *, const struct dns_message *);
struct dns_message reply_message(const struct scene *);
void               add(struct dns_message *, const char *name, uint16_t type, const char *target, uint8_t last,
                       uint32_t ttl);
struct datagram    good_reply(const struct scene *);
struct datagram    code_reply(const struct scene *, uint8_t rcode);

void is_found(const struct scene *, enum dns_from, uint8_t last);
void is_failed(const struct scene *, const char *id);

#endif
