/* The web server with many guests: idle ones, half-way ones, slow ones, rude ones, beside those that are
 * served; in virtual time. */
#include "http/made_pages.h"
#include "http/web.h"
#include "tests/lib/check.h"
#include "tests/lib/street.h"

#include <stdio.h>
#include <string.h>

static struct gone { unsigned n; char last[64]; } gone;

static void note_gone(void *self, const struct carrier *c, const struct fault *why)
{
    (void)self, (void)c;
    gone.n++;
    snprintf(gone.last, sizeof gone.last, "%s", why->ground->id);
}

struct scene { struct street street; struct made_pages pages; struct web *web; };

static struct scene *open_web(unsigned places, nsec patience, nsec idle, uint64_t size)
{
    static struct scene s;
    struct fault why = { 0 };
    memset(&gone, 0, sizeof gone);
    street_start(&s.street, 1, NULL);
    made_pages_start(&s.pages, 1, size);
    s.web = web_new(&(struct web_config){ .pages = &s.pages.pages,
                                          .port = STREET_PORT, .connections = places, .patience = patience,
                                          .idle = idle, .gone = note_gone },
                    s.street.theirs, &why);
    ck_assert_msg(s.web != NULL, "%s", why.came);
    s.street.app = web_app(s.web);
    street_open(&s.street);
    return &s;
}

static void close_web(struct scene *s)
{
    web_free(s->web);
    street_end(&s->street);
}

static struct call *caller(struct scene *s) { return street_call(&s->street, STREET_PORT); }
static void until(struct scene *s, nsec seconds) { street_until(&s->street, seconds * SECOND); }

#define REQUEST "GET / HTTP/1.1\r\nHost: web.test\r\n\r\n"
#define LAST_REQUEST "GET / HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n"

static unsigned answers(const struct call *c)
{
    unsigned n = 0;
    for (const char *at = c->heard; (at = strstr(at, "HTTP/1.1 200 OK")) != NULL; at++)
        n++;
    return n;
}

START_TEST(serves_beside_hundreds_that_are_idle_or_half_way)
{
    struct scene *s = open_web(0, 20 * SECOND, 60 * SECOND, 100);
    struct call *idle[300], *half[300];
    for (unsigned i = 0; i < 300; i++)
        idle[i] = caller(s);
    for (unsigned i = 0; i < 300; i++)
        half[i] = caller(s);
    until(s, 1);
    for (unsigned i = 0; i < 300; i++)
        call_writes(half[i], REQUEST, 1 + i % (sizeof REQUEST - 3));
    until(s, 2);
    struct call *live = caller(s);
    street_until(&s->street, 2050 * MILLISECOND);
    call_says(live, LAST_REQUEST);
    street_until(&s->street, 2200 * MILLISECOND);
    ck_assert_msg(live->ended == false && live->peer_done, "answered and closed within four ways");
    ck_assert_uint_eq(answers(live), 1);
    ck_assert_uint_eq(web_open(s->web), 601);
    until(s, 10);
    for (unsigned i = 0; i < 300; i++)
        call_writes(half[i], &REQUEST[1 + i % (sizeof REQUEST - 3)],
                    sizeof REQUEST - 2 - i % (sizeof REQUEST - 3));
    until(s, 11);
    for (unsigned i = 0; i < 300; i++)
        ck_assert_uint_eq(answers(half[i]), 1);
    ck_assert_uint_eq(gone.n, 0);
    for (unsigned i = 0; i < 300; i++)
        ck_assert(!idle[i]->peer_done && !half[i]->peer_done);
    close_web(s);
}
END_TEST

START_TEST(an_octet_a_second_is_too_slow)
{
    struct scene *s = open_web(0, 20 * SECOND, 60 * SECOND, 100);
    struct call *c = caller(s);
    unsigned sent = 0;
    for (unsigned second = 1; second <= 30 && !c->ended; second++) {
        until(s, second);
        if (c->carrier)
            call_writes(c, &REQUEST[sent++], 1);
    }
    ck_assert(c->ended);
    ck_assert_str_eq(c->fault.ground->id, "tcp.reset");
    ck_assert_msg(sent >= 20 && sent <= 24, "patience ended after %u octets", sent);
    ck_assert_str_eq(gone.last, "web.too_slow");
    ck_assert_uint_eq(gone.n, 1);
    ck_assert_uint_eq(web_open(s->web), 0);
    ck_assert(!web_closed_well(s->web));
    close_web(s);
}
END_TEST

START_TEST(who_is_idle_too_long_is_closed_in_order)
{
    struct scene *s = open_web(0, 20 * SECOND, 60 * SECOND, 100);
    struct call *c = caller(s);
    until(s, 50);
    call_says(c, REQUEST);
    until(s, 105);
    ck_assert(answers(c) == 1 && !c->peer_done);
    until(s, 115);
    ck_assert_msg(c->peer_done && !c->ended, "60 s after the answer: FIN");
    call_closes(c);
    until(s, 200);
    ck_assert(c->ended && !c->fault.ground);
    ck_assert_uint_eq(gone.n, 0);
    ck_assert(web_closed_well(s->web));
    close_web(s);
}
END_TEST

START_TEST(who_never_closes_is_let_go)
{
    struct scene *s = open_web(0, 20 * SECOND, 60 * SECOND, 100);
    struct call *c = caller(s);
    until(s, 1);
    call_says(c, LAST_REQUEST);
    until(s, 15);
    ck_assert(answers(c) == 1 && c->peer_done && web_open(s->web) == 1);
    until(s, 25);
    ck_assert_uint_eq(web_open(s->web), 0);
    ck_assert_uint_eq(gone.n, 0);
    close_web(s);
}
END_TEST

/* The page lies ready for longer than anybody's patience; it goes on whenever the client reads. */
START_TEST(a_slow_reader_gets_the_whole_page)
{
    enum { SIZE = 400000 };
    struct scene *s = open_web(0, 20 * SECOND, 60 * SECOND, SIZE);
    struct call *c = caller(s);
    until(s, 1);
    c->deaf = true;
    call_says(c, LAST_REQUEST);
    nsec second = 1;
    for (; c->total <= SIZE && !c->ended && second < 600; second += 15) {
        until(s, second);
        struct bytes b = ring_peek(&c->carrier->in);
        size_t n = b.n < 20000 ? b.n : 20000;         /* 20 KB every 15 s */
        c->total += n;
        if (n)
            ring_consume(&c->carrier->in, n);
        carrier_touch(c->carrier, 0);
    }
    ck_assert_msg(c->total > SIZE, "%zu octets in %d s, %s", c->total, (int)second,
                  c->ended ? "broken off" : "not ended");
    ck_assert_int_gt(second, 200);
    ck_assert_uint_eq(gone.n, 0);
    close_web(s);
}
END_TEST

/* A deaf client reads at last; its window opens, and what comes back is a RST. */
static bool reads_reset(struct scene *s, struct call *c)
{
    c->deaf = false;
    if (c->carrier) {
        ring_consume(&c->carrier->in, ring_peek(&c->carrier->in).n);
        carrier_touch(c->carrier, 0);
    }
    street_until(&s->street, s->street.loop.now - STREET_START + SECOND);
    return c->ended && strcmp(c->fault.ground->id, "tcp.reset") == 0;
}

START_TEST(who_reads_nothing_is_broken_off)
{
    struct scene *s = open_web(0, 20 * SECOND, 60 * SECOND, 400000);
    struct call *c = caller(s);
    until(s, 1);
    c->deaf = true;
    call_says(c, LAST_REQUEST);
    until(s, 60);
    ck_assert_str_eq(gone.last, "web.too_slow");
    ck_assert_uint_eq(web_open(s->web), 0);
    ck_assert_msg(reads_reset(s, c), "the client hears of it when it reads at last");
    close_web(s);
}
END_TEST

START_TEST(when_full_the_one_that_stood_still_longest_goes)
{
    struct scene *s = open_web(4, 0, 0, 100);
    struct call *c[4];
    for (unsigned i = 0; i < 4; i++) {
        c[i] = caller(s);
        until(s, i + 1);
    }
    call_says(c[0], REQUEST);
    until(s, 10);
    struct call *newcomer = caller(s);
    until(s, 11);
    call_says(newcomer, REQUEST);
    until(s, 12);
    ck_assert_uint_eq(answers(newcomer), 1);
    ck_assert_msg(c[1]->ended && !c[0]->ended && !c[2]->ended && !c[3]->ended,
                  "the second had to go: the first had asked since");
    ck_assert_str_eq(gone.last, "web.crowded");
    ck_assert_uint_eq(web_open(s->web), 4);
    close_web(s);
}
END_TEST

START_TEST(when_all_came_at_once_the_newcomers_go)    /* else a crowd would send each other away */
{
    struct scene *s = open_web(3, 0, 0, 100);
    struct call *c[5];
    for (unsigned i = 0; i < 4; i++)
        c[i] = caller(s);
    until(s, 1);
    ck_assert(!c[0]->ended && !c[1]->ended && !c[2]->ended && c[3]->ended);
    ck_assert_str_eq(gone.last, "web.crowded");
    until(s, 2);
    c[4] = caller(s);                                 /* a second later the first makes room */
    until(s, 3);
    ck_assert(c[0]->ended && !c[1]->ended && !c[2]->ended && !c[4]->ended);
    close_web(s);
}
END_TEST

START_TEST(pipelined_requests_are_answered_in_order)
{
    struct scene *s = open_web(0, 20 * SECOND, 60 * SECOND, 100);
    struct call *c = caller(s);
    until(s, 1);
    for (unsigned i = 0; i < 20; i++)
        call_says(c, i % 2 ? REQUEST : "GET /style.css HTTP/1.1\r\nHost: web.test\r\n\r\n");
    call_says(c, LAST_REQUEST);
    until(s, 3);
    ck_assert_uint_eq(answers(c), 21);
    ck_assert(c->peer_done);
    const char *css = strstr(c->heard, "text/css"), *html = strstr(c->heard, "text/html");
    ck_assert_msg(css && html && css < html, "first asked, first answered");
    close_web(s);
}
END_TEST

/* Plain HTTP: a client may close its half and read on. */
START_TEST(a_client_that_closed_its_half_gets_its_whole_page)
{
    struct scene *s = open_web(0, 20 * SECOND, 60 * SECOND, 300000);
    struct call *c = caller(s);
    until(s, 1);
    call_says(c, REQUEST);
    call_closes(c);
    until(s, 10);
    ck_assert_uint_gt(c->total, 300000);
    ck_assert(c->ended && !c->fault.ground);
    until(s, 11);
    ck_assert(web_closed_well(s->web));
    close_web(s);
}
END_TEST

START_TEST(a_client_that_breaks_off_is_told_once)
{
    struct scene *s = open_web(0, 20 * SECOND, 60 * SECOND, 300000);
    struct call *c = caller(s);
    until(s, 1);
    call_says(c, REQUEST);
    street_until(&s->street, 1030 * MILLISECOND);
    call_breaks(c);
    until(s, 30);
    ck_assert_uint_eq(web_open(s->web), 0);
    ck_assert_uint_eq(gone.n, 1);
    ck_assert_str_eq(gone.last, "tcp.reset");
    close_web(s);
}
END_TEST

START_TEST(a_bad_request_is_answered_and_closed)
{
    struct scene *s = open_web(0, 20 * SECOND, 60 * SECOND, 100);
    struct call *c = caller(s);
    until(s, 1);
    call_says(c,
              "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n" REQUEST);
    until(s, 2);
    ck_assert_ptr_eq(strstr(c->heard, "HTTP/1.1 400"), c->heard);
    ck_assert_msg(answers(c) == 0 && c->peer_done, "what follows is no request any more");
    close_web(s);
}
END_TEST

START_TEST(stopped_it_closes_each_connection_as_soon_as_nothing_is_due)
{
    enum { SIZE = 300000 };
    struct scene *s = open_web(0, 20 * SECOND, 60 * SECOND, SIZE);
    struct call *idle = caller(s), *half = caller(s), *loading = caller(s), *served = caller(s);
    until(s, 1);
    call_says(half, "GET / HT");
    call_says(served, "HEAD / HTTP/1.1\r\nHost: web.test\r\n\r\n");
    until(s, 2);
    call_says(loading, REQUEST);
    street_until(&s->street, 2030 * MILLISECOND);
    ck_assert(loading->total && loading->total < SIZE);
    web_app(s->web)->stop(web_app(s->web), s->street.loop.now);
    until(s, 10);
    ck_assert(idle->peer_done && half->peer_done && served->peer_done && loading->peer_done);
    ck_assert_uint_gt(loading->total, SIZE);
    struct call *late = caller(s);
    until(s, 11);
    ck_assert_msg(late->ended, "nobody is let in any more");
    call_closes(idle), call_closes(half), call_closes(loading), call_closes(served);
    until(s, 12);
    ck_assert_uint_eq(web_open(s->web), 0);
    ck_assert_uint_eq(gone.n, 0);
    ck_assert(web_closed_well(s->web));
    close_web(s);
}
END_TEST

START_TEST(stopped_twice_it_breaks_off_what_is_left)
{
    struct scene *s = open_web(0, 0, 0, 300000);
    struct call *c = caller(s);
    until(s, 1);
    c->deaf = true;
    call_says(c, REQUEST);
    until(s, 2);
    web_app(s->web)->stop(web_app(s->web), s->street.loop.now);
    until(s, 60);
    ck_assert(!c->ended && web_open(s->web) == 1);
    web_app(s->web)->stop(web_app(s->web), s->street.loop.now);
    ck_assert_uint_eq(web_open(s->web), 0);
    ck_assert_str_eq(gone.last, "web.stopped");
    ck_assert(reads_reset(s, c));
    close_web(s);
}
END_TEST

START_TEST(a_port_that_is_taken_is_refused)
{
    struct scene *s = open_web(0, 0, 0, 100);
    struct fault why = { 0 };
    ck_assert_ptr_null(web_new(&(struct web_config){ .pages = &s->pages.pages, .port = STREET_PORT },
                               s->street.theirs, &why));
    ck_assert_str_eq(why.ground->id, "tcp.port_taken");
    close_web(s);
}
END_TEST

int main(void)
{
    return check_run(
        "web",
        (const TTest *[]){ serves_beside_hundreds_that_are_idle_or_half_way, an_octet_a_second_is_too_slow,
                           who_is_idle_too_long_is_closed_in_order, who_never_closes_is_let_go,
                           a_slow_reader_gets_the_whole_page, who_reads_nothing_is_broken_off,
                           when_full_the_one_that_stood_still_longest_goes,
                           when_all_came_at_once_the_newcomers_go, pipelined_requests_are_answered_in_order,
                           a_client_that_closed_its_half_gets_its_whole_page,
                           a_client_that_breaks_off_is_told_once, a_bad_request_is_answered_and_closed,
                           stopped_it_closes_each_connection_as_soon_as_nothing_is_due,
                           stopped_twice_it_breaks_off_what_is_left, a_port_that_is_taken_is_refused, NULL });
}
