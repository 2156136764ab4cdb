/* resolve.c - `vitrine resolve`: names to addresses, each step told. */
#include "cmd/names.h"
#include "cmd/place.h"
#include "cmd/watch.h"
#include "cmd/wires.h"
#include "cmd/words.h"
#include "http/sealed_resolve.h"
#include "http/sealed_visit.h"
#include "net/idn.h"
#include "trace/show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 3, ZONE_FILE_MOST = 16 << 20, SEALED_ONLY = 6 };

struct resolving {
    struct resolve_config config;
    char *hosts, *zone;
    size_t zone_n;
    struct resolv_conf resolv;
    bool sealed, said;                                /* a refusal is on stderr already */
    uint64_t seed;
    struct wires wires;
    struct place place;
    struct watching watching;
    struct loop loop;
    struct resolve resolve;
};

/* ---- what is found ---- */

static void print_name(const char *name)
{
    char text[IDN_TEXT], shown[2 * IDN_TEXT];
    if (idn_to_unicode(name, text))
        words_print(stdout, "%s (reads %s)", name, show_string(text, shown, sizeof shown));
    else
        printf("%s", name);
}

static void print_family(const struct dns_lookup *l, const struct dns_family *f, const char *type)
{
    static const char *const from[] = { [DNS_FROM_LITERAL] = "the name itself", [DNS_FROM_CACHE] = "the cache",
                                        [DNS_FROM_HOSTS] = "the hosts file", [DNS_FROM_SERVER] = "the server" };
    char text[ADDR_TEXT], said[WORDS_TEXT];
    for (unsigned i = 0; i < f->n && f->says == DNS_FOUND; i++) {
        print_name(l->name);
        printf("  %s  %s  ", type, addr_text(&f->addr[i], text));
        if (f->from == DNS_FROM_CACHE || f->from == DNS_FROM_SERVER)
            words_print(stdout, "TTL %" PRIu32 ", ", f->ttl);
        printf("%s\n", words_said(from[f->from], said));
    }
}

static void print_found(void *self, const struct dns_lookup *l)
{
    struct resolving *r = self;
    if (l->says == DNS_FAILED) {
        r->said = true;
        fflush(stdout);
        words_fault(stderr, &l->fault);
        return;
    }
    print_family(l, &l->family[DNS_FAMILY_A], "A");
    print_family(l, &l->family[DNS_FAMILY_AAAA], "AAAA");
}

/* ---- what is asked for ---- */

static bool read_zone(struct resolving *r, const char *name)
{
    const char *why;
    r->zone = name ? file_read(name, ZONE_FILE_MOST, &r->zone_n, &why) : NULL;
    if (name && !r->zone)
        complain("vitrine resolve: cannot read the zone in %s: %s", name, why);
    return !name || r->zone;
}

/* What belongs to the one world is refused in the other. */
static bool right_world(const struct resolving *r, const char *const *values)
{
    static const enum option_id sealed[SEALED_ONLY] = { OPT_SEED, OPT_LOSS, OPT_DUP, OPT_REORDER, OPT_CORRUPT,
                                                        OPT_DELAY };
    for (unsigned i = 0; i < SEALED_ONLY && !r->sealed; i++)
        if (values[sealed[i]]) {
            complain("vitrine resolve: --%s belongs to --sealed", options[sealed[i]].name);
            return false;
        }
    if (r->sealed && (values[OPT_VIA] || values[OPT_DNS])) {
        complain("vitrine resolve: --%s does not go with --sealed", values[OPT_VIA] ? "via" : "dns");
        return false;
    }
    return true;
}

static bool read_options(struct resolving *r, const struct command *c, const char *const *values)
{
    const char *type = values[OPT_TYPE];
    struct dns_config *d = &r->config.dns;
    r->sealed = values[OPT_SEALED] || values[OPT_ZONE];
    r->seed = 1;
    if (!right_world(r, values) || !read_zone(r, values[OPT_ZONE]) || !wires_wanted(values, &r->wires)
        || (values[OPT_SEED] && !option_number(OPT_SEED, values[OPT_SEED], UINT64_MAX, &r->seed)))
        return false;
    if (!r->sealed && (!place_read(&r->place, c, values)
                       || !names_read(d, &r->hosts, &r->resolv,
                                      values[OPT_DNS] ? values[OPT_DNS] : place_dns(&r->place))))
        return false;
    d->want = !type ? DNS_WANT_A | DNS_WANT_AAAA : strcmp(type, "A") == 0 ? DNS_WANT_A : DNS_WANT_AAAA;
    d->tries = d->tries ? d->tries : TRIES;
    d->tcp_only |= values[OPT_TCP] != NULL;
    d->no_edns = values[OPT_NO_EDNS] != NULL;
    return true;
}

/* ---- the two worlds ---- */

static void run_sealed(struct resolving *r, struct fault *why)
{
    const struct sealed_resolve_config config = {
        .resolve = r->config, .zone = r->zone, .zone_n = r->zone_n, .seed = r->seed, .wires = r->wires,
        .trace = r->watching.trace };
    sealed_resolve_run(&config, why);
}

static void name_hosts(struct trace *t)
{
    static const uint8_t none[4] = { 0 };
    trace_host(t, "client", none, sizeof none);
}

static void run_live(struct resolving *r, const char *const *values, struct fault *why)
{
    static const struct ground no_world = { "live.no_world", "epoll(7)" };
    if (!place_open(&r->place, values, 4, r->watching.trace, why)
        || !loop_start(&r->loop, live_world(r->place.live), r->watching.trace)) {
        refuse(why, &no_world, "memory for a world", "none");
        return;
    }
    r->config.dns.chance = live_chance(r->place.live);
    resolve_start(&r->resolve, &r->config, r->place.host);
    loop_seat(&r->loop, r->place.host, r->place.link, &r->resolve.app);
    loop_begin(&r->loop);
    while (!resolve_over(&r->resolve) && loop_turn(&r->loop))
        ;
    loop_flush(&r->loop);
    *why = r->resolve.fault;
    resolve_end(&r->resolve);
}

int resolve_run(const struct command *c, const char *const *values, const char *const *arguments, unsigned n)
{
    struct fault why = { 0 };
    struct resolving *r = n ? calloc(1, sizeof *r) : NULL;
    if (!r) {
        complain("vitrine resolve: which name? For example: vitrine resolve www.example.org");
        return 2;
    }
    r->config = (struct resolve_config){ .names = arguments, .n = n, .found = print_found, .self = r };
    int code = watch_can_write(values, NULL) && read_options(r, c, values) ? 0 : 2;
    if (code == 0 && !watch_open(&r->watching, values, !r->sealed, stderr, r->sealed ? SEALED_START : 0,
                                 r->sealed ? sealed_resolve_name_hosts : name_hosts))
        code = 23;
    if (code == 0 && r->sealed)
        run_sealed(r, &why);
    else if (code == 0)
        run_live(r, values, &why);
    loop_end(&r->loop);
    if (!r->sealed)
        place_close(&r->place);
    if (code == 0 && !watch_close(&r->watching))
        code = 23;
    if (code == 0 && why.ground && !r->said)
        words_fault(stderr, &why);
    if (code == 0 && why.ground)
        code = words_exit(&why);
    free(r->hosts);
    free(r->zone);
    free(r);
    return code;
}
