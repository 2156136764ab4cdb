#include "http/reach.h"

static const struct ground not_opened = { "visit.not_opened", "RFC 9293 §3.5" };

static void give_up(struct carrier *c)
{
    if (!c->ended)
        carrier_abort(c);
    carrier_release(c);
}

void reach_stop(struct reach *r)
{
    dns_lookup_stop(&r->lookup, r->host);
    for (unsigned i = 0; i < HAPPY_MOST; i++) {
        if (r->tries[i] && !(r->says == REACH_OPEN && r->tries[i] == r->carrier))
            give_up(r->tries[i]);
        r->tries[i] = NULL;
    }
    if (r->says != REACH_OPEN)
        r->carrier = NULL;
}

static void failed(struct reach *r)
{
    r->says = REACH_FAILED;
    reach_stop(r);
}

/* Nobody is left to call: why, is what went wrong last. */
static void settle(struct reach *r)
{
    if (r->says != REACH_TRYING || !happy_lost(&r->happy))
        return;
    if (r->happy.n == 0)
        r->fault = r->lookup.fault;
    failed(r);
}

/* What the name servers have said by now. */
static void hand_on(struct reach *r, nsec now)
{
    for (unsigned i = DNS_FAMILIES; i-- > 0;) {
        const struct dns_family *f = &r->lookup.family[i];
        /* while the lookup goes on, a family that has none may be asked for anew, in a search domain */
        bool done = f->says == DNS_FOUND || (f->wanted && r->lookup.says != DNS_ASKING);
        if (r->told[i] || !done)
            continue;
        r->told[i] = true;
        happy_know(&r->happy, f->addr, f->says == DNS_FOUND ? f->n : 0, i == DNS_FAMILY_AAAA, now);
    }
    settle(r);
}

void reach_start(struct reach *r, const struct reach_config *config, struct host *host, void *user, nsec now)
{
    *r = (struct reach){ .config = *config, .host = host, .user = user };
    struct dns_config *d = &r->config.dns;
    if (!host->ipv6 && (d->want & DNS_WANT_A))
        d->want = DNS_WANT_A;
    if (r->config.address.len) {
        bool six = r->config.address.len == 16;
        happy_start(&r->happy, !six, six, &host->voice);
        happy_know(&r->happy, &r->config.address, 1, six, now);
        return;
    }
    dns_lookup_start(&r->lookup, d, r->config.name, host, now);
    happy_start(&r->happy, r->lookup.family[DNS_FAMILY_A].wanted, r->lookup.family[DNS_FAMILY_AAAA].wanted,
                &host->voice);
    hand_on(r, now);
}

void reach_datagram(struct reach *r, const struct datagram *d, nsec now)
{
    if (r->says != REACH_TRYING || r->lookup.says != DNS_ASKING)
        return;
    dns_lookup_step(&r->lookup, r->host, d, now);
    hand_on(r, now);
}

void reach_tick(struct reach *r, nsec now)
{
    if (r->says == REACH_TRYING && !r->config.address.len && dns_lookup_wake(&r->lookup) <= now) {
        dns_lookup_step(&r->lookup, r->host, NULL, now);
        hand_on(r, now);
    }
}

bool reach_due(const struct reach *r, nsec now) { return r->says == REACH_TRYING && happy_due(&r->happy, now); }

void reach_call(struct reach *r, nsec now)
{
    int i;
    while (r->says == REACH_TRYING && (i = happy_next(&r->happy, now)) >= 0) {
        struct fault why = { 0 };
        struct carrier *c = r->host->ops->connect(r->host, &r->happy.to[i].addr, r->config.port, now, &why);
        if (c) {
            c->user = r->user;
            r->tries[i] = r->carrier = c;
            continue;
        }
        r->fault = why;
        happy_failed(&r->happy, (unsigned)i, now);
    }
    settle(r);
}

static void call_failed(struct reach *r, unsigned i, nsec now)
{
    struct carrier *c = r->tries[i];
    r->fault = c->fault ? *c->fault : (struct fault){ 0 };
    if (!r->fault.ground)
        refuse(&r->fault, &not_opened, "an open connection", "it was closed before it opened");
    happy_failed(&r->happy, i, now);
    if (happy_lost(&r->happy)) {                      /* its voice tells of the end: it is kept so long */
        r->says = REACH_FAILED;
        return;
    }
    r->tries[i] = NULL;
    carrier_release(c);
    if (r->carrier == c)
        r->carrier = NULL;
}

bool reach_news(struct reach *r, struct carrier *c, nsec now)
{
    if (r->says != REACH_TRYING)
        return false;
    if (!r->config.address.len && dns_lookup_news(&r->lookup, r->host, c, now)) {
        hand_on(r, now);
        return true;
    }
    for (unsigned i = 0; i < r->happy.n; i++) {
        if (r->tries[i] != c)
            continue;
        if (c->ended) {
            call_failed(r, i, now);
        } else if (c->open) {
            happy_won(&r->happy, i, now);
            r->says = REACH_OPEN;
            r->carrier = c;
            reach_stop(r);
        }
        return true;
    }
    return false;
}

nsec reach_wake(const struct reach *r)
{
    nsec dns = r->config.address.len ? NEVER : dns_lookup_wake(&r->lookup), happy = happy_wake(&r->happy);
    return r->says != REACH_TRYING ? NEVER : dns < happy ? dns : happy;
}

const struct addr *reach_first(const struct reach *r, enum dns_from *from, uint32_t *ttl)
{
    bool six = r->happy.family[1].n > 0;
    *from = r->lookup.family[six].from;
    *ttl = r->lookup.family[six].ttl;
    return &r->happy.family[six].addr[0];
}
