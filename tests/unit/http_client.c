/* The client's engine: what it asks, what it takes in any pieces, what it refuses, what it tells. */
#include "tests/lib/check.h"
#include "tests/lib/named.h"
#include "http/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct url url_of(const char *text)
{
    struct url u;
    struct fault why = { 0 };
    ck_assert_msg(url_parse(text, &u, &why), "%s", text);
    return u;
}

static struct http_client *asked(const struct voice *v, const char *method)
{
    struct url u = url_of("https://www.example.test/a?b");
    struct http_client *c = http_client_new(v);
    struct fault why = { 0 };
    ck_assert_ptr_nonnull(c);
    ck_assert_msg(http_client_ask(c, &u, method, NULL, &why), "%s", why.ground ? why.ground->id : "");
    return c;
}

static void check_request(struct http_client *c, const char *want)
{
    char out[2048];
    size_t n = 0, more;
    while ((more = http_client_give(c, (uint8_t *)out + n, 7)) > 0)       /* cut anywhere */
        n += more;
    ck_assert_uint_eq(n, strlen(want));
    check_bytes(out, want, n);
}

START_TEST(asks)
{
    struct http_client *c = asked(&(struct voice){ 0 }, "GET");
    check_request(
        c, "GET /a?b HTTP/1.1\r\nHost: www.example.test\r\nUser-Agent: vitrine\r\nAccept: */*\r\n\r\n");
    ck_assert_ptr_null(http_client_head(c));
    http_client_free(c);
}
END_TEST

START_TEST(asks_with_headers_of_the_caller)
{
    static const char *const extra[] = { "user-agent: me", "X-A:b", "X-Empty:", "Host: other.test:8443",
                                         NULL };
    struct url u = url_of("http://10.0.0.80:8080/");
    struct http_client *c = http_client_new(&(struct voice){ 0 });
    struct fault why = { 0 };
    ck_assert(http_client_ask(c, &u, "HEAD", NULL, &why));
    check_request(c, "HEAD / HTTP/1.1\r\nHost: 10.0.0.80:8080\r\nUser-Agent: vitrine\r\nAccept: */*\r\n\r\n");
    http_client_free(c);
    c = http_client_new(&(struct voice){ 0 });
    ck_assert(http_client_ask(c, &u, "OPTIONS", extra, &why));
    check_request(c, "OPTIONS / HTTP/1.1\r\nAccept: */*\r\nuser-agent: me\r\nX-A: b\r\nX-Empty: \r\nHost: "
                     "other.test:8443\r\n\r\n");
    http_client_free(c);
}
END_TEST

START_TEST(asks_nothing_that_smuggles)
{
    static const struct { const char *ground, *method, *extra; } rows[] = {
        { "http.extra_header", "GET", "X: a\r\nY: b" }, { "http.extra_header", "GET", "X\r\nY: b" },
        { "http.extra_header", "GET", "no colon" },
        { "http.extra_header", "GET", "X : a" }, { "http.extra_header", "GET", ": a" },
        { "http.extra_header", "GET", "Content-Length: 5" },
        { "http.extra_header", "GET", "transfer-encoding: chunked" },
        { "http.extra_header", "GET", "X: a\x01" },
        { "http.method", "GE T", NULL }, { "http.method", "", NULL }, { "http.method", "GET\r\nX: y", NULL },
        { "http.method", "AMETHODOFMORETHANMANYLETTERS", NULL },
        { "http.host", "GET", "Host: a b" },
    };
    struct url u = url_of("https://a.test/");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const extra[] = { rows[i].extra, NULL };
        struct http_client *c = http_client_new(&(struct voice){ 0 });
        struct fault why = { 0 };
        uint8_t out[16];
        ck_assert_msg(!http_client_ask(c, &u, rows[i].method, extra, &why), "asked: %s, %s", rows[i].method,
                      rows[i].extra);
        ck_assert_str_eq(why.ground->id, rows[i].ground);
        ck_assert_uint_eq(http_client_give(c, out, sizeof out), 0);
        http_client_free(c);
    }
}
END_TEST

struct answer {
    enum http_says says;
    char data[4096];
    size_t n, taken;
    unsigned status;
    bool keep_alive;
    struct fault why;
};

/* Takes the octets in pieces of `step`; then, unless it is done, the end. */
static struct answer take_all(struct http_client *c, struct trace *t, const char *text, size_t n, size_t step)
{
    struct answer a = { .says = HTTP_WANTS };
    for (size_t come = 0; a.says != HTTP_DONE && a.says != HTTP_FAILED;) {
        if (a.says == HTTP_WANTS) {
            ck_assert_uint_eq(a.taken, come);          /* who wants more has taken all */
            if (come == n)
                break;
            come = come + step < n ? come + step : n;
        }
        size_t left = come - a.taken, taken = 0;
        uint8_t *copy = malloc(left ? left : 1);
        struct bytes body;
        memcpy(copy, text + a.taken, left);
        struct span where = { .in = t ? trace_stream(t, "in", 2) : 0, .off = a.taken };
        a.says = http_client_take(c, copy, left, where, &taken, &body, &a.why);
        if (a.says == HTTP_BODY) {
            ck_assert(body.n > 0 && body.at >= copy && body.at + body.n <= copy + left);
            memcpy(a.data + a.n, body.at, body.n);
            a.n += body.n;
        }
        a.taken += taken;
        free(copy);
    }
    if (a.says == HTTP_WANTS)
        a.says = http_client_ended(c, &a.why);
    a.status = http_client_head(c) ? http_client_head(c)->status : 0;
    a.keep_alive = http_client_keep_alive(c);
    return a;
}

static const struct {
    const char *method, *text, *data;
    unsigned status;
    size_t behind;
    bool keep_alive;
} good[] = {
    { "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", 200, 0, true },
    { "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1", "hello", 200, 8, true },
    { "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", 200, 0, true },
    { "GET",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nA: b\r\n\r\n",
      "hello", 200, 0, true },
    { "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nx", "", 200,
      1, false },
    { "GET", "HTTP/1.1 200 OK\r\n\r\nhello", "hello", 200, 0, false },
    { "GET", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", 200, 0, false },
    { "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "", 200, 0, true },
    { "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "", 304, 0, true },
    { "GET", "HTTP/1.1 204 No Content\r\n\r\n", "", 204, 0, true },
    { "GET",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 404 Not "
      "Found\r\nContent-Length: 2\r\n\r\nno",
      "no", 404, 0, true },
};

START_TEST(takes_responses_in_any_pieces)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        for (size_t step = 1; step <= strlen(good[i].text); step++) {
            struct http_client *c = asked(&(struct voice){ 0 }, good[i].method);
            uint8_t out[512];
            http_client_give(c, out, sizeof out);
            struct answer a = take_all(c, NULL, good[i].text, strlen(good[i].text), step);
            ck_assert_msg(a.says == HTTP_DONE, "steps of %zu: %s: %s", step,
                          a.why.ground ? a.why.ground->id : "", good[i].text);
            ck_assert_msg(a.n == strlen(good[i].data) && memcmp(a.data, good[i].data, a.n) == 0,
                          "steps of %zu: %.*s: %s", step, (int)a.n, a.data, good[i].text);
            ck_assert_uint_eq(a.status, good[i].status);
            ck_assert_msg(a.taken == strlen(good[i].text) - good[i].behind, "steps of %zu: took %zu: %s",
                          step, a.taken, good[i].text);
            ck_assert_msg(a.keep_alive == good[i].keep_alive, "%s", good[i].text);
            http_client_free(c);
        }
}
END_TEST

static const struct { const char *ground, *text, *came; } bad[] = {
    { "http.no_response", "", "end of the connection" },
    { "http.head_truncated", "HTTP/1.1 200 OK\r\nContent-", "25 octets" },
    { "http.bad_status_line", "SSH-2.0-OpenSSH_9.2\r\n", "S" },
    { "http.bad_status_line", "<html>", "<" },
    { "http.not_http", "HTTP/\x01" "1.1 200 OK\r\n\r\n", NULL },
    { "http.bad_status_line", "\x15\x03\x03\x00\x02\x02\x46", "" },
    { "http.version", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/2.0" },
    { "http.both_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      "both" },
    { "http.content_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
      "several" },
    { "http.truncated", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello", "5 of 6 octets" },
    { "http.truncated", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      "the end after 5 octets" },
    { "http.truncated", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
      "the end after 5 octets" },
    { "http.chunk_size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n", "hello" },
    { "http.chunk_end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n", NULL },
    { "http.upgrade", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "101" },
    { "http.bare_lf", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", NULL },
};

START_TEST(refuses_bad_responses_in_any_pieces)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        for (size_t step = 1; step <= strlen(bad[i].text) + 1; step++) {
            struct http_client *c = asked(&(struct voice){ 0 }, "GET");
            struct answer a = take_all(c, NULL, bad[i].text, strlen(bad[i].text), step);
            ck_assert_msg(a.says == HTTP_FAILED, "taken, steps of %zu: %s", step, bad[i].text);
            ck_assert_msg(a.why.ground && strcmp(a.why.ground->id, bad[i].ground) == 0,
                          "%s, should be %s: steps of %zu: %s", a.why.ground ? a.why.ground->id : "",
                          bad[i].ground, step, bad[i].text);
            ck_assert_msg(!bad[i].came || strstr(a.why.came, bad[i].came), "\"%s\": %s", a.why.came,
                          bad[i].text);
            ck_assert(!a.keep_alive);
            http_client_free(c);
        }
}
END_TEST

START_TEST(interim_responses_have_an_end)
{
    char text[4096] = "";
    for (int i = 0; i < HTTP_INTERIM_MAX; i++)
        strcat(text, "HTTP/1.1 100 Continue\r\n\r\n");
    strcat(text, "HTTP/1.1 204 No Content\r\n\r\n");
    struct http_client *c = asked(&(struct voice){ 0 }, "GET");
    ck_assert_int_eq(take_all(c, NULL, text, strlen(text), 1000).says, HTTP_DONE);
    http_client_free(c);
    memmove(text + 25, text, strlen(text) + 1);
    c = asked(&(struct voice){ 0 }, "GET");
    struct answer a = take_all(c, NULL, text, strlen(text), 1000);
    ck_assert_int_eq(a.says, HTTP_FAILED);
    ck_assert_str_eq(a.why.ground->id, "http.interim");
    http_client_free(c);
}
END_TEST

START_TEST(asks_again_on_the_same_connection)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    struct url u = url_of("https://a.test/");
    struct fault why = { 0 };
    uint8_t out[512];
    struct http_client *c = asked(&(struct voice){ 0 }, "GET");
    ck_assert(!http_client_ask(c, &u, "GET", NULL, &why));                     /* one at a time */
    ck_assert_str_eq(why.ground->id, "http.busy");
    why = (struct fault){ 0 };
    for (int i = 0; i < 3; i++) {
        ck_assert(http_client_give(c, out, sizeof out) > 0);
        struct answer a = take_all(c, NULL, text, sizeof text - 1, 9);
        ck_assert(a.says == HTTP_DONE && a.keep_alive);
        const char *const close[] = { i == 1 ? "Connection: close" : NULL, NULL };
        if (i < 2)
            ck_assert(http_client_ask(c, &u, "GET", close, &why));
        ck_assert(i == 2 || http_client_head(c) == NULL);
        if (i == 1) {
            http_client_give(c, out, sizeof out);
            ck_assert(!take_all(c, NULL, text, sizeof text - 1, 9).keep_alive);        /* we said close */
            break;
        }
    }
    http_client_free(c);
}
END_TEST

START_TEST(names_every_octet)
{
    size_t rows = sizeof good / sizeof *good;
    for (size_t i = 0; i < rows + sizeof bad / sizeof *bad; i++)
        for (size_t step = 1; step < 40; step += 6) {
            const char *text = i < rows ? good[i].text : bad[i - rows].text;
            struct named *n = named_new();
            struct voice v = { .trace = n->trace };
            struct http_client *c = asked(&v, i < rows ? good[i].method : "GET");
            uint8_t out[30];
            uint64_t off = 0;
            for (size_t k; (k = http_client_give(c, out, sizeof out)) > 0; off += k)
                http_client_gave(c, out, k,
                                 (struct span){ .in = trace_stream(n->trace, "out", 3), .off = off });
            struct answer a = take_all(c, n->trace, text, strlen(text), step);
            named_check(n);
            uint64_t told = 0;
            for (size_t b = 0; b < n->n_buffers; b++)
                told += n->buffers[b].spanned;
            ck_assert_msg(told == off + a.taken, "%llu told of %llu and %zu: steps of %zu: %s",
                          (unsigned long long)told, (unsigned long long)off, a.taken, step, text);
            http_client_free(c);
            named_free(n);
        }
}
END_TEST

START_TEST(tells_what_happens)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: "
                               "chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n";
    struct named *n = named_new();
    struct http_client *c = asked(&(struct voice){ .trace = n->trace }, "GET");
    take_all(c, n->trace, text, sizeof text - 1, 1000);
    ck_assert_uint_eq(n->http, 2);                     /* asked, body_done */
    ck_assert_str_eq(n->buffers[0].label, "HTTP/1.1 200 OK, in chunks, text/html");
    static const char *const names[] = { "version",    "status_code", "reason",     "name",
                                         "colon",      "value",       "chunk_size", "chunk_extension",
                                         "chunk_data", "last_chunk" };
    static const char *const values[] = { "HTTP/1.1",  "200", "OK",   "Content-Type", ":",
                                          "text/html", "5",   ";a=b", "hello",        "0" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ck_assert_msg(named_value(n, names[i], 0) != NULL, "no %s", names[i]);
        ck_assert_str_eq(named_value(n, names[i], 0), values[i]);
    }
    ck_assert_str_eq(named_value(n, "name", 2), "X");
    http_client_free(c);
    named_free(n);
}
END_TEST

int main(void)
{
    return check_run("http_client",
                     (const TTest *[]){ asks, asks_with_headers_of_the_caller, asks_nothing_that_smuggles,
                                        takes_responses_in_any_pieces, refuses_bad_responses_in_any_pieces,
                                        interim_responses_have_an_end, asks_again_on_the_same_connection,
                                        names_every_octet, tells_what_happens, NULL });
}
