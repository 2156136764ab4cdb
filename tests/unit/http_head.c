/* Heads: what is read, what is refused (RFC 9110, 9112), and that every octet has a name. */
#include "tests/lib/check.h"
#include "tests/lib/named.h"
#include "http/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char text_room[65536];
static const char *text_of(struct bytes b)
{
    snprintf(text_room, sizeof text_room, "%.*s", (int)b.n, (const char *)b.at);
    return text_room;
}

/* As the engines read: where does it end, then what does it say. A copy of exactly its size, so that a step
 * too far is seen. */
static bool read_any(const char *text, size_t n, bool response, const char *method, const struct watch *w,
                     struct http_head *h, struct fault *why)
{
    uint8_t *copy = malloc(n ? n : 1);
    memcpy(copy, text, n);
    long size = http_head_size(copy, n, why);
    struct watch here = w ? (struct watch){ w->trace, w->buf, copy } : (struct watch){ 0 };
    bool good = false;
    if (size > 0)
        good = response ? http_read_response(copy, (size_t)size, method, w ? &here : NULL, h, why)
                        : http_read_request(copy, (size_t)size, w ? &here : NULL, h, why);
    free(copy);
    return good;
}

static bool read_it(const char *text, bool response, struct http_head *h, struct fault *why)
{
    *why = (struct fault){ 0 };
    return read_any(text, strlen(text), response, "GET", NULL, h, why);
}

START_TEST(reads_a_request)
{
    static const char text[] =
        "GET /a?b=c HTTP/1.1\r\nHost: www.example.test\r\nX-Empty:\r\nAccept: \t text/html , */* \t\r\n\r\n";
    struct http_head h;
    struct fault why = { 0 };
    ck_assert(http_read_request((const uint8_t *)text, sizeof text - 1, NULL, &h, &why));
    ck_assert_str_eq(text_of(h.method), "GET");
    ck_assert_str_eq(text_of(h.target), "/a?b=c");
    ck_assert_uint_eq(h.minor, 1);
    ck_assert_uint_eq(h.n_headers, 3);
    ck_assert_str_eq(text_of(*http_header_of(&h, "HOST")), "www.example.test");
    ck_assert_str_eq(text_of(*http_header_of(&h, "accept")), "text/html , */*");
    ck_assert_uint_eq(http_header_of(&h, "x-empty")->n, 0);
    ck_assert_ptr_null(http_header_of(&h, "x-empt"));
    ck_assert_int_eq(h.framing, HTTP_NO_BODY);
    ck_assert(h.keep_alive);
}
END_TEST

START_TEST(reads_a_response)
{
    static const char text[] =
        "HTTP/1.1 404 Not here, sorry\r\nContent-Length: 1234\r\nConnection: x, Close\r\n\r\n";
    struct http_head h;
    struct fault why = { 0 };
    ck_assert(http_read_response((const uint8_t *)text, sizeof text - 1, "GET", NULL, &h, &why));
    ck_assert_uint_eq(h.status, 404);
    ck_assert_str_eq(text_of(h.reason), "Not here, sorry");
    ck_assert_int_eq(h.framing, HTTP_BY_LENGTH);
    ck_assert_uint_eq(h.length, 1234);
    ck_assert(!h.keep_alive);
}
END_TEST

#define GET "GET / HTTP/1.1\r\n"
#define HOST "Host: a.test\r\n"
#define POST "POST / HTTP/1.1\r\n" HOST

/* What is refused, and on which ground. Each row is a way in which two readers have come to differ, or that
 * can be no message. */
static const struct { const char *ground, *text; } bad_requests[] = {
    /* lengths: RFC 9112 §6.3 */
    { "http.both_lengths", POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" },
    { "http.both_lengths", POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" },
    { "http.both_lengths", POST "Content-Length: 0\r\ntransfer-encoding: chunked\r\n\r\n" },
    { "http.both_lengths", POST "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\n" },
    { "http.content_lengths", POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\n" },
    { "http.content_lengths", POST "Content-Length: 5\r\ncontent-length: 5\r\n\r\n" },
    { "http.content_length", POST "Content-Length: 5, 5\r\n\r\n" },
    { "http.content_length", POST "Content-Length: 5,6\r\n\r\n" },
    { "http.content_length", POST "Content-Length: +5\r\n\r\n" },
    { "http.content_length", POST "Content-Length: -5\r\n\r\n" },
    { "http.content_length", POST "Content-Length: 0x5\r\n\r\n" },
    { "http.content_length", POST "Content-Length: 5 \t5\r\n\r\n" },
    { "http.content_length", POST "Content-Length: 5.\r\n\r\n" },
    { "http.content_length", POST "Content-Length: \"5\"\r\n\r\n" },
    { "http.content_length", POST "Content-Length:\r\n\r\n" },
    { "http.content_length", POST "Content-Length: 18446744073709551616\r\n\r\n" },
    { "http.content_length", POST "Content-Length: 99999999999999999999999\r\n\r\n" },
    /* codings: RFC 9112 §6.1 */
    { "http.transfer_coding", POST "Transfer-Encoding: gzip, chunked\r\n\r\n" },
    { "http.transfer_coding", POST "Transfer-Encoding: chunked, gzip\r\n\r\n" },
    { "http.transfer_coding", POST "Transfer-Encoding: chunked, chunked\r\n\r\n" },
    { "http.transfer_coding", POST "Transfer-Encoding: chunked,\r\n\r\n" },
    { "http.transfer_coding", POST "Transfer-Encoding: ,chunked\r\n\r\n" },
    { "http.transfer_coding", POST "Transfer-Encoding: xchunked\r\n\r\n" },
    { "http.transfer_coding", POST "Transfer-Encoding: chunked;q=1\r\n\r\n" },
    { "http.transfer_coding", POST "Transfer-Encoding: \"chunked\"\r\n\r\n" },
    { "http.transfer_coding", POST "Transfer-Encoding: identity\r\n\r\n" },
    { "http.transfer_coding", POST "Transfer-Encoding:\r\n\r\n" },
    { "http.transfer_coding", POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" },
    { "http.transfer_coding", POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" },
    { "http.transfer_coding_in_1_0", "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n" },
    { "http.control", POST "Transfer-Encoding: \x0b" "chunked\r\n\r\n" },
    { "http.space_before_colon", POST "Transfer-Encoding : chunked\r\n\r\n" },
    { "http.space_before_colon", POST "Content-Length\t: 5\r\n\r\n" },
    { "http.folded", POST "Transfer-Encoding:\r\n chunked\r\n\r\n" },
    { "http.folded", POST "X: 1\r\n\tTransfer-Encoding: chunked\r\n\r\n" },
    { "http.folded", GET " " HOST "\r\n" },
    /* lines: RFC 9112 §2.2 */
    { "http.bare_lf", "GET / HTTP/1.1\n" HOST "\r\n" },
    { "http.bare_lf", GET "Host: a.test\n\r\n" },
    { "http.bare_lf", GET HOST "\n" },
    { "http.bare_lf", GET HOST "X: a\nTransfer-Encoding: chunked\r\n\r\n" },
    { "http.bare_cr", GET HOST "X: a\rTransfer-Encoding: chunked\r\n\r\n" },
    { "http.bare_cr", GET HOST "X: a\r\r\n\r\n" },
    { "http.bare_cr", "GET / HTTP/1.1\r\r\n" HOST "\r\n" },
    { "http.control", GET HOST "X: a\x01z\r\n\r\n" },
    { "http.control", GET HOST "X: a\x7fz\r\n\r\n" },
    { "http.control", GET HOST "X\x1b: a\r\n\r\n" },
    { "http.not_http", "\x16\x03\x01\x02\r\n\r\n" },
    { "http.not_http", "GET /\x01 HTTP/1.1\r\n" HOST "\r\n" },
    /* names: RFC 9110 §5.1 */
    { "http.header_name", GET HOST ": a\r\n\r\n" },
    { "http.header_name", GET HOST "X Y: a\r\n\r\n" },
    { "http.header_name", GET HOST "X(Y): a\r\n\r\n" },
    { "http.header_name", GET HOST "X\xe9: a\r\n\r\n" },
    { "http.header_name", GET HOST "\"X\": a\r\n\r\n" },
    { "http.header_colon", GET HOST "Transfer-Encoding chunked\r\n\r\n" },
    { "http.header_colon", GET HOST "X\r\n\r\n" },
    /* request lines: RFC 9112 §3 */
    { "http.request_line", "\r\n\r\n" },
    { "http.request_line", "\r\n\r\n" GET HOST "\r\n" },
    { "http.request_line", "GET /\r\n" HOST "\r\n" },
    { "http.request_line", "GET  / HTTP/1.1\r\n" HOST "\r\n" },
    { "http.request_line", "GET /  HTTP/1.1\r\n" HOST "\r\n" },
    { "http.request_line", "GET / HTTP/1.1 \r\n" HOST "\r\n" },
    { "http.request_line", " GET / HTTP/1.1\r\n" HOST "\r\n" },
    { "http.request_line", "GET\t/\tHTTP/1.1\r\n" HOST "\r\n" },
    { "http.request_line", "GET / HTTP/1.1 x\r\n" HOST "\r\n" },
    { "http.request_line", "GET /a b HTTP/1.1\r\n" HOST "\r\n" },
    { "http.request_line", "GET / http/1.1\r\n" HOST "\r\n" },
    { "http.request_line", "GET / HTTP/11\r\n" HOST "\r\n" },
    { "http.request_line", "GET / HTTP/1.10\r\n" HOST "\r\n" },
    { "http.request_line", "GET / HTTP/ 1.1\r\n" HOST "\r\n" },
    { "http.request_line", "G@T / HTTP/1.1\r\n" HOST "\r\n" },
    { "http.request_line", "HTTP/1.1 200 OK\r\n\r\n" },
    { "http.version", "GET / HTTP/2.0\r\n" HOST "\r\n" },
    { "http.version", "GET / HTTP/1.2\r\n" HOST "\r\n" },
    { "http.version", "GET / HTTP/0.9\r\n" HOST "\r\n" },
    { "http.version", "PRI * HTTP/2.0\r\n\r\n" },
    /* targets: RFC 9112 §3.2 */
    { "http.target", "GET index.html HTTP/1.1\r\n" HOST "\r\n" },
    { "http.target", "GET * HTTP/1.1\r\n" HOST "\r\n" },
    { "http.target", "OPTIONS *x HTTP/1.1\r\n" HOST "\r\n" },
    { "http.target", "GET /#part HTTP/1.1\r\n" HOST "\r\n" },
    { "http.target", "GET /caf\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n" },
    { "http.target", "GET a.test:443 HTTP/1.1\r\n" HOST "\r\n" },
    { "http.target", "GET ftp://a.test/ HTTP/1.1\r\n" HOST "\r\n" },
    { "http.target", "GET http:///a HTTP/1.1\r\n" HOST "\r\n" },
    { "http.target", "CONNECT /a HTTP/1.1\r\n" HOST "\r\n" },
    { "http.not_http", "GET /a\x7f HTTP/1.1\r\n" HOST "\r\n" },
    /* Host: RFC 9112 §3.2 */
    { "http.host", GET "\r\n" },
    { "http.host", GET HOST HOST "\r\n" },
    { "http.host", GET HOST "host: b.test\r\n\r\n" },
    { "http.host", "GET / HTTP/1.0\r\n" HOST HOST "\r\n" },
    { "http.host", GET "Host:\r\n\r\n" },
    { "http.host", GET "Host: a.test b.test\r\n\r\n" },
    { "http.host", GET "Host: a.test, b.test\r\n\r\n" },
    { "http.host", GET "Host: a.test/\r\n\r\n" },
    { "http.host", GET "Host: user@a.test\r\n\r\n" },
    { "http.host", GET "Host: a.test:99999\r\n\r\n" },
    { "http.host", GET "Host: a.test:\r\n\r\n" },
    { "http.host", GET "Host: a..test\r\n\r\n" },
    { "http.host", GET "Host: [::1\r\n\r\n" },
    { "http.host", GET "Host: http://a.test\r\n\r\n" },
    { "http.host_differs", "GET http://b.test/ HTTP/1.1\r\n" HOST "\r\n" },
    { "http.host_differs", "GET http://a.test:81/ HTTP/1.1\r\n" HOST "\r\n" },
    { "http.host_differs", "GET http://x@a.test/ HTTP/1.1\r\n" HOST "\r\n" },
};

START_TEST(refuses_what_smuggles)
{
    for (size_t i = 0; i < sizeof bad_requests / sizeof *bad_requests; i++) {
        struct http_head h;
        struct fault why;
        bool good = read_it(bad_requests[i].text, false, &h, &why);
        ck_assert_msg(!good, "accepted, should be %s:\n%s", bad_requests[i].ground, bad_requests[i].text);
        ck_assert_msg(why.ground && strcmp(why.ground->id, bad_requests[i].ground) == 0,
                      "%s, should be %s:\n%s", why.ground ? why.ground->id : "no ground",
                      bad_requests[i].ground, bad_requests[i].text);
        ck_assert_msg(why.expected[0] && why.ground->rfc[0], "says too little: %s", why.ground->id);
    }
}
END_TEST

START_TEST(refuses_nul)
{
    static const char text[] = GET HOST "X: a\0b\r\n\r\n";
    struct http_head h;
    struct fault why = { 0 };
    ck_assert(!read_any(text, sizeof text - 1, false, NULL, NULL, &h, &why));
    ck_assert_str_eq(why.ground->id, "http.control");
}
END_TEST

/* What looks odd and is allowed: strict is not narrow. */
static const struct {
    const char *text;
    enum http_framing framing;
    uint64_t length;
    bool keep_alive;
} good_requests[] = {
    { GET HOST "\r\n", HTTP_NO_BODY, 0, true },
    { "\r\n" GET HOST "\r\n", HTTP_NO_BODY, 0, true },
    { "GET / HTTP/1.0\r\n\r\n", HTTP_NO_BODY, 0, false },
    { "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", HTTP_NO_BODY, 0, true },
    { "GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", HTTP_NO_BODY, 0, false },
    { GET HOST "Connection: upgrade,close\r\n\r\n", HTTP_NO_BODY, 0, false },
    { GET HOST "Connection: closed\r\n\r\n", HTTP_NO_BODY, 0, true },
    { POST "Content-Length: 0\r\n\r\n", HTTP_BY_LENGTH, 0, true },
    { POST "Content-Length:   7\t \r\n\r\n", HTTP_BY_LENGTH, 7, true },
    { POST "Content-Length: 18446744073709551615\r\n\r\n", HTTP_BY_LENGTH, UINT64_MAX, true },
    { POST "Content-Length: 0000000000000000000000005\r\n\r\n", HTTP_BY_LENGTH, 5, true },
    { POST "Transfer-Encoding: Chunked\r\n\r\n", HTTP_BY_CHUNKS, 0, true },
    { "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", HTTP_NO_BODY, 0, true },
    { "CONNECT a.test:443 HTTP/1.1\r\n" HOST "\r\n", HTTP_NO_BODY, 0, true },
    { "GET http://A.test/x?y HTTP/1.1\r\n" HOST "\r\n", HTTP_NO_BODY, 0, true },
    { "GET HTTPS://a.test?y HTTP/1.1\r\n" HOST "\r\n", HTTP_NO_BODY, 0, true },
    { "GET http://a.test:8080/ HTTP/1.1\r\nHost: a.test:8080\r\n\r\n", HTTP_NO_BODY, 0, true },
    { GET "Host: [2001:db8::1]:8443\r\n\r\n", HTTP_NO_BODY, 0, true },
    { GET "Host: 10.0.0.80\r\n\r\n", HTTP_NO_BODY, 0, true },
    { "M-SEARCH /a HTTP/1.1\r\n" HOST "!#$%&'*+-.^_`|~: \xc3\xa9 \"quoted\" (x)\r\n\r\n", HTTP_NO_BODY, 0,
      true },
};

START_TEST(accepts_what_is_allowed)
{
    for (size_t i = 0; i < sizeof good_requests / sizeof *good_requests; i++) {
        struct http_head h;
        struct fault why;
        bool good = read_it(good_requests[i].text, false, &h, &why);
        ck_assert_msg(good, "%s:\n%s", why.ground ? why.ground->id : "no ground", good_requests[i].text);
        ck_assert_msg(h.framing == good_requests[i].framing && h.length == good_requests[i].length
                          && h.keep_alive == good_requests[i].keep_alive,
                      "framing %d, length %llu, keep_alive %d:\n%s", h.framing, (unsigned long long)h.length,
                      h.keep_alive, good_requests[i].text);
    }
}
END_TEST

static const struct { const char *ground, *text; } bad_responses[] = {
    { "http.bad_status_line", "SSH-2.0-OpenSSH_9.2\r\n\r\n" },
    { "http.bad_status_line", "HTTP/1.1 20 OK\r\n\r\n" },
    { "http.bad_status_line", "HTTP/1.1 2000 OK\r\n\r\n" },
    { "http.bad_status_line", "HTTP/1.1 099 OK\r\n\r\n" },
    { "http.bad_status_line", "HTTP/1.1 600 OK\r\n\r\n" },
    { "http.bad_status_line", "HTTP/1.1 2x0 OK\r\n\r\n" },
    { "http.bad_status_line", "HTTP/1.1  200 OK\r\n\r\n" },
    { "http.bad_status_line", "HTTP/1.1\r\n\r\n" },
    { "http.bad_status_line", "HTTP/1.1 \r\n\r\n" },
    { "http.bad_status_line", "http/1.1 200 OK\r\n\r\n" },
    { "http.bad_status_line", "\r\nHTTP/1.1 200 OK\r\n\r\n" },
    { "http.version", "HTTP/2.0 200 OK\r\n\r\n" },
    { "http.both_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" },
    { "http.content_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n" },
    { "http.transfer_coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n" },
    { "http.transfer_coding_in_1_0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" },
    { "http.folded", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n" },
    { "http.space_before_colon", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\n" },
};

START_TEST(refuses_bad_responses)
{
    for (size_t i = 0; i < sizeof bad_responses / sizeof *bad_responses; i++) {
        struct http_head h;
        struct fault why;
        ck_assert_msg(!read_it(bad_responses[i].text, true, &h, &why), "accepted:\n%s",
                      bad_responses[i].text);
        ck_assert_msg(why.ground && strcmp(why.ground->id, bad_responses[i].ground) == 0,
                      "%s, should be %s:\n%s", why.ground ? why.ground->id : "no ground",
                      bad_responses[i].ground, bad_responses[i].text);
    }
}
END_TEST

/* RFC 9112 §6.3: what follows, by method, status and fields. */
static const struct { const char *method, *text; enum http_framing framing; bool keep_alive; } framings[] = {
    { "GET",  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", HTTP_BY_LENGTH, true },
    { "GET",  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", HTTP_BY_CHUNKS, true },
    { "GET",  "HTTP/1.1 200 OK\r\n\r\n", HTTP_UNTIL_CLOSE, false },
    { "GET",  "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", HTTP_UNTIL_CLOSE, false },
    { "GET",  "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n", HTTP_BY_LENGTH,
      true },
    { "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", HTTP_NO_BODY, true },
    { "HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", HTTP_NO_BODY, true },
    { "HEAD", "HTTP/1.1 200 OK\r\n\r\n", HTTP_NO_BODY, true },
    { "GET",  "HTTP/1.1 204 No Content\r\n\r\n", HTTP_NO_BODY, true },
    { "GET",  "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", HTTP_NO_BODY, true },
    { "GET",  "HTTP/1.1 100 Continue\r\n\r\n", HTTP_NO_BODY, true },
    { "GET",  "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", HTTP_BY_LENGTH, true },
    { "GET",  "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", HTTP_BY_LENGTH, true },
};

START_TEST(frames_responses)
{
    for (size_t i = 0; i < sizeof framings / sizeof *framings; i++) {
        struct http_head h;
        struct fault why = { 0 };
        ck_assert_msg(read_any(framings[i].text, strlen(framings[i].text), true, framings[i].method, NULL, &h,
                               &why),
                      "%s", framings[i].text);
        ck_assert_msg(h.framing == framings[i].framing && h.keep_alive == framings[i].keep_alive,
                      "framing %d, keep_alive %d: %s %s", h.framing, h.keep_alive, framings[i].method,
                      framings[i].text);
    }
}
END_TEST

static long size_of(const char *text, size_t n, const char **ground)
{
    struct fault why = { 0 };
    long size = http_head_size((const uint8_t *)text, n, &why);
    *ground = why.ground ? why.ground->id : "";
    return size;
}

START_TEST(finds_the_end)
{
    static const char text[] = GET HOST "\r\nGET";
    const char *ground;
    size_t whole = sizeof text - 1 - 3;
    for (size_t n = 0; n < whole; n++)
        ck_assert_int_eq(size_of(text, n, &ground), 0);
    for (size_t n = whole; n < sizeof text; n++)
        ck_assert_int_eq(size_of(text, n, &ground), (long)whole);
}
END_TEST

START_TEST(bounds_lines_headers_and_heads)
{
    static char text[80000];
    const char *ground;
    size_t at = (size_t)sprintf(text, "GET /");
    memset(text + at, 'a', sizeof text - at);
    ck_assert_int_eq(size_of(text, HTTP_LINE_MAX, &ground), 0);
    ck_assert_int_eq(size_of(text, HTTP_LINE_MAX + 1, &ground), -1);
    ck_assert_str_eq(ground, "http.line_too_long");
    at = (size_t)sprintf(text, GET "X: ");
    memset(text + at, 'a', sizeof text - at);
    ck_assert_int_eq(size_of(text, strlen(GET) + HTTP_LINE_MAX, &ground), 0);
    ck_assert_int_eq(size_of(text, strlen(GET) + HTTP_LINE_MAX + 1, &ground), -1);
    ck_assert_str_eq(ground, "http.header_too_long");
    for (unsigned n = 99; n <= 101; n++) {
        at = (size_t)sprintf(text, GET);
        for (unsigned i = 0; i < n; i++)
            at += (size_t)sprintf(text + at, "X: %u\r\n", i);
        at += (size_t)sprintf(text + at, "\r\n");
        ck_assert_int_eq(size_of(text, at, &ground), n <= 100 ? (long)at : -1);
    }
    ck_assert_str_eq(ground, "http.too_many_headers");
    at = (size_t)sprintf(text, GET);
    for (unsigned i = 0; i < 9; i++)
        at += (size_t)sprintf(text + at, "X: %04000u\r\n", i);
    ck_assert_int_eq(size_of(text, HTTP_HEAD_MAX, &ground), 0);
    ck_assert_int_eq(size_of(text, HTTP_HEAD_MAX + 1, &ground), -1);
    ck_assert_str_eq(ground, "http.too_long");
}
END_TEST

/* Everything that is read, and everything that is refused, has its names: each octet lies in one leaf. */
START_TEST(names_every_octet)
{
    struct named *n = named_new();
    size_t rows = sizeof bad_requests / sizeof *bad_requests;
    for (size_t i = 0; i < rows + sizeof good_requests / sizeof *good_requests; i++) {
        const char *text = i < rows ? bad_requests[i].text : good_requests[i - rows].text;
        long size = http_head_size((const uint8_t *)text, strlen(text), NULL);
        if (size <= 0)
            continue;
        struct http_head h;
        struct watch w = { n->trace, trace_buf(n->trace, 'h'), (const uint8_t *)text };
        trace_emit(n->trace, &(struct event){ .kind = EVENT_MESSAGE,
                                              .name = "request",
                                              .buf = w.buf,
                                              .label = text,
                                              .bytes = { w.base, (size_t)size } });
        http_read_request(w.base, (size_t)size, &w, &h, NULL);
    }
    named_check(n);
    ck_assert_str_eq(named_value(n, "method", 0), "POST");
    named_free(n);
}
END_TEST

START_TEST(names_long_values_by_an_opaque_name)
{
    char text[600];
    struct named *n = named_new();
    sprintf(text, "GET /%0100d HTTP/1.1\r\nHost: a.test\r\n%0*d: %0200d\r\n\r\n", 1, 70, 2, 3);
    struct http_head h;
    struct watch w = { n->trace, trace_buf(n->trace, 'h'), (const uint8_t *)text };
    trace_emit(n->trace, &(struct event){ .kind = EVENT_MESSAGE,
                                          .name = "request",
                                          .buf = w.buf,
                                          .bytes = { w.base, strlen(text) } });
    ck_assert(http_read_request(w.base, strlen(text), &w, &h, NULL));
    named_check(n);
    ck_assert_str_eq(named_value(n, "name", 0), "Host");
    ck_assert_str_eq(named_value(n, "value", 0), "a.test");
    ck_assert_uint_eq(h.target.n, 101);
    ck_assert_uint_eq(h.headers[1].name.n, 70);
    ck_assert_uint_eq(h.headers[1].value.n, 200);
    for (size_t i = 0; i < n->n_fields; i++)           /* target 64 + 37, name 64 + 6, value 3 * 64 + 8 */
        ck_assert(strcmp(n->fields[i].name, "content") != 0 || n->fields[i].len <= 64);
    ck_assert_ptr_nonnull(named_value(n, "content", 7));
    ck_assert_ptr_null(named_value(n, "content", 8));
    named_free(n);
}
END_TEST

START_TEST(writes_heads)
{
    char room[256];
    struct wire_out out = wire_into(room, sizeof room);
    http_put_request(&out, "GET", "/a");
    http_put_header(&out, "Host", "a.test");
    http_put_number(&out, "X", UINT64_MAX);
    http_put_end(&out);
    static const char want[] = "GET /a HTTP/1.1\r\nHost: a.test\r\nX: 18446744073709551615\r\n\r\n";
    ck_assert(!out.failed);
    ck_assert_uint_eq(wire_written(&out), sizeof want - 1);
    check_bytes(room, want, sizeof want - 1);
    out = wire_into(room, sizeof room);
    http_put_status(&out, 404);
    check_bytes(room, "HTTP/1.1 404 Not Found\r\n", 24);
}
END_TEST

START_TEST(writes_no_header_injection)
{
    static const struct { const char *name, *value; } bad[] = {
        { "X", "a\r\nY: b" }, { "X", "a\nb" }, { "X", "a\x01" }, { "X\r\nY", "b" }, { "X:", "b" },
        { "", "b" }, { "X Y", "b" },
    };
    char room[256];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct wire_out out = wire_into(room, sizeof room);
        http_put_header(&out, bad[i].name, bad[i].value);
        ck_assert_msg(out.failed != NULL, "wrote \"%s: %s\"", bad[i].name, bad[i].value);
    }
    static const struct {
        const char *method, *target;
    } lines[] = { { "GE T", "/" }, { "", "/" }, { "GET", "/a b" }, { "GET", "/\r\nX: a" } };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct wire_out out = wire_into(room, sizeof room);
        http_put_request(&out, lines[i].method, lines[i].target);
        ck_assert_msg(out.failed != NULL, "wrote \"%s %s\"", lines[i].method, lines[i].target);
    }
}
END_TEST

/* Checked against `date -u -d @N`. */
START_TEST(dates)
{
    static const struct { int64_t seconds; const char *text; } rows[] = {
        { 0, "Thu, 01 Jan 1970 00:00:00 GMT" }, { 784111777, "Sun, 06 Nov 1994 08:49:37 GMT" },
        { 951782400, "Tue, 29 Feb 2000 00:00:00 GMT" },
        { 951868799, "Tue, 29 Feb 2000 23:59:59 GMT" }, { 951868800, "Wed, 01 Mar 2000 00:00:00 GMT" },
        { 1798761599, "Thu, 31 Dec 2026 23:59:59 GMT" },
        { 1709210096, "Thu, 29 Feb 2024 12:34:56 GMT" }, { 4107542399, "Sun, 28 Feb 2100 23:59:59 GMT" },
        { 4107542400, "Mon, 01 Mar 2100 00:00:00 GMT" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[30];
        http_date(rows[i].seconds * SECOND + 999999999, text);
        ck_assert_str_eq(text, rows[i].text);
    }
    ck_assert_str_eq(http_reason(404), "Not Found");
    ck_assert_str_eq(http_reason(299), "Unknown");
}
END_TEST

int main(void)
{
    return check_run("http_head",
                     (const TTest *[]){ reads_a_request, reads_a_response, refuses_what_smuggles, refuses_nul,
                                        accepts_what_is_allowed, refuses_bad_responses, frames_responses,
                                        finds_the_end, bounds_lines_headers_and_heads, names_every_octet,
                                        names_long_values_by_an_opaque_name, writes_heads,
                                        writes_no_header_injection, dates, NULL });
}
