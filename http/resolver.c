#include "http/resolver.h"

#include <stdlib.h>

enum { LENGTH = 2, TCP_ANSWER = 16384 };

static void resolver_step(struct app *a, nsec now)
{
    struct resolver *r = (struct resolver *)a;
    struct datagram query;
    while (r->host->ops->udp_next(r->host, &query)) {
        struct fault why = { 0 };
        struct datagram answer;
        if (dns_serve(&query, r->zone, r->udp_most, &r->host->voice, &answer, &why))
            r->host->ops->udp_send(r->host, &answer, now);
    }
}

/* One connection: the octets read and written so far, which is where in its streams a message lies. */
struct asker { uint64_t read, written; };

/* Writes the answer to one query behind its length; false: it deserves none, or there is no room. */
static bool answer(const struct resolver *r, struct carrier *c, struct bytes query, uint8_t *octets)
{
    struct asker *k = c->user;
    struct fault why = { 0 };
    event_no told = dns_tell_tcp(&c->voice, query,
                                 (struct span){ .in = c->reads, .off = k->read, .len = (uint32_t)query.n }, 0);
    size_t n = zone_answer(r->zone, (struct bytes){ query.at + LENGTH, query.n - LENGTH }, 0, octets + LENGTH,
                           TCP_ANSWER, &why);
    octets[0] = (uint8_t)(n >> 8);
    octets[1] = (uint8_t)n;
    if (!n || ring_room(&c->out) < LENGTH + n || ring_write(&c->out, octets, LENGTH + n) != LENGTH + n)
        return false;
    dns_tell_tcp(&c->voice, (struct bytes){ octets, LENGTH + n },
                 (struct span){ .in = c->writes, .off = k->written, .len = (uint32_t)(LENGTH + n) }, told);
    k->read += query.n;
    k->written += LENGTH + n;
    return true;
}

/* All queries that have come whole. */
static bool answer_all(const struct resolver *r, struct carrier *c)
{
    uint8_t *octets = malloc(LENGTH + TCP_ANSWER);
    bool good = octets != NULL;
    while (good) {
        struct bytes b = ring_peek(&c->in);
        size_t n = b.n < LENGTH ? 0 : LENGTH + ((size_t)b.at[0] << 8 | b.at[1]);
        if (!n || n > b.n)
            break;
        good = answer(r, c, (struct bytes){ b.at, n }, octets);
        ring_consume(&c->in, n);
    }
    free(octets);
    return good;
}

static void resolver_news(struct app *a, struct carrier *c, nsec now)
{
    struct resolver *r = (struct resolver *)a;
    (void)now;
    if (!c->user)
        c->user = calloc(1, sizeof(struct asker));
    if (!c->ended && (!c->user || !answer_all(r, c)))
        carrier_abort(c);
    if (!c->ended)
        carrier_touch(c, 0);
    if (!c->ended && c->peer_done && !c->closing)
        carrier_close(c);
    if (!c->ended)
        return;
    free(c->user);
    c->user = NULL;
    carrier_release(c);
}

static nsec resolver_wake(const struct app *a)
{
    (void)a;
    return NEVER;
}

bool resolver_start(struct resolver *r, struct host *host, const struct zone *zone, struct fault *why)
{
    const struct addr any = { 0 };
    *r = (struct resolver){ .host = host, .zone = zone, .udp_most = DNS_UDP_SIZE };
    r->app = (struct app){ .news = resolver_news, .step = resolver_step, .wake = resolver_wake };
    return host->ops->udp_open(host, DNS_PORT, why) == DNS_PORT && host->ops->listen(host, &any, DNS_PORT, why);
}
