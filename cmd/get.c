/* get.c - `vitrine get`: a real server, TLS and HTTP ours, TCP ours or the kernel's. */
#include "cmd/forms_used.h"
#include "cmd/guard.h"
#include "cmd/identity.h"
#include "cmd/names.h"
#include "cmd/place.h"
#include "cmd/roots.h"
#include "cmd/session_file.h"
#include "cmd/wanted_tls.h"
#include "cmd/watch.h"
#include "cmd/words.h"
#include "http/visit.h"

#include <stdlib.h>
#include <string.h>

enum { IDLE_LIMIT = 30, CLOSE_LIMIT = 2, DNS_TRIES = 3 };

struct getting {
    struct visit_sink sink;                           /* first: where the page goes */
    struct file_sink out;
    bool include;
    struct visit_config config;
    struct wanted_tls tls;
    struct identities identity;
    struct tls_resumable session;
    struct x509_store trust;
    char *hosts;
    struct resolv_conf resolv;
    const char *headers[2];
    struct place place;
    struct watching watching;
    struct loop loop;
    struct visit visit;
    struct forms_used used;
};

static bool get_body(struct visit_sink *s, unsigned which, struct bytes b)
{
    struct getting *g = (struct getting *)s;
    (void)which;
    return g->out.sink.write(&g->out.sink, b.at, b.n);
}

static void get_head(struct visit_sink *s, const struct http_head *h)
{
    struct getting *g = (struct getting *)s;
    if (!g->include)
        return;
    FILE *f = g->out.file;
    fprintf(f, "HTTP/1.%u %u %.*s\r\n", h->minor, h->status, (int)h->reason.n, (const char *)h->reason.at);
    for (size_t i = 0; i < h->n_headers; i++)
        fprintf(f, "%.*s: %.*s\r\n", (int)h->headers[i].name.n, (const char *)h->headers[i].name.at,
                (int)h->headers[i].value.n, (const char *)h->headers[i].value.at);
    fprintf(f, "\r\n");
}

/* --resolve HOST:PORT:ADDR, where it is about our URL. */
static bool read_resolve(struct getting *g, const char *text)
{
    const char *colon = strchr(text, ':'), *second = colon ? strchr(colon + 1, ':') : NULL;
    struct addr addr;
    size_t n = colon ? (size_t)(colon - text) : 0;
    const char *at = second ? second + 1 : "";
    size_t m = strlen(at);
    if (m > 1 && at[0] == '[' && at[m - 1] == ']')
        at++, m -= 2;
    char port[8] = "";
    uint64_t number;
    if (second && second - colon - 1 < (long)sizeof port)
        memcpy(port, colon + 1, (size_t)(second - colon - 1));
    if (!n || !second || !addr_parse(at, m, &addr)) {
        complain("vitrine get: --resolve is HOST:PORT:ADDR, not %s", text);
        return false;
    }
    if (!option_number(OPT_RESOLVE, port, 65535, &number))
        return false;
    if (strlen(g->config.url.host) == n && strncmp(g->config.url.host, text, n) == 0 &&
        number == g->config.url.port)
        g->config.address = addr;
    return true;
}

static bool read_options(struct getting *g, const struct command *c, const char *const *values)
{
    uint64_t seconds = 0;
    g->include = values[OPT_INCLUDE] != NULL;
    g->config.method = values[OPT_METHOD] ? values[OPT_METHOD] : "GET";
    if (values[OPT_HEADER]) {
        g->headers[0] = values[OPT_HEADER];
        g->config.headers = g->headers;
    }
    if (values[OPT_MAX_TIME] && !option_number(OPT_MAX_TIME, values[OPT_MAX_TIME], 86400, &seconds))
        return false;
    g->config.whole_limit = (nsec)seconds * SECOND;
    g->config.idle_limit = IDLE_LIMIT * SECOND;
    g->config.close_limit = CLOSE_LIMIT * SECOND;
    g->config.tls.insecure = values[OPT_INSECURE] != NULL;
    if ((values[OPT_RESOLVE] && !read_resolve(g, values[OPT_RESOLVE])) || !place_read(&g->place, c, values) ||
        !wanted_tls(c, values, &g->tls, &g->config.tls))
        return false;
    return true;
}

/* curl: 77 when the roots cannot be read. */
static int read_trust(struct getting *g, const char *cacert, const char *notes)
{
    const char *name = cacert ? cacert : roots_of_system;
    struct roots roots;
    enum roots_found found = roots_add(&g->trust, name, &roots);
    if (found == ROOTS_UNREADABLE && !cacert)
        /* a machine without roots: every chain is refused, and says so */
        return 0;
    if (found == ROOTS_UNREADABLE) {
        complain("vitrine get: cannot read the roots in %s: %s", name, roots.why);
        return 77;
    }
    if (g->trust.n == 0) {
        words_fault(stderr, &roots.flaw);
        return 77;
    }
    return !notes || roots_add_notes(&g->trust, "get", notes) ? 0 : 77;
}

static bool read_names(struct getting *g, const char *server, bool ipv6)
{
    struct dns_config *d = &g->config.dns;
    d->tries = DNS_TRIES;
    d->want = ipv6 ? DNS_WANT_AAAA : DNS_WANT_A | DNS_WANT_AAAA;
    return names_read(d, &g->hosts, &g->resolv, server);
}

static void name_hosts(struct trace *t)
{
    static const uint8_t none[4] = { 0 };
    trace_host(t, "client", none, sizeof none);
}

static void run(struct getting *g, const char *const *values, struct fault *why)
{
    static const struct ground no_world = { "live.no_world", "epoll(7)" };
    if (!place_open(&g->place, values, 4, g->watching.trace, why) ||
        !loop_start(&g->loop, live_world(g->place.live), g->watching.trace)) {
        refuse(why, &no_world, "memory for a world", "none");
        return;
    }
    guard_process();
    g->config.dns.chance = g->config.tls.chance = live_chance(g->place.live);
    g->config.dns.voice = g->place.host->voice;
    visit_start(&g->visit, &g->config, g->place.host);
    loop_seat(&g->loop, g->place.host, g->place.link, &g->visit.app);
    loop_begin(&g->loop);
    while (!visit_over(&g->visit) && loop_turn(&g->loop))
        ;
    loop_flush(&g->loop);
    forms_used_note(&g->used, &g->visit, g->config.tls.cpu);
    *why = g->visit.fault;
    if (!g->visit.page_whole)
        refuse(why, &live_link_lost, "a link that stays until the page is there", "its end");
}

/* What a server that asks may see of us, and the session of an earlier run. */
static int who_we_are(struct getting *g, const char *const *values)
{
    int code = identity_read(&g->identity, values, NULL, 0, NULL);
    g->config.tls.ask_ocsp = true;
    g->config.tls.identities = g->identity.tls;
    g->config.tls.n_identities = g->identity.n;
    if (code || !values[OPT_SESSION])
        return code;
    g->config.tls.session = &g->session;
    return session_load(values[OPT_SESSION], &g->session);
}

static int prepare(struct getting *g, const struct command *c, const char *const *values, const char *url)
{
    struct fault why = { 0 };
    if (!url_parse(url, &g->config.url, &why)) {
        words_fault(stderr, &why);
        return words_exit(&why);
    }
    if (!read_options(g, c, values)
        || !read_names(g, values[OPT_DNS] ? values[OPT_DNS] : place_dns(&g->place), values[OPT_IPV6]))
        return 2;
    g->config.sink = &g->sink;
    g->config.tls.host = g->config.url.host;
    if (g->config.url.is_ip)
        g->config.tls.ip = (struct bytes){ g->config.url.ip.octets, g->config.url.ip.len };
    g->config.tls.trust = &g->trust;
    int code = who_we_are(g, values);
    return code ? code : read_trust(g, values[OPT_CACERT], values[OPT_TRUST_NOTES]);
}

int get_run(const struct command *c, const char *const *values, const char *const *arguments, unsigned n)
{
    if (n == 0) {
        complain("vitrine get: which URL? For example: vitrine get https://www.example.org/");
        return 2;
    }
    struct getting *g = calloc(1, sizeof *g);
    if (!g)
        return 27;
    g->sink = (struct visit_sink){ .head = get_head, .body = get_body };
    int code = watch_can_write(values, "-") ? prepare(g, c, values, arguments[0]) : 2;
    if (code == 0 && !file_sink_open(&g->out, values[OPT_OUTPUT] ? values[OPT_OUTPUT] : "-", false, ""))
        code = 23;
    if (code == 0 &&
        !watch_open(&g->watching, values, true, values[OPT_VERBOSE] ? stderr : NULL, 0, name_hosts))
        code = 23;
    struct fault why = { 0 };
    if (code == 0)
        run(g, values, &why);
    if (g->visit.host)
        visit_end(&g->visit);
    loop_end(&g->loop);
    place_close(&g->place);
    g->watching.page.url = arguments[0];
    bool views = watch_close(&g->watching), written = file_sink_close(&g->out) && views;
    if (values[OPT_VERBOSE])
        forms_used_say(stderr, &g->used);
    if (why.ground) {
        words_fault(stderr, &why);                    /* behind all that the views had to say */
        code = words_exit(&why);
    }
    if (g->visit.host && values[OPT_SESSION] && !session_save(values[OPT_SESSION], &g->session) && code == 0)
        code = 23;
    tls_resumable_wipe(&g->session);
    identity_wipe(&g->identity);
    x509_store_free(&g->trust);
    free(g->hosts);
    free(g);
    return code ? code : written ? 0 : 23;
}
