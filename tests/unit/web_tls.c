/* The web server with many guests over TLS: some say nothing, some half a ClientHello, some half a
 * request, some are served; then it is stopped. */
#include "http/made_pages.h"
#include "http/web.h"
#include "tests/lib/check.h"
#include "tests/lib/street.h"
#include "tests/lib/tls_pair.h"

#include <string.h>

enum { GUESTS = 160, SIZE = 3000 };
enum part { SILENT, HALF_HELLO, HALF_REQUEST, SERVED, PARTS };

static const char request[] = "GET / HTTP/1.1\r\nHost: www.example.test\r\n\r\n";

/* A client of the test's: its session, how far it goes, what it saw. */
struct guest {
    struct session session;
    struct test_chance chance;
    struct tls_config tls;
    enum part part;
    bool begun, asked, notified;
    struct fault fault;
    size_t heard;
};

static struct guest guests[GUESTS];
static struct tls_pair pair;
static unsigned gone;

static struct guest *guest_of(const struct street *s, const struct call *c)
{
    unsigned i = 0;
    while (i < s->n_calls && s->calls[i] != c)
        i++;
    ck_assert_uint_lt(i, GUESTS);
    return &guests[i];
}

static void ask(struct guest *g)
{
    struct span where;
    size_t n = g->part == HALF_REQUEST ? 20 : sizeof request - 1;
    if (!g->asked && session_open(&g->session))
        g->asked = session_write(&g->session, request, n, &where) == n;
}

static void play(struct street *s, struct call *c)
{
    struct guest *g = guest_of(s, c);
    if (!c->carrier->open || g->part == SILENT)
        return;
    if (g->part == HALF_HELLO) {
        if (!g->begun)
            call_writes(c, "\x16\x03\x01\x00\xf0\x01\x00", 7);
        g->begun = true;
        return;
    }
    if (!g->begun) {
        g->chance = test_chance((uint64_t)(g - guests));
        g->tls = pair.client.config;
        g->tls.chance = &g->chance.chance;
        ck_assert(session_start(&g->session, c->carrier, &g->tls, PAIR_NOW, &g->fault));
    }
    g->begun = true;
    enum session_says says;
    while ((says = session_read(&g->session, PAIR_NOW, &g->fault)) == SESSION_AGAIN || says == SESSION_DATA) {
        struct span where;
        if (says != SESSION_DATA)
            continue;
        size_t n = session_peek(&g->session, &where).n;
        g->heard += n;
        session_consume(&g->session, n);
    }
    ask(g);
    g->notified |= says == SESSION_CLOSED;
    if (says == SESSION_CLOSED)
        session_close(&g->session);
}

static struct chance *chance_of(void *self, uint32_t conn)
{
    return sealed_chance(self, 2, conn % 128);         /* a world has 256 of them */
}

static void note_gone(void *self, const struct carrier *c, const struct fault *why)
{
    (void)self, (void)c, (void)why;
    gone++;
}

static void let_them_in(struct street *s)
{
    memset(guests, 0, sizeof guests);
    gone = 0;
    s->met = play;
    for (unsigned i = 0; i < GUESTS; i++) {
        guests[i].part = (enum part)(i % PARTS);
        street_call(s, 443)->deaf = true;              /* the sessions read */
    }
}

static struct web *open_web(struct street *s, struct made_pages *pages, nsec patience)
{
    struct fault why = { 0 };
    pair_configure(&pair, &(struct pair_wish){ .seed = 1 });
    street_start(s, 1, NULL);
    made_pages_start(pages, 1, SIZE);
    struct web *w = web_new(&(struct web_config){ .tls = &pair.server.config,
                                                  .chance = chance_of, .self = s->world,
                                                  .pages = &pages->pages, .port = 443, .patience = patience,
                                                  .idle = 60 * SECOND, .gone = note_gone },
                            s->theirs, &why);
    ck_assert_msg(w != NULL, "%s", why.came);
    s->app = web_app(w);
    return w;
}

static void finish(struct street *s, struct web *w)
{
    for (unsigned i = 0; i < GUESTS; i++) {
        guests[i].session.carrier = NULL;              /* the street lets the carriers go */
        session_end(&guests[i].session);
    }
    web_free(w);
    street_end(s);
    pair_end(&pair);
}

START_TEST(all_who_ask_are_served_and_stopping_tells_everybody)
{
    static struct street s;
    static struct made_pages pages;
    struct web *w = open_web(&s, &pages, 0);
    street_open(&s);
    let_them_in(&s);
    street_until(&s, 5 * SECOND);
    ck_assert_uint_eq(web_open(w), GUESTS);
    for (unsigned i = 0; i < GUESTS; i++)
        ck_assert_msg((guests[i].heard > SIZE) == (guests[i].part == SERVED), "guest %u heard %zu octets", i,
                      guests[i].heard);
    web_app(w)->stop(web_app(w), s.loop.now);
    street_until(&s, 6 * SECOND);
    for (unsigned i = 0; i < GUESTS; i++) {
        ck_assert_msg(s.calls[i]->peer_done || s.calls[i]->ended, "guest %u is still there", i);
        if (guests[i].part == HALF_REQUEST || guests[i].part == SERVED)
            ck_assert_msg(guests[i].notified && s.calls[i]->ended && !s.calls[i]->fault.ground,
                          "guest %u: close_notify, then FIN both ways", i);
        else if (s.calls[i]->carrier)
            call_closes(s.calls[i]);
    }
    street_until(&s, 8 * SECOND);
    ck_assert_uint_eq(web_open(w), 0);
    finish(&s, w);
}
END_TEST

START_TEST(patience_ends_for_who_does_not_go_on)
{
    static struct street s;
    static struct made_pages pages;
    struct web *w = open_web(&s, &pages, 20 * SECOND);
    street_open(&s);
    let_them_in(&s);
    street_until(&s, 15 * SECOND);
    ck_assert_uint_eq(web_open(w), GUESTS);
    street_until(&s, 25 * SECOND);
    for (unsigned i = 0; i < GUESTS; i++)
        ck_assert_msg(s.calls[i]->ended == (guests[i].part != SERVED), "guest %u, part %d", i,
                      guests[i].part);
    ck_assert_uint_eq(gone, GUESTS / PARTS * 3);
    street_until(&s, 70 * SECOND);
    for (unsigned i = SERVED; i < GUESTS; i += PARTS)
        ck_assert_msg(guests[i].notified && s.calls[i]->ended, "idle for a minute: closed in order");
    ck_assert_uint_eq(web_open(w), 0);
    finish(&s, w);
}
END_TEST

/* curl says close_notify and lets its socket go; our close_notify finds nobody and is answered by a RST. */
START_TEST(who_said_goodbye_may_hang_up)
{
    static struct street s;
    static struct made_pages pages;
    struct web *w = open_web(&s, &pages, 20 * SECOND);
    street_open(&s);
    let_them_in(&s);
    street_until(&s, 5 * SECOND);
    for (unsigned i = 0; i < GUESTS; i++)
        if (guests[i].part == SERVED)
            session_close(&guests[i].session);
    street_flush(&s);
    for (unsigned i = 0; i < GUESTS; i++)
        call_breaks(s.calls[i]);
    street_until(&s, 6 * SECOND);
    ck_assert_uint_eq(web_open(w), 0);
    ck_assert_uint_eq(gone, GUESTS / PARTS * 3);      /* those who were in the middle of something */
    finish(&s, w);
}
END_TEST

int main(void)
{
    return check_run("web_tls", (const TTest *[]){ all_who_ask_are_served_and_stopping_tells_everybody,
                                                   patience_ends_for_who_does_not_go_on,
                                                   who_said_goodbye_may_hang_up, NULL });
}
