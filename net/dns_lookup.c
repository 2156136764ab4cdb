#include "net/dns_lookup.h"
#include "net/idn.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct ground invalid_name = { "dns.invalid_name", "RFC 6761 §6.4" };
static const struct ground no_such_name = { "dns.no_such_name", "RFC 1035 §4.1.1" };
static const struct ground no_address   = { "dns.no_address", "RFC 2308 §2.2" };
static const struct ground alias_loop   = { "dns.alias_loop", "RFC 1034 §3.6.2" };
static const struct ground alias_open   = { "dns.alias_without_address", "RFC 1034 §3.6.2" };

static const uint16_t types[DNS_FAMILIES] = { DNS_TYPE_A, DNS_TYPE_AAAA };

static uint16_t type_of(const struct dns_lookup *l, const struct dns_family *f) { return types[f - l->family]; }
static const char *type_words(const struct dns_lookup *l, const struct dns_family *f)
{
    return dns_type_words(type_of(l, f));
}

/* ---- the ends of a family ---- */

void dns_lookup_stop(struct dns_lookup *l, struct host *host)
{
    for (unsigned i = 0; i < DNS_FAMILIES; i++)
        dns_query_stop(&l->family[i].query, host);
}

nsec dns_lookup_wake(const struct dns_lookup *l)
{
    nsec at = NEVER;
    for (unsigned i = 0; i < DNS_FAMILIES && l->says == DNS_ASKING; i++)
        if (l->family[i].wanted && dns_query_wake(&l->family[i].query) < at)
            at = dns_query_wake(&l->family[i].query);
    return at;
}

static void label_addresses(const struct dns_family *f, const char *type, bool with_ttl, char *out, size_t room)
{
    char text[ADDR_TEXT];
    int n = snprintf(out, room, "%s ", type);
    for (unsigned i = 0; i < f->n && n >= 0 && (size_t)n < room; i++)
        n += snprintf(out + n, room - (size_t)n, "%s%s", i ? ", " : "", addr_text(&f->addr[i], text));
    if (with_ttl && n >= 0 && (size_t)n < room)
        snprintf(out + n, room - (size_t)n, ", TTL %" PRIu32, f->ttl);
}

/* f->addr, n and ttl are what was found. */
static void found(struct dns_lookup *l, struct dns_family *f, enum dns_from from)
{
    static const struct { const char *words, *rfc; } places[] = {
        [DNS_FROM_LITERAL] = { "the name itself", "RFC 1123 §2.1" },
        [DNS_FROM_CACHE]   = { "the cache", "RFC 1034 §5.3.3" },
        [DNS_FROM_HOSTS]   = { "the hosts file", "RFC 1123 §6.1.1" },
        [DNS_FROM_SERVER]  = { "the server", "RFC 1034 §5.3.3" } };
    char text[ADDR_TEXT], label[DNS_ADDRS * ADDR_TEXT];
    f->says = DNS_FOUND;
    f->from = from;
    if (!trace_hears(l->config.voice.trace))
        return;
    label_addresses(f, type_words(l, f), from == DNS_FROM_SERVER || from == DNS_FROM_CACHE, label,
                    sizeof label);
    const struct attr attrs[] = { attr_text("domain", l->name), attr_text("address", addr_text(&f->addr[0], text)),
                                  attr_number("ttl", f->ttl), attr_text("from", places[from].words) };
    dns_say(&l->config.voice, "answered", places[from].rfc, 0, __func__, label, attrs,
            sizeof attrs / sizeof *attrs);
}

static void found_one(struct dns_lookup *l, struct dns_family *f, enum dns_from from, const struct addr *addr)
{
    f->addr[0] = *addr;
    f->n = 1;
    found(l, f, from);
}

static bool two_wanted(const struct dns_lookup *l)
{
    return l->family[DNS_FAMILY_A].wanted && l->family[DNS_FAMILY_AAAA].wanted;
}

/* What is said of one family, where two are wanted. */
static const char *label_of(const struct dns_lookup *l, const struct dns_family *f, const char *what, char out[128])
{
    if (!two_wanted(l))
        return what;
    if (f == &l->family[DNS_FAMILY_A])
        snprintf(out, 128, "A: %s", what);
    else
        snprintf(out, 128, "AAAA: %s", what);
    return out;
}

/* f->fault says why. What is wrong with one family of two is told, but it is no failure yet. */
static void none(struct dns_lookup *l, struct dns_family *f)
{
    char label[128];
    const struct attr attrs[] = { attr_text("domain", l->name), attr_text("qtype", type_words(l, f)),
                                  attr_text("ground", f->fault.ground->id) };
    f->says = DNS_FAILED;
    if (two_wanted(l))
        dns_say(&l->config.voice, "none", f->fault.ground->rfc, 0, __func__, label_of(l, f, f->fault.came, label),
                attrs, sizeof attrs / sizeof *attrs);
}

static void has_none(struct dns_lookup *l, struct dns_family *f)
{
    if (f == &l->family[DNS_FAMILY_A])
        refuse_about(&f->fault, &no_address, l->name, "an IPv4 address", "the name exists, but has none");
    else
        refuse_about(&f->fault, &no_address, l->name, "an IPv6 address", "the name exists, but has none");
    none(l, f);
}

static void does_not_exist(struct dns_lookup *l, struct dns_family *f)
{
    refuse_about(&f->fault, &no_such_name, l->name, "a name that exists", "NXDOMAIN");
    none(l, f);
}

/* ---- an answer ---- */

static const struct dns_record *record_for(const struct dns_message *m, const char *name, uint16_t type)
{
    for (unsigned i = 0; i < m->n_answers; i++)
        if (m->answers[i].type == type && strcmp(m->answers[i].name, name) == 0)
            return &m->answers[i];
    return NULL;
}

/* All addresses of that name, and the least of their TTLs. */
static void take_addresses(struct dns_family *f, const struct dns_message *m, const char *name, uint16_t type)
{
    for (unsigned i = 0; i < m->n_answers && f->n < DNS_ADDRS; i++) {
        const struct dns_record *r = &m->answers[i];
        if (r->type != type || strcmp(r->name, name) != 0)
            continue;
        f->addr[f->n++] = r->addr;
        if (r->ttl < f->ttl)
            f->ttl = r->ttl;
    }
}

static void tell_alias(const struct dns_lookup *l, const struct dns_record *alias)
{
    char label[DNS_NAME + 32];
    const struct attr attrs[] = { attr_text("domain", alias->name), attr_text("target", alias->target),
                                  attr_number("ttl", alias->ttl) };
    snprintf(label, sizeof label, "an alias of %s", alias->target);
    dns_say(&l->config.voice, "alias", "RFC 1034 §3.6.2", 0, __func__, label, attrs, sizeof attrs / sizeof *attrs);
}

/* From alias to alias within this answer: the last name of the chain, NULL when it goes in a circle. A chain longer
 * than the records that were kept is one. */
static const char *end_of_chain(struct dns_lookup *l, struct dns_family *f, const struct dns_message *m)
{
    const char *name = f->query.name;
    for (unsigned steps = 0; steps <= m->n_answers; steps++) {
        const struct dns_record *alias = record_for(m, name, DNS_TYPE_CNAME);
        if (record_for(m, name, f->query.type) || !alias)
            return name;
        tell_alias(l, alias);
        if (alias->ttl < f->ttl)
            f->ttl = alias->ttl;
        name = alias->target;
    }
    refuse_about(&f->fault, &alias_loop, l->name, "a chain of aliases that ends", "a circle through %.60s", name);
    return NULL;
}

/* An alias whose end the answer does not have: another question. Not without end (RFC 1034 §5.2.2). */
static void ask_on(struct dns_lookup *l, struct dns_family *f, struct host *host, const char *target, nsec now)
{
    char name[DNS_NAME];
    memcpy(name, target, sizeof name);
    if (f->restarts++ == DNS_RESTARTS_MOST || strcmp(name, l->name) == 0) {
        refuse_about(&f->fault, &alias_loop, l->name, "a chain of aliases that ends", "a circle through %.60s", name);
        none(l, f);
        return;
    }
    f->alias_ttl = f->ttl;
    dns_query_start(&f->query, &l->config, name, type_of(l, f), host, now);
}

static void tell_kept(const struct dns_lookup *l, enum dns_known known, uint32_t ttl)
{
    static const char *const words[] = { [DNS_HAS_ADDRESSES] = "its addresses",
                                         [DNS_HAS_NONE] = "that it has no address",
                                         [DNS_NO_SUCH_NAME] = "that there is no such name" };
    char label[64];
    const struct attr attrs[] = { attr_text("domain", l->name), attr_text("what", words[known]),
                                  attr_number("ttl", ttl) };
    if (!ttl || !l->config.cache || !trace_hears(l->config.voice.trace))
        return;
    snprintf(label, sizeof label, "into the cache, for %" PRIu32 " s", ttl);
    dns_say(&l->config.voice, "kept", known == DNS_HAS_ADDRESSES ? "RFC 1034 §5.3.3" : "RFC 2308 §5", 0, __func__,
            label, attrs, sizeof attrs / sizeof *attrs);
}

static void nothing(struct dns_lookup *l, struct dns_family *f, const struct dns_message *m, const char *end, nsec now)
{
    bool no_name = m->rcode == DNS_NXDOMAIN, aliased = strcmp(end, l->name) != 0;
    enum dns_known known = no_name ? DNS_NO_SUCH_NAME : DNS_HAS_NONE;
    if (!aliased)
        tell_kept(l, known, dns_cache_nothing(l->config.cache, l->name, f->query.type, known, &m->soa, now));
    if (aliased) {
        refuse_about(&f->fault, &alias_open, l->name, "an address for the alias", "none for %.60s", end);
        none(l, f);
    } else if (no_name) {
        does_not_exist(l, f);
    } else {
        has_none(l, f);
    }
}

/* The server has spoken. */
static void conclude(struct dns_lookup *l, struct dns_family *f, struct host *host, const struct dns_message *m,
                     nsec now)
{
    f->ttl = f->alias_ttl;
    const char *end = end_of_chain(l, f, m);
    if (!end) {
        none(l, f);
        return;
    }
    take_addresses(f, m, end, f->query.type);
    if (f->n) {
        dns_cache_addresses(l->config.cache, l->name, f->query.type, f->addr, f->n, f->ttl, now);
        tell_kept(l, DNS_HAS_ADDRESSES, f->ttl);
        found(l, f, DNS_FROM_SERVER);
    } else if (m->rcode == DNS_NOERROR && !m->soa.here && end != f->query.name) {
        ask_on(l, f, host, end, now);
    } else {
        nothing(l, f, m, end, now);
    }
}

/* ---- what is known without asking anybody ---- */

static void from_cache(struct dns_lookup *l, struct dns_family *f, nsec now)
{
    const struct attr attrs[] = { attr_text("domain", l->name), attr_text("qtype", type_words(l, f)) };
    const struct dns_entry *e = dns_cache_find(l->config.cache, l->name, type_of(l, f), now);
    static const char *const words[] = {
        [DNS_UNKNOWN] = "not in the cache", [DNS_HAS_ADDRESSES] = "in the cache",
        [DNS_HAS_NONE] = "in the cache: no address", [DNS_NO_SUCH_NAME] = "in the cache: no such name" };
    enum dns_known known = e ? e->known : DNS_UNKNOWN;
    char label[128];
    dns_say(&l->config.voice, "looked_in_cache",
            known >= DNS_HAS_NONE ? "RFC 2308 §5" : "RFC 1034 §5.3.3", 0, __func__,
            label_of(l, f, words[known], label), attrs, 2);
    if (!e)
        return;
    f->ttl = dns_entry_ttl(e, now);
    if (e->known == DNS_NO_SUCH_NAME) {
        does_not_exist(l, f);
    } else if (e->known == DNS_HAS_NONE) {
        has_none(l, f);
    } else {
        memcpy(f->addr, e->addr, sizeof f->addr);
        f->n = e->n;
        found(l, f, DNS_FROM_CACHE);
    }
}

/* A name that stands there with any address is not asked for: the file has the last word. */
static void from_hosts(struct dns_lookup *l)
{
    static const uint8_t sizes[DNS_FAMILIES] = { 4, 16 };
    const struct attr name = attr_text("domain", l->name);
    bool hit = false;
    for (unsigned i = 0; i < DNS_FAMILIES; i++) {
        struct dns_family *f = &l->family[i];
        if (f->wanted && f->says == DNS_ASKING)
            f->n = hosts_find(l->config.hosts, l->config.hosts_n, l->name, sizes[i], f->addr, DNS_ADDRS);
        hit |= f->wanted && f->says == DNS_ASKING && f->n;
    }
    dns_say(&l->config.voice, "looked_in_hosts", "RFC 1123 §6.1.1", 0, __func__,
            hit ? "in the hosts file" : "not in the hosts file", &name, 1);
    for (unsigned i = 0; i < DNS_FAMILIES && hit; i++) {
        struct dns_family *f = &l->family[i];
        if (f->wanted && f->says == DNS_ASKING && f->n)
            found(l, f, DNS_FROM_HOSTS);
        else if (f->wanted && f->says == DNS_ASKING)
            has_none(l, f);
    }
}

static void from_loopback(struct dns_lookup *l)
{
    const struct addr four = addr_v4(127, 0, 0, 1), six = { 16, { [15] = 1 } };
    for (unsigned i = 0; i < DNS_FAMILIES; i++)
        if (l->family[i].wanted)
            found_one(l, &l->family[i], DNS_FROM_HOSTS, i == DNS_FAMILY_A ? &four : &six);
}

/* ---- the name, and those below search domains ---- */

static unsigned dots(const char *name)
{
    unsigned n = 0;
    for (; *name; name++)
        n += *name == '.';
    return n;
}

/* The next name to try: false when there is none. One with dots enough is tried as it is first, else last. */
static bool next_candidate(struct dns_lookup *l)
{
    bool first = l->absolute || !l->config.n_search || dots(l->typed) >= l->config.ndots;
    for (;;) {
        unsigned i = l->candidate++, search = first ? i - 1 : i;
        if (l->absolute ? i > 0 : i > l->config.n_search)
            return false;
        if (first ? i == 0 : i == l->config.n_search) {
            memcpy(l->name, l->typed, sizeof l->name);
            return true;
        }
        const char *domain = l->config.search[search];
        int n = snprintf(l->name, sizeof l->name, "%s.%s", l->typed, domain);
        if (*domain && n > 0 && n <= DNS_NAME_MAX - 2)
            return true;
    }
}

static void tell_tries(const struct dns_lookup *l)
{
    char label[DNS_NAME + 32];
    const struct attr attrs[] = { attr_text("domain", l->name), attr_text("typed", l->typed) };
    if (strcmp(l->name, l->typed) == 0)
        return;
    snprintf(label, sizeof label, "in a search domain: %s", l->name);
    dns_say(&l->config.voice, "searched", "RFC 1123 §6.1.4.3", 0, __func__, label, attrs, 2);
}

static void reset(struct dns_lookup *l)
{
    unsigned want = l->config.want ? l->config.want : DNS_WANT_A;
    for (unsigned i = 0; i < DNS_FAMILIES; i++)
        l->family[i] = (struct dns_family){ .wanted = want >> i & 1, .alias_ttl = DNS_TTL_MOST };
}

static bool any(const struct dns_lookup *l, enum dns_says says)
{
    bool is = false;
    for (unsigned i = 0; i < DNS_FAMILIES; i++)
        is |= l->family[i].wanted && l->family[i].says == says;
    return is;
}

/* Cache, hosts file, servers. AAAA is asked first, A behind it at once (RFC 8305 §3). */
static void try_candidate(struct dns_lookup *l, struct host *host, nsec now)
{
    reset(l);
    tell_tries(l);
    if (dns_name_in(l->name, "localhost")) {
        from_loopback(l);
        return;
    }
    for (unsigned i = 0; i < DNS_FAMILIES; i++)
        if (l->family[i].wanted)
            from_cache(l, &l->family[i], now);
    if (!any(l, DNS_ASKING))
        return;
    from_hosts(l);
    for (unsigned i = DNS_FAMILIES; i-- > 0;) {
        struct dns_family *f = &l->family[i];
        if (!f->wanted || f->says != DNS_ASKING)
            continue;
        dns_query_start(&f->query, &l->config, l->name, types[i], host, now);
        if (f->query.says == DNS_FAILED) {
            f->fault = f->query.fault;
            none(l, f);
        }
    }
}

static void failed(struct dns_lookup *l)
{
    l->says = DNS_FAILED;
    const struct attr attrs[] = { attr_text("domain", *l->name ? l->name : l->typed),
                                  attr_text("ground", l->fault.ground->id),
                                  attr_text("expected", l->fault.expected), attr_text("came", l->fault.came) };
    dns_say(&l->config.voice, "failed", l->fault.ground->rfc, 0, __func__, l->fault.came, attrs,
            sizeof attrs / sizeof *attrs);
}

/* Did the servers say that there is nothing, so that another name may be tried? */
static bool nothing_there(const struct dns_family *f)
{
    const struct ground *why = f->says == DNS_FAILED ? f->fault.ground : NULL;
    return !f->wanted || why == &no_such_name || why == &no_address;
}

/* Whether all families are done, and what follows. */
static void settle(struct dns_lookup *l, struct host *host, nsec now)
{
    struct dns_family *a = &l->family[DNS_FAMILY_A], *aaaa = &l->family[DNS_FAMILY_AAAA];
    while (!any(l, DNS_ASKING)) {
        if (any(l, DNS_FOUND)) {
            const struct dns_family *f = a->wanted && a->says == DNS_FOUND ? a : aaaa;
            l->says = DNS_FOUND;
            l->addr = f->addr[0];
            l->ttl = f->ttl;
            l->from = f->from;
            return;
        }
        if (!nothing_there(a) || !nothing_there(aaaa) || !next_candidate(l)) {
            l->fault = a->wanted ? a->fault : aaaa->fault;
            failed(l);
            return;
        }
        try_candidate(l, host, now);
    }
}

/* ---- the engine ---- */

/* An address that was typed as the name: found, whatever is wanted. */
static void take_literal(struct dns_lookup *l, const struct addr *addr)
{
    unsigned i = addr->len == 16 ? DNS_FAMILY_AAAA : DNS_FAMILY_A;
    reset(l);
    l->family[!i].wanted = false;
    l->family[i].wanted = true;
    addr_text(addr, l->name);
    found_one(l, &l->family[i], DNS_FROM_LITERAL, addr);
}

static void tell_idn(const struct dns_lookup *l, const char *typed)
{
    char label[DNS_NAME + 32];
    const struct attr attrs[] = { attr_text("typed", typed), attr_text("domain", l->typed) };
    snprintf(label, sizeof label, "in Punycode: %s", l->typed);
    dns_say(&l->config.voice, "punycode", "RFC 5891 §4.4", 0, __func__, label, attrs, 2);
}

/* What a person typed as a name of ours. */
static bool read_name(struct dns_lookup *l, const char *typed)
{
    char ascii[DNS_NAME];
    size_t n = strlen(typed);
    l->absolute = n > 1 && typed[n - 1] == '.';
    if (!idn_to_ascii(typed, ascii, &l->fault) || !dns_tidy_name(ascii, l->typed, &l->fault))
        return false;
    if (strcmp(ascii, typed) != 0)
        tell_idn(l, typed);
    return !dns_name_in(l->typed, "invalid")
           || refuse_about(&l->fault, &invalid_name, l->typed, "a name that may exist", "one under .invalid");
}

/* Servers that this host can talk to. */
static void choose_servers(struct dns_config *c, const struct host *host)
{
    unsigned n = 0;
    for (unsigned i = 0; i < c->n_servers && i < DNS_SERVERS; i++)
        if (c->server[i].len == 4 || host->ipv6)
            c->server[n++] = c->server[i];
    c->n_servers = n;
}

void dns_lookup_start(struct dns_lookup *l, const struct dns_config *config, const char *name,
                      struct host *host, nsec now)
{
    struct addr literal;
    *l = (struct dns_lookup){ .config = *config };
    choose_servers(&l->config, host);
    if (addr_parse(name, strlen(name), &literal)) {
        take_literal(l, &literal);
    } else if (!read_name(l, name)) {
        failed(l);
        return;
    } else if (next_candidate(l)) {
        try_candidate(l, host, now);
    }
    settle(l, host, now);
}

static void query_done(struct dns_lookup *l, struct dns_family *f, struct host *host, bool answered,
                       const struct dns_message *m, nsec now)
{
    if (answered)
        conclude(l, f, host, m, now);
    if (f->says == DNS_ASKING && f->query.says == DNS_FAILED) {
        f->fault = f->query.fault;
        none(l, f);
    }
    settle(l, host, now);
}

void dns_lookup_step(struct dns_lookup *l, struct host *host, const struct datagram *d, nsec now)
{
    struct dns_message m;
    for (unsigned i = 0; i < DNS_FAMILIES && l->says == DNS_ASKING; i++) {
        struct dns_family *f = &l->family[i];
        if (!f->wanted || f->says != DNS_ASKING)
            continue;
        if (!d)
            dns_query_tick(&f->query, &l->config, host, now);
        query_done(l, f, host, d && dns_query_datagram(&f->query, &l->config, host, d, now, &m), &m, now);
    }
}

bool dns_lookup_news(struct dns_lookup *l, struct host *host, struct carrier *c, nsec now)
{
    struct dns_message m;
    for (unsigned i = 0; i < DNS_FAMILIES; i++) {
        struct dns_family *f = &l->family[i];
        if (!f->wanted || f->query.carrier != c || !c)
            continue;
        query_done(l, f, host, dns_query_news(&f->query, &l->config, host, now, &m), &m, now);
        return true;
    }
    return false;
}
