#include "http/resolver.h"

static void resolver_step(struct app *a, nsec now)
{
    struct resolver *r = (struct resolver *)a;
    struct datagram query;
    while (r->host->ops->udp_next(r->host, &query)) {
        struct fault why = { 0 };
        struct datagram answer;
        if (dns_serve(&query, r->find, r->self, &r->host->voice, &answer, &why))
            r->host->ops->udp_send(r->host, &answer, now);
    }
}

static void resolver_news(struct app *a, struct carrier *c, nsec now)
{
    (void)a, (void)now;
    carrier_release(c);                               /* it listens on no TCP port: none comes */
}

static nsec resolver_wake(const struct app *a)
{
    (void)a;
    return NEVER;
}

bool resolver_start(struct resolver *r, struct host *host, dns_find *find, void *self, struct fault *why)
{
    *r = (struct resolver){ .host = host, .find = find, .self = self };
    r->app = (struct app){ .news = resolver_news, .step = resolver_step, .wake = resolver_wake };
    return host->ops->udp_open(host, DNS_PORT, why) == DNS_PORT;
}
