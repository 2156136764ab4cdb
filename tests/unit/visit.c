/* A visit against a server played by the test: every way in which it can fail, and what it tells then. */
#include "http/visit.h"
#include "tests/lib/check.h"
#include "tests/lib/street.h"

#include <stdio.h>
#include <string.h>

/* What the page was written to. */
struct paper {
    struct visit_sink sink;
    unsigned heads, status;
    size_t n, others;
    char text[4096];
    bool full;
};

static void paper_head(struct visit_sink *s, const struct http_head *h)
{
    struct paper *p = (struct paper *)s;
    p->heads++;
    p->status = h->status;
}

static bool paper_body(struct visit_sink *s, unsigned which, struct bytes b)
{
    struct paper *p = (struct paper *)s;
    if (p->full)
        return false;
    if (which) {
        p->others += b.n;
        return true;
    }
    ck_assert_uint_lt(p->n + b.n, sizeof p->text);
    memcpy(p->text + p->n, b.at, b.n);
    p->n += b.n;
    return true;
}

struct scene {
    struct street street;
    struct paper paper;
    struct visit_config config;
    struct visit visit;
    const struct tls_suite *suites[32];
    struct x509_store trust;
    uint16_t groups[2];
};

/* What the server does, by call->step. */
static struct script { const char *answers[4]; bool then_close, then_break, at_once, never_close; } script;

static void play(struct street *s, struct call *c)
{
    (void)s;
    const char *asked = strstr(c->heard, "\r\n\r\n");
    bool ready = script.at_once ? c->open && c->step == 0 : asked || (c->heard[0] == 0x16 && c->n > 50);
    if (c->peer_done && c->carrier && !c->carrier->closing && !script.never_close)
        call_closes(c);
    if (!ready || c->step >= 4 || !c->carrier || c->carrier->closing)
        return;
    if (script.answers[c->step])
        call_says(c, script.answers[c->step]);
    c->n = 0;
    memset(c->heard, 0, sizeof c->heard);
    bool last = c->step == 3 || !script.answers[c->step + 1];
    c->step++;
    if (last && script.then_close)
        call_closes(c);
    if (last && script.then_break)
        call_breaks(c);
}

static struct scene *begin(const char *url, const struct script *what)
{
    static struct scene s;
    struct fault why = { 0 };
    memset(&s, 0, sizeof s);
    script = *what;
    street_start(&s.street, 1, NULL);
    s.street.met = play;
    street_listen(&s.street, 80);
    street_listen(&s.street, 443);
    s.paper.sink = (struct visit_sink){ paper_head, paper_body };
    s.config =
        (struct visit_config){ .method = "GET", .sink = &s.paper.sink, .address = addr_v4(10, 0, 0, 2) };
    ck_assert(url_parse(url, &s.config.url, &why));
    for (size_t i = 0; i < tls_n_suites; i++)
        s.suites[i] = &tls_suites[i];
    s.groups[0] = TLS_X25519;
    s.groups[1] = TLS_FFDHE2048;
    s.config.tls = (struct tls_config){ .suites = s.suites,
                                        .n_suites = tls_n_suites, .groups = s.groups, .n_groups = 2,
                                        .host = s.config.url.host, .trust = &s.trust,
                                        .chance = sealed_chance(s.street.world, 2, 1) };
    s.config.dns = (struct dns_config){ .server = { addr_v4(10, 0, 0, 2) }, .n_servers = 1, .tries = 3,
        .chance = sealed_chance(s.street.world, 2, 2) };
    return &s;
}

static void run(struct scene *s, nsec seconds)
{
    if (!s->visit.host) {
        visit_start(&s->visit, &s->config, s->street.theirs);
        s->street.app = &s->visit.app;
        street_open(&s->street);
    }
    street_until(&s->street, seconds * SECOND);
}

static void finish(struct scene *s)
{
    visit_end(&s->visit);
    street_end(&s->street);
}

static void ends_with(struct scene *s, nsec seconds, const char *id, const char *expected, const char *came)
{
    run(s, seconds);
    const struct fault *f = &s->visit.fault;
    ck_assert_msg(visit_over(&s->visit), "not over after %d s, in phase %d", (int)seconds,
                  (int)s->visit.phase);
    ck_assert_msg(f->ground != NULL, "no fault");
    ck_assert_str_eq(f->ground->id, id);
    ck_assert_msg(strstr(f->expected, expected) && strstr(f->came, came), "expected %s, came %s", f->expected,
                  f->came);
    ck_assert(!visit_whole(&s->visit) && !s->visit.page_whole);
    finish(s);
}

static void comes_whole(struct scene *s, nsec seconds, const char *page)
{
    run(s, seconds);
    const struct fault *f = &s->visit.fault;
    ck_assert_msg(visit_over(&s->visit) && !f->ground, "%s, %s", f->ground ? f->ground->id : "not over",
                  f->came);
    ck_assert(visit_whole(&s->visit));
    ck_assert_str_eq(s->paper.text, page);
}

#define PAGE "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
#define HTTP "http://www.example.test/"
#define HTTPS "https://www.example.test/"

START_TEST(a_page_comes_whole)
{
    struct scene *s = begin(HTTP, &(struct script){ .answers = { PAGE } });
    comes_whole(s, 1, "hello");
    ck_assert_uint_eq(s->paper.status, 200);
    ck_assert_uint_eq(s->visit.octets, 5);
    finish(s);
    s = begin(HTTP, &(struct script){ .answers = { "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                                                   "chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n" } });
    comes_whole(s, 1, "hello");
    finish(s);
    s = begin(HTTP, &(struct script){ .answers = { "HTTP/1.0 200 OK\r\n\r\nhello" }, .then_close = true });
    comes_whole(s, 1, "hello");
    finish(s);
    s = begin(HTTP, &(struct script){ .answers = { "HTTP/1.1 103 Early Hints\r\n\r\n" PAGE } });
    comes_whole(s, 1, "hello");
    finish(s);
}
END_TEST

START_TEST(head_has_no_body)
{
    struct scene *s =
        begin(HTTP, &(struct script){ .answers = { "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" } });
    s->config.method = "HEAD";
    comes_whole(s, 1, "");
    ck_assert_uint_eq(s->paper.heads, 1);
    finish(s);
}
END_TEST

START_TEST(further_targets_come_on_the_same_connection)
{
    static const char *const also[] = { "/two", "/three", NULL };
    struct scene *s = begin(
        HTTP, &(struct script){
                  .answers = { PAGE, "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!", PAGE } });
    s->config.also = also;
    comes_whole(s, 1, "hello");
    ck_assert_uint_eq(s->visit.which, 2);
    ck_assert_uint_eq(s->visit.status, 200);
    ck_assert_uint_eq(s->paper.others, 8);
    ck_assert_uint_eq(s->street.n_calls, 1);
    finish(s);
}
END_TEST

START_TEST(a_server_that_keeps_nothing_alive_is_no_failure)
{
    static const char *const also[] = { "/two", NULL };
    struct scene *s = begin(HTTP, &(struct script){
        .answers = { "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello" },
        .then_close = true });
    s->config.also = also;
    comes_whole(s, 1, "hello");
    ck_assert_uint_eq(s->visit.which, 0);
    finish(s);
}
END_TEST

START_TEST(a_name_that_cannot_be_had)
{
    struct scene *s = begin(HTTP, &(struct script){ .answers = { NULL } });
    /* 10.0.0.2 has no name server: its port is closed, and nobody answers */
    s->config.address.len = 0;
    ends_with(s, 20, "dns.silent", "name server", "3 queries");
    s = begin("http://www.example.invalid/", &(struct script){ .answers = { NULL } });
    s->config.address.len = 0;
    ends_with(s, 1, "dns.invalid_name", "name", ".invalid");
    s = begin(HTTP, &(struct script){ .answers = { NULL } });
    s->config.address.len = 0;
    s->config.whole_limit = 2 * SECOND;
    ends_with(s, 3, "visit.too_slow", "the name's address", "2 s");
}
END_TEST

START_TEST(a_connection_that_cannot_be_had)
{
    struct scene *s = begin("http://www.example.test:81/", &(struct script){ .answers = { NULL } });
    ends_with(s, 1, "tcp.refused", "SYN", "RST");
    s = begin(HTTP, &(struct script){ .answers = { NULL } });
    s->config.address = addr_v4(10, 0, 0, 99);
    ends_with(s, 200, "tcp.timeout", "", "");
    s = begin(HTTP, &(struct script){ .answers = { NULL } });
    s->config.address = addr_v4(10, 0, 0, 99);
    s->config.idle_limit = 5 * SECOND;
    ends_with(s, 6, "visit.silent", "the connection", "5 s");
    s = begin(HTTP, &(struct script){ .answers = { NULL } });
    s->config.address = addr_v4(224, 0, 0, 1);
    ends_with(s, 1, "ip.bad_destination", "one other host", "224.0.0.1");
}
END_TEST

START_TEST(a_handshake_that_goes_wrong)
{
    struct scene *s = begin(HTTPS, &(struct script){ .answers = { NULL } });
    s->config.idle_limit = 30 * SECOND;
    ends_with(s, 31, "visit.silent", "the end of the handshake", "30 s");
    s = begin(HTTPS, &(struct script){ .then_break = true });
    ends_with(s, 1, "visit.broken_handshake", "the rest of the handshake", "RST");
    s = begin(HTTPS, &(struct script){ .then_break = true, .at_once = true });
    ends_with(s, 1, "visit.broken_handshake", "the rest of the handshake", "RST");
    s = begin(HTTPS, &(struct script){ .then_close = true });
    ends_with(s, 1, "tls.handshake_cut", "the rest of the handshake", "end");
    s = begin(HTTPS, &(struct script){ .then_close = true, .at_once = true });
    ends_with(s, 1, "tls.handshake_cut", "the rest of the handshake", "end");
    s = begin(HTTPS,
              &(struct script){ .answers = { "HTTP/1.1 400 Bad Request\r\n\r\n" }, .then_close = true });
    ends_with(s, 1, "tls.not_tls", "a TLS record", "HTTP/1.1 400");
}
END_TEST

START_TEST(an_answer_that_does_not_come)
{
    struct scene *s = begin(HTTP, &(struct script){ .answers = { NULL } });
    s->config.idle_limit = 30 * SECOND;
    ends_with(s, 31, "visit.silent", "the whole page", "30 s");
    s = begin(HTTP, &(struct script){ .answers = { NULL } });
    s->config.whole_limit = 3 * SECOND;
    ends_with(s, 4, "visit.too_slow", "the whole page", "3 s");
    s = begin(HTTP, &(struct script){ .then_break = true });
    ends_with(s, 1, "tcp.reset", "", "");
    s = begin(HTTP, &(struct script){ .then_close = true });
    ends_with(s, 1, "http.no_response", "a response", "the end");
    s = begin(HTTP, &(struct script){ .then_close = true, .at_once = true });
    ends_with(s, 1, "http.no_response", "a response", "the end");
}
END_TEST

START_TEST(an_answer_that_is_spoiled)
{
    struct scene *s =
        begin(HTTP, &(struct script){ .answers = { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello" },
                                      .then_close = true });
    ends_with(s, 1, "http.truncated", "Content-Length", "5 of 9");
    s = begin(HTTP, &(struct script){ .answers = { "HTTP/1.1 200 OK\r\nContent-Le" }, .then_close = true });
    ends_with(s, 1, "http.head_truncated", "", "");
    s = begin(HTTP, &(struct script){ .answers = { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello" },
                                      .then_break = true });
    ends_with(s, 1, "tcp.reset", "", "");
    s = begin(HTTP, &(struct script){ .answers = { "220 mail.example.test ESMTP\r\n\r\n" } });
    ends_with(s, 1, "http.bad_status_line", "HTTP/1.1", "220");
    s = begin(HTTP, &(struct script){
                        .answers = { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" } });
    ends_with(s, 1, "http.chunk_size", "hex", "zz");
    s = begin(HTTP, &(struct script){ .answers = { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello" } });
    s->config.idle_limit = 10 * SECOND;
    ends_with(s, 11, "visit.silent", "the whole page", "10 s");
}
END_TEST

START_TEST(a_request_that_cannot_be_made)
{
    static const char *const bad[] = { "no header", NULL };
    struct scene *s = begin(HTTP, &(struct script){ .answers = { PAGE } });
    s->config.headers = bad;
    ends_with(s, 1, "http.extra_header", "Name: value", "no header");
}
END_TEST

START_TEST(a_page_that_cannot_be_written)
{
    struct scene *s = begin(HTTP, &(struct script){ .answers = { PAGE } });
    s->paper.full = true;
    ends_with(s, 1, "visit.write", "room", "writing failed");
}
END_TEST

START_TEST(an_answer_before_any_question_is_taken_or_refused_but_never_crashes)
{
    struct scene *s =
        begin(HTTP, &(struct script){ .answers = { PAGE }, .at_once = true, .then_close = true });
    comes_whole(s, 5, "hello");
    finish(s);
    s = begin(HTTP, &(struct script){ .answers = { PAGE }, .at_once = true, .then_break = true });
    run(s, 5);
    ck_assert(visit_over(&s->visit));
    ck_assert(s->visit.fault.ground || s->visit.page_whole);
    finish(s);
}
END_TEST

START_TEST(a_peer_that_never_closes_changes_nothing_in_what_came)
{
    struct scene *s = begin(HTTP, &(struct script){ .answers = { PAGE }, .never_close = true });
    s->config.close_limit = 2 * SECOND;
    s->config.idle_limit = 30 * SECOND;
    run(s, 1);
    ck_assert(!visit_over(&s->visit) && s->visit.page_whole);
    run(s, 3);
    ck_assert(visit_over(&s->visit) && s->visit.page_whole && !s->visit.fault.ground && !s->visit.closed);
    finish(s);
    s = begin(HTTP, &(struct script){ .answers = { PAGE }, .never_close = true });
    run(s, 1);
    s->visit.app.stop(&s->visit.app, s->street.loop.now);
    ck_assert_msg(visit_over(&s->visit) && !s->visit.fault.ground,
                  "whoever asks to stop now waits for nobody");
    finish(s);
}
END_TEST

/* At each moment of a visit: it ends, and says so. */
START_TEST(stopped_in_any_phase)
{
    for (nsec ms = 0; ms < 60; ms += 5)
        for (unsigned https = 0; https < 2; https++) {
            struct scene *s = begin(https ? HTTPS : HTTP, &(struct script){ .never_close = true });
            if (ms == 0)
                s->config.address.len = 0;
            s->config.close_limit = SECOND;
            run(s, 0);
            street_until(&s->street, ms * MILLISECOND);
            s->visit.app.stop(&s->visit.app, s->street.loop.now);
            run(s, 5);
            ck_assert_msg(visit_over(&s->visit), "at %d ms", (int)ms);
            ck_assert_str_eq(s->visit.fault.ground->id, "visit.stopped");
            finish(s);
        }
}
END_TEST

/* Ended in the middle: nothing leaks (the sanitizers look), nothing crashes. */
START_TEST(ended_in_the_middle)
{
    for (nsec ms = 0; ms < 60; ms += 5) {
        struct scene *s = begin(ms % 10 ? HTTP : HTTPS, &(struct script){ .answers = { PAGE } });
        run(s, 0);
        street_until(&s->street, ms * MILLISECOND);
        finish(s);
    }
}
END_TEST

int main(void)
{
    return check_run(
        "visit",
        (const TTest *[]){ a_page_comes_whole, head_has_no_body, further_targets_come_on_the_same_connection,
                           a_server_that_keeps_nothing_alive_is_no_failure, a_name_that_cannot_be_had,
                           a_connection_that_cannot_be_had, a_handshake_that_goes_wrong,
                           an_answer_that_does_not_come, an_answer_that_is_spoiled,
                           a_request_that_cannot_be_made, a_page_that_cannot_be_written,
                           an_answer_before_any_question_is_taken_or_refused_but_never_crashes,
                           a_peer_that_never_closes_changes_nothing_in_what_came, stopped_in_any_phase,
                           ended_in_the_middle, NULL });
}
