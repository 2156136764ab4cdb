#include "http/resolve.h"

#include <stdio.h>

static const struct ground stopped = { "visit.stopped", "RFC 9293 §3.6" };

static void tell_name(const struct resolve *r, const char *name)
{
    const struct voice *v = &r->host->voice;
    char label[DNS_NAME + 32];
    snprintf(label, sizeof label, "looks up %s", name);
    const struct attr attr = attr_text("typed", name);
    trace_because(v->trace, 0);
    if (trace_hears(v->trace))
        trace_because(v->trace, trace_emit(v->trace, &(struct event){
            .kind = EVENT_MARK, .level = LEVEL_PACKETS, .layer = "visit", .name = "name", .label = label,
            .rfc = "RFC 1034 §2.2", .by = __func__, .host = v->host, .attrs = &attr, .n_attrs = 1 }));
}

/* Begins with the next name, and goes on to the one behind it while nobody must be asked. */
static void go_on(struct resolve *r, nsec now)
{
    while (!resolve_over(r) && r->lookup.says != DNS_ASKING) {
        if (r->lookup.says == DNS_FAILED && !r->fault.ground)
            r->fault = r->lookup.fault;
        if (r->config.found)
            r->config.found(r->config.self, &r->lookup);
        if (++r->which >= r->config.n)
            return;
        tell_name(r, r->config.names[r->which]);
        dns_lookup_start(&r->lookup, &r->config.dns, r->config.names[r->which], r->host, now);
    }
}

static void resolve_begin(struct app *a, nsec now)
{
    struct resolve *r = (struct resolve *)a;
    if (resolve_over(r))
        return;
    tell_name(r, r->config.names[0]);
    dns_lookup_start(&r->lookup, &r->config.dns, r->config.names[0], r->host, now);
    go_on(r, now);
}

static void resolve_news(struct app *a, struct carrier *c, nsec now)
{
    struct resolve *r = (struct resolve *)a;
    if (dns_lookup_news(&r->lookup, r->host, c, now))
        go_on(r, now);
}

static void resolve_step(struct app *a, nsec now)
{
    struct resolve *r = (struct resolve *)a;
    struct datagram d;
    while (r->host->ops->udp_next(r->host, &d)) {
        trace_because(r->host->voice.trace, d.cause);
        dns_lookup_step(&r->lookup, r->host, &d, now);
        go_on(r, now);
    }
    if (!resolve_over(r) && dns_lookup_wake(&r->lookup) <= now) {
        dns_lookup_step(&r->lookup, r->host, NULL, now);
        go_on(r, now);
    }
}

static nsec resolve_wake(const struct app *a)
{
    const struct resolve *r = (const struct resolve *)a;
    return resolve_over(r) ? NEVER : dns_lookup_wake(&r->lookup);
}

static void resolve_stop(struct app *a, nsec now)
{
    struct resolve *r = (struct resolve *)a;
    (void)now;
    if (resolve_over(r))
        return;
    refuse(&r->fault, &stopped, "to be left to finish", "a wish to stop");
    resolve_end(r);
}

void resolve_start(struct resolve *r, const struct resolve_config *config, struct host *host)
{
    *r = (struct resolve){ .config = *config, .host = host };
    r->config.dns.cache = &r->cache;
    r->config.dns.voice = host->voice;
    r->app = (struct app){ .start = resolve_begin, .news = resolve_news, .step = resolve_step,
                           .wake = resolve_wake, .stop = resolve_stop };
}

void resolve_end(struct resolve *r)
{
    dns_lookup_stop(&r->lookup, r->host);
    r->which = r->config.n;
}
