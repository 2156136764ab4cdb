/* serve_simple.c - `vitrine serve --simple`: echo, discard, daytime and chargen, to look at TCP and to measure it. */
#include "cmd/place.h"
#include "cmd/serve.h"
#include "cmd/watch.h"
#include "cmd/words.h"
#include "http/simple.h"

#include <inttypes.h>
#include <stdlib.h>

struct serving {
    struct place place;
    struct watching watching;
    struct loop loop;
    struct simple simple;
    struct addr addr; uint16_t base;
};

static void name_hosts(struct trace *t)
{
    static const uint8_t none[4] = { 0 };
    trace_host(t, "server", none, sizeof none);
}

static void tell_address(const struct serving *s)
{
    char text[ADDR_TEXT];
    words_print(stdout, "Echo (port %u), discard (%u), daytime (%u) and chargen (%u) at %s (Ctrl-C ends it)\n",
                s->base + PORT_ECHO, s->base + PORT_DISCARD, s->base + PORT_DAYTIME, s->base + PORT_CHARGEN,
                addr_text(&s->addr, text));
    fflush(stdout);
}

static bool run(struct serving *s, struct fault *why)
{
    loop_begin(&s->loop);
    while (!s->loop.stopped && loop_turn(&s->loop))
        ;
    loop_flush(&s->loop);
    char served[24], came[24], sent[24];
    snprintf(served, sizeof served, "%" PRIu64, s->simple.served);
    snprintf(came, sizeof came, "%" PRIu64, s->simple.came);
    snprintf(sent, sizeof sent, "%" PRIu64, s->simple.sent);
    words_print(stdout, "%s connections, %s octets came, %s went\n", served, came, sent);
    return s->loop.stopped || refuse(why, &live_link_lost, "a link that stays as long as we serve", "its end");
}

static int start_and_run(struct serving *s, const char *const *values)
{
    struct fault why = { 0 };
    snprintf(s->place.ports, sizeof s->place.ports, "%u,%u,%u,%u", s->base + PORT_ECHO, s->base + PORT_DISCARD,
             s->base + PORT_DAYTIME, s->base + PORT_CHARGEN);
    unsigned most = serve_connections(s->place.via != VIA_KERNEL);
    bool good = place_open(&s->place, values, most, s->watching.trace, &why) &&
                loop_start(&s->loop, live_world(s->place.live), s->watching.trace) &&
                simple_start(&s->simple, s->place.host, &s->addr, s->base, most, &why);
    if (good) {
        s->loop.programs_first = true;
        loop_seat(&s->loop, s->place.host, s->place.link, &s->simple.app);
        tell_address(s);
        good = run(s, &why);
    }
    if (good)
        return 0;
    words_fault(stderr, &why);
    return words_exit(&why);
}

int serve_simple_run(const struct command *c, const char *const *values)
{
    struct serving *s = calloc(1, sizeof *s);
    if (!s)
        return 27;
    int code = place_read(&s->place, c, values) ? 0 : 2;
    s->addr = s->place.via != VIA_KERNEL ? s->place.addr : addr_v4(127, 0, 0, 1);
    if (code == 0 && values[OPT_LISTEN] && !serve_listen(values[OPT_LISTEN], &s->addr, &s->base))
        code = 2;
    if (code == 0 && s->base > UINT16_MAX - PORT_CHARGEN) {
        complain("vitrine serve: --simple adds up to 19 to the port of --listen, and %u is too high", s->base);
        code = 2;
    }
    if (code == 0 && !watch_open(&s->watching, values, true, values[OPT_VERBOSE] ? stderr : NULL, 0, name_hosts))
        code = 23;
    if (code == 0)
        code = start_and_run(s, values);
    loop_end(&s->loop);
    place_close(&s->place);
    simple_end(&s->simple);
    if (!watch_close(&s->watching) && code == 0)
        code = 23;
    free(s);
    return code;
}
