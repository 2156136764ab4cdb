#include "http/sealed_visit.h"
#include "http/break_chain.h"
#include "http/break_end.h"
#include "http/made_pages.h"
#include "http/resolver.h"
#include "http/sealed_resolve.h"
#include "http/story.h"
#include "http/web.h"
#include "net/stack.h"

#include <stdlib.h>
#include <string.h>

enum {
    HOSTS = 3, SUITES = 16, POOL = 16 << 20, DNS_TRIES = 10, SYN_TRIES = 10,
    DATA_TRIES = 15
};

/* Longer than TCP sends one segment again and again (ten minutes): a web server that gave up leaves a
 * browser that waits. */
#define IDLE_LIMIT (900 * SECOND)
#define PREFIX(a) ((a).len == 16 ? 64 : 24)
#define YEAR (365 * 86400 * SECOND)

static const struct ground no_memory = { "visit.no_memory", "RFC 9293 §3.10.1" };

struct sealed_visit {
    struct sealed_visit_config config;
    struct sealed *world;
    struct loop loop;
    struct pool pools[HOSTS];
    struct host *hosts[HOSTS];
    struct resolver resolver;
    struct zone zone;
    struct made_pages pages;
    struct stack *stack_of_web;
    struct web *web;
    struct visit visit;
    struct dns_cache cache;
    struct shown_chain shown;
    struct break_end lying_browser, lying_web;
    const struct tls_suite *offered[SUITES], *served[SUITES];
    uint16_t groups[3];
    struct tls_config server_tls;
    struct tls_resumable session;                     /* the browser's, where a second visit is to follow */
    struct tls_tickets tickets;
    bool again;                                       /* it has begun */
    struct spoils spoils;
    struct lab lab;
    struct attacker attacker;
};

/* In IPv6 the last number looks the same, which makes it another one. */
struct addr sealed_address(enum sealed_host host, bool ipv6)
{
    static const uint8_t last[] = { 0, 2, 53, 80, 66 }, last6[] = { 0, 0x02, 0x53, 0x80, 0x66 };
    return ipv6 ? (struct addr){ .len = 16, .octets = { 0x20, 0x01, 0x0d, 0xb8, [15] = last6[host] } }
                : addr_v4(10, 0, 0, last[host]);
}

static void name_hosts(struct trace *t, bool ipv6)
{
    static const char *const names[HOSTS] = { "browser", "resolver", "web" };
    for (unsigned i = 0; i < HOSTS; i++) {
        struct addr a = sealed_address((enum sealed_host)(i + 1), ipv6);
        trace_host(t, names[i], a.octets, a.len);
    }
}

void sealed_visit_name_hosts(struct trace *t) { name_hosts(t, false); }
void sealed_visit_name_hosts6(struct trace *t) { name_hosts(t, true); }

static struct addr address(const struct sealed_visit *v, enum sealed_host host)
{
    return sealed_address(host, v->config.ipv6);
}

static struct voice voice_of(const struct sealed_visit *v, uint16_t host)
{
    return (struct voice){ .trace = v->config.trace, .host = host };
}

/* The resolver of the sealed world knows every name under .test (RFC 6761 §6.2), and no other, where no zone is
 * given. */
static bool read_zone(struct sealed_visit *v, struct fault *why)
{
    const char *zone = v->config.zone ? v->config.zone : sealed_zone;
    return zone_read(&v->zone, zone, v->config.zone ? v->config.zone_n : strlen(zone), why);
}

static struct chance *chance_of_web(void *self, uint32_t conn)
{
    struct sealed_visit *v = self;
    return sealed_chance(v->world, SEALED_WEB, conn);
}

static struct chance *chance_of_attacker(void *self, uint32_t conn)
{
    struct sealed_visit *v = self;
    return sealed_chance(v->world, SEALED_ATTACKER, conn);
}

/* Somebody looks at what a host sends, where a break asks for it. */
static struct link *watched(struct sealed_visit *v, struct link *link, bool own)
{
    return v->spoils.n_acts ? lab_tap(&v->lab, link, own) : link;
}

static bool raise_hosts(struct sealed_visit *v, struct fault *why)
{
    for (unsigned i = 0; i < HOSTS; i++) {
        uint16_t number = (uint16_t)(i + 1);
        bool both = v->config.ipv6 || (v->spoils.ipv6_hole && number != SEALED_WEB);
        struct addr a = address(v, number), also = sealed_address(number, !v->config.ipv6);
        pool_start(&v->pools[i], POOL);
        struct stack_config c = v->config.stack;
        c.addr = a;
        c.prefix = PREFIX(a);
        c.mtu = v->config.wires.mtu;
        c.connections = 16;
        c.backlog = 8;
        c.no_quick_acks = true;                                  /* a class sees the rule, not its exception */
        c.syn_tries = SYN_TRIES;
        c.data_tries = DATA_TRIES;
        c.pool = &v->pools[i];
        c.chance = sealed_chance(v->world, number, 0);
        c.voice = voice_of(v, number);
        c.hand = v->spoils.n_acts && number == SEALED_BROWSER ? &v->lab.hand : NULL;
        struct stack *s = stack_new(&c);
        v->hosts[i] = s ? stack_host(s) : NULL;
        v->stack_of_web = s;                                      /* it comes last */
        struct link *link = s ? sealed_link(v->world, number, &a) : NULL;
        if (!link || (both && !stack_add_addr(s, &also, PREFIX(also))))
            return refuse(why, &no_memory, "memory for three hosts", "there is none");
        if (both)
            sealed_also(v->world, number, &also);
        loop_seat(&v->loop, v->hosts[i], watched(v, link, false), NULL);
    }
    return true;
}

bool sealed_visit_offers(const struct tls_suite *s)
{
    static const uint16_t numbers[] = { 0xc02b, 0xc02f, 0xcca9, 0xcca8, 0x009c, 0x002f };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i] == s->number)
            return true;
    return false;
}

/* Suites for another kind of certificate than the web server's. */
static size_t offer_strangers(struct sealed_visit *v)
{
    size_t n = 0;
    for (size_t i = 0; i < tls_n_suites && n < SUITES; i++)
        if (tls_suites[i].auth != v->config.suite->auth && sealed_visit_offers(&tls_suites[i]))
            v->offered[n++] = &tls_suites[i];
    return n;
}

/* His own stack, and behind it, last of all, what he forges. */
static bool raise_attacker(struct sealed_visit *v, struct fault *why)
{
    struct addr a = address(v, SEALED_ATTACKER);
    if (trace_hears(v->config.trace))
        trace_host(v->config.trace, "attacker", a.octets, a.len);
    if (!attacker_start(&v->attacker, &(struct attacker_plan){
            .serves = v->spoils.attacker, .addr = a, .host = v->config.url.host, .port = v->config.url.port,
            .https = v->config.url.https, .auth = tls_auth_key(v->config.suite->auth), .seed = v->config.seed + 1,
            .size = v->config.size, .now = SEALED_START, .chance_of = chance_of_attacker, .self = v,
            .voice = voice_of(v, SEALED_ATTACKER) }, why))
        return false;
    struct link *link = watched(v, sealed_link(v->world, SEALED_ATTACKER, &a), true);
    loop_seat(&v->loop, v->attacker.host, link, v->attacker.web ? web_app(v->attacker.web) : NULL);
    loop_seat(&v->loop, &v->lab.forger.host, link, NULL);
    return true;
}

/* The one that is wished for first; one of each kind, since a suite may need it. */
static void list_groups(struct sealed_visit *v)
{
    static const uint16_t usual[] = { TLS_X25519, TLS_SECP256R1, TLS_FFDHE2048 };
    const bool ffdhe = tls_group_is_ffdhe(v->config.group);
    size_t n = 0;
    v->groups[n++] = v->config.group;
    for (size_t i = 0; i < 3 && n < 3; i++) {
        const bool fits = ffdhe ? !tls_group_is_ffdhe(usual[i]) : n < 2 || tls_group_is_ffdhe(usual[i]);
        if (usual[i] != v->config.group && fits)
            v->groups[n++] = usual[i];
    }
}

/* The browser offers everything, the wished suite first; the server serves only suites of the same key
 * exchange, so that the wish is what happens. */
static void agree(struct sealed_visit *v, struct tls_config *client)
{
    static const uint16_t sigalgs[] = { TLS_ECDSA_SECP256R1_SHA256, TLS_RSA_PKCS1_SHA256, TLS_RSA_PKCS1_SHA384,
                                        TLS_RSA_PKCS1_SHA512 };
    const struct tls_suite *wish = v->config.suite;
    enum break_suites suites = v->spoils.suites ? v->spoils.suites->row->suites : SUITES_FIT;
    size_t offered = 0, served = 0;
    v->offered[offered++] = v->served[served++] = wish;
    for (size_t i = 0; i < tls_n_suites && offered < SUITES; i++) {
        const struct tls_suite *s = &tls_suites[i];
        if (s == wish || !sealed_visit_offers(s))
            continue;
        v->offered[offered++] = s;
        if (s->kx == wish->kx || suites == SUITES_ALL)
            v->served[served++] = s;
    }
    if (suites == SUITES_STRANGE)
        offered = offer_strangers(v);
    list_groups(v);
    *client = (struct tls_config){
        .suites = v->offered, .n_suites = offered, .groups = v->groups, .n_groups = 3,
        .sigalgs = sigalgs, .n_sigalgs = sizeof sigalgs / sizeof *sigalgs, .host = v->config.url.host,
        .trust = &v->shown.trust, .classroom = true,
        .record_size_limit = v->config.record_size_limit, .max_fragment = v->config.max_fragment,
        .grease = v->config.grease, .cpu = v->config.cpu,
        .chance = sealed_chance(v->world, SEALED_BROWSER, 1) };
    if (v->config.url.is_ip)
        client->ip = (struct bytes){ v->config.url.ip.octets, v->config.url.ip.len };
    v->server_tls = (struct tls_config){
        .server = true, .suites = v->served, .n_suites = served, .groups = v->groups, .n_groups = 3,
        .sigalgs = sigalgs, .n_sigalgs = sizeof sigalgs / sizeof *sigalgs,
        .identities = &v->shown.identity, .n_identities = 1, .cpu = v->config.cpu };
}

/* Root, intermediate and leaf, fresh for the visit's date. A host outside .test gets the certificate of
 * another: the class sees who notices. */
static bool certify(struct sealed_visit *v, struct fault *why)
{
    struct addr none;
    bool known = zone_address(&v->zone, v->config.url.host, DNS_TYPE_A, &none)
                 || zone_address(&v->zone, v->config.url.host, DNS_TYPE_AAAA, &none);
    const char *host = known ? v->config.url.host : "www.example.test";
    return shown_chain_make(&v->shown, tls_auth_key(v->config.suite->auth), host, SEALED_START,
                            sealed_chance(v->world, SEALED_WEB, 0),
                            v->spoils.chain ? v->spoils.chain->row->chain : NULL, why);
}

/* The one place where an engine is told to lie. */
static void let_lie(struct sealed_visit *v, struct tls_config *client)
{
    const struct break_wish *browser = v->spoils.browser, *web = v->spoils.web;
    if (browser) {
        break_end_start(&v->lying_browser, browser->row->browser, browser, v->config.trace, SEALED_BROWSER);
        client->spoil = &v->lying_browser.spoil;
    }
    if (web) {
        break_end_start(&v->lying_web, web->row->web, web, v->config.trace, SEALED_WEB);
        v->server_tls.spoil = &v->lying_web.spoil;
    }
}

/* The classroom's keys are part of the program, and public: a class may open with this one what was meant for
 * it. */
static void tell_server_key(const struct sealed_visit *v)
{
    const struct private_key *key = v->shown.identity.key;
    const struct voice *voice = &v->hosts[SEALED_WEB - 1]->voice;
    if (!trace_hears(voice->trace))
        return;
    bool rsa = key->pub.kind == KEY_RSA;
    const struct rsa_private *r = &key->u.rsa;
    const struct attr rsa_attrs[] = { attr_text("key", "RSA"), attr_secret("prime1", r->p, r->half),
                                      attr_secret("prime2", r->q, r->half) };
    const struct attr p256_attrs[] = { attr_text("key", "EC P-256"),
                                       attr_secret("private_key", key->u.ec, key_scalar_size(key->pub.kind)) };
    trace_emit(voice->trace, &(struct event){
        .kind = EVENT_MARK, .level = LEVEL_ALL, .layer = "visit", .name = "server_key",
        .rfc = rsa ? "RFC 8017 §3.2" : "RFC 5915 §3", .by = __func__, .host = voice->host,
        .attrs = rsa ? rsa_attrs : p256_attrs,
        .n_attrs = rsa ? sizeof rsa_attrs / sizeof *rsa_attrs : sizeof p256_attrs / sizeof *p256_attrs });
}

static bool open_shop(struct sealed_visit *v, struct fault *why)
{
    v->web = web_new(&(struct web_config){
        .tls = v->config.url.https ? &v->server_tls : NULL, .chance = chance_of_web, .self = v,
        .pages = &v->pages.pages, .port = v->config.url.port, .connections = 8 },
        v->hosts[SEALED_WEB - 1], why);
    v->loop.seats[SEALED_WEB - 1].app = v->web ? web_app(v->web) : NULL;
    return v->web != NULL;
}

/* The web server's power fails and comes back: it knows of nobody any more, and listens anew. */
static void cut_power(void *self)
{
    struct sealed_visit *v = self;
    struct fault why = { 0 };
    stack_forget(v->stack_of_web);
    web_free(v->web);
    open_shop(v, &why);
}

static void offer_tickets(struct sealed_visit *v, struct tls_config *client)
{
    tls_tickets_start(&v->tickets, sealed_chance(v->world, SEALED_WEB, 0), TLS_SESSION_LIFETIME);
    v->tickets.told_open = true;
    v->server_tls.tickets = &v->tickets;
    client->session = &v->session;
}

static bool seat_programs(struct sealed_visit *v, struct fault *why)
{
    static const char hosts_file[] = "127.0.0.1 localhost\n10.0.0.2 browser\n2001:db8::2 browser\n";
    static const char *const also[] = { "/style.css", NULL };
    struct visit_config config = {
        .url = v->config.url, .method = "GET", .also = also, .sink = v->config.sink, .idle_limit = IDLE_LIMIT
    };
    agree(v, &config.tls);
    if (v->config.resume)
        offer_tickets(v, &config.tls);
    let_lie(v, &config.tls);
    config.dns = (struct dns_config){
        .hosts = hosts_file, .hosts_n = sizeof hosts_file - 1, .server = { address(v, SEALED_RESOLVER) },
        .n_servers = 1, .want = v->config.ipv6 ? DNS_WANT_AAAA : DNS_WANT_A | DNS_WANT_AAAA,
        .tries = DNS_TRIES, .patience = SECOND + 4 * v->config.wires.delay, .cache = &v->cache,
        .chance = sealed_chance(v->world, SEALED_BROWSER, 0), .voice = v->hosts[SEALED_BROWSER - 1]->voice };
    visit_start(&v->visit, &config, v->hosts[SEALED_BROWSER - 1]);
    made_pages_start(&v->pages, v->config.seed, v->config.size);
    if (v->config.url.https)
        tell_server_key(v);
    if (!open_shop(v, why) || !resolver_start(&v->resolver, v->hosts[SEALED_RESOLVER - 1], &v->zone, why))
        return false;
    v->loop.seats[SEALED_BROWSER - 1].app = &v->visit.app;
    if (v->spoils.resolver_cuts)
        v->resolver.udp_most = 1;
    v->loop.seats[SEALED_RESOLVER - 1].app = v->spoils.resolver_silent ? NULL : &v->resolver.app;
    return true;
}

struct sealed_visit *sealed_visit_new(const struct sealed_visit_config *config, struct fault *why)
{
    struct sealed_visit *v = calloc(1, sizeof *v);
    if (v) {
        v->config = *config;
        breaks_apply(&v->spoils, config->breaks, config->n_breaks);
        v->config.ipv6 &= !v->spoils.ipv6_hole;       /* both kinds, then */
        v->config.wires.accidents = v->spoils.accidents;
        v->config.wires.n_accidents = v->spoils.n_accidents;
        v->world = sealed_new(config->seed, &v->config.wires, SEALED_START, config->trace);
    }
    if (!v || !v->world || !loop_start(&v->loop, sealed_world(v->world), config->trace)) {
        refuse(why, &no_memory, "memory for a visit", "there is none");
        sealed_visit_free(v);
        return NULL;
    }
    struct addr a = address(v, SEALED_ATTACKER);
    struct voice voice = voice_of(v, SEALED_ATTACKER);
    lab_start(&v->lab, v->spoils.acts, v->spoils.n_acts, &voice, &a);
    v->lab.power_cut = cut_power;
    v->lab.self = v;
    if (!read_zone(v, why) || !raise_hosts(v, why) || !certify(v, why) || !seat_programs(v, why)
        || (lab_needs_attacker(v->spoils.acts, v->spoils.n_acts) && !raise_attacker(v, why))) {
        sealed_visit_free(v);
        return NULL;
    }
    loop_begin(&v->loop);
    return v;
}

/* The browser goes there once more: it knows the address, and has a ticket. */
static void visit_again(struct sealed_visit *v)
{
    const struct visit_config config = v->visit.config;
    v->again = true;
    visit_end(&v->visit);
    trace_because(v->config.trace, 0);
    visit_start(&v->visit, &config, v->hosts[SEALED_BROWSER - 1]);
    v->visit.app.start(&v->visit.app, v->loop.now);
    loop_flush(&v->loop);
}

bool sealed_visit_turn(struct sealed_visit *v)
{
    if (v->config.resume && !v->again && visit_whole(&v->visit))
        visit_again(v);
    bool busy = !visit_over(&v->visit);
    for (unsigned i = 0; i < HOSTS; i++)
        busy |= v->hosts[i]->ops->busy(v->hosts[i]);
    return busy && loop_turn(&v->loop);
}

const struct visit *sealed_visit_of(const struct sealed_visit *v) { return &v->visit; }
/* A mark of the lab: it begins a chain of causes, as a URL that is typed does. */
static void tell_theft(const struct voice *v)
{
    trace_because(v->trace, 0);
    if (trace_hears(v->trace))
        trace_because(v->trace, trace_emit(v->trace, &(struct event){
            .kind = EVENT_MARK, .level = LEVEL_ALL, .layer = "visit", .name = "key_stolen",
            .label = "a year later: the server's private key is stolen", .rfc = "RFC 9325 §7.3", .by = __func__,
            .host = v->host }));
}

struct stolen_loot sealed_visit_steal(struct sealed_visit *v, struct tape *tape)
{
    uint16_t host = trace_host(v->config.trace, "spy", NULL, 0);
    const struct voice voice = { .trace = v->config.trace, .host = host };
    trace_at(voice.trace, v->loop.now + YEAR);
    tell_theft(&voice);
    story_begin(&voice, CHAPTER_LATER, 0);
    struct stolen_loot loot = stolen_key_opens(tape, &v->shown.key,
                                               sealed_chance(v->world, host ? host : SEALED_HOSTS, 0), &voice);
    const struct attr values[] = { attr_number("records", loot.records), attr_number("opened", loot.opened),
                                   attr_text("text", loot.text) };
    const char *end = !loot.records ? "clear" : loot.opened == loot.records ? "opened" : "closed";
    story_end(&voice, CHAPTER_LATER, end, "RFC 9325 §7.3", values, 3);
    return loot;
}

nsec sealed_visit_now(const struct sealed_visit *v) { return v->loop.now; }

bool sealed_visit_whole(const struct sealed_visit *v)
{
    bool web = web_closed_well(v->web), other = v->attacker.web && web_closed_well(v->attacker.web);
    return visit_whole(&v->visit) && (web || other);
}

void sealed_visit_outcome(const struct sealed_visit *v, struct fault *why)
{
    static const struct ground not_closed = { "visit.not_closed", "RFC 9293 §3.6" };
    *why = v->visit.fault;
    if (!sealed_visit_whole(v))
        refuse(why, &not_closed, "both ends' connections closed in order", "one was broken off");
}

const struct tls_suite *sealed_visit_suite(enum tls_kx kx, enum key_kind auth)
{
    for (size_t i = 0; i < tls_n_suites; i++)
        if (tls_suites[i].kx == kx && tls_auth_fits(tls_suites[i].auth, auth))
            return &tls_suites[i];
    return NULL;
}

void sealed_visit_free(struct sealed_visit *v)
{
    if (!v)
        return;
    visit_end(&v->visit);
    web_free(v->web);
    attacker_free(&v->attacker);
    for (unsigned i = 0; i < HOSTS; i++) {
        if (v->hosts[i])
            v->hosts[i]->ops->free(v->hosts[i]);
        pool_end(&v->pools[i]);
    }
    zone_free(&v->zone);
    loop_end(&v->loop);
    sealed_free(v->world);
    shown_chain_wipe(&v->shown);
    tls_resumable_wipe(&v->session);
    tls_tickets_wipe(&v->tickets);
    free(v);
}
