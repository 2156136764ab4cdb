/* diagnose_dns.c - causes that DNS shows. */
#include "http/diagnose_inside.h"

#include "net/dns.h"
#include "tls/x509/names.h"

#include <stdio.h>
#include <string.h>

static void question(const struct seen_dns *q, struct diagnosis *d)
{
    show(d, q->asked_packet);
    show(d, q->refused_packet);
    show(d, q->answer_packet);
    show(d, q->other_packet);
}

static bool two_answers(const struct seen_dns *q, struct diagnosis *d)
{
    char one[ADDR_TEXT], two[ADDR_TEXT];
    if (!q->other_answer || q->asked_times > 1)
        return false;
    question(q, d);
    expected(d, "one answer to one question about %.120s", q->name);
    return came(d, "first %s, then %s", addr_text(&q->answer, one), addr_text(&q->other, two));
}

/* As it is now: what the connection has is how it was when it began. */
static const struct seen_dns *asked(const struct evidence *e)
{
    for (unsigned i = 0; e->c->dns && i < e->all->n_dns && i < READING_DNS; i++) {
        const struct seen_dns *q = &e->all->dns[i];
        if (q->asked_packet == e->c->dns->asked_packet && q->answer_packet == e->c->dns->answer_packet)
            return q;
    }
    return e->c->dns;
}

bool dns_two_answers(const struct evidence *e, struct diagnosis *d)
{
    const struct seen_dns *q = asked(e);
    return q && two_answers(q, d);
}

static bool other_question(const struct seen_dns *q, struct diagnosis *d)
{
    if (!q->other_question)
        return false;
    question(q, d);
    expected(d, "an answer to the question about %.120s (id %u)", q->name, q->id);
    return came(d, "one to another question, or with another id");
}

bool dns_other_question(const struct evidence *e, struct diagnosis *d)
{
    const struct seen_dns *q = asked(e);
    return q && other_question(q, d);
}

static bool gave(const struct seen_dns *q, const struct addr *a)
{
    for (unsigned i = 0; i < q->answers && i < SEEN_ADDRESSES; i++)
        if (addr_same(&q->addresses[i], a))
            return true;
    return q->answers > SEEN_ADDRESSES || addr_same(&q->answer, a);
}

/* Caches, hosts files and --resolve are no mistake: it counts where the connection failed, and the name was asked of
 * DNS by this client within a minute before. */
bool dns_other_address(const struct evidence *e, struct diagnosis *d)
{
    char to[ADDR_TEXT], given[ADDR_TEXT];
    const struct seen_dns *found = NULL;
    bool failed = closed_by(e, 0).packet || closed_by(e, 1).packet || e->t->n_alerts || quiet(e) >= 2 * SECOND;
    if (!*e->t->sni || exchanged(e) || answered(e) || !failed || !e->client->first.packet)
        return false;
    for (unsigned i = 0; i < e->all->n_dns && i < READING_DNS; i++) {
        const struct seen_dns *q = &e->all->dns[i];
        bool same = strlen(q->name) == strlen(e->t->sni) && x509_same_text(q->name, e->t->sni, strlen(q->name));
        if (!same || !q->answered || q->rcode || !q->answers || !addr_same(&q->client, &e->client->addr))
            continue;
        if (gave(q, &e->server->addr))
            return false;
        if (q->answer.len == e->server->addr.len && q->asked < e->client->first.at &&
            e->client->first.at - q->asked < 60 * SECOND)
            found = q;
    }
    if (!found)
        return false;
    question(found, d), show(d, e->client->first.packet);
    expected(d, "a connection to %s, which DNS gave for %.120s", addr_text(&found->answer, given), found->name);
    return came(d, "a connection to %s instead", addr_text(&e->server->addr, to));
}

static bool slow(const struct seen_dns *q, struct diagnosis *d)
{
    if (!q->answered || q->took < SECOND)
        return false;
    question(q, d);
    expected(d, "an answer about %.120s in less than 1 s", q->name);
    return came(d, "an answer behind %u ms; it was asked %u times", (unsigned)(q->took / MILLISECOND), q->asked_times);
}

bool dns_slow(const struct evidence *e, struct diagnosis *d) { return e->c->dns && slow(e->c->dns, d); }

/* ---- of a capture without connections */
static bool same_name(const struct seen_dns *a, const struct seen_dns *b)
{
    size_t n = strlen(a->name), m = strlen(b->name);
    const struct seen_dns *longer = n > m ? a : b, *shorter = n > m ? b : a;
    size_t k = n > m ? m : n;
    /* "www" and "www.example.test": the same, tried with a search domain behind it */
    return k && x509_same_text(longer->name, shorter->name, k) && (!longer->name[k] || longer->name[k] == '.');
}

static bool found_elsewhere(const struct capture_facts *all, const struct seen_dns *q)
{
    for (unsigned i = 0; i < all->n_dns && i < READING_DNS; i++)
        if (all->dns[i].answers && same_name(&all->dns[i], q))
            return true;
    return false;
}

static const char *fate(const struct seen_dns *q, const struct capture_facts *all)
{
    enum { PATIENCE = 3, NXDOMAIN = 3 };
    if (!q->answered && q->refused_packet)
        return "dns.port_unreachable";
    if (!q->answered)
        return q->asked_times >= 2 || all->last_at - q->asked >= PATIENCE * SECOND ? "dns.silent" : NULL;
    return q->rcode == NXDOMAIN ? "dns.no_such_name" : q->rcode ? "dns.server_failed" : "dns.no_address";
}

static bool of_no_connection(const struct capture_facts *all, const struct seen_dns *q, struct diagnosis *d)
{
    char server[ADDR_TEXT], by[ADDR_TEXT];
    if (two_answers(q, d))
        d->cause = cause_named("dns.two_answers");
    else if (other_question(q, d))
        d->cause = cause_named("dns.other_question");
    else if (q->answers && slow(q, d))
        d->cause = cause_named("dns.slow");
    if (d->cause)
        return true;
    const char *id = q->type == DNS_TYPE_A || q->type == DNS_TYPE_AAAA ? fate(q, all) : NULL;
    if (!id || q->answers || found_elsewhere(all, q))
        return false;
    d->cause = cause_named(id);
    question(q, d);
    expected(d, "an address for %.120s from %s", q->name, addr_text(&q->server, server));
    if (!q->answered && q->refused_packet)
        return came(d, "an ICMP port unreachable from %s", addr_text(&q->refused_by, by));
    if (!q->answered)
        return came(d, "nothing; it was asked %u times", q->asked_times);
    return came(d, "rcode %u, and no address", q->rcode);
}

unsigned dns_of_capture(const struct capture_facts *all, struct diagnosis *out, unsigned most)
{
    unsigned n = 0;
    if (all->tcp)
        return 0;
    for (unsigned i = 0; i < all->n_dns && i < READING_DNS && n < most; i++) {
        struct diagnosis d = { .cause = NULL };
        bool again = false;
        if (!of_no_connection(all, &all->dns[i], &d))
            continue;
        for (unsigned k = 0; k < n; k++)               /* A and AAAA of one name fail alike */
            again |= out[k].cause == d.cause && strcmp(out[k].expected, d.expected) == 0;
        if (!again)
            out[n++] = d;
    }
    return n;
}
