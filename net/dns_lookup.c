#include "net/dns.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct ground invalid_name = { "dns.invalid_name", "RFC 6761 §6.4" };
static const struct ground no_server    = { "dns.no_server", "RFC 1123 §6.1.3" };
static const struct ground no_such_name = { "dns.no_such_name", "RFC 1035 §4.1.1" };
static const struct ground no_address   = { "dns.no_address", "RFC 2308 §2.2" };
static const struct ground server_fails = { "dns.server_failed", "RFC 1035 §4.1.1" };
static const struct ground refuses      = { "dns.refused", "RFC 1035 §4.1.1" };
static const struct ground silent       = { "dns.silent", "RFC 1035 §4.2.1" };
static const struct ground truncated    = { "dns.truncated", "RFC 1035 §4.2.1" };
static const struct ground alias_loop   = { "dns.alias_loop", "RFC 1034 §3.6.2" };
static const struct ground alias_open   = { "dns.alias_without_address", "RFC 1034 §3.6.2" };

enum { WEEK = 7 * 24 * 3600, USUAL_TRIES = 4 };
#define PATIENCE_MOST (4 * SECOND)
#define PATIENCE_LAST (2 * SECOND)                    /* so that four tries end after 1 + 2 + 4 + 2 seconds */

/* ---- the ends of a lookup ---- */

void dns_lookup_stop(struct dns_lookup *l, struct host *host)
{
    if (l->port)
        host->ops->udp_close(host, l->port);
    l->port = 0;
}

static void found(struct dns_lookup *l, enum dns_from from, const struct addr *addr, uint32_t ttl)
{
    static const struct { const char *words, *rfc; } places[] = {
        [DNS_FROM_LITERAL] = { "the name itself", "RFC 1123 §2.1" },
        [DNS_FROM_CACHE]   = { "the cache", "RFC 1034 §5.3.3" },
        [DNS_FROM_HOSTS]   = { "the hosts file", "RFC 1123 §6.1.1" },
        [DNS_FROM_SERVER]  = { "the server", "RFC 1034 §5.3.3" } };
    char text[ADDR_TEXT], label[ADDR_TEXT + 64];
    l->says = DNS_FOUND;
    l->from = from;
    l->addr = *addr;
    l->ttl = ttl;
    const struct attr attrs[] = { attr_text("domain", l->name), attr_text("address", addr_text(addr, text)),
                                  attr_number("ttl", ttl), attr_text("from", places[from].words) };
    if (from == DNS_FROM_SERVER || from == DNS_FROM_CACHE)
        snprintf(label, sizeof label, "A %s, TTL %" PRIu32, text, ttl);
    else
        snprintf(label, sizeof label, "A %s", text);
    dns_say(&l->config.voice, "answered", places[from].rfc, 0, __func__, label, attrs,
            sizeof attrs / sizeof *attrs);
}

/* l->fault says why. */
static void failed(struct dns_lookup *l)
{
    l->says = DNS_FAILED;
    const struct attr attrs[] = { attr_text("domain", l->name), attr_text("ground", l->fault.ground->id),
                                  attr_text("expected", l->fault.expected),
                                  attr_text("came", l->fault.came) };
    dns_say(&l->config.voice, "failed", l->fault.ground->rfc, 0, __func__, l->fault.came, attrs,
            sizeof attrs / sizeof *attrs);
}

/* ---- the cache ---- */

static bool cache_find(const struct dns_cache *c, const char *name, nsec now, struct addr *addr,
                       uint32_t *ttl)
{
    for (unsigned i = 0; c && i < DNS_CACHE; i++)
        if (c->entry[i].until > now && strcmp(c->entry[i].name, name) == 0) {
            *addr = c->entry[i].addr;
            *ttl = (uint32_t)((c->entry[i].until - now) / SECOND);
            return true;
        }
    return false;
}

/* Takes the entry of the same name, else one that is over, else each in its turn. A TTL of more than a week
 * is not believed. */
static void cache_put(struct dns_cache *c, const char *name, const struct addr *addr, uint32_t ttl, nsec now)
{
    if (!c || !ttl)
        return;
    unsigned at = DNS_CACHE;
    for (unsigned i = 0; i < DNS_CACHE && at == DNS_CACHE; i++)
        if (strcmp(c->entry[i].name, name) == 0)
            at = i;
    for (unsigned i = 0; i < DNS_CACHE && at == DNS_CACHE; i++)
        if (c->entry[i].until <= now)
            at = i;
    if (at == DNS_CACHE)
        at = c->next++ % DNS_CACHE;
    snprintf(c->entry[at].name, sizeof c->entry[at].name, "%s", name);
    c->entry[at].addr = *addr;
    c->entry[at].until = now + (ttl < WEEK ? ttl : WEEK) * SECOND;
}

/* ---- asking ---- */

/* How long the try just made is waited for. */
static nsec patience(const struct dns_lookup *l)
{
    nsec wait = l->config.patience ? l->config.patience : SECOND;
    for (unsigned i = 1; i < l->tried && wait < PATIENCE_MOST; i++)
        wait = 2 * wait < PATIENCE_MOST ? 2 * wait : PATIENCE_MOST;
    return l->tried == l->config.tries && wait > PATIENCE_LAST ? PATIENCE_LAST : wait;
}

/* The servers take turns; one that said it will not help is not asked again. */
static unsigned next_server(const struct dns_lookup *l)
{
    unsigned i = l->tried ? (l->asked + 1) % l->config.n_servers : 0;
    while (l->refused >> i & 1)
        i = (i + 1) % l->config.n_servers;
    return i;
}

static size_t write_query(struct dns_lookup *l, uint8_t out[DNS_MESSAGE])
{
    struct dns_message m = {
        .recursion_desired = true, .question_type = DNS_TYPE_A, .question_class = DNS_CLASS_IN };
    uint8_t id[2];
    chance_fill(l->config.chance, "dns_id", id, sizeof id);
    m.id = l->id = (uint16_t)(id[0] << 8 | id[1]);
    memcpy(m.question, l->name, sizeof m.question);
    return dns_write(&m, out, DNS_MESSAGE);
}

static event_no tell_asked(const struct dns_lookup *l, event_no cause)
{
    char text[ADDR_TEXT], label[DNS_NAME + ADDR_TEXT + 16];
    const struct attr attrs[] = { attr_text("domain", l->name),
                                  attr_text("server", addr_text(&l->config.server[l->asked], text)),
                                  attr_number("query_id", l->id), attr_number("port", l->port),
                                  attr_number("try", l->tried) };
    snprintf(label, sizeof label, "A? %s, of %s", l->name, text);
    return dns_say(&l->config.voice, "asked", "RFC 1034 §5.3.3", cause, __func__, label, attrs,
                   sizeof attrs / sizeof *attrs);
}

/* One try: a new id, a new port, the next server. A query that cannot leave is as lost as one on the wire. */
static void ask(struct dns_lookup *l, struct host *host, event_no cause, nsec now)
{
    struct datagram d = { .to_port = DNS_PORT };
    dns_lookup_stop(l, host);
    l->port = host->ops->udp_open(host, 0, &l->fault);
    if (!l->port) {
        refuse(&l->fault, &no_server, "a free UDP port to ask from", "none");
        failed(l);
        return;
    }
    l->asked = next_server(l);
    l->tried++;
    d.to = l->config.server[l->asked];
    d.from_port = l->port;
    d.len = (uint32_t)write_query(l, d.bytes);
    l->cause = d.cause = tell_asked(l, cause);
    host->ops->udp_send(host, &d, now);
    dns_tell(&l->config.voice, &d);
    l->deadline = now + patience(l);
}

static void nobody_answered(struct dns_lookup *l)
{
    char text[ADDR_TEXT];
    refuse_about(&l->fault, &silent, l->name, "an answer from a name server",
                 "none to %u queries, the last to %s%s%s", l->tried,
                 addr_text(&l->config.server[l->asked], text), *l->dropped ? "; dropped: " : "", l->dropped);
    failed(l);
}

/* After a silence or a server that will not help. */
static void ask_again(struct dns_lookup *l, struct host *host, event_no cause, nsec now)
{
    if (l->tried < l->config.tries) {
        ask(l, host, cause, now);
        return;
    }
    dns_lookup_stop(l, host);
    nobody_answered(l);
}

static void patience_ends(struct dns_lookup *l, struct host *host, nsec now)
{
    const struct attr attrs[] = { attr_text("timer", "retry"), attr_text("what", "fired") };
    event_no fired = 0;
    if (trace_hears(l->config.voice.trace))
        fired = trace_emit(l->config.voice.trace, &(struct event){
            .kind = EVENT_TIMER, .level = LEVEL_PACKETS, .layer = "dns", .name = "retry",
            .label = "no answer came in time", .rfc = "RFC 1035 §4.2.1", .by = __func__,
            .host = l->config.voice.host, .conn = l->config.voice.conn, .cause = l->cause,
            .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs });
    trace_because(l->config.voice.trace, fired);
    ask_again(l, host, fired, now);
}

/* ---- answers ---- */

/* Drops what came, and says why; the lookup goes on. */
__attribute__((format(printf, 4, 5)))
static bool drop(struct dns_lookup *l, const char *subject, const char *expected, const char *found_form, ...)
{
    char text[64], label[112];
    va_list args;
    va_start(args, found_form);
    vsnprintf(text, sizeof text, found_form, args);
    va_end(args);
    snprintf(l->dropped, sizeof l->dropped, "%s: %s", subject, text);
    if (!trace_hears(l->config.voice.trace))
        return false;
    const struct attr attrs[] = { attr_text("subject", subject), attr_text("expected", expected),
                                  attr_text("found", text), attr_text("verdict", "dropped") };
    snprintf(label, sizeof label, "dropped, %s", l->dropped);
    trace_emit(l->config.voice.trace, &(struct event){
        .kind = EVENT_CHECK, .level = LEVEL_PACKETS, .layer = "dns", .name = "dropped", .label = label,
        .rfc = "RFC 5452 §9.1", .by = __func__, .host = l->config.voice.host, .conn = l->config.voice.conn,
        .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs });
    return false;
}

/* RFC 5452 §9.1: an answer is one from the address and port that were asked, to the address and port that
 * asked. */
static bool from_the_server(struct dns_lookup *l, const struct datagram *d)
{
    char want[ADDR_TEXT], have[ADDR_TEXT];
    const struct addr *server = &l->config.server[l->asked];
    return (addr_same(&d->from, server)
            || drop(l, "source address", addr_text(server, want), "%s", addr_text(&d->from, have)))
        && (d->from_port == DNS_PORT || drop(l, "source port", "53", "%u", d->from_port));
}

/* ... with the id and the question of the query. */
static bool to_the_question(struct dns_lookup *l, const struct dns_message *m)
{
    return (m->response || drop(l, "QR", "a response", "a query"))
           && (m->id == l->id || drop(l, "id", "the id of the query", "%u", m->id))
           && (m->opcode == 0 || drop(l, "opcode", "0", "%u", m->opcode))
           && (strcmp(m->question, l->name) == 0 || drop(l, "question", l->name, "%s", m->question))
           && ((m->question_type == DNS_TYPE_A && m->question_class == DNS_CLASS_IN)
               || drop(l, "question", "type A, class IN", "type %u, class %u", m->question_type,
                       m->question_class));
}

static const struct dns_record *record_for(const struct dns_message *m, const char *name, uint16_t type)
{
    for (unsigned i = 0; i < m->n_answers; i++)
        if (m->answers[i].type == type && strcmp(m->answers[i].name, name) == 0)
            return &m->answers[i];
    return NULL;
}

/* From alias to alias within this answer to an address. A chain longer than the records that were kept is a
 * loop. */
static const struct dns_record *follow_aliases(struct dns_lookup *l, const struct dns_message *m,
                                               uint32_t *ttl)
{
    const char *name = l->name;
    for (unsigned steps = 0; steps <= m->n_answers; steps++) {
        const struct dns_record *address = record_for(m, name, DNS_TYPE_A);
        const struct dns_record *alias = address ? address : record_for(m, name, DNS_TYPE_CNAME);
        if (alias && alias->ttl < *ttl)
            *ttl = alias->ttl;
        if (address)
            return address;
        if (!alias && name == l->name)
            refuse_about(&l->fault, &no_address, l->name, "an IPv4 address", "the name exists, but has none");
        else if (!alias)
            refuse_about(&l->fault, &alias_open, l->name, "an address for the alias", "none for %.60s", name);
        if (!alias)
            return NULL;
        name = alias->target;
    }
    refuse_about(&l->fault, &alias_loop, l->name, "a chain of aliases that ends", "a circle through %.60s",
                 name);
    return NULL;
}

/* The server has spoken; what it says ends the lookup. */
static void conclude(struct dns_lookup *l, const struct dns_message *m, nsec now)
{
    const struct dns_record *address = NULL;
    uint32_t ttl = WEEK;
    if (m->truncated)
        refuse_about(&l->fault, &truncated, l->name, "an answer that fits into one datagram",
                     "one cut off at its end (TC)");
    else if (m->rcode == DNS_NXDOMAIN)
        refuse_about(&l->fault, &no_such_name, l->name, "a name that exists", "NXDOMAIN");
    else
        address = follow_aliases(l, m, &ttl);
    if (!address) {
        failed(l);
        return;
    }
    cache_put(l->config.cache, l->name, &address->addr, ttl, now);
    found(l, DNS_FROM_SERVER, &address->addr, ttl);
}

/* SERVFAIL, REFUSED and the like say nothing about the name: another server may know. */
static void will_not_help(struct dns_lookup *l, struct host *host, const struct dns_message *m, nsec now)
{
    const char *words = dns_rcode_words(m->rcode);
    const struct attr attr = attr_number("rcode", m->rcode);
    event_no said = dns_say(&l->config.voice, "not_helped", "RFC 1035 §4.1.1", 0, __func__, words, &attr, 1);
    l->refused |= (uint8_t)(1u << l->asked);
    if (l->refused + 1u < 1u << l->config.n_servers) {
        ask_again(l, host, said, now);
        return;
    }
    dns_lookup_stop(l, host);
    refuse_about(&l->fault, m->rcode == DNS_REFUSED ? &refuses : &server_fails, l->name,
                 "a name server that looks it up", "response code %u %s", m->rcode, words ? words : "");
    failed(l);
}

static void datagram_came(struct dns_lookup *l, struct host *host, const struct datagram *d, nsec now)
{
    struct dns_message m;
    struct fault broken = { 0 };
    struct wire_in in = wire_over(d->bytes, d->len, NULL);
    dns_tell(&l->config.voice, d);
    if (!from_the_server(l, d)
        || !(dns_read(&in, &m, &broken) || drop(l, broken.ground->id, broken.expected, "%s", broken.came))
        || !to_the_question(l, &m))
        return;
    if (m.rcode != DNS_NOERROR && m.rcode != DNS_NXDOMAIN) {
        will_not_help(l, host, &m, now);
        return;
    }
    dns_lookup_stop(l, host);
    conclude(l, &m, now);
}

/* ---- the engine ---- */

static bool ends_in(const char *name, const char *domain)
{
    size_t n = strlen(name), d = strlen(domain);
    return n >= d && strcmp(name + n - d, domain) == 0 && (n == d || name[n - d - 1] == '.');
}

/* What is known without asking anybody. */
static bool known(struct dns_lookup *l, nsec now)
{
    const struct addr loopback = addr_v4(127, 0, 0, 1);
    const struct attr name = attr_text("domain", l->name);
    struct addr addr;
    uint32_t ttl = 0;
    if (ends_in(l->name, "localhost")) {
        found(l, DNS_FROM_HOSTS, &loopback, 0);
        return true;
    }
    bool hit = cache_find(l->config.cache, l->name, now, &addr, &ttl);
    dns_say(&l->config.voice, "looked_in_cache", "RFC 1034 §5.3.3", 0, __func__,
            hit ? "in the cache" : "not in the cache", &name, 1);
    if (hit) {
        found(l, DNS_FROM_CACHE, &addr, ttl);
        return true;
    }
    hit = hosts_find(l->config.hosts, l->config.hosts_n, l->name, &addr);
    dns_say(&l->config.voice, "looked_in_hosts", "RFC 1123 §6.1.1", 0, __func__,
            hit ? "in the hosts file" : "not in the hosts file", &name, 1);
    if (hit)
        found(l, DNS_FROM_HOSTS, &addr, 0);
    return hit;
}

void dns_lookup_start(struct dns_lookup *l, const struct dns_config *config, const char *name,
                      struct host *host, nsec now)
{
    struct addr literal;
    *l = (struct dns_lookup){ .config = *config };
    if (!l->config.tries)
        l->config.tries = USUAL_TRIES;
    if (l->config.n_servers > DNS_SERVERS)
        l->config.n_servers = DNS_SERVERS;
    if (addr_parse(name, strlen(name), &literal)) {
        addr_text(&literal, l->name);
        found(l, DNS_FROM_LITERAL, &literal, 0);
    } else if (!dns_tidy_name(name, l->name, &l->fault)) {
        failed(l);
    } else if (ends_in(l->name, "invalid")) {
        refuse_about(&l->fault, &invalid_name, l->name, "a name that may exist", "one under .invalid");
        failed(l);
    } else if (known(l, now)) {
        return;
    } else if (!l->config.n_servers) {
        refuse_about(&l->fault, &no_server, l->name, "a name server to ask", "none is configured");
        failed(l);
    } else {
        ask(l, host, 0, now);
    }
}

void dns_lookup_step(struct dns_lookup *l, struct host *host, const struct datagram *d, nsec now)
{
    if (l->says != DNS_ASKING)
        return;
    if (d && d->to_port == l->port)
        datagram_came(l, host, d, now);
    else if (!d && now >= l->deadline)
        patience_ends(l, host, now);
}
