/* Bodies: by length, by chunks, until the end (RFC 9112 §6 and §7), in any pieces. */
#include "tests/lib/check.h"
#include "http/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct result { char data[8192]; size_t n, taken; bool good, done; char ground[64]; };

/* Reads as the engines do: what lies here, `step` octets more each time when the reader wants more. Memory
 * ends with the octets. */
static struct result read_in_steps(const char *text, size_t n, size_t step, enum http_framing framing,
                                   uint64_t length)
{
    struct result r = { .good = true };
    struct http_head head = { .framing = framing, .length = length };
    struct http_body body;
    struct fault why = { 0 };
    size_t come = 0;
    http_body_start(&body, &head);
    while (r.good && !body.done) {
        size_t left = come - r.taken;
        uint8_t *copy = malloc(left ? left : 1);
        memcpy(copy, text + r.taken, left);
        struct http_piece piece;
        r.good = http_body_read(&body, copy, left, NULL, &piece, &why);
        if (r.good) {
            if (piece.data.n)
                memcpy(r.data + r.n, piece.data.at, piece.data.n);
            r.n += piece.data.n;
            r.taken += piece.taken;
        }
        free(copy);
        if (r.good && piece.taken == 0 && !body.done) {
            if (come == n)
                break;
            come = come + step < n ? come + step : n;
        }
    }
    r.done = body.done;
    if (r.good && !r.done)
        r.good = http_body_ended(&body, &why);
    snprintf(r.ground, sizeof r.ground, "%s", why.ground ? why.ground->id : "");
    return r;
}

static void check_all_steps(const char *text, size_t n, enum http_framing framing, uint64_t length,
                            const char *ground, const char *data, size_t taken)
{
    for (size_t step = 1; step <= n + 1; step++) {
        struct result r = read_in_steps(text, n, step, framing, length);
        ck_assert_msg(strcmp(r.ground, ground) == 0, "steps of %zu: \"%s\", should be \"%s\": %s", step,
                      r.ground, ground, text);
        ck_assert_msg(r.good == (*ground == 0), "steps of %zu: %s", step, text);
        if (!r.good)
            continue;
        ck_assert_uint_eq(r.n, strlen(data));
        check_bytes(r.data, data, r.n);
        ck_assert_msg(r.taken == taken, "steps of %zu: took %zu, should be %zu: %s", step, r.taken, taken,
                      text);
    }
}

static const struct { const char *text, *data; size_t behind; } good_chunks[] = {
    { "0\r\n\r\n", "", 0 },
    { "5\r\nhello\r\n0\r\n\r\n", "hello", 0 },
    { "5\r\nhello\r\n0\r\n\r\nHTTP/1.1", "hello", 8 },
    { "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc", 0 },
    { "A\r\n0123456789\r\na\r\nabcdefghij\r\n0\r\n\r\n", "0123456789abcdefghij", 0 },
    { "0000000000000005\r\nhello\r\n000\r\n\r\n", "hello", 0 },
    { "2;name\r\nab\r\n0;x=y\r\n\r\n", "ab", 0 },
    { "2;name=value;other=\"a \\\" ; b\"\r\n\r\n\r\n0\r\n\r\n", "\r\n", 0 },
    { "5\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n", 0 },
    { "0\r\nX: a\r\nContent-Length: 5\r\n\r\n", "", 0 },
};

static const struct { const char *ground, *text; } bad_chunks[] = {
    { "http.chunk_size", "\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", " 5\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", "5 \r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", "5 ;a\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", "0x5\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", "+5\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", "-5\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", "5,5\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", "5_\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", "g\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", ";a\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", "00000000000000005\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", "10000000000000005\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_size", "5\r\nhello\r\nffffffffffffffff\r\nx" },
    { "http.chunk_extension", "5;\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_extension", "5; a\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_extension", "5;a=\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_extension", "5;a=\"b\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_extension", "5;a=\"b\\\"\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_extension", "5;a=\"b\"c\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_extension", "5;a(b)\r\nhello\r\n0\r\n\r\n" },
    { "http.bare_lf", "5\nhello\r\n0\r\n\r\n" },
    { "http.bare_lf", "5;a\nb\r\nhello\r\n0\r\n\r\n" },
    { "http.bare_lf", "5\r\nhello\r\n0\r\n\n" },
    { "http.bare_lf", "5\r\nhello\r\n0\r\nX: a\n\r\n" },
    { "http.bare_cr", "5\r\r\nhello\r\n0\r\n\r\n" },
    { "http.control", "5;a=\x01\r\nhello\r\n0\r\n\r\n" },
    { "http.chunk_end", "5\r\nhello0\r\n\r\n" },
    { "http.chunk_end", "5\r\nhello\n0\r\n\r\n" },
    { "http.chunk_end", "5\r\nhello\r0\r\n\r\n" },
    { "http.chunk_end", "4\r\nhello\r\n0\r\n\r\n" },
    { "http.header_colon", "0\r\nGET / HTTP/1.1\r\n\r\n" },
    { "http.folded", "0\r\n X: a\r\n\r\n" },
    { "http.header_name", "0\r\n: a\r\n\r\n" },
    { "http.truncated", "" },
    { "http.truncated", "5" },
    { "http.truncated", "5\r\nhell" },
    { "http.truncated", "5\r\nhello\r" },
    { "http.truncated", "5\r\nhello\r\n" },
    { "http.truncated", "5\r\nhello\r\n0\r\n" },
    { "http.truncated", "5\r\nhello\r\n0\r\n\r" },
};

START_TEST(reads_chunks_in_any_pieces)
{
    for (size_t i = 0; i < sizeof good_chunks / sizeof *good_chunks; i++) {
        size_t n = strlen(good_chunks[i].text);
        check_all_steps(good_chunks[i].text, n, HTTP_BY_CHUNKS, 0, "", good_chunks[i].data,
                        n - good_chunks[i].behind);
    }
}
END_TEST

START_TEST(refuses_odd_chunks_in_any_pieces)
{
    for (size_t i = 0; i < sizeof bad_chunks / sizeof *bad_chunks; i++)
        check_all_steps(bad_chunks[i].text, strlen(bad_chunks[i].text), HTTP_BY_CHUNKS, 0,
                        bad_chunks[i].ground, "", 0);
}
END_TEST

START_TEST(reads_by_length)
{
    check_all_steps("hello world", 11, HTTP_BY_LENGTH, 5, "", "hello", 5);
    check_all_steps("", 0, HTTP_BY_LENGTH, 0, "", "", 0);
    check_all_steps("hello", 5, HTTP_BY_LENGTH, 6, "http.truncated", "", 0);
    check_all_steps("rest", 4, HTTP_NO_BODY, 0, "", "", 0);
}
END_TEST

START_TEST(reads_until_the_end)
{
    check_all_steps("hello\r\n0\r\n\r\n", 12, HTTP_UNTIL_CLOSE, 0, "", "hello\r\n0\r\n\r\n", 12);
    check_all_steps("", 0, HTTP_UNTIL_CLOSE, 0, "", "", 0);
}
END_TEST

START_TEST(a_truncated_body_says_how_much_came)
{
    struct http_body body = { .framing = HTTP_BY_LENGTH, .left = 1000, .got = 234 };
    struct fault why = { 0 };
    ck_assert(!http_body_ended(&body, &why));
    ck_assert_str_eq(why.came, "234 of 1234 octets");
}
END_TEST

START_TEST(bounds_chunk_lines)
{
    char text[400];
    int n = sprintf(text, "5;%0*d\r\nhello\r\n0\r\n\r\n", HTTP_CHUNK_LINE_MAX - 4, 0);
    check_all_steps(text, (size_t)n, HTTP_BY_CHUNKS, 0, "", "hello", (size_t)n);
    n = sprintf(text, "5;%0*d\r\nhello\r\n0\r\n\r\n", HTTP_CHUNK_LINE_MAX - 3, 0);
    check_all_steps(text, (size_t)n, HTTP_BY_CHUNKS, 0, "http.chunk_line_too_long", "", 0);
}
END_TEST

static struct result read_trailer(size_t lines, size_t last)
{
    static char text[HTTP_TRAILER_MAX + 1000];
    size_t n = (size_t)sprintf(text, "0\r\n");
    for (size_t i = 0; i < lines; i++)
        n += (size_t)sprintf(text + n, "X: %0123zu\r\n", i);             /* 128 octets */
    n += (size_t)sprintf(text + n, "X: %0*d\r\n\r\n", (int)last, 0);
    return read_in_steps(text, n, 100, HTTP_BY_CHUNKS, 0);
}

START_TEST(bounds_trailers)
{
    size_t lines = HTTP_TRAILER_MAX / 128 - 1;         /* leaves 128 octets: "X: ", digits, CR LF CR LF */
    struct result fits = read_trailer(lines, 128 - 7), over = read_trailer(lines, 128 - 6);
    ck_assert_msg(fits.done, "%s", fits.ground);
    ck_assert_str_eq(over.ground, "http.trailer_too_long");
}
END_TEST

int main(void)
{
    return check_run("http_body", (const TTest *[]){
        reads_chunks_in_any_pieces, refuses_odd_chunks_in_any_pieces, reads_by_length, reads_until_the_end,
        a_truncated_body_says_how_much_came, bounds_chunk_lines, bounds_trailers, NULL });
}
