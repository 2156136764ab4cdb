/* The server's engine: what it answers, in any pieces, and what it tells. */
#include "tests/lib/check.h"
#include "tests/lib/named.h"
#include "http/client.h"
#include "http/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Pages made up: "/sizeN" has N octets, "/chunksN" too but its size is not told, "/short" ends early, "/dir"
 * lies elsewhere, "/secret" is forbidden. */
struct made { struct pages pages; int found, done; char path[HTTP_LINE_MAX]; };

static void find(struct pages *p, const char *path, struct page *out)
{
    struct made *m = (struct made *)p;
    snprintf(m->path, sizeof m->path, "%s", path);
    *out = (struct page){ .status = 404 };
    bool chunks = strncmp(path, "/chunks", 7) == 0;
    if (strcmp(path, "/") == 0)
        *out = (struct page){ .status = 200, .type = "text/html", .size = 5 };
    else if (chunks || strncmp(path, "/size", 5) == 0)
        *out = (struct page){ .status = 200,
                              .type = "text/plain",
                              .size = strtoul(path + (chunks ? 7 : 5), NULL, 10),
                              .chunked = chunks };
    else if (strcmp(path, "/short") == 0)
        *out = (struct page){ .status = 200, .type = "text/plain", .size = 100, .handle = 10 };
    else if (strcmp(path, "/dir") == 0)
        *out = (struct page){ .status = 301, .location = "/dir/?a=1&b=\"2\"" };
    else if (strcmp(path, "/evil") == 0)
        *out = (struct page){ .status = 301, .location = "/\r\nSet-Cookie: a" };
    else if (strcmp(path, "/secret") == 0)
        *out = (struct page){ .status = 403 };
    m->found += out->status == 200;
}

static uint8_t octet_at(uint64_t off) { return (uint8_t)('a' + off % 23); }

static size_t read_made(struct pages *p, const struct page *page, uint64_t off, void *out, size_t n)
{
    uint64_t end = page->handle ? (uint64_t)page->handle : page->size;
    size_t got = 0;
    (void)p;
    for (; got < n && off + got < end; got++)
        ((uint8_t *)out)[got] = octet_at(off + got);
    return got;
}

static void done(struct pages *p, const struct page *page)
{
    (void)page;
    ((struct made *)p)->done++;
}

struct run {
    struct made made;
    struct http_server *server;
    uint8_t *out;
    size_t n, room;
    size_t taken;
    struct voice voice;
    uint64_t gave;
};

static const nsec NOW = INT64_C(1709210096) * SECOND;

static struct run *run_new(struct trace *t)
{
    struct run *r = calloc(1, sizeof *r);
    ck_assert_ptr_nonnull(r);
    r->made.pages = (struct pages){ find, read_made, done };
    r->voice = (struct voice){ .trace = t };
    r->server = http_server_new(&r->made.pages, &r->voice);
    ck_assert_ptr_nonnull(r->server);
    return r;
}

static void run_free(struct run *r)
{
    http_server_free(r->server);
    ck_assert_int_eq(r->made.found, r->made.done);
    free(r->out);
    free(r);
}

/* Writes all that is due, pieces of at most `most`. */
static void pull(struct run *r, size_t most)
{
    for (;;) {
        if (r->room - r->n < most) {
            r->room = 2 * r->room + most;
            r->out = realloc(r->out, r->room);
            ck_assert_ptr_nonnull(r->out);
        }
        uint8_t *piece = malloc(most);                 /* memory of exactly that size */
        size_t n = http_server_give(r->server, piece, most, NOW);
        ck_assert_uint_le(n, most);
        if (n) {
            memcpy(r->out + r->n, piece, n);
            http_server_gave(r->server, piece, n,
                             (struct span){ .in = r->voice.trace ? trace_stream(r->voice.trace, "out", 3) : 0,
                                            .off = r->gave });
            r->gave += n;
            r->n += n;
        }
        free(piece);
        if (n == 0)
            return;
    }
}

/* Feeds octets in pieces of `step`, and pulls after each. */
static void feed(struct run *r, const char *text, size_t n, size_t step, size_t most)
{
    for (size_t at = 0; at < n;) {
        size_t have = n - at < step ? n - at : step;
        uint8_t *copy = malloc(have);
        memcpy(copy, text + at, have);
        size_t took =
            http_server_take(r->server, copy, have,
                             (struct span){ .in = r->voice.trace ? trace_stream(r->voice.trace, "in", 2) : 0,
                                            .off = at },
                             NOW);
        free(copy);
        size_t before = r->n;
        pull(r, most);
        ck_assert_msg(took || r->n > before, "neither takes nor gives, at %zu of %zu", at, n);
        at += took;
        r->taken = at;
    }
}

static struct run *served(const char *text, size_t step)
{
    struct run *r = run_new(NULL);
    feed(r, text, strlen(text), step, 4096);
    return r;
}

static bool holds(const struct run *r, const char *words)
{
    size_t n = strlen(words);
    for (size_t i = 0; i + n <= r->n; i++)
        if (memcmp(r->out + i, words, n) == 0)
            return true;
    return false;
}

#define HOST "Host: a.test\r\n"
#define DATE "Date: Thu, 29 Feb 2024 12:34:56 GMT\r\nServer: vitrine\r\n"

static void check_output(const struct run *r, const char *want)
{
    ck_assert_msg(r->n == strlen(want) && memcmp(r->out, want, r->n) == 0, "have %.*s\nwant %s", (int)r->n,
                  (const char *)r->out, want);
}

START_TEST(answers_get)
{
    struct run *r = served("GET / HTTP/1.1\r\n" HOST "\r\n", 1000);
    check_output(r, "HTTP/1.1 200 OK\r\n" DATE "Content-Type: text/html\r\nContent-Length: 5\r\n\r\nabcde");
    ck_assert(http_server_idle(r->server) && !http_server_wants_close(r->server));
    ck_assert_str_eq(r->made.path, "/");
    run_free(r);
}
END_TEST

START_TEST(answers_head_without_body)
{
    struct run *r = served("HEAD /size1000 HTTP/1.1\r\n" HOST "\r\nHEAD /chunks9 HTTP/1.1\r\n" HOST
                           "\r\nHEAD /none HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\n" HOST "\r\n",
                           1000);
    static const char want[] =
        "HTTP/1.1 200 OK\r\n" DATE "Content-Type: text/plain\r\nContent-Length: 1000\r\n\r\n"
        "HTTP/1.1 200 OK\r\n" DATE "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
        "HTTP/1.1 404 Not Found\r\n" DATE
        "Content-Type: text/html; charset=utf-8\r\nContent-Length: 154\r\n\r\n"
        "HTTP/1.1 200 OK\r\n" DATE "Content-Type: text/html\r\nContent-Length: 5\r\n\r\nabcde";
    check_output(r, want);
    run_free(r);
}
END_TEST

START_TEST(answers_options)
{
    struct run *r = served("OPTIONS * HTTP/1.1\r\n" HOST "\r\nOPTIONS /x HTTP/1.1\r\n" HOST "\r\n", 1000);
    static const char one[] = "HTTP/1.1 204 No Content\r\n" DATE "Allow: GET, HEAD, OPTIONS\r\n\r\n";
    char want[512];
    sprintf(want, "%s%s", one, one);
    check_output(r, want);
    run_free(r);
}
END_TEST

START_TEST(sends_chunks)
{
    struct run *r = run_new(NULL);
    static const char text[] = "GET /chunks100 HTTP/1.1\r\n" HOST "\r\n";
    feed(r, text, sizeof text - 1, 1000, 70);
    ck_assert(holds(r, "Transfer-Encoding: chunked\r\n\r\n40\r\nabc"));
    ck_assert(holds(r, "\r\n24\r\n"));
    ck_assert(holds(r, "\r\n0\r\n\r\n"));
    ck_assert(!holds(r, "Content-Length"));
    ck_assert(http_server_idle(r->server));
    run_free(r);
    r = served("GET /chunks0 HTTP/1.1\r\n" HOST "\r\n", 1000);
    ck_assert(holds(r, "\r\n\r\n0\r\n\r\n"));
    run_free(r);
}
END_TEST

START_TEST(serves_http_1_0)
{
    struct run *r = served("GET / HTTP/1.0\r\n\r\n", 1000);
    check_output(r, "HTTP/1.1 200 OK\r\n" DATE
                    "Content-Type: text/html\r\nContent-Length: 5\r\nConnection: close\r\n\r\nabcde");
    ck_assert(http_server_wants_close(r->server));
    run_free(r);
    r = served("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 1000);
    ck_assert(holds(r, "Connection: keep-alive\r\n"));
    ck_assert(!http_server_wants_close(r->server));
    run_free(r);
    /* no chunks there: the end ends it */
    r = served("GET /chunks5 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 1000);
    check_output(r, "HTTP/1.1 200 OK\r\n" DATE "Content-Type: text/plain\r\nConnection: close\r\n\r\nabcde");
    ck_assert(http_server_wants_close(r->server));
    run_free(r);
}
END_TEST

/* Request, status, does it close, words of the answer. */
static const struct { const char *text, *status; bool closes; const char *words; } answers[] = {
    { "GET /none HTTP/1.1\r\n" HOST "\r\n", "404", false, "There is no page at this address." },
    { "GET /secret HTTP/1.1\r\n" HOST "\r\n", "403", false, "<h1>403 Forbidden</h1>" },
    { "GET /dir HTTP/1.1\r\n" HOST "\r\n", "301", false, "\r\nLocation: /dir/?a=1&b=\"2\"\r\n" },
    { "GET /dir HTTP/1.1\r\n" HOST "\r\n", "301", false, "href=\"/dir/?a=1&amp;b=&quot;2&quot;\"" },
    { "GET /evil HTTP/1.1\r\n" HOST "\r\n", "500", true, "The page could not be made." },
    { "GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", "200", true, "Connection: close\r\n" },
    { "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", "405", false,
      "\r\nAllow: GET, HEAD, OPTIONS\r\n" },
    { "BREW / HTTP/1.1\r\n" HOST "\r\n", "405", false, "Allow: GET" },
    { "get / HTTP/1.1\r\n" HOST "\r\n", "405", false, "Allow: GET" },
    { "CONNECT a.test:443 HTTP/1.1\r\n" HOST "\r\n", "405", false, "Allow: GET" },
    { "GET / HTTP/1.1\r\n\r\n", "400", true, "(RFC 9112 §3.2)" },
    { "GET / HTTP/1.1\n" HOST "\r\n", "400", true, "Expected was CR LF" },
    { "GET /.. HTTP/1.1\r\n" HOST "\r\n", "400", true, "stays below the root" },
    { "GET /a%2fb HTTP/1.1\r\n" HOST "\r\n", "400", true, "slashes as they are" },
    { "GET / HTTP/2.0\r\n" HOST "\r\n", "505", true, "HTTP/1.1" },
    { "\x16\x03\x01\x02", "400", true, "a line of text" },
    { "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "400", true,
      "Content-Length or Transfer-Encoding" },
    { "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n", "501", true, "Not Implemented" },
    { "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5x\r\n", "400", true, "chunk size" },
    { "POST / HTTP/1.1\r\n" HOST "Content-Length: 8388609\r\n\r\n", "413", true, "longer than we read" },
    { "POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551615\r\n\r\n", "413", true,
      "longer than we read" },
    { "GET / HTTP/1.1\r\n" HOST "Expect: a-miracle\r\n\r\n", "417", true, "100-continue" },
    { "GET / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", "200", false, "abcde" },
    { "GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n", "200",
      false, "abcde" },
};

/* At once and octet by octet: the same answer, octet for octet. */
START_TEST(answers_with_the_right_status)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct run *whole = served(answers[i].text, 100000), *single = served(answers[i].text, 1);
        ck_assert_msg(whole->n > 12 && memcmp(whole->out + 9, answers[i].status, 3) == 0, "%s: %.*s",
                      answers[i].text, (int)whole->n, (const char *)whole->out);
        ck_assert_msg(http_server_wants_close(whole->server) == answers[i].closes, "%s: closes %d",
                      answers[i].text, !answers[i].closes);
        ck_assert_msg(holds(whole, "Connection: close\r\n") == answers[i].closes, "%s", answers[i].text);
        ck_assert_msg(holds(whole, answers[i].words), "%s: %.*s", answers[i].text, (int)whole->n,
                      (const char *)whole->out);
        ck_assert_msg(whole->n == single->n && memcmp(whole->out, single->out, whole->n) == 0,
                      "octet by octet: %s: %.*s", answers[i].text, (int)single->n, (const char *)single->out);
        run_free(whole);
        run_free(single);
    }
}
END_TEST

START_TEST(bounds_heads)
{
    char *text = malloc(70000);
    struct run *r;
    sprintf(text, "GET /%0*d HTTP/1.1\r\n" HOST "\r\n", 9000, 0);
    r = served(text, 1000);
    ck_assert(holds(r, "HTTP/1.1 414 URI Too Long") && http_server_wants_close(r->server));
    run_free(r);
    sprintf(text, "GET / HTTP/1.1\r\n" HOST "X: %0*d\r\n\r\n", 9000, 0);
    r = served(text, 1000);
    ck_assert(holds(r, "HTTP/1.1 431 ") && http_server_wants_close(r->server));
    run_free(r);
    size_t at = (size_t)sprintf(text, "GET / HTTP/1.1\r\n" HOST);
    for (int i = 0; i < 100; i++)
        at += (size_t)sprintf(text + at, "X: y\r\n");
    sprintf(text + at, "\r\n");
    r = served(text, 1000);
    ck_assert(holds(r, "HTTP/1.1 431 "));
    run_free(r);
    free(text);
}
END_TEST

/* 8 MiB of body are read and let go; one octet more is not. */
START_TEST(bounds_bodies)
{
    static char text[1 << 20];
    for (size_t more = 0; more <= 1; more++) {
        struct run *r = run_new(NULL);
        static const char head[] = "GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n";
        feed(r, head, sizeof head - 1, 1000, 4096);
        for (size_t i = 0; i < 8; i++) {
            char size[16];
            sprintf(size, "%zx\r\n", sizeof text + (i == 0) * more);
            feed(r, size, strlen(size), 1000, 4096);
            feed(r, text, sizeof text, sizeof text, 4096);
            if (i == 0 && more)
                feed(r, "x", 1, 1, 4096);
            feed(r, "\r\n", 2, 1, 4096);
        }
        feed(r, "0\r\n\r\n", 5, 5, 4096);
        ck_assert(holds(r, more ? "HTTP/1.1 413 " : "HTTP/1.1 200 "));
        ck_assert(http_server_wants_close(r->server) == (more == 1));
        run_free(r);
    }
}
END_TEST

START_TEST(says_continue)
{
    static const char head[] = "GET / HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\nContent-Length: 5\r\n\r\n";
    struct run *r = run_new(NULL);
    feed(r, head, sizeof head - 1, 1000, 4096);
    check_output(r, "HTTP/1.1 100 Continue\r\n\r\n");
    ck_assert(!http_server_idle(r->server));
    feed(r, "hello", 5, 5, 4096);
    check_output(r, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" DATE
                    "Content-Type: text/html\r\nContent-Length: 5\r\n\r\nabcde");
    ck_assert(http_server_idle(r->server));
    run_free(r);
    /* it did not wait */
    r = served("GET / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello", 1000);
    ck_assert(!holds(r, "100 Continue") && holds(r, "200 OK"));
    run_free(r);
    r = run_new(NULL);
    static const char put[] = "PUT / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n";
    feed(r, put, sizeof put - 1, 1000, 4096);
    ck_assert(holds(r, "HTTP/1.1 405 ") && holds(r, "Connection: close")
              && http_server_wants_close(r->server));
    run_free(r);
}
END_TEST

START_TEST(answers_a_pipeline_in_order)
{
    static const char text[] = "GET /size3 HTTP/1.1\r\n" HOST "\r\nGET /none HTTP/1.1\r\n" HOST
                               "\r\n\r\nPOST / HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nGET "
                               "HEAD / HTTP/1.1\r\n" HOST "\r\nGET /chunks2 HTTP/1.1\r\n" HOST
                               "Connection: close\r\n\r\nGET /size4 HTTP/1.1\r\n" HOST "\r\n";
    struct run *want = served(text, 1000);
    static const char *const order[] = { "Content-Length: 3", "404 Not Found", "405 Method", "200 OK",
                                         "2\r\nab\r\n0\r\n\r\n" };
    const uint8_t *at = want->out;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        size_t n = strlen(order[i]);
        while (at + n <= want->out + want->n && memcmp(at, order[i], n) != 0)
            at++;
        ck_assert_msg(at + n <= want->out + want->n, "no %s in its place", order[i]);
    }
    ck_assert(!holds(want, "Content-Length: 4\r\n"));  /* the request behind the last is let go */
    ck_assert(http_server_wants_close(want->server));
    ck_assert_uint_eq(want->taken, sizeof text - 1);
    for (size_t step = 1; step < 60; step++) {
        struct run *r = served(text, step);
        ck_assert_msg(r->n == want->n && memcmp(r->out, want->out, r->n) == 0, "steps of %zu", step);
        run_free(r);
    }
    run_free(want);
}
END_TEST

START_TEST(waits_until_a_piece_has_gone)
{
    static const char text[] = "GET / HTTP/1.1\r\n" HOST "\r\nGET /size7 HTTP/1.1\r\n" HOST "\r\n";
    struct run *r = run_new(NULL);
    uint8_t piece[512], next[512];
    size_t used =
        http_server_take(r->server, (const uint8_t *)text, sizeof text - 1, (struct span){ 0 }, NOW);
    ck_assert_uint_eq(used, strlen("GET / HTTP/1.1\r\n" HOST "\r\n"));
    size_t n = http_server_give(r->server, piece, sizeof piece, NOW);      /* head and page in one */
    ck_assert_uint_gt(n, 5);
    check_bytes(piece + n - 5, "abcde", 5);
    ck_assert_uint_eq(http_server_give(r->server, next, sizeof next, NOW), 0);
    ck_assert(!http_server_idle(r->server));
    ck_assert_uint_eq(http_server_take(r->server, (const uint8_t *)text + used, 10, (struct span){ 0 }, NOW),
                      0);
    http_server_gave(r->server, piece, 3, (struct span){ 0 });
    ck_assert(!http_server_idle(r->server));
    http_server_gave(r->server, piece + 3, n - 3, (struct span){ 0 });
    ck_assert(http_server_idle(r->server));
    ck_assert_uint_eq(http_server_give(r->server, piece, HTTP_GIVE_LEAST - 1, NOW), 0);
    run_free(r);
}
END_TEST

START_TEST(a_page_that_ends_early_ends_the_connection)
{
    struct run *r = served("GET /short HTTP/1.1\r\n" HOST "\r\n", 1000);
    ck_assert(holds(r, "Content-Length: 100\r\n\r\nabcdefghij"));
    ck_assert(http_server_wants_close(r->server));
    run_free(r);
}
END_TEST

START_TEST(an_end_in_a_request_is_told)
{
    struct named *n = named_new();
    struct run *r = run_new(n->trace);
    feed(r, "GET / HT", 8, 8, 4096);
    http_server_ended(r->server);
    ck_assert(http_server_wants_close(r->server));
    ck_assert_str_eq(n->fault.name, "http.head_truncated");
    run_free(r);
    r = run_new(n->trace);
    static const char half[] = "GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3";
    feed(r, half, sizeof half - 1, 1000, 4096);
    http_server_ended(r->server);
    ck_assert_str_eq(n->fault.name, "http.truncated");
    run_free(r);
    ck_assert_uint_eq(n->faults, 2);
    r = run_new(n->trace);
    feed(r, "GET / HTTP/1.1\r\n" HOST "\r\n", 32, 1000, 4096);
    ck_assert(!http_server_wants_close(r->server));
    http_server_ended(r->server);
    ck_assert(http_server_wants_close(r->server));
    ck_assert_uint_eq(n->faults, 2);
    named_check(n);
    run_free(r);
    named_free(n);
}
END_TEST

/* Whatever comes and in whatever pieces: each octet, ours and theirs, lies in one buffer and has one name. */
START_TEST(names_every_octet)
{
    static const char pipeline[] =
        "GET /size300 HTTP/1.1\r\n" HOST "\r\n\r\nGET /chunks300 HTTP/1.1\r\n" HOST
        "Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n"
        "HEAD / HTTP/1.1\r\n" HOST "\r\nGET /none HTTP/1.0\r\n\r\nall this is let go";
    static const size_t steps[] = { 1, 2, 7, 64, 1000 };
    for (size_t i = 0; i < 1 + sizeof answers / sizeof *answers; i++)
        for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
            const char *text = i ? answers[i - 1].text : pipeline;
            struct named *n = named_new();
            struct run *r = run_new(n->trace);
            size_t octets = 0;
            feed(r, text, strlen(text), steps[k], 64 + steps[k]);
            http_server_ended(r->server);
            named_check(n);
            for (size_t b = 0; b < n->n_buffers; b++) {
                octets += n->buffers[b].n;
                ck_assert_msg(n->buffers[b].spanned == n->buffers[b].n, "%s lies nowhere",
                              n->buffers[b].what);
            }
            ck_assert_msg(octets == strlen(text) + r->n, "%zu octets told, %zu in and %zu out: %s", octets,
                          strlen(text), r->n, text);
            run_free(r);
            named_free(n);
        }
}
END_TEST

START_TEST(tells_what_happens)
{
    struct named *n = named_new();
    struct run *r = run_new(n->trace);
    static const char text[] = "GET /size5 HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\nHost : a.test\r\n\r\n";
    feed(r, text, sizeof text - 1, 1000, 4096);
    ck_assert_str_eq(n->buffers[0].what, "message request");
    ck_assert_str_eq(n->buffers[0].label, "GET /size5 HTTP/1.1");
    ck_assert_str_eq(n->buffers[1].what, "message response");
    ck_assert_str_eq(n->buffers[1].label, "HTTP/1.1 200 OK, 5 octets, text/plain");
    ck_assert_str_eq(n->buffers[2].what, "buffer body");
    ck_assert_uint_eq(n->http, 2);
    ck_assert_uint_eq(n->faults, 1);
    ck_assert_str_eq(n->fault.name, "http.space_before_colon");
    ck_assert_str_eq(n->fault.rfc, "RFC 9112 §5.1");
    ck_assert_str_eq(n->fault.answer, "HTTP 400");
    ck_assert_str_eq(named_value(n, "target", 0), "/size5");
    ck_assert_str_eq(named_value(n, "status_code", 0), "200");
    ck_assert_str_eq(named_value(n, "body", 0), "abcde");
    run_free(r);
    named_free(n);
}
END_TEST

int main(void)
{
    return check_run("http_server",
                     (const TTest *[]){
                         answers_get, answers_head_without_body, answers_options, sends_chunks,
                         serves_http_1_0, answers_with_the_right_status, bounds_heads, bounds_bodies,
                         says_continue, answers_a_pipeline_in_order, waits_until_a_piece_has_gone,
                         a_page_that_ends_early_ends_the_connection, an_end_in_a_request_is_told,
                         names_every_octet, tells_what_happens, NULL });
}
