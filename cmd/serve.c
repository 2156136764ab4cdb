/* serve.c - `vitrine serve`: files over HTTPS, many connections in one loop. */
#define _GNU_SOURCE
#include "cmd/file_pages.h"
#include "cmd/guard.h"
#include "cmd/identity.h"
#include "cmd/place.h"
#include "cmd/resumption.h"
#include "cmd/serve.h"
#include "cmd/stacks.h"
#include "cmd/wanted_tls.h"
#include "cmd/watch.h"
#include "cmd/words.h"
#include "http/web.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
    CONNECTIONS = 16384, FILES = 1024, SPARE = 64, PATIENCE = 20, IDLE = 60, LAST_WORDS = 5
};

struct serving {
    struct place place;
    struct watching watching;
    struct loop loop;
    struct file_pages files;
    struct identities identity;
    struct resumption resumption;
    struct wanted_tls wanted;
    struct tls_config tls;
    struct web *web;
    struct addr addr; uint16_t port;
};

static struct chance *chance_of(void *self, uint32_t conn)
{
    struct serving *s = self;
    (void)conn;
    return live_chance(s->place.live);
}

static void gone(void *self, const struct carrier *c, const struct fault *why)
{
    char text[ADDR_TEXT];
    (void)self;
    fprintf(stderr, "%s port %u: ", addr_text(&c->peer, text), c->peer_port);
    words_fault(stderr, why);
}

bool serve_listen(const char *text, struct addr *addr, uint16_t *at_port)
{
    const char *colon = strrchr(text, ':'), *host = text;
    size_t n = colon ? (size_t)(colon - text) : 0;
    uint64_t port;
    if (n > 1 && host[0] == '[' && host[n - 1] == ']')
        host++, n -= 2;
    if (!option_number(OPT_LISTEN, colon ? colon + 1 : text, 65535, &port))
        return false;
    *at_port = (uint16_t)port;
    if (n == 0 || addr_parse(host, n, addr))
        return true;
    complain("vitrine serve: --listen is ADDR:PORT, not %s", text);
    return false;
}

/* Descriptors: each connection over the kernel needs one. A file has one only while it is sent and is longer than what
 * goes out at once; so a quarter, or FILES, are enough for them. Who finds none is told 503. */
unsigned serve_connections(bool tun)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0)
        return CONNECTIONS;
    r.rlim_cur = r.rlim_max;
    setrlimit(RLIMIT_NOFILE, &r);
    rlim_t most = r.rlim_cur > SPARE + 2 ? r.rlim_cur - SPARE : 2;
    most -= most / 4 < FILES ? most / 4 : FILES;
    return !tun && most < CONNECTIONS ? (unsigned)most : CONNECTIONS;
}

static void name_hosts(struct trace *t)
{
    static const uint8_t none[4] = { 0 };
    trace_host(t, "server", none, sizeof none);
}

static void tell_address(const struct serving *s, const char *root)
{
    char text[ADDR_TEXT];
    bool loopback = s->addr.len == 4 && s->addr.octets[0] == 127;
    char host[ADDR_TEXT + 2];
    snprintf(host, sizeof host, s->addr.len == 16 ? "[%s]" : "%s",
             loopback ? "localhost" : addr_text(&s->addr, text));
    words_print(stdout, "Serving %s at https://%s:%u/ (Ctrl-C ends it)\n", root, host, s->port);
    fflush(stdout);
}

/* Until a person asks us to stop; then as long as the last connections need for their close, but not for
 * ever: what is left is broken off. False: the world ended first (its TUN device was deleted). */
static bool run(struct serving *s, struct fault *why)
{
    nsec until = NEVER;
    while (s->loop.now < until && loop_turn(&s->loop)) {
        if (s->loop.stopped && until == NEVER)
            until = s->loop.now + LAST_WORDS * SECOND;
        if (s->loop.stopped && web_open(s->web) == 0)
            break;
    }
    web_app(s->web)->stop(web_app(s->web), s->loop.now);
    loop_flush(&s->loop);
    return s->loop.stopped || refuse(why, &live_link_lost, "a link that stays as long as we serve", "its end");
}

static int start(struct serving *s, const char *const *values)
{
    struct fault why = { 0 };
    snprintf(s->place.ports, sizeof s->place.ports, "%u", s->port);
    unsigned most = serve_connections(s->place.via != VIA_KERNEL);
    if (!place_open(&s->place, values, most, s->watching.trace, &why) ||
        !loop_start(&s->loop, live_world(s->place.live), s->watching.trace)) {
        words_fault(stderr, &why);
        return words_exit(&why);
    }
    s->tls.server = true;
    s->tls.identities = s->identity.tls;
    s->web = web_new(&(struct web_config){
        .tls = &s->tls, .chance = chance_of, .self = s, .pages = &s->files.pages, .port = s->port,
        .addr = s->addr, .connections = most, .patience = PATIENCE * SECOND, .idle = IDLE * SECOND,
        .gone = gone }, s->place.host, &why);
    if (!s->web) {
        words_fault(stderr, &why);
        return words_exit(&why);
    }
    loop_seat(&s->loop, s->place.host, s->place.link, web_app(s->web));
    guard_process();
    int code = identity_read(&s->identity, values, &s->addr, s->loop.now, live_chance(s->place.live));
    s->tls.n_identities = s->identity.n;
    return code ? code : resumption_read(&s->resumption, values, live_chance(s->place.live), &s->tls,
                                          s->identity.tls);
}

static int serve_files(const struct command *c, const char *const *values)
{
    if (!values[OPT_ROOT]) {
        complain("vitrine serve: which directory? For example: vitrine serve --root .");
        return 2;
    }
    struct serving *s = calloc(1, sizeof *s);
    if (!s)
        return 27;
    s->files.root = -1;
    int code = 2;
    if (place_read(&s->place, c, values) && wanted_tls(c, values, &s->wanted, &s->tls)) {
        s->addr = s->place.via != VIA_KERNEL ? s->place.addr : addr_v4(127, 0, 0, 1);
        s->port = s->place.via == VIA_TUN || s->place.via == VIA_TAP || s->place.via == VIA_RAW ? 443 : 4433;
        if ((!values[OPT_LISTEN] || serve_listen(values[OPT_LISTEN], &s->addr, &s->port)) &&
            file_pages_open(&s->files, values[OPT_ROOT]))
            code = 0;
        if (code == 0 &&
            !watch_open(&s->watching, values, true, values[OPT_VERBOSE] ? stderr : NULL, 0, name_hosts))
            code = 23;
    }
    if (code == 0)
        code = start(s, values);
    if (code == 0) {
        tell_address(s, values[OPT_ROOT]);
        struct fault why = { 0 };
        loop_begin(&s->loop);
        if (!run(s, &why)) {
            words_fault(stderr, &why);
            code = words_exit(&why);
        }
    }
    web_free(s->web);
    loop_end(&s->loop);
    place_close(&s->place);
    identity_wipe(&s->identity);
    resumption_end(&s->resumption);
    file_pages_close(&s->files);
    if (!watch_close(&s->watching) && code == 0)
        code = 23;
    free(s);
    return code;
}

int serve_run(const struct command *c, const char *const *values, const char *const *arguments, unsigned n)
{
    struct stacks stacks;
    (void)arguments, (void)n;
    int code = stacks_start(&stacks, c, values);
    if (code == 0)
        code = values[OPT_SIMPLE] ? serve_simple_run(c, values) : serve_files(c, values);
    return stacks_end(&stacks, code);
}
